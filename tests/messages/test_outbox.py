"""What the worker does with the outbox: order, hours, trouble with the mail server, and what is too old."""

import logging
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import String, cast, insert, select, text

from app.accounts.queries import fold_email
from app.database import QUEUE_SECONDS, db
from app.jobs import worker
from app.jobs.alone import WAITING, the_only_one
from app.messages import bulk, delivery, operations, queries, recipients, smtp
from app.messages.bulk import Letter
from app.messages.composed import Composed, NoLongerNeeded, Words
from app.messages.kinds import Choice, Kind, Rank, kinds
from app.messages.models import MailRoute, MessageState, OutboxMessage
from app.messages.operations import LEASE, OUTBOX
from bench.servers import ROOT
from tests.messages.mail_server import Fault, MailServer

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
NIGHT = NOON.replace(hour=23)
PAT = "pat@people.internal"


class Clock:
    """Stands still until it is set."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(database, monkeypatch):
    """A mail server, to which messages go from now on; the kinds `plain`, `asked` and `gentle`."""
    monkeypatch.setattr(worker, "periodic", {})
    monkeypatch.setattr(delivery, "_way", delivery.Way())
    for kind in (
        Kind("plain", told), Kind("asked", told, is_asked=True),
        Kind("gentle", told, Choice.REMINDERS, is_urgent=False),
    ):  # fmt: skip
        monkeypatch.setitem(kinds, kind.name, kind)
    with MailServer() as made:
        use(made.url)
        yield made
        delivery._way.open().close()


def use(mail_url):
    delivery.configure(mail_url, "Meridian <meridian@site.internal>", "http://127.0.0.1:8000", "x" * 40)


def told(payload) -> Composed:
    if payload.get("over"):
        raise NoLongerNeeded("it is over")
    return Composed(payload["says"], lambda stop: Words(f"{payload['says']} {stop}\n"), timezone="UTC")


def queue(says="Hello", kind="plain", address=PAT, now=NOON, **more) -> int | None:
    number = operations.queue(kind, address, "Pat", {"says": says}, now, **more)
    db.commit()
    return number


def arrived(server) -> list[str]:
    lines = [line for one in server.taken for line in one.content.decode().splitlines()]
    return [line.removeprefix("Subject: ") for line in lines if line.startswith("Subject: ")]


def row(number) -> OutboxMessage:
    found = queries.by_id(number)
    assert found is not None
    return found


def test_a_message_reaches_the_server_and_is_noted(server, clock):
    number = queue()
    assert worker.run_until_idle(clock) == 1
    (taken,) = server.taken
    assert (taken.to_address, taken.from_address) == (PAT, "meridian@site.internal")
    found = row(number)
    assert (found.state, found.sent_at, found.subject, found.tries) == (MessageState.SENT, NOON, "Hello", 1)


def test_a_refused_address_is_marked_and_not_tried_again_until_its_owner_asks(server, clock):
    server.decide = lambda stage, *_: Fault("550 5.1.1 No such mailbox") if stage == "RCPT" else None
    first = queue()
    worker.run_until_idle(clock)
    assert (row(first).state, row(first).answer_code) == (MessageState.DEAD, 550)
    known = queries.recipient(fold_email(PAT))
    assert (known.refused_at, known.refused_code, known.refused_reason) == (
        NOON,
        550,
        "5.1.1 No such mailbox",
    )
    server.decide = lambda *_: None
    second, asked = queue("Second"), queue("Asked", "asked")
    worker.run_until_idle(clock)
    assert row(second).state == MessageState.DEAD
    assert row(second).last_error == (
        "not tried: the address has refused mail since 2027-03-01 (5.1.1 No such mailbox)"
    )
    assert (row(asked).state, arrived(server)) == (MessageState.SENT, ["Asked"])
    assert queries.recipient(fold_email(PAT)).refused_at is None
    queue("Third")
    worker.run_until_idle(clock)
    assert arrived(server) == ["Asked", "Third"]


def test_a_refused_message_dies_alone(server, clock):
    server.decide = lambda stage, *_: Fault("554 5.6.0 Content") if stage == "DATA" else None
    number = queue()
    worker.run_until_idle(clock)
    assert (row(number).state, row(number).answer_code) == (MessageState.DEAD, 554)
    assert queries.recipient(fold_email(PAT)) is None


def test_a_temporary_answer_is_tried_again_after_growing_pauses(server, clock):
    server.decide = lambda stage, *_: Fault("450 4.2.1 Greylisted") if stage == "RCPT" else None
    number = queue()
    pauses = []
    for _ in range(operations.MOST_TRIES - 1):
        worker.run_until_idle(clock)
        pauses.append((row(number).due_at - clock.now).total_seconds())
        clock.now = row(number).due_at
    assert (row(number).state, row(number).answer_code) == (MessageState.QUEUED, 450)
    spread = 1 + number % 21 / 100
    assert pauses == pytest.approx(
        [spread * pause for pause in [10, 40, 160, 640, 2560, 10240, 21600, 21600, 21600, 21600, 21600]]
    )
    worker.run_until_idle(clock)
    assert (row(number).state, row(number).last_error) == (MessageState.DEAD, "4.2.1 Greylisted")
    server.decide = lambda *_: None
    assert operations.revive([number], clock.now) == 1
    db.commit()
    worker.run_until_idle(clock)
    assert row(number).state == MessageState.SENT


def test_trouble_of_the_server_costs_no_message_a_try_and_is_said_once(server, clock, monkeypatch, caplog):
    monkeypatch.setattr(logging.getLogger("app"), "propagate", True)
    server.decide = lambda stage, *_: Fault("550 5.1.8 Who are you") if stage == "MAIL" else None
    numbers = [queue(f"Number {number}") for number in range(5)]
    for _ in range(8):
        worker.run_until_idle(clock)
        clock.now += timedelta(minutes=6)
    assert [(row(number).state, row(number).tries) for number in numbers] == [(MessageState.QUEUED, 0)] * 5
    assert "it refuses our sender meridian@site.internal: 550 5.1.8 Who are you" in row(numbers[0]).last_error
    server.decide = lambda *_: None
    worker.run_until_idle(clock)
    assert sorted(arrived(server)) == [f"Number {number}" for number in range(5)]
    (loud,) = [one for one in caplog.records if one.levelname == "ERROR"]
    assert loud.getMessage().startswith("No mail leaves: it refuses our sender")
    assert [one.getMessage() for one in caplog.records if one.levelname == "WARNING"] == [
        "Mail leaves again."
    ]


def test_when_nothing_leaves_it_is_tried_after_growing_rests(server, clock):
    server.pause()
    queue()
    tried = []
    for second in range(1200):
        clock.now = NOON + timedelta(seconds=second)
        if worker.run_until_idle(clock):
            tried.append(second)
    assert tried == [0, 10, 25, 50, 95, 180, 345, 650, 955]
    server.resume()
    clock.now = NOON + timedelta(seconds=1300)
    worker.run_until_idle(clock)
    assert arrived(server) == ["Hello"]


@pytest.mark.parametrize("kind", ["plain", "first"])
def test_a_message_with_which_nothing_leaves_does_not_hold_up_the_others(server, clock, monkeypatch, kind):
    monkeypatch.setitem(kinds, "plain", Kind("plain", told, rank=Rank.MANY))
    monkeypatch.setitem(kinds, "first", Kind("first", told, rank=Rank.ASKED))
    server.decide = lambda stage, address, _content: (
        Fault("530 Log in") if stage == "RCPT" and address.startswith("bad") else None
    )
    bad = queue("Bad", kind, address="bad@people.internal")
    for number in range(3):
        queue(f"Number {number}")
    worker.run_until_idle(clock)
    assert (arrived(server), row(bad).tries, row(bad).answer_code) == ([], 0, 530)
    clock.now = NOON + timedelta(seconds=5)
    worker.run_until_idle(clock)
    assert arrived(server) == ["Number 0", "Number 1", "Number 2"]
    assert (row(bad).state, row(bad).due_at) == (MessageState.QUEUED, NOON + timedelta(seconds=10))


NO_RELAY = Fault("554 5.7.1 Relay access denied")


def test_when_the_server_passes_on_nothing_of_ours_nothing_suffers(server, clock):
    server.decide = lambda stage, *_: NO_RELAY if stage == "RCPT" else None
    numbers = [queue(f"Number {number}", address=f"p{number}@people.internal") for number in range(5)]
    for _ in range(100):
        clock.now += timedelta(minutes=10)
        worker.run_until_idle(clock)
    assert [(row(one).state, row(one).tries) for one in numbers] == [(MessageState.QUEUED, 0)] * 5
    assert "554 5.7.1 Relay access denied" in row(numbers[0]).last_error
    assert queries.recipient("p0@people.internal") is None
    server.decide = lambda *_: None
    clock.now += timedelta(minutes=6)
    worker.run_until_idle(clock)
    assert sorted(arrived(server)) == [f"Number {number}" for number in range(5)]


def test_nothing_dies_when_the_server_passes_on_nothing_of_ours_any_more(server, clock):
    queue("Before")
    worker.run_until_idle(clock)
    server.decide = lambda stage, *_: NO_RELAY if stage == "RCPT" else None
    numbers = [queue(f"Number {number}") for number in range(3)]
    for _ in range(60):
        clock.now += timedelta(minutes=50)
        worker.run_until_idle(clock)
    assert {row(one).state for one in numbers} == {MessageState.QUEUED}
    assert max(row(one).tries for one in numbers) < operations.MOST_TRIES - 3


def test_readers_to_whom_the_server_passes_on_nothing_hold_up_nobody(server, clock):
    """It takes mail for its own domain only: that goes out, the other dies in the end, no address marked."""
    server.decide = lambda stage, address, _content: (
        NO_RELAY if stage == "RCPT" and address.endswith("@elsewhere.internal") else None
    )
    bad = [queue(f"Bad {number}", address=f"p{number}@elsewhere.internal") for number in range(3)]
    queue("Good")
    for _ in range(4):
        assert arrived(server) == []
        worker.run_until_idle(clock)
        clock.now += timedelta(seconds=5)
    assert arrived(server) == ["Good"]
    for hour in range(1, 60):
        clock.now = NOON + timedelta(hours=hour)
        queue(f"Good {hour}", now=clock.now)
        worker.run_until_idle(clock)
    assert [(row(one).state, row(one).answer_code) for one in bad] == [(MessageState.DEAD, 554)] * 3
    assert arrived(server) == ["Good", *(f"Good {hour}" for hour in range(1, 60))]
    assert queries.recipient("p0@elsewhere.internal") is None


def test_messages_of_one_key_keep_their_order_and_a_dead_one_blocks_nothing(server, clock):
    failing = [Fault("450 Later")]
    server.decide = lambda stage, *_: failing.pop() if stage == "DATA" and failing else None
    first, second = queue("First", order_key="k"), queue("Second", order_key="k")
    other = queue("Other", order_key="m")
    worker.run_until_idle(clock)
    assert arrived(server) == ["Other"]
    assert [row(one).state for one in (first, second, other)] == ["queued", "queued", "sent"]
    clock.now = row(first).due_at
    worker.run_until_idle(clock)
    assert arrived(server) == ["Other", "First", "Second"]
    server.decide = lambda stage, _address, content: (
        Fault("554 No") if stage == "DATA" and b"Poison" in content else None
    )
    queue("Poison", order_key="k")
    queue("After", order_key="k")
    worker.run_until_idle(clock)
    assert arrived(server) == ["Other", "First", "Second", "After"]


def test_what_waits_for_the_morning_does_not_keep_the_urgent(server, clock):
    clock.now = NIGHT
    gentle = queue("Gentle", "gentle", order_key="k", now=NIGHT)
    queue("Urgent", order_key="k", now=NIGHT)
    assert worker.run_until_idle(clock) == 2
    assert arrived(server) == ["Urgent"]
    assert (row(gentle).due_at, row(gentle).tries) == (NIGHT + timedelta(hours=8), 0)
    clock.now = NIGHT + timedelta(hours=8)
    worker.run_until_idle(clock)
    assert arrived(server) == ["Urgent", "Gentle"]
    assert b"\r\nList-Unsubscribe: <http://127.0.0.1:8000/stop/" in server.taken[1].content


def test_what_was_switched_off_or_is_over_or_too_late_expires(server, clock):
    recipients.switch(PAT, Choice.REMINDERS, False, NOON)
    muted = queue("Muted", "gentle")
    over = operations.queue("plain", PAT, "Pat", {"over": True}, NOON)
    late = queue("Late", expires_at=NOON)
    worker.run_until_idle(clock)
    assert [(row(one).state, row(one).last_error) for one in (muted, over, late)] == [
        (MessageState.EXPIRED, "its reader has switched this kind off"),
        (MessageState.EXPIRED, "it is over"),
        (MessageState.EXPIRED, "its time had passed"),
    ]
    assert server.taken == []


def test_reserved_addresses_expire_with_the_reason(server, clock):
    number = queue(address="phuong@example.org")
    worker.run_until_idle(clock)
    assert (row(number).state, server.connections) == (MessageState.EXPIRED, 0)
    assert (
        row(number).last_error == "not sent: its address is reserved for examples, behind which nobody lives"
    )


def test_what_waited_for_a_day_expires_when_a_mail_server_is_first_used(server, clock):
    old = queue("Old", now=NOON - timedelta(hours=24, seconds=1))
    young = queue("Young", now=NOON - timedelta(hours=24))
    later = queue("Later", now=NOON - timedelta(days=3), due_at=NOON)
    sent = queue("Sent", now=NOON - timedelta(days=3))
    db.execute(OUTBOX.update().where(OUTBOX.c.id == sent).values(state="sent", sent_at=NOON))
    db.commit()
    worker.run_until_idle(clock)
    assert arrived(server) == ["Later", "Young"] or arrived(server) == ["Young", "Later"]
    assert (row(old).state, row(old).last_error) == (
        MessageState.EXPIRED,
        "it had waited for more than 24 hours when mail was first handed to a mail server",
    )  # fmt: skip
    assert [row(one).state for one in (young, later, sent)] == [MessageState.SENT] * 3
    assert db.execute(select(MailRoute.scheme, MailRoute.first_used_at)).all() == [("smtp", NOON)]
    use(server.url)  # another start
    queue("Old again", now=NOON - timedelta(days=2))
    worker.run_until_idle(clock)
    assert arrived(server)[2:] == ["Old again"]


def test_a_folder_is_no_mail_server(server, clock, tmp_path):
    use(f"folder:{tmp_path}")
    old = queue(now=NOON - timedelta(days=9))
    worker.run_until_idle(clock)
    assert row(old).state == MessageState.SENT
    assert db.execute(select(MailRoute)).all() == []


def test_a_lost_worker_is_not_waited_for_when_its_lease_has_ended(server, clock):
    number = queue()
    assert [one.number for one in operations.claim(NOON, 10)] == [number]
    db.commit()
    clock.now = NOON + LEASE
    assert worker.run_until_idle(clock) == 0
    clock.now += timedelta(seconds=1)
    assert worker.run_until_idle(clock) == 1
    assert (row(number).state, row(number).tries) == (MessageState.SENT, 2)


def test_a_lease_outlasts_the_slowest_message():
    """Taken, handed over at the last moment, read and answered as slowly as can be, and noted late."""
    answered = delivery.HAND_OVER_SECONDS + smtp.CONTENT_SECONDS + smtp.END_OF_DATA_SECONDS
    noted = answered + delivery.NOTE_SECONDS + QUEUE_SECONDS
    assert timedelta(seconds=noted) <= LEASE - timedelta(seconds=30)


def test_what_would_be_handed_over_too_late_is_tried_another_time(server, clock, monkeypatch):
    monkeypatch.setattr(delivery, "HAND_OVER_SECONDS", 0.1)
    server.decide = lambda stage, *_: Fault(wait=0.2) if stage == "RCPT" else None
    number = queue()
    delivery.deliver(clock)
    assert (row(number).state, row(number).tries, server.taken) == (MessageState.QUEUED, 1, [])
    assert row(number).last_error.endswith("does not take mail: no answer in time")
    server.decide = lambda *_: None
    clock.now = row(number).due_at
    assert delivery.deliver(clock) == 1
    assert arrived(server) == ["Hello"]


def test_what_loses_its_worker_every_time_is_dead(server, clock):
    number = queue()
    for _ in range(operations.MOST_TRIES):
        assert len(operations.claim(clock.now, 10)) == 1
        clock.now += LEASE + timedelta(seconds=1)
    assert operations.claim(clock.now, 10) == []
    assert (row(number).state, row(number).last_error) == (MessageState.DEAD, "the worker was lost each time")
    assert row(number).due_at == clock.now


@pytest.mark.parametrize("answer", ["554 5.6.0 Content", "450 4.2.1 Greylisted"])
def test_a_dead_message_is_due_when_it_died(server, clock, answer):
    """What is new for organisers looks for those that died since."""
    number = queue()
    row(number).tries = operations.MOST_TRIES - 1
    db.commit()
    server.decide = lambda stage, *_: Fault(answer) if stage == "RCPT" else None
    clock.now = NOON + timedelta(hours=3)
    worker.run_until_idle(clock)
    assert (row(number).state, row(number).due_at) == (MessageState.DEAD, NOON + timedelta(hours=3))


def test_what_is_tried_again_too_late_expires(server, clock):
    server.decide = lambda stage, *_: Fault("554 5.6.0 Content") if stage == "DATA" else None
    late, lasting = queue("Late", expires_at=NOON + timedelta(hours=1)), queue("Lasting")
    worker.run_until_idle(clock)
    server.decide = lambda *_: None
    clock.now = NOON + timedelta(hours=1)
    assert operations.revive(None, clock.now) == 2
    db.commit()
    worker.run_until_idle(clock)
    assert arrived(server) == ["Lasting"]
    assert [(row(one).state, row(one).last_error) for one in (late, lasting)] == [
        (MessageState.EXPIRED, "its time had passed"),
        (MessageState.SENT, None),
    ]


def test_who_lost_the_lease_notes_nothing(server, clock):
    queue()
    (mine,) = operations.claim(NOON, 1)
    (theirs,) = operations.claim(NOON + LEASE + timedelta(seconds=1), 1)
    assert operations.mark_sent(mine, NOON, "Hello") is False
    assert operations.mark_sent(theirs, NOON, "Hello") is True


def test_a_worker_told_to_end_finishes_the_message_in_hand_and_gives_back_the_rest(server, clock):
    numbers = [queue(f"Number {number}") for number in range(5)]
    stop = threading.Event()

    def decide(stage, *_):
        if stage == "DATA" and len(server.taken) == 1:
            stop.set()

    server.decide = decide
    worker.run(stop, clock)
    assert arrived(server) == ["Number 0", "Number 1"]
    assert [row(one).state for one in numbers] == ["sent", "sent", "queued", "queued", "queued"]
    assert {row(one).tries for one in numbers[2:]} == {0}
    worker.run_until_idle(clock)
    assert arrived(server) == [f"Number {number}" for number in range(5)]


def test_a_slow_server_does_not_keep_the_worker_from_other_work(server, clock, monkeypatch):
    monkeypatch.setattr(delivery, "SHARE_SECONDS", 0.1)
    server.decide = lambda stage, *_: Fault(wait=0.06) if stage == "RCPT" else None
    numbers = [queue(f"Number {number}") for number in range(5)]
    tried = delivery.deliver(clock)
    assert tried in (1, 2)
    assert [row(one).state for one in numbers] == ["sent"] * tried + ["queued"] * (5 - tried)


def test_a_message_of_a_gone_account_is_not_sent_though_it_was_taken(server, clock, monkeypatch):
    queue("First")
    queue("Second", address="gone@people.internal")
    with_one_thread = delivery._deliver_all

    def forgetting(taken, clock, began):
        operations.forget("gone@people.internal")
        db.commit()
        return with_one_thread(taken, clock, began)

    monkeypatch.setattr(delivery, "_deliver_all", forgetting)
    worker.run_until_idle(clock)
    assert arrived(server) == ["First"]


def test_a_unique_key_is_written_once(server, clock):
    assert queue(unique_key="one") is not None
    assert queue(unique_key="one") is None
    letters = [Letter(PAT, "Pat", {"says": "Bulk"}, unique_key=key) for key in ("one", "two", "three")]
    assert bulk.queue_all("plain", letters, NOON) == 2
    assert bulk.queue_all("plain", letters, NOON) == 0


def fill(many: int, **more) -> None:
    """Rows as they are, quickly."""
    made = [
        operations.row("plain", f"p{number}@people.internal", "P", {}, NOON, **more) for number in range(many)
    ]
    for first in range(0, many, 5000):
        db.execute(insert(OUTBOX), made[first : first + 5000])


def test_taking_uses_the_index_of_what_waits(database):
    fill(3000)
    key = cast(OUTBOX.c.id / 3, String)
    db.execute(OUTBOX.update().values(order_key=key))
    db.execute(OUTBOX.update().where(OUTBOX.c.id % 3 == 0).values(state="sent", sent_at=NOON))
    db.execute(text("ANALYZE outbox_messages"))
    dialect = db.get_bind().dialect
    wanted = queries.due(NOON, 20).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN " if dialect.name == "sqlite" else "EXPLAIN "
    plan = "\n".join(str(line) for line in db.execute(text(explain + str(wanted).replace(":", "\\:"))))
    assert "ix_outbox_messages_waiting" in plan
    assert "ix_outbox_messages_in_order" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


@pytest.mark.parametrize(
    "many", [3000, pytest.param(50_000, marks=pytest.mark.long)], ids=["moderate", "full"]
)
def test_taking_is_quick_however_much_waits(database, many):
    fill(many)
    fill(3000, order_key="one of many")
    first = operations.queue("plain", PAT, "Pat", {}, NOON, order_key="blocking")
    fill(3000, order_key="blocking")
    db.execute(OUTBOX.update().where(OUTBOX.c.id == first).values(due_at=NOON + timedelta(hours=6)))
    db.execute(text("ANALYZE outbox_messages"))
    began = time.perf_counter()
    for _ in range(10):
        assert len(operations.claim(NOON, 20)) == 20
    assert (time.perf_counter() - began) / 10 < 0.05


def test_one_worker_at_a_time_for_a_database_of_sqlite(tmp_path):
    said = []
    with the_only_one(tmp_path / "m.db", threading.Event()) as is_first:
        assert is_first
        with the_only_one(tmp_path / "m.db", threading.Event(), said.append, patience=0.0) as is_second:
            assert is_second is False
        stop = threading.Event()
        threading.Timer(0.05, stop.set).start()
        with the_only_one(tmp_path / "m.db", stop, said.append) as is_second:
            assert is_second is False
    assert said == [WAITING]
    with the_only_one(tmp_path / "m.db", threading.Event(), patience=0.0) as is_third:
        assert is_third
    with the_only_one(None, threading.Event()) as on_postgres:
        assert on_postgres


@pytest.mark.engine("sqlite")
def test_a_second_worker_on_sqlite_says_so_in_one_line(settings, real_database):
    url = real_database.url.render_as_string(hide_password=False)
    lock = real_database.url.database
    with the_only_one(type(ROOT)(lock), threading.Event()):
        ended = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--once"],
            cwd=ROOT, capture_output=True, text=True, check=False,
            env={"PATH": "/usr/bin:/bin", "DATABASE_URL": url, "SECRET_KEY": settings.secret_key,
                 "MAIL_URL": settings.mail_url},
        )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (
        1, "Error: Another worker runs on this SQLite database and does what is due.\n",
    )  # fmt: skip

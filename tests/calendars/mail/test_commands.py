"""What a mail server calls: one message, a whole mailbox, and the exit statuses it understands."""

import threading
from email import message_from_bytes

import pytest

from app import database as database_module
from app.calendars.mailboxes import message_in, messages_in
from app.calendars.mails import MOST_BYTES
from app.calendars.models import CalendarReply
from app.database import bind, db, make_engine, writing
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from tests.calendars.mail.conftest import LATER
from tests.calendars.mail.writing import answer_to, like_apple, like_gmail, like_outlook, vouched

CONFIRMED, RELEASED = PlaceStatus.CONFIRMED, PlaceStatus.RELEASED


@pytest.fixture
def run(app, database, asking, monkeypatch, time_machine):
    time_machine.move_to(LATER)
    monkeypatch.setitem(app.config, "SETTINGS", asking)
    runner = app.test_cli_runner()

    def invoke(*arguments, stdin=b""):
        db.commit()
        return runner.invoke(args=["mail", *arguments], input=stdin)

    return invoke


class TestReceive:
    def test_one_message_from_standard_input(self, run, offered, asking):
        number, raw = offered.id, like_outlook(answer_to(offered, asking))
        done, again = run("receive", stdin=raw), run("receive", stdin=raw)
        assert (done.exit_code, done.output) == (0, "acted: The place that was on offer is theirs.\n")
        assert (again.exit_code, again.output) == (0, "heard before: It was heard before.\n")
        assert db.get_one(Place, number).status is CONFIRMED

    def test_a_line_that_mail_servers_put_before_it_does_not_matter(self, run, offered, asking):
        raw = b"From pat@example.org Mon Mar  1 09:00:00 2027\n" + like_apple(answer_to(offered, asking))
        assert run("receive", stdin=raw).output.startswith("acted")

    def test_the_envelope_can_be_told(self, run, offered, asking):
        answer = answer_to(offered, asking)
        done = run("receive", "--recipient", answer.to, stdin=like_gmail(answer.but(to="x@example.org")))
        assert (done.exit_code, done.output[:5]) == (0, "acted")

    @pytest.mark.parametrize("raw", [b"", b"\xff" * 50, b"To: x\r\n\r\nhello"])
    def test_whatever_came_of_it_is_handled(self, run, database, raw):
        done = run("receive", stdin=raw)
        assert (done.exit_code, done.output[:11]) == (0, "unreadable:")

    def test_a_message_that_is_too_long_is_only_noted_with_its_place(self, run, confirmed, asking):
        answer, number = vouched(answer_to(confirmed, asking, "DECLINED")), confirmed.id
        raw = like_outlook(answer) + b"x" * MOST_BYTES
        done = run("receive", "--recipient", answer.to, stdin=raw)
        assert (done.exit_code, done.output) == (0, "unreadable: It is larger than 1 MB.\n")
        assert db.query(CalendarReply).one().place_id == number
        assert db.get_one(Place, number).status is CONFIRMED

    def test_a_mailbox_is_heard_message_by_message_and_once(self, run, offered, asking, tmp_path):
        accept = answer_to(offered, asking)
        junk = b"To: x\n\nhello\n>From me\n"
        file, number = tmp_path / "mbox", offered.id
        begin = b"From pat@example.org Mon Mar  1 09:00:00 2027\n"
        mails = [
            like_outlook(accept).replace(b"\r\n", b"\n"),
            junk,
            like_gmail(accept.later(says="TENTATIVE")),
        ]
        file.write_bytes(b"".join(begin + one + b"\n" for one in mails))
        done = run("receive", "--mailbox", str(file))
        assert (done.exit_code, done.output) == (0, "3 messages: 1 acted, 1 stale, 1 unreadable.\n")
        again = run("receive", "--mailbox", str(file))
        assert again.output == "3 messages: 3 heard before.\n"
        assert db.get_one(Place, number).sequence == 2

    def test_what_is_no_mailbox_is_said_and_not_lost(self, run, database, tmp_path):
        (tmp_path / "message").write_bytes(b"To: a@example.org\n\nHello\n")
        done = run("receive", "--mailbox", str(tmp_path / "message"))
        assert done.exit_code == 64
        assert "is not an mbox file" in done.output

    def test_an_empty_mailbox(self, run, database, tmp_path):
        (tmp_path / "mbox").write_bytes(b"")
        done = run("receive", "--mailbox", str(tmp_path / "mbox"))
        assert (done.exit_code, done.output) == (0, "0 messages: nothing in it.\n")

    @pytest.mark.parametrize(
        "arguments",
        [["receive", "--mailbox", "/nowhere/at/all"], ["receive", "--unknown"], ["receive", "too", "many"],
         ["read"], ["invitation"], ["invitation", "x"], ["invitation", "2147483647"]],
    )  # fmt: skip
    def test_wrong_usage(self, run, database, arguments):
        done = run(*arguments)
        assert done.exit_code == 64
        assert done.output.splitlines()[-1].startswith("Error: ")

    def test_a_site_that_asks_for_no_answers(self, app, database):
        done = app.test_cli_runner().invoke(args=["mail", "receive"], input=b"")
        assert (done.exit_code, done.output) == (
            64,
            "Error: REPLY_TO is not set: no answers are asked for.\n",
        )

    def test_a_database_that_cannot_be_written_to_is_a_reason_to_try_again(self, app, asking, databases, run):
        """As one that is yet to be migrated, or has gone away."""
        connection = db.get_bind()
        engine = make_engine(databases.empty())
        bind(engine)
        try:
            done = run("receive", stdin=b"To: x\r\n\r\nhello")
        finally:
            bind(connection)
            engine.dispose()
        assert done.exit_code == 75
        (line,) = done.output.splitlines()
        assert line.startswith("Error: The database does not do it; deliver it again later: ")

    @pytest.mark.engine("sqlite")
    def test_a_busy_database_is_a_reason_to_try_again(self, app, asking, real_database, monkeypatch):
        monkeypatch.setitem(app.config, "SETTINGS", asking)
        monkeypatch.setattr(database_module, "QUEUE_SECONDS", 0.2)
        begun, over = threading.Event(), threading.Event()

        def write_for_long():
            with writing():
                begun.set()
                over.wait(30)
            db.remove()

        other = threading.Thread(target=write_for_long)
        other.start()
        try:
            assert begun.wait(30)
            done = app.test_cli_runner().invoke(args=["mail", "receive"], input=b"hello")
        finally:
            over.set()
            other.join()
        assert (done.exit_code, done.output) == (75, "Error: The database is busy; deliver it again later.\n")


class TestInvitation:
    def test_it_prints_the_mail_and_sends_nothing(self, run, confirmed):
        done = run("invitation", str(confirmed.id))
        mail = message_from_bytes(done.stdout_bytes)
        assert done.exit_code == 0
        assert (mail["To"], mail["Subject"]) == (
            "Pat Asante <pat@example.org>", "Invitation: What capitation pays for"
        )  # fmt: skip
        assert [part.get_content_type() for part in mail.walk()] == [
            "multipart/mixed", "multipart/alternative", "text/plain", "text/calendar", "application/ics",
        ]  # fmt: skip

    def test_a_cancellation(self, run, confirmed):
        refused = run("invitation", str(confirmed.id), "--cancel")
        assert (refused.exit_code, refused.output) == (
            64, "Error: The place is still theirs; there is nothing to cancel.\n"
        )  # fmt: skip
        db.get_one(Place, confirmed.id).status = RELEASED
        mail = message_from_bytes(run("invitation", str(confirmed.id), "--cancel").stdout_bytes)
        assert mail["Subject"] == "No longer your place: What capitation pays for"
        inline = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
        assert inline.get_param("method") == "CANCEL"


def mbox(tmp_path, content):
    file = tmp_path / "mbox"
    file.write_bytes(content)
    with file.open("rb") as opened:
        return list(messages_in(opened))


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        (b"", []),
        (b"no beginning\n", []),
        (b"From a\nX: 1\n\nhello\n\nFrom b\nX: 2\n\n", [b"X: 1\n\nhello\n", b"X: 2\n"]),
        (
            b"From a\r\nX: 1\r\n\r\nhello\r\n\r\nFrom b\r\nX: 2\r\n\r\n",
            [b"X: 1\r\n\r\nhello\r\n", b"X: 2\r\n"],
        ),
        (
            b"From a\nX: 1\n\n>From b\n>>From c\nFrom d\n>Frome\n",
            [b"X: 1\n\nFrom b\n>From c\nFrom d\n>Frome\n"],
        ),
        (b"From a\n\nFrom b\n", [b"", b""]),
    ],
)
def test_messages_of_a_mailbox(tmp_path, content, messages):
    found = mbox(tmp_path, content)
    assert [one.rstrip(b"\r\n") for one in found] == [one.rstrip(b"\r\n") for one in messages]


def test_a_long_message_is_cut_and_the_next_is_whole(tmp_path):
    long = b"x" * 70_000 + b"From \n"
    found = mbox(tmp_path, b"From a\n" + long * 20 + b"\nFrom b\nX: 2\n")
    assert [len(found[0]), found[1]] == [MOST_BYTES + 1, b"X: 2\n"]


def test_a_long_stream_is_read_to_its_end(tmp_path):
    (tmp_path / "long").write_bytes(b"x" * (MOST_BYTES + 500_000))
    with (tmp_path / "long").open("rb") as stream:
        assert len(message_in(stream)) == MOST_BYTES + 1
        assert stream.read() == b""

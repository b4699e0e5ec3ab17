from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from app.config import ConfigError, from_environment
from app.database import db
from app.jobs import worker
from app.messages import delivery, operations, queries, recipients
from app.messages import kinds as registered
from app.messages.composed import Composed, NoLongerNeeded, Words
from app.messages.kinds import Choice, Kind
from app.messages.models import MessageState, OutboxMessage
from app.messages.way import Way, transport_for

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SENDER = "Meridian <meridian@example.org>"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where mail is written, with one composer registered: `welcome`."""
    monkeypatch.setattr(worker, "periodic", {})
    monkeypatch.setattr(delivery, "_way", Way())
    configure(f"folder:{tmp_path / 'mail'}")

    def welcome(payload):
        words = Words("Good to see you.\n", "<p>Good to see you.</p>\n")
        return Composed(f"Welcome, {payload['name']}", lambda _stop: words)

    compose_with(monkeypatch, welcome)
    return tmp_path / "mail"


def configure(mail_url):
    delivery.configure(mail_url, SENDER, "http://127.0.0.1:8000", "x" * 40)


def compose_with(monkeypatch, composer):
    """`welcome` is the only kind, and this writes it; without a composer there is no kind."""
    found = {"welcome": Kind("welcome", composer)} if composer is not None else {}
    monkeypatch.setattr(registered, "kinds", found)
    monkeypatch.setattr(delivery, "kinds", found)


def send(minutes: int = 0) -> int:
    return worker.run_until_idle(lambda: NOON + timedelta(minutes=minutes))


def queue(**changes):
    number = operations.queue(
        "welcome", "phuong@example.org", "Đặng Thị Phượng", {"name": "Phượng"}, NOON, **changes
    )
    db.commit()
    return db.get_one(OutboxMessage, number)


def test_a_queued_message_becomes_an_eml_file(database, folder):
    message = queue()
    assert send() == 1
    (file,) = folder.iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert file.name == message.message_id.strip("<>").split("@")[0] + ".eml"
    assert mail["From"] == SENDER
    assert mail["To"].addresses[0].display_name == "Đặng Thị Phượng"
    assert mail["To"].addresses[0].addr_spec == "phuong@example.org"
    assert mail["Subject"] == "Welcome, Phượng"
    assert mail["Date"].datetime == NOON
    assert mail["Message-ID"] == message.message_id
    assert mail["Message-ID"].endswith("@meridian.invalid>")
    assert mail.get_body(("plain",)).get_content() == "Good to see you.\r\n"
    assert mail.get_body(("html",)).get_content() == "<p>Good to see you.</p>\r\n"
    sent = queries.by_id(message.id)
    assert (sent.state, sent.sent_at, sent.tries) == (MessageState.SENT, NOON, 1)


def test_a_message_is_undone_with_the_change_it_tells_about(database, folder):
    operations.queue("welcome", "pat@example.org", "Pat", {"name": "Pat"}, NOON)
    db.rollback()
    assert send() == 0
    assert not folder.exists()


def test_the_same_bytes_are_written_when_delivery_is_repeated(database, folder, monkeypatch):
    message = queue()
    first = delivery.compose(message, SENDER).as_bytes()
    assert delivery.compose(message, SENDER).as_bytes() == first
    send()
    message.state, message.sent_at = MessageState.QUEUED, None  # as if the worker had died before noting it
    db.merge(message)
    db.commit()
    send()
    assert [file.read_bytes() for file in folder.iterdir()] == [first]


def test_a_sent_message_is_not_sent_again(database, folder, monkeypatch):
    queue()
    send()
    compose_with(monkeypatch, None)
    assert send() == 0
    assert queries.counts()[MessageState.SENT] == 1


def test_a_failing_message_is_tried_again_and_then_dead(database, folder, monkeypatch):
    folder.write_text("a file where the folder should be")
    message = queue()
    send()
    assert (message.id, queries.by_id(message.id).state) == (message.id, MessageState.QUEUED)
    assert "FileExistsError" in queries.by_id(message.id).last_error
    folder.unlink()
    send(minutes=1)
    assert queries.by_id(message.id).state == MessageState.SENT
    compose_with(monkeypatch, lambda payload: payload["no such fact"])
    hopeless = queue()
    for day in range(1, operations.MOST_TRIES + 1):
        send(minutes=day * 24 * 60)
    found = queries.by_id(hopeless.id)
    assert (found.state, found.tries) == (MessageState.DEAD, operations.MOST_TRIES)


def test_a_message_that_is_too_late_expires(database, folder):
    message = queue(expires_at=NOON + timedelta(minutes=5))
    send(minutes=5)
    assert queries.by_id(message.id).state == MessageState.EXPIRED
    assert not folder.exists()


def test_a_composer_may_say_that_a_message_is_no_longer_needed(database, folder, monkeypatch):
    def over(_payload):
        raise NoLongerNeeded("the place was released")

    compose_with(monkeypatch, over)
    message = queue()
    send()
    found = queries.by_id(message.id)
    assert (found.state, found.last_error) == (MessageState.EXPIRED, "the place was released")


def test_line_breaks_in_names_and_subjects_write_no_headers(database, folder, monkeypatch):
    words = Words("Text")
    compose_with(monkeypatch, lambda _payload: Composed("Hello\r\nBcc: all@example.org", lambda _stop: words))
    operations.queue("welcome", "pat@example.org", "Pat\r\nBcc: all@example.org", {}, NOON)
    db.commit()
    send()
    (file,) = folder.iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hello Bcc: all@example.org"


def test_the_console_prints_the_message(database, folder, capsys):
    configure("console:")
    queue()
    send()
    printed = capsys.readouterr().out
    assert "Good to see you." in printed
    assert "phuong@example.org" in printed


@pytest.mark.parametrize("url", ["smtp:localhost", "folder:", "nowhere"])
def test_other_ways_are_refused_with_a_sentence(url):
    with pytest.raises(ValueError, match=r"^MAIL_URL must be [^\n]+\.$"):
        transport_for(url)
    with pytest.raises(ConfigError, match="MAIL_URL"):
        from_environment({"SECRET_KEY": "x" * 32, "MAIL_URL": url})


def test_what_was_sent_long_ago_and_what_belongs_to_a_gone_account_is_removed(database, folder):
    queue()
    send()
    waiting = queue()
    operations.tidy(NOON + operations.KEPT + timedelta(seconds=1))
    assert [message.id for message in queries.to_address("phuong@example.org")] == [waiting.id]
    operations.forget("phuong@example.org")
    waiting = queue(due_at=NOON + timedelta(days=5))
    (held,) = operations.claim(waiting.due_at, 1)
    died_at = NOON + timedelta(days=6)
    operations.mark_dead(held, "no", died_at)
    operations.tidy(died_at + operations.KEPT_DEAD)
    assert [message.id for message in queries.to_address("phuong@example.org")] == [waiting.id]
    operations.tidy(died_at + operations.KEPT_DEAD + timedelta(seconds=1))
    assert queries.to_address("phuong@example.org") == []
    recipients.switch("Phuong@example.org", Choice.REMINDERS, False, NOON)
    queue()
    operations.forget("phuong@example.org")
    assert queries.to_address("phuong@example.org") == []
    assert queries.recipient("phuong@example.org") is None

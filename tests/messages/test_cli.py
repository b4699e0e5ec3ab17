"""The commands about the outbox."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.database import db
from app.database_cli import _mail
from app.messages import operations
from app.messages.models import MessageState, OutboxMessage
from tests.messages.mail_server import Fault, MailServer

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def run(app, database, monkeypatch):
    """Runs a command of `outbox` with another MAIL_URL; its status and what it says."""

    def ran(*command, mail_url="console:"):
        changed = replace(app.config["SETTINGS"], mail_url=mail_url, mail_from="M <m@site.internal>")
        monkeypatch.setitem(app.config, "SETTINGS", changed)
        result = app.test_cli_runner().invoke(args=["outbox", *command])
        return result.exit_code, result.output

    return ran


@pytest.mark.engine("sqlite")
def test_a_message_is_tried_and_the_servers_answer_told(run):
    with MailServer() as server:
        assert run("try", "pat@people.internal", mail_url=server.url) == (0, "Accepted by the mail server.\n")
        assert b"to see whether mail" in server.taken[0].content
        server.decide = lambda stage, *_: Fault("550 5.1.1 No such mailbox") if stage == "RCPT" else None
        refused = run("try", "pat@people.internal", mail_url=server.url)
        assert refused == (1, "Error: Not accepted: 550 5.1.1 No such mailbox\n")
        status, said = run("try", "pat@example.org", mail_url=server.url)
        assert (status, said.startswith("Error: Not handed over: ")) == (1, True)
    status, said = run("try", "pat@people.internal", mail_url=server.url)
    assert (status, len(said.splitlines())) == (1, 1)
    assert said.startswith("Error: Not accepted: the mail server 127.0.0.1 port ")
    assert run("try", "nobody", mail_url=server.url) == (1, "Error: 'nobody' is no address.\n")


@pytest.mark.engine("sqlite")
def test_a_folder_says_that_nothing_left(run, tmp_path):
    said = run("try", "pat@people.internal", mail_url=f"folder:{tmp_path}")
    assert said == (0, "Written; nothing left this machine.\n")


def test_dead_messages_are_shown_and_revived(run):
    number = operations.queue("welcome", "pat@people.internal", "Pat", {}, NOON)
    (held,) = operations.claim(NOON, 1)
    operations.mark_dead(held, "5.6.0 Content refused", NOON, 554)
    db.commit()
    assert run("show") == (
        0,
        "queued: 0\nsending: 0\nsent: 0\ndead: 1\nexpired: 0\n"
        f"dead {number} welcome: 554 5.6.0 Content refused\n",
    )
    assert run("revive")[0] == 1
    assert run("revive", "1", "--all")[0] == 1
    told = "1 message is queued again.\n1 of the numbers names no dead message.\n"
    assert run("revive", str(number), "999999") == (0, told)
    assert db.get_one(OutboxMessage, number, populate_existing=True).state == MessageState.QUEUED
    assert run("revive", "--all") == (1, "Error: There is no such dead message.\n")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("folder:instance/mail", "goes to folder:instance/mail; nothing leaves this machine"),
        (
            "smtp://pat:hunter2@mail.example.org",
            "is handed to mail.example.org port 587 with STARTTLS, as pat, from M <m@site.internal>; "
            "`outbox try ADDRESS` sends one",
        ),
    ],
)
def test_check_says_where_mail_goes_and_tells_no_password(settings, url, said):
    assert _mail(replace(settings, mail_url=url, mail_from="M <m@site.internal>")) == said


def test_settings_tell_no_password(settings):
    assert "hunter2" not in repr(replace(settings, mail_url="smtp://pat:hunter2@mail.example.org"))

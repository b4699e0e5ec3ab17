"""Delivery: a queued message is composed when its job runs, then put where MAIL_URL says.

`folder:` writes one .eml file per message, `console:` prints it; neither lets anything leave the machine, so
any address may be written to. A way that hands messages to a mail server must never hand it an address of a
reserved domain (example.*, .test, .example, .invalid, .localhost): demonstration people live there.
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from app.database import db, writing
from app.jobs.operations import Claim
from app.jobs.worker import every, handles
from app.messages import operations, queries
from app.messages.models import MessageState, OutboxMessage
from app.messages.operations import DELIVER


@dataclass(frozen=True)
class Composed:
    """The words of a message; `html` is the same text again for readers that show it."""

    subject: str
    text: str
    html: str | None = None


class NoLongerNeeded(Exception):
    """Raised by a composer when what it should tell about is over or undone: the message expires."""


Composer = Callable[[Mapping[str, Any]], Composed]

composers: dict[str, Composer] = {}
"""Who writes the text of each kind of message; called in a reading transaction, when it is sent."""

Transport = Callable[[EmailMessage], None]

_settings: dict[str, str] = {}


def configure(mail_url: str, mail_from: str) -> None:
    """Say where messages go and whom they are from."""
    transport_for(mail_url)
    _settings.update(mail_url=mail_url, mail_from=mail_from)


def transport_for(mail_url: str) -> Transport:
    """The way a MAIL_URL names. Raises ValueError for one that is not offered."""
    scheme, _, rest = mail_url.partition(":")
    if scheme == "folder" and rest:
        return lambda mail: write_to_folder(mail, Path(rest))
    if mail_url == "console:":
        return print_to_console
    raise ValueError("MAIL_URL must be folder:<path> or console:.")


@handles(DELIVER)
def deliver(claim: Claim, now: datetime) -> None:
    """Send one message. Repeating it is harmless: what has been sent is not composed again."""
    message = queries.by_id(int(claim.payload["outbox_message"]))
    if message is None or message.state != MessageState.QUEUED:
        db.rollback()
        return
    number = message.id
    try:
        if message.expires_at is not None and message.expires_at <= now:
            raise NoLongerNeeded("its time had passed")
        mail = compose(message, _settings["mail_from"])
        db.rollback()  # nothing is held open while the message travels
        transport_for(_settings["mail_url"])(mail)
    except NoLongerNeeded as over:
        reason = str(over)
        _note(number, lambda found: operations.mark_expired(found, reason))
    except Exception as error:
        told = f"{type(error).__name__}: {error}"
        _note(number, lambda found: operations.mark_failed(found, told, claim.is_last_try))
        raise
    else:
        _note(number, lambda found: operations.mark_sent(found, now))


@every(timedelta(days=1), "messages.tidy")
def tidy(_claim: Claim, now: datetime) -> None:
    with writing():
        operations.tidy(now)


def compose(message: OutboxMessage, mail_from: str) -> EmailMessage:
    """The message as mail; the same bytes however often it is tried."""
    words = composers[message.kind](message.payload)
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = mail_from
    mail["To"] = str(Address(_one_line(message.to_name), addr_spec=message.to_address))
    mail["Subject"] = _one_line(words.subject)
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = message.message_id
    mail["Content-Language"] = message.language
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(words.text)
    if words.html is not None:
        mail.add_alternative(words.html, subtype="html")
        mail.set_boundary(f"part-{message.message_id[1:37]}")
    return mail


def write_to_folder(mail: EmailMessage, folder: Path) -> None:
    """Write an .eml file named after the Message-ID; whole or not at all, and the same file when repeated."""
    folder.mkdir(parents=True, exist_ok=True)
    name = str(mail["Message-ID"]).strip("<>").partition("@")[0]
    partial = folder / f".{name}.{os.getpid()}.part"
    partial.write_bytes(mail.as_bytes())
    partial.replace(folder / f"{name}.eml")


def print_to_console(mail: EmailMessage) -> None:
    """Print the message, for development."""
    sys.stdout.write(mail.as_string(policy=mail.policy.clone(linesep="\n", cte_type="8bit")) + "\n")
    sys.stdout.flush()


def _note(number: int, change: Callable[[OutboxMessage], None]) -> None:
    with writing():
        message = queries.by_id(number)
        if message is not None:
            change(message)


def _one_line(text: str) -> str:
    return " ".join(text.split())

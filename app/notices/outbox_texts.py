"""What a message says: as it was written to the folder, else as it would be composed at this moment."""

import logging
import re
from dataclasses import dataclass, replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from app.config import Settings
from app.database import db
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import Postponed, compose
from app.messages.kinds import kinds
from app.messages.models import MessageState, OutboxMessage
from app.notices.outbox_masking import without_addresses, without_links

MOST_BYTES = 2_000_000
NAME = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[a-z.]+>")
"""The only Message-IDs that name a file: those the outbox gives."""

NOT_KEPT = "What was sent is not kept."
NOT_SENT = "It was not sent, and is not written any more."
BROKEN = "It cannot be composed at the moment; the log of the server says why."
WAITS = "A change of its session has still to be told. This is written after that."
UNKNOWN = "Nothing here can write this kind of message any more."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Said:
    """`subject`, `text` and `html` are empty where `instead` says why there is none."""

    subject: str = ""
    text: str = ""
    html: str = ""
    instead: str = ""
    is_as_sent: bool = False
    """As it was really sent; else as it would be composed now."""
    file: str = ""
    """Where it lies, when it was written to a folder."""

    def masked(self, sees_addresses: bool = True) -> "Said":
        """Without links that act for its reader, and without addresses for those who may not see them."""
        shown = [without_links(one) for one in (self.subject, self.text, self.html)]
        if not sees_addresses:
            shown = [without_addresses(one) for one in shown]
        return replace(self, subject=shown[0], text=shown[1], html=shown[2])


def said_by(message: OutboxMessage, settings: Settings) -> Said:
    """What the message said or would say. Nothing is written, sent or marked."""
    if message.state is MessageState.SENT:
        return _as_sent(message, settings)
    if message.state is MessageState.EXPIRED:
        return Said(instead=NOT_SENT)
    if message.kind not in kinds:
        return Said(instead=UNKNOWN)
    try:
        with db.begin_nested():
            mail = compose(message, settings.mail_from)
    except NoLongerNeeded as over:
        return Said(instead=f"There is nothing to tell any more: {over}.")
    except Postponed:
        return Said(instead=WAITS)
    except Exception:
        log.warning("Message %s (%s) could not be composed to be shown.", message.id, message.kind,
                    exc_info=True)  # fmt: skip
        return Said(instead=BROKEN)
    return _of(mail)


def file_of(message: OutboxMessage, settings: Settings) -> Path | None:
    """The file that a message is written to, by its own Message-ID; None where mail goes to no folder."""
    scheme, _, folder = settings.mail_url.partition(":")
    named = NAME.fullmatch(message.message_id)
    return Path(folder) / f"{named.group(1)}.eml" if scheme == "folder" and folder and named else None


def _as_sent(message: OutboxMessage, settings: Settings) -> Said:
    file = file_of(message, settings)
    try:
        if file is None or file.stat().st_size > MOST_BYTES:
            return Said(instead=NOT_KEPT)
        mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(file.read_bytes())
    except OSError:
        return Said(instead=f"{NOT_KEPT} Its file is not in the folder any more.")
    return replace(_of(mail), is_as_sent=True, file=str(file.resolve()))


def _of(mail: EmailMessage) -> Said:
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    return Said(
        subject=str(mail["Subject"] or ""),
        text=text.get_content() if text is not None else "",
        html=html.get_content() if html is not None else "",
    )

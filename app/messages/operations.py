"""Putting messages into the outbox and noting what became of them. None of these commits."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Table, delete, insert, select

from app.database import db
from app.jobs import operations as jobs
from app.messages.models import MessageState, OutboxMessage

DELIVER = "messages.deliver"
KEPT = timedelta(days=30)
LONGEST_ERROR = 2000

_OUTBOX = cast(Table, OutboxMessage.__table__)
_MESSAGE = insert(_OUTBOX).returning(_OUTBOX.c.id)


def queue(
    kind: str,
    to_address: str,
    to_name: str,
    payload: Mapping[str, Any],
    now: datetime,
    *,
    language: str = "en",
    timezone: str | None = None,
    expires_at: datetime | None = None,
) -> int:
    """Write a message, and the job that will send it, into the caller's transaction. Returns its number.

    `payload` is what the composer of `kind` needs to write the text when it is sent: numbers of rows, not
    their contents. A message not sent before `expires_at` is not sent at all.
    """
    message = {
        "kind": kind,
        "payload": dict(payload),
        "to_address": to_address,
        "to_name": to_name,
        "language": language,
        "timezone": timezone,
        "message_id": f"<{uuid4()}@meridian.invalid>",
        "state": MessageState.QUEUED,
        "tries": 0,
        "created_at": now,
        "expires_at": expires_at,
    }
    number: int = db.execute(_MESSAGE, message).scalar_one()
    jobs.add(DELIVER, {"outbox_message": number}, now)
    return number


def mark_sent(message: OutboxMessage, now: datetime) -> None:
    message.tries += 1
    message.state, message.sent_at, message.last_error = MessageState.SENT, now, None
    db.flush()


def mark_expired(message: OutboxMessage, reason: str) -> None:
    message.state, message.last_error = MessageState.EXPIRED, reason
    db.flush()


def mark_failed(message: OutboxMessage, error: str, final: bool) -> None:
    """Note a failed try; after the `final` one the message is dead."""
    message.tries += 1
    message.last_error = error[:LONGEST_ERROR].replace("\0", "")
    if final:
        message.state = MessageState.DEAD
    db.flush()


def forget(address: str, about: Collection[tuple[str, int]] | None = None) -> None:
    """Remove what was queued for or sent to an address: its owner's account is gone.

    `about`: only what has one of these facts in its payload, each a name and a number.
    """
    to_it = OutboxMessage.to_address == address
    if about is None:
        db.execute(delete(OutboxMessage).where(to_it))
        return
    rows = db.execute(select(OutboxMessage.id, OutboxMessage.payload).where(to_it)).all()
    found = [one.id for one in rows if any(one.payload.get(name) == number for name, number in about)]
    db.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(found)))


def tidy(now: datetime) -> None:
    """Remove messages that were sent or expired long ago."""
    over = OutboxMessage.state.in_((MessageState.SENT, MessageState.EXPIRED))
    db.execute(delete(OutboxMessage).where(over, OutboxMessage.created_at < now - KEPT))

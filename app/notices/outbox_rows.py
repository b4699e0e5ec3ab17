"""What the desk asks the outbox: found by address, retried together, and whom no mail reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from app.accounts.queries import fold_email
from app.database import db
from app.messages import operations
from app.messages.models import MessageState, OutboxMessage, Recipient

PAGE = 50
MOST_AT_ONCE = 500
"""So many are retried at one press: it is one transaction."""


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to."""

    state: MessageState | None = None
    words: str = ""
    """A part of the address."""
    scope: str | None = None


def found(asked: Asked, before: int | None, most: int = PAGE) -> Sequence[OutboxMessage]:
    """The latest written first, older than the number `before`."""
    query = _narrowed(select(OutboxMessage), asked).order_by(OutboxMessage.id.desc()).limit(most)
    if before is not None:
        query = query.where(OutboxMessage.id < before)
    return db.scalars(query).all()


def dead(asked: Asked, up_to: int | None = None) -> list[tuple[int, str]]:
    """(number, address) of the dead ones, the earliest first, at most MOST_AT_ONCE."""
    query = _narrowed(select(OutboxMessage.id, OutboxMessage.to_address), asked)
    query = query.where(OutboxMessage.state == MessageState.DEAD)
    if up_to is not None:
        query = query.where(OutboxMessage.id <= up_to)
    return [
        (one.id, one.to_address) for one in db.execute(query.order_by(OutboxMessage.id).limit(MOST_AT_ONCE))
    ]


def retry(chosen: Sequence[tuple[int, str]], now: datetime) -> int:
    """Send dead messages after all, and believe their addresses again; how many. Does not commit."""
    revived = operations.revive([number for number, _ in chosen], now)
    folded = {fold_email(address) for _, address in chosen}
    trusted = {"refused_at": None, "refused_code": None, "refused_reason": "", "refusal_seen_at": None}
    db.execute(
        update(Recipient)
        .where(Recipient.address_folded.in_(folded), Recipient.refused_at.is_not(None))
        .values(**trusted, updated_at=now)
    )
    db.flush()
    return revived


def _narrowed(query: Any, asked: Asked) -> Any:
    if asked.state is not None:
        query = query.where(OutboxMessage.state == asked.state)
    if asked.scope is not None:
        query = query.where(OutboxMessage.scope == asked.scope)
    if asked.words:
        query = query.where(
            func.lower(OutboxMessage.to_address).contains(asked.words.lower(), autoescape=True)
        )
    return query

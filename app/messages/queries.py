"""What the outbox says."""

from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Select, Table, bindparam, exists, func, literal_column, or_, select

from app.accounts.queries import fold_email
from app.database import db
from app.messages.models import MailRoute, MessageState, OutboxMessage, Recipient

_OUTBOX = cast(Table, OutboxMessage.__table__)


def by_id(number: int) -> OutboxMessage | None:
    """The message as the database has it now."""
    return db.get(OutboxMessage, number, populate_existing=True)


def due(now: datetime, most: int) -> Select[Any]:
    """The messages to take next, at most so many: their time has come, or their worker was lost.

    One that is due waits while an earlier one of its order key is not done. The states are written into the
    statement, so that both engines use the index of what is not done.
    """
    message, earlier = _OUTBOX.c, _OUTBOX.alias("earlier").c
    before_it = exists().where(
        literal_column("earlier.state IN ('queued', 'sending')"),
        earlier.order_key.is_not(None),
        earlier.order_key == message.order_key,
        earlier.id < message.id,
        earlier.not_before_at <= now,
    )
    return (
        select(message.id, message.tries, message.to_address)
        .where(
            literal_column("outbox_messages.state IN ('queued', 'sending')"),
            message.due_at <= now,
            or_(literal_column("outbox_messages.state = 'queued'"), message.leased_until_at < now),
            or_(message.order_key.is_(None), ~before_it),
        )
        .order_by(message.rank, message.due_at, message.id)
        .limit(most)
    )


def held(number: int, tries: int, address_folded: str) -> tuple[OutboxMessage, Recipient | None] | None:
    """A message in a worker's hands with what is known of its reader; None: it is there no longer."""
    values = {"number": number, "tries": tries, "folded": address_folded}
    row = db.execute(_held(), values).first()
    return None if row is None else (row[0], row[1])


@cache
def _held() -> Executable:
    return (
        select(OutboxMessage, Recipient)
        .outerjoin(Recipient, Recipient.address_folded == bindparam("folded"))
        .where(OutboxMessage.id == bindparam("number"), OutboxMessage.tries == bindparam("tries"))
        .where(OutboxMessage.state == MessageState.SENDING)
        .execution_options(populate_existing=True)
    )


def is_route_known(scheme: str) -> bool:
    """Whether messages have left this way before."""
    return db.get(MailRoute, scheme) is not None


def something_is_due(now: datetime) -> bool:
    """Whether a worker would find a message; cheaper than taking one, since it does not write."""
    return db.execute(due(now, 1)).first() is not None


def recipient(address_folded: str) -> Recipient | None:
    """What differs from the defaults for an address; None: nothing."""
    found: Recipient | None = db.scalar(_recipient(), {"folded": address_folded})
    return found


@cache
def _recipient() -> Executable:
    return select(Recipient).where(Recipient.address_folded == bindparam("folded"))


def to_address(address: str) -> list[OutboxMessage]:
    """Everything queued for or sent to an address, the oldest first."""
    found = select(OutboxMessage).where(OutboxMessage.to_address == address)
    return list(db.scalars(found.order_by(OutboxMessage.created_at, OutboxMessage.id)))


def spelt_as(address: str) -> Select[int]:
    """The numbers of what was queued for or sent to an address, in whatever case it was written.

    For a million messages a fifth of a second on SQLite, which reads the index of the addresses alone and
    knows only the case of ASCII letters; half a second on PostgreSQL.
    """
    spellings = [func.lower(address), func.lower(fold_email(address))]
    return select(OutboxMessage.id).where(func.lower(OutboxMessage.to_address).in_(spellings))


def counts() -> dict[MessageState, int]:
    """How many messages stand in each state."""
    found = db.execute(
        select(OutboxMessage.state, func.count().label("number")).group_by(OutboxMessage.state)
    )
    return dict.fromkeys(MessageState, 0) | {row.state: row.number for row in found}


def latest_dead(most: int) -> list[OutboxMessage]:
    """Messages that will not be tried again, the latest written first."""
    found = select(OutboxMessage).where(OutboxMessage.state == MessageState.DEAD)
    return list(db.scalars(found.order_by(OutboxMessage.id.desc()).limit(most)))


def page(
    state: MessageState | None = None, scope: str | None = None, before: int | None = None, most: int = 50
) -> list[OutboxMessage]:
    """The outbox, the latest written first: of a state, of a scope, and older than the number `before`."""
    found = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(most)
    if state is not None:
        found = found.where(OutboxMessage.state == state)
    if scope is not None:
        found = found.where(OutboxMessage.scope == scope)
    if before is not None:
        found = found.where(OutboxMessage.id < before)
    return list(db.scalars(found))


def counts_of(scope: str) -> dict[MessageState, int]:
    """How many messages of a scope stand in each state."""
    found = db.execute(
        select(OutboxMessage.state, func.count().label("number"))
        .where(OutboxMessage.scope == scope)
        .group_by(OutboxMessage.state)
    )
    return dict.fromkeys(MessageState, 0) | {row.state: row.number for row in found}

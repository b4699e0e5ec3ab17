"""What the outbox says."""

from sqlalchemy import func, select

from app.database import db
from app.messages.models import MessageState, OutboxMessage


def by_id(number: int) -> OutboxMessage | None:
    """The message as the database has it now."""
    return db.get(OutboxMessage, number, populate_existing=True)


def to_address(address: str) -> list[OutboxMessage]:
    """Everything queued for or sent to an address, the oldest first."""
    found = select(OutboxMessage).where(OutboxMessage.to_address == address)
    return list(db.scalars(found.order_by(OutboxMessage.created_at, OutboxMessage.id)))


def counts() -> dict[MessageState, int]:
    """How many messages stand in each state."""
    found = db.execute(
        select(OutboxMessage.state, func.count().label("number")).group_by(OutboxMessage.state)
    )
    return dict.fromkeys(MessageState, 0) | {row.state: row.number for row in found}

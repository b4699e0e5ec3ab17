"""The outbox, and what is known of the people who are written to."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime, enum_column

QUIET_FROM, QUIET_UNTIL = 22 * 60, 7 * 60


class MessageState(StrEnum):
    """Where a message stands. `dead` could not be sent, `expired` was no longer worth sending."""

    QUEUED = "queued"
    SENDING = "sending"
    """In the hands of a worker, until its lease ends."""
    SENT = "sent"
    DEAD = "dead"
    EXPIRED = "expired"


class OutboxMessage(Base):
    """A message to one person, written in the transaction of the thing it tells about."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        UniqueConstraint("message_id"),
        UniqueConstraint("unique_key"),
        Index(None, "state", "id"),
        Index(
            "ix_outbox_messages_waiting",
            "rank",
            "due_at",
            "id",
            sqlite_where=text("state IN ('queued', 'sending')"),
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
        Index(
            "ix_outbox_messages_in_order",
            "order_key",
            "id",
            sqlite_where=text("order_key IS NOT NULL AND state IN ('queued', 'sending')"),
            postgresql_where=text("order_key IS NOT NULL AND state IN ('queued', 'sending')"),
        ),
        Index(None, "to_address"),
        Index(None, "scope", "state", "id"),
        Index(None, "created_at"),
        CheckConstraint("tries >= 0", name="tries_not_negative"),
        CheckConstraint("(state = 'sent') = (sent_at is not null)", name="sent_has_its_time"),
        CheckConstraint(
            "(state = 'sending') = (leased_until_at is not null)", name="lease_exactly_when_sending"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    to_address: Mapped[str]
    to_name: Mapped[str]
    message_id: Mapped[str]
    scope: Mapped[str | None]
    """What it belongs to, in the words of who wrote it ("journey:12"), so that its keepers find it."""
    order_key: Mapped[str | None]
    """Messages of one key are sent in the order in which they were written."""
    unique_key: Mapped[str | None]
    """What may be told once only; a second message of the same key is not written."""
    state: Mapped[MessageState] = mapped_column(enum_column(MessageState), default=MessageState.QUEUED)
    rank: Mapped[int] = mapped_column(default=0, server_default="0")
    """Lower ones are sent first; see `kinds.Rank`."""
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it may be sent at the earliest, as it was written."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it is tried next."""
    leased_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    subject: Mapped[str | None]
    """As it was composed last."""
    answer_code: Mapped[int | None]
    """What the mail server answered last (RFC 5321, 4.2), where it did."""
    last_error: Mapped[str | None]


class Recipient(Base):
    """What differs from the defaults for one address: what it wants to hear, and whether mail reaches it."""

    __tablename__ = "recipients"
    __table_args__ = (
        UniqueConstraint("address_folded"),
        CheckConstraint(
            "quiet_from >= 0 AND quiet_from < 1440 AND quiet_until >= 0 AND quiet_until < 1440", name="quiet"
        ),
        CheckConstraint(
            "refused_at IS NOT NULL OR (refused_code IS NULL AND refused_reason = '' "
            "AND refusal_seen_at IS NULL)",
            name="refusal",
        ),
        Index(None, "refused_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_folded: Mapped[str]
    muted: Mapped[str] = mapped_column(default="", server_default="")
    """The choices that were switched off, separated by blanks."""
    reminders: Mapped[str | None]
    """The reminders wanted, separated by blanks; empty: none; None: as each journey has it."""
    language: Mapped[str] = mapped_column(default="en", server_default="en")
    """In which mail is written, where it can be."""
    quiet_from: Mapped[int] = mapped_column(default=QUIET_FROM, server_default=str(QUIET_FROM))
    """Minutes after local midnight; equal to `quiet_until`: no quiet hours."""
    quiet_until: Mapped[int] = mapped_column(default=QUIET_UNTIL, server_default=str(QUIET_UNTIL))
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a mail server said for good that the address takes no mail; None: it does, as far as known."""
    refused_code: Mapped[int | None]
    refused_reason: Mapped[str] = mapped_column(default="", server_default="")
    refusal_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its owner was told on a page and said that it was read."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MailRoute(Base):
    """A way by which mail has left, by its scheme: what is too old when a real one is new is not sent."""

    __tablename__ = "mail_routes"

    scheme: Mapped[str] = mapped_column(primary_key=True)
    first_used_at: Mapped[datetime] = mapped_column(UtcDateTime)

"""Calendar feeds: secret addresses, each of one person; and the replies that calendar programs mail."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, enum_column


class FeedKind(StrEnum):
    PERSONAL = "personal"
    """What its owner holds and waits for."""
    LEADING = "leading"
    """What its owner facilitates, with head counts."""
    JOURNEY = "journey"
    """Every sitting of one journey that its owner organises, with head counts."""


MOST_MINUTES_BEFORE = 7 * 24 * 60
"""A reminder comes at most a week before."""


class Feed(Base):
    """One address. The token itself is not kept: it is derived from the key, the nonce and the owner."""

    __tablename__ = "feeds"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index(
            "uq_feeds_user_id_kind",
            "user_id",
            "kind",
            unique=True,
            sqlite_where=text("journey_id IS NULL"),
            postgresql_where=text("journey_id IS NULL"),
        ),
        UniqueConstraint("user_id", "journey_id"),
        CheckConstraint("(kind = 'journey') = (journey_id IS NOT NULL)", name="journey"),
        CheckConstraint(f"alarm_minutes BETWEEN 0 AND {MOST_MINUTES_BEFORE}", name="alarm"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[FeedKind] = mapped_column(enum_column(FeedKind))
    journey_id: Mapped[int | None] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), index=True)
    nonce: Mapped[str]
    token_hash: Mapped[str]
    created_at: Mapped[datetime]
    shows_waiting: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether places that are only waited for, asked for or on offer are in it, as tentative."""
    shows_cancelled: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether cancelled sittings stay in it for a while, marked as such."""
    alarm_minutes: Mapped[int | None]
    """How long before the start its events remind of themselves; None: they do not."""


class ReplyOutcome(StrEnum):
    """What came of a reply to an invitation."""

    ACTED = "acted"
    """A place was accepted or given up."""
    NOTHING = "nothing"
    """It said what was so already, or asked for what a reply cannot give."""
    ASKED = "asked"
    """Nobody vouched for its sender: a mail asks whether it is meant."""
    RECORDED = "recorded"
    """Tentative, a counter-proposal, delegated: kept for the organiser to read."""
    STALE = "stale"
    """Older than the last request, or than a reply that was heard before."""
    REFUSED = "refused"
    """Address, attendee and session do not belong together."""
    UNREADABLE = "unreadable"


class CalendarReply(Base):
    """A mail to the address that takes replies, whatever came of it; each once."""

    __tablename__ = "calendar_replies"
    __table_args__ = (UniqueConstraint("message_id"), Index(None, "place_id", "received_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str]
    """A digest of its Message-ID, which may tell who wrote it; without one, of its bytes."""
    received_at: Mapped[datetime]
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"))
    answer: Mapped[str] = mapped_column(default="")
    """The method or participation status it carried: accepted, declined, tentative, delegated, counter."""
    sequence: Mapped[int | None]
    stamped_at: Mapped[datetime | None]
    """The DTSTAMP of the reply."""
    outcome: Mapped[ReplyOutcome] = mapped_column(enum_column(ReplyOutcome))
    detail: Mapped[str] = mapped_column(default="")
    """What happened, in a sentence."""

"""Enrolments (a participant in a journey), places (a participant's seat in an offering), interest.

The rules they follow are in `rules`, what became of them in `decisions`, groups and tables of people beside.
"""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    event,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from app.database import Base, enum_column
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments.bulk import Import, ImportRow, RosterMessage
from app.enrolments.decisions import EnrolmentDecision, PlaceDecision
from app.enrolments.reserved import ReservedBlock
from app.enrolments.rules import EnrolmentPolicy, Invitation, PlaceRule

if TYPE_CHECKING:
    from app.journeys.models import Journey
    from app.learning_sessions.models import LearningSession, Offering
    from app.participants.models import Participant


__all__ = [
    "Enrolment", "EnrolmentDecision", "EnrolmentPolicy", "EnrolmentStatus", "Import", "ImportRow", "Interest",
    "Invitation", "Place", "PlaceDecision", "PlaceRule", "ReservedBlock", "RosterMessage",
]  # fmt: skip


class EnrolmentStatus(StrEnum):
    REQUESTED = "requested"
    """Asked to join; an organiser has yet to say yes."""
    ACTIVE = "active"
    DECLINED = "declined"
    LEFT = "left"


class Enrolment(Base):
    """A participant in a journey, with country and organisation as they were at enrolment."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("journey_id", "participant_id"),
        CheckConstraint("(status = 'left') = (left_at IS NOT NULL)", name="left"),
        Index(None, "journey_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="RESTRICT"))
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participants.id", ondelete="RESTRICT"), index=True
    )
    status: Mapped[EnrolmentStatus] = mapped_column(
        enum_column(EnrolmentStatus), default=EnrolmentStatus.ACTIVE
    )
    country: Mapped[str | None]
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL"), index=True
    )
    stakeholder_group: Mapped[str] = mapped_column(default="")
    enrolled_at: Mapped[datetime]
    """When they joined; of somebody who asks, when they asked."""
    left_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="", server_default="")
    """What they answered to the question of a journey that approves; only its organisers read it."""
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(default="", server_default="")
    """What the organisers wrote to them with their decision."""
    wants_all: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Takes a place in every session, now and when one is added."""
    way: Mapped[Way | None] = mapped_column(enum_column(Way))
    """How, where there is a choice; None: online."""
    invitation_id: Mapped[int | None] = mapped_column(
        ForeignKey("invitations.id", ondelete="SET NULL"), index=True
    )
    """What let them in, where one has to be invited."""

    journey: Mapped["Journey"] = relationship()
    participant: Mapped["Participant"] = relationship()
    invitation: Mapped["Invitation | None"] = relationship()


class Interest(Base):
    """Somebody would come to a session that has no date yet, and says when they can.

    The row is never deleted; withdrawing and coming back keeps the order of the first time only while it is
    not withdrawn.
    """

    __tablename__ = "interests"
    __table_args__ = (
        UniqueConstraint("participant_id", "learning_session_id"),
        CheckConstraint(
            "(can_from IS NULL AND can_until IS NULL) OR "
            "(can_from >= 0 AND can_from < can_until AND can_until <= 1440)",
            name="hours",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    learning_session_id: Mapped[int] = mapped_column(
        ForeignKey("learning_sessions.id", ondelete="CASCADE"), index=True
    )
    weekdays: Mapped[str] = mapped_column(default="")
    """Weekdays on which they can, of mon … sun, separated by blanks; empty: any day."""
    can_from: Mapped[int | None]
    """Minutes after local midnight; None: at any hour. Their zone is the participant's."""
    can_until: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    """In their own words; only the journey's organisers read it."""
    said_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    """When dating the session turned it into a place or an invitation."""

    participant: Mapped["Participant"] = relationship()
    learning_session: Mapped["LearningSession"] = relationship()


class Place(Base):
    """A participant's seat in an offering. The row is never deleted; coming back reactivates it."""

    __tablename__ = "places"
    __table_args__ = (
        UniqueConstraint("participant_id", "offering_id"),
        ForeignKeyConstraint(
            ["offering_id", "learning_session_id"],
            ["offerings.id", "offerings.learning_session_id"],
            ondelete="RESTRICT",
        ),
        Index(
            "uq_places_one_confirmed",
            "participant_id",
            "learning_session_id",
            unique=True,
            sqlite_where=text("status = 'confirmed'"),
            postgresql_where=text("status = 'confirmed'"),
        ),
        Index(None, "offering_id", "way", "status", "queue_number"),
        Index(None, "learning_session_id", "status"),
        CheckConstraint("(status = 'offered') = (offer_ends_at IS NOT NULL)", name="offer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="RESTRICT"))
    offering_id: Mapped[int]
    learning_session_id: Mapped[int]
    way: Mapped[Way] = mapped_column(enum_column(Way))
    status: Mapped[PlaceStatus] = mapped_column(enum_column(PlaceStatus))
    queue_number: Mapped[int]
    """Order in which the requests obtained the lock, within the offering."""
    requested_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    sequence: Mapped[int] = mapped_column(default=0)
    """Raised by whatever changes what calendars tell this person of it, each cancellation too."""
    offer_ends_at: Mapped[datetime | None]
    """Until when an offer can be accepted; set exactly while it stands."""
    cannot_come_at: Mapped[datetime | None]
    """When its holder said that they cannot come, after the time to give it up freely."""
    block_id: Mapped[int | None] = mapped_column(
        ForeignKey("reserved_blocks.id", ondelete="RESTRICT"), index=True
    )
    """The reserved block it was given out of."""
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    """Raised by whatever changes the row, so that one number tells whether any did."""

    participant: Mapped["Participant"] = relationship()
    block: Mapped["ReservedBlock | None"] = relationship()
    offering: Mapped["Offering"] = relationship()


@event.listens_for(Place, "before_update")
def _raise_revision(_mapper: object, _connection: object, place: Place) -> None:
    if object_session(place).is_modified(place):  # type: ignore[union-attr]  # it is being flushed
        place.revision += 1

"""The log: each decision about a place or an enrolment is a row, written with it and never changed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, enum_column
from app.domain.decided import Decided as Decided
from app.domain.decided import Ground as Ground
from app.domain.seats import PlaceStatus


class PlaceDecision(Base):
    """One decision about one place: its status and its position in line before and after."""

    __tablename__ = "place_decisions"
    __table_args__ = (Index(None, "place_id", "id"), Index(None, "offering_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id", ondelete="CASCADE"))
    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id", ondelete="CASCADE"))
    decided_at: Mapped[datetime]
    what: Mapped[Decided] = mapped_column(enum_column(Decided))
    ground: Mapped[Ground] = mapped_column(enum_column(Ground))
    status_before: Mapped[PlaceStatus | None] = mapped_column(enum_column(PlaceStatus, "status_before"))
    """None: there was no place before."""
    status_after: Mapped[PlaceStatus] = mapped_column(enum_column(PlaceStatus, "status_after"))
    position_before: Mapped[int | None]
    """In its line, from 1; None when it did not wait."""
    position_after: Mapped[int | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """Who decided, where it was neither the holder nor a rule alone."""
    note: Mapped[str] = mapped_column(default="")
    """What was written to the person with it."""


class EnrolmentDecided(StrEnum):
    """What was decided about an enrolment."""

    REQUESTED = "requested"
    ENROLLED = "enrolled"
    APPROVED = "approved"
    DECLINED = "declined"
    APPROVAL_WITHDRAWN = "approval-withdrawn"
    LEFT = "left"
    REMOVED = "removed"
    """By an organiser."""
    IMPORTED = "imported"


class EnrolmentDecision(Base):
    """One decision about one enrolment."""

    __tablename__ = "enrolment_decisions"
    __table_args__ = (Index(None, "enrolment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id", ondelete="CASCADE"))
    decided_at: Mapped[datetime]
    what: Mapped[EnrolmentDecided] = mapped_column(enum_column(EnrolmentDecided))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    note: Mapped[str] = mapped_column(default="")

"""The record of every change of a sitting, and of the checks of zone data."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, WallDateTime, enum_column
from app.domain.timezones import Flag

if TYPE_CHECKING:
    from app.accounts.models import User
    from app.learning_sessions.models import Offering


class ChangeKind(StrEnum):
    """What happened to a sitting. Each raises its calendar sequence."""

    MOVED = "moved"
    """Another time, zone or length."""
    RELOCATED = "relocated"
    """Another venue, or another way of attending; the time stands."""
    CANCELLED = "cancelled"
    RESTORED = "restored"


class ChangeReason(StrEnum):
    ORGANISER = "organiser"
    ZONE_RULES = "zone-rules"
    """A country changed its clocks; the promised wall time stands."""


class OfferingChange(Base):
    """One change of a sitting, with what stood before and after; messages and the public log are made of it.

    Either side knows a promise with its instants or, for a sitting known by its days, the first and last.
    """

    __tablename__ = "offering_changes"
    __table_args__ = (
        CheckConstraint("sequence > 0", name="sequence"),
        Index(None, "offering_id", "id"),
        Index(None, "learning_session_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id", ondelete="CASCADE"))
    learning_session_id: Mapped[int] = mapped_column(ForeignKey("learning_sessions.id", ondelete="CASCADE"))
    kind: Mapped[ChangeKind] = mapped_column(enum_column(ChangeKind))
    reason: Mapped[ChangeReason] = mapped_column(enum_column(ChangeReason), default=ChangeReason.ORGANISER)
    sequence: Mapped[int]
    """The offering's calendar sequence after the change."""
    note: Mapped[str] = mapped_column(default="")
    """What the organiser says to participants; public, plain text."""
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    changed_at: Mapped[datetime]
    flag: Mapped[Flag | None] = mapped_column(enum_column(Flag))
    """What a person should look at, where new zone rules made the promise unclear."""

    before_starts_wall: Mapped[datetime | None] = mapped_column(WallDateTime)
    before_timezone: Mapped[str]
    before_fold: Mapped[int] = mapped_column(default=0)
    before_length_minutes: Mapped[int | None]
    before_starts_at: Mapped[datetime | None]
    before_ends_at: Mapped[datetime | None]
    before_first_on: Mapped[date | None]
    before_last_on: Mapped[date | None]
    before_place: Mapped[str] = mapped_column(default="")
    """Attendance and venue in words, as they were: "in person, Training centre, Accra"."""
    before_zone_data_version: Mapped[str] = mapped_column(default="")

    after_starts_wall: Mapped[datetime | None] = mapped_column(WallDateTime)
    after_timezone: Mapped[str]
    after_fold: Mapped[int] = mapped_column(default=0)
    after_length_minutes: Mapped[int | None]
    after_starts_at: Mapped[datetime | None]
    after_ends_at: Mapped[datetime | None]
    after_first_on: Mapped[date | None]
    after_last_on: Mapped[date | None]
    after_place: Mapped[str] = mapped_column(default="")
    after_zone_data_version: Mapped[str] = mapped_column(default="")

    offering: Mapped["Offering"] = relationship()
    changed_by: Mapped["User | None"] = relationship()


class AnnouncementState(StrEnum):
    """Where the telling of changes stands."""

    WAITING = "waiting"
    """More changes may join it until it is due."""
    TELLING = "telling"
    """Messages are being written; later changes begin another."""
    TOLD = "told"
    """Everybody whom it concerns has a message in the outbox."""


class Announcement(Base):
    """Changes of one sitting that its people are told of together: the first before, the last after.

    At most one waits for each sitting.
    """

    __tablename__ = "announcements"
    __table_args__ = (
        Index(
            "uq_announcements_waiting",
            "offering_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(None, "state", "due_at"),
        CheckConstraint("last_change_id >= first_change_id", name="changes"),
        CheckConstraint("(state = 'told') = (told_at IS NOT NULL)", name="told"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id", ondelete="CASCADE"), index=True)
    first_change_id: Mapped[int] = mapped_column(
        ForeignKey("offering_changes.id", ondelete="CASCADE"), index=True
    )
    last_change_id: Mapped[int] = mapped_column(
        ForeignKey("offering_changes.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[AnnouncementState] = mapped_column(
        enum_column(AnnouncementState), default=AnnouncementState.WAITING
    )
    began_at: Mapped[datetime]
    """When the first of its changes was made."""
    due_at: Mapped[datetime]
    """When people are told."""
    told_at: Mapped[datetime | None]
    people: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many messages came of it."""

    offering: Mapped["Offering"] = relationship()
    first_change: Mapped["OfferingChange"] = relationship(foreign_keys=first_change_id)
    last_change: Mapped["OfferingChange"] = relationship(foreign_keys=last_change_id)


class ZoneCheck(Base):
    """One look at all coming sittings under a version of the zone data."""

    __tablename__ = "zone_checks"
    __table_args__ = (Index(None, "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str]
    checked_at: Mapped[datetime]
    examined: Mapped[int]
    moved: Mapped[int]
    flagged: Mapped[int]

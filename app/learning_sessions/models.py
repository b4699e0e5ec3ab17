"""Learning sessions, their offerings (dated sittings), venues and agendas."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, WallDateTime, enum_column
from app.domain.attendance import Attendance
from app.domain.timezones import Flag
from app.journeys.credits import Credit

if TYPE_CHECKING:
    from app.facilitators.models import Facilitator
    from app.journeys.models import Journey, Theme


class OfferingStatus(StrEnum):
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


learning_session_themes = Table(
    "learning_session_themes",
    Base.metadata,
    Column("learning_session_id", ForeignKey("learning_sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class LearningSession(Base):
    """One meeting of a journey. It is held once, several times (twin sittings), or has no date yet."""

    __tablename__ = "learning_sessions"
    __table_args__ = (
        UniqueConstraint("journey_id", "slug"),
        UniqueConstraint("journey_id", "position"),
        CheckConstraint("text_direction IN ('ltr', 'rtl')", name="direction"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    slug: Mapped[str]
    position: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    """Plain text, one paragraph: what lists show."""
    content: Mapped[str] = mapped_column(default="")
    """Markdown."""
    language: Mapped[str] = mapped_column(default="en")
    text_direction: Mapped[str] = mapped_column(default="ltr")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    journey: Mapped["Journey"] = relationship()
    themes: Mapped[list["Theme"]] = relationship(secondary=learning_session_themes, order_by="Theme.position")
    offerings: Mapped[list["Offering"]] = relationship(
        back_populates="learning_session", order_by="Offering.position", cascade="all, delete-orphan"
    )


class LearningSessionSlug(Base):
    """An address a learning session had before; it redirects."""

    __tablename__ = "learning_session_slugs"

    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    learning_session_id: Mapped[int] = mapped_column(
        ForeignKey("learning_sessions.id", ondelete="CASCADE"), index=True
    )


class Venue(Base):
    __tablename__ = "venues"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    city: Mapped[str] = mapped_column(default="")
    country: Mapped[str | None]
    timezone: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Offering(Base):
    """One dated sitting. The promise is wall time, zone, fold and length; the instants are derived.

    Instead of a promise an offering may know only its day or days.
    """

    __tablename__ = "offerings"
    __table_args__ = (
        UniqueConstraint("uid"),
        UniqueConstraint("id", "learning_session_id"),
        UniqueConstraint("learning_session_id", "position"),
        Index(None, "starts_at"),
        CheckConstraint(
            "(starts_wall IS NOT NULL AND length_minutes IS NOT NULL AND starts_at IS NOT NULL "
            "AND ends_at IS NOT NULL AND first_on IS NULL AND last_on IS NULL) OR "
            "(starts_wall IS NULL AND length_minutes IS NULL AND starts_at IS NULL "
            "AND ends_at IS NULL AND first_on IS NOT NULL AND last_on IS NOT NULL)",
            name="promise_or_days",
        ),
        CheckConstraint("fold IN (0, 1)", name="fold"),
        CheckConstraint("length_minutes BETWEEN 5 AND 1440", name="length"),
        CheckConstraint("ends_at > starts_at", name="end_after_start"),
        CheckConstraint("last_on >= first_on", name="days"),
        CheckConstraint("capacity_online >= 0 AND capacity_in_person >= 0", name="capacity"),
        CheckConstraint(
            "confirmed_online >= 0 AND (capacity_online IS NULL OR confirmed_online <= capacity_online)",
            name="confirmed_online",
        ),
        CheckConstraint(
            "confirmed_in_person >= 0 AND "
            "(capacity_in_person IS NULL OR confirmed_in_person <= capacity_in_person)",
            name="confirmed_in_person",
        ),
        CheckConstraint(
            "held_online >= 0 AND "
            "(capacity_online IS NULL OR confirmed_online + held_online <= capacity_online)",
            name="held_online",
        ),
        CheckConstraint(
            "held_in_person >= 0 AND "
            "(capacity_in_person IS NULL OR confirmed_in_person + held_in_person <= capacity_in_person)",
            name="held_in_person",
        ),
        CheckConstraint("attendance <> 'online' OR venue_id IS NULL", name="venue"),
        CheckConstraint("registration_closes_at > registration_opens_at", name="registration"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learning_session_id: Mapped[int] = mapped_column(ForeignKey("learning_sessions.id", ondelete="CASCADE"))
    position: Mapped[int]
    uid: Mapped[str]
    """The calendar UID, made once, never derived, kept for ever."""
    status: Mapped[OfferingStatus] = mapped_column(
        enum_column(OfferingStatus), default=OfferingStatus.SCHEDULED
    )
    attendance: Mapped[Attendance] = mapped_column(enum_column(Attendance))
    timezone: Mapped[str]
    starts_wall: Mapped[datetime | None] = mapped_column(WallDateTime)
    fold: Mapped[int] = mapped_column(default=0)
    length_minutes: Mapped[int | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    zone_data_version: Mapped[str] = mapped_column(default="", server_default="")
    """The version of the zone data the instants were derived with; empty where nobody noted it."""
    zone_flag: Mapped[Flag | None] = mapped_column(enum_column(Flag))
    """What the zones check wants a person to look at; gone when the time is promised anew."""
    registration_opens_at: Mapped[datetime | None]
    """From when places can be asked for; None: as soon as the journey is open."""
    registration_closes_at: Mapped[datetime | None]
    """Until when places can be asked for; None: until the sitting begins."""
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venues.id", ondelete="RESTRICT"), index=True)
    join_url: Mapped[str] = mapped_column(default="")
    join_from_minutes: Mapped[int] = mapped_column(default=15)
    """How many minutes before the start holders of a place see the join link."""
    capacity_online: Mapped[int | None]
    capacity_in_person: Mapped[int | None]
    confirmed_online: Mapped[int] = mapped_column(default=0)
    confirmed_in_person: Mapped[int] = mapped_column(default=0)
    held_online: Mapped[int] = mapped_column(default=0, server_default="0")
    """Places on offer or reserved, which nobody else can have meanwhile."""
    held_in_person: Mapped[int] = mapped_column(default=0, server_default="0")
    last_queue_number: Mapped[int] = mapped_column(default=0)
    """The queue number given last; the next asker gets the one after it."""
    sequence: Mapped[int] = mapped_column(default=0)
    """RFC 5546 2.1.4: raised when time, place or status changes."""
    cancelled_at: Mapped[datetime | None]
    cancellation_note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    learning_session: Mapped[LearningSession] = relationship(back_populates="offerings")
    venue: Mapped[Venue | None] = relationship()
    facilitators: Mapped[list["OfferingFacilitator"]] = relationship(
        order_by="OfferingFacilitator.position", cascade="all, delete-orphan"
    )
    agenda: Mapped[list["AgendaItem"]] = relationship(
        order_by="AgendaItem.position", cascade="all, delete-orphan"
    )

    @property
    def is_cancelled(self) -> bool:
        return self.status is OfferingStatus.CANCELLED

    @property
    def taken_online(self) -> int:
        """Places that nobody else can have: confirmed, on offer, reserved."""
        return self.confirmed_online + self.held_online

    @property
    def taken_in_person(self) -> int:
        return self.confirmed_in_person + self.held_in_person


class OfferingFacilitator(Base):
    __tablename__ = "offering_facilitators"

    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id", ondelete="CASCADE"), primary_key=True)
    facilitator_id: Mapped[int] = mapped_column(
        ForeignKey("facilitators.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    position: Mapped[int]
    role: Mapped[str] = mapped_column(default="")

    facilitator: Mapped["Facilitator"] = relationship()


class AgendaItem(Base):
    """A part of an offering; its times follow from the lengths before it."""

    __tablename__ = "agenda_items"
    __table_args__ = (
        UniqueConstraint("offering_id", "position"),
        CheckConstraint("length_minutes > 0", name="length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id", ondelete="CASCADE"))
    position: Mapped[int]
    length_minutes: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")

    credits: Mapped[list["AgendaCredit"]] = relationship(
        order_by="AgendaCredit.position", cascade="all, delete-orphan"
    )


class AgendaCredit(Credit, Base):
    __tablename__ = "agenda_credits"

    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("agenda_items.id", ondelete="CASCADE"), index=True)

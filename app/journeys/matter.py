"""What a journey holds besides its sessions: activities, partners, contacts, publications."""

from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, enum_column
from app.journeys.credits import Credit

if TYPE_CHECKING:
    from app.organisations.models import Organisation


class ActivityKind(StrEnum):
    PRESENTATION = "presentation"
    VIDEO = "video"
    REPORT = "report"
    DISCUSSION = "discussion"


class PartnerRole(StrEnum):
    COMMISSIONER = "commissioner"
    DEVELOPER = "developer"
    FUNDER = "funder"
    MEMBER = "member"
    HOST = "host"


class PartialDate:
    """A date known to the year, the month or the day."""

    year: Mapped[int | None]
    month: Mapped[int | None]
    day: Mapped[int | None]


def partial_date_check() -> CheckConstraint:
    """The schema's word on PartialDate: no day without month, no month without year."""
    return CheckConstraint(
        "(day IS NULL OR (month IS NOT NULL AND day BETWEEN 1 AND 31)) AND "
        "(month IS NULL OR (year IS NOT NULL AND month BETWEEN 1 AND 12))",
        name="partial_date",
    )


def direction_check() -> CheckConstraint:
    """The schema's word on the direction of a text."""
    return CheckConstraint("text_direction IN ('ltr', 'rtl')", name="direction")


class Activity(PartialDate, Base):
    """Something to watch, read or discuss that is not a dated session."""

    __tablename__ = "activities"
    __table_args__ = (UniqueConstraint("journey_id", "position"), partial_date_check(), direction_check())

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[ActivityKind] = mapped_column(enum_column(ActivityKind))
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    link_text: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    text_direction: Mapped[str] = mapped_column(default="ltr")

    credits: Mapped[list["ActivityCredit"]] = relationship(
        order_by="ActivityCredit.position", cascade="all, delete-orphan"
    )


class ActivityCredit(Credit, Base):
    __tablename__ = "activity_credits"

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)


class Partner(Base):
    """An organisation with its part in the journey. One organisation may have several."""

    __tablename__ = "partners"
    __table_args__ = (UniqueConstraint("journey_id", "organisation_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="RESTRICT"), index=True
    )
    position: Mapped[int]
    role: Mapped[PartnerRole] = mapped_column(enum_column(PartnerRole))
    note: Mapped[str] = mapped_column(default="")

    organisation: Mapped["Organisation"] = relationship()


class Contact(Base):
    """A key contact, named with the institution."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    post: Mapped[str] = mapped_column(default="")
    institution: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")


class Publication(PartialDate, Base):
    """What came out of the journey in print."""

    __tablename__ = "publications"
    __table_args__ = (partial_date_check(), direction_check())

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    kind: Mapped[str] = mapped_column(default="")
    publisher: Mapped[str] = mapped_column(default="")
    part: Mapped[str] = mapped_column(default="")
    """The part that is meant: "Appendix C"."""
    doi: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    suggested_citation: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    text_direction: Mapped[str] = mapped_column(default="ltr")

    credits: Mapped[list["PublicationCredit"]] = relationship(
        order_by="PublicationCredit.position", cascade="all, delete-orphan"
    )


class PublicationCredit(Credit, Base):
    __tablename__ = "publication_credits"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id", ondelete="CASCADE"), index=True)

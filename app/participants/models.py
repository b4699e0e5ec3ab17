"""Participants: the people who enrol, with what is needed to find an hour that suits them."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base

if TYPE_CHECKING:
    from app.organisations.models import Organisation


class Participant(Base):
    """A person who takes part. Needs no account; keeps counting, without a name, when its account goes."""

    __tablename__ = "participants"
    __table_args__ = (
        UniqueConstraint("user_id"),
        Index(None, "name_folded"),
        Index(None, "email_folded"),
        CheckConstraint("works_from >= 0 AND works_from < works_until AND works_until <= 1440", name="hours"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    name: Mapped[str]
    name_folded: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL"), index=True
    )
    country: Mapped[str | None]
    cadre: Mapped[str] = mapped_column(default="")
    stakeholder_group: Mapped[str] = mapped_column(default="")
    """Government, private sector, civil society …, so that inclusion can be seen."""
    timezone: Mapped[str]
    works_from: Mapped[int] = mapped_column(default=540)
    """Minutes after local midnight at which work begins."""
    works_until: Mapped[int] = mapped_column(default=1020)
    days_off: Mapped[str] = mapped_column(default="sat sun")
    """Weekdays without work, of mon tue wed thu fri sat sun, separated by blanks."""
    language: Mapped[str] = mapped_column(default="en")
    email: Mapped[str] = mapped_column(default="", server_default="")
    """Where to write to somebody without an account; with one, the account's address counts."""
    email_folded: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    organisation: Mapped["Organisation | None"] = relationship()

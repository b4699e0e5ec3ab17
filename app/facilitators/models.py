"""Facilitators: the people who lead sessions, and when they cannot."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, WallDateTime

if TYPE_CHECKING:
    from app.organisations.models import Organisation


class Facilitator(Base):
    __tablename__ = "facilitators"
    __table_args__ = (
        UniqueConstraint("slug"),
        UniqueConstraint("user_id"),
        Index(None, "name_folded"),
        CheckConstraint("text_direction IN ('ltr', 'rtl')", name="direction"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    slug: Mapped[str]
    name: Mapped[str]
    name_folded: Mapped[str]
    biography: Mapped[str] = mapped_column(default="")
    """Markdown."""
    affiliation: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL"), index=True
    )
    country: Mapped[str | None]
    timezone: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    text_direction: Mapped[str] = mapped_column(default="ltr")
    photograph: Mapped[str] = mapped_column(default="")
    """File name under the upload folder; empty without one."""
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    organisation: Mapped["Organisation | None"] = relationship()


class Absence(Base):
    """A span in which a facilitator cannot lead. The wall times are the promise, the instants derived."""

    __tablename__ = "facilitator_absences"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="end_after_start"),
        Index(None, "facilitator_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    facilitator_id: Mapped[int] = mapped_column(ForeignKey("facilitators.id", ondelete="CASCADE"))
    starts_wall: Mapped[datetime] = mapped_column(WallDateTime)
    ends_wall: Mapped[datetime] = mapped_column(WallDateTime)
    """Exclusive; whole days end at the midnight after the last."""
    timezone: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
    """For organisers who plan with this person; nobody else reads it."""

    facilitator: Mapped[Facilitator] = relationship()

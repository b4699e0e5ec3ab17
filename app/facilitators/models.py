"""Facilitators: the people who lead sessions."""

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base

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

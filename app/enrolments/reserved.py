"""Places reserved for a group: who names its people, and when what is left goes back. The table only."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, enum_column
from app.domain.attendance import Way

if TYPE_CHECKING:
    from app.learning_sessions.models import Offering
    from app.participants.models import Participant


class ReservedBlock(Base):
    """Places in an offering that a focal person fills with names until the release date.

    While it stands, `places - named` of them count as held in the offering. Never deleted once somebody was
    named: handing it back ends it.
    """

    __tablename__ = "reserved_blocks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["offering_id", "learning_session_id"],
            ["offerings.id", "offerings.learning_session_id"],
            ondelete="RESTRICT",
        ),
        CheckConstraint("places >= 0 AND named >= 0 AND named <= places", name="named"),
        CheckConstraint("country_group_id IS NULL OR organisation_id IS NULL", name="group"),
        Index(None, "offering_id"),
        Index(None, "returned_at", "release_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int]
    learning_session_id: Mapped[int]
    way: Mapped[Way] = mapped_column(enum_column(Way))
    name: Mapped[str]
    """Of the group: "Ghana country group", "Ministry of Health"."""
    country_group_id: Mapped[int | None] = mapped_column(
        ForeignKey("country_groups.id", ondelete="SET NULL"), index=True
    )
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL"), index=True
    )
    focal_participant_id: Mapped[int | None] = mapped_column(
        ForeignKey("participants.id", ondelete="SET NULL"), index=True
    )
    """Who names the people, besides the journey's organisers."""
    places: Mapped[int]
    named: Mapped[int] = mapped_column(default=0)
    """How many of them have somebody's name: confirmed places of this block."""
    release_at: Mapped[datetime]
    """When places without a name go back to everybody."""
    timezone: Mapped[str]
    """In which the release was set and is told."""
    link_version: Mapped[int] = mapped_column(default=1)
    """Raised to make the group's link invalid."""
    returned_at: Mapped[datetime | None]
    """When the rest went back; from then on nobody is named any more."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    offering: Mapped["Offering"] = relationship()
    focal: Mapped["Participant | None"] = relationship()

    @property
    def unnamed(self) -> int:
        """Places still without a name; none once it is handed back."""
        return 0 if self.returned_at is not None else self.places - self.named

    def stands_at(self, now: datetime) -> bool:
        """Whether its places are still the group's: neither handed back nor past their release."""
        return self.returned_at is None and now < self.release_at

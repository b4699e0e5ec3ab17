"""Credits: a person named for a piece of work. The person needs no account and no page here."""

from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

if TYPE_CHECKING:
    from app.facilitators.models import Facilitator


class Credit:
    """Columns of every credit table; a subclass adds what the credit is for."""

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    affiliation: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="")
    """Author, presenter, interviewee …; empty where the work says enough."""

    @declared_attr
    def facilitator_id(cls) -> Mapped[int | None]:  # noqa: N805  # declared_attr makes it a class method
        return mapped_column(ForeignKey("facilitators.id", ondelete="SET NULL"), index=True)

    @declared_attr
    def participant_id(cls) -> Mapped[int | None]:  # noqa: N805  # likewise
        return mapped_column(ForeignKey("participants.id", ondelete="SET NULL"), index=True)

    @declared_attr
    def facilitator(cls) -> "Mapped[Facilitator | None]":  # noqa: N805  # likewise
        return relationship("Facilitator")

"""Organisations: partners of journeys, employers of participants, publishers of resources."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class Organisation(Base):
    __tablename__ = "organisations"
    __table_args__ = (UniqueConstraint("slug"), Index(None, "name_folded"))

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    name_folded: Mapped[str]
    short_name: Mapped[str] = mapped_column(default="")
    country: Mapped[str | None]
    """ISO 3166-1 alpha-2; empty for international bodies and where the facts do not say."""
    url: Mapped[str] = mapped_column(default="")

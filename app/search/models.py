"""The search index: folded words, the same on both engines, found by their beginnings."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base

CODE_POINT_ORDER = String().with_variant(String(collation="C"), "postgresql")
"""SQLite compares bytes by itself; PostgreSQL is told to, so that one range finds all that begins alike."""


class SearchTerm(Base):
    """A folded word that occurs in a journey: in its texts, its sessions or the names of its people."""

    __tablename__ = "search_terms"
    __table_args__ = (Index(None, "journey_id"),)

    term: Mapped[str] = mapped_column(CODE_POINT_ORDER, primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), primary_key=True)

"""Many people at once: imported tables and messages to a part of the roster. The tables only."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.database import Base, enum_column


class ImportState(StrEnum):
    """Where an uploaded table stands."""

    UPLOADED = "uploaded"
    """Its headers wait to be confirmed."""
    CHECKING = "checking"
    CHECKED = "checked"
    """The dry run is there."""
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    """It could not be read or applied; nothing was written."""


class Import(Base):
    """A table of people uploaded for a journey: kept until it is applied or thrown away."""

    __tablename__ = "imports"
    __table_args__ = (Index(None, "journey_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    filename: Mapped[str]
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    """The file; gone once it is applied."""
    columns: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Field → index of the column that holds it, as confirmed."""
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[ImportState] = mapped_column(enum_column(ImportState), default=ImportState.UPLOADED)
    rows_read: Mapped[int] = mapped_column(default=0)
    """Progress: records looked at so far in the present state."""
    rows_total: Mapped[int | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Verdict → number of rows."""
    error: Mapped[str] = mapped_column(default="")
    applied_at: Mapped[datetime | None]


class Verdict(StrEnum):
    """What applying would do, or did, with a row."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    REFUSED = "refused"


class ImportRow(Base):
    """One record of an imported table, as the dry run judged it."""

    __tablename__ = "import_rows"
    __table_args__ = (Index(None, "import_id", "verdict", "line"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    line: Mapped[int]
    """Where the record begins in the file, from 1."""
    verdict: Mapped[Verdict] = mapped_column(enum_column(Verdict))
    reason: Mapped[str] = mapped_column(default="")
    """Why it is refused, or what would change."""
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Field → text as read."""


class RosterMessage(Base):
    """What organisers wrote to a part of the roster; each recipient gets it alone."""

    __tablename__ = "roster_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), index=True)
    offering_id: Mapped[int | None] = mapped_column(
        ForeignKey("offerings.id", ondelete="SET NULL"), index=True
    )
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    written_at: Mapped[datetime]
    subject: Mapped[str]
    text: Mapped[str]
    audience: Mapped[str] = mapped_column(default="", server_default="")
    """Which part of the roster it was for, in words."""
    people: Mapped[int] = mapped_column(default=0)
    """How many it was put into the outbox for."""

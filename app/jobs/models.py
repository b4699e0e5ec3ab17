"""The table of jobs."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime, enum_column


class JobState(StrEnum):
    """Where a job stands. `dead` has failed for good and waits for a person to look."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Job(Base):
    """One piece of work for the worker, written in the transaction of what caused it."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("unique_key"),
        Index(None, "state", "run_at"),
        CheckConstraint("tries >= 0", name="tries_not_negative"),
        CheckConstraint(
            "(state = 'running') = (leased_until_at is not null)", name="lease_exactly_when_running"
        ),
        CheckConstraint("state not in ('done', 'dead') or finished_at is not null", name="end_has_its_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    unique_key: Mapped[str | None]
    state: Mapped[JobState] = mapped_column(enum_column(JobState), default=JobState.READY)
    tries: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    leased_until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None]

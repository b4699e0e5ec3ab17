"""Adding, claiming and ending jobs. None of these commits: the caller's transaction decides."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, Table, and_, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.database import db
from app.jobs import queries
from app.jobs.models import Job, JobState

LEASE = timedelta(minutes=5)
MOST_TRIES = 10
LONGEST_PAUSE = timedelta(hours=6)
KEPT = timedelta(days=14)
_JOB = insert(cast(Table, Job.__table__))
LONGEST_ERROR = 2000


@dataclass(frozen=True)
class Claim:
    """A job in the hands of one worker until its lease ends."""

    job_id: int
    kind: str
    payload: Mapping[str, Any]
    tries: int

    @property
    def is_last_try(self) -> bool:
        """Whether a failure now is final."""
        return self.tries >= MOST_TRIES


def add(
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
    run_at: datetime | None = None,
    unique_key: str | None = None,
) -> bool:
    """Add a job; False when a job with that unique key has been added before (then nothing changes)."""
    job = {
        "kind": kind,
        "payload": dict(payload),
        "unique_key": unique_key,
        "state": JobState.READY,
        "tries": 0,
        "run_at": run_at or now,
        "created_at": now,
    }
    if unique_key is None:
        db.execute(_JOB, job)
        return True
    return db.execute(_insert(db.get_bind().dialect.name), job).scalar() is not None


@cache
def _insert(dialect: str) -> Executable:
    """A job that is there once, composed once."""
    table = cast(Table, Job.__table__)
    upsert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    unless_there = upsert(table).on_conflict_do_nothing(index_elements=["unique_key"])
    return unless_there.returning(table.c.id)


def add_for_slot(kind: str, every: timedelta, now: datetime) -> bool:
    """Add the periodic job of the slot that `now` lies in; False when the slot has its job already."""
    began = slot(every, now)
    return add(kind, {"slot": began.isoformat()}, now, unique_key=f"{kind}:{began:%Y-%m-%dT%H:%M:%SZ}")


def slot(every: timedelta, now: datetime) -> datetime:
    """The beginning of the period that `now` lies in; periods are counted from the Unix epoch."""
    seconds = int(every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


def claim(now: datetime, kinds: Collection[str] | None = None) -> Claim | None:
    """Take the next job that is due, or whose worker was lost, under a lease. `kinds`: only of these."""
    next_due = select(Job).where(queries.due(now)).order_by(Job.run_at, Job.id).limit(1)
    if kinds is not None:
        next_due = next_due.where(Job.kind.in_(kinds))
    locked = next_due.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    job = db.scalar(locked)
    if job is None:
        return None
    if job.tries >= MOST_TRIES:  # its worker was lost at the last try
        job.state, job.leased_until_at, job.finished_at = JobState.DEAD, None, now
        job.last_error = job.last_error or "the worker was lost each time"
        db.flush()
        return claim(now, kinds)
    job.state, job.leased_until_at = JobState.RUNNING, now + LEASE
    job.tries += 1
    db.flush()
    return Claim(job.id, job.kind, job.payload, job.tries)


def renew(held: Claim, now: datetime) -> bool:
    """Lengthen the lease of long work; False when it was lost, and the work should stop."""
    return _end(held, leased_until_at=now + LEASE)


def keep(held: Claim, payload: Mapping[str, Any], now: datetime) -> bool:
    """Keep with the job how far its work has come, and lengthen the lease; False when that was lost."""
    return _end(held, payload=dict(payload), leased_until_at=now + LEASE)


def conclude(job: Job, payload: Mapping[str, Any], now: datetime) -> None:
    """A job just added was done in the same transaction; what came of it is kept with it."""
    job.payload, job.state, job.finished_at = dict(payload), JobState.DONE, now
    db.flush()


def complete(held: Claim, now: datetime) -> bool:
    """The work is done; False when the lease was lost meanwhile and another worker has the job."""
    return _end(held, state=JobState.DONE, leased_until_at=None, finished_at=now, last_error=None)


def fail(held: Claim, error: str, now: datetime, final: bool = False) -> bool:
    """The work failed: try again after a pause, or never again after the last try or when it is `final`."""
    error = error[:LONGEST_ERROR].replace("\0", "")
    if final or held.is_last_try:
        return _end(held, state=JobState.DEAD, leased_until_at=None, finished_at=now, last_error=error)
    return _end(
        held, state=JobState.READY, leased_until_at=None, run_at=now + pause(held.tries), last_error=error
    )


def pause(tries: int) -> timedelta:
    """How long to wait after so many failed tries: 10 s, 40 s, 160 s, … at most LONGEST_PAUSE."""
    return min(timedelta(seconds=10 * 4 ** (tries - 1)), LONGEST_PAUSE)


def revive(job_id: int, now: datetime) -> bool:
    """Give a dead job all its tries again."""
    values = {"state": JobState.READY, "tries": 0, "run_at": now, "finished_at": None}
    return _changed(update(Job).where(Job.id == job_id, Job.state == JobState.DEAD).values(values)) == 1


def tidy(now: datetime) -> int:
    """Remove jobs done long ago; dead ones stay until a person has looked."""
    return _changed(delete(Job).where(Job.state == JobState.DONE, Job.finished_at < now - KEPT))


def _end(held: Claim, **values: Any) -> bool:
    mine = and_(Job.id == held.job_id, Job.state == JobState.RUNNING, Job.tries == held.tries)
    return _changed(update(Job).where(mine).values(values)) == 1


def _changed(statement: Any) -> int:
    return cast("CursorResult[Any]", db.execute(statement)).rowcount

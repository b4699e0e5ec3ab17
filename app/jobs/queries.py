"""What the jobs table says."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.database import db
from app.jobs.models import Job, JobState


def counts() -> dict[JobState, int]:
    """How many jobs stand in each state."""
    found = db.execute(select(Job.state, func.count().label("number")).group_by(Job.state))
    return dict.fromkeys(JobState, 0) | {row.state: row.number for row in found}


def due(now: datetime) -> ColumnElement[bool]:
    """The condition for jobs to be claimed: their time has come, or their worker was lost."""
    return or_(
        and_(Job.state == JobState.READY, Job.run_at <= now),
        and_(Job.state == JobState.RUNNING, Job.leased_until_at < now),
    )


def something_is_due(now: datetime) -> bool:
    """Whether a worker would find a job; cheaper than claiming one, since it does not write."""
    return db.scalar(select(Job.id).where(due(now)).limit(1)) is not None


def by_id(number: int) -> Job | None:
    """The job as the database has it now."""
    return db.get(Job, number, populate_existing=True)


def by_key(unique_key: str) -> Job | None:
    """The job that was added with a unique key."""
    return db.scalar(select(Job).where(Job.unique_key == unique_key))


def dead() -> list[Job]:
    """Jobs that failed for good, the latest first."""
    found = select(Job).where(Job.state == JobState.DEAD).order_by(Job.finished_at.desc(), Job.id)
    return list(db.scalars(found))

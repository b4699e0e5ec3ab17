"""Rounds of periodic jobs: each looks at what has come about since the one before it that was finished."""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.database import db
from app.jobs.models import Job, JobState
from app.jobs.operations import Claim


def last_round(claim: Claim, now: datetime, at_most: timedelta) -> datetime | None:
    """When the last round of this job before this one began, not longer ago than `at_most`; None: never."""
    last = db.scalar(
        select(Job.created_at)
        .where(Job.kind == claim.kind, Job.state == JobState.DONE, Job.id < claim.job_id)
        .order_by(Job.id.desc())
        .limit(1)
    )
    return max(last, now - at_most) if last is not None else None

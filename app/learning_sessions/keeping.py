"""What the worker keeps in order as time passes."""

from datetime import datetime, timedelta

from app.database import writing
from app.jobs.operations import Claim
from app.jobs.worker import every
from app.learning_sessions import operations


@every(timedelta(hours=1), "learning_sessions.refresh_passed")
def refresh_passed(_claim: Claim, now: datetime) -> None:
    """Move the order of the catalogue on."""
    with writing():
        operations.refresh_passed(now)

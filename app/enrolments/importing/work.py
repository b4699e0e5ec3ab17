"""The worker's part: dry runs, applying, and forgetting what was uploaded."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.database import db, writing
from app.enrolments.importing import applying, checking, uploads
from app.enrolments.importing.uploads import APPLY, CHECK
from app.jobs.operations import Claim
from app.jobs.worker import Hopeless, every, handles

MOST_TRIES = 4
"""People wait for it; the pauses between later tries would be longer than their patience."""


@handles(CHECK)
def check(claim: Claim, now: datetime) -> None:
    _try(checking.check, claim, now, checking.give_up)


@handles(APPLY)
def apply(claim: Claim, now: datetime) -> None:
    _try(applying.apply, claim, now, applying.hand_back)


@every(timedelta(days=1), "imports.tidy")
def tidy(_claim: Claim, now: datetime) -> None:
    with writing():
        uploads.forget_old(now)


def _try(
    work: Callable[[Claim, datetime], None], claim: Claim, now: datetime,
    tell: Callable[[int, str, datetime], None],
) -> None:  # fmt: skip
    """After the last try the page says that it failed, instead of waiting for ever."""
    try:
        work(claim, now)
    except Exception as error:
        if claim.tries < MOST_TRIES:
            raise
        db.rollback()
        sentence = "Something unexpected went wrong, several times. Nothing was written. Try again later."
        tell(int(claim.payload["import_id"]), sentence, now)
        raise Hopeless(f"{type(error).__name__}: {error}") from error

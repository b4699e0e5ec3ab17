"""The worker: claims one job after another and hands it to the handler registered for its kind."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from app.database import Busy, db, writing
from app.jobs import operations, queries
from app.jobs.operations import Claim

Handler = Callable[[Claim, datetime], None]
"""Called outside any transaction and idempotent: it may be called again for a job it has done before."""

handlers: dict[str, Handler] = {}
"""Slices put the handlers of their job kinds here, when they are imported."""

periodic: dict[str, timedelta] = {}
"""Kinds of jobs that the worker adds by itself, once in every period."""

Clock = Callable[[], datetime]

sources: list[Callable[[Clock], int]] = []
"""Other work than jobs: each does a little of what is due and says how much; 0: nothing was."""

urgent: set[str] = set()
"""Kinds whose moment matters: they are run before others that have waited for longer."""

IDLE_SECONDS = 1.0

_ends: list[threading.Event] = []

log = logging.getLogger(__name__)


class Hopeless(Exception):
    """Raised by a handler when trying again is no use; the job is dead at once."""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a kind of job."""

    def register(handler: Handler) -> Handler:
        if kind in handlers:
            raise RuntimeError(f"There are two handlers for {kind}.")
        handlers[kind] = handler
        return handler

    return register


def every(period: timedelta, kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a job that comes up once in every period."""
    periodic[kind] = period
    return handles(kind)


@every(timedelta(days=1), "jobs.tidy")
def tidy(_claim: Claim, now: datetime) -> None:
    with writing():
        operations.tidy(now)


def run(stop: threading.Event, clock: Clock) -> None:
    """Work until `stop` is set; the job or message in hand is finished first."""
    added: dict[str, datetime] = {}
    _ends[:] = [stop]
    while not stop.is_set():
        try:
            add_periodic(clock(), added)
            worked = run_round(clock) > 0
        except Busy:
            worked = False
        except Exception:
            log.exception("The worker could not reach its table; it tries again.")
            db.rollback()
            worked = False
            stop.wait(4 * IDLE_SECONDS)
        finally:
            db.remove()
        if not worked:
            stop.wait(IDLE_SECONDS)


def is_stopping() -> bool:
    """Whether this worker was told to end: what is not begun yet is left to others."""
    return any(one.is_set() for one in _ends)


def run_until_idle(clock: Clock) -> int:
    """Do everything that is due, then return how many jobs were run and messages looked at."""
    add_periodic(clock(), {})
    _ends.clear()
    count = 0
    while done := run_round(clock):
        count += done
    return count


def run_round(clock: Clock) -> int:
    """A little of everything that is due: of each other source, then one job. How much was done."""
    return sum(source(clock) for source in sources) + run_one(clock)


def add_periodic(now: datetime, added: dict[str, datetime]) -> None:
    """Add the periodic jobs of this moment; `added` remembers, so that most rounds write nothing."""
    slots = {kind: operations.slot(period, now) for kind, period in periodic.items()}
    if slots == added:
        return
    with writing():
        for kind, period in periodic.items():
            operations.add_for_slot(kind, period, now)
    added.update(slots)


def run_one(clock: Clock) -> bool:
    """Run the next due job, if there is one; what its handler raises is kept with the job."""
    if not queries.something_is_due(clock()):
        db.rollback()
        return False
    with writing():
        claim = operations.claim(clock(), urgent) if urgent else None
        claim = claim or operations.claim(clock())
    if claim is None:
        return False
    try:
        _handler(claim)(claim, clock())
    except Exception as error:
        db.rollback()
        log.warning("Job %s (%s), try %s, failed.", claim.job_id, claim.kind, claim.tries, exc_info=True)
        with writing():
            operations.fail(claim, f"{type(error).__name__}: {error}", clock(), isinstance(error, Hopeless))
    else:
        with writing():
            if not operations.complete(claim, clock()):
                log.warning("Job %s (%s) outlived its lease.", claim.job_id, claim.kind)
    return True


def _handler(claim: Claim) -> Handler:
    if claim.kind not in handlers:
        raise Hopeless(f"No handler is registered for {claim.kind}.")
    return handlers[claim.kind]

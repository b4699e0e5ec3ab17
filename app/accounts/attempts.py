"""Slowing guesses down: attempts are counted in the database, and past a number of them one must wait.

What is counted are keyed hashes of an account's address or a caller's; an address without an account is
counted like any other, so waiting tells nobody whether there is one. Attempts are counted before the
password is looked at, so that many at once are no way round.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text

from app.accounts.models import Attempt
from app.database import db, writing
from app.domain.errors import DomainError
from app.jobs.operations import Claim
from app.jobs.worker import every

FIRST_WAIT = timedelta(seconds=30)
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """So many attempts `within` a time are free; each further one doubles the wait, up to that time."""

    kind: str
    free: int
    within: timedelta


SIGN_IN_ACCOUNT = Limit("sign-in", 5, timedelta(minutes=15))
SIGN_IN_CLIENT = Limit("sign-in client", 30, timedelta(minutes=15))
PASSWORD = Limit("password", 5, timedelta(minutes=15))
"""Giving one's password again, signed in: to change it, to close the account."""
SIGN_UP_CLIENT = Limit("sign-up client", 60, timedelta(hours=1))
"""Generous: a whole workshop may sign up from behind one address."""
SIGN_UP_LETTER = Limit("sign-up letter", 3, timedelta(hours=1))
"""Having a letter written to an address by signing up with it. Nobody sees that there was none."""
CONFIRMATION = Limit("confirmation", 3, timedelta(hours=1))
"""Having a letter written to confirm one's address."""
CONFIRMING_CLIENT = Limit("confirming client", 30, timedelta(minutes=15))
"""Following a link to confirm an address, good or not."""
RESET_CLIENT = Limit("reset client", 30, timedelta(hours=1))
"""Asking for a new password, whether or not there is an account."""
RESET_LETTER = Limit("reset letter", 3, timedelta(hours=1))
"""Having a letter written to an address by asking for a new password. Nobody sees that there was none."""
RESETTING_CLIENT = Limit("resetting client", 30, timedelta(minutes=15))
"""Following a link to a new password, good or not."""
INVITATION_CODE = Limit("invitation code", 8, timedelta(minutes=15))
INVITATION_CODE_CLIENT = Limit("invitation code client", 120, timedelta(minutes=15))
"""Generous again: a workshop types its code behind one address, and some mistype it."""
NAMING = Limit("naming", 8, timedelta(minutes=15))
"""Naming somebody by an address where it came to nothing; only organisers are not counted."""

Knock = tuple[Limit, str]
"""A limit and whose attempt it is (a keyed hash)."""


class TooMany(DomainError):
    """One must wait; `seconds` says how long."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = math.ceil(wait.total_seconds())
        minutes = math.ceil(self.seconds / 60)
        words = f"{self.seconds} seconds" if self.seconds < 60 else f"{minutes} minute{'s' * (minutes > 1)}"
        super().__init__(f"There were too many attempts. Wait {words}, then try again.")


def count(knocks: Sequence[Knock], now: datetime) -> TooMany | None:
    """Count an attempt, or say how long to wait first; then it is not counted. To be committed at once."""
    _lock(knocks)
    wait = max(waiting_time(limit, subject, now) for limit, subject in knocks)
    if wait > timedelta():
        return TooMany(wait)
    db.add_all(Attempt(kind=limit.kind, subject=subject, attempted_at=now) for limit, subject in knocks)
    db.flush()
    return None


def waiting_time(limit: Limit, subject: str, now: datetime) -> timedelta:
    """How long this subject has still to wait; nothing if it need not."""
    counted = (
        Attempt.kind == limit.kind,
        Attempt.subject == subject,
        Attempt.attempted_at > now - limit.within,
    )
    number, latest = db.execute(select(func.count(), func.max(Attempt.attempted_at)).where(*counted)).one()
    if number < limit.free:
        return timedelta()
    wait = min(FIRST_WAIT * 2 ** min(number - limit.free, 20), limit.within)
    until: datetime = latest + wait
    return max(until - now, timedelta())


def forget(limit: Limit, subject: str) -> None:
    """It was no guess: all attempts of this subject are forgotten."""
    db.execute(delete(Attempt).where(Attempt.kind == limit.kind, Attempt.subject == subject))


def take_back(limit: Limit, subject: str) -> None:
    """It was no guess: the latest attempt of this subject does not count."""
    latest = select(func.max(Attempt.id)).where(Attempt.kind == limit.kind, Attempt.subject == subject)
    db.execute(delete(Attempt).where(Attempt.id == latest.scalar_subquery()))


@every(timedelta(days=1), "accounts.tidy")
def tidy(_claim: Claim, now: datetime) -> None:
    """Forget attempts that no longer slow anybody down."""
    with writing():
        db.execute(delete(Attempt).where(Attempt.attempted_at < now - KEPT))


def _lock(knocks: Sequence[Knock]) -> None:
    """On PostgreSQL, one at a time per subject; SQLite has one writer anyway."""
    if db.get_bind().dialect.name != "postgresql":
        return
    for subject in sorted(f"{limit.kind} {subject}" for limit, subject in knocks):
        db.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))"), {"subject": subject})

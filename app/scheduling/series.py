"""A series: several sittings made in one step, into new sessions or onto those that have no date yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func, select

from app.database import db
from app.domain.timezones import Promise, Span, derive
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession
from app.learning_sessions.operations import create_learning_session
from app.learning_sessions.sittings import NewOffering
from app.scheduling.answering import Answer, Answered, answer_interest
from app.scheduling.operations import add_sitting

NUMBER = "{n}"
"""Stands in a title for the number of the session."""


@dataclass(frozen=True)
class Planned:
    """One sitting as it would be saved: which session, when."""

    key: str
    promise: Promise
    title: str
    learning_session: LearningSession | None = None
    """The undated session that gets this date; None makes a new one."""

    @property
    def span(self) -> Span:
        return derive(self.promise)


def of_journey(journey_id: int) -> Sequence[LearningSession]:
    """All sessions of a journey, in their order; one query."""
    return db.scalars(
        select(LearningSession)
        .where(LearningSession.journey_id == journey_id)
        .order_by(LearningSession.position)
    ).all()


def undated(journey_id: int) -> Sequence[LearningSession]:
    """The sessions of a journey that have no date yet, in their order; one query."""
    return db.scalars(
        select(LearningSession)
        .where(LearningSession.journey_id == journey_id, ~LearningSession.offerings.any())
        .order_by(LearningSession.position)
    ).all()


def next_number(journey_id: int) -> int:
    """The number that the next session of a journey would have."""
    count = select(func.count(LearningSession.id)).where(LearningSession.journey_id == journey_id)
    return (db.scalar(count) or 0) + 1


def assigned(
    dates: Iterable[tuple[str, Promise, str]],
    title: str,
    number_from: int,
    waiting: Sequence[LearningSession],
) -> list[Planned]:
    """Give each date, of (key, promise, its own title), its session: those waiting first, then new ones."""
    found: list[Planned] = []
    free, number = list(waiting), number_from
    for key, promise, own_title in dates:
        if free:
            taken = free.pop(0)
            found.append(Planned(key, promise, taken.title, taken))
            continue
        found.append(Planned(key, promise, own_title or title.replace(NUMBER, str(number))))
        number += 1
    return found


def fingerprint(series: Iterable[Planned]) -> str:
    """A short sum of everything the table shows of a series."""
    said = [
        (one.key, str(one.promise), one.title, one.learning_session.id if one.learning_session else None)
        for one in series
    ]
    return sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def save_series(
    journey: Journey, series: Iterable[Planned], new: NewOffering, how: Answer, now: datetime
) -> list[Answered]:
    """Make every sitting of a series like `new`, each at its own time. All of them, or none.

    Gives for each what became of those who had said they would come to a session without a date.
    """
    answered = []
    for one in series:
        learning_session = one.learning_session or create_learning_session(journey, one.title, now)
        offering = add_sitting(learning_session, replace(new, when=one.promise), now)
        answered.append(answer_interest(offering, how if one.learning_session else Answer.NOTHING, now))
    return answered


def together(answered: Iterable[Answered]) -> Answered:
    """The counts of several sessions added up."""
    those = list(answered)
    return Answered(
        sum(one.confirmed for one in those),
        sum(one.waiting for one in those),
        sum(one.invited for one in those),
    )

"""What is asked about interest in undated sessions. Views ask through `queries`."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.database import db
from app.domain.availability import Availability
from app.enrolments.models import Interest
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession

LIVE = Interest.withdrawn_at.is_(None)
WAITS = and_(LIVE, Interest.answered_at.is_(None))


@dataclass(frozen=True)
class Interested:
    """How many would come to an undated session, and whether the reader is one of them."""

    people: int
    is_own: bool


def interested(learning_session_id: int, also_answered: bool = False) -> Sequence[Interest]:
    """Who would come, with the participants, in the order in which they said so; one query.

    Without those who have been answered, unless asked for.
    """
    return db.scalars(
        select(Interest)
        .where(Interest.learning_session_id == learning_session_id, LIVE if also_answered else WAITS)
        .options(joinedload(Interest.participant))
        .order_by(Interest.said_at, Interest.id)
    ).all()


def interest_counts(journey_id: int) -> dict[int, int]:
    """Learning session id → how many wait for its date; one query."""
    rows = db.execute(
        select(Interest.learning_session_id, func.count())
        .join(Interest.learning_session)
        .where(LearningSession.journey_id == journey_id, WAITS)
        .group_by(Interest.learning_session_id)
    )
    return {row[0]: row[1] for row in rows}


def interest_in(learning_session_id: int, participant_id: int | None) -> Interested:
    """How many wait for a session's date, and whether this participant does; one query."""
    own = Interest.participant_id == (participant_id or 0)
    people, is_own = db.execute(
        select(func.count(), func.coalesce(func.sum(case((own, 1), else_=0)), 0)).where(
            Interest.learning_session_id == learning_session_id, WAITS
        )
    ).one()
    return Interested(people, bool(is_own))


def own_interest(
    participant_id: int, learning_session_id: int, also_withdrawn: bool = False
) -> Interest | None:
    """What a participant said about one session."""
    said = select(Interest).filter_by(participant_id=participant_id, learning_session_id=learning_session_id)
    return db.scalar(said if also_withdrawn else said.where(LIVE))


def interests_of(participant_id: int) -> Sequence[Interest]:
    """The undated sessions a participant waits for, with session and journey; one query."""
    running = (JourneyStatus.PUBLISHED, JourneyStatus.OPEN)
    return db.scalars(
        select(Interest)
        .join(Interest.learning_session)
        .join(LearningSession.journey)
        .where(Interest.participant_id == participant_id, WAITS, Journey.status.in_(running))
        .options(contains_eager(Interest.learning_session).contains_eager(LearningSession.journey))
        .order_by(Interest.said_at, Interest.id)
    ).all()


def availability_of(interest: Interest) -> Availability:
    """When they said they can."""
    return Availability(frozenset(interest.weekdays.split()), interest.can_from, interest.can_until)

"""Interest in a learning session that has no date: people say they would come, and when they can.

None of these commits. Each locks the learning session, so that dating it and saying so take turns.
"""

from datetime import datetime

from sqlalchemy import select, update

from app.database import db
from app.domain.availability import Availability
from app.domain.errors import DomainError, NotOpen
from app.enrolments.interested import LIVE, own_interest
from app.enrolments.models import Interest
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.operations import lock
from app.participants.models import Participant

LONGEST_NOTE = 1000
RUNNING = frozenset({JourneyStatus.PUBLISHED, JourneyStatus.OPEN})


def say_interest(
    learning_session: LearningSession, participant: Participant, can: Availability, note: str, now: datetime
) -> Interest:
    """Somebody would come; saying so again changes when they can and keeps their turn.

    Whoever says so waits for an answer, though a sitting since deleted had answered them. Coming back after
    withdrawing takes a new turn. Raises NotOpen for a journey that is over or not published and for a session
    that is dated by now.
    """
    journey_id = lock(learning_session.id)
    journey = db.get_one(Journey, journey_id, populate_existing=True)
    if journey.status not in RUNNING:
        raise NotOpen(f"“{journey.title}” is not open; nobody can sign up for its sessions.")
    if is_dated(learning_session.id):
        raise NotOpen("This session has a date now; take a place in it.")
    if len(note) > LONGEST_NOTE:
        raise DomainError(f"Use at most {LONGEST_NOTE:,} characters.", "note")
    found = own_interest(participant.id, learning_session.id, also_withdrawn=True)
    if found is None:
        found = Interest(participant_id=participant.id, learning_session_id=learning_session.id, said_at=now)
        db.add(found)
    elif found.withdrawn_at is not None:
        found.said_at, found.withdrawn_at = now, None
    found.answered_at = None  # whatever date they were told, the session has none now
    found.weekdays, found.note = can.stored_weekdays, note.strip()
    found.can_from, found.can_until = can.can_from, can.can_until
    db.flush()
    return found


def withdraw_interest(learning_session_id: int, participant: Participant, now: datetime) -> bool:
    """They would not come after all; False when they had not said so. What they said is forgotten."""
    lock(learning_session_id)
    found = own_interest(participant.id, learning_session_id)
    if found is None:
        return False
    _withdraw(found, now)
    db.flush()
    return True


def withdraw_everywhere(participant: Participant, now: datetime, journey_id: int | None = None) -> int:
    """Withdraw from every session, or from those of one journey; how many that were.

    Locks session after session in the order of journeys and ids, so that each takes its turn with dating.
    """
    theirs = (
        select(Interest.learning_session_id)
        .join(Interest.learning_session)
        .where(Interest.participant_id == participant.id, LIVE)
        .order_by(LearningSession.journey_id, LearningSession.id)
    )
    if journey_id is not None:
        theirs = theirs.where(LearningSession.journey_id == journey_id)
    return sum(withdraw_interest(number, participant, now) for number in db.scalars(theirs).all())


def wait_again(learning_session_id: int) -> None:
    """Let all who would come wait for a date again: the one they were told of is no more.

    The caller holds the session's lock.
    """
    its = update(Interest).where(Interest.learning_session_id == learning_session_id, LIVE)
    db.execute(its.values(answered_at=None))


def takes_interest(learning_session: LearningSession) -> bool:
    """Whether anybody may say now that they would come."""
    return learning_session.journey.status in RUNNING and not is_dated(learning_session.id)


def is_dated(learning_session_id: int) -> bool:
    """Whether the session has a sitting, be it a cancelled one."""
    its = select(Offering.id).where(Offering.learning_session_id == learning_session_id)
    return db.scalar(its.limit(1)) is not None


def _withdraw(interest: Interest, now: datetime) -> None:
    interest.withdrawn_at = now
    interest.weekdays = interest.note = ""
    interest.can_from = interest.can_until = None

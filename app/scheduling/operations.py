"""Every change of a sitting. None of these commits.

Each goes the same way: lock the journey, the learning session and its sittings; write the one fact; settle
the seats; write one record with what stood before and after.
"""

from datetime import datetime

from app.accounts.models import User
from app.database import db
from app.enrolments import all_sessions, seating
from app.learning_sessions.models import LearningSession, Offering, OfferingStatus
from app.learning_sessions.operations import add_offering
from app.learning_sessions.sittings import NewOffering
from app.scheduling.deleting import delete_learning_session, delete_sitting
from app.scheduling.holding import hold, hold_learning_session
from app.scheduling.journey_zone import Keep, change_journey_zone
from app.scheduling.models import ChangeKind, OfferingChange
from app.scheduling.recording import record_change, stand_of
from app.scheduling.revising import redate, revise

__all__ = [
    "Keep",
    "add_sitting",
    "cancel",
    "change_journey_zone",
    "delete_learning_session",
    "delete_sitting",
    "redate",
    "restore",
    "revise",
]


def add_sitting(learning_session: LearningSession, new: NewOffering, now: datetime) -> Offering:
    """Date a learning session; a second sitting is a twin. Refuses what cannot be true of a sitting."""
    hold_learning_session(learning_session)
    offering = add_offering(learning_session, new, now)
    all_sessions.expect(offering, now)
    return offering


def cancel(
    offering: Offering, reason: str, now: datetime, *, by: User | None = None
) -> OfferingChange | None:
    """Cancel a sitting; it stays where people look for it, and its places stay as they are.

    Nobody is seated in it any more. None for one that is cancelled already.
    """
    hold(offering)
    if offering.is_cancelled:
        return None
    before = stand_of(offering)
    offering.status, offering.cancelled_at = OfferingStatus.CANCELLED, now
    offering.cancellation_note = reason.strip()
    return _settled(offering, before, ChangeKind.CANCELLED, now, by, reason)


def restore(
    offering: Offering, now: datetime, *, by: User | None = None, note: str = ""
) -> OfferingChange | None:
    """Let a cancelled sitting take place after all, with the places it had; free ones go to who waits.

    None for one that is not cancelled.
    """
    hold(offering)
    if not offering.is_cancelled:
        return None
    before = stand_of(offering)
    offering.status, offering.cancelled_at = OfferingStatus.SCHEDULED, None
    offering.cancellation_note = ""
    change = _settled(offering, before, ChangeKind.RESTORED, now, by, note)
    all_sessions.expect(offering, now)
    return change


def _settled(
    offering: Offering, before: dict[str, object], kind: ChangeKind, now: datetime, by: User | None, note: str
) -> OfferingChange:
    db.flush()
    seating.settle_learning_session(offering.learning_session_id, now)
    return record_change(offering, before, kind, now, by=by, note=note)

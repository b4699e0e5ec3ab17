"""Saying another reason for a cancellation that stands."""

from datetime import datetime

from app.accounts.models import User
from app.learning_sessions.models import Offering
from app.scheduling.holding import hold
from app.scheduling.models import ChangeKind, OfferingChange
from app.scheduling.recording import record_change, stand_of


def restate(
    offering: Offering, reason: str, now: datetime, *, by: User | None = None
) -> OfferingChange | None:
    """Put another reason in the place of the one that was given; what was said before stays in the log.

    None, and nothing changes, when it is the same reason or the sitting is not cancelled any more.
    """
    hold(offering)
    if not offering.is_cancelled or offering.cancellation_note == reason.strip():
        return None
    offering.cancellation_note = reason.strip()
    before = stand_of(offering)  # nothing of when and where: people are told nothing new
    return record_change(offering, before, ChangeKind.CANCELLED, now, by=by, note=reason, is_told=False)

"""Deleting what nobody has counted on. What has places or a history is cancelled instead."""

from datetime import datetime

from app.database import db
from app.domain.errors import Refused
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.operations import refresh_next_at
from app.scheduling import queries
from app.scheduling.holding import hold, hold_learning_session


def delete_sitting(offering: Offering, now: datetime) -> None:
    """Delete a sitting in which nobody ever asked for a place and of which no change is known.

    Refused otherwise: such a one is cancelled.
    """
    hold(offering)
    _check_untouched(offering)
    learning_session = offering.learning_session
    learning_session.offerings.remove(offering)
    learning_session.updated_at = now
    db.flush()
    refresh_next_at(learning_session.journey, now)


def delete_learning_session(learning_session: LearningSession, now: datetime) -> None:
    """Delete a learning session with its sittings, if every one of them may be deleted."""
    hold_learning_session(learning_session)
    for offering in learning_session.offerings:
        _check_untouched(offering)
    journey = learning_session.journey
    db.delete(learning_session)
    journey.updated_at = now
    db.flush()
    refresh_next_at(journey, now)


def _check_untouched(offering: Offering) -> None:
    instead = "" if offering.is_cancelled else " Cancel it instead; then everybody sees that it is off."
    stays = " It is cancelled and stays to be seen." if offering.is_cancelled else instead
    if queries.has_places(offering):
        raise Refused(f"People have asked for places in this sitting, so it is not deleted.{stays}")
    if queries.has_history(offering):
        raise Refused(
            "This sitting was changed after the journey was published; calendars know of it, so it is not "
            f"deleted.{stays}"
        )

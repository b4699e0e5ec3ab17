"""Deleting what nobody has counted on. What has places or a history is cancelled instead."""

from datetime import datetime

from app.database import db
from app.domain.errors import Refused
from app.enrolments.interest import is_dated, wait_again
from app.enrolments.reserving import check_none_stands
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.operations import refresh_next_at
from app.scheduling import queries
from app.scheduling.holding import hold, hold_learning_session

UNDATED_INSTEAD = "Date it, or leave it undated."
DATED_INSTEAD = "Cancel its sittings instead; then everybody sees that they are off."


def delete_sitting(offering: Offering, now: datetime) -> None:
    """Delete a sitting in which nobody ever asked for a place and of which no change is known.

    Refused otherwise: such a one is cancelled. With its last sitting a session is undated again, and all who
    said they would come wait for a date again.
    """
    hold(offering)
    _check_untouched(offering)
    learning_session = offering.learning_session
    learning_session.offerings.remove(offering)
    learning_session.updated_at = now
    db.flush()
    if not is_dated(learning_session.id):
        wait_again(learning_session.id)
    refresh_next_at(learning_session.journey, now)


def delete_learning_session(learning_session: LearningSession, now: datetime) -> None:
    """Delete a learning session with its sittings, if every one of them may be deleted.

    Refused when somebody would come to it: what they said is kept.
    """
    hold_learning_session(learning_session)
    for offering in learning_session.offerings:
        _check_untouched(offering)
    _check_nobody_would_come(learning_session)
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
    check_none_stands(offering)


def _check_nobody_would_come(learning_session: LearningSession) -> None:
    count = queries.what_goes_with(learning_session.id).interested
    if count:
        people = "1 person" if count == 1 else f"{count:,} people"
        stays = f"{people} said they would come to this session, so it is not deleted."
        raise Refused(f"{stays} {DATED_INSTEAD if learning_session.offerings else UNDATED_INSTEAD}")

"""Correcting the zone of a journey, and of the sittings that were planned in it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.dates import long_day
from app.domain.errors import Refused
from app.domain.timezones import Promise, TimeDoesNotExist, TimeHappensTwice, check_wall, local, zone_rules
from app.enrolments import moving, rooms, seating
from app.journeys.locking import lock as lock_journey
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.operations import lock
from app.learning_sessions.sittings import Days, end_of
from app.learning_sessions.storing import promise_of, time_columns
from app.scheduling.models import ChangeKind
from app.scheduling.recording import record_change, stand_of
from app.scheduling.revising import ends_at, move


class Keep(StrEnum):
    """What stays when a journey gets another zone."""

    WALL = "wall"
    """10:00 stays 10:00, now in the other zone."""
    INSTANT = "instant"
    """The moment stays; clocks of the other zone show it differently."""
    SESSIONS_AS_THEY_ARE = "apart"
    """The sittings keep their zone; only new ones begin with the other."""


def change_journey_zone(
    journey: Journey, timezone: str, keep: Keep, now: datetime, *, by: User | None = None
) -> int:
    """Give a journey another zone. Returns how many of its sittings got it too, each with a record.

    Those are the ones in the old zone that have not begun, cancelled ones too. With Keep.WALL, refuses the
    whole when one of them cannot be read in the other zone, and names it; so with a draw, or an end of
    balance, that is to come and would be over.
    """
    zone_rules(timezone)
    lock_journey(journey)
    if timezone == journey.timezone:
        return 0
    moves = [] if keep is Keep.SESSIONS_AS_THEY_ARE else _moves(journey, timezone, keep, now)
    journey.timezone, journey.updated_at = timezone, now
    db.flush()
    for offering, columns in moves:
        before = stand_of(offering)
        move(offering, columns)
        moving.shorten_offers(offering)
        record_change(offering, before, ChangeKind.MOVED, now, by=by)
    for learning_session_id in dict.fromkeys(offering.learning_session_id for offering, _ in moves):
        seating.settle_learning_session(learning_session_id, now)
    return len(moves)


def _moves(
    journey: Journey, timezone: str, keep: Keep, now: datetime
) -> Sequence[tuple[Offering, dict[str, Any]]]:
    """The sittings that get the other zone, each with what is stored of it then."""
    coming = [one for one in _held_in(journey, journey.timezone) if not rooms.has_begun(one, now)]
    found = [(one, _columns_in(timezone, one, keep)) for one in coming]
    for one, columns in found:
        moving.check_moments_stay_ahead(one, _end_with(columns) - ends_at(one), now)
    return found


def _end_with(columns: dict[str, Any]) -> datetime:
    """The instant a sitting ends that is stored so."""
    ended_at: datetime | None = columns["ends_at"]
    return ended_at or end_of(Days(columns["first_on"], columns["last_on"], columns["timezone"]))


def _held_in(journey: Journey, timezone: str) -> Sequence[Offering]:
    """The sittings in a zone, every learning session locked in order of its number."""
    numbers = db.scalars(select(LearningSession.id).where(LearningSession.journey_id == journey.id))
    for number in sorted(numbers):
        lock(number, changes_journey=True)
    return db.scalars(
        select(Offering)
        .join(Offering.learning_session)
        .where(LearningSession.journey_id == journey.id, Offering.timezone == timezone)
        .order_by(LearningSession.position, Offering.position)
        .execution_options(populate_existing=True)
    ).all()


def _columns_in(timezone: str, offering: Offering, keep: Keep) -> dict[str, Any]:
    promise = promise_of(offering)
    if promise is None or offering.starts_at is None:
        assert offering.first_on is not None  # noqa: S101  # the schema has it: a promise or days
        assert offering.last_on is not None  # noqa: S101  # likewise
        return time_columns(Days(offering.first_on, offering.last_on, timezone))
    if keep is Keep.INSTANT:
        at = local(offering.starts_at, timezone)
        wall, fold = at.replace(tzinfo=None, fold=0), at.fold
    else:
        wall, fold = promise.starts_wall, _only_fold(offering, promise, timezone)
    return time_columns(Promise(wall, timezone, fold, promise.length_minutes))


def _only_fold(offering: Offering, promise: Promise, timezone: str) -> int:
    try:
        return check_wall(promise.starts_wall, timezone)
    except (TimeDoesNotExist, TimeHappensTwice) as unclear:
        title, wall = offering.learning_session.title, promise.starts_wall
        raise Refused(
            f"“{title}” on {long_day(wall.date())} at {wall:%H:%M}: {unclear.message} Move this sitting "
            "first, then correct the zone of the journey; or keep the moments as they are.",
            "keep",
        ) from unclear

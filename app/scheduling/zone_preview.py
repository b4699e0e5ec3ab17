"""What another zone of a journey would make of its coming sittings, either way; nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.database import db
from app.domain.errors import DomainError
from app.domain.showing import Days as DaysShown
from app.domain.showing import When, days, when
from app.domain.timezones import Promise, Span, TimeHappensTwice, check_wall, derive, readable_zone
from app.enrolments import rooms
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.storing import promise_of

STALE = "Sittings were moved since this table was made. Look at it again, then save."


@dataclass(frozen=True)
class Preview:
    """One coming sitting under both answers. One known by its days keeps them either way."""

    offering: Offering
    now: When | None
    """None: the old zone is not known any more."""
    days: DaysShown | None
    by_clock: When | None
    """With the time on the clock kept; None where that cannot be."""
    later: str
    """How the moment moves then: `5 hours 30 minutes earlier`, `the same moment`."""
    problem: str
    """Why the time on the clock cannot be kept."""
    by_moment: When | None
    """With the moment kept."""

    @property
    def fact(self) -> tuple[object, ...]:
        """What the preview was made from."""
        one = self.offering
        return one.id, one.starts_wall, one.fold, one.length_minutes, one.starts_at, one.first_on, one.last_on


def previews(journey: Journey, timezone: str, now: datetime) -> list[Preview]:
    """Every sitting that would get the other zone, in the order of the journey; one query."""
    return [_preview(one, timezone) for one in _coming(journey, now)]


def _coming(journey: Journey, now: datetime) -> Sequence[Offering]:
    found = db.scalars(
        select(Offering)
        .join(Offering.learning_session)
        .where(LearningSession.journey_id == journey.id, Offering.timezone == journey.timezone)
        .order_by(LearningSession.position, Offering.position)
        .options(contains_eager(Offering.learning_session))
    )
    return [one for one in found if not rooms.has_begun(one, now)]


def _preview(offering: Offering, timezone: str) -> Preview:
    promise = promise_of(offering)
    if promise is None or offering.starts_at is None or offering.ends_at is None:
        first_on, last_on = offering.first_on, offering.last_on
        shown = days(first_on, last_on, timezone) if first_on and last_on else None
        return Preview(offering, None, shown, None, "", "", None)
    held = Span(offering.starts_at, offering.ends_at)
    span, problem = _kept_on_the_clock(promise, timezone)
    return Preview(
        offering,
        _in(held, offering.timezone),
        None,
        _in(span, timezone) if span else None,
        moved_by(span.starts_at - held.starts_at) if span else "",
        problem,
        _in(held, timezone),
    )


def _kept_on_the_clock(promise: Promise, timezone: str) -> tuple[Span | None, str]:
    wall = promise.starts_wall
    try:
        fold = check_wall(wall, timezone)
        return derive(Promise(wall, timezone, fold, promise.length_minutes)), ""
    except TimeHappensTwice:
        return None, f"{wall:%H:%M} comes twice there on that day."
    except DomainError as error:
        return None, error.message


def _in(span: Span, timezone: str) -> When | None:
    return when(span, None, timezone) if readable_zone(timezone) == timezone else None


def moved_by(difference: timedelta) -> str:
    """`an hour later`, `5 hours 30 minutes earlier`, `the same moment`."""
    minutes = round(difference.total_seconds() / 60)
    if minutes == 0:
        return "the same moment"
    hours, rest = divmod(abs(minutes), 60)
    words = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    words += [f"{rest} minute{'' if rest == 1 else 's'}"] if rest else []
    said = "an hour" if (hours, rest) == (1, 0) else " ".join(words)
    return f"{said} {'later' if minutes > 0 else 'earlier'}"

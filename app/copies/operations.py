"""Making a journey as the copy of another. Does not commit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select

from app.accounts.models import User
from app.copies.duplicating import carry, duplicate
from app.copies.moving import When, moved_instant, wall_begin
from app.copies.queries import learning_sessions
from app.copies.rules import copy_policy, copy_rule
from app.database import db
from app.domain.errors import DomainError
from app.domain.permissions import OrganiserRole
from app.journeys.models import Journey, QuestionHeading, Theme, ThemeJourney
from app.journeys.operations import NewJourney, assign_organiser, create_journey
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.operations import add_offering
from app.learning_sessions.sittings import NewOffering, check_new, end_of
from app.learning_sessions.storing import days_of, promise_of
from app.toolkits.models import journey_toolkits


@dataclass(frozen=True)
class CopyPlan:
    """What is other in the copy: its title and address, its dates."""

    title: str
    short_title: str
    slug: str | None
    """None: made from the title."""
    days: int
    """By how many days the dates move that are no sitting's."""
    sittings: Mapping[int, When]
    """The sittings of the source that are copied, by id, with their new times."""


def copy_journey(source: Journey, plan: CopyPlan, owner: User, now: datetime) -> Journey:
    """A draft that holds everything the source holds but people: no enrolment, no place, no change.

    `owner` runs it alone. Toolkits, venues, organisations, topics and facilitators are shared with the
    source. Refuses an address in use and times that do not exist.
    """
    new = NewJourney(
        kind=source.kind,
        title=plan.title,
        short_title=plan.short_title,
        timezone=source.timezone,
        slug=plan.slug,
    )
    copy = create_journey(new, now)
    carry(source, copy)
    copy.starts_on, copy.ends_on = _later(source.starts_on, plan.days), _later(source.ends_on, plan.days)
    _copy_headings(source, copy)
    db.flush()
    assign_organiser(copy, owner, OrganiserRole.OWNER, now)
    copy_policy(source, copy, plan.days)
    _link(source, copy)
    themes = dict(zip((one.id for one in source.themes), copy.themes, strict=True))
    for learning_session in learning_sessions(source.id):
        _copy_learning_session(learning_session, copy, themes, plan.sittings, now)
    return copy


def when_of(offering: Offering) -> When:
    """What a sitting promises, or its days."""
    promise = promise_of(offering) or days_of(offering)
    if promise is None:
        raise ValueError("A sitting has a promise or days.")
    return promise


def _copy_headings(source: Journey, copy: Journey) -> None:
    """Headings stand under headings of the same journey."""
    made: dict[int, QuestionHeading] = {}
    for one in sorted(source.question_headings, key=lambda heading: heading.parent_id is not None):
        heading = duplicate(one)
        copy.question_headings.append(heading)
        db.flush()
        heading.parent_id = made[one.parent_id].id if one.parent_id in made else None
        made[one.id] = heading


def _link(source: Journey, copy: Journey) -> None:
    """The toolkits it uses, and the themes of the network it works on."""
    toolkits = db.scalars(
        select(journey_toolkits.c.toolkit_id).where(journey_toolkits.c.journey_id == source.id)
    ).all()
    if toolkits:
        rows = [{"journey_id": copy.id, "toolkit_id": number} for number in toolkits]
        db.execute(insert(journey_toolkits), rows)
    for theme_id in db.scalars(
        select(ThemeJourney.theme_id).where(ThemeJourney.journey_id == source.id)
    ).all():
        db.add(ThemeJourney(theme_id=theme_id, journey_id=copy.id))


def _copy_learning_session(
    one: LearningSession, journey: Journey, themes: Mapping[int, Theme], sittings: Mapping[int, When],
    now: datetime,
) -> None:  # fmt: skip
    made = duplicate(
        one,
        journey=journey,
        themes=[themes[theme.id] for theme in one.themes],
        created_at=now,
        updated_at=now,
    )
    db.add(made)
    db.flush()
    for offering in one.offerings:
        if offering.id in sittings:
            _copy_offering(offering, made, sittings[offering.id], now)


def _copy_offering(one: Offering, learning_session: LearningSession, when: When, now: datetime) -> None:
    """The time is promised anew and derived under the rules of today; registration keeps its distance."""
    made = add_offering(learning_session, _dated(one, when), now)
    carry(one, made)
    db.flush()
    copy_rule(one, made, wall_begin(when) - wall_begin(when_of(one)))


def _dated(one: Offering, when: When) -> NewOffering:
    """Registration opens and closes as long before the begin as it did, by the clock. Where that leaves no
    sound window because clocks change in between, as long before the end.
    """
    window = one.registration_opens_at, one.registration_closes_at
    by = wall_begin(when) - wall_begin(when_of(one))
    opens_at, closes_at = (moved_instant(at, by, one.timezone) for at in window)
    new = NewOffering(
        when=when,
        attendance=one.attendance,
        registration_opens_at=opens_at,
        registration_closes_at=closes_at,
    )
    try:
        check_new(new)
    except DomainError:
        later = end_of(when) - (one.ends_at or end_of(when_of(one)))
        opens_at, closes_at = (at and at + later for at in window)
        return replace(new, registration_opens_at=opens_at, registration_closes_at=closes_at)
    return new


def _later(day: date | None, days: int) -> date | None:
    return day + timedelta(days=days) if day is not None else None

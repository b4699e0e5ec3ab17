"""Making journeys and taking them through their life; `composing` adds what they hold. None commits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.errors import DomainError, Refused
from app.domain.permissions import OrganiserRole
from app.domain.slugs import check_slug, slug_for
from app.domain.timezones import local, zone_rules
from app.jobs import operations as jobs
from app.journeys.life import Step, may_become
from app.journeys.locking import lock
from app.journeys.models import (
    ExpectedZone,
    Journey,
    JourneyKind,
    JourneySlug,
    JourneyStatus,
    OrganiserAssignment,
)
from app.journeys.slugs import is_taken_for

TELL_CLOSED = "journeys.tell_closed"
"""The job that tells the people of a journey that an organiser closed it, with `journey_id`."""
CLOSED_FOR = timedelta(minutes=10)
"""How long it waits: what is opened again by then was a slip, and nobody hears of it."""


@dataclass(frozen=True, kw_only=True)
class NewJourney:
    """What a journey begins with. `slug` is made from the title when none is given."""

    kind: JourneyKind
    title: str
    timezone: str
    slug: str | None = None
    parent: Journey | None = None
    short_title: str = ""
    summary: str = ""
    purpose: str = ""
    audience: str = ""
    approach: str = ""
    outcomes_lead: str = ""
    sessions_note: str = ""
    language: str = "en"
    text_direction: str = "ltr"
    starts_on: date | None = None
    ends_on: date | None = None
    period: str = ""
    place: str = ""
    demonstration_note: str = ""


def create_journey(new: NewJourney, now: datetime) -> Journey:
    """A draft. Refuses an empty title, an unknown zone, an end before the start, an address in use."""
    title = _title(new.title)
    zone_rules(new.timezone)
    check_days(new.starts_on, new.ends_on)
    is_taken = is_taken_for()
    journey = Journey(
        **_columns(new),
        slug=check_slug(new.slug, is_taken) if new.slug else slug_for(title, is_taken, "journey"),
        title=title,
        created_at=now,
        updated_at=now,
    )
    db.add(journey)
    db.flush()
    return journey


def rename(journey: Journey, title: str, now: datetime, slug: str | None = None) -> None:
    """Give the journey another title, and the address that goes with it; the old address redirects."""
    title = _title(title)
    is_taken = is_taken_for(journey)
    new = check_slug(slug, is_taken) if slug else slug_for(title, is_taken, "journey")
    if new != journey.slug:
        returned_to = db.get(JourneySlug, new)
        if returned_to is not None:
            db.delete(returned_to)
        db.add(JourneySlug(slug=journey.slug, journey_id=journey.id))
        journey.slug = new
    journey.title, journey.updated_at = title, now
    db.flush()


def place_under(journey: Journey, parent: Journey | None, now: datetime) -> None:
    """Make the journey part of another one, or of none. Refuses a circle.

    The journeys above are locked against being placed elsewhere meanwhile.
    """
    above = parent
    while above is not None:
        if above.id == journey.id:
            raise Refused("A journey cannot be part of itself, nor of one that is part of it.", "parent")
        lock_reading = select(Journey).where(Journey.id == above.id).with_for_update(read=True)
        db.scalar(lock_reading, execution_options={"populate_existing": True})
        above = above.parent
    journey.parent, journey.updated_at = parent, now
    db.flush()


def check_days(starts_on: date | None, ends_on: date | None) -> None:
    """Refuses an end before the start."""
    if starts_on and ends_on and ends_on < starts_on:
        raise DomainError("A journey cannot end before it starts.", "ends_on")


def publish(journey: Journey, now: datetime) -> None:
    """Let everybody read the journey. Nobody can enrol yet."""
    _step(journey, JourneyStatus.PUBLISHED, now)
    journey.published_at = now
    db.flush()


def open_journey(journey: Journey, now: datetime) -> None:
    """Let people enrol, for the first time or again."""
    _step(journey, JourneyStatus.OPEN, now)
    journey.closed_on, journey.closing_note = None, ""
    db.flush()


def close(journey: Journey, note: str, on: date | None, now: datetime) -> None:
    """End enrolment; everything stays readable. `on` is the day it closed, where that is known."""
    _step(journey, JourneyStatus.CLOSED, now)
    journey.closed_on, journey.closing_note = on, note.strip()
    db.flush()


def archive(journey: Journey, now: datetime) -> None:
    """Put a closed journey away; this is the last step."""
    _step(journey, JourneyStatus.ARCHIVED, now)
    db.flush()


def take_step(journey: Journey, step: str, now: datetime, note: str = "") -> bool:
    """One step as an organiser takes it today. False, and nothing changes, when it has been taken already.

    `note` is what is said on closing. Refuses what is no step, or not one that is next.
    """
    if step not in set(Step):
        raise DomainError("A journey is published, opened, closed or archived.", "step")
    lock(journey)
    if journey.status is Step(step).leads_to:
        return False
    if step == Step.CLOSE:
        close(journey, note, local(now, journey.timezone).date(), now)
        key = f"{TELL_CLOSED}:{journey.id}:{now.isoformat()}"
        jobs.add(TELL_CLOSED, {"journey_id": journey.id}, now, run_at=now + CLOSED_FOR, unique_key=key)
    else:
        {Step.PUBLISH: publish, Step.OPEN: open_journey, Step.ARCHIVE: archive}[Step(step)](journey, now)
    return True


def assign_organiser(journey: Journey, user: User, role: OrganiserRole, now: datetime) -> None:
    """Give an account a part in organising the journey, or another part than before."""
    assignment = db.get(OrganiserAssignment, (journey.id, user.id))
    if assignment is None:
        assignment = OrganiserAssignment(journey_id=journey.id, user_id=user.id)
        db.add(assignment)
    assignment.role = role
    journey.updated_at = now
    db.flush()


def expect_zone(journey: Journey, timezone: str, now: datetime, people: int | None = None) -> None:
    """Say that people of this zone are expected, and how many if that is known."""
    zone_rules(timezone)
    if people is not None and people < 1:
        raise DomainError("Expect at least one person, or leave the number empty.", "people")
    expected = next((zone for zone in journey.expected_zones if zone.timezone == timezone), None)
    if expected is None:
        expected = ExpectedZone(timezone=timezone)
        journey.expected_zones.append(expected)
    expected.people = people
    journey.updated_at = now
    db.flush()


def _columns(new: NewJourney) -> dict[str, Any]:
    return {name: value for name, value in vars(new).items() if name not in {"slug", "title"}}


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise DomainError("Give the journey a title.", "title")
    return title


def _step(journey: Journey, to: JourneyStatus, now: datetime) -> None:
    if not may_become(journey.status, to):
        raise Refused(f"A journey that is {journey.status} cannot become {to}.")
    journey.status, journey.updated_at = to, now

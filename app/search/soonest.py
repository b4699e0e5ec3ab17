"""The sittings of the catalogue as a calendar: which ones, and how it is called."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from app.calendars.facts import About
from app.calendars.rows import TOMBSTONE_DAYS, Scope
from app.database import db
from app.domain.languages import language_name
from app.domain.permissions import STRANGER
from app.journeys.models import Journey, JourneyKind, JourneyStatus
from app.journeys.queries import visible_to
from app.learning_sessions.models import LearningSession, Offering
from app.search.filters import STATUS_NAMES, Filters

MOST = 500
"""Coming sittings in one calendar: the soonest."""
MOST_PAST = 250
"""Those that were over, or were cancelled, lately."""


def soonest(asked: Filters, now: datetime) -> Scope:
    """What everybody may see of the journeys that fit: the next sittings, and those of the last
    TOMBSTONE_DAYS, with what was cancelled since.
    """
    since = now - timedelta(days=TOMBSTONE_DAYS)
    ends = func.coalesce(Offering.ends_at, Offering.last_on)
    comes = or_(Offering.ends_at >= now, Offering.last_on >= now.date())
    is_over = or_(Offering.ends_at < now, Offering.last_on < now.date())
    lately = or_(Offering.ends_at >= since, Offering.last_on >= since.date(), Offering.cancelled_at >= since)
    fit = (
        select(Offering.id)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .where(visible_to(STRANGER), *asked.conditions)
    )
    coming = fit.where(comes).order_by(ends, Offering.id).limit(MOST).subquery()
    past = fit.where(lately, is_over).order_by(ends.desc(), Offering.id).limit(MOST_PAST).subquery()
    return Scope(Offering.id.in_(select(coming.c.id)) | Offering.id.in_(select(past.c.id)))


def has_journeys(asked: Filters) -> bool:
    """Whether any journey that everybody may see fits now."""
    return db.scalar(select(Journey.id).where(visible_to(STRANGER), *asked.conditions).limit(1)) is not None


def about(asked: Filters, site_url: str) -> About:
    """How the calendar of a choice is called, and where it comes from."""
    said = "; ".join(f"{_WORDS.get(name, name)}: {_value(name, value)}" for name, value in asked.chosen)
    page = f"{site_url}{asked.address()}"
    return About(
        "Meridian: chosen sessions" if said else "Meridian: sessions",
        f"The next sessions, {MOST} at most, and those of the past {TOMBSTONE_DAYS} days. {said}".strip(),
        url=page,
        source=page.replace("/journeys/", "/journeys/calendar.ics", 1),
    )


_WORDS = {
    "q": "Search",
    "status": "Status",
    "kind": "Kind",
    "topic": "Topic",
    "audience": "Audience",
    "language": "Language",
}


def _value(name: str, value: str) -> str:
    """In words that no table keeps, so that they change with nothing but the code."""
    if name == "status" and value in set(JourneyStatus):
        return STATUS_NAMES[JourneyStatus(value)]
    if name == "kind" and value in set(JourneyKind):
        return JourneyKind(value).label
    return language_name(value) if name == "language" else value

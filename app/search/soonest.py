"""The sittings of the catalogue as a calendar: which ones, and how it is called."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from app.calendars.facts import About
from app.calendars.rows import TOMBSTONE_DAYS, Scope
from app.domain.permissions import STRANGER
from app.journeys.models import Journey
from app.journeys.queries import visible_to
from app.learning_sessions.models import LearningSession, Offering
from app.search.filters import Filters

MOST = 500
"""Sittings in one calendar: the soonest."""


def soonest(asked: Filters, now: datetime) -> Scope:
    """What everybody may see of the journeys that fit: sittings of the last TOMBSTONE_DAYS and to come."""
    since = now - timedelta(days=TOMBSTONE_DAYS)
    ends = func.coalesce(Offering.ends_at, Offering.last_on)
    those = (
        select(Offering.id)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .where(
            visible_to(STRANGER),
            *asked.conditions,
            or_(Offering.ends_at >= since, Offering.last_on >= since.date()),
        )
        .order_by(ends, Offering.id)
        .limit(MOST)
    )
    return Scope(Offering.id.in_(those))


def about(asked: Filters, site_url: str) -> About:
    """How the calendar of a choice is called, and where it comes from."""
    said = ", ".join(f"{name}: {value}" for name, value in asked.chosen)
    page = f"{site_url}{asked.address()}"
    return About(
        f"Meridian: sessions ({said})" if said else "Meridian: sessions",
        f"Sessions of the last {TOMBSTONE_DAYS} days and to come, the next {MOST} at most",
        url=page,
        source=page.replace("/journeys/", "/journeys/calendar.ics", 1),
    )

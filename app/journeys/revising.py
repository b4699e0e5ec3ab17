"""Changing what a journey says of itself. None of this commits."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.database import db
from app.domain.errors import DomainError
from app.domain.reminders import USUAL
from app.domain.timezones import local
from app.journeys.audiences import set_audiences
from app.journeys.composing import set_topics
from app.journeys.furniture import furniture
from app.journeys.models import Journey, JourneyKind, JourneyStatus
from app.journeys.operations import check_days, place_under, rename

LISTS = frozenset({"audiences", "topics", "throughout"})
APART = LISTS | {"title", "slug", "parent", "closing"}
"""What is not simply a column."""

OVER = frozenset({JourneyStatus.CLOSED, JourneyStatus.ARCHIVED})


@dataclass(frozen=True, kw_only=True)
class About:
    """All that a person may change of a journey besides its zone, its status and its parts."""

    kind: JourneyKind
    title: str
    slug: str | None = None
    """None: made from the title."""
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
    reminders: str = USUAL
    """When its people are reminded of a sitting, unless they chose otherwise."""
    demonstration_note: str = ""
    audiences: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    throughout: tuple[str, ...] = ()
    """Topics that run through all its sessions."""
    closing: tuple[date | None, str] | None = None
    """The day a journey closed, if that is known, and what was said; None: left as it is."""


def revise(journey: Journey, about: About, now: datetime) -> None:
    """Make the journey say this. A changed address leaves a redirect. Lock the journey first.

    Refuses an address in use, a circle of parents, an end before the start, a topic named twice.
    """
    check_days(about.starts_on, about.ends_on)
    if about.closing is not None and journey.status in OVER:
        _say_of_closing(journey, *about.closing, now)
    for name, value in vars(about).items():
        if name not in APART:
            setattr(journey, name, value)
    rename(journey, about.title, now, about.slug)
    place_under(journey, about.parent, now)
    set_audiences(journey, about.audiences)
    set_topics(journey, about.topics, now, about.throughout)
    db.flush()


def _say_of_closing(journey: Journey, on: date | None, note: str, now: datetime) -> None:
    if on is not None and on > local(now, journey.timezone).date():
        raise DomainError("It is closed already; give the day it closed.", "closed_on")
    journey.closed_on, journey.closing_note = on, note


def said_of(journey: Journey) -> dict[str, Any]:
    """What the journey says now, by the names of `About`, as plain values: lists are lines of text."""
    plain = {name: getattr(journey, name) for name in About.__dataclass_fields__ if name not in APART}
    lists = furniture(journey.id)
    if journey.status in OVER:
        plain |= {"closed_on": journey.closed_on, "closing_note": journey.closing_note}
    return plain | {
        "kind": journey.kind.value,
        "title": journey.title,
        "slug": journey.slug,
        "parent": str(journey.parent_id or ""),
        "reminders": journey.reminders.split(),
        "audiences": "\n".join(row.audience for row in journey.audiences),
        "topics": "\n".join(row.a for row in lists.topics),
        "throughout": "\n".join(row.a for row in lists.cross_cutting),
    }

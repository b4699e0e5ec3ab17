"""What is asked about learning sessions and their offerings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, literal, select
from sqlalchemy.orm import contains_eager, joinedload

from app.database import Facts, db
from app.domain.attendance import Attendance
from app.domain.permissions import Actor
from app.facilitators.models import Facilitator
from app.journeys.models import Journey, JourneyStatus, Theme
from app.journeys.queries import visible_to
from app.learning_sessions.models import (
    AgendaItem,
    LearningSession,
    LearningSessionSlug,
    Offering,
    OfferingFacilitator,
    OfferingStatus,
    Venue,
    learning_session_themes,
)


def facilitates_facts(user_id: int) -> Facts:
    """Offerings the user leads, for permission rules."""
    return (
        select(literal("facilitates"), OfferingFacilitator.offering_id, literal(""))
        .join(Facilitator, Facilitator.id == OfferingFacilitator.facilitator_id)
        .where(Facilitator.user_id == user_id)
    )


def learning_session(journey_slug: str, slug: str) -> LearningSession | None:
    """The learning session at an address, with its journey."""
    return db.scalar(
        select(LearningSession)
        .join(LearningSession.journey)
        .where(Journey.slug == journey_slug, LearningSession.slug == slug)
        .options(contains_eager(LearningSession.journey))
    )


def new_address(journey_slug: str, slug: str) -> tuple[str, str] | None:
    """(journey slug, session slug) where the learning session that had this address is now."""
    journey_id = db.scalar(select(Journey.id).where(Journey.slug == journey_slug))
    if journey_id is None:
        return None
    row = db.execute(
        select(Journey.slug, LearningSession.slug)
        .join(LearningSession, LearningSession.journey_id == Journey.id)
        .join(LearningSessionSlug, LearningSessionSlug.learning_session_id == LearningSession.id)
        .where(
            LearningSessionSlug.journey_id == journey_id,
            LearningSessionSlug.slug == slug,
            Journey.status != JourneyStatus.DRAFT,
        )
    ).first()
    return (row[0], row[1]) if row else None


class Sitting(NamedTuple):
    """A learning session of a list with one of its offerings; the offering's part is empty without one."""

    learning_session_id: int
    position: int
    slug: str
    title: str
    summary: str
    language: str
    offering_id: int | None
    status: OfferingStatus | None
    attendance: Attendance | None
    timezone: str | None
    starts_wall: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    first_on: date | None
    last_on: date | None
    capacity_online: int | None
    capacity_in_person: int | None
    confirmed_online: int | None
    confirmed_in_person: int | None
    venue: str | None
    city: str | None


def sittings(journey_id: int) -> Sequence[Sitting]:
    """Every learning session of a journey in order, with each of its offerings; one query."""
    rows = db.execute(
        select(
            LearningSession.id, LearningSession.position, LearningSession.slug, LearningSession.title,
            LearningSession.summary, LearningSession.language, Offering.id, Offering.status,
            Offering.attendance, Offering.timezone, Offering.starts_wall, Offering.starts_at,
            Offering.ends_at, Offering.first_on, Offering.last_on, Offering.capacity_online,
            Offering.capacity_in_person, Offering.confirmed_online, Offering.confirmed_in_person,
            Venue.name, Venue.city,
        )
        .outerjoin(Offering, Offering.learning_session_id == LearningSession.id)
        .outerjoin(Venue, Venue.id == Offering.venue_id)
        .where(LearningSession.journey_id == journey_id)
        .order_by(LearningSession.position, Offering.position)
    )  # fmt: skip
    return [Sitting._make(row) for row in rows]


def themes_of(journey_id: int) -> dict[int, list[int]]:
    """Learning session id → theme ids, for a journey; one query."""
    rows = db.execute(
        select(learning_session_themes.c.learning_session_id, Theme.id)
        .join(Theme, Theme.id == learning_session_themes.c.theme_id)
        .where(Theme.journey_id == journey_id)
        .order_by(Theme.position)
    )
    found: dict[int, list[int]] = {}
    for learning_session_id, theme_id in rows:
        found.setdefault(learning_session_id, []).append(theme_id)
    return found


def theme_titles(learning_session_id: int) -> Sequence[str]:
    """The themes of one learning session, in order."""
    return db.scalars(
        select(Theme.title)
        .join(learning_session_themes, learning_session_themes.c.theme_id == Theme.id)
        .where(learning_session_themes.c.learning_session_id == learning_session_id)
        .order_by(Theme.position)
    ).all()


def facilitators_of(journey_id: int) -> Sequence[Facilitator]:
    """Everybody who facilitates in a journey, by name; one query."""
    leads = (
        select(OfferingFacilitator.facilitator_id)
        .join(Offering, Offering.id == OfferingFacilitator.offering_id)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .where(LearningSession.journey_id == journey_id)
    )
    return db.scalars(
        select(Facilitator)
        .where(Facilitator.id.in_(leads))
        .options(joinedload(Facilitator.organisation))
        .order_by(Facilitator.name_folded, Facilitator.id)
    ).all()


def offerings(learning_session_id: int) -> Sequence[Offering]:
    """The offerings of a learning session with venue and facilitators; one query."""
    return (
        db.scalars(
            select(Offering)
            .where(Offering.learning_session_id == learning_session_id)
            .options(
                joinedload(Offering.venue),
                joinedload(Offering.facilitators).joinedload(OfferingFacilitator.facilitator),
            )
            .order_by(Offering.position)
        )
        .unique()
        .all()
    )


def agenda(learning_session_id: int) -> dict[int, list[AgendaItem]]:
    """Offering id → agenda items in order, with their credits; one query."""
    items = (
        db.scalars(
            select(AgendaItem)
            .join(Offering, Offering.id == AgendaItem.offering_id)
            .where(Offering.learning_session_id == learning_session_id)
            .options(joinedload(AgendaItem.credits))
            .order_by(AgendaItem.offering_id, AgendaItem.position)
        )
        .unique()
        .all()
    )
    found: dict[int, list[AgendaItem]] = {}
    for item in items:
        found.setdefault(item.offering_id, []).append(item)
    return found


@dataclass(frozen=True)
class Neighbours:
    """Where a learning session stands among its siblings."""

    number: int
    count: int
    before: tuple[str, str] | None
    """(slug, title)"""
    after: tuple[str, str] | None


def neighbours(one: LearningSession) -> Neighbours:
    """The learning sessions before and after; one query."""
    ordered = (
        select(
            LearningSession.id,
            func.row_number().over(order_by=LearningSession.position).label("number"),
            func.count().over().label("count"),
            func.lag(LearningSession.slug).over(order_by=LearningSession.position).label("before_slug"),
            func.lag(LearningSession.title).over(order_by=LearningSession.position).label("before_title"),
            func.lead(LearningSession.slug).over(order_by=LearningSession.position).label("after_slug"),
            func.lead(LearningSession.title).over(order_by=LearningSession.position).label("after_title"),
        )
        .where(LearningSession.journey_id == one.journey_id)
        .subquery()
    )
    _, number, count, before_slug, before_title, after_slug, after_title = db.execute(
        select(ordered).where(ordered.c.id == one.id)
    ).one()
    return Neighbours(
        number,
        count,
        (before_slug, before_title) if before_slug else None,
        (after_slug, after_title) if after_slug else None,
    )


class LedSitting(NamedTuple):
    """A sitting somebody leads, with where it belongs."""

    role: str
    title: str
    slug: str
    language: str
    journey: str
    journey_slug: str
    status: OfferingStatus
    attendance: Attendance
    timezone: str
    starts_wall: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    first_on: date | None
    last_on: date | None


def led_by(facilitator_id: int, actor: Actor) -> Sequence[LedSitting]:
    """Every sitting a facilitator leads or led, of journeys the actor may see; one query."""
    rows = db.execute(
        select(
            OfferingFacilitator.role, LearningSession.title, LearningSession.slug, LearningSession.language,
            func.coalesce(func.nullif(Journey.short_title, ""), Journey.title), Journey.slug, Offering.status,
            Offering.attendance, Offering.timezone, Offering.starts_wall, Offering.starts_at,
            Offering.ends_at, Offering.first_on, Offering.last_on,
        )
        .join(Offering, Offering.id == OfferingFacilitator.offering_id)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .where(OfferingFacilitator.facilitator_id == facilitator_id, visible_to(actor))
        .order_by(Offering.starts_at, Offering.first_on, Offering.id)
    )  # fmt: skip
    return [LedSitting(*row) for row in rows]

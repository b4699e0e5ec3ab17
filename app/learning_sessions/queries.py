"""What is asked about learning sessions and their offerings.

Composing a query can take longer than running it; those of the most-read pages are composed once (`@cache`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, Select, bindparam, func, literal, select
from sqlalchemy.orm import contains_eager, joinedload

from app.database import Facts, db
from app.domain.attendance import Attendance
from app.domain.permissions import STRANGER, Actor
from app.facilitators.models import Facilitator
from app.journeys.models import Journey, Theme
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
    """Offerings of the learning sessions the user leads a sitting of, for permission rules."""
    led = (
        select(Offering.learning_session_id)
        .join(OfferingFacilitator, OfferingFacilitator.offering_id == Offering.id)
        .join(Facilitator, Facilitator.id == OfferingFacilitator.facilitator_id)
        .where(Facilitator.user_id == user_id)
    )
    return select(literal("facilitates"), Offering.id, literal("")).where(
        Offering.learning_session_id.in_(led)
    )


def learning_session(journey_slug: str, slug: str) -> LearningSession | None:
    """The learning session at an address, with its journey."""
    return db.scalar(_learning_session(), {"journey": journey_slug, "slug": slug})


@cache
def _learning_session() -> Select[LearningSession]:
    return (
        select(LearningSession)
        .join(LearningSession.journey)
        .where(Journey.slug == bindparam("journey"), LearningSession.slug == bindparam("slug"))
        .options(contains_eager(LearningSession.journey))
    )


def new_address(journey_slug: str, slug: str, actor: Actor = STRANGER) -> tuple[str, str] | None:
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
            visible_to(actor),
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
    taken_online: int | None
    taken_in_person: int | None
    registration_opens_at: datetime | None
    registration_closes_at: datetime | None
    venue: str | None
    city: str | None


def sittings(journey_id: int) -> Sequence[Sitting]:
    """Every learning session of a journey in order, with each of its offerings; one query."""
    return [Sitting._make(row) for row in db.execute(_sittings(), {"journey": journey_id})]


@cache
def _sittings() -> Executable:
    """Of the tables' own columns, which for hundreds of rows is quicker than of the models'."""
    one, held, venue = (model.__table__ for model in (LearningSession, Offering, Venue))
    return (
        select(
            one.c.id, one.c.position, one.c.slug, one.c.title, one.c.summary, one.c.language,
            held.c.id, held.c.status, held.c.attendance, held.c.timezone, held.c.starts_wall,
            held.c.starts_at, held.c.ends_at, held.c.first_on, held.c.last_on, held.c.capacity_online,
            held.c.capacity_in_person, held.c.confirmed_online + held.c.held_online,
            held.c.confirmed_in_person + held.c.held_in_person,
            held.c.registration_opens_at, held.c.registration_closes_at, venue.c.name, venue.c.city,
        )
        .outerjoin(held, held.c.learning_session_id == one.c.id)
        .outerjoin(venue, venue.c.id == held.c.venue_id)
        .where(one.c.journey_id == bindparam("journey"))
        .order_by(one.c.position, held.c.position)
    )  # fmt: skip


def themes_of(journey_id: int) -> dict[int, list[int]]:
    """Learning session id → theme ids, for a journey; one query."""
    found: dict[int, list[int]] = {}
    for learning_session_id, theme_id in db.execute(_themes_of(), {"journey": journey_id}):
        found.setdefault(learning_session_id, []).append(theme_id)
    return found


@cache
def _themes_of() -> Executable:
    theme = Theme.__table__
    return (
        select(learning_session_themes)
        .join(theme, theme.c.id == learning_session_themes.c.theme_id)
        .where(theme.c.journey_id == bindparam("journey"))
        .order_by(theme.c.position)
    )


def theme_titles(learning_session_id: int) -> Sequence[str]:
    """The themes of one learning session, in order."""
    return db.scalars(_theme_titles(), {"learning_session": learning_session_id}).all()


@cache
def _theme_titles() -> Select[str]:
    return (
        select(Theme.title)
        .join(learning_session_themes, learning_session_themes.c.theme_id == Theme.id)
        .where(learning_session_themes.c.learning_session_id == bindparam("learning_session"))
        .order_by(Theme.position)
    )


def facilitators_of(journey_id: int) -> Sequence[Facilitator]:
    """Everybody who facilitates in a journey, by name; one query."""
    return db.scalars(_facilitators_of(), {"journey": journey_id}).all()


@cache
def _facilitators_of() -> Select[Facilitator]:
    leads = (
        select(OfferingFacilitator.facilitator_id)
        .join(Offering, Offering.id == OfferingFacilitator.offering_id)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .where(LearningSession.journey_id == bindparam("journey"))
    )
    return (
        select(Facilitator)
        .where(Facilitator.id.in_(leads))
        .options(joinedload(Facilitator.organisation))
        .order_by(Facilitator.name_folded, Facilitator.id)
    )


def offerings(learning_session_id: int) -> Sequence[Offering]:
    """The offerings of a learning session with venue and facilitators; one query."""
    return db.scalars(_offerings(), {"learning_session": learning_session_id}).unique().all()


@cache
def _offerings() -> Select[Offering]:
    return (
        select(Offering)
        .where(Offering.learning_session_id == bindparam("learning_session"))
        .options(
            joinedload(Offering.venue),
            joinedload(Offering.facilitators).joinedload(OfferingFacilitator.facilitator),
        )
        .order_by(Offering.position)
    )


def agenda(learning_session_id: int) -> dict[int, list[AgendaItem]]:
    """Offering id → agenda items in order, with their credits; one query."""
    found: dict[int, list[AgendaItem]] = {}
    for item in db.scalars(_agenda(), {"learning_session": learning_session_id}).unique():
        found.setdefault(item.offering_id, []).append(item)
    return found


@cache
def _agenda() -> Select[AgendaItem]:
    return (
        select(AgendaItem)
        .join(Offering, Offering.id == AgendaItem.offering_id)
        .where(Offering.learning_session_id == bindparam("learning_session"))
        .options(joinedload(AgendaItem.credits))
        .order_by(AgendaItem.offering_id, AgendaItem.position)
    )


def order_of(journey_id: int) -> Sequence[int]:
    """The learning sessions of a journey in their order, by id."""
    return db.scalars(
        select(LearningSession.id)
        .where(LearningSession.journey_id == journey_id)
        .order_by(LearningSession.position)
    ).all()


def venues() -> Sequence[Venue]:
    """Every venue, by name."""
    return db.scalars(select(Venue).order_by(Venue.name, Venue.city, Venue.id)).all()


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
    _, number, count, before_slug, before_title, after_slug, after_title = db.execute(
        _neighbours(), {"journey": one.journey_id, "learning_session": one.id}
    ).one()
    return Neighbours(
        number,
        count,
        (before_slug, before_title) if before_slug else None,
        (after_slug, after_title) if after_slug else None,
    )


@cache
def _neighbours() -> Executable:
    by_position: Any = LearningSession.position
    ordered = (
        select(
            LearningSession.id,
            func.row_number().over(order_by=by_position).label("number"),
            func.count().over().label("count"),
            func.lag(LearningSession.slug).over(order_by=by_position).label("before_slug"),
            func.lag(LearningSession.title).over(order_by=by_position).label("before_title"),
            func.lead(LearningSession.slug).over(order_by=by_position).label("after_slug"),
            func.lead(LearningSession.title).over(order_by=by_position).label("after_title"),
        )
        .where(LearningSession.journey_id == bindparam("journey"))
        .subquery()
    )
    return select(ordered).where(ordered.c.id == bindparam("learning_session"))


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


def journeys_led_in(facilitator_id: int) -> frozenset[int]:
    """The journeys in which a facilitator leads or led a sitting, by id."""
    return frozenset(
        db.scalars(
            select(LearningSession.journey_id)
            .join(Offering, Offering.learning_session_id == LearningSession.id)
            .join(OfferingFacilitator, OfferingFacilitator.offering_id == Offering.id)
            .where(OfferingFacilitator.facilitator_id == facilitator_id)
        )
    )


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

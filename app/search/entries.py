"""What the catalogue shows of each journey on a page: three queries for all of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, distinct, func, select
from sqlalchemy.orm import aliased

from app.database import db
from app.domain.attendance import Attendance
from app.domain.permissions import Actor
from app.domain.seats import PlaceStatus
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.journeys.matter import Partner, PartnerRole
from app.journeys.models import Journey, JourneyKind, JourneyStatus
from app.journeys.queries import visible_to
from app.learning_sessions.models import LearningSession, Offering, OfferingStatus
from app.organisations.models import Organisation


@dataclass(frozen=True)
class Entry:
    """A journey in the list, with its counts."""

    id: int
    slug: str
    kind: JourneyKind
    status: JourneyStatus
    title: str
    summary: str
    language: str
    text_direction: str
    starts_on: date | None
    ends_on: date | None
    period: str
    place: str
    sessions: int
    people: int
    countries: int
    parent: str | None


@dataclass(frozen=True)
class NextSitting:
    """The sitting of a journey that comes or is going on next. `left`: seats left, None without a limit."""

    journey_id: int
    learning_session: str
    title: str
    attendance: Attendance
    timezone: str
    starts_wall: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    first_on: date | None
    last_on: date | None
    left: int | None
    waiting: int

    @property
    def day(self) -> date:
        """For comparing sittings of which some know only their days."""
        return self.starts_at.date() if self.starts_at else self.first_on or date.max


@dataclass(frozen=True)
class PartnerName:
    journey_id: int
    role: PartnerRole
    name: str
    country: str | None


def entries(journey_ids: Collection[int], actor: Actor) -> dict[int, Entry]:
    """The journeys by id."""
    parent = aliased(Journey)
    active = (Enrolment.journey_id == Journey.id, Enrolment.status == EnrolmentStatus.ACTIVE)
    rows: Iterable[Any] = db.execute(
        select(
            Journey.id, Journey.slug, Journey.kind, Journey.status, Journey.title, Journey.summary,
            Journey.language, Journey.text_direction, Journey.starts_on, Journey.ends_on, Journey.period,
            Journey.place,
            _counted(select(func.count(LearningSession.id)).where(LearningSession.journey_id == Journey.id)),
            _counted(select(func.count(Enrolment.id)).where(*active)),
            _counted(select(func.count(distinct(Enrolment.country))).where(*active)),
            func.coalesce(func.nullif(parent.short_title, ""), parent.title),
        )
        .outerjoin(parent, (parent.id == Journey.parent_id) & visible_to(actor, parent))
        .where(Journey.id.in_(journey_ids))
    )  # fmt: skip
    return {row[0]: Entry(*row) for row in rows}


def _counted(statement: Select[int]) -> ScalarSelect[int]:
    return statement.correlate(Journey).scalar_subquery()


def partners(journey_ids: Collection[int]) -> dict[int, list[PartnerName]]:
    """The partners of each journey in their order, by the short name where there is one."""
    found: dict[int, list[PartnerName]] = {}
    rows = db.execute(
        select(
            Partner.journey_id,
            Partner.role,
            func.coalesce(func.nullif(Organisation.short_name, ""), Organisation.name),
            Organisation.country,
        )
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(Partner.journey_id.in_(journey_ids))
        .order_by(Partner.journey_id, Partner.position, Partner.id)
    )
    for row in rows:
        found.setdefault(row[0], []).append(PartnerName(*row))
    return found


def next_sittings(journey_ids: Collection[int], now: datetime) -> dict[int, NextSitting]:
    """The next sitting of each journey that has one ahead; one going on counts."""
    ranked = _ranked(journey_ids, now).subquery()
    rows: Iterable[Any] = db.execute(
        select(
            ranked.c.journey_id, LearningSession.slug, LearningSession.title, Offering.attendance,
            Offering.timezone, Offering.starts_wall, Offering.starts_at, Offering.ends_at, Offering.first_on,
            Offering.last_on,
            Offering.capacity_online, Offering.capacity_in_person,
            Offering.confirmed_online + Offering.held_online,
            Offering.confirmed_in_person + Offering.held_in_person, _asked(PlaceStatus.WAITING),
        )
        .select_from(ranked)
        .join(Offering, Offering.id == ranked.c.id)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .where(ranked.c.rank == 1)
    )  # fmt: skip
    found: dict[int, NextSitting] = {}
    for *facts, online, in_person, in_online, in_room, waiting in rows:
        attendance: Attendance = facts[3]
        left = _left(attendance, online, in_person, in_online + in_room)
        one = NextSitting(*[*facts, left, waiting])
        known = found.get(one.journey_id)
        if known is None or one.day < known.day:
            found[one.journey_id] = one
    return found


def _ranked(journey_ids: Collection[int], now: datetime) -> Any:
    """Sittings ahead, numbered per journey: those with hours and those with days only apart."""
    has_hours = Offering.starts_at.is_not(None)
    rank = func.row_number().over(
        partition_by=(LearningSession.journey_id, has_hours),
        order_by=(Offering.starts_at, Offering.first_on, Offering.id),
    )
    return (
        select(Offering.id, LearningSession.journey_id, rank.label("rank"))
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .where(
            LearningSession.journey_id.in_(journey_ids),
            Offering.status == OfferingStatus.SCHEDULED,
            (Offering.ends_at > now) | (Offering.last_on >= now.date()),
        )
    )


def _asked(status: PlaceStatus) -> ScalarSelect[int]:
    return (
        select(func.count(Place.id))
        .where(Place.offering_id == Offering.id, Place.status == status)
        .correlate(Offering)
        .scalar_subquery()
    )


def _left(attendance: Attendance, online: int | None, in_person: int | None, taken: int) -> int | None:
    by_way = {"online": online, "in-person": in_person}
    rooms = [by_way[way.value] for way in attendance.ways]
    limits = [room for room in rooms if room is not None]
    return max(0, sum(limits) - taken) if len(limits) == len(rooms) else None


def ordered(ids: Sequence[int], found: dict[int, Entry]) -> list[Entry]:
    """The entries in the order of `ids`; one deleted meanwhile is left out."""
    return [found[number] for number in ids if number in found]

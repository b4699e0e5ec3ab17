"""Where else the people of a cancelled sitting can go. Asked through `queries`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true

from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.place_rules import Rule, RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.enrolments.queries import LIVE
from app.enrolments.rules import PlaceRule
from app.enrolments.standing import capacity_and_confirmed, taken
from app.enrolments.stated import OwnShare, rules_of, shares_of
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession, Offering, OfferingStatus


class Instead(NamedTuple):
    """A sitting with room, and where it belongs."""

    offering_id: int
    learning_session_id: int
    journey_id: int
    is_twin: bool
    """Of the same session; else of the next session of the journey."""
    title: str
    slug: str
    language: str
    journey_slug: str
    attendance: Attendance
    timezone: str
    starts_wall: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    first_on: date | None
    last_on: date | None
    needs_approval: bool
    """Who asks waits for the organisers to decide."""
    awaits_draw: bool
    """Who asks takes part in a lottery."""
    is_balanced: bool
    """Places are kept in balance between countries or groups."""
    has_full_share: bool = False
    """The country or group of who it is offered to has all the places it can have: who asks waits in line."""

    @property
    def gives_at_once(self) -> bool:
        """Whether who asks has a place at once."""
        return not self.needs_approval and not self.awaits_draw and not self.has_full_share


def instead_of(
    cancelled: Mapping[int, int], participant_id: int | None, now: datetime, but: int = 0
) -> dict[int, list[Instead]]:
    """Learning session id → what to offer to somebody whose sitting of it is cancelled: its other sittings
    with room, or where there is none the journey's next session with room in which they have no place.

    `cancelled`: learning session id → journey id; `but`: the id of an offering that is about to be cancelled.
    One query, none for none; four more where places are kept in balance. A journey that takes no places
    offers nothing.
    """
    if not cancelled:
        return {}
    twins: dict[int, list[Instead]] = {}
    nexts: dict[int, Instead] = {}
    found = [Instead(*row) for row in db.execute(_with_room(cancelled, participant_id, now, but))]
    for one in _with_shares(found, participant_id, now):
        if one.is_twin:
            twins.setdefault(one.learning_session_id, []).append(one)
        else:
            nexts[one.journey_id] = one
    offered = {
        number: twins.get(number) or ([nexts[journey_id]] if journey_id in nexts else [])
        for number, journey_id in cancelled.items()
    }
    return {number: its for number, its in offered.items() if its}


def _with_room(
    cancelled: Mapping[int, int], participant_id: int | None, now: datetime, but: int
) -> Select[Any]:
    """The twins, and of each journey the first of its other sessions."""
    is_twin = Offering.learning_session_id.in_(cancelled.keys())
    order = (Offering.starts_at.is_(None), Offering.starts_at, Offering.first_on, Offering.id)
    rank = func.row_number().over(
        partition_by=(LearningSession.journey_id, case((is_twin, 1), else_=0)), order_by=order
    )
    ranked = (
        select(Offering.id.label("offering_id"), is_twin.label("is_twin"), rank.label("rank"))
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .where(
            Journey.id.in_(set(cancelled.values())),
            Journey.status == JourneyStatus.OPEN,
            Offering.id != but,
            *_takes_people(now),
            _is_new_to(participant_id, is_twin),
        )
        .subquery()
    )
    return (
        select(
            Offering.id, Offering.learning_session_id, LearningSession.journey_id, ranked.c.is_twin,
            LearningSession.title, LearningSession.slug, LearningSession.language, Journey.slug,
            Offering.attendance, Offering.timezone, Offering.starts_wall, Offering.starts_at,
            Offering.ends_at, Offering.first_on, Offering.last_on,
            func.coalesce(PlaceRule.needs_approval, False),
            func.coalesce(and_(PlaceRule.kind == RuleKind.LOTTERY, PlaceRule.drawn_at.is_(None)), False),
            func.coalesce(PlaceRule.kind == RuleKind.BALANCED, False),
        )
        .join(ranked, ranked.c.offering_id == Offering.id)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .outerjoin(PlaceRule, PlaceRule.offering_id == Offering.id)
        .where(or_(ranked.c.is_twin, ranked.c.rank == 1))
        .order_by(*order)
    )  # fmt: skip


def _with_shares(found: Sequence[Instead], participant_id: int | None, now: datetime) -> list[Instead]:
    """The same, with what the country or group of this person has of those that are kept in balance."""
    numbers = [one.offering_id for one in found if one.is_balanced]
    if participant_id is None or not numbers:
        return list(found)
    sittings = db.scalars(select(Offering).where(Offering.id.in_(numbers))).all()
    rules = {number: stated.rule for number, stated in rules_of(numbers).items()}
    journeys = {one.offering_id: one.journey_id for one in found}
    kept = {number: (journeys[number], rule.balance) for number, rule in rules.items() if rule.balance}
    shares = shares_of(participant_id, kept)
    full = {
        one.id
        for one in sittings
        if one.id in kept
        and not any(_gives(one, way, rules[one.id], shares, now) for way in one.attendance.ways)
    }
    return [one._replace(has_full_share=one.offering_id in full) for one in found]


def _gives(
    sitting: Offering, way: Way, rule: Rule, shares: Mapping[tuple[int, Way], OwnShare], now: datetime
) -> bool:
    """Whether one way of attending has room, also by the balance."""
    capacity, _ = capacity_and_confirmed(sitting, way)
    quota = rule.quota(capacity, now)
    has_room = capacity is None or taken(sitting, way) < capacity
    return has_room and (quota is None or shares[sitting.id, way].taken < quota)


def _takes_people(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Still to come, taking requests now, with room in one of its ways."""
    coming = or_(Offering.starts_at > now, and_(Offering.starts_at.is_(None), Offering.last_on >= now.date()))
    opens_at, closes_at = Offering.registration_opens_at, Offering.registration_closes_at
    online = or_(
        Offering.capacity_online.is_(None),
        Offering.confirmed_online + Offering.held_online < Offering.capacity_online,
    )
    in_person = or_(
        Offering.capacity_in_person.is_(None),
        Offering.confirmed_in_person + Offering.held_in_person < Offering.capacity_in_person,
    )
    return (
        Offering.status == OfferingStatus.SCHEDULED,
        coming,
        or_(opens_at.is_(None), opens_at <= now),
        or_(closes_at.is_(None), closes_at > now),
        or_(
            and_(Offering.attendance != Attendance.IN_PERSON, online),
            and_(Offering.attendance != Attendance.ONLINE, in_person),
        ),
    )


def _is_new_to(participant_id: int | None, is_twin: ColumnElement[bool]) -> ColumnElement[bool]:
    """A twin in which they do not wait already; another session in which they have no place at all.

    Nor is offered what they were declined for.
    """
    if participant_id is None:
        return true()
    mine = (Place.participant_id == participant_id, Place.status.in_((*LIVE, PlaceStatus.DECLINED)))
    return case(
        (is_twin, Offering.id.not_in(select(Place.offering_id).where(*mine))),
        else_=Offering.learning_session_id.not_in(select(Place.learning_session_id).where(*mine)),
    )

"""How full the sittings of a learning session are, who waits, who holds: what `domain.seats` decides from."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, func, select

from app.database import db
from app.domain.place_rules import Balance
from app.domain.seats import Held, PlaceStatus, Room, Seat, Waiting
from app.enrolments.models import Enrolment, Place
from app.enrolments.standing import (
    Standing,
    capacity_and_confirmed,
    has_begun,
    is_held,
    is_over,
    taken,
)

__all__ = [
    "begun_in",
    "capacity_and_confirmed",
    "group_of",
    "has_begun",
    "is_over",
    "line",
    "position",
    "rooms",
]

TAKEN = (PlaceStatus.CONFIRMED, PlaceStatus.OFFERED)
PAGE = 50
"""How much of a line is read at a time; most decisions need its head only."""


def rooms(standing: Standing, now: datetime) -> dict[Seat, Room]:
    """How full each seat of a learning session is, and by which rule it is given."""
    found: dict[Seat, Room] = {}
    for sitting in standing.sittings.values():
        rule = standing.rule(sitting.id)
        for way in sitting.attendance.ways:
            seat = Seat(sitting.id, way)
            capacity, _ = capacity_and_confirmed(sitting, way)
            in_balance = rule.quota(capacity, now) is not None
            found[seat] = Room(
                capacity,
                taken(sitting, way),
                is_held(sitting, now),
                rule,
                shares(standing, seat, rule.balance) if in_balance else {},
            )
    return found


def shares(standing: Standing, seat: Seat, balance: Balance | None) -> Mapping[str, int]:
    """How many places each country or group has in a seat, as its people enrolled."""
    group = Enrolment.stakeholder_group if balance is Balance.STAKEHOLDER_GROUP else Enrolment.country
    rows = db.execute(
        select(group, func.count())
        .select_from(Place)
        .join(Enrolment, _is_its_enrolment(standing))
        .where(Place.offering_id == seat.offering_id, Place.way == seat.way, Place.status.in_(TAKEN))
        .group_by(group)
    )
    return {name or "": count for name, count in rows}


def group_of(standing: Standing, participant_id: int, balance: Balance | None) -> str:
    """What is counted of a person where a balance is kept, as they enrolled; empty where it is not known."""
    group = Enrolment.stakeholder_group if balance is Balance.STAKEHOLDER_GROUP else Enrolment.country
    its = (Enrolment.journey_id == standing.journey_id, Enrolment.participant_id == participant_id)
    return db.scalar(select(group).where(*its)) or ""


def line(standing: Standing, seat: Seat, now: datetime) -> Iterator[Waiting]:
    """Who waits for a seat, in queue order, read page by page.

    Whoever has a place in a sitting that has begun is left out: what they had stays theirs.
    """
    after = 0
    while rows := db.execute(
        select(
            Place.id, Place.participant_id, Place.queue_number, Enrolment.country, Enrolment.stakeholder_group
        )
        .outerjoin(Enrolment, _is_its_enrolment(standing))
        .where(
            Place.offering_id == seat.offering_id,
            Place.way == seat.way,
            Place.status == PlaceStatus.WAITING,
            Place.queue_number > after,
        )
        .order_by(Place.queue_number)
        .limit(PAGE)
    ).all():
        after = rows[-1].queue_number
        holds = _held_by(standing, [row.participant_id for row in rows])
        for row in rows:
            mine = holds.get(row.participant_id, ())
            if not _has_begun_one(standing, mine, now):
                yield Waiting(
                    row.id, row.participant_id, seat, row.queue_number, row.country or "",
                    row.stakeholder_group or "", tuple(one for one, _ in mine),
                )  # fmt: skip
        if len(rows) < PAGE:
            return


def begun_in(standing: Standing, places: Sequence[Place], now: datetime) -> bool:
    """Whether one of a person's places in the learning session is confirmed and its sitting has begun."""
    mine = [(Held(one.id, Seat(one.offering_id, one.way)), one.status) for one in places]
    return _has_begun_one(standing, mine, now)


def position(place: Place) -> int | None:
    """Where a place stands in its line, from 1; None when it does not wait."""
    if place.status is not PlaceStatus.WAITING:
        return None
    return db.scalar(
        select(func.count()).where(
            Place.offering_id == place.offering_id,
            Place.way == place.way,
            Place.status == PlaceStatus.WAITING,
            Place.queue_number <= place.queue_number,
        )
    )


HeldAs = tuple[Held, PlaceStatus]


def _held_by(standing: Standing, participants: Sequence[int]) -> Mapping[int, Sequence[HeldAs]]:
    """What these participants have in the learning session, confirmed or on offer."""
    if len(standing.sittings) == 1:  # there is no twin to hold
        return {}
    rows = db.execute(
        select(Place.participant_id, Place.id, Place.offering_id, Place.way, Place.status)
        .where(
            Place.learning_session_id == standing.learning_session_id,
            Place.status.in_(TAKEN),
            Place.participant_id.in_(participants),
        )
        .order_by(Place.id)
    )
    found: dict[int, list[HeldAs]] = {}
    for who, place_id, number, way, status in rows:
        found.setdefault(who, []).append((Held(place_id, Seat(number, way)), status))
    return found


def _has_begun_one(standing: Standing, mine: Sequence[HeldAs], now: datetime) -> bool:
    sittings = [standing.sittings[one.seat.offering_id] for one, status in mine if status == "confirmed"]
    return any(not sitting.is_cancelled and has_begun(sitting, now) for sitting in sittings)


def _is_its_enrolment(standing: Standing):  # type: ignore[no-untyped-def]
    return and_(Enrolment.journey_id == standing.journey_id, Enrolment.participant_id == Place.participant_id)

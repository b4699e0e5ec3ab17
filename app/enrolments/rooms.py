"""How full the sittings of a learning session are, who waits, who holds: what `domain.seats` decides from."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.database import db
from app.domain.attendance import Way
from app.domain.seats import Held, PlaceStatus, Room, Seat, Waiting
from app.domain.timezones import local
from app.enrolments.models import Place
from app.learning_sessions.models import Offering, OfferingStatus


def rooms(learning_session_id: int, now: datetime) -> dict[Seat, Room]:
    """How full each seat of a learning session is; offers count as taken."""
    offered = offered_counts(learning_session_id)
    found: dict[Seat, Room] = {}
    sittings = db.scalars(
        select(Offering)
        .where(Offering.learning_session_id == learning_session_id)
        .order_by(Offering.position)
        .execution_options(populate_existing=True)
    )
    for sitting in sittings:
        held = sitting.status is OfferingStatus.SCHEDULED and not has_begun(sitting, now)
        for way in sitting.attendance.ways:
            seat = Seat(sitting.id, way)
            capacity, confirmed = capacity_and_confirmed(sitting, way)
            found[seat] = Room(capacity, confirmed + offered.get(seat, 0), held)
    return found


def offered_counts(learning_session_id: int) -> dict[Seat, int]:
    """Places on offer, which nobody else can have meanwhile."""
    rows = db.execute(
        select(Place.offering_id, Place.way, func.count())
        .where(Place.learning_session_id == learning_session_id, Place.status == PlaceStatus.OFFERED)
        .group_by(Place.offering_id, Place.way)
    )
    return {Seat(number, way): count for number, way, count in rows}


def capacity_and_confirmed(sitting: Offering, way: Way) -> tuple[int | None, int]:
    """The capacity (None: unlimited) and the confirmed places of one way of attending."""
    if way is Way.ONLINE:
        return sitting.capacity_online, sitting.confirmed_online
    return sitting.capacity_in_person, sitting.confirmed_in_person


def has_begun(sitting: Offering, now: datetime) -> bool:
    """Whether nobody is seated there any more; one known by its days takes people until its last."""
    return sitting.starts_at <= now if sitting.starts_at is not None else is_over(sitting, now)


def begun_in(learning_session_id: int, participants: Sequence[int], now: datetime) -> set[int]:
    """Those of the participants who hold a place in a sitting that has begun: what they had, stays theirs."""
    held = held_by(learning_session_id, participants)
    sittings = {one.seat.offering_id: db.get_one(Offering, one.seat.offering_id) for one in held.values()}
    return {
        who
        for who, one in held.items()
        if not sittings[one.seat.offering_id].is_cancelled and has_begun(sittings[one.seat.offering_id], now)
    }


def is_over(sitting: Offering, now: datetime) -> bool:
    """Whether the sitting has ended; one known by its days ends with its last day, in its own zone."""
    if sitting.ends_at is not None:
        return sitting.ends_at <= now
    return sitting.last_on is not None and sitting.last_on < local(now, sitting.timezone).date()


def waiting(learning_session_id: int, seats: Sequence[Seat]) -> list[Waiting]:
    """Who waits for these seats, in queue order."""
    rows = db.execute(
        select(Place.id, Place.participant_id, Place.offering_id, Place.way, Place.queue_number)
        .where(
            Place.learning_session_id == learning_session_id,
            Place.status == PlaceStatus.WAITING,
            Place.offering_id.in_({seat.offering_id for seat in seats}),
        )
        .order_by(Place.offering_id, Place.queue_number)
    )
    entries = [Waiting(place_id, who, Seat(number, way), queue) for place_id, who, number, way, queue in rows]
    return [entry for entry in entries if entry.seat in set(seats)]


def held_by(learning_session_id: int, participants: Sequence[int]) -> dict[int, Held]:
    """The confirmed place of each of these participants in the learning session."""
    rows = db.execute(
        select(Place.participant_id, Place.id, Place.offering_id, Place.way).where(
            Place.learning_session_id == learning_session_id,
            Place.status == PlaceStatus.CONFIRMED,
            Place.participant_id.in_(participants),
        )
    )
    return {who: Held(place_id, Seat(number, way)) for who, place_id, number, way in rows}

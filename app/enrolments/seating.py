"""Seating people: the one routine after every change, and the single steps that it and its callers take.

The callers hold the lock of the learning session (`learning_sessions.operations.lock`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select, update

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus, settle
from app.enrolments import rooms as rooms_of
from app.enrolments.models import Place
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession, Offering
from app.messages import operations as messages
from app.participants.models import Participant

OFFERINGS = cast(Table, Offering.__table__)
"""The table itself: what is written to it raises no version."""

LIVE = [status for status in PlaceStatus if status.is_live]
TAKEN = (PlaceStatus.CONFIRMED, PlaceStatus.OFFERED)


def settle_learning_session(learning_session_id: int, now: datetime, asked_by: Place | None = None) -> None:
    """Seat those who can be seated now; the one routine after every change.

    Nobody is seated in a sitting that has begun, or once the journey is closed.
    """
    if not _takes_places(learning_session_id):
        return
    rooms = rooms_of.rooms(learning_session_id, now)
    open_seats = [seat for seat, room in rooms.items() if room.has_room]
    if not open_seats:
        return
    line = rooms_of.waiting(learning_session_id, list(rooms))
    people = [entry.participant_id for entry in line]
    held = rooms_of.held_by(learning_session_id, people)
    settled = rooms_of.begun_in(learning_session_id, people, now)
    line = [entry for entry in line if entry.participant_id not in settled]
    for promotion in settle(rooms, line, held):
        place = db.get_one(Place, promotion.place_id, populate_existing=True)
        if promotion.gives_up is not None:
            release(db.get_one(Place, promotion.gives_up, populate_existing=True), now)
        _confirm(place, now)
        asked_now = asked_by is not None and place.id == asked_by.id
        if not asked_now:
            place.sequence += 1  # its calendar entry was tentative; RFC 5546 2.1.4
        kind = "place-confirmed" if asked_now else "promoted"
        tell(db.get_one(Participant, place.participant_id), kind, {"place_id": place.id}, now)
    db.flush()


def last_taken(offering_id: int, way: Way, count: int) -> Sequence[Place]:
    """The last who took a place, in the order of the queue; nobody when there are no so many to take."""
    found = db.scalars(
        select(Place)
        .where(Place.offering_id == offering_id, Place.way == way, Place.status.in_(TAKEN))
        .order_by(Place.queue_number.desc(), Place.id.desc())
        .limit(max(0, count))
        .execution_options(populate_existing=True)
    ).all()
    return found[::-1]


def unseat_last(offering: Offering, way: Way, count: int, now: datetime) -> Sequence[Place]:
    """Put the last `count` who took a place back into the line; they are told. Returns their places.

    They keep their queue numbers, which are before those of everybody who came later: so they are its head.
    """
    unseated = last_taken(offering.id, way, count)
    for place in unseated:
        if place.status is PlaceStatus.CONFIRMED:
            _count(place, -1)
        place.status, place.confirmed_at, place.updated_at = PlaceStatus.WAITING, None, now
        place.sequence += 1
        db.flush()
        tell(db.get_one(Participant, place.participant_id), "waiting", {"place_id": place.id}, now)
    db.flush()
    db.refresh(offering, ["confirmed_online", "confirmed_in_person"])
    return unseated


def release(place: Place, now: datetime) -> None:
    """Note that a place is given up; who gets it is for `settle_learning_session` to say."""
    if place.status is PlaceStatus.CONFIRMED:
        _count(place, -1)
        place.sequence += 1
    place.status = PlaceStatus.RELEASED
    place.released_at = place.updated_at = now
    db.flush()


def next_queue_number(offering: Offering) -> int:
    """Written beside the offering's version, which belongs to its editors, not to its queue."""
    table = OFFERINGS
    number: int = db.execute(
        update(table)
        .where(table.c.id == offering.id)
        .values(last_queue_number=table.c.last_queue_number + 1)
        .returning(table.c.last_queue_number)
    ).scalar_one()
    return number


def tell(participant: Participant, kind: str, payload: dict[str, int], now: datetime) -> None:
    """Put a message in the outbox; who has no account is told by whoever named them."""
    user = db.get(User, participant.user_id) if participant.user_id is not None else None
    if user is not None:
        messages.queue(kind, user.email, participant.name, payload, now)


def _confirm(place: Place, now: datetime) -> None:
    _count(place, 1)
    place.status = PlaceStatus.CONFIRMED
    place.confirmed_at = place.updated_at = now
    db.flush()


def _count(place: Place, change: int) -> None:
    """The counters change without the offering's version or stamp: its calendar entry stays as it is."""
    table = OFFERINGS
    column = table.c.confirmed_online if place.way is Way.ONLINE else table.c.confirmed_in_person
    db.execute(update(table).where(table.c.id == place.offering_id).values({column.name: column + change}))


def _takes_places(learning_session_id: int) -> bool:
    status = db.scalar(
        select(Journey.status)
        .join(LearningSession, LearningSession.journey_id == Journey.id)
        .where(LearningSession.id == learning_session_id)
    )
    return status is JourneyStatus.OPEN

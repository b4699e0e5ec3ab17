"""Seating people: the one routine after every change.

The callers hold the lock of the learning session (`standing.stand`, or `learning_sessions.operations.lock`).
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus, Promotion, settle
from app.enrolments import rooms as rooms_of
from app.enrolments import steps
from app.enrolments.decisions import Decided, Ground
from app.enrolments.models import Place
from app.enrolments.passing import pass_time
from app.enrolments.recording import GROUND_OF, record
from app.enrolments.standing import Standing, stand
from app.enrolments.steps import tell as tell  # what was decided is told from here too
from app.learning_sessions.models import Offering
from app.participants.models import Participant

LIVE = [status for status in PlaceStatus if status.is_live]
TAKEN = rooms_of.TAKEN


def settle_learning_session(learning_session_id: int, now: datetime) -> None:
    """Read the session anew, write down what time has changed, and seat those who can be seated now."""
    standing = stand(learning_session_id)
    pass_time(standing, now)
    seat(standing, now)


def seat(standing: Standing, now: datetime, asked_by: Place | None = None) -> None:
    """Seat those who can be seated now; the one routine after every change.

    Nobody is seated in a sitting that has begun, or once the journey is closed. `asked_by` is a place being
    asked for in this very step: it is told, and noted, as the answer to its request.
    """
    if not standing.takes_places:
        return
    rooms = rooms_of.rooms(standing, now)
    lines = {seat: rooms_of.line(standing, seat, now) for seat in rooms}
    asked_id = asked_by.id if asked_by is not None else None
    for promotion in settle(rooms, lines, now, asked_id):
        _apply(standing, promotion, now, promotion.place_id == asked_id)
    db.flush()


def last_taken(offering_id: int, way: Way, count: int) -> Sequence[Place]:
    """The last who took a place, or were offered one, in the order of the queue; reserved ones stay.

    Nobody when there are no so many to take.
    """
    found = db.scalars(
        select(Place)
        .where(
            Place.offering_id == offering_id,
            Place.way == way,
            Place.status.in_(TAKEN),
            Place.block_id.is_(None),
        )
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
        steps.back_into_line(place, Decided.UNSEATED, Ground.CAPACITY, now)
    for place in unseated:
        tell(db.get_one(Participant, place.participant_id), "waiting", {"place_id": place.id}, now)
    db.flush()
    return unseated


def _apply(standing: Standing, promotion: Promotion, now: datetime, asked_now: bool) -> None:
    place = db.get_one(Place, promotion.place_id, populate_existing=not asked_now)
    participant = db.get_one(Participant, place.participant_id)
    for given_up in promotion.gives_up:
        twin = db.get_one(Place, given_up, populate_existing=True)
        steps.give_up(twin, Decided.SWAPPED, Ground.TWIN, now)
    rule = standing.rule(place.offering_id)
    facts = {"place_id": place.id}
    if promotion.as_offer:
        ends_at = rule.offer_ends_at(now, standing.sittings[place.offering_id].starts_at)
        steps.offer(place, ends_at, now)
        what, kind = Decided.OFFERED, "offered"
        tell(participant, kind, facts, now, expires_at=ends_at)
    else:
        steps.confirm(place, now)
        what, kind = Decided.CONFIRMED, "place-confirmed" if asked_now else "promoted"
        tell(participant, kind, facts, now)
    if not asked_now:  # whoever asked it notes the answer
        place.sequence += 1  # its calendar entry was tentative; RFC 5546 2.1.4
        ground = GROUND_OF[rule.kind]
        record(place, what, ground, PlaceStatus.WAITING, now, position_before=promotion.position)

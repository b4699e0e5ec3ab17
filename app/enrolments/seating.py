"""Seating people: the one routine after every change.

The callers hold the lock of the learning session (`standing.stand`, or `learning_sessions.operations.lock`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, not_, or_, select

from app.database import db
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus, Promotion, Seat, Waiting, settle
from app.enrolments import rooms as rooms_of
from app.enrolments import steps
from app.enrolments.asked import ASKED_NOW, Asked, Person
from app.enrolments.decisions import Decided, Ground
from app.enrolments.models import Place, ReservedBlock
from app.enrolments.passing import pass_time, tell_drawn
from app.enrolments.recording import GROUND_OF, record
from app.enrolments.standing import Standing, stand
from app.enrolments.steps import tell_of
from app.learning_sessions.models import Offering
from app.participants.models import Participant

LIVE = [status for status in PlaceStatus if status.is_live]
TAKEN = rooms_of.TAKEN
ANSWERS = {PlaceStatus.CONFIRMED: "place-confirmed", PlaceStatus.WAITING: "waiting"}
"""What became of a request → the kind of message that says so."""


def settle_learning_session(learning_session_id: int, now: datetime) -> None:
    """Read the session anew, write down what time has changed, and seat those who can be seated now."""
    standing = stand(learning_session_id)
    pass_time(standing, now)
    seat(standing, now)


def current(learning_session_id: int, now: datetime, participant_id: int | None = None) -> Standing:
    """Lock a session and bring it up to the moment: what every change of a place begins with.

    What time alone has changed is written down, and whom it lets move up is seated, before anything new is
    asked; so it is done even where nothing new comes of what is asked. With `participant_id`, who asks is
    read too. Raises NotFound.
    """
    standing = stand(learning_session_id, participant_id)
    if pass_time(standing, now):
        seat(standing, now)
    return standing


def seat(standing: Standing, now: datetime) -> None:
    """Seat those who can be seated now; the one routine after every change.

    Nobody is seated in a sitting that has begun, or once the journey is closed. Who waits on after a lottery
    that has just been drawn is told so.
    """
    if standing.takes_places:
        rooms = rooms_of.rooms(standing, now)
        lines = {seat: rooms_of.line(standing, seat, now) for seat in rooms}
        for promotion in settle(rooms, lines, now):
            _apply(standing, promotion, now)
        db.flush()
    tell_drawn(standing, now)


def answer(standing: Standing, asked: Asked, participant: Person, now: datetime) -> Place:
    """The same routine with one more at the end of a line. Returns their place, as what became of it.

    Where an organiser is to approve, it is a request until then.
    """
    if standing.rule(asked.place.offering_id).needs_approval:
        return _answered(standing, asked, PlaceStatus.REQUESTED, participant, now)
    rooms = rooms_of.rooms(standing, now)
    lines = {seat: _line(standing, seat, asked, now) for seat in rooms}
    is_seated = False
    for promotion in settle(rooms, lines, now, asked.entry.place_id):
        if promotion.place_id == asked.entry.place_id:
            is_seated = True
            _give_up(promotion.gives_up, now, standing.journey_id)
            _answered(standing, asked, PlaceStatus.CONFIRMED, participant, now)
        else:  # a later swap may give up again what has just been given
            given_up = [asked.place.id if one == ASKED_NOW else one for one in promotion.gives_up]
            _apply(standing, replace(promotion, gives_up=tuple(given_up)), now)
    if not is_seated:
        _answered(standing, asked, PlaceStatus.WAITING, participant, now)
    return asked.place


def _answered(
    standing: Standing, asked: Asked, status: PlaceStatus, participant: Person, now: datetime
) -> Place:
    place, before = asked.place, asked.place.status
    position = rooms_of.position(place) if before is PlaceStatus.WAITING else None
    steps.write_asked(asked, status, now)
    ground = GROUND_OF[standing.rule(place.offering_id).kind]
    if status is PlaceStatus.REQUESTED:
        ground = Ground.APPROVAL
    what = Decided.CONFIRMED if status is PlaceStatus.CONFIRMED else Decided.ASKED
    after = rooms_of.position(place)
    record(place, what, ground, before, now, position_before=position, position_after=after)
    if status in ANSWERS:
        tell_of(place, participant, ANSWERS[status], now, standing.journey_id)
    return place


def _line(standing: Standing, seat: Seat, asked: Asked, now: datetime) -> Iterator[Waiting]:
    """Without the row that is used again: who waits in another way asks for this one instead."""
    if seat.offering_id in standing.lined:
        yield from (one for one in rooms_of.line(standing, seat, now) if one.place_id != asked.place.id)
    if seat == asked.entry.seat:
        yield asked.entry


def last_taken(offering_id: int, way: Way, count: int, now: datetime) -> Sequence[Place]:
    """The last who took a place, or were offered one, in the order of the queue; those of a reserved block
    that still stands keep theirs.

    Nobody when there are no so many to take.
    """
    stands = and_(ReservedBlock.returned_at.is_(None), ReservedBlock.release_at > now)
    found = db.scalars(
        select(Place)
        .outerjoin(ReservedBlock, ReservedBlock.id == Place.block_id)
        .where(
            Place.offering_id == offering_id,
            Place.way == way,
            Place.status.in_(TAKEN),
            or_(Place.block_id.is_(None), not_(stands)),
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
    unseated = last_taken(offering.id, way, count, now)
    for place in unseated:
        steps.back_into_line(place, Decided.UNSEATED, Ground.CAPACITY, now)
    journey_id = offering.learning_session.journey_id
    for place in unseated:
        tell_of(place, db.get_one(Participant, place.participant_id), "waiting", now, journey_id)
    db.flush()
    return unseated


def _apply(standing: Standing, promotion: Promotion, now: datetime) -> None:
    place = db.get_one(Place, promotion.place_id, populate_existing=True)
    participant = db.get_one(Participant, place.participant_id)
    _give_up(promotion.gives_up, now, standing.journey_id)
    rule = standing.rule(place.offering_id)
    if promotion.as_offer:
        ends_at = rule.offer_ends_at(now, standing.sittings[place.offering_id].starts_at)
        steps.offer(place, ends_at, now)
        what, kind = Decided.OFFERED, "offered"
        tell_of(place, participant, kind, now, standing.journey_id, expires_at=ends_at)
    else:
        steps.confirm(place, now)
        what, kind = Decided.CONFIRMED, "promoted"
        tell_of(place, participant, kind, now, standing.journey_id)
    place.sequence += 1  # its calendar entry was tentative; RFC 5546 2.1.4
    ground = GROUND_OF[rule.kind]
    record(place, what, ground, PlaceStatus.WAITING, now, position_before=promotion.position)


def _give_up(place_ids: Sequence[int], now: datetime, journey_id: int) -> None:
    """What somebody has in the twins, for the seat they get."""
    for place_id in place_ids:
        twin = db.get_one(Place, place_id, populate_existing=True)
        steps.swap_out(twin, Ground.TWIN, now, journey_id)

"""What organisers decide about single places: yes, no, not yet after all, the twin sitting, out.

Every one of these goes through the seat routine, is noted with who decided, and tells the person.
"""

from datetime import datetime

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.domain.errors import DomainError, NotOpen, Refused
from app.domain.seats import PlaceStatus, Seat
from app.enrolments import queries, seating, steps
from app.enrolments import rooms as rooms_of
from app.enrolments.decisions import Decided, Ground
from app.enrolments.models import EnrolmentStatus, Place
from app.enrolments.recording import record
from app.enrolments.standing import Standing, is_held, is_over
from app.learning_sessions.models import Offering
from app.participants.models import Participant

ASKS = (PlaceStatus.REQUESTED, PlaceStatus.DECLINED)


def approve(place: Place, by: User | None, now: datetime, note: str = "") -> None:
    """Say yes to a request, also to one declined before: it joins the line by the number it was asked with.

    Twice is once. Raises NotOpen when nobody can be seated there any more, Refused for what was not asked.
    """
    standing = _standing(place, now)
    if place.status in (PlaceStatus.WAITING, PlaceStatus.OFFERED, PlaceStatus.CONFIRMED):
        return
    if place.status not in ASKS:
        raise Refused("This place has been given up; there is nothing to approve.")
    _check_takes_places(standing, standing.sittings[place.offering_id], place.participant_id, now)
    before, sitting = place.status, standing.sittings[place.offering_id]
    if before is PlaceStatus.DECLINED and standing.rule(sitting.id).is_drawn:  # took no part in the draw
        place.queue_number = steps.next_queue_number(sitting)
    place.status, place.released_at, place.updated_at = PlaceStatus.WAITING, None, now
    db.flush()
    position = rooms_of.position(place)
    record(place, Decided.APPROVED, Ground.ORGANISER, before, now, position_after=position, by=by, note=note)
    seating.seat(standing, now)
    if place.status is PlaceStatus.WAITING:
        _tell(place, "waiting", now, standing.journey_id)


def withdraw_approval(place: Place, by: User | None, now: datetime, note: str = "") -> None:
    """Take a yes back: the place is a request again, and its seat goes to the next in line. Twice is once."""
    standing = _standing(place, now)
    if place.status is PlaceStatus.REQUESTED:
        return
    if not place.status.is_live or not standing.rule(place.offering_id).needs_approval:
        raise Refused("This place does not rest on an approval.")
    _check_not_over(standing, place, now)
    steps.back_into_line(
        place, Decided.APPROVAL_WITHDRAWN, Ground.ORGANISER, now,
        status=PlaceStatus.REQUESTED, by=by, note=note,
    )  # fmt: skip
    _tell(place, "place-back-to-request", now, standing.journey_id)
    seating.seat(standing, now)


def decline(place: Place, reason: str, by: User | None, now: datetime) -> None:
    """Say no, with a reason the person reads. Twice is once. Raises DomainError without a reason."""
    reason = _stated(reason)
    standing = _standing(place, now)
    if place.status is PlaceStatus.DECLINED:
        return
    if not place.status.is_live:
        raise Refused("This place has been given up already.")
    _check_not_over(standing, place, now)
    steps.give_up(
        place, Decided.DECLINED, Ground.ORGANISER, now, status=PlaceStatus.DECLINED, by=by, note=reason
    )
    _tell(place, "place-declined", now, standing.journey_id)
    seating.seat(standing, now)


def take_out(place: Place, reason: str, by: User | None, now: datetime) -> None:
    """Release somebody's place or wait, with a reason the person reads. Twice is once."""
    reason = _stated(reason)
    standing = _standing(place, now)
    if not place.status.is_live:
        return
    _check_not_over(standing, place, now)
    steps.give_up(place, Decided.RELEASED, Ground.ORGANISER, now, by=by, note=reason)
    _tell(place, "place-removed", now, standing.journey_id)
    seating.seat(standing, now)


def move(place: Place, to: Offering, by: User | None, now: datetime, note: str = "") -> Place:
    """Put somebody into a twin sitting, in one step: they have a seat in one of the two at every moment.

    Returns the place there. Raises Refused when there is no free seat for them, or nothing to move.
    """
    standing = _standing(place, now)
    if to.learning_session_id != place.learning_session_id or to.id == place.offering_id:
        raise Refused("People can be moved between the sittings of one session only.")
    if not place.status.is_live:
        raise Refused("This place has been given up; there is nothing to move.")
    _check_not_over(standing, place, now)
    target = standing.sittings[to.id]
    _check_takes_places(standing, target, place.participant_id, now)
    way = _way_there(place, target)
    mine = queries.places_in(place.learning_session_id, place.participant_id)
    there = next((one for one in mine if one.offering_id == to.id), None)
    before = there.status if there is not None else None
    position = rooms_of.position(there) if there is not None else None
    if there is not None and there.status is PlaceStatus.CONFIRMED:
        raise Refused("They have a place in that sitting already.")
    if not _has_free_seat(standing, target, way, place.participant_id, there, now):
        raise Refused(f"The other sitting has no place {way.label} that its rule gives to them now.")
    for one in mine:
        if one is not there and (one.id == place.id or one.status.is_taken):
            steps.swap_out(one, Ground.ORGANISER, now, standing.journey_id, by=by, note=note)
    if there is not None and there.status is PlaceStatus.OFFERED and there.way is not way:
        steps.back_into_line(there, Decided.OFFER_WITHDRAWN, Ground.ORGANISER, now, by=by)
        before, position = there.status, rooms_of.position(there)
    there = _place_there(there, place, target, way, now)
    steps.confirm(there, now)
    there.sequence += 1
    record(there, Decided.MOVED, Ground.ORGANISER, before, now, position_before=position, by=by, note=note)
    _tell(there, "place-moved", now, standing.journey_id)
    seating.seat(standing, now)
    return there


def _place_there(there: Place | None, place: Place, target: Offering, way: Way, now: datetime) -> Place:
    """Their place in the other sitting, new or used again, about to be confirmed."""
    if there is None:
        there = Place(
            participant_id=place.participant_id,
            offering_id=target.id,
            learning_session_id=place.learning_session_id,
            requested_at=now,
        )
    if there.status is not PlaceStatus.OFFERED:
        there.queue_number = steps.next_queue_number(target)
        there.status = PlaceStatus.WAITING
    there.way, there.updated_at = way, now
    there.released_at = there.cannot_come_at = there.block_id = None
    db.add(there)
    db.flush()
    return there


def _has_free_seat(
    standing: Standing, target: Offering, way: Way, participant_id: int, there: Place | None, now: datetime
) -> bool:
    """Whether the rule of the other sitting would seat them there now: an organiser's word does not go
    before a draw or beyond a balance.
    """
    if there is not None and there.status is PlaceStatus.OFFERED and there.way is way:
        return True
    room = rooms_of.rooms(standing, now)[Seat(target.id, way)]
    if not room.has_room:
        return False
    quota, balance = room.rule.quota(room.capacity, now), room.rule.balance
    if quota is None:
        return True
    group = rooms_of.group_of(standing, participant_id, balance)
    return room.shares.get(group, 0) < quota


def _way_there(place: Place, target: Offering) -> Way:
    """The way they attend now, where the other sitting has it."""
    return place.way if place.way in target.attendance.ways else target.attendance.ways[0]


def _standing(place: Place, now: datetime) -> Standing:
    """Lock, let time pass, and read the place as it is then."""
    standing = seating.current(place.learning_session_id, now)
    db.refresh(place)
    return standing


def _check_takes_places(standing: Standing, sitting: Offering, participant_id: int, now: datetime) -> None:
    if not standing.takes_places:
        raise NotOpen("The journey is not open; nobody can be given a place in it.")
    if not is_held(sitting, now):
        raise NotOpen("This sitting is cancelled, has begun or is over; nobody can be given a place in it.")
    enrolment = queries.enrolment(standing.journey_id, participant_id)
    if enrolment is None or enrolment.status is not EnrolmentStatus.ACTIVE:
        raise Refused("They are not enrolled in the journey any more.")
    if rooms_of.begun_in(standing, queries.places_in(standing.learning_session_id, participant_id), now):
        raise Refused("They have a place in a sitting of this session that has begun; one sitting a person.")


def _check_not_over(standing: Standing, place: Place, now: datetime) -> None:
    if is_over(standing.sittings[place.offering_id], now):
        raise Refused("This sitting is over; its places stay as they were.")


def _stated(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise DomainError("Say why: the person reads it.", "reason")
    return reason


def _tell(place: Place, kind: str, now: datetime, journey_id: int) -> None:
    steps.tell_of(place, db.get_one(Participant, place.participant_id), kind, now, journey_id)
    db.flush()

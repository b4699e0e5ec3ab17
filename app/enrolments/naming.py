"""Giving the places of a reserved block to people: naming, swapping names, taking one out, the group's link.

A reserved place is invitation and approval at once: who is named is enrolled where needed and seated in the
same step. The seat is never free for others meanwhile. None of these commits.
"""

from collections.abc import Sequence
from datetime import datetime

from app.accounts.models import User
from app.database import db
from app.domain.errors import DomainError, NotFound, NotOpen, Refused
from app.domain.seats import PlaceStatus
from app.domain.zone_directory import proposed_zone
from app.enrolments import operations, queries, seating, steps
from app.enrolments import rooms as rooms_of
from app.enrolments.blocks import last_enrolment_decision
from app.enrolments.decisions import Decided, EnrolmentDecided, Ground
from app.enrolments.models import EnrolmentStatus, Place
from app.enrolments.recording import record
from app.enrolments.reserved import ReservedBlock
from app.enrolments.reserving import check_stands, hold
from app.enrolments.standing import Standing, is_held
from app.journeys.locking import lock
from app.journeys.models import CountryGroup, Journey
from app.organisations.models import Organisation
from app.participants import operations as participants
from app.participants import queries as known_people
from app.participants.models import Participant

DEAD_LINK = (
    "This link to a group’s places does not work, or does not work any more. Ask whoever sent it to you for "
    "the new one."
)


class AboutThem(Refused):
    """A refusal that tells something about the person; for organisers, and for the person."""


def person(block: ReservedBlock, email: str, name: str, now: datetime) -> Participant:
    """Whom an address reaches: somebody known, else a new participant of this name without an account.

    Country and zone of somebody new are the group's until they say otherwise. Raises DomainError when the
    address is not known and there is no name.
    """
    lock(_journey(block))  # two who name the same address at once make one person of it
    found = known_people.by_email(email)
    if found is not None:
        return found
    if not name.strip():
        raise DomainError("We do not know this address yet. Give the person’s name too.", "name")
    group = db.get(CountryGroup, block.country_group_id) if block.country_group_id else None
    organisation = db.get(Organisation, block.organisation_id) if block.organisation_id else None
    zone = proposed_zone(group.country) if group is not None else None
    profile = participants.Profile(
        name=name,
        timezone=zone or block.timezone,
        country=group.country if group is not None else None,
        organisation=organisation.name if organisation is not None else "",
    )
    return participants.create(profile, now, email=email)


def name(block: ReservedBlock, participant: Participant, now: datetime, by: User | None = None) -> Place:
    """Seat somebody on a place of the group. Who holds a twin sitting changes over; who waits is seated.

    Raises NotOpen once the places went back, the sitting begins or is cancelled, Refused when every place
    has a name, or for somebody who has a place already or whom the organisers declined.
    """
    _enrol(block, participant, now, by)
    standing = hold(block, now)
    _check_takes_names(standing, block, now)
    _check_has_room(block)
    own = _own_places(standing, participant)
    _check_person(standing, block, participant, own, now)
    place = _seat(block, participant, own, now, by)
    seating.seat(standing, now)
    return place


def join(block: ReservedBlock, link_version: int, participant: Participant, now: datetime) -> Place:
    """Take one of the group's places by its link. Twice is once. Raises as `name` does, and NotFound when the
    link was renewed since.
    """
    _enrol(block, participant, now, None)
    standing = hold(block, now)
    if block.link_version != link_version:
        raise NotFound(DEAD_LINK)
    own = _own_places(standing, participant)
    mine = _here(block, own)
    if mine is not None and mine.status is PlaceStatus.CONFIRMED:
        return mine
    _check_takes_names(standing, block, now)
    _check_has_room(block)
    _check_person(standing, block, participant, own, now)
    place = _seat(block, participant, own, now, None)
    seating.seat(standing, now)
    return place


def swap(place: Place, other: Participant, now: datetime, by: User | None = None) -> Place:
    """Put another name on a place of a group, in one step: at no moment is the seat free for others.

    Returns the other's place. Both are told. Raises as `name` does.
    """
    block = _block_of(place)
    _enrol(block, other, now, by)
    standing = hold(block, now)
    _check_takes_names(standing, block, now)
    _check_is_named(place, block)
    own = _own_places(standing, other)
    _check_person(standing, block, other, own, now)
    _take_out(place, f"“{block.name}” has given this place to somebody else of the group.", now, by)
    swapped = _seat(block, other, own, now, by)
    seating.seat(standing, now)
    return swapped


def unname(place: Place, now: datetime, by: User | None = None) -> None:
    """Take a name out: the place is the group's again, without a name; the person is told. They stay
    enrolled. Raises NotOpen once the places went back.
    """
    block = _block_of(place)
    standing = hold(block, now)
    _check_takes_names(standing, block, now)
    _check_is_named(place, block)
    _take_out(place, f"“{block.name}” has taken this place back for somebody else of the group.", now, by)
    seating.seat(standing, now)


def renew_link(block: ReservedBlock, now: datetime) -> None:
    """Make the group's link invalid; there is a new one."""
    hold(block, now)
    block.link_version += 1
    db.flush()


def _enrol(block: ReservedBlock, participant: Participant, now: datetime, by: User | None) -> None:
    """Enrol whoever is named, unless the organisers said no to them; theirs is the last word."""
    journey = _journey(block)
    lock(journey)
    found = queries.enrolment(journey.id, participant.id)
    if found is not None and found.status is not EnrolmentStatus.ACTIVE:
        last = last_enrolment_decision(found.id)
        if found.status is EnrolmentStatus.DECLINED or last is EnrolmentDecided.REMOVED:
            raise AboutThem(
                f"The organisers of “{journey.title}” have declined or ended the enrolment of "
                f"{participant.name}. Ask them to enrol this person first."
            )
    operations.enrol(journey, participant, now, by=by, note=f"A place of “{block.name}”.")


def _check_takes_names(standing: Standing, block: ReservedBlock, now: datetime) -> None:
    if not standing.takes_places:
        raise NotOpen("The journey is not open; nobody can be given a place in it.")
    sitting = standing.sittings[block.offering_id]
    if sitting.is_cancelled:
        raise NotOpen("This sitting has been cancelled; nobody is named while it is.")
    if not is_held(sitting, now):
        raise NotOpen("This sitting has begun or is over; its places are as they are.")
    check_stands(block, now)


def _check_has_room(block: ReservedBlock) -> None:
    if block.unnamed < 1:
        raise Refused(
            f"Every place of “{block.name}” has a name. One that is given up or taken out can be given again."
        )


def _check_person(
    standing: Standing, block: ReservedBlock, participant: Participant, own: Sequence[Place], now: datetime
) -> None:
    here = _here(block, own)
    if here is not None and here.status is PlaceStatus.CONFIRMED:
        raise AboutThem(f"{participant.name} has a place in this sitting already.")
    if here is not None and here.status is PlaceStatus.DECLINED:
        raise AboutThem(
            f"The organisers have declined a request of {participant.name} for a place here. Ask them to "
            "approve it first."
        )
    if rooms_of.begun_in(standing, own, now):
        raise AboutThem(
            f"{participant.name} has a place in a sitting of this session that has begun; one sitting each "
            "person."
        )


def _seat(
    block: ReservedBlock, participant: Participant, own: Sequence[Place], now: datetime, by: User | None
) -> Place:
    """Seat a person whom everything allows; what they hold in the twins is given up in the same step."""
    for twin in own:
        if twin.offering_id != block.offering_id and twin.status.is_taken:
            steps.swap_out(twin, Ground.TWIN, now, _journey(block).id)
    place = _here(block, own)
    before = place.status if place is not None else None
    if place is None:
        place = _new_place(block, participant, now)
    elif not before or not before.is_live:
        place.queue_number, place.requested_at = steps.next_queue_number(block.offering), now
    position = rooms_of.position(place) if before is not None else None
    if before is not None:
        place.sequence += 1  # its calendar entry was tentative, or cancelled
    steps.fill(place, block, now)
    record(place, Decided.NAMED, Ground.BLOCK, before, now, position_before=position, by=by, note=block.name)
    steps.tell_of(place, participant, "named", now, _journey(block).id)
    db.flush()
    return place


def _new_place(block: ReservedBlock, participant: Participant, now: datetime) -> Place:
    place = Place(
        participant_id=participant.id,
        offering_id=block.offering_id,
        learning_session_id=block.learning_session_id,
        way=block.way,
        status=PlaceStatus.WAITING,
        queue_number=steps.next_queue_number(block.offering),
        requested_at=now,
        updated_at=now,
    )
    db.add(place)
    db.flush()
    return place


def _take_out(place: Place, note: str, now: datetime, by: User | None) -> None:
    steps.give_up(place, Decided.RELEASED, Ground.BLOCK, now, by=by, note=note)
    holder = db.get_one(Participant, place.participant_id)
    steps.tell_of(place, holder, "unnamed", now, place.offering.learning_session.journey_id)
    db.flush()


def _block_of(place: Place) -> ReservedBlock:
    if place.block_id is None:
        raise Refused("This place is not one of the group’s any more.")
    return db.get_one(ReservedBlock, place.block_id)


def _check_is_named(place: Place, block: ReservedBlock) -> None:
    db.refresh(place)
    if place.block_id != block.id or place.status is not PlaceStatus.CONFIRMED:
        raise Refused("This place has just been given up; it is the group’s again, without a name.")


def _own_places(standing: Standing, participant: Participant) -> Sequence[Place]:
    return queries.places_in(standing.learning_session_id, participant.id)


def _here(block: ReservedBlock, own: Sequence[Place]) -> Place | None:
    return next((one for one in own if one.offering_id == block.offering_id), None)


def _journey(block: ReservedBlock) -> Journey:
    return block.offering.learning_session.journey

"""Enrolling and leaving, taking and releasing places.

Every change of a seat goes the same way: lock the journey, the learning session and its offerings (in this
order, by id), write the one fact down, let `seating` decide and apply what follows.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from app.database import db
from app.domain.attendance import Way
from app.domain.errors import NotOpen, Refused
from app.domain.moments import moment
from app.domain.seats import PlaceStatus
from app.enrolments import interest, queries, seating
from app.enrolments import rooms as rooms_of
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import Offering, OfferingStatus
from app.learning_sessions.operations import lock
from app.participants.models import Participant


def enrol(journey: Journey, participant: Participant, now: datetime) -> Enrolment:
    """Enrol a participant in an open journey; enrolling twice is enrolling once.

    Keeps country, organisation and stakeholder group as they are now. Raises NotOpen.
    """
    _lock_journey(journey)
    if journey.status is not JourneyStatus.OPEN:
        raise NotOpen(_why_closed(journey))
    found = queries.enrolment(journey.id, participant.id)
    if found is None:
        found = Enrolment(journey_id=journey.id, participant_id=participant.id, enrolled_at=now)
        db.add(found)
    elif found.status is EnrolmentStatus.ACTIVE:
        return found
    found.status = EnrolmentStatus.ACTIVE
    found.enrolled_at, found.left_at = now, None
    found.country = participant.country
    found.organisation_id = participant.organisation_id
    found.stakeholder_group = participant.stakeholder_group
    seating.tell(participant, "enrolled", {"journey_id": journey.id, "participant_id": participant.id}, now)
    db.flush()
    return found


def leave(journey: Journey, participant: Participant, now: datetime) -> None:
    """Leave a journey: every coming place in it is released, and interest in its undated sessions withdrawn.

    Leaving twice is leaving once.
    """
    _lock_journey(journey)
    found = queries.enrolment(journey.id, participant.id)
    if found is None or found.status is EnrolmentStatus.LEFT:
        return
    _release_coming(queries.live_places(participant.id, journey.id), now)
    interest.withdraw_everywhere(participant, now, journey.id)
    found.status, found.left_at = EnrolmentStatus.LEFT, now
    db.flush()


def take_place(offering: Offering, participant: Participant, way: Way, now: datetime) -> Place:
    """Ask for a place: confirmed when there is room, else at the end of the line.

    Asking again for what one holds or waits for changes nothing. While a twin sitting is held, promotion
    is the swap. Raises NotOpen (journey, sitting, registration) or Refused (not enrolled, no such way of
    attending).
    """
    journey_id = lock(offering.learning_session_id)
    db.refresh(offering)
    _check_request(offering, journey_id, participant, way, now)
    place = queries.place(offering.id, participant.id)
    if place is not None and place.status.is_live and place.way is way:
        return place
    if place is not None and place.status is PlaceStatus.CONFIRMED:
        raise Refused(f"You hold a place {place.way.label}. Give it up first to ask for one {way.label}.")
    if place is None:
        place = Place(
            participant_id=participant.id,
            offering_id=offering.id,
            learning_session_id=offering.learning_session_id,
        )
    place.queue_number = seating.next_queue_number(offering)
    place.way, place.status = way, PlaceStatus.WAITING
    place.requested_at = place.updated_at = now
    place.confirmed_at = place.released_at = None
    db.add(place)
    db.flush()
    seating.settle_learning_session(offering.learning_session_id, now, asked_by=place)
    if place.status is PlaceStatus.WAITING:
        seating.tell(participant, "waiting", {"place_id": place.id}, now)
        db.flush()
    return place


def release_place(place: Place, now: datetime) -> None:
    """Give a place up, or leave the line; the first in line moves up at once. Twice is once.

    Raises Refused when the sitting is over: what was, stays.
    """
    lock(place.learning_session_id)
    db.refresh(place)
    if not place.status.is_live:
        return
    offering = db.get_one(Offering, place.offering_id)
    if rooms_of.is_over(offering, now):
        raise Refused("This session is over; its places stay as they were.")
    seating.release(place, now)
    seating.settle_learning_session(place.learning_session_id, now)


def release_everything(participant: Participant, now: datetime) -> None:
    """Give up every coming place and interest, leave every open journey, as when an account is closed.

    In journeys that are over the enrolment stays, so that their numbers stay true.
    """
    db.execute(select(Participant.id).where(Participant.id == participant.id).with_for_update())
    enrolled = db.scalars(
        select(Enrolment)
        .where(Enrolment.participant_id == participant.id, Enrolment.status == EnrolmentStatus.ACTIVE)
        .order_by(Enrolment.journey_id)
    ).all()
    for enrolment in enrolled:
        journey = db.get_one(Journey, enrolment.journey_id)
        if journey.status is JourneyStatus.OPEN:
            leave(journey, participant, now)
        else:
            _release_coming(queries.live_places(participant.id, journey.id), now)
    interest.withdraw_everywhere(participant, now)


def _release_coming(places: Sequence[Place], now: datetime) -> None:
    """All of a learning session's places before anybody moves up: the leaver's own wait must not."""
    for learning_session_id, its in groupby(places, key=lambda place: place.learning_session_id):
        lock(learning_session_id)
        for place in its:
            db.refresh(place)
            if place.status.is_live and not rooms_of.is_over(db.get_one(Offering, place.offering_id), now):
                seating.release(place, now)
        seating.settle_learning_session(learning_session_id, now)


def _check_request(
    offering: Offering, journey_id: int, participant: Participant, way: Way, now: datetime
) -> None:
    journey = db.get_one(Journey, journey_id, populate_existing=True)
    if journey.status is not JourneyStatus.OPEN:
        raise NotOpen(_why_closed(journey))
    if offering.status is OfferingStatus.CANCELLED:
        raise NotOpen("This sitting has been cancelled; nobody can take a place in it.")
    if rooms_of.has_begun(offering, now):
        raise NotOpen("This sitting has begun or is over; its places are as they are.")
    _check_registration(offering, now)
    if way not in offering.attendance.ways:
        raise Refused(f"This sitting cannot be attended {way.label}.")
    enrolment = queries.enrolment(journey_id, participant.id)
    if enrolment is None or enrolment.status is not EnrolmentStatus.ACTIVE:
        raise Refused(f"Enrol in “{journey.title}” first; then you can take places in its sessions.")
    if rooms_of.begun_in(offering.learning_session_id, [participant.id], now):
        raise Refused(
            "You have a place in a sitting of this session that has begun; one sitting each person."
        )


def _check_registration(offering: Offering, now: datetime) -> None:
    opens_at, closes_at = offering.registration_opens_at, offering.registration_closes_at
    if opens_at is not None and now < opens_at:
        opens = moment(opens_at, offering.timezone)
        raise NotOpen(f"Places in this sitting can be asked for from {opens.text} on.")
    if closes_at is not None and closes_at <= now:
        closed = moment(closes_at, offering.timezone)
        raise NotOpen(f"Places in this sitting could be asked for until {closed.text}.")


def _why_closed(journey: Journey) -> str:
    if journey.status in {JourneyStatus.CLOSED, JourneyStatus.ARCHIVED}:
        return f"“{journey.title}” is closed. Everything in it stays readable, but nobody can enrol any more."
    return f"“{journey.title}” does not take enrolments yet."


def _lock_journey(journey: Journey) -> None:
    db.execute(select(Journey.id).where(Journey.id == journey.id).with_for_update(key_share=True))
    db.refresh(journey)

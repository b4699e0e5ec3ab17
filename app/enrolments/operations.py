"""Enrolling and leaving, taking and releasing places.

Every change of a seat goes the same way: lock the journey, the learning session and its offerings (in this
order, by id), write down what time has changed and the one new fact, let `seating` decide what follows.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.domain.errors import NotFound, NotOpen, Refused
from app.domain.moments import moment
from app.domain.seats import PlaceStatus
from app.enrolments import interest, queries, reserving, seating, steps
from app.enrolments import rooms as rooms_of
from app.enrolments.asked import Person, Wanted, request_of
from app.enrolments.decisions import Decided, EnrolmentDecided, Ground
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.enrolments.recording import forget_words, record, record_enrolment
from app.enrolments.standing import Asker, Standing, has_begun, is_over
from app.journeys.locking import lock
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import Offering, OfferingStatus
from app.participants.models import Participant


def enrol(
    journey: Journey, participant: Participant, now: datetime, *,
    what: EnrolmentDecided = EnrolmentDecided.ENROLLED, by: User | None = None, note: str = "",
) -> Enrolment:  # fmt: skip
    """Enrol a participant in an open journey, whatever its policy asks; enrolling twice is enrolling once.

    Keeps country, organisation and stakeholder group as they are now. Raises NotOpen.
    """
    lock(journey)
    if journey.status is not JourneyStatus.OPEN:
        raise NotOpen(why_closed(journey))
    found = queries.enrolment(journey.id, participant.id)
    if found is None:
        found = Enrolment(journey_id=journey.id, participant_id=participant.id, enrolled_at=now)
        db.add(found)
    elif found.status is EnrolmentStatus.ACTIVE:
        return found
    found.status = EnrolmentStatus.ACTIVE
    found.enrolled_at, found.left_at = now, None
    note_facts(found, participant)
    db.flush()
    record_enrolment(found, what, now, by=by, note=note)
    about = {"journey_id": journey.id, "participant_id": participant.id}
    steps.tell(participant, "enrolled", about, now, journey.id)
    db.flush()
    return found


def leave(journey: Journey, participant: Participant, now: datetime, ground: Ground = Ground.LEFT) -> None:
    """Leave a journey: every coming place in it is released, and interest in its undated sessions withdrawn.

    Leaving twice is leaving once.
    """
    lock(journey)
    found = queries.enrolment(journey.id, participant.id)
    if found is None or found.status in (EnrolmentStatus.LEFT, EnrolmentStatus.DECLINED):
        return
    was_request = found.status is EnrolmentStatus.REQUESTED
    given_up = release_coming(queries.live_places(participant.id, journey.id), now, ground)
    interest.withdraw_everywhere(participant, now, journey.id)
    found.status, found.left_at, found.wants_all = EnrolmentStatus.LEFT, now, False
    record_enrolment(found, EnrolmentDecided.LEFT, now)
    if ground is not Ground.ACCOUNT_CLOSED:
        tell_left(found, participant, "journey-left", given_up, now, was_request=was_request)
    db.flush()


def take_place(wanted: Offering | Wanted, participant: Person, way: Way, now: datetime) -> Place:
    """Ask for a place: confirmed when the rule gives one at once, else in line or with the organisers.

    Asking again for what one holds or waits for changes nothing. While a twin sitting is held, promotion
    is the swap. Raises NotOpen (journey, sitting, registration), Refused (not enrolled, no such way of
    attending, declined before) or NotFound (deleted meanwhile).
    """
    standing = seating.current(wanted.learning_session_id, now, participant.id)
    who, offering = standing.asker, standing.sittings.get(wanted.id)
    assert who is not None  # noqa: S101  # it was asked for
    if offering is None:
        raise NotFound("This sitting is no longer there.")
    place = who.place(offering.id)
    _check_request(standing, offering, who, way, now)
    if place is not None and place.status.is_live and place.way is way:
        return place
    if place is not None and place.status is PlaceStatus.OFFERED:
        raise Refused(f"A place {place.way.label} is on offer to you. Accept or decline that first.")
    if place is not None and place.status.is_taken:
        raise Refused(f"You hold a place {place.way.label}. Give it up first to ask for one {way.label}.")
    if place is not None and place.status is PlaceStatus.DECLINED:
        raise Refused("The organisers have declined your request for a place here.")
    return seating.answer(standing, request_of(who, offering, way), participant, now)


def release_place(place: Place, now: datetime, *, by_calendar: bool = False) -> None:
    """Give a place up, or leave the line; the first in line moves up at once. Twice is once.

    It is confirmed to its holder; `by_calendar`: as an answer of their calendar program. After the time to
    give it up freely it is noted that they cannot come. Raises Refused when the sitting is over: what was,
    stays.
    """
    standing = seating.current(place.learning_session_id, now)
    db.refresh(place)
    if not place.status.is_live:
        return
    sitting = standing.sittings[place.offering_id]
    if is_over(sitting, now):
        raise Refused("This session is over; its places stay as they were.")
    is_late = standing.rule(sitting.id).is_late(sitting.starts_at, now)
    what = Decided.RELEASED
    if place.status is PlaceStatus.CONFIRMED and is_late:
        what = Decided.CANNOT_COME
    elif place.status is PlaceStatus.OFFERED:
        what = Decided.OFFER_DECLINED
    steps.give_up(place, what, Ground.OWN_WISH, now)
    holder = db.get_one(Participant, place.participant_id)
    steps.tell_of(place, holder, "place-released", now, standing.journey_id, by_calendar=by_calendar)
    seating.seat(standing, now)


def accept_offer(place: Place, now: datetime) -> None:
    """Take the place that is on offer; what its holder has in the twins is given up in the same step.

    Twice is once. Raises Refused when the offer has ended, or was none.
    """
    standing = seating.current(place.learning_session_id, now)
    db.refresh(place)
    if place.status is PlaceStatus.CONFIRMED:
        return
    if place.status is not PlaceStatus.OFFERED:
        raise Refused("This offer has ended. You can ask for a place again; you join the end of the line.")
    if not standing.takes_places:
        raise NotOpen(why_closed(db.get_one(Journey, standing.journey_id, populate_existing=True)))
    own = queries.places_in(place.learning_session_id, place.participant_id)
    if rooms_of.begun_in(standing, own, now):
        raise Refused(
            "You have a place in a sitting of this session that has begun; one sitting each person. Decline "
            "this offer, so that somebody else can have it."
        )
    for twin in own:
        if twin.id != place.id and twin.status.is_taken:
            steps.swap_out(twin, Ground.TWIN, now, standing.journey_id)
    steps.confirm(place, now)
    place.sequence += 1
    record(place, Decided.ACCEPTED, Ground.OWN_WISH, PlaceStatus.OFFERED, now)
    participant = db.get_one(Participant, place.participant_id)
    steps.tell_of(place, participant, "place-confirmed", now, standing.journey_id)
    seating.seat(standing, now)


def release_everything(participant: Participant, now: datetime) -> None:
    """Give up every coming place and interest, leave every open journey, as when an account is closed.

    In journeys that are over the enrolment stays, so that their numbers stay true. What they wrote to
    organisers, and organisers to them, is forgotten.
    """
    who = select(Participant.id).where(Participant.id == participant.id)
    db.execute(who.with_for_update(key_share=True))  # those who hold a journey's lock may still refer to them
    _leave_everywhere(participant, now)
    reserving.forget_focal(participant)
    interest.withdraw_everywhere(participant, now)
    db.execute(who.with_for_update())  # whoever enrolled them meanwhile has ended
    _leave_everywhere(participant, now)
    forget_words(participant)


def _leave_everywhere(participant: Participant, now: datetime) -> None:
    enrolled = db.scalars(
        select(Enrolment)
        .where(
            Enrolment.participant_id == participant.id,
            Enrolment.status.in_((EnrolmentStatus.ACTIVE, EnrolmentStatus.REQUESTED)),
        )
        .order_by(Enrolment.journey_id)
        .execution_options(populate_existing=True)
    ).all()
    for enrolment in enrolled:
        journey = db.get_one(Journey, enrolment.journey_id)
        if journey.status is JourneyStatus.OPEN or enrolment.status is EnrolmentStatus.REQUESTED:
            leave(journey, participant, now, Ground.ACCOUNT_CLOSED)
        else:
            places = queries.live_places(participant.id, journey.id)
            release_coming(places, now, Ground.ACCOUNT_CLOSED)


def release_coming(
    places: Sequence[Place], now: datetime, ground: Ground, *, by: User | None = None, note: str = ""
) -> dict[Place, PlaceStatus]:
    """Give up those of a person's places whose sittings are not over; which they were, and what before.

    All of a learning session's places before anybody moves up: the leaver's own wait must not.
    """
    given_up = {}
    for learning_session_id, its in groupby(places, key=lambda place: place.learning_session_id):
        standing = seating.current(learning_session_id, now)
        for place in its:
            db.refresh(place)
            if place.status.is_live and not is_over(standing.sittings[place.offering_id], now):
                given_up[place] = place.status
                steps.give_up(place, Decided.RELEASED, ground, now, by=by, note=note)
        seating.seat(standing, now)
    return given_up


def tell_left(
    enrolment: Enrolment, participant: Participant, kind: str, given_up: Mapping[Place, PlaceStatus],
    now: datetime, **facts: Any,
) -> None:  # fmt: skip
    """Tell somebody that their enrolment has ended, with the places that went with it.

    A mail takes one entry out of a calendar: that of the only seat goes with this one, several have one each.
    """
    seats = [place for place, before in given_up.items() if before.is_taken]
    only = seats[0] if len(seats) == 1 else None
    journey_id = enrolment.journey_id
    about = {
        "journey_id": journey_id, "participant_id": participant.id,
        "place_ids": [place.id for place in given_up], "entry_of": only.id if only is not None else None,
    }  # fmt: skip
    offering_id = only.offering_id if only is not None else None
    steps.tell(participant, kind, about | facts, now, journey_id, offering_id=offering_id)
    for place in seats if only is None else ():
        steps.tell_of(place, participant, "calendar-update", now, journey_id)


def _check_request(standing: Standing, offering: Offering, who: Asker, way: Way, now: datetime) -> None:
    if not standing.takes_places:
        raise NotOpen(why_closed(db.get_one(Journey, standing.journey_id, populate_existing=True)))
    if offering.status is OfferingStatus.CANCELLED:
        raise NotOpen("This sitting has been cancelled; nobody can take a place in it.")
    if has_begun(offering, now):
        raise NotOpen("This sitting has begun or is over; its places are as they are.")
    _check_registration(offering, now)
    if way not in offering.attendance.ways:
        raise Refused(f"This sitting cannot be attended {way.label}.")
    if not who.is_enrolled:
        title = db.get_one(Journey, standing.journey_id).title
        raise Refused(f"Enrol in “{title}” first; then you can take places in its sessions.")
    if rooms_of.begun_in(standing, who.places, now):
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


def why_closed(journey: Journey) -> str:
    """Why nobody can enrol in a journey that is not open, as a sentence."""
    if journey.status in {JourneyStatus.CLOSED, JourneyStatus.ARCHIVED}:
        return f"“{journey.title}” is closed. Everything in it stays readable, but nobody can enrol any more."
    return f"“{journey.title}” does not take enrolments yet."


def note_facts(enrolment: Enrolment, participant: Participant) -> None:
    """Keep country, organisation and stakeholder group as they are at enrolment."""
    enrolment.country = participant.country
    enrolment.organisation_id = participant.organisation_id
    enrolment.stakeholder_group = participant.stakeholder_group

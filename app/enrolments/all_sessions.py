"""Taking part in every session of a journey: a place in each that is coming, and in each that is added.

None commits. Sessions in which somebody has a place, or gave one up since they enrolled, are left alone. The
worker's part is in `following`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app.database import db
from app.domain.all_sessions import Coming, Follower, choose
from app.domain.attendance import Way
from app.domain.dates import listed
from app.domain.errors import NotFound, NotOpen, Refused
from app.domain.seats import PlaceStatus, Seat
from app.domain.timezones import wall_of
from app.enrolments import operations, seating
from app.enrolments import rooms as rooms_of
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.enrolments.standing import Standing, is_held
from app.jobs import operations as jobs
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession, Offering, OfferingStatus
from app.participants.models import Participant

SEAT_ONE = "enrolments.seat_follower"
"""The kind of job that seats one person in every coming session."""
SEAT_ALL = "enrolments.seat_followers"
"""The kind of job that seats everybody who wants every session in one of them."""

FOLLOWS = and_(Enrolment.wants_all, Enrolment.status == EnrolmentStatus.ACTIVE)


@dataclass(frozen=True)
class Seated:
    """What became of somebody who wants every session."""

    confirmed: int = 0
    waiting: int = 0
    asked: int = 0

    @property
    def in_words(self) -> str:
        """`You have a place in 5 sessions, and wait in the line of 1.`"""
        said = [
            f"{words} {count} session{'' if count == 1 else 's'}"
            for count, words in (
                (self.confirmed, "you have a place in"),
                (self.waiting, "you wait for one in"),
                (self.asked, "the organisers decide about your place in"),
            )
            if count
        ]
        if not said:
            return "No session can be asked for right now; you get a place as soon as one can."
        return f"{listed(said)}."[0].upper() + f"{listed(said)}."[1:]


def follow(enrolment: Enrolment, now: datetime, way: Way | None = None) -> None:
    """Take part in every session. The worker takes the places, unless `seat_everywhere` has; once enrolled.

    `way`: how, where there is a choice. Raises NotOpen.
    """
    journey = db.get_one(Journey, enrolment.journey_id)
    if journey.status is not JourneyStatus.OPEN:
        raise NotOpen(operations.why_closed(journey))
    enrolment.wants_all, enrolment.way = True, way or enrolment.way
    db.flush()
    if enrolment.status is EnrolmentStatus.ACTIVE:
        jobs.add(SEAT_ONE, {"enrolment_id": enrolment.id}, now)


def unfollow(enrolment: Enrolment, now: datetime) -> None:
    """Take part in chosen sessions only from now on; the places one has stay."""
    enrolment.wants_all = False
    db.flush()


def expect(offering: Offering, now: datetime) -> None:
    """Let those who want every session have a place in a sitting that is new or takes requests anew.

    The worker seats them at once, or when registration opens.
    """
    opens_at, about = offering.registration_opens_at, {"learning_session_id": offering.learning_session_id}
    if opens_at is not None and opens_at > now:
        key = f"{SEAT_ALL}:{offering.id}:{opens_at:%Y-%m-%dT%H:%M:%SZ}"
        jobs.add(SEAT_ALL, about, now, run_at=opens_at, unique_key=key)
    elif followers(offering.learning_session_id):
        jobs.add(SEAT_ALL, about, now)


def followers(learning_session_id: int) -> Sequence[int]:
    """Ids of the enrolments that want every session and have nothing in this one, first enrolled first."""
    return db.scalars(
        select(Enrolment.id)
        .join(LearningSession, LearningSession.journey_id == Enrolment.journey_id)
        .where(LearningSession.id == learning_session_id, FOLLOWS, ~_has_place())
        .order_by(Enrolment.enrolled_at, Enrolment.id)
    ).all()


def coming_sessions(enrolment_id: int, now: datetime) -> Sequence[int]:
    """The learning sessions in which somebody who wants every one could ask for a place now, by id."""
    return db.scalars(
        select(LearningSession.id)
        .join(Enrolment, Enrolment.journey_id == LearningSession.journey_id)
        .where(Enrolment.id == enrolment_id, FOLLOWS, ~_has_place(), _takes_requests(now))
        .order_by(LearningSession.id)
    ).all()


def left_out(now: datetime) -> Sequence[int]:
    """The learning sessions in which somebody who wants every one could have a place and has none."""
    somebody = exists().where(Enrolment.journey_id == LearningSession.journey_id, FOLLOWS, ~_has_place())
    return db.scalars(
        select(LearningSession.id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .where(Journey.status == JourneyStatus.OPEN, _takes_requests(now), somebody)
        .order_by(LearningSession.id)
    ).all()


def seat_everywhere(enrolment: Enrolment, now: datetime) -> Seated:
    """Take a place for somebody in every coming session; those that refuse are passed over."""
    found = dict.fromkeys(PlaceStatus, 0)
    for learning_session_id in coming_sessions(enrolment.id, now):
        place = seat_in(learning_session_id, enrolment.id, now)
        if place is not None:
            found[place.status] += 1
    return Seated(
        found[PlaceStatus.CONFIRMED],
        found[PlaceStatus.WAITING] + found[PlaceStatus.OFFERED],
        found[PlaceStatus.REQUESTED],
    )


def seat_in(learning_session_id: int, enrolment_id: int, now: datetime) -> Place | None:
    """Take a place for somebody who wants every session in one of them: in its earliest coming sitting with
    room, else in the line of the earliest. None when they have one, gave one up, or nobody can ask.
    """
    try:
        standing = seating.current(learning_session_id, now)
    except NotFound:
        return None
    wanting = select(Enrolment).join(LearningSession, LearningSession.journey_id == Enrolment.journey_id)
    enrolment = db.scalar(
        wanting.where(
            Enrolment.id == enrolment_id, LearningSession.id == learning_session_id, FOLLOWS, ~_has_place()
        ).execution_options(populate_existing=True)
    )
    seat = _choice(standing, enrolment, now) if enrolment is not None and standing.takes_places else None
    if seat is None or enrolment is None:
        return None
    participant = db.get_one(Participant, enrolment.participant_id)
    try:
        return operations.take_place(standing.sittings[seat.offering_id], participant, seat.way, now)
    except Refused:  # what the rules of places say comes before the wish
        return None


def _choice(standing: Standing, enrolment: Enrolment, now: datetime) -> Seat | None:
    who = Follower(enrolment.way or Way.ONLINE, enrolment.country or "", enrolment.stakeholder_group)
    coming = [
        Coming(seat, _starts_at(standing.sittings[seat.offering_id]), room)
        for seat, room in rooms_of.rooms(standing, now).items()
        if _is_asked_for(standing.sittings[seat.offering_id], now)
    ]
    return choose(coming, who, now)


def _is_asked_for(sitting: Offering, now: datetime) -> bool:
    """Whether places can be asked for now."""
    opens_at, closes_at = sitting.registration_opens_at, sitting.registration_closes_at
    is_open = (opens_at is None or opens_at <= now) and (closes_at is None or now < closes_at)
    return is_open and is_held(sitting, now)


def _starts_at(sitting: Offering) -> datetime:
    """When it begins; one known by its days begins with the first of them, in its own zone."""
    if sitting.starts_at is not None:
        return sitting.starts_at
    assert sitting.first_on is not None  # noqa: S101  # the schema has it: a promise or days
    return wall_of(datetime.combine(sitting.first_on, time.min), sitting.timezone)


def _has_place() -> ColumnElement[bool]:
    """Whether who is enrolled has a place in a learning session, or gave one up since enrolling."""
    found = exists().where(
        Place.participant_id == Enrolment.participant_id,
        Place.learning_session_id == LearningSession.id,
        or_(Place.status != PlaceStatus.RELEASED, Place.released_at >= Enrolment.enrolled_at),
    )
    return found.correlate(Enrolment, LearningSession)


def _takes_requests(now: datetime) -> ColumnElement[bool]:
    """Whether a learning session has a sitting that may be asked for now; what is exact is decided later."""
    return exists().where(
        Offering.learning_session_id == LearningSession.id,
        Offering.status == OfferingStatus.SCHEDULED,
        or_(Offering.starts_at > now, and_(Offering.starts_at.is_(None), Offering.last_on >= now.date())),
        or_(Offering.registration_opens_at.is_(None), Offering.registration_opens_at <= now),
        or_(Offering.registration_closes_at.is_(None), Offering.registration_closes_at > now),
    )

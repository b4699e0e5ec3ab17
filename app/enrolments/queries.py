"""What is asked about enrolments and places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, and_, bindparam, case, func, literal, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.database import Facts, db
from app.domain.seats import PlaceStatus
from app.enrolments.interested import availability_of as availability_of  # asked for here by other slices
from app.enrolments.interested import interest_counts as interest_counts
from app.enrolments.interested import interest_in as interest_in
from app.enrolments.interested import interested as interested
from app.enrolments.interested import interests_of as interests_of
from app.enrolments.interested import own_interest as own_interest
from app.enrolments.models import Enrolment, EnrolmentStatus, Place, ReservedBlock
from app.enrolments.own_places import OwnPlace as OwnPlace
from app.enrolments.own_places import decisions_of as decisions_of
from app.enrolments.own_places import lines_of as lines_of
from app.enrolments.own_places import own_places as own_places
from app.enrolments.own_places import own_places_in as own_places_in
from app.enrolments.own_places import waiting_and_offered as waiting_and_offered
from app.enrolments.own_places import waiting_counts as waiting_counts
from app.enrolments.policies import Joining as Joining
from app.enrolments.policies import joining as joining
from app.enrolments.policies import not_let_in as not_let_in
from app.enrolments.policies import policy_of as policy_of
from app.enrolments.policies import requests_in as requests_in
from app.enrolments.roster.people import counts_of_people as counts_of_people
from app.enrolments.stated import rules_of as rules_of
from app.enrolments.stated import shares_of as shares_of
from app.facilitators.models import Facilitator
from app.journeys.models import ExpectedZone, Journey
from app.learning_sessions.models import LearningSession, Offering, OfferingFacilitator, OfferingStatus
from app.participants.models import Participant

LIVE = [status for status in PlaceStatus if status.is_live]


def enrolled_facts(user_id: int) -> Facts:
    """Journeys in which the user is enrolled, for permission rules."""
    return (
        select(literal("enrolled"), Enrolment.journey_id, literal(""))
        .join(Participant, Participant.id == Enrolment.participant_id)
        .where(Participant.user_id == user_id, Enrolment.status == EnrolmentStatus.ACTIVE)
    )


def confirmed_facts(user_id: int) -> Facts:
    """Offerings in which the user holds a confirmed place, for permission rules."""
    return (
        select(literal("confirmed"), Place.offering_id, literal(""))
        .join(Participant, Participant.id == Place.participant_id)
        .where(Participant.user_id == user_id, Place.status == PlaceStatus.CONFIRMED)
    )


def focal_facts(user_id: int) -> Facts:
    """Reserved blocks whose places the user gives to people, for permission rules."""
    return (
        select(literal("focal"), ReservedBlock.id, literal(""))
        .join(Participant, Participant.id == ReservedBlock.focal_participant_id)
        .where(Participant.user_id == user_id)
    )


def enrolment(journey_id: int, participant_id: int) -> Enrolment | None:
    """The one enrolment of a participant in a journey, active or left."""
    return db.scalar(select(Enrolment).filter_by(journey_id=journey_id, participant_id=participant_id))


def place(offering_id: int, participant_id: int) -> Place | None:
    """The one place row of a participant in an offering, whatever its status."""
    return db.scalar(select(Place).filter_by(offering_id=offering_id, participant_id=participant_id))


def places_in(learning_session_id: int, participant_id: int) -> Sequence[Place]:
    """Every place of a participant in the sittings of a learning session, as the rows are now."""
    return db.scalars(
        select(Place)
        .where(Place.learning_session_id == learning_session_id, Place.participant_id == participant_id)
        .order_by(Place.id)
        .execution_options(populate_existing=True)
    ).all()


def offering(offering_id: int) -> Offering | None:
    """An offering with its learning session and journey."""
    found: Offering | None = db.scalar(_offering(), {"offering": offering_id})
    return found


@cache
def _offering() -> Executable:
    return (
        select(Offering)
        .where(Offering.id == bindparam("offering"))
        .options(joinedload(Offering.learning_session).joinedload(LearningSession.journey))
    )


def live_places(participant_id: int, journey_id: int | None = None) -> Sequence[Place]:
    """Places the participant counts on, in a journey or in all."""
    query = select(Place).where(Place.participant_id == participant_id, Place.status.in_(LIVE))
    if journey_id is not None:
        query = query.join(LearningSession, LearningSession.id == Place.learning_session_id).where(
            LearningSession.journey_id == journey_id
        )
    return db.scalars(query.order_by(Place.learning_session_id, Place.offering_id)).all()


def people_by_zone(journey_id: int) -> list[tuple[str, int, int, str, int]]:
    """(zone, works from, works until, days off, people) of everybody enrolled in a journey.

    The hours of a zone are those that most people there keep.
    """
    found: dict[str, tuple[str, int, int, str, int]] = {}
    for zone, start, end, off, people in db.execute(_people_by_zone(), {"journey": journey_id}):
        known = found.get(zone)
        found[zone] = (*known[:4], known[4] + people) if known else (zone, start, end, off, people)
    return list(found.values())


@cache
def _people_by_zone() -> Executable:
    kept = (Participant.timezone, Participant.works_from, Participant.works_until, Participant.days_off)
    return (
        select(*kept, func.count())
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .where(Enrolment.journey_id == bindparam("journey"), Enrolment.status == EnrolmentStatus.ACTIVE)
        .group_by(*kept)
        .order_by(func.count().desc(), *kept)
    )


@dataclass(frozen=True)
class Attended:
    """How many enrolments a journey has and from how many countries."""

    people: int
    countries: int


def attendance_of(journey_id: int) -> Attended:
    """Counts over active enrolments."""
    people, countries = db.execute(_attendance_of(), {"journey": journey_id}).one()
    return Attended(people, countries)


@cache
def _attendance_of() -> Executable:
    return select(func.count(), func.count(func.distinct(Enrolment.country))).where(
        Enrolment.journey_id == bindparam("journey"), Enrolment.status == EnrolmentStatus.ACTIVE
    )


def journeys_of(participant_id: int) -> Sequence[Journey]:
    """Journeys the participant is enrolled in, newest enrolment first."""
    return db.scalars(
        select(Journey)
        .join(Enrolment, Enrolment.journey_id == Journey.id)
        .where(Enrolment.participant_id == participant_id, Enrolment.status == EnrolmentStatus.ACTIVE)
        .order_by(Enrolment.enrolled_at.desc(), Journey.id)
    ).all()


def counts_by_journey(journey_ids: Sequence[int]) -> dict[int, Attended]:
    """People and countries of each of these journeys; one query."""
    rows = db.execute(
        select(Enrolment.journey_id, func.count(), func.count(func.distinct(Enrolment.country)))
        .where(Enrolment.journey_id.in_(journey_ids), Enrolment.status == EnrolmentStatus.ACTIVE)
        .group_by(Enrolment.journey_id)
    )
    return {number: Attended(people, countries) for number, people, countries in rows}


def expected_zones(journey_id: int) -> list[tuple[str, int | None]]:
    """(zone, people) the organisers of a journey expect."""
    return [(zone, people) for zone, people in db.execute(_expected_zones(), {"journey": journey_id})]


@cache
def _expected_zones() -> Executable:
    return (
        select(ExpectedZone.timezone, ExpectedZone.people)
        .where(ExpectedZone.journey_id == bindparam("journey"))
        .order_by(ExpectedZone.id)
    )


def confirmed_names(offering_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Offering id → (name, country, zone, way) of those who hold a place, by name; one query."""
    rows = db.execute(
        select(Place.offering_id, Participant.name, Participant.country, Participant.timezone, Place.way)
        .join(Participant, Participant.id == Place.participant_id)
        .where(Place.offering_id.in_(offering_ids), Place.status == PlaceStatus.CONFIRMED)
        .order_by(Place.offering_id, Participant.name_folded)
    )
    found: dict[int, list[Any]] = {}
    for offering_id, *row in rows:
        found.setdefault(offering_id, []).append(tuple(row))
    return found


def own_place(place_id: int, participant_id: int) -> Place | None:
    """A participant's own place, with its offering, learning session and journey."""
    return db.scalar(
        select(Place)
        .where(Place.id == place_id, Place.participant_id == participant_id)
        .options(
            joinedload(Place.offering)
            .joinedload(Offering.learning_session)
            .joinedload(LearningSession.journey)
        )
    )


def learning_of(participant_id: int) -> Sequence[Place]:
    """Every live place of a participant with its sitting, in order of time; one query."""
    return db.scalars(
        select(Place)
        .join(Offering, Offering.id == Place.offering_id)
        .where(Place.participant_id == participant_id, Place.status.in_(LIVE))
        .options(
            contains_eager(Place.offering).options(
                joinedload(Offering.venue),
                joinedload(Offering.learning_session).joinedload(LearningSession.journey),
            )
        )
        .order_by(func.coalesce(Offering.starts_at, Offering.created_at), Place.id)
    ).all()


@dataclass(frozen=True)
class Progress:
    """How far a participant has come in a journey: sessions held so far with a place, of all its sessions."""

    done: int
    planned: int
    count: int

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.count) if self.count else 0


def progress_of(participant_id: int, journey_ids: Sequence[int], now: datetime) -> dict[int, Progress]:
    """Journey id → progress; one query."""
    confirmed = and_(
        Place.learning_session_id == LearningSession.id,
        Place.participant_id == participant_id,
        Place.status == PlaceStatus.CONFIRMED,
    )
    ended = or_(Offering.ends_at <= now, Offering.last_on < now.date())
    is_cancelled = Offering.status == OfferingStatus.CANCELLED
    held = and_(ended, ~is_cancelled)
    rows = db.execute(
        select(
            LearningSession.journey_id,
            func.count(func.distinct(case((held, Place.learning_session_id)))),
            func.count(
                func.distinct(case((Offering.status == OfferingStatus.SCHEDULED, Place.learning_session_id)))
            ),
            func.count(func.distinct(LearningSession.id)),
        )
        .outerjoin(Place, confirmed)
        .outerjoin(Offering, Offering.id == Place.offering_id)
        .where(LearningSession.journey_id.in_(journey_ids))
        .group_by(LearningSession.journey_id)
    )
    return {number: Progress(done, planned, count) for number, done, planned, count in rows}


def leading(user_id: int, now: datetime) -> Sequence[Offering]:
    """The coming offerings a facilitator leads, in order of time; one query."""
    mine = (
        select(OfferingFacilitator.offering_id)
        .join(Facilitator, Facilitator.id == OfferingFacilitator.facilitator_id)
        .where(Facilitator.user_id == user_id)
    )
    return db.scalars(
        select(Offering)
        .where(Offering.id.in_(mine), or_(Offering.ends_at > now, Offering.last_on >= now.date()))
        .options(
            joinedload(Offering.venue),
            joinedload(Offering.learning_session).joinedload(LearningSession.journey),
        )
        .order_by(func.coalesce(Offering.starts_at, Offering.created_at), Offering.id)
    ).all()

"""A learning session under its lock: its journey, its sittings and their rules, for the seat routine."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Executable, and_, bindparam, select, true

from app.database import db
from app.domain.attendance import Way
from app.domain.errors import NotFound
from app.domain.place_rules import FIRST_COME, Rule
from app.domain.seats import PlaceStatus
from app.domain.timezones import local
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.enrolments.rules import PlaceRule
from app.journeys.locking import has_gates, shared_gate
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession, Offering, OfferingStatus


@dataclass(frozen=True)
class Asker:
    """Whether somebody is enrolled, and every place they have had in a learning session."""

    participant_id: int
    is_enrolled: bool
    country: str
    """As they enrolled; empty where it is not known."""
    stakeholder_group: str
    places: tuple[Place, ...]

    def place(self, offering_id: int) -> Place | None:
        """Their place in one sitting, whatever its status."""
        return next((one for one in self.places if one.offering_id == offering_id), None)


@dataclass(frozen=True)
class Standing:
    """What is locked, as it was read under the lock. The counters of the sittings are kept up to date."""

    learning_session_id: int
    journey_id: int
    journey_status: JourneyStatus
    sittings: Mapping[int, Offering]
    """By number, in their order."""
    rules: Mapping[int, PlaceRule]
    """Of those sittings that have another rule than first come, first served."""
    lined: Collection[int]
    """The sittings for which somebody waited when this was read."""
    asker: Asker | None = None
    """Who asks for a place, where somebody does."""

    @property
    def takes_places(self) -> bool:
        """Whether anybody can be seated: nobody is outside an open journey."""
        return self.journey_status is JourneyStatus.OPEN

    def rule(self, offering_id: int) -> Rule:
        """How a sitting gives its places."""
        stored = self.rules.get(offering_id)
        return stored.as_rule() if stored is not None else FIRST_COME


def stand(learning_session_id: int, participant_id: int | None = None) -> Standing:
    """Lock in the one order (journey, learning session, offerings by id) and read what is locked.

    The journey is locked against changes only, so that places in its other sessions do not wait here. With
    `participant_id`, who asks is read in the same step. Raises NotFound.
    """
    its = {"learning_session": learning_session_id}
    journey_id = db.execute(_locked(has_gates()), its).scalar()
    if journey_id is None:
        raise NotFound("This session is no longer there.")
    asks = participant_id is not None
    whose = its | {"participant": participant_id} if asks else its
    rows = db.execute(_sittings(asks), whose, execution_options={"populate_existing": True}).all()
    in_order = sorted(rows, key=lambda row: row[0].position)
    return Standing(
        learning_session_id,
        journey_id,
        rows[0][3]
        if rows
        else db.execute(select(Journey.status).where(Journey.id == journey_id)).scalar_one(),
        {offering.id: offering for offering, *_ in in_order},
        {row[1].offering_id: row[1] for row in rows if row[1] is not None},
        {row[0].id for row in rows if row[2]},
        _asker(participant_id, [row[4:] for row in rows]) if participant_id is not None else None,
    )


def _asker(participant_id: int, rows: Sequence[Sequence[Any]]) -> Asker:
    """Each row: status, country and group of their enrolment, and their place there if they have one."""
    if not rows:
        return Asker(participant_id, False, "", "", ())
    status, country, group, _ = rows[0]
    places = tuple(sorted((row[3] for row in rows if row[3] is not None), key=lambda place: place.id))
    return Asker(participant_id, status is EnrolmentStatus.ACTIVE, country or "", group or "", places)


@cache
def _locked(behind_gate: bool) -> Executable:
    """The number of a learning session's journey; shares that, then locks the session.

    In one statement of its own: all else must be read by a statement that begins when the locks are held.
    """
    is_it = LearningSession.id == bindparam("learning_session")
    found = select(LearningSession.journey_id).where(is_it)
    if not behind_gate:
        return found
    gate = shared_gate(LearningSession.journey_id, is_it)  # rows are locked last, after all that joins them
    return found.join(gate, true()).with_for_update(of=LearningSession)


@cache
def _sittings(asks: bool) -> Executable:
    first_in_line = (  # not EXISTS, for which PostgreSQL may read everybody who waits anywhere
        select(Place.id)
        .where(
            Place.offering_id == Offering.id,
            Place.way.in_(list(Way)),  # so that its index leads past those who have a place
            Place.status == PlaceStatus.WAITING,
        )
        .correlate(Offering)
        .limit(1)
        .scalar_subquery()
    )
    waits = first_in_line.is_not(None)
    found = (
        select(Offering, PlaceRule, waits, Journey.status)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .outerjoin(PlaceRule, PlaceRule.offering_id == Offering.id)
        .where(Offering.learning_session_id == bindparam("learning_session"))
        .order_by(Offering.id)
        .with_for_update(of=Offering)
    )
    if not asks:
        return found
    who: BindParameter[int] = bindparam("participant")
    return (
        found.add_columns(Enrolment.status, Enrolment.country, Enrolment.stakeholder_group, Place)
        .outerjoin(Enrolment, and_(Enrolment.journey_id == Journey.id, Enrolment.participant_id == who))
        .outerjoin(Place, and_(Place.offering_id == Offering.id, Place.participant_id == who))
    )


def capacity_and_confirmed(sitting: Offering, way: Way) -> tuple[int | None, int]:
    """The capacity (None: unlimited) and the confirmed places of one way of attending."""
    if way is Way.ONLINE:
        return sitting.capacity_online, sitting.confirmed_online
    return sitting.capacity_in_person, sitting.confirmed_in_person


def held(sitting: Offering, way: Way) -> int:
    """Places on offer or reserved in one way of attending."""
    return sitting.held_online if way is Way.ONLINE else sitting.held_in_person


def taken(sitting: Offering, way: Way) -> int:
    """Places that nobody else can have: confirmed, on offer, reserved."""
    return capacity_and_confirmed(sitting, way)[1] + held(sitting, way)


def is_held(sitting: Offering, now: datetime) -> bool:
    """Whether somebody can be seated there: it is not cancelled and has not begun."""
    return sitting.status is OfferingStatus.SCHEDULED and not has_begun(sitting, now)


def has_begun(sitting: Offering, now: datetime) -> bool:
    """Whether nobody is seated there any more; one known by its days takes people until its last."""
    return sitting.starts_at <= now if sitting.starts_at is not None else is_over(sitting, now)


def is_over(sitting: Offering, now: datetime) -> bool:
    """Whether the sitting has ended; one known by its days ends with its last day, in its own zone."""
    if sitting.ends_at is not None:
        return sitting.ends_at <= now
    return sitting.last_on is not None and sitting.last_on < local(now, sitting.timezone).date()

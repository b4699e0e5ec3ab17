"""A learning session under its lock: its journey, its sittings and their rules, for the seat routine."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Executable, bindparam, exists, select, text

from app.database import db
from app.domain.attendance import Way
from app.domain.errors import NotFound
from app.domain.place_rules import FIRST_COME, Rule
from app.domain.seats import PlaceStatus
from app.domain.timezones import local
from app.enrolments.models import Place
from app.enrolments.rules import PlaceRule
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession, Offering, OfferingStatus


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

    @property
    def takes_places(self) -> bool:
        """Whether anybody can be seated: nobody is outside an open journey."""
        return self.journey_status is JourneyStatus.OPEN

    def rule(self, offering_id: int) -> Rule:
        """How a sitting gives its places."""
        stored = self.rules.get(offering_id)
        return stored.as_rule() if stored is not None else FIRST_COME


def stand(learning_session_id: int) -> Standing:
    """Lock in the one order (journey, learning session, offerings by id) and read what is locked.

    The journey is locked against changes only, so that places in its other sessions do not wait here. Raises
    NotFound.
    """
    its = {"learning_session": learning_session_id}
    locks_rows = db.get_bind().dialect.name == "postgresql"
    journey = db.execute(_journey(locks_rows), its).one_or_none()
    if journey is None:
        raise NotFound("This session is no longer there.")
    rows = db.execute(_sittings(), its, execution_options={"populate_existing": True}).all()
    in_order = sorted(rows, key=lambda row: row[0].position)
    return Standing(
        learning_session_id,
        journey.id,
        journey.status,
        {offering.id: offering for offering, *_ in in_order},
        {rule.offering_id: rule for _, rule, _ in rows if rule is not None},
        {offering.id for offering, _, is_waited_for in rows if is_waited_for},
    )


@cache
def _journey(locks_rows: bool) -> Executable:
    """The journey of a learning session; locks the one, then the other, in the order of the clauses.

    In one statement of its own: the sittings must be read by a statement that begins when the lock is held.
    """
    found = (
        select(Journey.id, Journey.status)
        .join(LearningSession, LearningSession.journey_id == Journey.id)
        .where(LearningSession.id == bindparam("learning_session"))
    )
    locks = "FOR SHARE OF journeys FOR UPDATE OF learning_sessions"
    return found.suffix_with(text(locks)) if locks_rows else found


@cache
def _sittings() -> Executable:
    waits = (
        exists(Place.id).where(Place.offering_id == Offering.id, Place.status == PlaceStatus.WAITING)
    ).correlate(Offering)
    return (
        select(Offering, PlaceRule, waits)
        .outerjoin(PlaceRule, PlaceRule.offering_id == Offering.id)
        .where(Offering.learning_session_id == bindparam("learning_session"))
        .order_by(Offering.id)
        .with_for_update(of=Offering)
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

"""A learning session under its lock: its journey, its sittings and their rules, for the seat routine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.domain.attendance import Way
from app.domain.errors import NotFound
from app.domain.place_rules import FIRST_COME, Rule
from app.domain.timezones import local
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
    journey = db.execute(
        select(Journey.id, Journey.status)
        .join(LearningSession, LearningSession.journey_id == Journey.id)
        .where(LearningSession.id == learning_session_id)
        .with_for_update(read=True, of=Journey)
    ).one_or_none()
    if journey is None:
        raise NotFound("This session is no longer there.")
    db.execute(select(LearningSession.id).where(LearningSession.id == learning_session_id).with_for_update())
    rows = db.execute(
        select(Offering, PlaceRule)
        .outerjoin(PlaceRule, PlaceRule.offering_id == Offering.id)
        .where(Offering.learning_session_id == learning_session_id)
        .order_by(Offering.id)
        .with_for_update(of=Offering)
        .execution_options(populate_existing=True)
    ).all()
    in_order = sorted(rows, key=lambda row: row[0].position)
    return Standing(
        learning_session_id,
        journey.id,
        journey.status,
        {offering.id: offering for offering, _ in in_order},
        {rule.offering_id: rule for _, rule in rows if rule is not None},
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

"""What else happens at a time that is being planned. Whole-day sittings take up their local days.

The number of queries does not depend on how many people or sittings there are.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select
from sqlalchemy.orm import contains_eager

from app.database import db
from app.domain.day_hours import day_start
from app.domain.permissions import Actor, OrganiserRole
from app.domain.seats import PlaceStatus
from app.domain.timezones import LONGEST_MINUTES, Promise, Span, derive
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.facilitators.models import Absence, Facilitator
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession, Offering, OfferingFacilitator, OfferingStatus
from app.learning_sessions.sittings import Days

LONGEST, A_DAY = timedelta(minutes=LONGEST_MINUTES), timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """The time that is being planned: for which journey and session, led by whom, and who asks."""

    span: Span
    journey_id: int
    learning_session_id: int | None = None
    """None: a session that is not there yet."""
    facilitator_ids: Collection[int] = ()
    except_offering_id: int | None = None
    """The sitting that is being changed; it does not clash with itself."""
    actor: Actor = Actor()


class Sitting(NamedTuple):
    """A sitting that runs at the time asked about."""

    offering_id: int
    learning_session_id: int
    position: int
    slug: str
    journey_id: int
    journey: str
    journey_slug: str
    journey_status: JourneyStatus
    timezone: str
    starts_at: datetime | None
    first_on: date | None
    last_on: date | None
    is_led_by_actor: bool

    def is_named_to(self, actor: Actor, journey_id: int) -> bool:
        """Whether this person may be told which it is; drafts of others are not spoken of."""
        return (
            self.journey_status is not JourneyStatus.DRAFT
            or self.journey_id == journey_id
            or actor.is_administrator
            or self.journey_id in actor.organises
        )


@dataclass(frozen=True)
class DoubleBooking:
    """Facilitators who lead another sitting then, by name."""

    names: tuple[str, ...]
    sitting: Sitting


@dataclass(frozen=True)
class Clashes:
    """Everything found, each kind in order of time."""

    double_bookings: tuple[DoubleBooking, ...] = ()
    absences: tuple[Absence, ...] = ()
    """With their facilitators."""
    twins: tuple[Sitting, ...] = ()
    """Other sittings of the same session."""
    same_journey: tuple[Sitting, ...] = ()
    """Sittings of other sessions of the journey."""
    own: tuple[Sitting, ...] = ()
    """Sittings elsewhere that the asker organises or leads, save those named as double bookings."""
    held_elsewhere: int = 0
    """People enrolled in the journey who hold a place in another session then."""

    def beyond(self, known: "Clashes") -> "Clashes":
        """These without those that are known already; more places held elsewhere count as new ones."""
        booked = {(one.names, one.sitting.offering_id) for one in known.double_bookings}
        away = {one.id for one in known.absences}
        return Clashes(
            tuple(one for one in self.double_bookings if (one.names, one.sitting.offering_id) not in booked),
            tuple(one for one in self.absences if one.id not in away),
            _not_in(known.twins, self.twins),
            _not_in(known.same_journey, self.same_journey),
            _not_in(known.own, self.own),
            self.held_elsewhere if self.held_elsewhere > known.held_elsewhere else 0,
        )


def _not_in(known: Sequence[Sitting], found: Sequence[Sitting]) -> tuple[Sitting, ...]:
    numbers = {one.offering_id for one in known}
    return tuple(one for one in found if one.offering_id not in numbers)


def span_of(when: Promise | Days) -> Span:
    """The instants a promise or whole days take up, by the clocks of its zone."""
    if isinstance(when, Promise):
        return derive(when)
    return _span_of_days(when.first_on, when.last_on, when.timezone)


def clashes(asked: Asked) -> Clashes:
    """Everything that happens at the time asked about; five queries at most."""
    then = _at_the_time(asked)
    sittings = _sittings(asked, then)
    double_bookings = _double_bookings(asked, sittings)
    told = {one.sitting.offering_id for one in double_bookings}
    here = [one for one in sittings if one.journey_id == asked.journey_id]
    return Clashes(
        double_bookings,
        _absences(asked),
        tuple(one for one in here if one.learning_session_id == asked.learning_session_id),
        tuple(one for one in here if one.learning_session_id != asked.learning_session_id),
        tuple(
            one
            for one in sittings
            if one not in here
            and (one.is_led_by_actor or _is_run_by(asked.actor, one))
            and one.offering_id not in told
        ),
        _held_elsewhere(asked, then),
    )


def _is_run_by(actor: Actor, sitting: Sitting) -> bool:
    return actor.organises.get(sitting.journey_id, OrganiserRole.READER) is not OrganiserRole.READER


def _span_of_days(first_on: date, last_on: date, timezone: str) -> Span:
    return Span(day_start(first_on, timezone), day_start(last_on + A_DAY, timezone))


def _at_the_time(asked: Asked) -> ColumnElement[bool]:
    """The condition that an offering is held and overlaps the span.

    Whole days are compared as local days here, since the database does not know zones; there are few.
    """
    span = asked.span
    days = db.execute(
        select(Offering.id, Offering.first_on, Offering.last_on, Offering.timezone).where(
            Offering.first_on <= (span.ends_at + A_DAY).date(),
            Offering.last_on >= (span.starts_at - A_DAY).date(),
            Offering.status == OfferingStatus.SCHEDULED,
        )
    )
    by_the_day = [
        number
        for number, first_on, last_on, timezone in days
        if first_on and last_on and _span_of_days(first_on, last_on, timezone).overlaps(span)
    ]
    by_the_clock = and_(
        Offering.starts_at > span.starts_at - LONGEST,
        Offering.starts_at < span.ends_at,
        Offering.ends_at > span.starts_at,
    )
    return and_(
        Offering.status == OfferingStatus.SCHEDULED,
        or_(by_the_clock, Offering.id.in_(by_the_day)) if by_the_day else by_the_clock,
        Offering.id != asked.except_offering_id if asked.except_offering_id else literal(True),
    )


def sitting_before(asked: Asked) -> Sitting | None:
    """The sitting of another session of the journey that begins last before the time asked about."""
    row = db.execute(
        _select_sittings(literal(False))
        .where(
            Journey.id == asked.journey_id,
            Offering.status == OfferingStatus.SCHEDULED,
            Offering.starts_at < asked.span.starts_at,
            LearningSession.id != (asked.learning_session_id or 0),
        )
        .order_by(Offering.starts_at.desc(), Offering.id)
        .limit(1)
    ).first()
    return Sitting._make(row) if row else None


def _sittings(asked: Asked, then: ColumnElement[bool]) -> Sequence[Sitting]:
    """Those of the journey, of its facilitators, and of the asker, at the time."""
    actor = asked.actor
    by_them = exists().where(
        OfferingFacilitator.offering_id == Offering.id,
        OfferingFacilitator.facilitator_id.in_(asked.facilitator_ids),
    )
    by_actor: ColumnElement[bool] = literal(False)
    if actor.user_id is not None:
        by_actor = exists().where(
            OfferingFacilitator.offering_id == Offering.id,
            OfferingFacilitator.facilitator_id == Facilitator.id,
            Facilitator.user_id == actor.user_id,
        )
    run = [journey_id for journey_id, role in actor.organises.items() if role is not OrganiserRole.READER]
    rows = db.execute(
        _select_sittings(by_actor)
        .where(then, or_(Journey.id.in_([asked.journey_id, *run]), by_them, by_actor))
        .order_by(Offering.starts_at, Offering.first_on, Offering.id)
    )
    return [Sitting._make(row) for row in rows]


def _select_sittings(by_actor: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Offering.id, LearningSession.id, LearningSession.position, LearningSession.slug, Journey.id,
            func.coalesce(func.nullif(Journey.short_title, ""), Journey.title), Journey.slug, Journey.status,
            Offering.timezone, Offering.starts_at, Offering.first_on, Offering.last_on, by_actor,
        )
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
    )  # fmt: skip


def _double_bookings(asked: Asked, sittings: Sequence[Sitting]) -> tuple[DoubleBooking, ...]:
    if not asked.facilitator_ids or not sittings:
        return ()
    names: dict[int, list[str]] = {}
    for offering_id, name in db.execute(
        select(OfferingFacilitator.offering_id, Facilitator.name)
        .join(Facilitator, Facilitator.id == OfferingFacilitator.facilitator_id)
        .where(
            OfferingFacilitator.offering_id.in_([one.offering_id for one in sittings]),
            OfferingFacilitator.facilitator_id.in_(asked.facilitator_ids),
        )
        .order_by(Facilitator.name_folded, Facilitator.id)
    ):
        names.setdefault(offering_id, []).append(name)
    return tuple(
        DoubleBooking(tuple(names[one.offering_id]), one) for one in sittings if one.offering_id in names
    )


def _absences(asked: Asked) -> tuple[Absence, ...]:
    if not asked.facilitator_ids:
        return ()
    return tuple(
        db.scalars(
            select(Absence)
            .join(Absence.facilitator)
            .where(
                Absence.facilitator_id.in_(asked.facilitator_ids),
                Absence.starts_at < asked.span.ends_at,
                Absence.ends_at > asked.span.starts_at,
            )
            .order_by(Facilitator.name_folded, Absence.starts_at, Absence.id)
            .options(contains_eager(Absence.facilitator))
        )
    )


def _held_elsewhere(asked: Asked, then: ColumnElement[bool]) -> int:
    """A place in a twin is no clash: whoever holds it comes to that one instead."""
    here = and_(
        Enrolment.participant_id == Place.participant_id,
        Enrolment.journey_id == asked.journey_id,
        Enrolment.status == EnrolmentStatus.ACTIVE,
    )
    return (
        db.scalar(
            select(func.count(func.distinct(Place.participant_id)))
            .join(Offering, Offering.id == Place.offering_id)
            .join(Enrolment, here)
            .where(
                then,
                Place.status == PlaceStatus.CONFIRMED,
                Place.learning_session_id != (asked.learning_session_id or 0),
            )
        )
        or 0
    )

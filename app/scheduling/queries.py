"""What is asked about the changes of sittings, and about what a deletion would take along."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, false, func, or_, select
from sqlalchemy.orm import contains_eager

from app.database import db
from app.domain.attendance import Attendance
from app.domain.timezones import Flag, zone_data_version
from app.enrolments.models import Enrolment, Interest, Place
from app.journeys.models import Journey
from app.learning_sessions.models import (
    AgendaItem,
    LearningSession,
    Offering,
    OfferingFacilitator,
    OfferingStatus,
)
from app.scheduling.announced import announcement as announcement
from app.scheduling.announced import announcements_in as announcements_in
from app.scheduling.instead import Instead as Instead
from app.scheduling.instead import instead_of as instead_of
from app.scheduling.models import OfferingChange, ZoneCheck
from app.scheduling.moves import moved_in_journey as moved_in_journey
from app.scheduling.moves import moved_of as moved_of


def public_changes(learning_session_id: int) -> Sequence[OfferingChange]:
    """The changes of a learning session's sittings since its journey was published, newest first; one query.

    Each comes with its sitting. What was changed in a draft nobody had read.
    """
    return db.scalars(
        select(OfferingChange)
        .join(OfferingChange.offering)
        .join(LearningSession, LearningSession.id == OfferingChange.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .where(
            OfferingChange.learning_session_id == learning_session_id,
            OfferingChange.changed_at >= Journey.published_at,
        )
        .order_by(OfferingChange.id.desc())
        .options(contains_eager(OfferingChange.offering))
    ).all()


def has_history(offering: Offering) -> bool:
    """Whether the sitting was changed since its journey was published: calendars know of that."""
    return bool(with_history([offering.id]))


def has_places(offering: Offering) -> bool:
    """Whether anybody ever asked for a place in the sitting."""
    return bool(with_places([offering.id]))


def with_history(offering_ids: Collection[int]) -> set[int]:
    """Which of these sittings were changed since their journey was published; one query."""
    return set(
        db.scalars(
            select(OfferingChange.offering_id)
            .join(LearningSession, LearningSession.id == OfferingChange.learning_session_id)
            .join(Journey, Journey.id == LearningSession.journey_id)
            .where(
                OfferingChange.offering_id.in_(offering_ids),
                OfferingChange.changed_at >= Journey.published_at,
            )
            .distinct()
        )
    )


def with_places(offering_ids: Collection[int]) -> set[int]:
    """In which of these sittings anybody ever asked for a place; one query."""
    return set(db.scalars(select(Place.offering_id).where(Place.offering_id.in_(offering_ids)).distinct()))


@dataclass(frozen=True)
class GoesWith:
    """How much is deleted with a sitting, or with a learning session and all its sittings."""

    sittings: int
    agenda_items: int
    changes: int
    interested: int
    """People who said that they would come; they said so to the session, not to a sitting."""


def what_goes_with(learning_session_id: int, offering_id: int | None = None) -> GoesWith:
    """What is deleted with a learning session; with `offering_id`, with that one of its sittings."""
    numbers = select(Offering.id).where(Offering.learning_session_id == learning_session_id)
    interested = select(func.count(Interest.id)).where(
        Interest.learning_session_id == learning_session_id, Interest.withdrawn_at.is_(None)
    )
    if offering_id is not None:
        numbers, interested = numbers.where(Offering.id == offering_id), interested.where(false())
    counts = (
        select(func.count(Offering.id)).where(Offering.id.in_(numbers)),
        select(func.count(AgendaItem.id)).where(AgendaItem.offering_id.in_(numbers)),
        select(func.count(OfferingChange.id)).where(OfferingChange.offering_id.in_(numbers)),
        interested,
    )
    return GoesWith(*db.execute(select(*(count.scalar_subquery() for count in counts))).one())


@dataclass(frozen=True)
class ZoneDataStatus:
    """The zone data that this process derives instants with, and what the zones check made of it."""

    version: str
    """Such as `2026f`; `unknown` when its source does not say."""
    used_since: datetime | None
    """The first check under this version; None: this site has not looked at its sittings with it yet."""
    checked_at: datetime | None
    """The latest check under this version."""
    flagged: int
    """Coming sittings that a person should look at, because new rules made their time unclear."""
    is_old: bool
    """The edition is of the year before last or earlier."""


def zone_data_status(now: datetime) -> ZoneDataStatus:
    """How things stand with the zone data; two queries."""
    version = zone_data_version()
    since, last = db.execute(
        select(func.min(ZoneCheck.checked_at), func.max(ZoneCheck.checked_at)).where(
            ZoneCheck.version == version
        )
    ).one()
    flagged = db.scalar(
        select(func.count()).where(
            Offering.zone_flag.is_not(None),
            Offering.starts_at > now,
            Offering.status == OfferingStatus.SCHEDULED,
        )
    )
    return ZoneDataStatus(version, since, last, flagged or 0, is_old_edition(version, now))


def is_old_edition(version: str, now: datetime) -> bool:
    """Whether a version such as `2024b` is of the year before last or earlier; not known is not old."""
    year = version[:4]
    return year.isascii() and year.isdigit() and int(year) < now.year - 1


class PlannedSitting(NamedTuple):
    """A sitting as its planner looks at it: what it still lacks."""

    offering_id: int
    learning_session_id: int
    is_cancelled: bool
    attendance: Attendance
    is_over: bool
    has_facilitator: bool
    has_link: bool
    has_venue: bool
    zone_flag: Flag | None


def planned_sittings(journey_id: int, now: datetime) -> Sequence[PlannedSitting]:
    """Every sitting of a journey with what it has and lacks; one query."""
    rows = db.execute(
        select(
            Offering.id, Offering.learning_session_id, Offering.status == OfferingStatus.CANCELLED,
            Offering.attendance, _is_over(now), _has_facilitator(), Offering.join_url != "",
            Offering.venue_id.is_not(None), Offering.zone_flag,
        )
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .where(LearningSession.journey_id == journey_id)
        .order_by(LearningSession.position, Offering.position)
    )  # fmt: skip
    return [PlannedSitting._make(row) for row in rows]


def _is_over(now: datetime) -> ColumnElement[bool]:
    return func.coalesce(Offering.ends_at <= now, Offering.last_on < now.date(), false())


def _has_facilitator() -> ColumnElement[bool]:
    return (
        select(OfferingFacilitator.offering_id).where(OfferingFacilitator.offering_id == Offering.id).exists()
    )


@dataclass(frozen=True)
class Attention:
    """How much in a journey waits for somebody to look at it."""

    undated: int = 0
    """Learning sessions without a sitting."""
    unled: int = 0
    """Coming sittings that nobody facilitates."""
    flagged: int = 0
    """Coming sittings whose time new zone rules made unclear."""


def attention(journey_ids: Sequence[int], now: datetime) -> dict[int, Attention]:
    """What waits in each of these journeys, for those where anything does; two queries."""
    undated = dict(
        db.execute(
            select(LearningSession.journey_id, func.count())
            .where(LearningSession.journey_id.in_(journey_ids), ~LearningSession.offerings.any())
            .group_by(LearningSession.journey_id)
        ).all()
    )
    coming = db.execute(
        select(
            LearningSession.journey_id,
            func.count(case((~_has_facilitator(), 1))),
            func.count(Offering.zone_flag),
        )
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .where(
            LearningSession.journey_id.in_(journey_ids),
            Offering.status == OfferingStatus.SCHEDULED,
            ~_is_over(now),
        )
        .group_by(LearningSession.journey_id)
    )
    sittings = {number: (unled, flagged) for number, unled, flagged in coming if unled or flagged}
    return {
        number: Attention(undated.get(number, 0), *sittings.get(number, ()))
        for number in undated.keys() | sittings.keys()
    }


@dataclass(frozen=True)
class JourneyHolds:
    """How much is deleted with a journey, and who counts on it."""

    learning_sessions: int
    sittings: int
    interested: int
    enrolments: int
    places: int


def journey_holds(journey_id: int) -> JourneyHolds:
    """What hangs on a journey; enrolments and places of any status count. One query."""
    its = select(LearningSession.id).where(LearningSession.journey_id == journey_id)
    counts = (
        select(func.count()).select_from(its.subquery()),
        select(func.count(Offering.id)).where(Offering.learning_session_id.in_(its)),
        select(func.count(Interest.id)).where(
            Interest.learning_session_id.in_(its), Interest.withdrawn_at.is_(None)
        ),
        select(func.count(Enrolment.id)).where(Enrolment.journey_id == journey_id),
        select(func.count(Place.id)).where(Place.learning_session_id.in_(its)),
    )
    return JourneyHolds(*db.execute(select(*(count.scalar_subquery() for count in counts))).one())


def number_to_come(journey_id: int, now: datetime) -> int:
    """How many sittings of a journey are not cancelled and not over. One query."""
    ahead = or_(Offering.ends_at > now, Offering.last_on >= now.date())
    return (
        db.scalar(
            select(func.count())
            .select_from(Offering)
            .join(LearningSession, LearningSession.id == Offering.learning_session_id)
            .where(LearningSession.journey_id == journey_id)
            .where(Offering.status == OfferingStatus.SCHEDULED, ahead)
        )
        or 0
    )

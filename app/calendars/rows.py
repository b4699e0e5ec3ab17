"""What calendars read: the sittings of each, in narrow rows, and in full those whose text is missing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache, cached_property
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
)

from app.calendars.facts import Hall, Held, Sitting
from app.calendars.models import Feed
from app.calendars.phrases import latest, word
from app.database import UtcDateTime, db
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.facilitators.models import Facilitator
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession, Offering, OfferingFacilitator, OfferingStatus, Venue
from app.participants.models import Participant

LIVE = [word(status) for status in PlaceStatus if status.is_live]
TOMBSTONE_DAYS = 30

_VERSIONS = (
    Offering.version, LearningSession.version.label("session_version"),
    Journey.version.label("journey_version"), func.coalesce(Venue.version, 0).label("venue_version"),
)  # fmt: skip

Selected = Select[*tuple[Any, ...]]
NOW: BindParameter[Any] = bindparam("now", type_=UtcDateTime())
LATELY: BindParameter[Any] = bindparam("lately", type_=UtcDateTime())
TODAY: BindParameter[Any] = bindparam("today", type_=Date())
OF: BindParameter[Any] = bindparam("of", type_=Integer())
"""Whose calendar it is: the number of a user, a journey or a learning session."""

STILL_TOLD = or_(
    type_coerce(Offering.status, String) == word(OfferingStatus.SCHEDULED),
    Offering.cancelled_at >= LATELY,
    Offering.ends_at >= NOW,
    Offering.last_on >= TODAY,
)
"""Whether a sitting is scheduled, or was cancelled so lately that programs should still hear of it."""


def at(now: datetime) -> dict[str, Any]:
    """The moment at which a calendar is read, for the statements of this module."""
    return {
        "now": now,
        "lately": now - timedelta(days=TOMBSTONE_DAYS),
        "today": now.astimezone(UTC).date(),
    }


@dataclass(frozen=True, eq=False)
class Scope:
    """Which sittings a calendar tells of, and what it tells of the people there.

    `holds`: the places of one user, whatever their state, with their sittings. `counts`: with head counts.
    """

    among: ColumnElement[bool]
    holds: bool = False
    counts: bool = False

    @cached_property
    def statement(self) -> Selected:
        """The sittings in the order of their sessions, each as a narrow row."""
        statement = self.joined(*_narrow(self)).where(STILL_TOLD)
        if self.holds:
            is_off = type_coerce(Offering.status, String) == word(OfferingStatus.CANCELLED)
            lost = is_off & (Place.released_at >= Offering.cancelled_at)
            statement = statement.where(type_coerce(Place.status, String).in_(LIVE) | lost)
        return statement.order_by(
            LearningSession.journey_id, LearningSession.position, Offering.position, Offering.id
        )

    def joined(self, *columns: Any) -> Selected:
        """A query of these columns over the sittings of the scope, whatever their state."""
        statement: Selected = select(*columns)
        if self.holds:
            statement = (
                statement.select_from(Participant)
                .join(Place, Place.participant_id == Participant.id)
                .join(Offering, Offering.id == Place.offering_id)
            )
        else:
            statement = statement.select_from(Offering)
        return (
            statement.join(LearningSession, LearningSession.id == Offering.learning_session_id)
            .join(Journey, Journey.id == LearningSession.journey_id)
            .outerjoin(Venue, Venue.id == Offering.venue_id)
            .where(self.among)
        )


def held_by(user_id: Any) -> Scope:
    """What a person holds, waits for, or lost with a sitting that was cancelled."""
    return Scope(Participant.user_id == user_id, holds=True)


def led_by(user_id: Any) -> Scope:
    """What a person facilitates, with head counts."""
    led = (
        select(OfferingFacilitator.offering_id)
        .join(Facilitator, Facilitator.id == OfferingFacilitator.facilitator_id)
        .where(Facilitator.user_id == user_id)
        .correlate(Feed)
    )
    return Scope(Offering.id.in_(led), counts=True)


def run_in(journey_id: Any) -> Scope:
    """Every sitting of a journey, with head counts."""
    return Scope(LearningSession.journey_id == journey_id, counts=True)


HELD, LED, RUN = held_by(OF), led_by(OF), run_in(OF)
OF_JOURNEY = Scope(LearningSession.journey_id == OF)
OF_LEARNING_SESSION = Scope(Offering.learning_session_id == OF)


def told(scope: Scope, of: int | None, now: datetime) -> list[Any]:
    """The sittings of a calendar in the order of their sessions, each as a narrow row; one query.

    A cancelled one stays until it would have ended, and at least TOMBSTONE_DAYS; then it is left out.
    """
    return list(db.connection().execute(scope.statement, {"of": of, **at(now)}).all())


_TOLD_UNTIL = {
    "off_at": Offering.cancelled_at,
    "off_ends_at": Offering.ends_at,
    "off_last_on": Offering.last_on,
}


def told_until(row: Any) -> datetime:
    """The first moment at which a cancelled sitting is told no more."""
    last: datetime = row.off_at + timedelta(days=TOMBSTONE_DAYS)
    if row.off_ends_at is not None:
        last = max(last, row.off_ends_at)
    if row.off_last_on is not None:
        last = max(last, datetime.combine(row.off_last_on, time.max, UTC))
    return last + timedelta(microseconds=1)


def _narrow(scope: Scope) -> list[Any]:
    """What tells whether a text is still true, and the lines of a person's own.

    As the database has it: most of what a calendar costs when its texts are there is turning rows into
    objects.
    """
    stamps: list[Any] = [Offering.updated_at, LearningSession.updated_at]
    status: Any = null()
    way: Any = null()
    raised: Any = literal(0)
    offered_until: Any = null()
    heads: list[Any] = [null(), null(), null()]
    if scope.holds:
        status, way, raised = (
            type_coerce(Place.status, String),
            type_coerce(Place.way, String),
            Place.sequence,
        )
        offered_until = Place.offer_ends_at
        stamps.append(Place.updated_at)
    if scope.counts:
        waiting, last_change = people_of(Offering.id)
        heads = [Offering.confirmed_online, Offering.confirmed_in_person, waiting]
        stamps.append(func.coalesce(last_change, Offering.updated_at))
    is_cancelled = type_coerce(Offering.status, String) == word(OfferingStatus.CANCELLED)
    has_link = (Offering.join_url != "") & ~is_cancelled
    return [
        *_VERSIONS, Offering.id, Offering.uid, is_cancelled.label("is_cancelled"), has_link.label("has_link"),
        Offering.starts_at.is_not(None).label("is_timed"),
        case((has_link, Offering.starts_at)).label("link_starts_at"), Offering.join_from_minutes,
        *(case((is_cancelled, one)).label(name) for name, one in _TOLD_UNTIL.items()),
        (Offering.sequence + raised).label("sequence"), LearningSession.journey_id,
        (Journey.status == JourneyStatus.DRAFT).label("is_draft"), latest(*stamps).label("stamp"),
        status.label("place_status"), way.label("way"), offered_until.label("offer_ends_at"),
        *(one.label(name) for one, name in zip(heads, ("online", "in_person", "waiting"), strict=True)),
    ]  # fmt: skip


def people_of(offering_id: Any) -> tuple[Any, Any]:
    """How many wait in a sitting, and when anybody's place there changed last."""
    there = Place.offering_id == offering_id
    waiting = select(func.count()).where(
        there, type_coerce(Place.status, String) == word(PlaceStatus.WAITING)
    )
    latest = select(func.max(Place.updated_at)).where(there)
    return waiting.correlate(Offering).scalar_subquery(), latest.correlate(Offering).scalar_subquery()


def sittings(offering_ids: Collection[int]) -> dict[int, tuple[tuple[int, ...], Sitting]]:
    """The facts of sittings by number, each with the versions that were read; two queries."""
    if not offering_ids:
        return {}
    rows = db.connection().execute(_whole(), {"ids": list(offering_ids)}).all()
    twins = _twins({row.learning_session_id for row in rows})
    return {row.id: (versions_of(row), _sitting(row, twins)) for row in rows}


def versions_of(row: Any) -> tuple[int, ...]:
    """What changes whenever something that an event tells of its sitting may have changed."""
    return (row[0], row[1], row[2], row[3])


_HELD = (
    Offering.uid, Offering.status, Offering.timezone, Offering.starts_wall, Offering.length_minutes,
    Offering.starts_at, Offering.ends_at, Offering.first_on, Offering.last_on,
)  # fmt: skip
_WIDE = (
    *_VERSIONS, Offering.id, *_HELD, Offering.learning_session_id, Offering.attendance, Offering.join_url,
    Offering.join_from_minutes, Offering.cancellation_note, Offering.created_at,
    LearningSession.title.label("session_title"),
    LearningSession.summary.label("session_summary"), LearningSession.slug.label("session_slug"),
    Journey.title, Journey.short_title, Journey.slug, Journey.demonstration_note,
    Venue.name, Venue.address, Venue.city, Venue.country,
)  # fmt: skip


@cache
def _whole() -> Selected:
    return Scope(Offering.id.in_(bindparam("ids", expanding=True))).joined(*_WIDE)


def _sitting(row: Any, twins: dict[int, list[tuple[int, Held]]]) -> Sitting:
    beside = twins.get(row.learning_session_id, [])
    return Sitting(
        id=row.id,
        held=Held(*row[5:14]),
        attendance=row.attendance,
        title=row.session_title,
        summary=row.session_summary,
        slug=row.session_slug,
        journey_title=row.title,
        journey_name=row.short_title or row.title,
        journey_slug=row.slug,
        demonstration_note=row.demonstration_note,
        created_at=row.created_at,
        join_url=row.join_url,
        join_from_minutes=row.join_from_minutes,
        cancellation_note=row.cancellation_note,
        venue=Hall(row.name, row.address, row.city, row.country) if row.name is not None else None,
        twins=tuple(one for number, one in beside if number != row.id),
    )


def _twins(learning_session_ids: Collection[int]) -> dict[int, list[tuple[int, Held]]]:
    """The sittings of the sessions that have several."""
    several = (
        select(Offering.learning_session_id)
        .where(Offering.learning_session_id.in_(learning_session_ids))
        .group_by(Offering.learning_session_id)
        .having(func.count() > literal(1))
    )
    rows = db.execute(
        select(Offering.learning_session_id, Offering.id, *_HELD)
        .where(and_(Offering.learning_session_id.in_(several)))
        .order_by(Offering.learning_session_id, Offering.position)
    )
    found: dict[int, list[tuple[int, Held]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append((row[1], Held(*row[2:])))
    return found

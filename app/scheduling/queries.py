"""What is asked about the changes of sittings, and about what a deletion would take along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import false, func, select
from sqlalchemy.orm import contains_eager

from app.database import db
from app.domain.timezones import zone_data_version
from app.enrolments.models import Interest, Place
from app.journeys.models import Journey
from app.learning_sessions.models import AgendaItem, LearningSession, Offering, OfferingStatus
from app.scheduling.models import OfferingChange, ZoneCheck


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
    published_at = offering.learning_session.journey.published_at
    if published_at is None:
        return False
    changes = select(OfferingChange.id).where(
        OfferingChange.offering_id == offering.id, OfferingChange.changed_at >= published_at
    )
    return db.scalar(changes.limit(1)) is not None


def has_places(offering: Offering) -> bool:
    """Whether anybody ever asked for a place in the sitting."""
    return db.scalar(select(Place.id).where(Place.offering_id == offering.id).limit(1)) is not None


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

"""Correcting a venue, with the sittings that are still to meet there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import User
from app.database import db
from app.domain.errors import NotFound
from app.domain.zone_directory import country_name
from app.enrolments.rooms import is_over
from app.learning_sessions.models import LearningSession, Offering, Venue
from app.learning_sessions.operations import revise_venue
from app.scheduling.drafting import VenueFacts
from app.scheduling.holding import hold
from app.scheduling.models import ChangeKind, OfferingChange
from app.scheduling.recording import place_in_words, record_change, stand_of

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class VenueInUse:
    """A venue with the facts that decide who may change it."""

    venue: Venue
    coming: tuple[Offering, ...]
    """Its sittings that are not over, cancelled ones too, in order of time, with sessions and journeys."""
    journey_ids: frozenset[int]
    """Of all its sittings."""

    @property
    def coming_journey_ids(self) -> frozenset[int]:
        return frozenset(one.learning_session.journey_id for one in self.coming)


def in_use(venue_id: int, now: datetime) -> VenueInUse | None:
    """The venue of this number; three queries."""
    venue = db.get(Venue, venue_id)
    if venue is None:
        return None
    journeys = (
        select(LearningSession.journey_id)
        .join(Offering, Offering.learning_session_id == LearningSession.id)
        .where(Offering.venue_id == venue_id)
    )
    return VenueInUse(venue, _coming(venue_id, now), frozenset(db.scalars(journeys)))


def lock_venue(venue: Venue) -> None:
    """Lock the venue until the transaction ends, and read it anew. Raises NotFound."""
    its_row = select(Venue.id).where(Venue.id == venue.id)
    if db.scalar(its_row.with_for_update(key_share=True)) is None:
        raise NotFound("This venue is no longer there.")
    db.refresh(venue)


def correct(use: VenueInUse, facts: VenueFacts, now: datetime, *, by: User | None = None) -> int:
    """Make a venue what `facts` say. Lock it first.

    With another name, address, city or country each of its coming sittings that is not cancelled gets a
    record; returns how many did. Another zone moves none of them.
    """
    venue = use.venue
    if _where(venue) == _where(facts):
        _revise(venue, facts)
        return 0
    held = _held(use)
    before = [(one, stand_of(one), _in_full(one)) for one in held]
    _revise(venue, facts)
    for offering, stand, in_full in before:
        change = record_change(offering, stand, ChangeKind.RELOCATED, now, by=by)
        _tell_apart(change, in_full, _in_full(offering))
    db.flush()
    return len(before)


def _held(use: VenueInUse) -> list[Offering]:
    """Those that are to meet there, locked in order of their journeys and sessions."""
    order = sorted(
        use.coming, key=lambda one: (one.learning_session.journey_id, one.learning_session_id, one.id)
    )
    for one in order:
        hold(one)
    return [one for one in order if not one.is_cancelled and one.venue_id == use.venue.id]


def _revise(venue: Venue, facts: VenueFacts) -> None:
    revise_venue(
        venue, facts.name, facts.timezone, address=facts.address, city=facts.city, country=facts.country
    )
    db.flush()


def _where(one: Venue | VenueFacts) -> tuple[Any, ...]:
    return one.name, one.address, one.city, one.country or None


def _in_full(offering: Offering) -> str:
    """`in person, Training centre, Accra (12 Ring Road, Ghana)`."""
    venue = offering.venue
    assert venue is not None  # noqa: S101  # it was found by its venue
    country = country_name(venue.country) if venue.country else ""
    more = ", ".join(part for part in (venue.address, country) if part)
    return f"{place_in_words(offering)} ({more})" if more else place_in_words(offering)


def _tell_apart(change: OfferingChange, before: str, after: str) -> None:
    """Where venue and city read the same, the record tells the whole address."""
    if change.before_place == change.after_place:
        change.before_place, change.after_place = before, after


def _coming(venue_id: int, now: datetime) -> tuple[Offering, ...]:
    found = db.scalars(
        select(Offering)
        .join(Offering.learning_session)
        .join(LearningSession.journey)
        .where(
            Offering.venue_id == venue_id,
            or_(Offering.ends_at > now, Offering.last_on >= (now - A_DAY).date()),
        )
        .order_by(Offering.starts_at, Offering.first_on, Offering.id)
        .options(contains_eager(Offering.learning_session).contains_eager(LearningSession.journey))
    )
    return tuple(one for one in found if not is_over(one, now))

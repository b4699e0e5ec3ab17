"""What changes whenever a calendar may have changed: one short text, summed up by the database.

A calendar is asked for far more often than it changes. Its state is made of versions, which only grow, and of
what changes in a place without one. Equal state, equal calendar, until the next moment at which time alone
changes it (`assembling.Assembled.until`); so what was made for a state need not be made again to know its
tag. The reverse need not hold.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    func,
    literal_column,
    select,
)

from app.calendars.models import Feed, FeedKind
from app.calendars.phrases import all_of, joined_text
from app.calendars.rows import (
    OF_JOURNEY,
    OF_LEARNING_SESSION,
    Scope,
    held_by,
    led_by,
    people_of,
    run_in,
)
from app.database import db
from app.enrolments.models import Place
from app.facilitators.models import Facilitator
from app.journeys.models import Journey, OrganiserAssignment
from app.learning_sessions.models import LearningSession, Offering, OfferingFacilitator, Venue

_OFFERING, _LEARNING_SESSION = 1 << 40, 1 << 20
"""The versions of an event are summed in one number; so much more does the one weigh than the others, that
no change of it can hide behind theirs."""


_MARK: ColumnElement[str] = literal_column("'-'", String())
_NOTHING: ColumnElement[str] = literal_column("''", String())
_ZERO: ColumnElement[int] = literal_column("0", Integer())


def summed_up(scope: Scope) -> Select[str]:
    """The query of the state of a scope; within another query, of the Feed that is read there."""
    versions = (
        Offering.version * literal_column(str(_OFFERING), BigInteger())
        + LearningSession.version * literal_column(str(_LEARNING_SESSION), BigInteger())
        + Journey.version
        + func.coalesce(Venue.version, _ZERO)
    )
    return scope.joined(joined_text(*_pins(scope), func.coalesce(func.sum(versions), _ZERO))).correlate(Feed)


def state(statement: Select[str], of: int | None = None) -> str:
    """The state of a calendar; one query."""
    found: str = db.connection().execute(statement, {"of": of}).scalar_one()
    return found


def _rights() -> ColumnElement[str]:
    """What the owner of a feed organises and facilitates: it decides about join links and drafts."""
    organised = (
        select(all_of(joined_text(OrganiserAssignment.journey_id, OrganiserAssignment.role)))
        .where(OrganiserAssignment.user_id == Feed.user_id)
        .correlate(Feed)
    )
    led = (
        select(all_of(joined_text(OfferingFacilitator.offering_id, _MARK)))
        .join(Facilitator, Facilitator.id == OfferingFacilitator.facilitator_id)
        .where(Facilitator.user_id == Feed.user_id)
        .correlate(Feed)
    )
    found = [func.coalesce(one.scalar_subquery(), _NOTHING) for one in (organised, led)]
    return joined_text(found[0], _MARK, found[1])


def state_of_feed(kind: FeedKind) -> ColumnElement[str]:
    """The state of what a feed of this kind tells, as a column beside its Feed."""
    journey = select(Journey.version).where(Journey.id == Feed.journey_id).correlate(Feed).scalar_subquery()
    told = summed_up(_SCOPES[kind]).scalar_subquery()
    return joined_text(_rights(), _MARK, func.coalesce(journey, _ZERO), _MARK, told)


_SCOPES = {
    FeedKind.PERSONAL: held_by(Feed.user_id),
    FeedKind.LEADING: led_by(Feed.user_id),
    FeedKind.JOURNEY: run_in(Feed.journey_id),
}


def _pins(scope: Scope) -> list[Any]:
    """What tells which rows there are, and what may change in them without a new version.

    Rows of places are never deleted and count their changes, so sums of them do; a sitting may be deleted
    and its number given again, but not its UID.
    """
    if scope.holds:
        sums = (func.count(), *(func.coalesce(func.sum(one), _ZERO) for one in (Place.id, Place.revision)))
        return [part for one in sums for part in (one, _MARK)]
    pinned: tuple[Any, ...] = (Offering.uid,)
    if scope.counts:
        waiting, last_change = people_of(Offering.id)
        counts = (Offering.confirmed_online, _MARK, Offering.confirmed_in_person, _MARK, waiting, _MARK)
        pinned = (Offering.uid, _MARK, *counts, func.coalesce(last_change, Offering.created_at))
    return [func.coalesce(all_of(joined_text(*pinned)), _NOTHING), _MARK]


STATE_OF_JOURNEY = summed_up(OF_JOURNEY)
STATE_OF_LEARNING_SESSION = summed_up(OF_LEARNING_SESSION)

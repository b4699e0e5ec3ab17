"""What changes whenever a calendar may have changed: one short text, summed up by the database.

A calendar is asked for far more often than it changes. Its state is made of versions, which only grow, and of
the phases that time alone brings: a join link appears, a tombstone ends. Equal state, equal calendar; so what
was made for a state need not be made again to know its tag. The reverse need not hold.
"""

from datetime import datetime
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, case, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.calendars.models import Feed, FeedKind
from app.calendars.rows import (
    NOW,
    OF_JOURNEY,
    OF_LEARNING_SESSION,
    STILL_TOLD,
    Scope,
    at,
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


class seconds_of(FunctionElement[int]):  # noqa: N801  # an SQL function
    """An instant in whole seconds since 1970."""

    type = Integer()
    inherit_cache = True


@compiles(seconds_of, "sqlite")
def _seconds_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **kw)}) AS INTEGER)"


@compiles(seconds_of)
def _seconds(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **kw)}) AS BIGINT)"


def summed_up(scope: Scope) -> Select[str]:
    """The query of the state of a scope; within another query, of the Feed that is read there."""
    versions = (
        Offering.version * literal(_OFFERING)
        + LearningSession.version * literal(_LEARNING_SESSION)
        + Journey.version
        + func.coalesce(Venue.version, 0)
    )
    rows = func.coalesce(func.aggregate_strings(_joined(*_pins(scope)), ","), "")
    sums = (func.coalesce(func.sum(one), 0) for one in (versions, _phase(scope)))
    return scope.joined(_joined(rows, *sums)).correlate(Feed)


def state(statement: Select[str], of: int | None, now: datetime) -> str:
    """The state of a calendar at this moment; one query."""
    found: str = db.execute(statement, {"of": of, **at(now)}).scalar_one()
    return found


def _rights() -> ColumnElement[str]:
    """What the owner of a feed organises and facilitates: it decides about join links and drafts."""
    organised = (
        select(func.aggregate_strings(_joined(OrganiserAssignment.journey_id, OrganiserAssignment.role), ","))
        .where(OrganiserAssignment.user_id == Feed.user_id)
        .correlate(Feed)
    )
    led = (
        select(func.aggregate_strings(_joined(OfferingFacilitator.offering_id), ","))
        .join(Facilitator, Facilitator.id == OfferingFacilitator.facilitator_id)
        .where(Facilitator.user_id == Feed.user_id)
        .correlate(Feed)
    )
    return _joined(*(func.coalesce(one.scalar_subquery(), "") for one in (organised, led)))


def state_of_feed() -> ColumnElement[str]:
    """The state of what a feed tells, as a column beside its Feed."""
    scopes = {
        FeedKind.PERSONAL: held_by(Feed.user_id),
        FeedKind.LEADING: led_by(Feed.user_id),
        FeedKind.JOURNEY: run_in(Feed.journey_id),
    }
    told = case(*((Feed.kind == kind, summed_up(scope).scalar_subquery()) for kind, scope in scopes.items()))
    name = select(Journey.version).where(Journey.id == Feed.journey_id).correlate(Feed).scalar_subquery()
    return _joined(_rights(), func.coalesce(name, 0), told)


def _pins(scope: Scope) -> tuple[Any, ...]:
    """What tells one row from another, and what may change in it without a new version."""
    if scope.holds:
        return (Place.id, Place.status, Place.way, Place.sequence, Place.updated_at)
    if scope.counts:
        people = (func.coalesce(_joined(one), "") for one in people_of(Offering.id))
        return (Offering.uid, Offering.confirmed_online, Offering.confirmed_in_person, *people)
    return (Offering.uid,)  # a number may be given again after a deletion


def _phase(scope: Scope) -> ColumnElement[int]:
    """A number that grows or shrinks by one whenever time alone changes what an event tells."""
    is_told = case((STILL_TOLD, 0), else_=1)
    if not scope.holds:
        return is_told
    opens = seconds_of(Offering.starts_at) - 60 * Offering.join_from_minutes
    sees_link = case(
        (Offering.starts_at.is_(None), 0),
        (Offering.starts_at <= NOW, 1),
        (Offering.join_url == "", 0),
        (opens <= seconds_of(NOW), 1),
        else_=0,
    )
    return is_told + sees_link


def _joined(*parts: Any) -> ColumnElement[str]:
    """The parts as one text, with a mark between them."""

    def beside(first: Any, second: Any) -> Any:
        return first.op("||", return_type=String())(literal("-")).op("||", return_type=String())(second)

    return reduce(beside, parts, literal(""))


STATE_OF_JOURNEY = summed_up(OF_JOURNEY)
STATE_OF_LEARNING_SESSION = summed_up(OF_LEARNING_SESSION)

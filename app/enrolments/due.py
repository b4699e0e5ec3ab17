"""What time alone changes in places, done by the worker when nobody touches them.

Every minute a round settles each learning session in which something is due, and plans what falls due until
the next one to the very moment. What it does is done once however often it is asked for, and whoever touches
the places first does it: a deadline holds to the moment, with a worker or without.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, exists, or_, select, union

from app.database import Busy, db, writing
from app.domain.attendance import Way
from app.domain.errors import NotFound
from app.domain.place_rules import RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments import seating
from app.enrolments.models import Place
from app.enrolments.reserved import ReservedBlock
from app.enrolments.rules import PlaceRule
from app.jobs import operations as jobs
from app.jobs.operations import Claim
from app.jobs.worker import every, handles, urgent
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession, Offering, OfferingStatus
from app.web import once

ROUND = timedelta(minutes=1)
AHEAD = timedelta(minutes=3)
"""How far a round looks ahead: beyond the next one, should that come late."""

LAST_ZONE = timedelta(hours=12)
"""How long a day lasts somewhere after it has ended in UTC."""

DUE, SETTLE = "enrolments.due", "enrolments.settle"
urgent.update((DUE, SETTLE))

log = logging.getLogger(__name__)


@every(ROUND, DUE)
def settle_due(_claim: Claim, now: datetime) -> None:
    """Settle what is due, each learning session by itself, and plan what falls due soon."""
    plan_ahead(now)
    due = learning_sessions_due(now)
    db.rollback()
    for learning_session_id in due:
        try:
            settle(learning_session_id, now)
        except Busy:
            raise
        except Exception:
            log.exception("The places of learning session %s could not be settled.", learning_session_id)


@handles(SETTLE)
def settle_at_its_moment(claim: Claim, now: datetime) -> None:
    """Settle the learning session whose moment has come."""
    settle(int(claim.payload["learning_session"]), now)


@every(timedelta(days=1), "enrolments.forget_form_tokens")
def forget_form_tokens(_claim: Claim, now: datetime) -> None:
    """Remove the marks of forms that were sent long ago."""
    with writing():
        once.forget_old(now)


def settle(learning_session_id: int, now: datetime) -> None:
    """Settle one learning session in a transaction of its own; one that is gone needs nothing."""
    try:
        with writing():
            seating.settle_learning_session(learning_session_id, now)
    except NotFound:
        return


def plan_ahead(now: datetime) -> int:
    """Plan a job at each moment of the next minutes at which something falls due. How many are new."""
    moments = moments_until(now, now + AHEAD)
    db.rollback()
    if not moments:
        return 0
    with writing():
        return sum(
            jobs.add(SETTLE, {"learning_session": number}, now, run_at=at, unique_key=_key(number, at))
            for number, at in moments
        )


def learning_sessions_due(now: datetime) -> list[int]:
    """Learning sessions in which time has changed something that is not written down yet, by number."""
    begun = and_(Offering.status == OfferingStatus.SCHEDULED, Offering.starts_at <= now)
    found = union(
        _offers(Offering.learning_session_id).where(or_(Place.offer_ends_at <= now, begun)),
        _blocks(Offering.learning_session_id).where(or_(ReservedBlock.release_at <= now, begun)),
        _draws(Offering.learning_session_id).where(PlaceRule.draw_at <= now, _is_to_come(now)),
        _waits_for_nothing(now),
    )
    return sorted(db.scalars(found))


def moments_until(now: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """(learning session, moment) of everything that falls due after `now`, and not after `until`."""

    def soon(moment: Any) -> ColumnElement[bool]:
        return and_(moment > now, moment <= until)

    its, to_come = Offering.learning_session_id, _is_to_come(now)
    ends_at, release_at, starts_at = Place.offer_ends_at, ReservedBlock.release_at, Offering.starts_at
    draw_at, balanced_until_at = PlaceRule.draw_at, PlaceRule.balanced_until_at
    found: CompoundSelect[Any] = union(
        _offers(its, ends_at).where(soon(ends_at)),
        _blocks(its, release_at).where(soon(release_at)),
        _draws(its, draw_at).where(soon(draw_at), to_come),
        _balances(its, balanced_until_at).where(soon(balanced_until_at), to_come),
        select(its, starts_at).where(soon(starts_at), _holds_places(), to_come),
    )
    return sorted((number, at) for number, at in db.execute(found))


def _offers(*columns: Any) -> Select[Any]:
    """Offers that stand, found from the few sittings that hold places."""
    return (
        select(*columns)
        .select_from(Offering)
        .join(Place, Place.offering_id == Offering.id)
        .where(_holds_places(), Place.way.in_(list(Way)), Place.status == PlaceStatus.OFFERED)
    )


def _blocks(*columns: Any) -> Select[Any]:
    """Reserved blocks that stand, with places to give back: one in which all have a name just ends."""
    return (
        select(*columns)
        .select_from(ReservedBlock)
        .join(Offering, Offering.id == ReservedBlock.offering_id)
        .where(ReservedBlock.returned_at.is_(None), ReservedBlock.places > ReservedBlock.named)
    )


def _draws(*columns: Any) -> Select[Any]:
    """Lotteries that are not drawn yet."""
    return (
        select(*columns)
        .select_from(PlaceRule)
        .join(Offering, Offering.id == PlaceRule.offering_id)
        .where(PlaceRule.kind == RuleKind.LOTTERY, PlaceRule.drawn_at.is_(None))
    )


def _balances(*columns: Any) -> Select[Any]:
    """Sittings in balance until a moment."""
    return (
        select(*columns)
        .select_from(PlaceRule)
        .join(Offering, Offering.id == PlaceRule.offering_id)
        .where(PlaceRule.kind == RuleKind.BALANCED)
    )


def _waits_for_nothing(now: datetime) -> Select[Any]:
    """Where somebody waits beside room though the rule gives places: a balance has ended, a journey was
    opened again. Those whom a balance passes over, or who wait for a draw, wait rightly.
    """
    gives_places = or_(
        PlaceRule.offering_id.is_(None),
        PlaceRule.kind == RuleKind.FIRST_COME,
        and_(PlaceRule.kind == RuleKind.LOTTERY, PlaceRule.drawn_at.is_not(None)),
        and_(PlaceRule.kind == RuleKind.BALANCED, PlaceRule.balanced_until_at <= now),
    )
    return (
        select(Offering.learning_session_id)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .outerjoin(PlaceRule, PlaceRule.offering_id == Offering.id)
        .where(
            Journey.status == JourneyStatus.OPEN,
            _is_to_come(now),
            gives_places,
            or_(*(_waits_beside_room(way) for way in Way)),
        )
    )


def _is_to_come(now: datetime) -> ColumnElement[bool]:
    """Whether people can still be seated there; of days, whether they may not be over everywhere yet."""
    last_day = (now - LAST_ZONE).date()
    return and_(
        Offering.status == OfferingStatus.SCHEDULED,
        or_(Offering.starts_at > now, and_(Offering.starts_at.is_(None), Offering.last_on >= last_day)),
    )


def _holds_places() -> ColumnElement[bool]:
    return or_(Offering.held_online > 0, Offering.held_in_person > 0)


def _waits_beside_room(way: Way) -> ColumnElement[bool]:
    if way is Way.ONLINE:
        capacity, taken = Offering.capacity_online, Offering.confirmed_online + Offering.held_online
    else:
        capacity, taken = Offering.capacity_in_person, Offering.confirmed_in_person + Offering.held_in_person
    waits = exists().where(
        Place.offering_id == Offering.id, Place.way == way, Place.status == PlaceStatus.WAITING
    )
    return and_(or_(capacity.is_(None), taken < capacity), waits)


def _key(learning_session_id: int, at: datetime) -> str:
    return f"{SETTLE}:{learning_session_id}:{at:%Y-%m-%dT%H:%M:%S.%fZ}"

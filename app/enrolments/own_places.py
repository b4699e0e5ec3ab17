"""A person's own places as pages tell them, and how long the lines are. Asked through `queries`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, Select, and_, bindparam, func, select

from app.database import db
from app.domain.attendance import Way
from app.domain.place_rules import RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments.decisions import Decided, Ground, PlaceDecision
from app.enrolments.models import Place
from app.enrolments.rules import PlaceRule

LIVE = [status for status in PlaceStatus if status.is_live]


@dataclass(frozen=True)
class Why:
    """The last decision about a place."""

    what: Decided
    ground: Ground
    note: str
    decided_at: datetime


@dataclass(frozen=True)
class OwnPlace:
    """A place of the reader, with where it stands in its line when it waits."""

    id: int
    offering_id: int
    learning_session_id: int
    status: PlaceStatus
    way: Way
    requested_at: datetime
    confirmed_at: datetime | None
    offer_ends_at: datetime | None
    awaits_draw: bool
    """It waits for a lottery that is yet to be drawn: its position means nothing."""
    position: int
    in_line: int
    why: Why | None = None
    """Of places that were asked for with `own_places_in`."""


def own_places(
    participant_id: int, learning_session_ids: Sequence[int], *also: PlaceStatus
) -> dict[int, OwnPlace]:
    """The live places of a participant in these learning sessions, by offering; one query.

    `also`: what else than live ones is asked for.
    """
    query = _own(Place.learning_session_id.in_(learning_session_ids)).where(
        Place.participant_id == participant_id, Place.status.in_((*LIVE, *also))
    )
    return {row[1]: OwnPlace(*row) for row in db.execute(query)}


def own_places_in(participant_id: int, learning_session_id: int) -> dict[int, OwnPlace]:
    """Every place a participant has or had in a session, with why it is so, by offering; one query."""
    newest = (
        select(func.max(PlaceDecision.id)).where(PlaceDecision.place_id == Place.id).correlate(Place)
    ).scalar_subquery()
    query = (
        _own(Place.learning_session_id == learning_session_id)
        .add_columns(PlaceDecision.what, PlaceDecision.ground, PlaceDecision.note, PlaceDecision.decided_at)
        .outerjoin(PlaceDecision, PlaceDecision.id == newest)
        .where(Place.participant_id == participant_id)
    )
    found = {}
    for row in db.execute(query):
        *facts, what, ground, note, decided_at = row
        why = Why(what, ground, note, decided_at) if what is not None else None
        found[row.offering_id] = replace(OwnPlace(*facts), why=why)
    return found


def _own(here: Any) -> Select[Any]:
    """Places with their line; `here` narrows whose lines are looked at."""
    other = (
        select(Place.offering_id, Place.way, Place.queue_number)
        .where(Place.status == PlaceStatus.WAITING, here)
        .subquery()
    )
    same_line = and_(other.c.offering_id == Place.offering_id, other.c.way == Place.way)
    before = (
        select(func.count())
        .select_from(other)
        .where(same_line, other.c.queue_number <= Place.queue_number)
        .correlate(Place)
        .scalar_subquery()
    )
    everybody = select(func.count()).select_from(other).where(same_line).correlate(Place).scalar_subquery()
    is_undrawn = and_(PlaceRule.kind == RuleKind.LOTTERY, PlaceRule.drawn_at.is_(None))
    awaits_draw = func.coalesce(and_(Place.status == PlaceStatus.WAITING, is_undrawn), False)
    return (
        select(
            Place.id, Place.offering_id, Place.learning_session_id, Place.status, Place.way,
            Place.requested_at, Place.confirmed_at, Place.offer_ends_at, awaits_draw, before, everybody,
        )
        .outerjoin(PlaceRule, PlaceRule.offering_id == Place.offering_id)
        .where(here)
    )  # fmt: skip


def lines_of(places: Sequence[Place]) -> dict[int, OwnPlace]:
    """Offering id → where the participant stands in line, for those places that wait."""
    waiting_for = [one.learning_session_id for one in places if one.status is PlaceStatus.WAITING]
    return own_places(places[0].participant_id, waiting_for) if waiting_for else {}


def decisions_of(place_id: int) -> Sequence[PlaceDecision]:
    """The log of a place, oldest first."""
    query = select(PlaceDecision).where(PlaceDecision.place_id == place_id).order_by(PlaceDecision.id)
    return db.scalars(query).all()


Counts = dict[tuple[int, Way], int]
"""(offering id, way) → how many."""


def waiting_counts(learning_session_id: int) -> Counts:
    """How many wait; one query."""
    return waiting_and_offered(learning_session_id)[0]


def waiting_and_offered(learning_session_id: int) -> tuple[Counts, Counts]:
    """How many wait, and to how many a place is on offer; one query."""
    waiting: Counts = {}
    offered: Counts = {}
    for number, way, status, count in db.execute(_counts(), {"learning_session": learning_session_id}):
        (waiting if status is PlaceStatus.WAITING else offered)[number, way] = count
    return waiting, offered


@cache
def _counts() -> Executable:
    here = Place.learning_session_id == bindparam("learning_session")
    return (
        select(Place.offering_id, Place.way, Place.status, func.count())
        .where(here, Place.status.in_((PlaceStatus.WAITING, PlaceStatus.OFFERED)))
        .group_by(Place.offering_id, Place.way, Place.status)
    )

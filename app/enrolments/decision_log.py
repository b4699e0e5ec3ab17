"""The log of a sitting's decisions as organisers read it: one page at a time, however long it is.

Pages are found by the number of the decision they begin after, so that the last of 100,000 rows costs as
much as the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.domain.decided import Decided, Ground
from app.domain.seats import PlaceStatus
from app.domain.text import fold_text
from app.enrolments.decisions import PlaceDecision
from app.enrolments.models import Place
from app.participants.models import Participant

PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What of the log is to be seen."""

    who: str = ""
    """Part of a name; accents and case do not matter."""
    place_id: int | None = None
    """Of one person alone."""
    what: Decided | None = None
    before: int | None = None
    """Only decisions older than this one."""
    after: int | None = None
    """Only decisions newer than this one, the oldest of them."""


@dataclass(frozen=True)
class Entry:
    """One decision."""

    number: int
    decided_at: datetime
    place_id: int
    name: str
    """Of the person; empty once the account is closed."""
    way: Way
    what: Decided
    ground: Ground
    status_before: PlaceStatus | None
    status_after: PlaceStatus
    position_before: int | None
    position_after: int | None
    by: str
    """Who decided, by name; empty where it was neither an organiser nor a focal person."""
    note: str


@dataclass(frozen=True)
class LogPage:
    """The newest first."""

    entries: Sequence[Entry]
    newer: int | None
    """The decision after which the page of newer ones begins; None on the first."""
    older: int | None


def page_of(offering_id: int, asked: Asked) -> LogPage:
    """A page of the log of a sitting; one query."""
    forwards = asked.after is not None
    query = _query(offering_id, asked)
    if asked.after is not None:
        query = query.where(PlaceDecision.id > asked.after).order_by(PlaceDecision.id)
    elif asked.before is not None:
        query = query.where(PlaceDecision.id < asked.before).order_by(PlaceDecision.id.desc())
    else:
        query = query.order_by(PlaceDecision.id.desc())
    found = [Entry(**row._mapping) for row in db.execute(query.limit(PAGE + 1))]
    has_more = len(found) > PAGE
    entries = found[:PAGE][::-1] if forwards else found[:PAGE]
    has_newer = has_more if forwards else asked.before is not None
    has_older = forwards or has_more
    return LogPage(
        entries,
        entries[0].number if entries and has_newer else None,
        entries[-1].number if entries and has_older else None,
    )


def name_of(place_id: int, offering_id: int) -> str | None:
    """Whose place it is; None when it is none of this sitting."""
    return db.scalar(
        select(Participant.name)
        .join(Place, Place.participant_id == Participant.id)
        .where(Place.id == place_id, Place.offering_id == offering_id)
    )


def _query(offering_id: int, asked: Asked) -> Select[Any]:
    its = PlaceDecision
    columns: tuple[Any, ...] = (
        its.id.label("number"), its.decided_at, its.place_id, Participant.name, Place.way, its.what,
        its.ground, its.status_before, its.status_after, its.position_before, its.position_after,
        func.coalesce(User.name, "").label("by"), its.note,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Place, Place.id == its.place_id)
        .join(Participant, Participant.id == Place.participant_id)
        .outerjoin(User, User.id == its.by_id)
        .where(its.offering_id == offering_id)
    )
    if asked.what is not None:
        query = query.where(PlaceDecision.what == asked.what)
    if asked.place_id is not None:
        query = query.where(PlaceDecision.place_id == asked.place_id)
    if asked.who:
        query = query.where(PlaceDecision.place_id.in_(_places_of(offering_id, asked.who)))
    return query


def _places_of(offering_id: int, who: str) -> Select[Any]:
    its = select(Place.id).join(Participant, Participant.id == Place.participant_id)
    return its.where(
        Place.offering_id == offering_id,
        *(Participant.name_folded.contains(word, autoescape=True) for word in fold_text(who).split()),
    )

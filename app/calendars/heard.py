"""The replies that were heard: one row for each mail, whatever came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import cast

from sqlalchemy import Executable, Table, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from app.calendars.models import CalendarReply, ReplyOutcome
from app.database import db, writing
from app.enrolments.models import Place
from app.jobs.operations import Claim
from app.jobs.worker import every
from app.learning_sessions.models import LearningSession, Offering
from app.participants.models import Participant

KEPT = timedelta(days=180)
"""How long a reply is kept, and at least until its sitting is over."""
STRAYS_KEPT = timedelta(days=30)
"""How long a mail is kept that belongs to no place."""
PAGE = 100

UNDERSTOOD = (ReplyOutcome.ACTED, ReplyOutcome.NOTHING, ReplyOutcome.ASKED, ReplyOutcome.RECORDED)


@dataclass(frozen=True)
class Line:
    """A reply with the name of who holds the place; empty once that account is closed."""

    reply: CalendarReply
    name: str


def note(key: str, now: datetime) -> int | None:
    """Write down that this mail came; its number, or None when it had come before.

    Of two that note the same mail at the same moment one waits for what becomes of the other.
    """
    plain = {"answer": "", "outcome": ReplyOutcome.NOTHING, "detail": ""}
    values = {"message_id": key, "received_at": now, **plain}
    number: int | None = db.execute(_note(db.get_bind().dialect.name), values).scalar()
    return number


@cache
def _note(dialect: str) -> Executable:
    table = cast(Table, CalendarReply.__table__)
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    unless_there = insert(table).on_conflict_do_nothing(index_elements=["message_id"])
    return unless_there.returning(table.c.id)


def place_of(place_id: int) -> Place | None:
    """A place with its holder, its sitting, session and journey."""
    return db.scalar(
        select(Place)
        .where(Place.id == place_id)
        .options(
            joinedload(Place.participant),
            joinedload(Place.offering)
            .joinedload(Offering.learning_session)
            .joinedload(LearningSession.journey),
        )
    )


def latest_stamp(place_id: int, sequence: int) -> datetime | None:
    """The newest DTSTAMP that was heard about a place under one number; a clock that runs ahead does not
    count beyond the moment at which its reply came.
    """
    rows = db.execute(
        select(CalendarReply.stamped_at, CalendarReply.received_at).where(
            CalendarReply.place_id == place_id,
            CalendarReply.sequence == sequence,
            CalendarReply.outcome.in_(UNDERSTOOD),
            CalendarReply.stamped_at.is_not(None),
        )
    )
    return max(
        (min(stamped_at or received_at, received_at) for stamped_at, received_at in rows), default=None
    )


def was_asked(place_id: int, sequence: int) -> bool:
    """Whether a mail has asked already if an answer to the request of this number was meant."""
    asked = select(CalendarReply.id).where(
        CalendarReply.place_id == place_id,
        CalendarReply.sequence == sequence,
        CalendarReply.outcome == ReplyOutcome.ASKED,
    )
    return db.scalar(asked.limit(1)) is not None


def answered(place_id: int, sequence: int) -> None:
    """Note with the reply that had to be asked about that it was meant. Does not commit."""
    db.execute(
        update(CalendarReply)
        .where(
            CalendarReply.place_id == place_id,
            CalendarReply.sequence == sequence,
            CalendarReply.outcome == ReplyOutcome.ASKED,
        )
        .values(
            outcome=ReplyOutcome.ACTED,
            detail="A mail asked whether it is meant; it was, and the place was given up.",
        )
    )


def replies_in(offering_id: int, before: int | None = None) -> tuple[Sequence[Line], int | None]:
    """The replies about places of a sitting, the newest first, and what older ones come before; one query."""
    query = (
        select(CalendarReply, Participant.name)
        .join(Place, Place.id == CalendarReply.place_id)
        .join(Participant, Participant.id == Place.participant_id)
        .where(Place.offering_id == offering_id)
        .order_by(CalendarReply.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(CalendarReply.id < before)
    found = [Line(*row) for row in db.execute(query)]
    return found[:PAGE], found[PAGE - 1].reply.id if len(found) > PAGE else None


@every(timedelta(days=1), "calendars.tidy")
def tidy(_claim: Claim, now: datetime) -> None:
    """Remove replies that were received long ago and whose sitting is over."""
    with writing():
        forget_old(now)


def forget_old(now: datetime) -> None:
    """What `tidy` does. Does not commit."""
    coming = (
        select(Place.id)
        .join(Offering, Offering.id == Place.offering_id)
        .where(or_(Offering.ends_at > now, Offering.last_on >= now.date()))
    )
    long_ago = (CalendarReply.received_at < now - KEPT) & CalendarReply.place_id.not_in(coming)
    stray = (CalendarReply.received_at < now - STRAYS_KEPT) & CalendarReply.place_id.is_(None)
    db.execute(delete(CalendarReply).where(or_(long_ago, stray)))

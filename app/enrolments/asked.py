"""A request for a place that is being decided: not in the table yet, but at the end of its line."""

from dataclasses import dataclass
from functools import cache
from typing import Protocol

from sqlalchemy import Executable, bindparam, select

from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.seats import Held, Seat, Waiting
from app.enrolments.models import Place
from app.enrolments.standing import Asker
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession, Offering

ASKED_NOW = 0
"""The number of a place that has none yet."""


@dataclass(frozen=True)
class Wanted:
    """A sitting, its session and its journey as a press of the button needs them before any lock."""

    id: int
    learning_session_id: int
    attendance: Attendance
    learning_session_slug: str
    learning_session_title: str
    journey: "WantedJourney"


@dataclass(frozen=True)
class WantedJourney:
    """As permission rules see it."""

    id: int
    slug: str
    title: str
    status: JourneyStatus


class Person(Protocol):
    """Who asks and is told: a participant, or what an account knows of its own."""

    @property
    def id(self) -> int:
        """The participant's number."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str:
        """Where somebody without an account is written to."""


@dataclass(frozen=True)
class Holder:
    """A participant as their own account knows them, without a look at their row."""

    id: int
    user_id: int
    name: str
    email: str = ""


@dataclass(frozen=True)
class Asked:
    """A request as the routine sees it, and the row it will be written to."""

    entry: Waiting
    place: Place
    """New, or the one released before, unchanged until the request is decided."""


def wanted(offering_id: int) -> Wanted | None:
    """The sitting of this number, by one query that makes no objects of its rows."""
    row = db.execute(_wanted(), {"offering": offering_id}).one_or_none()
    if row is None:
        return None
    number, learning_session_id, attendance, slug, title, *journey = row
    return Wanted(number, learning_session_id, attendance, slug, title, WantedJourney(*journey))


@cache
def _wanted() -> Executable:
    return (
        select(
            Offering.id, Offering.learning_session_id, Offering.attendance,
            LearningSession.slug, LearningSession.title,
            Journey.id, Journey.slug, Journey.title, Journey.status,
        )
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .where(Offering.id == bindparam("offering"))
    )  # fmt: skip


def request_of(who: Asker, offering: Offering, way: Way) -> Asked:
    """A request at the end of the line. The caller holds the lock: the number after the last is theirs."""
    place = who.place(offering.id) or Place(
        participant_id=who.participant_id,
        offering_id=offering.id,
        learning_session_id=offering.learning_session_id,
    )
    entry = Waiting(
        ASKED_NOW,
        who.participant_id,
        Seat(offering.id, way),
        offering.last_queue_number + 1,
        who.country,
        who.stakeholder_group,
        tuple(Held(one.id, Seat(one.offering_id, one.way)) for one in who.places if one.status.is_taken),
    )
    return Asked(entry, place)

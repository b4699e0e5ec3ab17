"""Who decides about the people of journeys, and what is new there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.database import db
from app.domain.decided import Decided
from app.domain.permissions import KEEPERS
from app.domain.seats import PlaceStatus
from app.enrolments.models import Enrolment, EnrolmentStatus, Place, PlaceDecision
from app.enrolments.roster.offered import free_places
from app.journeys.models import Journey, JourneyStatus, OrganiserAssignment
from app.learning_sessions.models import LearningSession, Offering
from app.messages.models import MessageState, OutboxMessage, Recipient
from app.notices.briefing_rows import counts_of
from app.participants.models import Participant

CHUNK = 200


@dataclass
class Organiser:
    """Somebody who decides in journeys, and what their zone is known by."""

    user_id: int
    name: str
    address: str
    muted: str
    timezone: str
    """Their profile's; else the one of the first journey they decide in."""
    journey_ids: list[int] = field(default_factory=list)
    """None of them archived; the first first."""


class Asked(NamedTuple):
    """Requests that wait for a decision."""

    number: int
    oldest: datetime
    newest: datetime


@dataclass
class SittingNews:
    """What is new about one sitting."""

    offering: Offering
    asked: Asked | None = None
    """Where a request for a place is new."""
    waiting: int = 0
    """How many wait now, where they have become more; else 0."""
    free: int | None = None
    """Places that nobody has; None: no limit."""
    lapsed: int = 0
    """How many offers were not accepted in time."""


@dataclass
class JourneyNews:
    """What is new in one journey."""

    asked: Asked | None = None
    """Where a request to join is new."""
    sittings: list[SittingNews] = field(default_factory=list)
    dead: int = 0
    """Messages that could not be delivered."""
    refused: int = 0
    """People enrolled whose address refuses mail now."""


def organisers(after: int, only: int | None = None) -> list[Organiser]:
    """Who decides in a journey that is not archived, by number, at most CHUNK; two queries.

    `only`: this one alone.
    """
    decides = (
        select(OrganiserAssignment.user_id)
        .join(Journey, Journey.id == OrganiserAssignment.journey_id)
        .where(OrganiserAssignment.role.in_(KEEPERS), Journey.status != JourneyStatus.ARCHIVED)
    )
    people = (
        select(User.id, User.name, User.email, Recipient.muted, Participant.timezone)
        .outerjoin(Participant, Participant.user_id == User.id)
        .outerjoin(Recipient, Recipient.address_folded == User.email_folded)
        .where(User.id.in_(decides), User.id > after)
        .order_by(User.id)
        .limit(CHUNK)
    )
    rows = db.execute(people if only is None else people.where(User.id == only))
    found = {row[0]: Organiser(row[0], row[1], row[2], row[3] or "", row[4] or "") for row in rows}
    decided = (
        select(OrganiserAssignment.user_id, Journey.id, Journey.timezone)
        .join(Journey, Journey.id == OrganiserAssignment.journey_id)
        .where(OrganiserAssignment.user_id.in_(found), OrganiserAssignment.role.in_(KEEPERS))
        .where(Journey.status != JourneyStatus.ARCHIVED)
        .order_by(Journey.id)
    )
    for user_id, journey_id, timezone in db.execute(decided):
        found[user_id].journey_ids.append(journey_id)
        found[user_id].timezone = found[user_id].timezone or timezone
    return list(found.values())


def news(journey_ids: Collection[int], after: datetime, now: datetime) -> dict[int, JourneyNews]:
    """Journey → what has become new since an instant; only those where something has. Seven queries."""
    found: dict[int, JourneyNews] = {}
    for journey_id, asked in _to_join(journey_ids, after).items():
        found.setdefault(journey_id, JourneyNews()).asked = asked
    for one in _sittings(journey_ids, after, now):
        found.setdefault(one.offering.learning_session.journey_id, JourneyNews()).sittings.append(one)
    for journey_id, count in _dead(journey_ids, after).items():
        found.setdefault(journey_id, JourneyNews()).dead = count
    for journey_id, count in _refused(journey_ids, after).items():
        found.setdefault(journey_id, JourneyNews()).refused = count
    return found


def journeys(journey_ids: Collection[int]) -> Sequence[Journey]:
    """These, by title."""
    found = select(Journey).where(Journey.id.in_(journey_ids)).order_by(Journey.title_folded, Journey.id)
    return db.scalars(found).all()


def _to_join(journey_ids: Collection[int], after: datetime) -> dict[int, Asked]:
    rows = db.execute(
        select(
            Enrolment.journey_id, func.count(), func.min(Enrolment.enrolled_at),
            func.max(Enrolment.enrolled_at),
        )
        .join(Journey, Journey.id == Enrolment.journey_id)
        .where(Enrolment.journey_id.in_(journey_ids), Enrolment.status == EnrolmentStatus.REQUESTED)
        .where(Journey.status.not_in((JourneyStatus.CLOSED, JourneyStatus.ARCHIVED)))
        .group_by(Enrolment.journey_id)
        .having(func.max(Enrolment.enrolled_at) > after)
    )  # fmt: skip
    return {row[0]: Asked(row[1], row[2], row[3]) for row in rows}


def _for_places(journey_ids: Collection[int], after: datetime) -> dict[int, Asked]:
    """Sitting → requests for its places."""
    rows = db.execute(
        select(Place.offering_id, func.count(), func.min(Place.requested_at), func.max(Place.requested_at))
        .join(LearningSession, LearningSession.id == Place.learning_session_id)
        .where(LearningSession.journey_id.in_(journey_ids), Place.status == PlaceStatus.REQUESTED)
        .group_by(Place.offering_id)
        .having(func.max(Place.requested_at) > after)
    )
    return {row[0]: Asked(row[1], row[2], row[3]) for row in rows}


def _lines(journey_ids: Collection[int], after: datetime) -> dict[int, tuple[int, int]]:
    """Sitting → by how many its lines have grown since, and how many offers lapsed; not where neither."""
    waits, before, now = PlaceStatus.WAITING, PlaceDecision.status_before, PlaceDecision.status_after
    has_come = and_(now == waits, or_(before.is_(None), before != waits))
    has_gone = and_(before == waits, now != waits)
    grown = func.sum(case((has_come, 1), (has_gone, -1), else_=0))
    lapsed = func.sum(case((PlaceDecision.what == Decided.OFFER_LAPSED, 1), else_=0))
    rows = db.execute(
        select(PlaceDecision.offering_id, grown, lapsed)
        .join(Offering, Offering.id == PlaceDecision.offering_id)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .where(LearningSession.journey_id.in_(journey_ids), PlaceDecision.decided_at > after)
        .group_by(PlaceDecision.offering_id)
        .having(or_(grown > 0, lapsed > 0))
    )
    return {offering_id: (more, over) for offering_id, more, over in rows}


def _sittings(journey_ids: Collection[int], after: datetime, now: datetime) -> list[SittingNews]:
    asked, lines = _for_places(journey_ids, after), _lines(journey_ids, after)
    numbers = sorted({*asked, *lines})
    coming = or_(Offering.ends_at > now, Offering.last_on >= (now - timedelta(days=1)).date())
    offerings = db.scalars(
        select(Offering)
        .where(Offering.id.in_(numbers), Offering.cancelled_at.is_(None), coming)
        .order_by(Offering.starts_at, Offering.first_on, Offering.id)
        .options(joinedload(Offering.learning_session))
    ).all()
    counts = counts_of([one.id for one in offerings])
    found = []
    for one in offerings:
        grown, lapsed = lines.get(one.id, (0, 0))
        waiting = counts[one.id].waiting if grown > 0 else 0
        if one.id in asked or waiting or lapsed:
            found.append(SittingNews(one, asked.get(one.id), waiting, _free(one), lapsed))
    return found


def _free(offering: Offering) -> int | None:
    places = [free for _way, free in free_places(offering)]
    limited = [free for free in places if free is not None]
    return sum(limited) if len(limited) == len(places) else None


def _dead(journey_ids: Collection[int], after: datetime) -> dict[int, int]:
    """Journey → its messages that were given up; they were due last about then."""
    scopes = {f"journey:{number}": number for number in journey_ids}
    rows = db.execute(
        select(OutboxMessage.scope, func.count())
        .where(OutboxMessage.scope.in_(scopes), OutboxMessage.state == MessageState.DEAD)
        .where(OutboxMessage.due_at > after)
        .group_by(OutboxMessage.scope)
    )
    return {scopes[str(scope)]: count for scope, count in rows}


def _refused(journey_ids: Collection[int], after: datetime) -> dict[int, int]:
    refusing = Recipient.refused_at > after
    users = select(User.id).join(Recipient, Recipient.address_folded == User.email_folded).where(refusing)
    addresses = select(Recipient.address_folded).where(refusing)
    by_address = and_(Participant.user_id.is_(None), Participant.email_folded.in_(addresses))
    found = (
        select(Enrolment.journey_id, func.count())
        .join(Participant, Participant.id == Enrolment.participant_id)
        .where(Enrolment.journey_id.in_(journey_ids), Enrolment.status == EnrolmentStatus.ACTIVE)
        .where(or_(Participant.user_id.in_(users), by_address))
        .group_by(Enrolment.journey_id)
    )
    return dict(db.execute(found).all())

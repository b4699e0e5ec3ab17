"""What is asked about reserved blocks: those of a sitting, of a focal person, who is named, what happened."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.accounts.models import User
from app.database import db
from app.domain.seats import PlaceStatus
from app.domain.text import fold_text
from app.enrolments.decisions import Decided, EnrolmentDecided, EnrolmentDecision, Ground, PlaceDecision
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.enrolments.reserved import ReservedBlock
from app.journeys.matter import Partner
from app.journeys.models import CountryGroup, Journey
from app.learning_sessions.models import LearningSession, Offering
from app.organisations.models import Organisation
from app.participants.models import Participant

NAMED_SHOWN = 200
"""Names on one page."""
HISTORY_SHOWN = 200


def block(block_id: int) -> ReservedBlock | None:
    """A block with its focal person, sitting, venue, learning session and journey."""
    return db.scalar(
        select(ReservedBlock)
        .where(ReservedBlock.id == block_id)
        .options(
            joinedload(ReservedBlock.focal),
            joinedload(ReservedBlock.offering).joinedload(Offering.venue),
            joinedload(ReservedBlock.offering)
            .joinedload(Offering.learning_session)
            .joinedload(LearningSession.journey),
        )
    )


def blocks_in(offering_id: int) -> Sequence[ReservedBlock]:
    """The blocks of a sitting, those that were handed back last, with their focal persons; one query."""
    return db.scalars(
        select(ReservedBlock)
        .where(ReservedBlock.offering_id == offering_id)
        .options(joinedload(ReservedBlock.focal), joinedload(ReservedBlock.offering))
        .order_by(ReservedBlock.returned_at.is_not(None), ReservedBlock.release_at, ReservedBlock.id)
    ).all()


def blocks_of(block_ids: Collection[int], now: datetime) -> Sequence[ReservedBlock]:
    """Those of these blocks whose sittings are not over, in order of time; one query."""
    return db.scalars(
        select(ReservedBlock)
        .join(ReservedBlock.offering)
        .where(ReservedBlock.id.in_(block_ids), or_(Offering.ends_at > now, Offering.last_on >= now.date()))
        .options(
            contains_eager(ReservedBlock.offering)
            .joinedload(Offering.learning_session)
            .joinedload(LearningSession.journey)
        )
        .order_by(func.coalesce(Offering.starts_at, Offering.created_at), ReservedBlock.id)
    ).all()


@dataclass(frozen=True)
class Named:
    """Somebody with a place of a block, and who named them; nobody: they took it by the group's link."""

    place_id: int
    name: str
    email: str
    """Of somebody without an account; empty else."""
    named_at: datetime
    by: str | None


def named_in(block_id: int, page: int = 1) -> list[Named]:
    """Who has a place of a block, by name, so many on a page; one query."""
    last = (
        select(func.max(PlaceDecision.id))
        .where(PlaceDecision.place_id == Place.id, PlaceDecision.what == Decided.NAMED)
        .correlate(Place)
        .scalar_subquery()
    )
    rows = db.execute(
        select(
            Place.id, Participant.name, Participant.email, PlaceDecision.decided_at, User.name,
            Participant.user_id,
        )
        .join(Participant, Participant.id == Place.participant_id)
        .join(PlaceDecision, PlaceDecision.id == last)
        .outerjoin(User, User.id == PlaceDecision.by_id)
        .where(Place.block_id == block_id, Place.status == PlaceStatus.CONFIRMED)
        .order_by(Participant.name_folded, Place.id)
        .limit(NAMED_SHOWN)
        .offset(NAMED_SHOWN * (page - 1))
    )  # fmt: skip
    return [
        Named(place_id, name, "" if user_id else email, at, by)
        for place_id, name, email, at, by, user_id in rows
    ]


@dataclass(frozen=True)
class Happened:
    """One step in the history of a block."""

    at: datetime
    what: Decided
    ground: Ground
    name: str
    """Of the person whose place it was."""
    by: str | None


def history_of(one: ReservedBlock) -> list[Happened]:
    """Who was named out of a block and what became of those places, the latest first; one query.

    A place is the block's from being named, which notes the name of the group, until it is given up.
    """
    naming, between = aliased(PlaceDecision), aliased(PlaceDecision)
    named_here = (
        naming.what == Decided.NAMED, naming.note == one.name, naming.place_id == PlaceDecision.place_id
    )  # fmt: skip
    since = select(func.max(naming.id)).where(*named_here, naming.id <= PlaceDecision.id)
    begun = since.correlate(PlaceDecision).scalar_subquery()
    ended_before = (
        exists()
        .where(
            between.place_id == PlaceDecision.place_id,
            between.id > begun,
            between.id < PlaceDecision.id,
        )
        .correlate(PlaceDecision)
    )
    rows = db.execute(
        select(
            PlaceDecision.decided_at, PlaceDecision.what, PlaceDecision.ground, Participant.name, User.name
        )
        .join(Place, Place.id == PlaceDecision.place_id)
        .join(Participant, Participant.id == Place.participant_id)
        .outerjoin(User, User.id == PlaceDecision.by_id)
        .where(PlaceDecision.offering_id == one.offering_id, begun.is_not(None), ~ended_before)
        .order_by(PlaceDecision.id.desc())
        .limit(HISTORY_SHOWN)
    )
    return [Happened(*row) for row in rows]


def place_in(block_id: int, place_id: int) -> Place | None:
    """A place that a block has given to somebody, with its holder."""
    return db.scalar(
        select(Place)
        .where(Place.id == place_id, Place.block_id == block_id, Place.status == PlaceStatus.CONFIRMED)
        .options(joinedload(Place.participant))
    )


def was_given_by(one: ReservedBlock, place_id: int) -> bool:
    """Whether a place was given to somebody by a block at some time, which notes its name."""
    given = select(PlaceDecision.id).where(
        PlaceDecision.place_id == place_id,
        PlaceDecision.offering_id == one.offering_id,
        PlaceDecision.what == Decided.NAMED,
        PlaceDecision.note == one.name,
    )
    return db.scalar(given.limit(1)) is not None


def waiting_for(one: ReservedBlock) -> int:
    """How many wait in the line that the places of a block would go to."""
    line = (Place.offering_id == one.offering_id, Place.way == one.way, Place.status == PlaceStatus.WAITING)
    return db.scalar(select(func.count(Place.id)).where(*line)) or 0


def last_enrolment_decision(enrolment_id: int) -> EnrolmentDecided | None:
    """What was decided last about an enrolment."""
    return db.scalar(
        select(EnrolmentDecision.what)
        .where(EnrolmentDecision.enrolment_id == enrolment_id)
        .order_by(EnrolmentDecision.id.desc())
        .limit(1)
    )


def groups_offered(journey_id: int) -> Sequence[CountryGroup]:
    """The country groups of a journey, in their order, and those of the network it is part of."""
    parent = select(Journey.parent_id).where(Journey.id == journey_id).scalar_subquery()
    return db.scalars(
        select(CountryGroup)
        .where(or_(CountryGroup.journey_id == journey_id, CountryGroup.journey_id == parent))
        .order_by(CountryGroup.journey_id != journey_id, CountryGroup.position, CountryGroup.id)
    ).all()


def organisations_offered(journey_id: int, limit: int = 200) -> Sequence[Organisation]:
    """The partners of a journey and the organisations of those enrolled, by name."""
    partners = select(Partner.organisation_id).where(Partner.journey_id == journey_id)
    enrolled = select(Enrolment.organisation_id).where(
        Enrolment.journey_id == journey_id,
        Enrolment.status == EnrolmentStatus.ACTIVE,
        Enrolment.organisation_id.is_not(None),
    )
    return db.scalars(
        select(Organisation)
        .where(Organisation.id.in_(partners.union(enrolled)))
        .order_by(Organisation.name_folded, Organisation.id)
        .limit(limit)
    ).all()


def enrolled_called(journey_id: int, name: str, limit: int = 6) -> Sequence[Participant]:
    """Enrolled people with an account who have this name, without regard to case and accents."""
    return db.scalars(
        select(Participant)
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .where(
            Enrolment.journey_id == journey_id,
            Enrolment.status == EnrolmentStatus.ACTIVE,
            Participant.user_id.is_not(None),
            Participant.name_folded == fold_text(name),
        )
        .order_by(Participant.id)
        .limit(limit)
    ).all()

"""What a notice needs to know when it is written."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.database import db
from app.domain.decided import Decided
from app.domain.seats import PlaceStatus
from app.enrolments.models import Enrolment, Interest, Place, PlaceDecision
from app.learning_sessions.models import LearningSession, Offering
from app.messages.models import OutboxMessage


def place(place_id: int) -> Place | None:
    """A place with its holder, sitting, venue, learning session and journey."""
    return db.scalar(
        select(Place)
        .where(Place.id == place_id)
        .options(
            joinedload(Place.participant),
            joinedload(Place.offering).joinedload(Offering.venue),
            joinedload(Place.offering)
            .joinedload(Offering.learning_session)
            .joinedload(LearningSession.journey),
        )
    )


def places(place_ids: Sequence[int]) -> Sequence[Place]:
    """Places with their sittings and sessions, in the order of the sittings."""
    if not place_ids:
        return []
    return db.scalars(
        select(Place)
        .join(Place.offering)
        .where(Place.id.in_(place_ids))
        .order_by(Offering.starts_at, Place.id)
        .options(
            joinedload(Place.participant),
            contains_eager(Place.offering).joinedload(Offering.venue),
            contains_eager(Place.offering).joinedload(Offering.learning_session),
        )
    ).all()


def ever_taken(place_id: int) -> bool:
    """Whether a place was its holder's, or offered to them, before what was decided of it last."""
    taken = PlaceDecision.status_before.in_((PlaceStatus.CONFIRMED, PlaceStatus.OFFERED))
    its = select(PlaceDecision.id).where(PlaceDecision.place_id == place_id, taken).limit(1)
    return db.scalar(its) is not None


def letter_sent_at(address: str, order_key: str, without: Collection[str]) -> datetime | None:
    """When the latest message of this order key went to an address, but for those of some kinds."""
    its = select(func.max(OutboxMessage.sent_at)).where(OutboxMessage.to_address == address)
    return db.scalar(its.where(OutboxMessage.order_key == order_key, OutboxMessage.kind.not_in(without)))


def swapped_out(participant_id: int, learning_session_id: int, decided_at: datetime) -> Sequence[Place]:
    """Somebody's places in a session that were given up for a twin at this moment; with their sittings."""
    query = (
        select(Place)
        .join(PlaceDecision, PlaceDecision.place_id == Place.id)
        .where(
            Place.participant_id == participant_id,
            Place.learning_session_id == learning_session_id,
            PlaceDecision.what == Decided.SWAPPED,
            PlaceDecision.status_before.in_((PlaceStatus.CONFIRMED, PlaceStatus.OFFERED)),
            PlaceDecision.decided_at == decided_at,
        )
        .order_by(PlaceDecision.id)
        .options(joinedload(Place.offering))
    )
    return db.scalars(query).all()


def went_to_next(place: Place, decided_at: datetime) -> bool:
    """Whether somebody who waited got a seat there, or the offer of one, in the step of this moment."""
    of_it = (PlaceDecision.offering_id == place.offering_id, Place.way == place.way, Place.id != place.id)
    its = (
        select(PlaceDecision.id)
        .join(Place, Place.id == PlaceDecision.place_id)
        .where(
            *of_it,
            PlaceDecision.decided_at == decided_at,
            PlaceDecision.what.in_((Decided.CONFIRMED, Decided.OFFERED)),
            PlaceDecision.status_before == PlaceStatus.WAITING,
        )
        .limit(1)
    )
    return db.scalar(its) is not None


def live_twins(place: Place, status: PlaceStatus) -> Sequence[Place]:
    """What its holder has in this status in other sittings of the same session."""
    return db.scalars(
        select(Place)
        .where(
            Place.participant_id == place.participant_id,
            Place.learning_session_id == place.learning_session_id,
            Place.id != place.id,
            Place.status == status,
        )
        .order_by(Place.id)
        .options(joinedload(Place.offering))
    ).all()


def enrolment(journey_id: int, participant_id: int) -> Enrolment | None:
    """An enrolment with its journey and participant."""
    return db.scalar(
        select(Enrolment)
        .filter_by(journey_id=journey_id, participant_id=participant_id)
        .options(joinedload(Enrolment.journey), joinedload(Enrolment.participant))
    )


def offering(offering_id: int) -> Offering | None:
    """A sitting with its venue, learning session and journey."""
    return db.scalar(
        select(Offering)
        .where(Offering.id == offering_id)
        .options(
            joinedload(Offering.venue),
            joinedload(Offering.learning_session).joinedload(LearningSession.journey),
        )
    )


def interest(learning_session_id: int, participant_id: int) -> Interest | None:
    """What somebody said about coming to a session, unless withdrawn; with the participant."""
    return db.scalar(
        select(Interest)
        .filter_by(learning_session_id=learning_session_id, participant_id=participant_id)
        .where(Interest.withdrawn_at.is_(None))
        .options(joinedload(Interest.participant))
    )

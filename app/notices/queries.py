"""What a notice needs to know when it is written."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.database import db
from app.enrolments.models import Enrolment, Interest, Place, RosterMessage
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering
from app.participants.models import Participant


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


@dataclass(frozen=True)
class Written:
    """What organisers wrote to one person of a roster; `learning_session` None: to people of the journey."""

    message: RosterMessage
    name: str
    has_account: bool
    writer: str | None
    journey: Journey
    learning_session: LearningSession | None


def roster_message(message_id: int, participant_id: int) -> Written | None:
    """A message to people of a roster, for one of them; one query."""
    row = db.execute(
        select(
            RosterMessage,
            Participant.name,
            Participant.user_id.is_not(None),
            User.name,
            Journey,
            LearningSession,
        )
        .join(Journey, Journey.id == RosterMessage.journey_id)
        .join(Participant, Participant.id == participant_id)
        .outerjoin(User, User.id == RosterMessage.written_by_id)
        .outerjoin(Offering, Offering.id == RosterMessage.offering_id)
        .outerjoin(LearningSession, LearningSession.id == Offering.learning_session_id)
        .where(RosterMessage.id == message_id)
    ).one_or_none()
    return Written(*row) if row is not None else None

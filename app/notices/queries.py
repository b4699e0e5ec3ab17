"""What a notice needs to know when it is written."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.database import db
from app.enrolments.models import Enrolment, Place
from app.learning_sessions.models import LearningSession, Offering


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

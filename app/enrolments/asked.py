"""A request for a place that is being decided: not in the table yet, but at the end of its line."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Executable, and_, bindparam, select

from app.database import db
from app.domain.attendance import Way
from app.domain.seats import Held, Seat, Waiting
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.enrolments.standing import Standing
from app.learning_sessions.models import Offering

ASKED_NOW = 0
"""The number of a place that has none yet."""


@dataclass(frozen=True)
class Asker:
    """Whether somebody is enrolled, and every place they have had in a learning session."""

    participant_id: int
    enrolment: Enrolment | None
    places: tuple[Place, ...]

    @property
    def is_enrolled(self) -> bool:
        return self.enrolment is not None and self.enrolment.status is EnrolmentStatus.ACTIVE

    def place(self, offering_id: int) -> Place | None:
        """Their place in one sitting, whatever its status."""
        return next((one for one in self.places if one.offering_id == offering_id), None)


@dataclass(frozen=True)
class Asked:
    """A request as the routine sees it, and the row it will be written to."""

    entry: Waiting
    place: Place
    """New, or the one released before, unchanged until the request is decided."""


def asker(standing: Standing, participant_id: int) -> Asker:
    """As the rows are now; one query."""
    its = {
        "journey": standing.journey_id,
        "learning_session": standing.learning_session_id,
        "participant": participant_id,
    }
    rows = db.execute(_asker(), its, execution_options={"populate_existing": True}).all()
    places = tuple(place for _, place in rows if place is not None)
    return Asker(participant_id, rows[0][0] if rows else None, places)


def request_of(who: Asker, offering: Offering, way: Way) -> Asked:
    """A request at the end of the line. The caller holds the lock: the number after the last is theirs."""
    place = who.place(offering.id) or Place(
        participant_id=who.participant_id,
        offering_id=offering.id,
        learning_session_id=offering.learning_session_id,
    )
    enrolled = who.enrolment
    entry = Waiting(
        ASKED_NOW,
        who.participant_id,
        Seat(offering.id, way),
        offering.last_queue_number + 1,
        (enrolled.country or "") if enrolled is not None else "",
        enrolled.stakeholder_group if enrolled is not None else "",
        tuple(Held(one.id, Seat(one.offering_id, one.way)) for one in who.places if one.status.is_taken),
    )
    return Asked(entry, place)


@cache
def _asker() -> Executable:
    its = and_(
        Place.participant_id == Enrolment.participant_id,
        Place.learning_session_id == bindparam("learning_session"),
    )
    return (
        select(Enrolment, Place)
        .outerjoin(Place, its)
        .where(
            Enrolment.journey_id == bindparam("journey"), Enrolment.participant_id == bindparam("participant")
        )
        .order_by(Place.id)
    )

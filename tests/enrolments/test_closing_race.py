"""An account that is closed while organisers seat its owner: two real connections."""

from datetime import UTC, datetime
from threading import Thread
from time import sleep

from sqlalchemy import Engine, select

from app.database import db, writing
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments import operations
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.journeys.locking import lock
from app.journeys.models import Journey
from app.learning_sessions.models import Offering
from app.participants.models import Participant
from tests.enrolments.racing import coming_sitting
from tests.factories import make_participant
from tests.people import make_account

LONG_ENOUGH = 0.7


class Closing(Thread):
    """Gives up everything of a person, in a transaction of its own."""

    def __init__(self, participant_id: int) -> None:
        super().__init__()
        self.participant_id = participant_id
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            with writing():
                operations.release_everything(db.get_one(Participant, self.participant_id), datetime.now(UTC))
        except BaseException as error:
            self.error = error
        finally:
            db.remove()


def made(title: str) -> tuple[int, int, int]:
    """Journey, sitting and person."""
    with writing():
        sitting = coming_sitting(5, title)
        person = make_participant(user=make_account("Efua Mensah"))
        return sitting.learning_session.journey_id, sitting.id, person.id


def left(participant_id: int) -> tuple[list[EnrolmentStatus], list[PlaceStatus]]:
    db.remove()
    return (
        list(db.scalars(select(Enrolment.status).filter_by(participant_id=participant_id))),
        list(db.scalars(select(Place.status).filter_by(participant_id=participant_id))),
    )


def test_who_is_seated_while_their_account_is_closed_leaves_without_a_deadlock(real_database: Engine):
    journey_id, offering_id, person_id = made("Seated meanwhile")
    with writing():
        operations.enrol(
            db.get_one(Journey, journey_id), db.get_one(Participant, person_id), datetime.now(UTC)
        )
    closing = Closing(person_id)
    with writing():
        lock(db.get_one(Journey, journey_id))
        closing.start()
        sleep(LONG_ENOUGH)
        offering, person = db.get_one(Offering, offering_id), db.get_one(Participant, person_id)
        operations.take_place(offering, person, Way.ONLINE, datetime.now(UTC))
    closing.join(60)

    assert (closing.is_alive(), closing.error) == (False, None)
    assert left(person_id) == ([EnrolmentStatus.LEFT], [PlaceStatus.RELEASED])


def test_who_is_enrolled_while_their_account_is_closed_leaves_there_too(real_database: Engine):
    journey_id, _, person_id = made("Enrolled meanwhile")
    closing = Closing(person_id)
    with writing():
        operations.enrol(
            db.get_one(Journey, journey_id), db.get_one(Participant, person_id), datetime.now(UTC)
        )
        closing.start()
        sleep(LONG_ENOUGH)
    closing.join(60)

    assert (closing.is_alive(), closing.error) == (False, None)
    assert left(person_id) == ([EnrolmentStatus.LEFT], [])

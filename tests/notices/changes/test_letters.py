"""Every letter about a change, for four people, compared whole."""

from datetime import UTC, datetime, timedelta

import pytest

from app.database import db
from app.domain.attendance import Attendance, Way
from app.scheduling import operations
from app.scheduling.telling import tell_all_due
from app.jobs.operations import Claim
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_venue
from tests.notices.golden import check, four, mail_to
from tests.people import ada, seat
from tests.scheduling.telling import as_it_is

pytestmark = pytest.mark.engine("sqlite")


@pytest.fixture(autouse=True)
def _sending(app, time_machine):
    time_machine.move_to(NOW)
    with app.app_context():
        yield


def told(now=NOW):
    db.commit()
    tell_all_due(Claim(0, "", {}, 1), now + timedelta(minutes=11))


@four
def test_moved(database, person_in):
    offering = make_offering(wall=datetime(2027, 4, 14, 13, 0))
    person, organiser = person_in(), ada(offering.learning_session.journey)
    seat(person, offering)
    note = "14 April is New Year in Bangladesh and Nepal. Thank you to those who told us."
    operations.revise(offering, as_it_is(offering, wall=datetime(2027, 4, 22, 13, 0)), NOW, by=organiser, note=note)
    told()
    check(mail_to(person, "session-moved"), "session-moved")

"""Every letter about places and requests, for four people, compared whole."""

import pytest

from app.enrolments import operations
from tests.factories import NOW, make_journey
from tests.notices.golden import check, four, mail_to

pytestmark = pytest.mark.engine("sqlite")


@pytest.fixture(autouse=True)
def _sending(app, time_machine):
    time_machine.move_to(NOW)
    with app.app_context():
        yield


@four
def test_enrolled(database, person_in):
    person = person_in()
    operations.enrol(make_journey(), person, NOW)

    check(mail_to(person, "enrolled"), "enrolled")

"""The invitation to a session that has a date now: in the reader's time, and only while it is of use."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.attendance import Attendance
from app.domain.availability import Availability
from app.enrolments.interest import say_interest, withdraw_interest
from app.journeys.models import JourneyStatus
from app.journeys.operations import close
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import compose
from app.messages.models import OutboxMessage
from app.scheduling.answering import Answer, answer_interest
from app.scheduling.operations import cancel
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_venue
from tests.notices.changes.telling import told
from tests.notices.golden import text_in
from tests.people import seat, will

HERE = "http://127.0.0.1:8000/journeys/financing-and-payment-models/sessions/what-capitation-pays-for/"


@pytest.fixture(autouse=True)
def _sending(app, time_machine):
    time_machine.move_to(NOW)
    with app.app_context():
        yield


def invited(status=JourneyStatus.OPEN, **facts):
    one, bo = make_learning_session(make_journey(status=status)), will()
    say_interest(one, bo, Availability(), "", NOW)
    offering = make_offering(one, **facts)
    answer_interest(offering, Answer.INVITE, NOW)
    return offering, bo


def mail(database):
    found = database.scalars(select(OutboxMessage).where(OutboxMessage.kind == "session-dated")).one()
    return compose(found, "Meridian <meridian@example.org>")


def words(message):
    return " ".join(text_in(message).split())


def test_it_tells_the_date_in_the_readers_own_time(database):
    invited()
    message = mail(database)
    assert message["To"] == "Will Rahman <will@example.org>"
    assert (
        message["Subject"] == "It has a date: What capitation pays for, Thu 22 April 18:00–19:30 Dhaka, UTC+6"
    )
    text = words(message)
    assert "Thursday 22 April 2027, 18:00–19:30 in Dhaka (UTC+6), your time" in text
    assert "That is 13:00–14:30 in London (BST, UTC+1), the session’s own time." in text
    assert (
        "No place is kept for you yet. If you can come then, ask for one on the page. "
        f"Open the session: {HERE}" in text
    )


def test_it_says_where_and_that_places_come_later(database):
    venue = make_venue("Training centre", city="Accra", address="12 Ring Road")
    invited(JourneyStatus.PUBLISHED, attendance=Attendance.IN_PERSON, venue=venue, timezone="Africa/Accra")
    text = words(mail(database))
    assert "It is held: in person Where: Training centre, 12 Ring Road, Accra" in text
    assert "Places cannot be asked for yet. The page says when they can." in text


@pytest.mark.parametrize("what", ["cancelled", "closed", "begun", "has a place", "withdrawn"])
def test_it_is_not_sent_when_it_is_of_no_use(database, time_machine, what):
    offering, bo = invited()
    match what:
        case "cancelled":
            cancel(offering, "Nobody can.", NOW)
            told()
        case "closed":
            close(offering.learning_session.journey, "It is over.", NOW.date(), NOW)
        case "begun":
            time_machine.move_to(offering.starts_at + timedelta(minutes=1))
        case "has a place":
            seat(bo, offering)
        case "withdrawn":
            withdraw_interest(offering.learning_session_id, bo, NOW)
    with pytest.raises(NoLongerNeeded):
        mail(database)

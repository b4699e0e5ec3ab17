"""The round that tells whatever is due; and what somebody read meanwhile in another letter."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.database import db
from app.enrolments.operations import release_place
from app.learning_sessions.sittings import Days
from app.messages import delivery
from app.messages.models import MessageState, OutboxMessage
from app.scheduling import operations
from app.scheduling.announcing import tell_now
from app.scheduling.models import AnnouncementState, OfferingChange
from app.web import clock
from tests.factories import NOW, make_facilitator, make_learning_session, make_offering
from tests.notices.changes.telling import LATER, announced, messages_to, send, told, written
from tests.notices.golden import text_in
from tests.people import lead, make_account, pat, seat, will
from tests.scheduling.telling import as_it_is

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _sending(app, database, time_machine):
    time_machine.move_to(NOW)
    with app.app_context():
        yield


def test_one_that_cannot_be_told_holds_up_no_other(caplog):
    """A zone that this machine does not know stands in the record of the first."""
    broken = make_offering(when=Days(date(2027, 4, 22), date(2027, 4, 23), "Europe/London"))
    sound = make_offering(make_learning_session(broken.learning_session.journey, "Costing"))
    person = pat()
    for offering in (broken, sound):
        seat(person, offering)
    operations.revise(
        broken, as_it_is(broken, when=Days(date(2027, 4, 24), date(2027, 4, 24), "Europe/London")), NOW
    )
    operations.cancel(sound, "", NOW)
    db.execute(
        update(OfferingChange)
        .where(OfferingChange.offering_id == broken.id)
        .values(before_timezone="Mars/Base", after_timezone="Mars/Base")
    )

    told()

    assert written() == [("Pat Asante", "session-cancelled")]
    assert [state for state, _ in announced()] == [AnnouncementState.WAITING, AnnouncementState.TOLD]
    assert "could not be told" in caplog.text

    db.execute(update(OfferingChange).values(before_timezone="Europe/London", after_timezone="Europe/London"))
    told()
    assert written() == [("Pat Asante", "session-cancelled"), ("Pat Asante", "session-moved")]


def test_what_was_read_in_another_letter_before_the_change_was_sent_is_corrected(time_machine):
    """It is moved; the message waits for the morning; a place is offered at night, and tells the new hour;
    then it is moved back.
    """
    offering = make_offering(capacity_online=1)
    theirs = seat(pat(), offering)
    seat(will(), offering)
    before = as_it_is(offering)
    operations.revise(offering, as_it_is(offering, wall=datetime(2027, 4, 22, 17, 0)), NOW)
    told()
    release_place(theirs, NOW + HOUR)
    (promoted,) = db.scalars(select(OutboxMessage).filter_by(kind="promoted"))
    time_machine.move_to(NOW + HOUR)
    assert "22:00–23:30" in text_in(send(promoted, NOW + HOUR))

    operations.revise(offering, before, NOW + 2 * HOUR)
    told(NOW + 2 * HOUR)

    time_machine.move_to(NOW + 3 * HOUR)
    first, second = messages_to("Will Rahman")
    assert send(first, NOW + 3 * HOUR) is None
    text = text_in(send(second, NOW + 3 * HOUR))
    assert "For you it is now 18:00 instead of 22:00, Thursday as before." in text


def test_what_waited_for_the_telling_goes_when_it_is_told(time_machine):
    """An organiser tells now: nobody waits for the ten minutes any more."""
    offering = make_offering()
    operations.revise(offering, as_it_is(offering, wall=datetime(2027, 4, 22, 17, 0)), NOW)
    seat(pat(), offering)
    seat(will(), offering)
    db.commit()
    delivery.deliver(clock.now)
    confirmed = select(OutboxMessage.state).where(OutboxMessage.kind == "place-confirmed")
    assert db.scalars(confirmed).all() == [MessageState.QUEUED] * 2

    tell_now(offering, NOW + MINUTE)
    time_machine.move_to(NOW + MINUTE)
    told(NOW - LATER + MINUTE)
    delivery.deliver(clock.now)

    assert db.scalars(confirmed).all() == [MessageState.SENT] * 2


def test_who_led_under_a_page_that_is_anothers_now_is_told_nothing(time_machine):
    """The message goes to the account that the page had when it was written."""
    offering = make_offering()
    page = make_facilitator("Fran Moyo", user=make_account("Fran Moyo"))
    lead(offering, page)
    operations.cancel(offering, "", NOW)
    told()
    page.user_id = make_account("Wanjiru Kamau").id
    db.flush()
    (message,) = messages_to("Fran Moyo")
    assert message.to_address == "fran@example.org"
    assert send(message, NOW) is None

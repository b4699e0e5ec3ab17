"""What a letter about a change says of ways to attend, whose words it quotes, and what cannot wait."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.attendance import Attendance, Way
from app.learning_sessions.sittings import Days
from app.messages.delivery import Postponed, compose
from app.scheduling import operations
from app.scheduling.restating import restate
from tests.factories import NOW, make_offering, make_venue
from tests.notices.changes.telling import messages_to, send, told, written
from tests.notices.golden import text_in
from tests.people import fran, make_account, pat, seat, will
from tests.scheduling.telling import as_it_is


@pytest.fixture(autouse=True)
def _sending(app, database, time_machine):
    time_machine.move_to(NOW)
    with app.app_context():
        yield


def read(name="Pat Asante"):
    """The one message about changes to somebody: its subject, and its text on one line."""
    (message,) = messages_to(name)
    mail = send(message, NOW)
    return str(mail["Subject"]), " ".join(text_in(mail).split())


def test_that_others_can_come_in_person_is_no_news_online_and_no_other_place_for_who_leads():
    offering = make_offering()
    seat(pat(), offering)
    fran(offering)
    operations.revise(offering, as_it_is(offering, attendance=Attendance.BOTH, venue=make_venue()), NOW)
    told()
    assert written() == [("Fran Moyo", "session-relocated")]


def test_another_way_to_attend_at_the_same_venue_is_not_another_venue():
    venue = make_venue()
    offering = make_offering(attendance=Attendance.IN_PERSON, venue=venue, timezone="Africa/Accra")
    seat(pat(), offering, Way.IN_PERSON)
    operations.revise(offering, as_it_is(offering, attendance=Attendance.BOTH), NOW)
    told()
    subject, text = read()
    assert subject == "Other ways to attend: What capitation pays for, Thu 22 April 13:00–14:30 Accra, GMT"
    assert "How “What capitation pays for” can be attended has changed The hour stays the same." in text
    assert "Before: in person, Training centre Now: online and in person, Training centre" in text


def test_the_words_of_a_move_are_no_reason_for_a_cancellation():
    offering = make_offering()
    seat(pat(), offering)
    later = as_it_is(offering, wall=datetime(2027, 4, 22, 17, 0))
    operations.revise(offering, later, NOW, by=make_account("Rita Move"), note="My flight lands later.")
    operations.cancel(offering, "", NOW)
    told()
    assert "flight" not in read()[1]


def test_nor_is_the_reason_of_a_cancellation_one_for_a_move():
    offering = make_offering()
    seat(pat(), offering)
    operations.cancel(offering, "There is a strike.", NOW)
    operations.restore(offering, NOW)
    operations.revise(offering, as_it_is(offering, wall=datetime(2027, 4, 22, 17, 0)), NOW)
    told()
    subject, text = read()
    assert subject.startswith("Moved to Thu 22 April 16:00")
    assert "strike" not in text


def test_another_reason_is_signed_by_who_gave_it():
    offering = make_offering()
    seat(pat(), offering)
    operations.cancel(offering, "There is a strike.", NOW, by=make_account("Rita Move"))
    restate(offering, "The venue is under water.", NOW, by=make_account("Ann Other"))
    told()
    assert "> The venue is under water. Ann Other, organiser" in read()[1]


def test_a_reason_taken_back_is_not_told():
    offering = make_offering()
    seat(pat(), offering)
    operations.cancel(offering, "There is a strike.", NOW, by=make_account("Rita Move"))
    restate(offering, "", NOW)
    told()
    text = read()[1]
    assert "strike" not in text
    assert "Rita" not in text


@pytest.mark.parametrize(("day", "waits"), [(2, False), (3, True)])
def test_whole_days_that_begin_tomorrow_are_told_at_night(time_machine, day, waits):
    one = date(2027, 3, day)
    offering = make_offering(when=Days(one, one, "Europe/London"))
    seat(will("Europe/London"), offering)
    night = datetime(2027, 3, 1, 22, 30, tzinfo=UTC)
    time_machine.move_to(night)
    operations.cancel(offering, "", night)
    told(night)
    (message,) = messages_to("Will Rahman")
    if not waits:
        assert compose(message, "Meridian <meridian@example.org>", night)["Subject"].startswith("Cancelled: ")
        return
    with pytest.raises(Postponed) as later:
        compose(message, "Meridian <meridian@example.org>", night)
    assert later.value.until == night.replace(hour=7, minute=0) + timedelta(days=1)

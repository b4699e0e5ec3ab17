"""What reminders say, and when they say nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Attendance, Way
from app.enrolments import operations as enrolments
from app.journeys.matter import Contact
from app.learning_sessions import operations as learning_sessions
from app.learning_sessions.sittings import Days, NewOffering, Part
from app.messages import recipients
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import Postponed, compose
from app.messages.models import OutboxMessage
from app.notices.reminders import queue_hour_changes, queue_reminders
from app.participants import operations as participants
from app.scheduling.operations import cancel
from app.scheduling.revising import revise
from app.toolkits.operations import add_entry, add_section
from tests.factories import (
    NOW,
    make_journey,
    make_learning_session,
    make_offering,
    make_resource,
    make_toolkit,
    make_venue,
)
from tests.notices.golden import calendar_in, check, four, mail_to, text_in
from tests.people import pat, seat
from tests.scheduling.telling import as_it_is

pytestmark = pytest.mark.engine("sqlite")

START = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)
DAY, HOUR = START - timedelta(days=1), START - timedelta(hours=1)
SENDER = "Meridian <meridian@example.org>"


@pytest.fixture(autouse=True)
def _sending(app, database):
    with app.app_context():
        yield


@pytest.fixture
def journey():
    made = make_journey()
    made.reminders = "1-week 1-day 1-hour"
    made.contacts.append(Contact(name="Ada Owusu", email="ada@example.org", position=1))
    db.flush()
    return made


def sitting(journey, title="What capitation pays for", **facts):
    return make_offering(make_learning_session(journey, title), **facts)


def reminded(time_machine, at, sent_at=None):
    """The reminder that is queued at a moment, and composed then or later."""
    db.commit()
    assert queue_reminders(at - timedelta(minutes=3), at) == 1
    message = db.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    time_machine.move_to(sent_at or at)
    return message


def subject(message):
    return str(compose(message, SENDER)["Subject"])


def heading(message):
    return text_in(compose(message, SENDER)).split("\n\n")[1]


@four
def test_a_day_before(person_in, journey, time_machine):
    """With an agenda and something to read."""
    offering = sitting(journey, join_url="https://meet.example.org/a")
    add_entry(
        add_section(make_toolkit(), "To read first", NOW), make_resource(), NOW,
        learning_session=offering.learning_session,
    )  # fmt: skip
    parts = (Part(15, "Welcome"), Part(45, "Three countries"), Part(30, "Questions"))
    revise(offering, as_it_is(offering, agenda=parts), NOW)
    person = person_in()
    seat(person, offering)
    reminded(time_machine, DAY)
    check(mail_to(person, "reminder"), "reminder")


@four
def test_an_hour_before(person_in, journey, time_machine):
    person = person_in()
    seat(person, sitting(journey, join_url="https://meet.example.org/a"))
    reminded(time_machine, HOUR)
    check(mail_to(person, "reminder-soon"), "reminder-soon")


@four
def test_the_hour_changed(person_in, journey, time_machine):
    """Between 24 March and 31 March London changes its clocks, and none of the four does."""
    first = sitting(journey, "The first", wall=datetime(2027, 3, 24, 13, 0))
    second = sitting(journey, "The second", wall=datetime(2027, 3, 31, 13, 0))
    person = person_in()
    for one in (first, second):
        seat(person, one)
    now = datetime(2027, 3, 24, 14, 30, tzinfo=UTC)
    db.commit()
    assert queue_hour_changes(now - timedelta(minutes=8), now) == 1
    time_machine.move_to(now)
    check(mail_to(person, "hour-changed"), "hour-changed")


@pytest.mark.parametrize(
    ("queued_at", "sent_at", "told"),
    [
        (START - timedelta(days=7), START - timedelta(days=7), "is in 7 days, on Thursday"),
        (START - timedelta(days=7), START - timedelta(days=6), "is in 6 days, on Thursday"),
        (DAY, DAY, "is tomorrow, Thursday"),
        (DAY, START - timedelta(hours=11), "is today, in 11 hours"),
        (HOUR, HOUR + timedelta(seconds=20), "begins in 60 minutes"),
        (HOUR, START - timedelta(minutes=55), "begins in 55 minutes"),
        (HOUR, START - timedelta(minutes=1), "begins in 1 minute"),
    ],
)
def test_how_far_away_it_is_is_true_when_it_is_sent(journey, time_machine, queued_at, sent_at, told):
    seat(pat(), sitting(journey))
    message = reminded(time_machine, queued_at, sent_at)
    assert heading(message) == f"“What capitation pays for” {told}"


def test_tomorrow_is_the_readers(journey, time_machine):
    """18:30 UTC on Wednesday is Thursday in Dhaka already."""
    late = datetime(2027, 4, 22, 20, 30)
    seat(pat("Asia/Dhaka"), sitting(journey, wall=late))
    message = reminded(time_machine, datetime(2027, 4, 21, 19, 30, tzinfo=UTC))
    assert subject(message) == ("Tomorrow: What capitation pays for, Fri 23 April 01:30–03:00 Dhaka, UTC+6")
    time_machine.move_to(datetime(2027, 4, 22, 18, 1, tzinfo=UTC))
    assert heading(message) == "“What capitation pays for” begins in 89 minutes"
    time_machine.move_to(datetime(2027, 4, 22, 17, 0, tzinfo=UTC))
    assert heading(message) == "“What capitation pays for” is tomorrow, Friday"


def test_in_person_the_clock_of_the_venue_counts(journey, time_machine):
    offering = sitting(
        journey, attendance=Attendance.IN_PERSON, venue=make_venue(), timezone="Africa/Accra",
        wall=datetime(2027, 4, 22, 20, 0),
    )  # fmt: skip
    seat(pat("Asia/Dhaka"), offering, Way.IN_PERSON)
    message = reminded(time_machine, datetime(2027, 4, 21, 20, 0, tzinfo=UTC))
    mail = compose(message, SENDER)
    assert str(mail["Subject"]) == "Tomorrow: What capitation pays for, Thu 22 April 20:00–21:30 Accra, GMT"
    assert "Where: Training centre" in text_in(mail)


def test_days_without_hours(journey, time_machine):
    days = Days(date(2027, 5, 11), date(2027, 5, 12), "Africa/Accra")
    one = make_learning_session(journey, "Two days")
    seat(
        pat(), learning_sessions.add_offering(one, NewOffering(when=days, attendance=Attendance.ONLINE), NOW)
    )
    message = reminded(time_machine, datetime(2027, 5, 10, 9, 0, tzinfo=UTC))
    assert subject(message) == "Tomorrow: Two days, Tue 11–Wed 12 May, Accra"
    assert heading(message) == "“Two days” is tomorrow, Tuesday"
    time_machine.move_to(datetime(2027, 5, 11, 7, 30, tzinfo=UTC))
    assert heading(message) == "“Two days” is today, Tuesday"


@pytest.mark.parametrize(("minutes", "is_there"), [(15, False), (59, False), (60, True)])
def test_the_link_to_join_stands_in_it_once_its_holders_may_see_it(journey, time_machine, minutes, is_there):
    link = "https://meet.example.org/a"
    seat(pat(), sitting(journey, join_url=link, join_from_minutes=minutes))
    said = text_in(compose(reminded(time_machine, HOUR), SENDER))
    assert (link in said) is is_there
    assert ("stands there from" in said) is not is_there


# Who has no account, and so no page that shows the link

LINK = "https://meet.example.org/a"
IT_COMES = "We send the link to join to this address 15 minutes before the start."
OPENS = START - timedelta(minutes=15)


def ama():
    profile = participants.Profile(name="Ama Boateng", timezone="Africa/Accra", country="GH")
    return participants.create(profile, NOW, email="ama@example.org")


def said_in(message):
    return " ".join(text_in(compose(message, SENDER)).split())


def test_who_has_no_account_is_sent_the_link_when_the_organiser_lets_it_be_seen(journey, time_machine):
    seat(ama(), sitting(journey, join_url=LINK))
    before = said_in(reminded(time_machine, DAY))
    assert IT_COMES in before
    assert LINK not in before
    assert "Sign up with this address" not in before
    message = reminded(time_machine, HOUR)
    with pytest.raises(Postponed) as later:
        compose(message, SENDER)
    assert later.value.until == OPENS
    time_machine.move_to(OPENS)
    said = said_in(message)
    assert f"Join the session: {LINK} " in said
    assert "stands there" not in said
    assert "You cannot come? Answer this letter" in said


@pytest.mark.parametrize(("minutes", "told"), [(0, False), (60, True), (90, True)])
def test_a_link_that_opens_at_another_time(journey, time_machine, minutes, told):
    """At the start it is too late to be mailed; an hour before or earlier, the reminder waits for nothing."""
    seat(ama(), sitting(journey, join_url=LINK, join_from_minutes=minutes))
    before = said_in(reminded(time_machine, DAY))
    assert ("We send the link to join to this address 60 minutes before the start." in before) is told
    said = said_in(reminded(time_machine, HOUR))
    assert (LINK in said) is told
    assert ("Sign up with this address" in said) is not told


@four
def test_an_hour_before_without_an_account(person_in, journey, time_machine):
    person = person_in()
    address, person.user_id = db.get(User, person.user_id).email, None
    person.email = person.email_folded = address
    journey.contacts.clear()
    seat(person, sitting(journey, join_url=LINK))
    reminded(time_machine, HOUR)
    time_machine.move_to(OPENS)
    check(mail_to(person, "reminder-soon"), "reminder-soon-without-account")


def test_where_no_mail_brings_the_link_they_are_told_to_sign_up(journey, time_machine):
    journey.reminders = "1-day"
    seat(ama(), sitting(journey, join_url=LINK))
    said = said_in(reminded(time_machine, DAY))
    assert IT_COMES not in said
    assert "The link to join stands there from 15 minutes before the start." in said
    assert "Sign up with this address http://127.0.0.1:8000/sign-up" in said


def test_who_wants_no_reminders_is_not_sent_the_link(journey, time_machine):
    seat(ama(), sitting(journey, join_url=LINK))
    message = reminded(time_machine, HOUR)
    recipients.of_address("ama@example.org", NOW).reminders = ""
    db.flush()
    with pytest.raises(NoLongerNeeded):
        compose(message, SENDER)


@pytest.mark.parametrize("status", ["waiting", "offered", "released"])
def test_who_holds_no_place_without_an_account_is_sent_no_link(journey, time_machine, status):
    mine = seat(ama(), sitting(journey, join_url=LINK))
    message = reminded(time_machine, HOUR)
    mine.status, mine.offer_ends_at = status, START if status == "offered" else None
    db.flush()
    with pytest.raises(NoLongerNeeded):
        compose(message, SENDER)


def test_who_comes_in_person_without_an_account_is_sent_no_link(journey, time_machine):
    offering = sitting(journey, join_url=LINK, attendance=Attendance.BOTH, venue=make_venue())
    seat(ama(), offering, Way.IN_PERSON)
    message = reminded(time_machine, HOUR)
    time_machine.move_to(OPENS)
    assert LINK not in said_in(message)


@pytest.mark.parametrize(("minutes", "is_there"), [(16, False), (15, True), (1, True)])
def test_a_place_without_an_account_when_the_link_can_be_seen_comes_with_it(
    journey, time_machine, minutes, is_there
):
    now = START - timedelta(minutes=minutes)
    time_machine.move_to(now)
    offering, person = sitting(journey, join_url=LINK), ama()
    enrolments.enrol(journey, person, now)
    enrolments.take_place(offering, person, Way.ONLINE, now)
    mail = mail_to(person, "place-confirmed")
    assert (f"Join the session: {LINK}" in " ".join(text_in(mail).split())) is is_there
    assert (LINK in calendar_in(mail).replace("\r\n ", "")) is is_there


def test_it_tells_that_the_hour_is_another(journey, time_machine):
    """K4D: New York changes its clocks between the sixth session and the seventh, London does not."""
    sixth = sitting(journey, "The sixth", wall=datetime(2027, 3, 10, 10, 0))
    seventh = sitting(journey, "The seventh", wall=datetime(2027, 3, 17, 10, 0))
    person = pat("America/New_York")
    for one in (sixth, seventh):
        seat(person, one)
    said = text_in(compose(reminded(time_machine, datetime(2027, 3, 16, 10, 0, tzinfo=UTC)), SENDER))
    assert "It is at 06:00 for you, not at 05:00 as the last time." in said
    assert "The clocks in New York change in between, those in London do not." in said


def let_go(place):
    place.status = "released"


def call_off(place):
    cancel(place.offering, "", DAY)


def come_not(place):
    place.cannot_come_at = DAY


def want_none(place):
    recipients.of_address("pat@example.org", NOW).reminders = ""


def drop_the_default(place):
    place.offering.learning_session.journey.reminders = "1-hour"


@pytest.mark.parametrize("happens", [let_go, call_off, come_not, want_none, drop_the_default])
def test_what_is_not_true_any_more_is_not_sent(journey, time_machine, happens):
    place = seat(pat(), sitting(journey))
    message = reminded(time_machine, DAY)
    happens(place)
    db.flush()
    time_machine.move_to(DAY + timedelta(hours=2))
    with pytest.raises(NoLongerNeeded):
        compose(message, SENDER)


def test_while_a_change_has_still_to_be_told_it_waits(journey, time_machine):
    """Moved by mistake and moved back before anybody was told: the reminder comes as if nothing was."""
    offering = sitting(journey)
    seat(pat(), offering)
    message = reminded(time_machine, START - timedelta(days=7))
    moved_at = START - timedelta(days=6)
    revise(offering, as_it_is(offering, wall=datetime(2027, 4, 23, 13, 0)), moved_at)
    time_machine.move_to(moved_at)
    with pytest.raises(Postponed) as waits:
        compose(message, SENDER)
    assert waits.value.until == moved_at + timedelta(minutes=11)
    time_machine.move_to(moved_at + timedelta(hours=2))
    with pytest.raises(NoLongerNeeded):
        compose(message, SENDER)

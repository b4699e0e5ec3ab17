"""Who is told that the next session of a journey is at another hour of their day, when, and once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.attendance import Attendance, Way
from app.enrolments.operations import release_place
from app.jobs.operations import Claim
from app.messages import recipients
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import compose
from app.messages.kinds import Choice
from app.messages.models import OutboxMessage
from app.notices.reminders import queue_hour_changes
from app.scheduling.operations import cancel
from app.scheduling.revising import revise
from app.scheduling.telling import tell_all_due
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_venue
from tests.notices.golden import text_in
from tests.people import pat, seat, will
from tests.scheduling.telling import as_it_is

SENDER = "Meridian <meridian@example.org>"
FIRST, SECOND = datetime(2027, 3, 10, 10, 0), datetime(2027, 3, 16, 10, 0)
ENDED = datetime(2027, 3, 10, 11, 30, tzinfo=UTC)
"""Of the first. New York changed its clocks on 14 March, London on 28 March."""


@pytest.fixture
def journey(database):
    return make_journey()


@pytest.fixture
def two(journey):
    return sitting(journey, "The sixth", FIRST), sitting(journey, "The seventh", SECOND)


def sitting(journey, title, wall, **facts):
    return make_offering(make_learning_session(journey, title), wall=wall, **facts)


def in_new_york(*offerings, way=Way.ONLINE):
    person = pat("America/New_York")
    return [seat(person, one, way) for one in offerings]


def scan(now, since=None):
    db.commit()
    return queue_hour_changes(since or now - timedelta(minutes=8), now)


def told():
    found = select(OutboxMessage).where(OutboxMessage.kind == "hour-changed").order_by(OutboxMessage.id)
    return list(db.scalars(found))


def test_whose_clock_shows_another_hour_is_told_when_the_first_has_ended(app, two, time_machine):
    in_new_york(*two)
    seat(will(), two[0])
    assert scan(ENDED - timedelta(minutes=1)) == 0
    assert scan(ENDED) == 1
    assert scan(ENDED + timedelta(minutes=5)) == 0
    message = told()[0]
    about = f"participant:{message.unique_key.split(':')[2]}:offering:{two[1].id}"
    assert message.unique_key == f"hour-changed:{about}:2027-03-16T10:00:00Z"
    assert message.to_address == "pat@example.org"
    assert message.expires_at == datetime(2027, 3, 15, 10, 0, tzinfo=UTC)
    time_machine.move_to(ENDED)
    with app.app_context():
        mail = compose(message, SENDER)
    assert str(mail["Subject"]) == (
        "06:00 for you, not 05:00: The seventh, Tue 16 March 06:00–07:30 New York, EDT"
    )
    said = text_in(mail)
    assert "The clocks in New York change in between, those in London do not." in said
    assert "In London it stays 10:00." in said


def test_nobody_else_is_told(two):
    for person in (pat("Europe/London"), will("Asia/Dhaka")):
        for one in two:
            seat(person, one)
    assert scan(ENDED) == 0


def test_a_week_before_is_early_enough(journey):
    later = sitting(journey, "The seventh", datetime(2027, 3, 26, 10, 0))
    in_new_york(sitting(journey, "The sixth", FIRST), later)
    assert scan(ENDED) == 0
    week_before = datetime(2027, 3, 19, 10, 0, tzinfo=UTC)
    assert scan(week_before - timedelta(minutes=1)) == 0
    assert scan(week_before) == 1


def test_only_between_the_sittings_they_have_places_in(journey, two):
    """Who skips the sixth comes from the fifth, in which it was 05:00 as well."""
    fifth = sitting(journey, "The fifth", datetime(2027, 3, 3, 10, 0))
    in_new_york(fifth, two[1])
    assert scan(datetime(2027, 3, 3, 11, 30, tzinfo=UTC)) == 0
    assert scan(datetime(2027, 3, 9, 10, 0, tzinfo=UTC)) == 1


def test_in_a_chain_it_is_told_once(journey, two):
    """The eighth is at 06:00 again."""
    eighth = sitting(journey, "The eighth", datetime(2027, 3, 23, 10, 0))
    in_new_york(*two, eighth)
    assert scan(ENDED) == 1
    assert scan(datetime(2027, 3, 16, 11, 30, tzinfo=UTC)) == 0


def test_who_has_a_place_in_one_of_them_only_is_not_told(two):
    in_new_york(two[1])
    assert scan(ENDED) == 0


def test_a_worker_that_was_down_tells_it_while_the_reminder_does_not(two):
    in_new_york(*two)
    day_before = datetime(2027, 3, 15, 10, 0, tzinfo=UTC)
    assert scan(day_before, since=NOW) == 0
    assert scan(day_before - timedelta(minutes=1), since=NOW) == 1


def test_a_change_taken_back_before_it_was_told_costs_nobody_the_letter(two):
    in_new_york(*two)
    minute = timedelta(minutes=1)
    revise(two[1], as_it_is(two[1], wall=SECOND.replace(day=30)), ENDED - 5 * minute)
    assert scan(ENDED) == 0
    revise(two[1], as_it_is(two[1], wall=SECOND), ENDED + 4 * minute)
    assert scan(ENDED + 10 * minute) == 0
    db.commit()
    tell_all_due(Claim(0, "", {}, 1), ENDED + 14 * minute)
    assert scan(ENDED + 15 * minute) == 1


def test_who_took_the_place_after_that_had_the_hour_in_sight(two):
    _, second = in_new_york(*two)
    second.confirmed_at = ENDED + timedelta(minutes=1)
    assert scan(ENDED + timedelta(minutes=5)) == 0


def test_in_person_the_clock_of_the_venue_counts(journey):
    both = {"attendance": Attendance.IN_PERSON, "venue": make_venue(), "timezone": "Europe/London"}
    in_new_york(
        sitting(journey, "The sixth", FIRST, **both), sitting(journey, "The seventh", SECOND, **both),
        way=Way.IN_PERSON,
    )  # fmt: skip
    assert scan(ENDED) == 0


def test_who_does_not_want_it_is_not_told(two):
    in_new_york(*two)
    recipients.switch("pat@example.org", Choice.HOURS, False, NOW)
    assert scan(ENDED) == 0


def move(places):
    offering = places[1].offering
    revise(offering, as_it_is(offering, wall=datetime(2027, 3, 16, 11, 0)), ENDED)


def call_off(places):
    cancel(places[1].offering, "", ENDED)


def leave_the_first(places):
    places[0].status = "released"


def leave(places):
    release_place(places[1], ENDED)


@pytest.mark.parametrize("happens", [move, call_off, leave, leave_the_first])
def test_what_is_not_true_any_more_is_not_sent(app, two, time_machine, happens):
    places = in_new_york(*two)
    scan(ENDED)
    message = told()[0]
    happens(places)
    db.commit()
    time_machine.move_to(ENDED + timedelta(hours=2))
    with app.app_context(), pytest.raises(NoLongerNeeded):
        compose(message, SENDER)

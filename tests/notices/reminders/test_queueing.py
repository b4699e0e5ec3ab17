"""Whose moment has come is reminded once; whose has not, or was past, is not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.attendance import Attendance
from app.domain.reminders import Reminder
from app.enrolments import operations as enrolments
from app.jobs import worker
from app.jobs.models import Job
from app.jobs.operations import Claim
from app.learning_sessions import operations as learning_sessions
from app.learning_sessions.sittings import Days, NewOffering
from app.messages import recipients
from app.messages.kinds import Choice, Rank
from app.messages.models import OutboxMessage
from app.notices import reminding_rows
from app.notices.reminders import REMIND, queue_reminders
from app.scheduling.operations import cancel, restore
from app.scheduling.revising import revise
from app.scheduling.telling import tell_all_due
from tests.factories import NOW, make_learning_session, make_offering, make_participant
from tests.people import pat, seat, will
from tests.scheduling.telling import as_it_is

START = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)
WEEK, DAY, HOUR = START - timedelta(days=7), START - timedelta(days=1), START - timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def scan(now, since=None):
    """One round, as a minute after the last."""
    db.commit()
    return queue_reminders(since or now - 3 * MINUTE, now)


def queued():
    """(address, reminder, promised instant) of everything that was queued, in order."""
    kinds = OutboxMessage.kind.in_(("reminder", "reminder-soon"))
    found = db.scalars(select(OutboxMessage).where(kinds).order_by(OutboxMessage.id))
    return [(one.to_address, one.payload["what"], one.payload["begins_at"]) for one in found]


def without_account(name, email):
    person = make_participant(name)
    person.email = person.email_folded = email
    return person


def all_three(offering):
    offering.learning_session.journey.reminders = "1-week 1-day 1-hour"
    return offering


def test_each_is_queued_when_its_moment_comes_and_not_before(database):
    offering = all_three(make_offering())
    seat(pat(), offering)
    for moment in (WEEK, DAY, HOUR):
        assert scan(moment - MINUTE) == 0
        assert scan(moment) == 1
        assert scan(moment + MINUTE) == 0
    begins = START.isoformat()
    assert queued() == [("pat@example.org", what, begins) for what in ("1-week", "1-day", "1-hour")]


def test_what_is_written_to_the_outbox(database):
    offering = make_offering()
    place = seat(pat(), offering)
    scan(HOUR)
    message = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "reminder-soon")).one()
    about = f"participant:{place.participant_id}:offering:{offering.id}"
    assert message.unique_key == f"reminder:1-hour:{about}:2027-04-22T12:00:00Z"
    assert message.order_key == about
    assert message.scope == f"journey:{offering.learning_session.journey_id}"
    assert message.due_at == HOUR
    assert message.expires_at == START
    assert message.rank == Rank.NEAR


def test_only_who_has_a_confirmed_place_is_reminded(database):
    offering = make_offering(capacity_online=1)
    seat(pat(), offering)
    seat(will(), offering)
    scan(DAY)
    assert [address for address, *_ in queued()] == ["pat@example.org"]


def test_who_said_that_they_cannot_come_is_not(database):
    offering = make_offering()
    seat(pat(), offering).cannot_come_at = NOW
    assert scan(DAY) == 0


def test_who_has_neither_account_nor_address_is_not(database):
    offering = make_offering()
    enrolments.enrol(offering.learning_session.journey, make_participant("Efua Mensah"), NOW)
    seat(make_participant("Abena Kra"), offering)
    seat(without_account("Yaw Boateng", "yaw@example.org"), offering)
    scan(DAY)
    assert [address for address, *_ in queued()] == ["yaw@example.org"]


@pytest.mark.parametrize(("confirmed_at", "count"), [(DAY - MINUTE, 1), (DAY, 0), (DAY + MINUTE, 0)])
def test_a_moment_that_was_past_when_the_place_was_confirmed_is_past(database, confirmed_at, count):
    place = seat(pat(), make_offering())
    place.confirmed_at = confirmed_at
    assert scan(DAY + 2 * MINUTE) == count


@pytest.mark.parametrize(
    ("late", "count"),
    [(timedelta(hours=5), 1), (timedelta(hours=22), 1), (timedelta(hours=23), 0)],
)
def test_a_worker_that_was_down_sends_it_while_it_is_of_use(database, late, count):
    offering = make_offering()
    offering.learning_session.journey.reminders = "1-day"
    seat(pat(), offering)
    assert scan(DAY + late, since=NOW) == count


def test_of_two_that_were_missed_the_nearer_is_sent(database):
    seat(pat(), all_three(make_offering()))
    scan(HOUR + MINUTE, since=NOW)
    assert [what for _, what, _ in queued()] == ["1-hour"]


def test_it_moves_along_with_the_sitting(database):
    offering = make_offering()
    seat(pat(), offering)
    scan(DAY)
    later = datetime(2027, 4, 24, 13, 0)  # noqa: DTZ001
    move(offering, later, DAY + MINUTE)
    assert scan(HOUR) == 0
    scan(DAY + timedelta(days=2))
    assert [(what, begins[:16]) for _, what, begins in queued()] == [
        ("1-day", "2027-04-22T12:00"),
        ("1-day", "2027-04-24T12:00"),
    ]


@pytest.mark.parametrize("way", ["moved", "cancelled"])
@pytest.mark.parametrize("moment", [WEEK, DAY])
def test_what_is_taken_back_before_it_was_told_costs_nobody_a_reminder(database, way, moment):
    """While the moment passed the sitting stood elsewhere, or was cancelled; nobody was told of that."""
    offering = all_three(make_offering())
    seat(pat(), offering)
    if way == "moved":
        revise(offering, as_it_is(offering, wall=datetime(2027, 4, 24, 13, 0)), moment - 5 * MINUTE)
    else:
        cancel(offering, "", moment - 5 * MINUTE)
    assert scan(moment) == 0
    if way == "moved":
        revise(offering, as_it_is(offering, wall=datetime(2027, 4, 22, 13, 0)), moment + 4 * MINUTE)
    else:
        restore(offering, moment + 4 * MINUTE)
    assert scan(moment + 5 * MINUTE) == 0
    db.commit()
    tell_all_due(Claim(0, "", {}, 1), moment + 14 * MINUTE)
    assert scan(moment + 15 * MINUTE) == 1
    assert scan(moment + 16 * MINUTE) == 0
    assert [begins for _, _, begins in queued()] == [START.isoformat()]


def test_a_moment_that_was_past_when_it_was_moved_is_told_by_the_letter_about_that(database):
    offering = make_offering()
    seat(pat(), offering)
    move(offering, datetime(2027, 4, 21, 20, 0), START - timedelta(days=1, hours=12))  # noqa: DTZ001
    assert scan(START - timedelta(days=1, hours=11), since=NOW) == 0
    assert [what for _, what, _ in queued()] == []
    assert scan(datetime(2027, 4, 21, 18, 0, tzinfo=UTC)) == 1


def test_a_cancelled_sitting_is_silent_and_a_restored_one_speaks_again(database):
    offering = make_offering()
    seat(pat(), offering)
    cancel(offering, "No speaker.", DAY - timedelta(hours=1))
    assert scan(DAY) == 0
    restore(offering, DAY + timedelta(hours=1))
    assert scan(DAY + timedelta(hours=2), since=NOW) == 0
    assert scan(HOUR) == 1


def test_closed_journeys_remind_of_nothing(database):
    offering = make_offering()
    seat(pat(), offering)
    offering.learning_session.journey.status = "closed"
    assert scan(DAY) == 0


@pytest.mark.parametrize(
    ("own", "muted", "whats"),
    [
        (None, False, ["1-day", "1-hour"]),
        ("", False, []),
        ("1-week", False, ["1-week"]),
        (None, True, []),
    ],
)
def test_each_person_chooses(database, own, muted, whats):
    seat(pat(), make_offering())
    recipients.of_address("pat@example.org", NOW).reminders = own
    recipients.switch("pat@example.org", Choice.REMINDERS, not muted, NOW)
    for moment in (WEEK, DAY, HOUR):
        scan(moment)
    assert [what for _, what, _ in queued()] == whats


def test_days_without_hours_have_their_morning(database):
    """The week and the day before, from nine in the morning where it is held: 03:15 UTC in Kathmandu."""
    days = Days(date(2027, 5, 11), date(2027, 5, 12), "Asia/Kathmandu")
    offering = all_three(
        learning_sessions.add_offering(
            make_learning_session(), NewOffering(when=days, attendance=Attendance.ONLINE), NOW
        )
    )
    seat(pat(), offering)
    morning = datetime(2027, 5, 11, 3, 15, tzinfo=UTC)
    counts = [scan(morning - timedelta(days=7)), scan(morning - timedelta(days=1)), scan(morning)]
    assert counts == [1, 1, 0]
    assert scan(morning - timedelta(days=1) - MINUTE, since=NOW) == 0
    assert scan(morning - timedelta(hours=1)) == 0
    assert [what for _, what, _ in queued()] == ["1-week", "1-day"]


def test_a_sitting_of_many_is_read_in_parts_and_small_ones_together(database, monkeypatch, query_counter):
    monkeypatch.setattr(reminding_rows, "CHUNK", 4)
    one = make_offering()
    for number in range(9):
        seat(without_account(f"Nine {number}", f"nine{number}@example.org"), one)
    journey = one.learning_session.journey
    for number in range(3):
        another = make_offering(make_learning_session(journey, f"Number {number}"))
        seat(without_account(f"Three {number}", f"three{number}@example.org"), another)
    db.commit()
    sittings = reminding_rows.reminded_of(Reminder.DAY, DAY - MINUTE, DAY)
    parts = [[one.address for one in part] for part in reminding_rows.chunks(sittings)]
    assert sorted(len(part) for part in parts) == [1, 3, 4, 4]
    assert len({address for part in parts for address in part}) == 12
    assert scan(DAY) == 12
    with query_counter() as counted:
        assert scan(DAY + MINUTE) == 0
    assert counted.count < 20


def test_the_worker_looks_at_what_came_since_its_last_round(database):
    """Down from before the moment until five hours after: nothing is missed, nothing comes twice."""
    seat(pat(), make_offering())
    db.commit()
    for moment in (DAY - timedelta(hours=3), DAY + timedelta(hours=5), DAY + timedelta(hours=6)):
        worker.add_periodic(moment, {})
        while worker.run_one(lambda moment=moment: moment):
            pass
    assert [what for _, what, _ in queued()] == ["1-day"]
    assert db.scalars(select(Job.state).where(Job.kind == REMIND)).all() == ["done"] * 3


def move(offering, wall, now):
    assert revise(offering, as_it_is(offering, wall=wall), now)

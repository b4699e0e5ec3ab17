"""When people are told of changes: together, after a pause, at once where it is near."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.database import db
from app.domain.attendance import Attendance
from app.jobs.models import Job
from app.journeys.models import JourneyStatus
from app.learning_sessions.sittings import Days
from app.scheduling import operations, venues, zones
from app.scheduling.announcing import TELL, tell_now
from app.scheduling.drafting import VenueFacts
from app.scheduling.models import Announcement, AnnouncementState
from app.scheduling.restating import restate
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_venue
from tests.scheduling.telling import as_it_is, changes_of, derived_under_other_rules

NEXT = datetime(2027, 4, 22, 15, 0)
MINUTE = timedelta(minutes=1)


def announcements(offering):
    query = select(Announcement).where(Announcement.offering_id == offering.id).order_by(Announcement.id)
    return db.scalars(query).all()


def move(offering, now, hour=15, **day):
    return operations.revise(offering, as_it_is(offering, wall=NEXT.replace(hour=hour, **day)), now)


def test_a_change_waits_for_ten_minutes(database):
    offering = make_offering()
    change = move(offering, NOW)

    (one,) = announcements(offering)

    assert (one.state, one.began_at, one.due_at) == (AnnouncementState.WAITING, NOW, NOW + 10 * MINUTE)
    assert (one.first_change_id, one.last_change_id) == (change.id, change.id)
    jobs = db.scalars(select(Job).where(Job.kind == TELL)).all()
    assert [(job.payload, job.run_at) for job in jobs] == [({"announcement_id": one.id}, one.due_at)]


def test_later_changes_join_it_and_put_it_off_for_thirty_minutes_at_most(database):
    offering = make_offering()
    first = move(offering, NOW)
    due = []
    for minutes, hour in ((5, 16), (14, 17), (23, 18)):
        last = move(offering, NOW + minutes * MINUTE, hour)
        (one,) = announcements(offering)
        due.append(one.due_at - NOW)

    assert due == [15 * MINUTE, 24 * MINUTE, 30 * MINUTE]
    assert (one.first_change_id, one.last_change_id) == (first.id, last.id)


@pytest.mark.parametrize(
    ("begins", "moved_to", "waits"),
    [
        (datetime(2027, 3, 2, 8, 59), datetime(2027, 3, 20, 9, 0), 0),
        (datetime(2027, 3, 2, 9, 1), datetime(2027, 3, 20, 9, 0), 10),
        (datetime(2027, 3, 20, 9, 0), datetime(2027, 3, 2, 9, 0), 0),
        (datetime(2027, 3, 20, 9, 0), datetime(2027, 3, 2, 9, 1), 10),
    ],
)
def test_what_begins_or_was_to_begin_within_a_day_is_told_at_once(database, begins, moved_to, waits):
    offering = make_offering(wall=begins, timezone="UTC")

    operations.revise(offering, as_it_is(offering, wall=moved_to), NOW)

    assert [one.due_at for one in announcements(offering)] == [NOW + waits * MINUTE]


def test_what_was_near_stays_urgent_when_it_moves_on(database):
    offering = make_offering(wall=datetime(2027, 3, 1, 20, 0), timezone="UTC")
    operations.revise(offering, as_it_is(offering, wall=NEXT), NOW)

    move(offering, NOW + MINUTE, 18)

    assert [one.due_at for one in announcements(offering)] == [NOW + MINUTE]


def test_every_kind_of_change_is_announced(database):
    offering = make_offering()

    operations.cancel(offering, "The speaker is ill.", NOW)
    operations.restore(offering, NOW + MINUTE)

    (one,) = announcements(offering)
    kinds = [change.id for change in changes_of(offering)]
    assert (one.first_change_id, one.last_change_id) == (kinds[0], kinds[1])


def test_another_reason_tells_nobody_anything_new(database):
    offering = make_offering()
    operations.cancel(offering, "The speaker is ill.", NOW)
    (one,) = announcements(offering)

    restate(offering, "The room is flooded.", NOW + 5 * MINUTE)

    assert [(each.id, each.due_at) for each in announcements(offering)] == [(one.id, NOW + 10 * MINUTE)]


@pytest.mark.parametrize("status", [JourneyStatus.DRAFT, JourneyStatus.CLOSED])
def test_nothing_is_announced_of_a_draft_or_a_closed_journey(database, status):
    offering = make_offering(make_learning_session(make_journey(status=JourneyStatus.DRAFT)))
    if status is JourneyStatus.CLOSED:
        offering.learning_session.journey.status = status

    move(offering, NOW)

    assert announcements(offering) == []


def test_nothing_is_announced_of_what_is_over(database):
    offering = make_offering(wall=datetime(2027, 2, 1, 9, 0))

    operations.cancel(offering, "It never took place.", NOW)

    assert announcements(offering) == []


def test_a_demonstration_that_gets_other_dates_tells_nobody(database):
    offering = make_offering()

    operations.redate(offering, as_it_is(offering, wall=NEXT).when, NOW, "Moved on.")

    assert announcements(offering) == []


def test_new_clock_rules_join_what_waits_and_begin_one_for_each_other_sitting(database):
    moved, other, same = make_offering(), make_offering(), make_offering()
    first = move(moved, NOW)
    for one in (moved, other):
        an_hour = timedelta(hours=1)
        derived_under_other_rules(
            one, starts_at=one.starts_at + an_hour, ends_at=one.ends_at + an_hour, zone_data_version="2026a"
        )

    zones.apply(NOW + 5 * MINUTE)

    (joined,) = announcements(moved)
    assert (joined.first_change_id, joined.last_change_id) == (first.id, changes_of(moved)[-1].id)
    assert [one.due_at for one in announcements(moved)] == [NOW + 15 * MINUTE]
    assert [one.due_at for one in announcements(other)] == [NOW + 15 * MINUTE]
    assert announcements(same) == []


def test_a_venue_that_is_corrected_is_announced_for_each_of_its_sittings(database):
    venue = make_venue()
    ours = [make_offering(attendance=Attendance.IN_PERSON, venue=venue) for _ in range(2)]

    facts = VenueFacts(venue.id, "Library", venue.timezone, "12 Ridge Road", "Accra", "GH")
    venues.correct(venues.in_use(venue.id, NOW), facts, NOW)

    assert [len(announcements(one)) for one in ours] == [1, 1]


def test_whole_days_are_near_from_their_first_midnight(database):
    far_day, near_day = (NOW.date() + timedelta(days=days) for days in (2, 1))
    offering = make_offering(when=Days(far_day, far_day, "UTC"))
    near = make_offering(when=Days(near_day, near_day, "Asia/Manila"))

    for one in (offering, near):
        operations.cancel(one, "It is called off.", NOW)

    assert [one.due_at for one in announcements(offering)] == [NOW + 10 * MINUTE]
    assert [one.due_at for one in announcements(near)] == [NOW]


def test_it_is_told_now_when_an_organiser_says_so(database):
    offering = make_offering()
    move(offering, NOW)

    assert tell_now(offering, NOW + MINUTE) is True

    (one,) = announcements(offering)
    assert one.due_at == NOW + MINUTE
    assert db.scalar(select(func.count(Job.id)).where(Job.kind == TELL, Job.run_at == NOW + MINUTE)) == 1
    assert tell_now(offering, NOW + 2 * MINUTE) is True
    assert one.due_at == NOW + MINUTE


def test_what_is_being_told_takes_no_more_changes(database):
    offering = make_offering()
    first = move(offering, NOW)
    announcements(offering)[0].state = AnnouncementState.TELLING
    db.flush()

    assert tell_now(offering, NOW) is False
    second = move(offering, NOW + MINUTE, 16)

    found = [(one.state, one.first_change_id, one.last_change_id) for one in announcements(offering)]
    assert found == [
        (AnnouncementState.TELLING, first.id, first.id),
        (AnnouncementState.WAITING, second.id, second.id),
    ]

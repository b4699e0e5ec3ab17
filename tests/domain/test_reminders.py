"""When somebody is reminded, until when it is of use, and how far away it is."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.errors import DomainError
from app.domain.reminders import Reminder, begins_at, distance, parsed, wanted, written

START = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)


def test_two_are_never_due_at_once():
    """Each is useless from the moment of the next nearer one; the last from the start."""
    nearer = [*list(Reminder)[1:], None]
    for one, following in zip(Reminder, nearer, strict=True):
        assert one.useless_from(START) == (following.moment(START) if following else START)
        assert one.moment(START) < one.useless_from(START)


def test_they_are_kept_the_longest_before_first():
    assert written(["1-hour", "1-week"]) == "1-week 1-hour"
    assert written([]) == ""
    assert parsed("1-week 1-hour") == {Reminder.WEEK, Reminder.HOUR}
    with pytest.raises(DomainError):
        written(["2-weeks"])


@pytest.mark.parametrize(
    ("own", "got"),
    [
        (None, {Reminder.DAY, Reminder.HOUR}),
        ("", set()),
        ("1-week", {Reminder.WEEK}),
    ],
)
def test_ones_own_choice_counts_before_what_is_usual(own, got):
    assert wanted(own, "1-day 1-hour") == got


@pytest.mark.parametrize(
    ("zone", "begins"),
    [
        ("Europe/London", datetime(2027, 5, 11, 8, 0, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2027, 5, 11, 3, 15, tzinfo=UTC)),
        ("Nowhere/Lost", datetime(2027, 5, 11, 9, 0, tzinfo=UTC)),
    ],
)
def test_days_without_hours_begin_in_the_morning_where_it_is_held(zone, begins):
    assert begins_at(None, date(2027, 5, 11), zone) == begins
    assert begins_at(START, None, zone) == START


@pytest.mark.parametrize(
    ("now", "zone", "days", "minutes", "hours"),
    [
        (START - timedelta(days=1), "Africa/Accra", 1, 1440, 24),
        (START - timedelta(days=7), "Africa/Accra", 7, 10080, 168),
        (START - timedelta(hours=1), "Africa/Accra", 0, 60, 1),
        (START - timedelta(minutes=55), "Africa/Accra", 0, 55, 1),
        # 18:00 there; the evening before is yesterday, midnight is today
        (START - timedelta(hours=18, minutes=1), "Asia/Dhaka", 1, 1081, 18),
        (START - timedelta(hours=18), "Asia/Dhaka", 0, 1080, 18),
        # the same moments are the same day in Bogotá, 07:00
        (START - timedelta(hours=7), "America/Bogota", 0, 420, 7),
        (START - timedelta(hours=7, minutes=1), "America/Bogota", 1, 421, 7),
    ],
)
def test_how_far_away_it_is_is_told_by_the_clock_of_the_reader(now, zone, days, minutes, hours):
    found = distance(now, START, zone)
    assert (found.days, found.minutes, found.hours) == (days, minutes, hours)


def test_a_day_of_25_hours_is_tomorrow_still():
    """London, 31 October 2027: clocks go back; a day before is 24 hours before."""
    then = datetime(2027, 11, 1, 0, 30, tzinfo=UTC)
    assert distance(then - timedelta(days=1), then, "Europe/London").days == 1
    assert distance(then - timedelta(hours=26), then, "Europe/London").days == 2

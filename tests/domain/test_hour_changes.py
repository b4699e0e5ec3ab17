"""When somebody's hour is another the next time although the sitting's own stands, and when it is told."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.hour_changes import Held, hour_change, time_to_tell
from app.domain.reminders import Reminder
from app.domain.timezones import wall_of

ALL = frozenset(Reminder)


def held(wall, zone="Europe/London", minutes=90):
    at = datetime.fromisoformat(wall)
    starts_at = wall_of(at, zone)
    return Held(at, zone, starts_at, starts_at + timedelta(minutes=minutes))


SIXTH, SEVENTH = held("2016-03-10T10:00"), held("2016-03-16T10:00")
"""Of K4D: clocks in New York changed on 13 March, in London on 27 March."""


@pytest.mark.parametrize(
    ("earlier", "later", "zone", "told"),
    [
        (SIXTH, SEVENTH, "America/New_York", ("05:00", "06:00")),
        (SIXTH, SEVENTH, "Africa/Accra", None),
        (SIXTH, SEVENTH, "Europe/London", None),
        (SIXTH, SEVENTH, "Asia/Kathmandu", None),
        (SIXTH, held("2016-04-01T10:00"), "America/New_York", None),  # both have changed by then
        (SIXTH, held("2016-04-01T10:00"), "Africa/Accra", ("10:00", "09:00")),
        (SIXTH, held("2016-04-01T10:00"), "Europe/Berlin", None),  # they change together
        (SIXTH, held("2016-03-16T11:00"), "America/New_York", None),  # promised for another hour
        (SIXTH, held("2016-03-16T10:00", "Africa/Accra"), "America/New_York", None),  # and in another zone
        (SEVENTH, SIXTH, "America/New_York", ("06:00", "05:00")),
    ],
)
def test_what_changes_on_a_clock(earlier, later, zone, told):
    found = hour_change(earlier, later, zone)
    assert (found and (f"{found.before:%H:%M}", f"{found.after:%H:%M}")) == told


def test_whose_clocks_are_the_reason():
    new_york = hour_change(SIXTH, SEVENTH, "America/New_York")
    accra = hour_change(SIXTH, held("2016-04-01T10:00"), "Africa/Accra")
    sydney = hour_change(held("2027-03-03T10:00"), held("2027-04-07T10:00"), "Australia/Sydney")
    found = [(one.reader_changed, one.own_changed) for one in (new_york, accra, sydney) if one]
    assert found == [(True, False), (False, True), (True, True)]


def test_a_weekday_that_moves_is_seen():
    before, after = held("2027-03-24T23:30"), held("2027-03-31T23:30")
    there = hour_change(before, after, "Africa/Accra")
    assert there is not None
    assert not there.moves_day
    late = hour_change(held("2027-03-24T00:30"), held("2027-03-31T00:30"), "Africa/Accra")
    assert late is not None
    assert late.moves_day


@pytest.mark.parametrize(
    ("days_apart", "reminders", "begins", "ends"),
    [
        # from the end of the earlier, when that is less than a week before
        (6, ALL, timedelta(minutes=90), timedelta(days=5)),
        (6, frozenset(), timedelta(minutes=90), timedelta(days=5, hours=23)),
        (6, {Reminder.HOUR}, timedelta(minutes=90), timedelta(days=5, hours=23)),
        # from a week before, when it has ended before that; the reminder of then tells it
        (14, frozenset({Reminder.DAY}), timedelta(days=7), timedelta(days=13)),
        (14, ALL, None, None),
        # within a day of one another the reminder tells it, where there is one
        (1, ALL, None, None),
        (1, frozenset(), timedelta(minutes=90), timedelta(hours=23)),
    ],
)
def test_when_it_is_told(days_apart, reminders, begins, ends):
    first = datetime(2027, 3, 10, 10, 0, tzinfo=UTC)
    earlier = held("2027-03-10T10:00")
    later = held((datetime(2027, 3, 10, 10, 0) + timedelta(days=days_apart)).isoformat())  # noqa: DTZ001
    expected = None if begins is None else (first + begins, first + ends)
    assert time_to_tell(earlier, later, reminders) == expected

"""What a change of a sitting is to somebody, and what it does to their clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.day_hours import AWAKE, DAY_OFF, NIGHT, WORK, Hours
from app.domain.difference import Difference, Shape, Stand, What, difference, falls, what_changed
from app.domain.timezones import Promise, Span, derive

LONDON = "Europe/London"


def at(day, hour, minute=0, length=90, zone=LONDON, **facts):
    """Promised in London on a day of April 2027 unless told otherwise."""
    month = facts.pop("month", 4)
    wall = datetime(2027, month, day, hour, minute)
    span = derive(Promise(wall, zone, 0, length))
    return Stand(zone, wall, span.starts_at, span.ends_at, **({"place": "online"} | facts))


def days(first, last=None, zone=LONDON, **facts):
    return Stand(zone, first_on=date(2027, 4, first), last_on=date(2027, 4, last or first), **facts)


ONE = at(22, 13)
OFF = at(22, 13, is_cancelled=True)
HERE, THERE = (at(22, 13, place=f"in person, {venue}, Accra") for venue in ("Training centre", "Library"))
NIGHT_OF_TWO = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
"""When clocks in London show 01:30 for the first of two times."""


def of_two(fold, minutes=90, zone=LONDON):
    """At 01:30 of the night in which that hour comes twice: the first or the second of them."""
    starts_at = NIGHT_OF_TWO + timedelta(hours=fold)
    ends_at = starts_at + timedelta(minutes=minutes)
    return Stand(zone, datetime(2027, 10, 31, 1, 30), starts_at, ends_at, place="online", fold=fold)


FIRST, SECOND = of_two(0), of_two(1)
BY_RULES = Stand(
    LONDON, ONE.starts_wall, ONE.starts_at - timedelta(hours=1), ONE.ends_at - timedelta(hours=1)
)


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (ONE, ONE, None),
        (ONE, at(22, 14), What.MOVED),
        (ONE, at(22, 13, length=60), What.MOVED),
        (ONE, days(22), What.MOVED),
        (days(22), ONE, What.MOVED),
        (days(22), days(23), What.MOVED),
        (days(22), days(22), None),
        (ONE, at(22, 12, zone="Africa/Accra"), What.MOVED),
        (ONE, OFF, What.CANCELLED),
        (OFF, ONE, What.RESTORED),
        (OFF, at(23, 9), What.RESTORED),
        (OFF, at(23, 9, is_cancelled=True), None),
        (at(23, 9), OFF, What.CANCELLED),
        (HERE, THERE, What.RELOCATED),
        (HERE, at(22, 14, place=THERE.place), What.MOVED),
        (ONE, BY_RULES, What.ZONE_RULES),
        (FIRST, SECOND, What.MOVED),
        (SECOND, FIRST, What.MOVED),
        (ONE, replace(BY_RULES, fold=1), What.ZONE_RULES),
    ],
)
def test_what_became_of_a_sitting(before, after, what):
    assert what_changed(before, after) == what


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("online and in person, Training centre, Accra", "online and in person, Library, Accra", None),
        ("online", "online and in person, Library, Accra", None),
    ],
)
def test_who_takes_part_online_does_not_mind_where_others_meet(before, after, what):
    assert what_changed(at(22, 13, place=before), at(22, 13, place=after), minds_venue=False) == what


@pytest.mark.parametrize(
    ("before", "after", "zone", "shape", "same_weekday"),
    [
        (ONE, at(22, 15), "Africa/Accra", Shape.HOUR, True),
        (FIRST, SECOND, "Africa/Accra", Shape.HOUR, True),
        (FIRST, SECOND, LONDON, Shape.TWICE, True),
        (SECOND, of_two(1, zone="Africa/Accra"), LONDON, Shape.SAME, True),
        (FIRST, of_two(0, 150), LONDON, Shape.LENGTH, True),
        (ONE, at(29, 13), "Africa/Accra", Shape.DAY, True),
        (ONE, at(23, 13), "Africa/Accra", Shape.DAY, False),
        (ONE, at(23, 15), "Africa/Accra", Shape.DAY_AND_HOUR, False),
        (ONE, at(22, 20), "Asia/Kathmandu", Shape.DAY_AND_HOUR, False),  # past midnight there
        (at(22, 2), at(22, 3), "America/Bogota", Shape.HOUR, True),
        (at(22, 3), at(22, 6), "America/Bogota", Shape.DAY_AND_HOUR, False),  # across midnight there
        (ONE, at(22, 13, length=120), "Asia/Dhaka", Shape.LENGTH, True),
        (ONE, at(22, 12, zone="Africa/Accra"), "Asia/Dhaka", Shape.SAME, True),
        (at(22, 13, month=3), at(29, 13, month=3), "Africa/Accra", Shape.DAY_AND_HOUR, True),  # clocks change
        (at(22, 13, month=3), at(29, 13, month=3), LONDON, Shape.DAY, True),
        (at(22, 13, month=3), at(29, 14, month=3), "Asia/Kathmandu", Shape.DAY, True),
        (days(22), ONE, "Asia/Dhaka", Shape.HOURS_KNOWN, False),
        (ONE, days(22), "Asia/Dhaka", Shape.HOURS_OPEN, False),
        (days(22), days(22, 23), "Asia/Dhaka", Shape.DAYS, False),
        (days(22), days(22, zone="Asia/Dhaka"), "Asia/Dhaka", Shape.SAME, False),
    ],
)
def test_what_it_does_to_the_clock_of_its_reader(before, after, zone, shape, same_weekday):
    found = difference(before, after, zone)
    assert (found.shape, found.same_weekday) == (shape, same_weekday)


def test_the_times_are_those_of_the_readers_clock():
    found = difference(ONE, at(22, 20, length=150), "Asia/Kathmandu")

    told = [[f"{one:%a %H:%M}" for one in side] for side in (found.before, found.now)]
    assert told == [["Thu 17:45", "Thu 19:15"], ["Fri 00:45", "Fri 03:15"]]
    assert (found.minutes_before, found.minutes, found.other_length) == (90, 150, True)


def test_another_length_alone_is_no_second_thing_to_say():
    assert difference(ONE, at(22, 13, length=60), LONDON).other_length is False
    assert difference(ONE, days(22), LONDON).other_length is False
    assert isinstance(difference(ONE, at(22, 14), LONDON), Difference)


@pytest.mark.parametrize(
    ("begins", "minutes", "hours", "states"),
    [
        (datetime(2027, 4, 22, 10, tzinfo=UTC), 60, Hours(), {WORK}),
        (datetime(2027, 4, 22, 16, 30, tzinfo=UTC), 60, Hours(), {WORK, AWAKE}),
        (datetime(2027, 4, 22, 21, 30, tzinfo=UTC), 60, Hours(), {AWAKE, NIGHT}),
        (datetime(2027, 4, 24, 10, tzinfo=UTC), 60, Hours(), {DAY_OFF}),
        (datetime(2027, 4, 23, 10, tzinfo=UTC), 60, Hours(days_off=frozenset({"fri"})), {DAY_OFF}),
    ],
)
def test_what_of_a_day_a_session_takes(begins, minutes, hours, states):
    assert falls(Span(begins, begins + timedelta(minutes=minutes)), "Africa/Accra", hours) == states

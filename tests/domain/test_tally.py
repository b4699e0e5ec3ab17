from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.day_hours import Hours
from app.domain.tally import Group, Tally, dates_touched, heaviest, tally
from app.domain.timezones import Span, local, use_packaged_zone_data
from app.domain.zone_names import zones_with_countries
from tests.domain.sittings import span_in

use_packaged_zone_data()

NEW_YEAR = frozenset({date(2027, 4, 14)})
HOLIDAY = Hours(holidays=NEW_YEAR)
USUAL = Hours()
DESIGN = [
    Group("Europe/London", 5, USUAL),
    Group("America/Bogota", 4, USUAL),
    Group("America/New_York", 3, USUAL),
    Group("Africa/Accra", 9, USUAL),
    Group("Africa/Nairobi", 7, USUAL),
    Group("Asia/Kathmandu", 2, HOLIDAY),
    Group("Asia/Dhaka", 6, HOLIDAY),
    Group("Asia/Manila", 3, USUAL),
    Group("Pacific/Efate", 1, USUAL),
]


def test_the_forty_people_of_the_exchange():
    """The design's page: New York is awake and then at work, so it counts as awake."""
    span = span_in("Europe/London", "2027-04-14T13:00", 90)
    found = tally(span, DESIGN)
    assert found == Tally(at_work=21, awake=10, day_off=8, asleep=1)
    assert found.people == 40


@pytest.mark.parametrize(
    ("wall", "minutes", "state"),
    [
        ("2027-04-14T09:00", 480, "w"),
        ("2027-04-14T08:59", 480, "a"),
        ("2027-04-14T09:00", 481, "a"),
        ("2027-04-14T21:00", 60, "a"),
        ("2027-04-14T21:00", 61, "n"),
        ("2027-04-14T06:59", 30, "n"),
        ("2027-04-17T12:00", 60, "o"),
        ("2027-04-17T06:30", 60, "n"),
        ("2027-04-16T22:00", 600, "n"),
    ],
)
def test_the_heaviest_state_counts(wall, minutes, state):
    assert heaviest(span_in("Europe/London", wall, minutes), "Europe/London", USUAL) == state


def test_nobody_is_counted_where_nobody_is():
    assert tally(span_in("Europe/London", "2027-04-14T13:00", 90), []) == Tally()


def test_an_end_at_midnight_does_not_touch_the_next_day():
    span = span_in("Europe/London", "2027-04-14T22:30", 90)
    assert dates_touched(span, "Europe/London") == (date(2027, 4, 14),)
    assert dates_touched(span, "Asia/Dhaka") == (date(2027, 4, 15),)
    assert dates_touched(span, "Europe/Berlin") == (date(2027, 4, 14), date(2027, 4, 15))


def test_a_day_that_a_country_skipped_is_not_touched():
    span = Span(datetime(2011, 12, 30, 9, 0, tzinfo=UTC), datetime(2011, 12, 30, 11, 0, tzinfo=UTC))
    assert dates_touched(span, "Pacific/Apia") == (date(2011, 12, 29), date(2011, 12, 31))


minutes_of_day = st.integers(0, 1440)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@st.composite
def hours(draw):
    """Any working day inside or outside the waking hours, any days off, a holiday or two."""
    works_from, works_until = sorted(draw(st.sets(minutes_of_day, min_size=2, max_size=2)))
    wakes_from, wakes_until = sorted(draw(st.sets(minutes_of_day, min_size=2, max_size=2)))
    off = draw(st.frozensets(st.sampled_from(WEEKDAYS), max_size=3))
    days = st.dates(date(2027, 3, 26), date(2027, 4, 3))
    return Hours(works_from, works_until, wakes_from, wakes_until, off, draw(st.frozensets(days, max_size=2)))


ODD_ZONES = ("Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "America/St_Johns")
zones = st.sampled_from(ODD_ZONES) | st.sampled_from(sorted(zones_with_countries()))
around_the_change = st.integers(0, 12 * 1440).map(
    lambda minute: datetime(2027, 3, 26, tzinfo=UTC) + timedelta(minutes=minute)
)
"""Clocks change in Europe on 28 March 2027, in the south of the world a week later."""

groups = st.builds(Group, zones, st.integers(1, 50), hours())


def minute_by_minute(span: Span, group: Group) -> str:
    """The slow way: look at the wall clock at every minute, and keep the heaviest."""
    keeps = group.hours
    found = set()
    for minute in range(span.minutes):
        there = local(span.starts_at + timedelta(minutes=minute), group.zone)
        at = there.hour * 60 + there.minute
        works = keeps.works_from <= at < keeps.works_until
        wakes = min(keeps.wakes_from, keeps.works_from) <= at < max(keeps.wakes_until, keeps.works_until)
        off = WEEKDAYS[there.weekday()] in keeps.days_off or there.date() in keeps.holidays
        found.add("n" if not wakes else "o" if off else "w" if works else "a")
    return next(state for state in "noaw" if state in found)


@settings(max_examples=150, deadline=None)
@given(around_the_change, st.integers(5, 1440), st.lists(groups, max_size=4))
def test_it_agrees_with_counting_minute_by_minute(starts_at, minutes, people):
    span = Span(starts_at, starts_at + timedelta(minutes=minutes))
    counted = Counter()
    for group in people:
        counted[minute_by_minute(span, group)] += group.people
    assert tally(span, people) == Tally(counted["w"], counted["a"], counted["o"], counted["n"])


@settings(max_examples=60, deadline=None)
@given(around_the_change, st.integers(5, 1440), zones)
def test_the_dates_are_those_on_the_wall(starts_at, minutes, zone):
    span = Span(starts_at, starts_at + timedelta(minutes=minutes))
    on_the_wall = [local(starts_at + timedelta(minutes=one), zone).date() for one in range(minutes)]
    assert list(dates_touched(span, zone)) == list(dict.fromkeys(on_the_wall))

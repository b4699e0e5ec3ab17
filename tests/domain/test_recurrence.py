"""A series: its dates from a pattern, stepped in wall time."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import timezones as tz
from app.domain.dated_lines import DatedLine
from app.domain.errors import DomainError
from app.domain.recurrence import (
    MOST,
    EveryWeeks,
    Limit,
    Monthly,
    Nth,
    days_of,
    listed_occurrences,
    occurrence,
    occurrences,
)
from app.domain.timezones import Promise, TimeDoesNotExist, TimeHappensTwice, derive, local
from app.domain.zone_names import zones_with_countries

tz.use_packaged_zone_data()

LONDON = "Europe/London"
zones = st.sampled_from(sorted(zones_with_countries()))
first_days = st.dates(date(1990, 1, 1), date(2036, 12, 31))


def test_every_two_weeks_from_the_first():
    days = days_of(EveryWeeks(2), date(2027, 3, 4), Limit(count=3))
    assert days == [date(2027, 3, 4), date(2027, 3, 18), date(2027, 4, 1)]


def test_until_a_day_takes_that_day_too():
    days = days_of(EveryWeeks(1), date(2027, 3, 4), Limit(until=date(2027, 3, 18)))
    assert days == [date(2027, 3, 4), date(2027, 3, 11), date(2027, 3, 18)]


@pytest.mark.parametrize(
    ("pattern", "first", "days"),
    [
        (Monthly(Nth.SECOND, 1), date(2027, 1, 1), ["2027-01-12", "2027-02-09", "2027-03-09"]),
        (Monthly(Nth.SECOND, 1), date(2027, 1, 12), ["2027-01-12", "2027-02-09", "2027-03-09"]),
        (Monthly(Nth.SECOND, 1), date(2027, 1, 13), ["2027-02-09", "2027-03-09", "2027-04-13"]),
        (Monthly(Nth.LAST, 4), date(2027, 1, 1), ["2027-01-29", "2027-02-26", "2027-03-26"]),
        (Monthly(Nth.LAST, 3), date(2027, 12, 1), ["2027-12-30", "2028-01-27", "2028-02-24"]),
        (Monthly(Nth.FIRST, 0, months=2), date(2027, 11, 30), ["2027-12-06", "2028-02-07", "2028-04-03"]),
        (Monthly(Nth.FOURTH, 6), date(2028, 2, 1), ["2028-02-27", "2028-03-26", "2028-04-23"]),
    ],
)
def test_monthly_by_weekday(pattern, first, days):
    assert [one.isoformat() for one in days_of(pattern, first, Limit(count=3))] == days


def test_a_monthly_pattern_says_itself_in_words():
    assert Monthly(Nth.SECOND, 1).in_words == "second Tuesday"
    assert Monthly(Nth.LAST, 4).in_words == "last Friday"


@given(first_days, st.sampled_from(Nth), st.integers(0, 6), st.integers(1, 12), st.integers(1, 24))
def test_a_monthly_series_keeps_its_weekday_and_its_place_in_the_month(first, nth, weekday, months, count):
    days = days_of(Monthly(nth, weekday, months), first, Limit(count=count))
    assert len(days) == count
    assert days[0] >= first
    assert {day.weekday() for day in days} == {weekday}
    assert all(
        (later.year - day.year) * 12 + later.month - day.month == months for day, later in pairwise(days)
    )
    if nth is Nth.LAST:
        assert all((day + timedelta(days=7)).month != day.month for day in days)
    else:
        assert {(day.day - 1) // 7 for day in days} == {list(Nth).index(nth)}


@given(zones, first_days, st.times(), st.integers(1, 5), st.integers(1, 12))
def test_the_hour_on_the_wall_is_the_same_on_every_date_in_every_zone(zone, first, at, weeks, count):
    at = at.replace(second=0, microsecond=0)
    found = occurrences(days_of(EveryWeeks(weeks), first, Limit(count=count)), at, zone)
    assert [one.wall for one in found] == [
        datetime.combine(first, at) + timedelta(weeks=weeks * step) for step in range(count)
    ]
    for one in found:
        if one.problem is None:
            starts_at = derive(Promise(one.wall, zone, one.fold, 60)).starts_at
            assert local(starts_at, zone).replace(tzinfo=None) == one.wall
        else:
            assert isinstance(one.problem, TimeDoesNotExist | TimeHappensTwice)


@given(zones, first_days, st.times())
def test_a_date_is_a_problem_exactly_when_the_zone_skips_it_or_shows_it_twice(zone, day, at):
    wall = datetime.combine(day, at.replace(second=0, microsecond=0))
    rules = tz.zone_rules(zone)
    first, second = (wall.replace(tzinfo=rules, fold=fold).utcoffset() for fold in (0, 1))
    assert (occurrence(wall, zone).problem is None) == (first == second)


def test_a_skipped_hour_stays_where_it_was_promised_and_says_so():
    found = occurrences(days_of(EveryWeeks(1), date(2027, 3, 21), Limit(count=3)), time(1, 30), LONDON)
    assert [one.problem is None for one in found] == [True, False, True]
    gap = found[1].problem
    assert found[1].wall == datetime(2027, 3, 28, 1, 30)
    assert isinstance(gap, TimeDoesNotExist)
    assert gap.first_after == datetime(2027, 3, 28, 2, 0)


def test_an_hour_that_comes_twice_is_asked_about_until_it_is_answered():
    asked = occurrence(datetime(2027, 10, 31, 1, 30), LONDON)
    assert isinstance(asked.problem, TimeHappensTwice)
    answered = occurrence(datetime(2027, 10, 31, 1, 30), LONDON, fold=1)
    assert (answered.problem, answered.fold) == (None, 1)


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: EveryWeeks(0), "interval"),
        (lambda: EveryWeeks(53), "interval"),
        (lambda: Monthly(Nth.FIRST, 0, months=0), "interval"),
        (lambda: Monthly(Nth.FIRST, 7), "weekday"),
        (lambda: Limit(), "count"),
        (lambda: Limit(count=3, until=date(2027, 5, 1)), "count"),
        (lambda: Limit(count=0), "count"),
        (lambda: Limit(count=MOST + 1), "count"),
        (lambda: days_of(EveryWeeks(1), date(2027, 3, 4), Limit(until=date(2027, 3, 3))), "until"),
        (lambda: days_of(EveryWeeks(1), date(2027, 3, 4), Limit(until=date(2029, 3, 3))), "until"),
        (lambda: days_of(EveryWeeks(52), date(2099, 3, 4), Limit(count=3)), "count"),
        (lambda: days_of(EveryWeeks(1), date(2100, 12, 30), Limit(until=date(9999, 12, 31))), None),
    ],
)
def test_what_is_no_series_is_refused_at_its_field(make, field):
    if field is None:
        assert make() == [date(2100, 12, 30)]
        return
    with pytest.raises(DomainError) as refused:
        make()
    assert refused.value.field == field


def test_sixty_is_the_most():
    assert len(days_of(EveryWeeks(1), date(2027, 3, 4), Limit(count=MOST))) == 60
    last = date(2027, 3, 4) + timedelta(weeks=59)
    assert len(days_of(EveryWeeks(1), date(2027, 3, 4), Limit(until=last))) == 60


def test_a_list_is_put_in_order_of_time_and_takes_the_hour_from_above():
    lines = [
        DatedLine(1, date(2027, 4, 1), None, "Paying hospitals"),
        DatedLine(2, date(2027, 3, 4), time(14, 30), "What capitation pays for"),
    ]
    found = listed_occurrences(lines, time(10, 0), LONDON)
    assert [(one.wall, one.title) for one in found] == [
        (datetime(2027, 3, 4, 14, 30), "What capitation pays for"),
        (datetime(2027, 4, 1, 10, 0), "Paying hospitals"),
    ]


@pytest.mark.parametrize(
    ("lines", "at", "field", "words"),
    [
        ([DatedLine(3, date(2027, 4, 1))], None, "starts", "Line 3 names no hour"),
        (
            [DatedLine(1, date(2027, 4, 1)), DatedLine(4, date(2027, 4, 1), time(10))],
            time(10), "dates", "Line 4 repeats line 1.",
        ),
        (
            [DatedLine(n, date(2027, 4, 1) + timedelta(days=n)) for n in range(61)],
            time(10), "dates", "this list has 61",
        ),
    ],
)  # fmt: skip
def test_a_list_that_is_no_series_is_refused(lines, at, field, words):
    with pytest.raises(DomainError, match=words) as refused:
        listed_occurrences(lines, at, LONDON)
    assert refused.value.field == field

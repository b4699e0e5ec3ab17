"""Lengths until a wall time, and the same moment promised elsewhere."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import DomainError
from app.domain.timezones import TimeHappensTwice, check_wall, derive, local
from app.domain.wall_spans import minutes_until, promised_at, said_in
from app.domain.zone_names import zones_with_countries

LONDON = "Europe/London"

zones = st.sampled_from(sorted(zones_with_countries()))
instants = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001  # given a zone below
    max_value=datetime(2037, 12, 31),  # noqa: DTZ001  # likewise
    timezones=st.just(UTC),
).map(lambda at: at.replace(second=0, microsecond=0))


def wall(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001  # a wall time


@given(instants, zones)
def test_a_moment_promised_elsewhere_is_the_same_moment(instant, zone):
    promise = promised_at(instant, zone, 90)

    assert derive(promise).starts_at == instant
    assert (promise.timezone, promise.length_minutes) == (zone, 90)


@given(instants, zones, st.integers(min_value=5, max_value=1440))
def test_the_length_until_an_end_is_the_length_it_was_made_with(instant, zone, minutes):
    ends = local(instant + timedelta(minutes=minutes), zone).replace(tzinfo=None, fold=0)
    with suppress(TimeHappensTwice):
        check_wall(ends, zone)
        assert minutes_until(instant, ends, zone) == minutes


@pytest.mark.parametrize(
    ("begins", "ends", "minutes"),
    [
        (datetime(2027, 5, 12, 12, tzinfo=UTC), wall(2027, 5, 12, 12), -60),
        (datetime(2027, 5, 12, 12, tzinfo=UTC), wall(2027, 5, 13, 13), 1440),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), wall(2027, 3, 28, 3, 30), 120),
        (datetime(2027, 10, 30, 23, 30, tzinfo=UTC), wall(2027, 10, 31, 3, 30), 240),
    ],
)
def test_minutes_are_those_that_pass(begins, ends, minutes):
    assert minutes_until(begins, ends, LONDON) == minutes


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [(wall(2027, 3, 28, 1, 30), "There is no 01:30"), (wall(2027, 10, 31, 1, 30), "comes twice")],
)
def test_an_end_that_clocks_skip_or_show_twice_is_refused_at_its_field(ends, sentence):
    with pytest.raises(DomainError, match=sentence) as refused:
        minutes_until(datetime(2027, 3, 28, 0, tzinfo=UTC), ends, LONDON)

    assert refused.value.field == "ends"


def test_a_moment_is_said_with_its_zone_and_its_day_where_that_differs():
    at = datetime(2027, 5, 12, 22, tzinfo=UTC)

    assert said_in(at, LONDON, date(2027, 5, 12)) == "23:00 in London (BST, UTC+1)"
    assert said_in(at, "Africa/Nairobi", date(2027, 5, 12)) == "Thu 13 May, 01:00 in Nairobi (EAT, UTC+3)"

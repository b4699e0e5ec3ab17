"""The ordeal of the time rules: every zone, 1990 to 2037."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from app.domain.timezones import use_packaged_zone_data
from app.domain.zone_names import zones_with_countries
from tests.domain.clocks import FIRST, LAST, MINUTE, SECOND, Change, changes, offset
from tests.domain.test_wall_laws import keeps_the_laws, steps_in_wall_time

use_packaged_zone_data()

DAYS = (LAST - FIRST).days
QUARTER = timedelta(minutes=15)

every_zone = pytest.mark.parametrize("zone", sorted(zones_with_countries()))


@pytest.mark.long
@every_zone
def test_every_clock_change(zone: str) -> None:
    """Before, at, within and after each; to the minute at its edges, every quarter of an hour around it."""
    for change in changes(ZoneInfo(zone)):
        for wall in walls_around(change):
            keeps_the_laws(wall, zone)


def walls_around(change: Change) -> set[datetime]:
    low, high = (edge.replace(second=0) for edge in change.edges)
    edges = {edge + step * MINUTE for edge in (low, high) for step in (-1, 0, 1)}
    quarters = {low + step * QUARTER for step in range(-8, int((high - low) / QUARTER) + 8)}
    return edges | quarters


@pytest.mark.long
@every_zone
def test_every_day(zone: str) -> None:
    """One time on each day of the forty-eight years; another one the next day."""
    for day in range(1, DAYS - 1):
        midnight = FIRST.replace(tzinfo=None) + timedelta(days=day)
        keeps_the_laws(midnight + (day * 97 % 1440) * MINUTE, zone)


@pytest.mark.long
@every_zone
def test_a_weekly_series_through_every_year(zone: str) -> None:
    """At an hour that a change of the year skips or repeats, else at half past two."""
    for year in range(1990, 2038):
        begins = datetime(year, 1, 1, tzinfo=UTC)
        known = list(changes(ZoneInfo(zone), begins, begins.replace(year=year + 1)))
        at = known[0].edges[0].time().replace(second=0) if known else time(2, 30)
        first = known[0].edges[0].date() if known else date(year, 1, 3)
        first -= timedelta(weeks=(first - date(year, 1, 1)).days // 7)
        steps_in_wall_time([first + timedelta(weeks=week) for week in range(52)], at, zone)


@pytest.mark.long
@every_zone
def test_the_judge_misses_no_change(zone: str) -> None:
    """Looking every hour finds no more than looking every quarter of a day."""
    rules, found = ZoneInfo(zone), list(changes(ZoneInfo(zone)))
    for one in found:
        assert offset(one.at - SECOND, rules) == one.before
        assert offset(one.at, rules) == one.after
    assert all(later.at - earlier.at >= timedelta(hours=6) for earlier, later in pairwise(found))
    hours = (FIRST + timedelta(hours=step) for step in range(DAYS * 24 + 1))
    assert sum(a != b for a, b in pairwise(offset(at, rules) for at in hours)) == len(found)

"""The laws of wall times in every zone of the database, 1990 to 2037; in full in test_timezones_long.py."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.recurrence import EveryWeeks, Limit, Monthly, Nth, days_of, occurrences
from app.domain.timezones import (
    Promise,
    Rederived,
    TimeDoesNotExist,
    TimeHappensTwice,
    check_wall,
    derive,
    local,
    rederive,
    use_packaged_zone_data,
)
from app.domain.zone_names import zones_with_countries
from tests.domain.clocks import MINUTE, Change, changes, instants_of

use_packaged_zone_data()

zones = st.sampled_from(sorted(zones_with_countries()))
walls = st.datetimes(datetime(1990, 1, 2), datetime(2037, 12, 30)).map(
    lambda wall: wall.replace(second=0, microsecond=0)
)


@st.composite
def walls_near_changes(draw: st.DrawFn) -> tuple[datetime, str]:
    """A wall within some hours of a clock change: chance alone meets few of them."""
    zone, year = draw(zones), draw(st.integers(1990, 2036))
    known = list(changes(ZoneInfo(zone), *(datetime(one, 1, 1, tzinfo=UTC) for one in (year, year + 1))))
    if not known:
        return draw(walls), zone
    low, high = draw(st.sampled_from(known)).edges
    off = draw(st.integers(-180, int((high - low) / MINUTE) + 180))
    return (low + off * MINUTE).replace(second=0), zone


anywhere = st.one_of(st.tuples(walls, zones), walls_near_changes())


def keeps_the_laws(wall: datetime, zone: str) -> None:
    """Read, refused or asked about: exactly as the zone's own clocks show the wall once, never or twice."""
    instants = instants_of(wall, ZoneInfo(zone))
    assert len(instants) <= 2
    folds = folds_of(wall, zone)
    derived = [derive(Promise(wall, zone, fold, 90)) for fold in folds]
    assert [span.starts_at for span in derived] == instants
    assert [local(instant, zone).replace(tzinfo=None, fold=0) for instant in instants] == [wall] * len(folds)
    for fold, span in zip(folds, derived, strict=True):
        assert rederive(Promise(wall, zone, fold, 90), span) == Rederived(span, fold)


def folds_of(wall: datetime, zone: str) -> list[int]:
    """The folds that may be promised: none in a gap, two where the wall comes twice."""
    try:
        return [check_wall(wall, zone)]
    except TimeDoesNotExist as gap:
        proposes_the_first_after(gap)
        return []
    except TimeHappensTwice as asked:
        offers_both(asked)
        return [0, 1]


def offers_both(asked: TimeHappensTwice) -> None:
    instants = instants_of(asked.wall, ZoneInfo(asked.timezone))
    assert [choice.instant for choice in asked.choices] == instants
    assert [choice.fold for choice in asked.choices] == [0, 1]


def proposes_the_first_after(gap: TimeDoesNotExist) -> None:
    """The time proposed exists, and no whole minute between the two does."""
    zone = ZoneInfo(gap.timezone)
    assert gap.first_after > gap.wall
    assert instants_of(gap.first_after, zone) != []
    assert instants_of(gap.first_after - MINUTE, zone) == []


@settings(deadline=None)
@given(anywhere)
def test_wall_to_utc_to_wall_is_the_identity_gaps_are_refused_and_folds_asked(
    place: tuple[datetime, str],
) -> None:
    keeps_the_laws(*place)


patterns = st.one_of(
    st.builds(EveryWeeks, st.integers(1, 8)),
    st.builds(Monthly, st.sampled_from(Nth), st.integers(0, 6), st.integers(1, 4)),
)


clock_times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@settings(deadline=None)
@given(zones, st.dates(date(1990, 1, 1), date(2035, 1, 1)), clock_times, patterns, st.integers(1, 60))
def test_a_series_steps_in_wall_time_everywhere(
    zone: str, first: date, at: time, pattern: EveryWeeks | Monthly, count: int
) -> None:
    steps_in_wall_time(days_of(pattern, first, Limit(count)), at, zone)


def steps_in_wall_time(days: list[date], at: time, zone: str) -> None:
    """Every sitting at the same hour on the wall; a problem exactly where the clocks make one."""
    found = occurrences(days, at, zone)
    assert [one.wall for one in found] == [datetime.combine(day, at) for day in days]
    for one in found:
        instants = instants_of(one.wall, ZoneInfo(zone))
        problems = {0: TimeDoesNotExist, 1: type(None), 2: TimeHappensTwice}
        assert type(one.problem) is problems[len(instants)]
        if one.problem is None:
            assert derive(Promise(one.wall, zone, one.fold, 60)).starts_at == instants[0]


def test_the_judge_knows_the_clocks() -> None:
    """Apia skipped a day; Lord Howe moves by half an hour; Accra never moves."""
    apia = [
        one for one in changes(ZoneInfo("Pacific/Apia")) if one.edges[1] - one.edges[0] == timedelta(days=1)
    ]
    assert [one.edges for one in apia] == [(datetime(2011, 12, 30), datetime(2011, 12, 31))]
    howe = {one.edges[1] - one.edges[0] for one in changes(ZoneInfo("Australia/Lord_Howe"))}
    assert howe == {timedelta(minutes=30)}
    assert list(changes(ZoneInfo("Africa/Accra"))) == []
    noon = datetime(2026, 3, 29, 12)
    assert [len(instants_of(noon.replace(hour=hour), ZoneInfo("Europe/London"))) for hour in (0, 1, 2)] == [
        1,
        0,
        1,
    ]
    assert all(isinstance(one, Change) for one in changes(ZoneInfo("Europe/London")))

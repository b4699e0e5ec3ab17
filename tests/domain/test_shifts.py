"""Where an hour or a weekday moves between two sittings, and why."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import timezones as tz
from app.domain.shifts import clock_changes, shifts
from app.domain.timezones import local, wall_of, zone_rules
from app.domain.zone_names import zones_with_countries

tz.use_packaged_zone_data()

LONDON, ACCRA = "Europe/London", "Africa/Accra"
zones = st.sampled_from(sorted(zones_with_countries()))
instants = st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)).map(
    lambda at: at.replace(second=0, microsecond=0)
)


def between(promised_in: str, before: datetime, after: datetime, zone: str) -> str:
    """The sentence about a zone, for two wall times of the promise; empty when nothing moves there."""
    first, second = wall_of(before, promised_in), wall_of(after, promised_in)
    found = shifts(first, second, promised_in, [zone])
    return found[0].sentence if found else ""


@pytest.mark.parametrize(
    ("promised_in", "before", "after", "zone", "sentence"),
    [
        (
            LONDON, datetime(2027, 3, 4, 10), datetime(2027, 3, 18, 10), "America/New_York",
            "New York: 05:00 → 06:00, because New York changed its clocks on 14 March, "
            "London not until 28 March",
        ),
        (
            LONDON, datetime(2027, 3, 18, 10), datetime(2027, 4, 1, 10), "America/New_York",
            "New York: 06:00 → 05:00, because London changed its clocks on 28 March; "
            "New York had changed them on 14 March",
        ),
        (
            LONDON, datetime(2027, 3, 25, 10), datetime(2027, 4, 1, 10), ACCRA,
            "Accra: 10:00 → 09:00, because London changed its clocks on 28 March; "
            "Accra does not change them",
        ),
        (
            LONDON, datetime(2027, 3, 25, 10), datetime(2027, 4, 1, 10), "Asia/Kathmandu",
            "Kathmandu: 15:45 → 14:45, because London changed its clocks on 28 March; "
            "Kathmandu does not change them",
        ),
        (
            LONDON, datetime(2027, 3, 25, 10), datetime(2027, 4, 8, 10), "Australia/Sydney",
            "Sydney: 21:00 → 19:00, because London put its clocks forward on 28 March and "
            "Sydney put its clocks back on 4 April",
        ),
        (
            ACCRA, datetime(2027, 4, 1, 10), datetime(2027, 4, 8, 10), "Australia/Lord_Howe",
            "Lord Howe Island: 21:00 → 20:30, because Lord Howe Island changed its clocks on 4 April; "
            "Accra does not change them",
        ),
        (
            ACCRA, datetime(2027, 3, 24, 23, 30), datetime(2027, 3, 31, 23, 30), LONDON,
            "London: Wed 23:30 → Thu 00:30, because London changed its clocks on 28 March; "
            "Accra does not change them",
        ),
        (
            LONDON, datetime(2026, 12, 17, 10), datetime(2027, 3, 18, 13), "America/New_York",
            "New York: 05:00 → 09:00, because New York changed its clocks on 14 March, "
            "London not until 28 March and it begins at 13:00 in London, not at 10:00",
        ),
        (
            LONDON, datetime(2027, 5, 6, 10), datetime(2027, 5, 13, 18), "Asia/Tokyo",
            "Tokyo: Thu 18:00 → Fri 02:00, because it begins at 18:00 in London, not at 10:00",
        ),
        (
            ACCRA, datetime(2011, 12, 29, 5), datetime(2012, 1, 5, 5), "Pacific/Apia",
            "Apia: Wed 19:00 → Thu 19:00, because Apia changed its clocks on 30 December 2011; "
            "Accra does not change them",
        ),
    ],
)  # fmt: skip
def test_the_sentence_names_the_clocks_that_are_the_reason(promised_in, before, after, zone, sentence):
    assert between(promised_in, before, after, zone) == sentence


@pytest.mark.parametrize(
    ("before", "after", "zone"),
    [
        (datetime(2027, 3, 25, 10), datetime(2027, 4, 1, 10), "Europe/Paris"),
        (datetime(2027, 3, 4, 10), datetime(2027, 4, 1, 10), "America/New_York"),
        (datetime(2027, 4, 1, 10), datetime(2027, 4, 1, 13), ACCRA),
        (datetime(2027, 3, 25, 10), datetime(2027, 4, 1, 10), LONDON),
    ],
)
def test_nothing_moves_where_both_change_alike(before, after, zone):
    assert between(LONDON, before, after, zone) == ""


def test_each_zone_is_told_once_in_the_order_asked():
    before, after = wall_of(datetime(2027, 3, 25, 10), LONDON), wall_of(datetime(2027, 4, 1, 10), LONDON)
    found = shifts(before, after, LONDON, ["Africa/Nairobi", ACCRA, "Africa/Nairobi", LONDON])
    assert [one.place for one in found] == ["Nairobi", "Accra"]
    assert [one.change for one in found] == ["13:00 → 12:00", "10:00 → 09:00"]
    assert all(one.moves_hour and not one.moves_day for one in found)


def test_places_with_one_reason_can_be_told_together():
    before, after = wall_of(datetime(2027, 3, 25, 10), LONDON), wall_of(datetime(2027, 4, 1, 10), LONDON)
    found = shifts(before, after, LONDON, ["Africa/Nairobi", ACCRA, "America/New_York"])
    assert [one.shared_reason for one in found] == [
        "London changed its clocks on 28 March; they do not change them",
        "London changed its clocks on 28 March; they do not change them",
        "London changed its clocks on 28 March; they had changed them on 14 March",
    ]
    assert (
        shifts(wall_of(datetime(2027, 3, 4, 10), LONDON), before, LONDON, ["America/New_York"])[
            0
        ].shared_reason
        == "they changed their clocks on 14 March, London not until 28 March"
    )


@given(instants, st.integers(0, 400), zones, zones)
def test_it_agrees_with_the_zone_rules(before, days, promised_in, zone):
    """A zone is named exactly when its wall time against the promise's is another than before."""
    after = before + timedelta(days=days)

    def lead(at: datetime) -> timedelta:
        own, there = (local(at, one).replace(tzinfo=None) for one in (promised_in, zone))
        return there - own

    def day(at: datetime) -> int:
        return (local(at, zone).date() - local(at, promised_in).date()).days

    found = shifts(before, after, promised_in, [zone])
    assert bool(found) == (lead(before) != lead(after) or day(before) != day(after))
    for shift in found:
        assert (shift.before, shift.after) == (local(before, zone), local(after, zone))
        assert shift.moves_day == (day(before) != day(after))
        assert shift.reason


@given(instants, st.integers(1, 30), zones, zones)
def test_the_same_wall_time_moves_by_what_the_clocks_were_changed(before, weeks, promised_in, zone):
    """For a promise kept in wall time, the hour elsewhere moves by the difference of all clock changes."""
    wall = local(before, promised_in).replace(tzinfo=None)
    after = wall_of(wall + timedelta(weeks=weeks), promised_in)

    def changed(name: str) -> timedelta:
        return sum(
            (
                one.by
                for year in range(before.year, after.year + 1)
                for one in clock_changes(name, year)
                if before < one.instant <= after
            ),
            timedelta(),
        )

    moved = changed(zone) - changed(promised_in)
    assert shifts(before, after, promised_in, [zone]) or not moved


@given(zones, st.integers(1990, 2037))
def test_clock_changes_are_where_the_offset_changes(zone, year):
    rules = zone_rules(zone)
    for one in clock_changes(zone, year):
        just_before = (one.instant - timedelta(seconds=1)).astimezone(rules).utcoffset()
        at = one.instant.astimezone(rules).utcoffset()
        assert at - just_before == one.by

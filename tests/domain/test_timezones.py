"""The promise and the instants derived from it."""

from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain import timezones as tz
from app.domain.errors import DomainError
from app.domain.timezones import Flag, Promise, Span, check_wall, derive, local, rederive
from app.domain.zone_names import city, renamings, zones_with_countries

tz.use_packaged_zone_data()

LONDON = "Europe/London"
ZONES = sorted(zones_with_countries())
zones = st.sampled_from(ZONES)
walls = st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31)).map(  # noqa: DTZ001 - wall times are naive
    lambda wall: wall.replace(second=0, microsecond=0)
)


def wall(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - wall times are naive


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


K4D = [
    (wall(2020, 4, 29, 10, 30), 120, utc(2020, 4, 29, 9, 30), utc(2020, 4, 29, 11, 30)),
    (wall(2020, 7, 13, 13, 0), 150, utc(2020, 7, 13, 12, 0), utc(2020, 7, 13, 14, 30)),
    (wall(2020, 9, 10, 13, 0), 150, utc(2020, 9, 10, 12, 0), utc(2020, 9, 10, 14, 30)),
    (wall(2020, 10, 12, 10, 0), 150, utc(2020, 10, 12, 9, 0), utc(2020, 10, 12, 11, 30)),
    (wall(2020, 12, 15, 10, 0), 150, utc(2020, 12, 15, 10, 0), utc(2020, 12, 15, 12, 30)),
    (wall(2021, 2, 3, 10, 0), 150, utc(2021, 2, 3, 10, 0), utc(2021, 2, 3, 12, 30)),
    (wall(2021, 3, 25, 10, 0), 150, utc(2021, 3, 25, 10, 0), utc(2021, 3, 25, 12, 30)),
]


@pytest.mark.parametrize(("starts", "minutes", "starts_at", "ends_at"), K4D)
def test_the_seven_sessions_of_the_reference_programme(
    starts: datetime, minutes: int, starts_at: datetime, ends_at: datetime
) -> None:
    assert derive(Promise(starts, LONDON, 0, minutes)) == Span(starts_at, ends_at)


def test_new_york_reads_the_last_one_two_weeks_after_its_own_change() -> None:
    span = derive(Promise(wall(2021, 3, 25, 10, 0), LONDON, 0, 150))
    read = [local(at, "America/New_York").strftime("%H:%M") for at in (span.starts_at, span.ends_at)]
    assert read == ["06:00", "08:30"]


@pytest.mark.parametrize(
    ("zone", "inside", "first_after"),
    [
        (LONDON, wall(2026, 3, 29, 1, 0), wall(2026, 3, 29, 2, 0)),
        (LONDON, wall(2026, 3, 29, 1, 59), wall(2026, 3, 29, 2, 0)),
        ("Australia/Lord_Howe", wall(2026, 10, 4, 2, 10), wall(2026, 10, 4, 2, 30)),
        ("Pacific/Apia", wall(2011, 12, 30, 10, 0), wall(2011, 12, 31, 0, 0)),
        ("Asia/Beirut", wall(2024, 3, 31, 0, 0), wall(2024, 3, 31, 1, 0)),
    ],
)
def test_a_time_that_does_not_exist_is_refused_with_the_next_that_does(
    zone: str, inside: datetime, first_after: datetime
) -> None:
    with pytest.raises(tz.TimeDoesNotExist) as refused:
        derive(Promise(inside, zone, 0, 60))
    assert refused.value.first_after == first_after
    assert refused.value.field == "starts_wall"


def test_the_refusal_says_what_the_clocks_do() -> None:
    with pytest.raises(tz.TimeDoesNotExist) as refused:
        check_wall(wall(2027, 3, 28, 1, 30), LONDON)
    assert refused.value.message == (
        "There is no 01:30 in London on Sunday 28 March 2027: clocks go from 01:00 straight to 02:00. "
        "The next time that exists is 02:00 BST."
    )


def test_the_refusal_of_a_skipped_day_names_both_days() -> None:
    with pytest.raises(tz.TimeDoesNotExist) as refused:
        check_wall(wall(2011, 12, 30, 10, 0), "Pacific/Apia")
    assert "from 00:00 on Fri 30 December straight to 00:00 on Sat 31 December" in refused.value.message
    assert refused.value.message.endswith("is 00:00 on Saturday 31 December 2011.")


def test_a_time_that_comes_twice_is_asked_about() -> None:
    with pytest.raises(tz.TimeHappensTwice) as asked:
        check_wall(wall(2026, 10, 25, 1, 30), LONDON)
    first, second = asked.value.choices
    assert (first.fold, first.abbreviation, first.offset) == (0, "BST", "UTC+1")
    assert (second.fold, second.abbreviation, second.offset) == (1, "GMT", "UTC")
    assert (first.instant, second.instant) == (utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30))


def test_the_fold_chooses_and_means_nothing_elsewhere() -> None:
    assert check_wall(wall(2026, 10, 25, 1, 30), LONDON, 1) == 1
    assert check_wall(wall(2026, 10, 25, 3, 0), LONDON, 1) == 0
    assert derive(Promise(wall(2026, 10, 25, 1, 30), LONDON, 1, 60)).starts_at == utc(2026, 10, 25, 1, 30)


def test_length_is_elapsed_time() -> None:
    span = derive(Promise(wall(2026, 10, 25, 0, 30), LONDON, 0, 120))
    assert (local(span.ends_at, LONDON).strftime("%H:%M"), span.minutes) == ("01:30", 120)


@pytest.mark.parametrize("minutes", [4, 1441, 0, -60])
def test_lengths_out_of_range_are_refused(minutes: int) -> None:
    with pytest.raises(tz.LengthOutOfRange) as refused:
        Promise(wall(2027, 4, 22, 12, 0), LONDON, 0, minutes)
    assert isinstance(refused.value, DomainError)
    assert refused.value.field == "length_minutes"


def test_promises_are_naive_and_spans_aware() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        Promise(utc(2027, 4, 22, 12, 0), LONDON, 0, 60)
    with pytest.raises(ValueError, match="fold"):
        Promise(wall(2027, 4, 22, 12, 0), LONDON, 2, 60)
    with pytest.raises(ValueError, match="aware"):
        Span(wall(2027, 4, 22, 12, 0), wall(2027, 4, 22, 13, 0))
    with pytest.raises(ValueError, match="after it starts"):
        Span(utc(2027, 4, 22, 12, 0), utc(2027, 4, 22, 12, 0))
    with pytest.raises(ValueError, match="aware"):
        local(wall(2027, 4, 22, 12, 0), LONDON)


def test_spans_that_touch_do_not_overlap() -> None:
    morning = Span(utc(2027, 4, 22, 9, 0), utc(2027, 4, 22, 10, 0))
    assert not morning.overlaps(Span(utc(2027, 4, 22, 10, 0), utc(2027, 4, 22, 11, 0)))
    assert morning.overlaps(Span(utc(2027, 4, 22, 9, 59), utc(2027, 4, 22, 11, 0)))


@given(walls, zones, st.integers(5, 1440), st.sampled_from([0, 1]))
def test_every_instant_derived_reads_as_promised(
    starts: datetime, zone: str, minutes: int, fold: int
) -> None:
    try:
        span = derive(Promise(starts, zone, fold, minutes))
    except tz.TimeDoesNotExist as refused:
        assume(refused.first_after > starts)
        starts = refused.first_after
        span = derive(Promise(starts, zone, 0, minutes))
    assert local(span.starts_at, zone).replace(tzinfo=None, fold=0) == starts
    assert span.ends_at - span.starts_at == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("zone", "at", "offset", "short", "phrase"),
    [
        (LONDON, utc(2027, 7, 1), "UTC+1", "BST", "BST, UTC+1"),
        (LONDON, utc(2027, 1, 1), "UTC", "GMT", "GMT, UTC"),
        ("America/Bogota", utc(2027, 1, 1), "UTC−5", "", "UTC−5"),
        ("Asia/Kathmandu", utc(2027, 1, 1), "UTC+5:45", "", "UTC+5:45"),
        ("America/St_Johns", utc(2024, 1, 1), "UTC−3:30", "NST", "NST, UTC−3:30"),
        ("Pacific/Apia", utc(2024, 7, 1), "UTC+13", "", "UTC+13"),
        ("Etc/UTC", utc(2027, 1, 1), "UTC", "UTC", "UTC"),
    ],
)
def test_words_for_zones(zone: str, at: datetime, offset: str, short: str, phrase: str) -> None:
    there = local(at, zone)
    assert (tz.offset_text(there), tz.abbreviation(there), tz.zone_phrase(there)) == (offset, short, phrase)


def test_rules_that_did_not_change_change_nothing() -> None:
    for fold in (0, 1):
        promise = Promise(wall(2026, 10, 25, 1, 30), LONDON, fold, 60)
        assert rederive(promise, derive(promise)) == tz.Rederived(derive(promise), fold)


def test_a_moved_offset_moves_the_instant_without_a_flag() -> None:
    promise = Promise(wall(2027, 7, 1, 10, 0), LONDON, 0, 60)
    held = Span(utc(2027, 7, 1, 10, 0), utc(2027, 7, 1, 11, 0))
    assert rederive(promise, held) == tz.Rederived(derive(promise), 0)


def test_a_promise_now_in_a_gap_takes_the_offset_before_it() -> None:
    promise = Promise(wall(2026, 3, 29, 1, 30), LONDON, 0, 60)
    held = Span(utc(2026, 3, 29, 0, 30), utc(2026, 3, 29, 1, 30))
    found = rederive(promise, held)
    assert (found.span.starts_at, found.flag) == (utc(2026, 3, 29, 1, 30), Flag.NOW_IN_GAP)


def test_a_promise_now_double_keeps_its_instant_else_takes_the_first() -> None:
    promise = Promise(wall(2026, 10, 25, 1, 30), LONDON, 0, 60)
    second = rederive(promise, Span(utc(2026, 10, 25, 1, 30), utc(2026, 10, 25, 2, 30)))
    assert (second.span.starts_at, second.fold, second.flag) == (utc(2026, 10, 25, 1, 30), 1, Flag.NOW_TWICE)
    neither = rederive(promise, Span(utc(2026, 10, 25, 4, 30), utc(2026, 10, 25, 5, 30)))
    assert (neither.span.starts_at, neither.fold, neither.flag) == (
        utc(2026, 10, 25, 0, 30),
        0,
        Flag.NOW_TWICE,
    )


def test_a_zone_that_is_gone_keeps_its_instant() -> None:
    held = Span(utc(2026, 3, 29, 0, 30), utc(2026, 3, 29, 1, 30))
    found = rederive(Promise(wall(2026, 3, 29, 1, 30), "Mars/Olympus", 0, 60), held)
    assert found == tz.Rederived(held, 0, Flag.ZONE_GONE)


@pytest.mark.parametrize(
    ("chosen", "stored"),
    [
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Asia/Saigon", "Asia/Ho_Chi_Minh"),
        ("Asia/Katmandu", "Asia/Kathmandu"),
        ("Asia/Rangoon", "Asia/Yangon"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Africa/Asmera", "Africa/Asmara"),
        ("Atlantic/Faeroe", "Atlantic/Faroe"),
        ("Pacific/Truk", "Pacific/Chuuk"),
        ("Pacific/Ponape", "Pacific/Pohnpei"),
        ("America/Godthab", "America/Nuuk"),
        ("Pacific/Enderbury", "Pacific/Kanton"),
        ("US/Eastern", "America/New_York"),
        ("UTC", "Etc/UTC"),
        (" Europe/London ", "Europe/London"),
    ],
)
def test_renamed_zones_get_their_new_name(chosen: str, stored: str) -> None:
    assert tz.canonical(chosen) == stored


@pytest.mark.parametrize(
    "link", ["Africa/Accra", "Africa/Abidjan", "Asia/Kuwait", "Europe/Oslo", "Europe/Isle_of_Man"]
)
def test_links_of_the_database_are_never_followed(link: str) -> None:
    assert tz.canonical(link) == link


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Europe",
        "EST",
        "CET",
        "europe/london",
        "Mars/Olympus",
        "../etc/passwd",
        "Europe/\0",
        "\ud800",
        "GMT+5",
    ],
)
def test_other_names_are_unknown(name: str) -> None:
    with pytest.raises(tz.UnknownZone):
        tz.canonical(name)


@pytest.mark.parametrize(
    "name", ["", "Europe", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "Europe/\0", "\ud800"]
)
def test_rules_of_unknown_zones_are_refused(name: str) -> None:
    with pytest.raises(tz.UnknownZone):
        tz.zone_rules(name)


def test_every_zone_offered_has_rules_and_a_city() -> None:
    for zone in [*ZONES, *renamings().values()]:
        assert tz.zone_rules(zone)
        assert city(zone)
        assert "_" not in city(zone)
        assert "/" not in city(zone)


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("Asia/Ho_Chi_Minh", "Ho Chi Minh City"),
        ("Africa/Accra", "Accra"),
        ("America/Bogota", "Bogotá"),
        ("Pacific/Efate", "Port Vila"),
        ("Asia/Kolkata", "Kolkata"),
        ("Africa/Sao_Tome", "São Tomé"),
        ("Africa/Dar_es_Salaam", "Dar es Salaam"),
    ],
)
def test_cities(zone: str, name: str) -> None:
    assert city(zone) == name


@pytest.fixture
def own_zone_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Zone data of the test's own, as an administrator would name it."""
    monkeypatch.setenv("PYTHONTZPATH", str(tmp_path))
    yield tmp_path
    monkeypatch.delenv("PYTHONTZPATH")
    tz.use_packaged_zone_data()


def test_the_version_comes_from_the_source_in_use(own_zone_data: Path) -> None:
    tz.use_packaged_zone_data()
    assert tz.zone_data_version() == "unknown"
    (own_zone_data / "tzdata.zi").write_text(
        "# version 2031z\n# This zic input file is in the public domain.\n"
    )
    tz.use_packaged_zone_data()
    assert tz.zone_data_version() == "2031z"


def test_the_packaged_version_is_a_year_and_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONTZPATH", raising=False)
    tz.use_packaged_zone_data()
    version = tz.zone_data_version()
    assert version[:4].isdigit()
    assert version[4:].isalpha()


def test_a_zone_that_the_named_source_lacks_is_not_taken_from_the_package(own_zone_data: Path) -> None:
    """It would come from another edition than the rest."""
    packaged = resources.files("tzdata").joinpath("zoneinfo", "Europe", "London")
    (own_zone_data / "Europe").mkdir()
    (own_zone_data / "Europe" / "London").write_bytes(packaged.read_bytes())
    tz.use_packaged_zone_data()
    assert local(utc(2027, 7, 1), "Europe/London").hour == 1
    with pytest.raises(tz.UnknownZone):
        tz.zone_rules("Europe/Paris")


def test_what_was_promised_in_a_zone_that_is_gone_is_read_in_utc() -> None:
    assert local(utc(2027, 7, 1, 9, 30), "Europe/Atlantis") == utc(2027, 7, 1, 9, 30)
    assert tz.readable_zone("Europe/Atlantis") == "Etc/UTC"
    assert tz.readable_zone("Africa/Accra") == "Africa/Accra"

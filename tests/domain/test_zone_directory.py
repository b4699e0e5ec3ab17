"""The chooser: what people type, and the zones it finds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import zone_directory as directory
from app.domain.timezones import UnknownZone, canonical, use_packaged_zone_data
from app.domain.zone_names import zones_with_countries

use_packaged_zone_data()
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def first(text: str) -> str:
    return directory.find_zones(text, now=NOW)[0].zone


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Accra", "Africa/Accra"),
        ("bogota", "America/Bogota"),
        ("Bogotá", "America/Bogota"),
        ("saigon", "Asia/Ho_Chi_Minh"),
        ("Asia/Saigon", "Asia/Ho_Chi_Minh"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("calcutta", "Asia/Kolkata"),
        ("asia/kolkata", "Asia/Kolkata"),
        ("Đà Nẵng", "Asia/Ho_Chi_Minh"),
        ("Viet Nam", "Asia/Ho_Chi_Minh"),
        ("ivory coast", "Africa/Abidjan"),
        ("cote d'ivoire", "Africa/Abidjan"),
        ("bangladesh", "Asia/Dhaka"),
        ("UK", "Europe/London"),
        ("EAT", "Africa/Nairobi"),
        ("BST", "Europe/London"),
        ("kathm", "Asia/Kathmandu"),
        ("london, united", "Europe/London"),
        ("London, United Kingdom (Europe/London)", "Europe/London"),
        ("Oakland", "America/Los_Angeles"),
        ("utc", "Etc/UTC"),
    ],
)
def test_what_people_type_finds_their_zone_first(typed: str, zone: str) -> None:
    assert first(typed) == zone


def test_an_abbreviation_finds_all_who_bear_it_in_some_season() -> None:
    assert {found.zone for found in directory.find_zones("IST", now=NOW)} >= {
        "Asia/Kolkata",
        "Europe/Dublin",
        "Asia/Jerusalem",
    }
    assert directory.find_zones("IST")[0].zone == "Europe/Istanbul"


def test_a_country_with_several_zones_lists_the_largest_first() -> None:
    found = directory.find_zones("Brazil", limit=5)
    assert (len(found), found[0].zone) == (5, "America/Sao_Paulo")


def test_nothing_is_found_for_nothing() -> None:
    assert directory.find_zones("  ") == []
    assert directory.find_zones("Xyzzy", now=NOW) == []


@given(st.sampled_from(sorted(zones_with_countries())))
def test_every_zone_is_found_by_what_the_list_offers_and_by_its_name(zone: str) -> None:
    assert [found.zone for found in directory.find_zones(directory.offer_text(zone))] == [zone]
    assert directory.choose_zone(directory.offer_text(zone)) == zone == directory.choose_zone(zone)


@given(st.text(max_size=20))
def test_whatever_is_typed_gives_zones_that_can_be_stored(text: str) -> None:
    for found in directory.find_zones(text, now=NOW):
        assert canonical(found.zone) == found.zone


def test_choosing_needs_one_answer() -> None:
    assert directory.choose_zone("dhaka") == "Asia/Dhaka"
    with pytest.raises(UnknownZone, match="can mean several places.*United States"):
        directory.choose_zone("United States")
    with pytest.raises(UnknownZone, match="nearest large city"):
        directory.choose_zone("Xyzzy")


def test_every_zone_stands_under_its_country_once() -> None:
    listed = [zone for code, _ in directory.countries() if code != "XK" for zone in directory.zones_of(code)]
    assert sorted(listed) == sorted(zones_with_countries())
    assert all(directory.country_of(zone) for zone in listed)


def test_countries_are_named_and_sorted_as_read() -> None:
    names = [name for _, name in directory.countries()]
    assert names[0] == "Afghanistan"
    assert names.index("Åland Islands") < names.index("Albania") < names.index("Zimbabwe")
    assert dict(directory.countries())["VN"] == "Vietnam"
    assert directory.country_of("Etc/UTC") is None


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("GH", "Africa/Accra"),
        ("US", "America/New_York"),
        ("AU", "Australia/Sydney"),
        ("XK", "Europe/Belgrade"),
        ("??", None),
    ],
)
def test_a_zone_is_proposed_for_a_country(country: str, zone: str | None) -> None:
    assert directory.proposed_zone(country) == zone


@pytest.mark.parametrize(
    ("country", "days"),
    [
        ("BD", {"fri", "sat"}),
        ("NP", {"sat"}),
        ("GB", {"sat", "sun"}),
        ("IR", {"fri"}),
        (None, {"sat", "sun"}),
    ],
)
def test_weekends(country: str | None, days: set[str]) -> None:
    assert directory.weekend_of(country) == days


def test_places_lie_east_of_one_another() -> None:
    order = sorted(
        ["Asia/Manila", "Africa/Accra", "America/Bogota", "Pacific/Efate"], key=directory.longitude_of
    )
    assert order == ["America/Bogota", "Africa/Accra", "Asia/Manila", "Pacific/Efate"]

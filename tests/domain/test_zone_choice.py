import pytest

from app.domain.zone_choice import COUNTRY, OTHER, Unclear, ZoneAnswer, one_per_clock, zone_from, zone_options
from app.domain.zone_clock import clock_in
from app.domain.zone_directory import zones_of
from tests.factories import NOW


@pytest.mark.parametrize(
    ("answer", "zone"),
    [
        (ZoneAnswer(country="GH"), "Africa/Accra"),
        (ZoneAnswer(country="DE"), "Europe/Berlin"),
        (ZoneAnswer(country="GH", browser="Africa/Abidjan"), "Africa/Accra"),
        (ZoneAnswer(country="US", browser="America/Chicago"), "America/Chicago"),
        (ZoneAnswer(country="IN", browser="Asia/Calcutta"), "Asia/Kolkata"),
        (ZoneAnswer(country="CA", browser="America/New_York"), "America/Toronto"),
        (ZoneAnswer(country="GH", browser="Moon/Tranquility"), "Africa/Accra"),
        (ZoneAnswer("Asia/Dhaka", country="GH"), "Asia/Dhaka"),
        (ZoneAnswer("Asia/Saigon"), "Asia/Ho_Chi_Minh"),
        (ZoneAnswer(OTHER, typed="Kathmandu"), "Asia/Kathmandu"),
        (ZoneAnswer(OTHER, typed="Kathmandu, Nepal (Asia/Kathmandu)"), "Asia/Kathmandu"),
        (ZoneAnswer(OTHER, typed="asia/calcutta"), "Asia/Kolkata"),
        (ZoneAnswer(COUNTRY, country="GH", typed="Bogotá"), "America/Bogota"),
        (ZoneAnswer("Asia/Dhaka", typed="Bogotá"), "Asia/Dhaka"),
    ],
)
def test_an_answer_that_settles_it(answer, zone):
    assert zone_from(answer, NOW) == zone


@pytest.mark.parametrize(
    ("answer", "field", "candidates"),
    [
        (ZoneAnswer(), "country", ()),
        (ZoneAnswer(OTHER), "zone_typed", ()),
        (ZoneAnswer(OTHER, typed="Atlantis"), "zone_typed", ()),
        (ZoneAnswer(country="GH", browser="Europe/London"), "zone", ("Africa/Accra", "Europe/London")),
        (ZoneAnswer("Moon/Tranquility", country="GH"), "zone", ("Africa/Accra",)),
        (ZoneAnswer("\x00"), "zone", ()),
    ],
)
def test_an_answer_that_leaves_it_open(answer, field, candidates):
    with pytest.raises(Unclear) as unclear:
        zone_from(answer, NOW)
    assert (unclear.value.field, unclear.value.candidates) == (field, candidates)


def test_a_country_with_several_clocks_offers_each_once_the_chief_first():
    with pytest.raises(Unclear, match="United States has several time zones") as unclear:
        zone_from(ZoneAnswer(country="US"), NOW)
    assert unclear.value.candidates[:5] == (
        "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    )  # fmt: skip


def test_words_that_mean_several_places_offer_them():
    with pytest.raises(Unclear, match="can mean several places") as unclear:
        zone_from(ZoneAnswer(OTHER, typed="EAT"), NOW)
    assert "Africa/Nairobi" in unclear.value.candidates


@pytest.mark.parametrize("country", ["US", "RU", "BR", "CA", "AU", "ID", "MX", "CD"])
def test_clocks_offered_differ(country):
    zones = one_per_clock(zones_of(country), NOW)
    assert len(zones) > 1
    assert set(zones) <= set(zones_of(country))


def test_options_say_which_one_the_browser_named():
    options = zone_options(NOW, current="Asia/Dhaka", country="GH", browser="Europe/London")
    assert [(one.clock.city, one.note) for one in options] == [
        ("Dhaka", ""), ("Accra", ""), ("London", "your browser’s answer"),
    ]  # fmt: skip
    assert zone_options(NOW) == []


def test_a_clock_says_where_it_hangs():
    clock = clock_in("Asia/Kathmandu", NOW)
    assert (clock.city, clock.iso, clock.hours, clock.label) == (
        "Kathmandu", "2027-03-01T09:00Z", "14:45", "UTC+5:45",
    )  # fmt: skip
    assert clock_in("Africa/Accra", NOW).label == "GMT, UTC"

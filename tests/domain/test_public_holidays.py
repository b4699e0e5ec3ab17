from datetime import date

import pytest
from babel.core import Locale
from babel.localedata import locale_identifiers

from app.domain.dates import WEEKDAYS
from app.domain.public_holidays import holidays_in, holidays_of
from app.domain.zone_directory import countries, weekend_of

YEAR = date(2027, 1, 1), date(2027, 12, 31)


def test_a_day_that_two_countries_keep():
    day = date(2027, 4, 14)
    assert holidays_in("BD", day, day) == {day: "Bengali New Year’s Day"}
    assert holidays_in("NP", day, day) == {day: "Nepali New Year"}
    assert holidays_in("GB", day, day) == {}


def test_both_ends_count_and_years_may_be_crossed():
    found = holidays_in("GB", date(2026, 12, 28), date(2027, 1, 1))
    assert found == {date(2026, 12, 28): "Boxing Day (observed)", date(2027, 1, 1): "New Year’s Day"}
    assert holidays_in("GB", date(2027, 1, 2), date(2027, 1, 1)) == {}


def test_what_hangs_on_the_moon_says_so():
    assert holidays_in("GH", *YEAR)[date(2027, 3, 9)] == "Eid-ul-Fitr (estimated)"
    assert holidays_in("BD", *YEAR)[date(2027, 3, 10)] == "Eid al-Fitr (estimated)"


@pytest.mark.parametrize("country", [None, "", "XX", "??", "gb", "GB-ENG", "USA2"])
def test_an_unknown_country_has_none(country):
    assert holidays_in(country, *YEAR) == {}


@pytest.mark.parametrize("year", [1, 1989, 2101, 9999])
def test_years_are_bounded(year):
    assert holidays_in("GB", date(year, 1, 1), date(year, 12, 31)) == {}
    assert holidays_of("GB", year) == {}


def test_a_span_of_all_time_is_bounded_too():
    found = holidays_in("GB", date.min, date.max)
    assert (min(found).year, max(found).year) == (1990, 2100)


@pytest.mark.parametrize("country", [code for code, _ in countries()])
def test_every_country_answers_in_english(country):
    """No other script; Sri Lanka and Ukraine may have none listed for a year."""
    for name in holidays_of(country, 2026).values():
        assert name == name.strip() != ""
        assert not any("\u0370" <= letter < "\u1e00" for letter in name), name


def babels_weekends():
    """Territory → days off, of every locale of Babel that knows its territory."""
    found = {}
    for name in locale_identifiers():
        one = Locale.parse(name)
        if one.territory:
            length = (one.weekend_end - one.weekend_start) % 7 + 1
            found[one.territory] = frozenset(WEEKDAYS[(one.weekend_start + day) % 7] for day in range(length))
    return found


def test_weekends_are_babels_but_for_six_countries():
    """CLDR has no entry for these and so says Saturday and Sunday; the table corrects it."""
    known = babels_weekends()
    differ = {code for code, _ in countries() if code in known and known[code] != weekend_of(code)}
    assert differ == {"BD", "BN", "DJ", "MV", "NP", "PS"}
    assert all(known[code] == {"sat", "sun"} for code in differ)

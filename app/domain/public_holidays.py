"""Public holidays of countries, in English.

They come from the `holidays` package, which computes a country's year when it is first asked for. Those of
parts of a country are left out: where in it somebody lives is not known.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from holidays import country_holidays

FIRST_YEAR, LAST_YEAR = 1990, 2100

_NONE: Mapping[date, str] = {}


def holidays_in(country: str | None, first: date, last: date) -> dict[date, str]:
    """The public holidays of a country from one day to another, both included.

    Names of several on one day are joined; one that hangs on the sighting of the moon says “(estimated)”.
    Nothing for a country that is not known, or outside the years 1990 to 2100.
    """
    years = range(max(first.year, FIRST_YEAR), min(last.year, LAST_YEAR) + 1)
    return {
        day: name
        for year in years
        for day, name in holidays_of(country or "", year).items()
        if first <= day <= last
    }


@lru_cache(maxsize=1024)
def holidays_of(country: str, year: int) -> Mapping[date, str]:
    """The public holidays of one year, in order; empty as well where the package does not know them yet."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return _NONE
    try:
        spoken = country_holidays(country).supported_languages
    except NotImplementedError:
        return _NONE
    language = next((one for one in ("en_GB", "en_US") if one in spoken), None)
    found = country_holidays(country, years=year, language=language)
    return {day: _said(name) for day, name in sorted(found.items())}


def _said(name: str) -> str:
    return name.replace("; ", " and ").replace("'", "’")

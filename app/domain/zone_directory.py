"""The chooser of zones: zones under their countries, found by city, country, old name or abbreviation.

Nothing is read before the first question; only English names are loaded.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel.core import Locale

from app.domain.text import fold_text
from app.domain.zone_data import UnknownZone, source_text
from app.domain.zone_names import UTC as UTC_ZONE
from app.domain.zone_names import canonical, city, renamings, zone_rows, zones_with_countries
from app.domain.zone_tables import ALSO_CITY, ALSO_COUNTRY, PRIMARY, WEEKENDS

__all__ = [
    "Found",
    "choose_zone",
    "city",
    "countries",
    "country_name",
    "country_of",
    "find_zones",
    "longitude_of",
    "offer_text",
    "proposed_zone",
    "weekend_of",
    "zones_of",
]

_OFFERED = re.compile(r"\(([A-Za-z0-9_+/-]+)\)\s*$")
_ABBREVIATION = re.compile(r"[A-Za-z]{2,5}")


@dataclass(frozen=True, slots=True)
class Found:
    """A zone the chooser offers; `text` is what the list shows and what a form may send back."""

    zone: str
    city: str
    country: str
    text: str


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Every country that has a zone, as (code, English name), sorted by name without regard to accents."""
    codes = {*zones_with_countries().values(), "XK"}
    return tuple(sorted(((code, country_name(code)) for code in codes), key=lambda row: fold_text(row[1])))


@cache
def country_name(code: str) -> str:
    """The English name of a country by its code; the code itself when there is none."""
    return str(Locale("en").territories.get(code, code))


@cache
def zones_of(country: str) -> tuple[str, ...]:
    """The zones of a country, the one most people live in first, then the others by city."""
    zones = [zone for zone, code in zones_with_countries().items() if code == country]
    first = PRIMARY.get(country) or (zones[0] if zones else None)
    others = sorted((zone for zone in zones if zone != first), key=lambda zone: fold_text(city(zone)))
    return (first, *others) if first else ()


def proposed_zone(country: str) -> str | None:
    """The zone to propose to somebody of this country: its only one, or where most of its people live."""
    return next(iter(zones_of(country)), None)


def country_of(zone: str) -> str | None:
    """The code of the country a zone belongs to; none for UTC."""
    return zones_with_countries().get(zone) or zones_with_countries().get(renamings().get(zone, ""))


def weekend_of(country: str | None) -> frozenset[str]:
    """The days off to propose to somebody of this country, as `mon` … `sun`."""
    return WEEKENDS.get(country or "", frozenset({"sat", "sun"}))


@cache
def _longitudes() -> dict[str, float]:
    return {row[2]: _degrees(row[1]) for row in zone_rows()}


def _degrees(coordinates: str) -> float:
    figures = re.split(r"(?=[+-])", coordinates)[-1]
    return float(figures[:4]) + float(figures[0] + figures[4:6]) / 60


def longitude_of(zone: str) -> float:
    """Degrees east of Greenwich of a zone's city; 0 when unknown. Only good for putting places in order."""
    return _longitudes().get(zone, 0.0)


@cache
def offer_text(zone: str) -> str:
    """A zone as lists offer it: `London, United Kingdom (Europe/London)`."""
    country = country_of(zone)
    place = f"{city(zone)}, {country_name(country)}" if country else city(zone)
    return f"{place} ({zone})"


@dataclass(frozen=True, slots=True)
class _Entry:
    found: Found
    cities: tuple[str, ...]
    countries: tuple[str, ...]
    names: tuple[str, ...]


@cache
def _entries() -> tuple[_Entry, ...]:
    old_names: dict[str, list[str]] = {}
    for old, new in renamings().items():
        old_names.setdefault(new, []).append(old)
    return tuple(_entry(zone, old_names.get(zone, [])) for zone in (*zones_with_countries(), UTC_ZONE))


def _entry(zone: str, old_names: list[str]) -> _Entry:
    code = country_of(zone) or ""
    name = country_name(code) if code else ""
    found = Found(zone, city(zone), name, offer_text(zone))
    old_cities = [old.rpartition("/")[2].replace("_", " ") for old in old_names if "/" in old]
    cities = [
        city(zone),
        zone.rpartition("/")[2].replace("_", " "),
        *old_cities,
        *ALSO_CITY.get(zone, "").split("|"),
    ]
    also = ALSO_COUNTRY.get(code, "").split("|")
    return _Entry(
        found,
        tuple(dict.fromkeys(fold_text(name) for name in cities if name)),
        tuple(fold_text(word) for word in (name, *also) if word),
        tuple(fold_text(name) for name in (zone, *old_names)),
    )


def find_zones(text: str, limit: int = 12, now: datetime | None = None) -> list[Found]:
    """Zones that `text` may mean, likeliest first: a city, a country, a zone name old or new, or an
    abbreviation.

    An abbreviation counts when the zone bears it at some season of the year of `now`; without `now` none is
    looked for. What lists offer (`London, United Kingdom (Europe/London)`) finds exactly its zone.
    """
    offered = _OFFERED.search(text)
    if offered:
        text = offered.group(1)
    wanted = fold_text(text)
    if not wanted:
        return []
    bearers = _bearers_of(text.strip(), now)
    ranked = [(_rank(entry, wanted, bearers), entry) for entry in _entries()]
    best = [(rank, entry) for rank, entry in ranked if rank is not None]
    if any(rank == 0 for rank, _ in best):
        best = [(rank, entry) for rank, entry in best if rank == 0]
    best.sort(key=lambda row: (row[0], *_standing(row[1].found.zone), row[1].cities[0]))
    return [entry.found for _, entry in best[:limit]]


def _standing(zone: str) -> tuple[bool, bool]:
    """Equal answers in order: where most people of a country live, and places whose clocks others follow,
    first.
    """
    return proposed_zone(country_of(zone) or "") != zone, zone not in _leading_zones()


@cache
def _leading_zones() -> frozenset[str]:
    lines = source_text("zone1970.tab").splitlines()
    return frozenset(line.split("\t")[2] for line in lines if line and not line.startswith("#"))


def _rank(entry: _Entry, wanted: str, bearers: frozenset[str]) -> int | None:
    """How well an entry answers, 0 best; none if not at all."""
    underscored = wanted.replace(" ", "_")
    tests = (
        underscored in entry.names,
        wanted in entry.cities,
        entry.found.zone in bearers,
        wanted in entry.countries,
        any(name.startswith(wanted) for name in entry.cities),
        any(name.startswith(wanted) for name in entry.countries),
        any(f" {wanted}" in f" {name}" for name in (*entry.cities, *entry.countries)),
        len(wanted) > 2 and any(wanted in name for name in entry.cities),
        len(wanted) > 3 and any(underscored in name for name in entry.names),
        _is_all_in(wanted, entry),
    )
    return next((rank for rank, holds in enumerate(tests) if holds), None)


def _is_all_in(wanted: str, entry: _Entry) -> bool:
    """`accra ghana`, `london, united kingdom`: every word begins a word of the city or the country."""
    words = wanted.replace(",", " ").split()
    known = f" {' '.join((*entry.cities, *entry.countries))}"
    return len(words) > 1 and all(f" {word}" in known for word in words)


def _bearers_of(text: str, now: datetime | None) -> frozenset[str]:
    if now is None or not _ABBREVIATION.fullmatch(text):
        return frozenset()
    return _abbreviations(now.year).get(text.upper(), frozenset())


@lru_cache(maxsize=2)
def _abbreviations(year: int) -> dict[str, frozenset[str]]:
    """Abbreviations to the zones that bear them in some season of a year. The rules read are not kept in
    memory.
    """
    bearers: dict[str, set[str]] = {}
    seasons = [datetime(year, month, 1, tzinfo=UTC) for month in (1, 4, 7, 10)]
    for zone in zones_with_countries():
        rules = ZoneInfo.no_cache(zone)
        for name in {season.astimezone(rules).tzname() or "" for season in seasons}:
            if name.isalpha():
                bearers.setdefault(name.upper(), set()).add(zone)
    return {name: frozenset(zones) for name, zones in bearers.items()}


def choose_zone(text: str, now: datetime | None = None) -> str:
    """The one zone that what somebody typed stands for. Raises UnknownZone, naming likely ones, if that is
    not clear.
    """
    try:
        return canonical(text)
    except UnknownZone:
        pass
    found = find_zones(text, now=now)
    exact = [one for one in found if fold_text(text) in (fold_text(one.city), fold_text(one.text))]
    if len(found) == 1 or len(exact) == 1:
        return (exact or found)[0].zone
    typed = text.strip()
    if not found:
        raise UnknownZone(
            typed, f"No city, country or time zone is called “{typed}”. Try the nearest large city."
        )
    names = "; ".join(one.text for one in found[:4])
    raise UnknownZone(typed, f"“{typed}” can mean several places. Choose one, such as: {names}.")

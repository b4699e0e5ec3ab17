"""Which zone somebody is in, from what a form can know: a country, the browser's answer, words typed.

Where these do not settle it, the person is asked, with the clocks of the candidates to compare.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import DomainError
from app.domain.timezones import UnknownZone, canonical, local
from app.domain.zone_clock import ZoneClock, clock_in
from app.domain.zone_directory import choose_zone, country_name, find_zones, proposed_zone, zones_of
from app.domain.zone_names import city, zones_with_countries

COUNTRY = "country"
OTHER = "other"
MOST_CANDIDATES = 12


class Unclear(DomainError):
    """More than one zone, or none, fits; `candidates` are those to choose from."""

    def __init__(self, message: str, candidates: list[str], field: str = "zone") -> None:
        super().__init__(message, field)
        self.candidates = tuple(candidates[:MOST_CANDIDATES])


@dataclass(frozen=True, slots=True)
class ZoneAnswer:
    """What came back from a form's zone question."""

    choice: str = COUNTRY
    """COUNTRY, OTHER or the name of a zone."""
    country: str = ""
    typed: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True)
class ZoneOption:
    """One radio button of the zone question."""

    clock: ZoneClock
    note: str = ""


def zone_from(answer: ZoneAnswer, now: datetime) -> str:
    """The zone an answer stands for. Raises Unclear, with candidates where there are any.

    Words typed count unless a named zone is chosen: who fills in the field and forgets its button meant it.
    """
    if answer.choice in (COUNTRY, OTHER, ""):
        if answer.typed:
            return _from_words(answer.typed, now)
        if answer.choice == OTHER:
            raise Unclear("Write a city, a country or a time zone, or choose one above.", [], "zone_typed")
        return _from_country(answer.country, known_zone(answer.browser), now)
    try:
        return canonical(answer.choice)
    except UnknownZone as unknown:
        raise Unclear(unknown.message, _of_country(answer.country, now)) from unknown


def zone_options(
    now: datetime,
    *,
    current: str | None = None,
    country: str = "",
    browser: str = "",
    asked: tuple[str, ...] = (),
) -> list[ZoneOption]:
    """The zones to offer: the one in force, those asked about or of the country, the browser's answer."""
    told = known_zone(browser)
    names = [current, *(asked or _of_country(country, now)[:MOST_CANDIDATES]), told]
    options = {}
    for name in names:
        if name is not None and name not in options:
            options[name] = ZoneOption(clock_in(name, now), "your browser’s answer" if name == told else "")
    return list(options.values())


def known_zone(name: str | None) -> str | None:
    """The zone a browser or a cookie names, or None."""
    try:
        return canonical(name or "")
    except UnknownZone:
        return None


def one_per_clock(zones: tuple[str, ...], now: datetime) -> list[str]:
    """The zones whose clocks differ at some time of this year: of those that agree only the first."""
    kept: dict[tuple[timedelta | None, ...], str] = {}
    for zone in zones:
        kept.setdefault(_year_of(zone, now), zone)
    return list(kept.values())


def _from_words(typed: str, now: datetime) -> str:
    try:
        return choose_zone(typed, now)
    except UnknownZone as unknown:
        candidates = [found.zone for found in find_zones(typed, MOST_CANDIDATES, now)]
        if not candidates:
            raise Unclear(unknown.message, [], "zone_typed") from unknown
        raise Unclear(f"“{typed}” can mean several places. Which is yours?", candidates) from unknown


def _from_country(country: str, told: str | None, now: datetime) -> str:
    if not country:
        raise Unclear("Choose your country, so that we can propose its time zone.", [], "country")
    if told in zones_of(country):
        return told or ""
    zones = _of_country(country, now)
    if told is None:
        if len(zones) == 1:
            return zones[0]
        raise Unclear(f"{country_name(country)} has several time zones. Which is yours?", zones)
    agreeing = [zone for zone in zones if _year_of(zone, now) == _year_of(told, now)]
    if agreeing:
        return agreeing[0]
    sentence = (
        "Your country and your browser do not agree. "
        f"Is your clock that of {city(zones[0])}, of {city(told)}, or another?"
    )
    raise Unclear(sentence, [*zones[: MOST_CANDIDATES - 1], told])


def _of_country(country: str, now: datetime) -> list[str]:
    """Zones of a country with clocks of their own: the chief one, then in the order of the zone database."""
    chief = proposed_zone(country)
    if chief is None:
        return []
    in_order = (zone for zone, code in zones_with_countries().items() if code == country and zone != chief)
    return one_per_clock((chief, *in_order), now)


def _year_of(zone: str, now: datetime) -> tuple[timedelta | None, ...]:
    return tuple(local(now.replace(month=month, day=1), zone).utcoffset() for month in range(1, 13))

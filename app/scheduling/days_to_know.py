"""Public holidays and days off on the dates of a sitting, by country, with how many people keep them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.dates import listed, plain_day, weekday_code, weekday_name
from app.domain.public_holidays import FIRST_YEAR, LAST_YEAR, holidays_in, holidays_of
from app.domain.tally import Group, dates_touched
from app.domain.timezones import Span
from app.domain.zone_directory import country_name, country_of, weekend_of
from app.learning_sessions.sittings import Days
from app.scheduling.audience import counted
from app.scheduling.things_to_know import Thing, thing

SAID = 6
"""So many holidays are named; a sitting of many days can have more."""
WEEK = 7

WITH_ARTICLE = "AE AX BQ BS CC CF CK DO FK FO GB GM IM IO KM KY MH MP MV NL PH PN PS SB SC TC TF UM US VG VI"


@dataclass(frozen=True)
class Presence:
    """People of one country and the local dates on which they meet; none for the sitting's own country."""

    country: str
    people: int
    dates: tuple[date, ...]
    days_off: frozenset[str]


def presences(when: Span | Days, timezone: str, groups: Sequence[Group]) -> list[Presence]:
    """Where people are on which dates, and last the country of the sitting's own zone."""

    zones = {timezone, *(group.zone for group in groups)}
    dates = {zone: dates_touched(when, zone) if isinstance(when, Span) else _dates(when) for zone in zones}
    people: Counter[tuple[str, tuple[date, ...], frozenset[str]]] = Counter()
    for group in groups:
        if group.country is not None:
            people[group.country, dates[group.zone], group.hours.days_off] += group.people
    found = [Presence(country, count, days, off) for (country, days, off), count in people.items()]
    own = country_of(timezone)
    return [*found, Presence(own, 0, dates[timezone], weekend_of(own))] if own else found


def things_about_days(those: Sequence[Presence]) -> Iterator[Thing]:
    """Holidays, days off, and countries of which no holidays are known for the year."""
    several = any(len(one.dates) > 2 for one in those)
    holidays = _by_name(
        (f"{name}, {plain_day(day)}," if several else name, one)
        for one in those
        for day, name in holidays_in(one.country, one.dates[0], one.dates[-1]).items()
        if day in one.dates
    )
    if holidays:
        more = f"; and {len(holidays) - SAID} more" if len(holidays) > SAID else ""
        yield thing("Public holiday", f"{_joined(holidays[:SAID])}{more}.")
    off = _by_name(
        (weekday_name(day), one)
        for one in those
        for day in one.dates
        if weekday_code(day) in one.days_off and len(one.dates) < WEEK
    )
    if off:
        yield thing("Day off", f"{_joined(off)}.")
    for country, year in dict.fromkeys(_without_holidays(those)):
        yield thing(
            "Public holidays", f"none are known {in_country(country)} for {year}; ask somebody there."
        )


def in_country(code: str) -> str:
    """`in Ghana`, `in the Philippines`."""
    return f"in the {country_name(code)}" if code in WITH_ARTICLE.split() else f"in {country_name(code)}"


Named = tuple[str, dict[str, int]]


def _by_name(found: Iterable[tuple[str, Presence]]) -> list[Named]:
    """The countries under each name, with their people; a group that meets it twice is counted once."""
    names: dict[str, dict[str, int]] = {}
    for name, one in dict.fromkeys(found):
        countries = names.setdefault(name, {})
        countries[one.country] = countries.get(one.country, 0) + one.people
    return list(names.items())


def _joined(names: Iterable[Named]) -> str:
    """`Friday and Saturday in Bangladesh (6 people); Sunday in Nepal (2 people)`."""
    by_where: dict[str, list[str]] = {}
    for name, countries in names:
        by_where.setdefault(_where(countries), []).append(name)
    return "; ".join(f"{listed(those)} {where}" for where, those in by_where.items())


def _where(countries: dict[str, int]) -> str:
    """`in Bangladesh (6 people) and in Nepal (2)`, those with most people first."""
    parts: list[str] = []
    for country, people in sorted(countries.items(), key=lambda row: (-row[1], country_name(row[0]))):
        heads = counted(people) if not parts else f"{people:,}"
        parts.append(f"{in_country(country)} ({heads})" if people else f"{in_country(country)} (nobody yet)")
    return " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _dates(when: Days) -> tuple[date, ...]:
    return tuple(
        when.first_on + timedelta(days=one) for one in range((when.last_on - when.first_on).days + 1)
    )


def _without_holidays(those: Sequence[Presence]) -> Iterator[tuple[str, int]]:
    for one in those:
        for year in dict.fromkeys(day.year for day in one.dates):
            if one.people and FIRST_YEAR <= year <= LAST_YEAR and not holidays_of(one.country, year):
                yield one.country, year

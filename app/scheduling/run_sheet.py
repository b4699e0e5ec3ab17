"""The run sheet of a sitting: what happens when, on two clocks, and who comes from where. No queries here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.dates import weekday_short
from app.domain.timezones import local, zone_phrase
from app.domain.zone_names import city
from app.learning_sessions.models import AgendaItem, Offering
from app.web.reader import Reader
from app.web.sittings import Shown, shown


@dataclass(frozen=True)
class Line:
    """A part of the agenda: when it begins on the reader's clock and on the sitting's own."""

    item: AgendaItem
    mine: str
    own: str


@dataclass(frozen=True)
class Guest:
    """Somebody who holds a place, with what their clock shows when it begins."""

    name: str
    country: str | None
    way: str
    place: str
    clock: str


@dataclass(frozen=True)
class RunSheet:
    """`mine` and `own` name the two clocks; `mine` is empty where they agree."""

    shown: Shown
    mine: str
    own: str
    lines: tuple[Line, ...]
    ends: tuple[str, str]
    unplanned: int
    """Minutes of the sitting that no part of the agenda fills."""
    guests: tuple[Guest, ...]
    countries: tuple[tuple[str | None, int], ...]


def run_sheet_of(
    offering: Offering, agenda: Sequence[AgendaItem], coming: Sequence[Any], reader: Reader, now: datetime
) -> RunSheet:
    """`coming`: (name, country, zone, way) of those who hold a place, in the order of the list."""
    zone = reader.timezone or offering.timezone
    at = offering.starts_at
    agree = at is None or local(at, zone).utcoffset() == local(at, offering.timezone).utcoffset()
    counted = Counter(country for _, country, _, _ in coming)
    return RunSheet(
        shown=shown(offering, reader, now),
        mine="" if agree else _named(at, zone),
        own=_named(at, offering.timezone),
        lines=tuple(_lines(agenda, at, zone, offering.timezone)),
        ends=(_clock(offering.ends_at, zone, at), _clock(offering.ends_at, offering.timezone, at)),
        unplanned=(offering.length_minutes or 0) - sum(item.length_minutes for item in agenda),
        guests=tuple(_guest(row, at) for row in coming),
        countries=tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0] or ""))),
    )


def _lines(agenda: Sequence[AgendaItem], starts_at: datetime | None, zone: str, own: str) -> list[Line]:
    found, at = [], starts_at
    for item in agenda:
        found.append(Line(item, _clock(at, zone, starts_at), _clock(at, own, starts_at)))
        at = at + timedelta(minutes=item.length_minutes) if at else None
    return found


def _guest(row: tuple[str, str | None, str, Any], starts_at: datetime | None) -> Guest:
    name, country, zone, way = row
    clock = f"{_clock(starts_at, zone, None)} ({zone_phrase(local(starts_at, zone))})" if starts_at else ""
    return Guest(name, country, way.label, city(zone), clock)


def _clock(at: datetime | None, zone: str, starts_at: datetime | None) -> str:
    """`13:00`; with the weekday where it is not that of the beginning, or where no beginning is given."""
    if at is None:
        return ""
    here = local(at, zone)
    same_day = starts_at is not None and local(starts_at, zone).date() == here.date()
    return f"{here:%H:%M}" if same_day else f"{weekday_short(here)} {here:%H:%M}"


def _named(at: datetime | None, zone: str) -> str:
    """`London (BST, UTC+1)`."""
    return f"{city(zone)} ({zone_phrase(local(at, zone))})" if at else city(zone)

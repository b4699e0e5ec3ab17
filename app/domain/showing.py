"""Which times a page prints for an offering, in which order and in which words (the contract's rules of
showing).

Online the reader's time comes first, in person the venue's; both ways the venue's for holders of an in-person
place, else the reader's. When the two read the same, one is shown. Everything is prepared text: templates
only place it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import timezone as fixed_offset
from functools import lru_cache
from typing import Literal

from app.domain.dates import day_range, long_day, short_day, tiny_day, weekday_short
from app.domain.dayband_words import hours
from app.domain.timezones import Span, abbreviation, local, offset_text, readable_zone, zone_phrase
from app.domain.zone_names import city

__all__ = ["Attendance", "Days", "Reading", "When", "days", "when"]

Attendance = Literal["online", "in_person", "both"]

_WHOSE = {"reader": "your time", "venue": "the venue’s time", "own": "the session’s own time"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A span as the clocks of one place show it."""

    zone: str
    place: str
    whose: str
    starts: datetime
    ends: datetime
    datetime: str
    clock: str
    long_day: str
    long_day_no_year: str
    short_day: str
    short_day_year: str
    weekday: str
    phrase: str
    short_zone: str
    ends_on: str

    @property
    def in_words(self) -> str:
        """`in London (BST, UTC+1)`; `in UTC`."""
        return f"in {self.place}" if self.place == self.phrase else f"in {self.place} ({self.phrase})"

    @property
    def place_and_zone(self) -> str:
        """`London, BST`; `Bogotá, UTC−5`; `UTC`."""
        return self.place if self.place == self.short_zone else f"{self.place}, {self.short_zone}"


@dataclass(frozen=True, slots=True)
class When:
    """The time that leads, and the other one if it reads differently; `also_day` names its day if that
    differs.
    """

    lead: Reading
    also: Reading | None = None
    also_day: str = ""
    also_weekday: str = ""


@lru_cache(maxsize=1024)
def when(
    span: Span,
    reader_zone: str | None,
    own_zone: str,
    attendance: Attendance = "online",
    holds_in_person: bool = False,
    stored_wall: datetime | None = None,
) -> When:
    """What to print for an offering. `stored_wall`, given for past ones and where the zone is lost, is what
    was promised: its own zone's clocks showed it, or would.

    A reader whose zone is not known reads the offering's own.
    """
    own = _reading(span, own_zone, "own" if attendance == "online" else "venue", stored_wall)
    if reader_zone is None:
        return When(own)
    reader = _reading(span, reader_zone, "reader", None if reader_zone != own_zone else stored_wall)
    venue_first = attendance == "in_person" or (attendance == "both" and holds_in_person)
    lead, also = (own, reader) if venue_first else (reader, own)
    if _read_the_same(lead, also):
        return When(lead)
    other_day = lead.starts.date() != also.starts.date()
    return When(lead, also, also.short_day if other_day else "", also.weekday if other_day else "")


def _read_the_same(one: Reading, other: Reading) -> bool:
    return (one.starts.isoformat(), one.ends.isoformat()) == (
        other.starts.isoformat(),
        other.ends.isoformat(),
    )


def _reading(span: Span, zone: str, whose: str, wall: datetime | None) -> Reading:
    starts, ends = local(span.starts_at, zone), local(span.ends_at, zone)
    if wall is not None and starts.replace(tzinfo=None) != wall:
        starts = _as_promised(span, wall)
        ends = span.ends_at.astimezone(starts.tzinfo)
    first, last = starts.date(), (ends - timedelta(microseconds=1)).date()
    changes = starts.utcoffset() != ends.utcoffset()
    return Reading(
        zone=zone,
        place=city(readable_zone(zone) if wall is None else zone),
        whose=_WHOSE[whose],
        starts=starts,
        ends=ends,
        datetime=f"{span.starts_at:%Y-%m-%dT%H:%MZ}",
        clock=hours(starts, ends),
        long_day=long_day(first),
        long_day_no_year=long_day(first, year=False),
        short_day=short_day(first),
        short_day_year=short_day(first, year=True),
        weekday=weekday_short(first),
        phrase=f"{zone_phrase(starts)}, then {zone_phrase(ends)}" if changes else zone_phrase(starts),
        short_zone=_short(starts) if not changes else f"{_short(starts)}, then {_short(ends)}",
        ends_on="" if first == last else f"ends {tiny_day(last)}",
    )


def _as_promised(span: Span, wall: datetime) -> datetime:
    """The stored wall time with the offset it had when it was held, which today's rules no longer know."""
    held = wall - span.starts_at.replace(tzinfo=None)
    return wall.replace(tzinfo=fixed_offset(held)) if abs(held) < timedelta(hours=24) else wall


def _short(at: datetime) -> str:
    return abbreviation(at) or offset_text(at)


@dataclass(frozen=True, slots=True)
class Days:
    """An offering of which only the day or days are known: no hours, nothing invented."""

    text: str
    first: str
    last: str
    place: str
    lasts: bool


def days(first_on: date, last_on: date, zone: str) -> Days:
    """`8 December 2016`, `11–12 May 2027`, with the place whose days they are."""
    first, last = first_on.isoformat(), last_on.isoformat()
    return Days(day_range(first_on, last_on), first, last, city(zone), first_on != last_on)

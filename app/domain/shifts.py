"""Where somebody's hour or weekday moves between two sittings, and which clocks are the reason.

A sitting keeps the wall time of the zone it is promised in. Everywhere else its hour moves when that zone and
the other do not change their clocks on the same day, or not at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from app.domain.dates import listed, month_name, weekday_short
from app.domain.timezones import city, local, zone_rules

__all__ = ["ClockChange", "Shift", "clock_changes", "shifts"]

NEAR = timedelta(days=60)
"""How far apart two zones may change their clocks and still be said to follow one another."""


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A moment at which the clocks of a zone are put forward (`by` > 0) or back."""

    instant: datetime
    day: date
    """The local date of the change, as it is announced: by the clock that is about to be changed."""
    by: timedelta


@dataclass(frozen=True, slots=True)
class Shift:
    """A zone whose clocks stand otherwise against those of the promise than the last time."""

    timezone: str
    place: str
    before: datetime
    after: datetime
    """The local begin of the sitting before and of this one, with their offsets."""
    moves_day: bool
    """Whether it falls on another day there, seen from the day it is promised for."""
    reason: str
    """`New York changed its clocks on 14 March, London not until 28 March`."""
    shared_reason: str
    """The same of several places together: `they changed their clocks on 14 March, London not until …`."""

    @property
    def moves_hour(self) -> bool:
        return self.before.time() != self.after.time()

    @property
    def change(self) -> str:
        """`05:00 → 06:00`; with weekdays where these move: `Wed 23:30 → Thu 00:30`."""
        return f"{self._clock(self.before)} → {self._clock(self.after)}"

    @property
    def sentence(self) -> str:
        """`New York: 05:00 → 06:00, because …`."""
        return f"{self.place}: {self.change}, because {self.reason}"

    def _clock(self, at: datetime) -> str:
        return f"{weekday_short(at)} {at:%H:%M}" if self.moves_day else f"{at:%H:%M}"


@dataclass(frozen=True, slots=True)
class _Who:
    """How a sentence speaks of a place, or of several."""

    name: str
    its: str = "its"
    does: str = "does"


_THEY = _Who("they", "their", "do")


def shifts(before: datetime, after: datetime, promised_in: str, zones: Iterable[str]) -> list[Shift]:
    """The zones in which the hour or the weekday moves between two sittings, in the order of `zones`.

    `before` and `after` are the instants at which they begin, `promised_in` the zone of their promise. A
    change that everybody sees alike, because the second sitting was promised for another hour or weekday, is
    none.
    """
    found = (_shift(before, after, promised_in, zone) for zone in dict.fromkeys(zones))
    return [shift for shift in found if shift is not None]


def _shift(before: datetime, after: datetime, promised_in: str, zone: str) -> Shift | None:
    own = (local(before, promised_in), local(after, promised_in))
    there = (local(before, zone), local(after, zone))
    leads = [_offset(one) - _offset(other) for one, other in zip(there, own, strict=True)]
    days = [(one.date() - other.date()).days for one, other in zip(there, own, strict=True)]
    if leads[0] == leads[1] and days[0] == days[1]:
        return None
    other_hour = ""
    if own[0].time() != own[1].time():
        other_hour = f"it begins at {own[1]:%H:%M} in {city(promised_in)}, not at {own[0]:%H:%M}"
    reasons = []
    for who in (_Who(city(zone)), _THEY):
        clocks = _reason(before, after, promised_in, zone, who) if leads[0] != leads[1] else ""
        reasons.append(" and ".join(filter(None, (clocks, other_hour))))
    return Shift(zone, city(zone), *there, days[0] != days[1], *reasons)


def _reason(before: datetime, after: datetime, promised_in: str, zone: str, who: _Who) -> str:
    """Which of the two changed its clocks, and what the other does; `who` stands for the zone."""
    before, after = sorted((before, after))
    called = {promised_in: _Who(city(promised_in)), zone: who}
    changed = {one: _between(one, before, after) for one in (zone, promised_in)}
    net = {one: _offset(local(after, one)) - _offset(local(before, one)) for one in changed}
    movers = sorted((one for one in changed if net[one]), key=lambda one: changed[one][-1].instant)
    year = after.year
    if len(movers) == 2:
        days = {one: _days(changed[one], net[one], year) for one in movers}
        return _both([(called[one], net[one], days[one]) for one in movers])
    mover = movers[0]
    other = promised_in if mover == zone else zone
    days_said = _days(changed[mover], net[mover], year)
    said = f"{called[mover].name} changed {called[mover].its} clocks on {days_said}"
    return said + _other(other, called[other], changed[mover][-1], before, after)


def _both(movers: list[tuple[_Who, timedelta, str]]) -> str:
    together = len({net > timedelta() for _, net, _ in movers}) == 1
    words = []
    for who, net, days in movers:
        by = f" by {abs(net) // timedelta(minutes=1)} minutes" if together else ""
        words.append(
            f"{who.name} put {who.its} clocks {'forward' if net > timedelta() else 'back'}{by} on {days}"
        )
    return " and ".join(words)


def _other(other: str, who: _Who, change: ClockChange, before: datetime, after: datetime) -> str:
    """What a zone does that did not change its clocks between the two, as the end of a sentence."""
    alike = [
        one
        for one in _between(other, before - NEAR, after + NEAR)
        if (one.by > timedelta()) == (change.by > timedelta()) and abs(one.instant - change.instant) <= NEAR
    ]
    later = [one for one in alike if one.instant > after]
    if later:
        return f", {who.name} not until {_day(later[0].day, after.year)}"
    earlier = [one for one in alike if one.instant <= before]
    if earlier:
        return f"; {who.name} had changed them on {_day(earlier[-1].day, after.year)}"
    year = timedelta(days=366)
    if not _between(other, before - year, after + year):
        return f"; {who.name} {who.does} not change them"
    return f", {who.name} did not"


def _days(changes: list[ClockChange], net: timedelta, year: int) -> str:
    """The day that made the difference; all of them, where no single one did."""
    if changes[-1].by == net:
        return _day(changes[-1].day, year)
    if len(changes) > 3:
        return f"{_day(changes[0].day, year)} and later days, last on {_day(changes[-1].day, year)}"
    return listed([_day(one.day, year) for one in changes])


def _day(day: date, year: int) -> str:
    text = f"{day.day} {month_name(day.month)}"
    return text if day.year == year else f"{text} {day.year}"


def _between(zone: str, first: datetime, last: datetime) -> list[ClockChange]:
    """The changes of a zone's clocks after the first instant, up to the last."""
    years = range(first.year, last.year + 1)
    return [one for year in years for one in clock_changes(zone, year) if first < one.instant <= last]


@lru_cache(maxsize=2048)
def clock_changes(zone: str, year: int) -> tuple[ClockChange, ...]:
    """Every change of a zone's clocks in a year of UTC, in order of time. Raises UnknownZone."""
    rules = zone_rules(zone)
    at, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    found: list[ClockChange] = []
    while at < end:
        following = at + timedelta(days=1)
        if _offset(at.astimezone(rules)) != _offset(following.astimezone(rules)):
            found.append(_change_between(zone, at, following))
        at = following
    return tuple(found)


def _change_between(zone: str, early: datetime, late: datetime) -> ClockChange:
    rules = zone_rules(zone)
    before = _offset(early.astimezone(rules))
    after = _offset(late.astimezone(rules))
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        if _offset(middle.astimezone(rules)) == before:
            early = middle
        else:
            late = middle
    instant = late.replace(microsecond=0)
    return ClockChange(instant, (instant + before).date(), after - before)


def _offset(at: datetime) -> timedelta:
    return at.utcoffset() or timedelta()

"""How a day is spent in a place: when people there sleep, are awake and work, minute by minute of an axis in
UTC.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from app.domain.dates import weekday_code
from app.domain.timezones import local, wall_of

DAY = 24 * 60
QUARTER = 15

NIGHT, AWAKE, WORK, DAY_OFF = "n", "a", "w", "o"


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody works and is awake, in minutes of the local day, and the days off. Work widens the waking
    hours.
    """

    works_from: int = 9 * 60
    works_until: int = 17 * 60
    wakes_from: int = 7 * 60
    wakes_until: int = 22 * 60
    days_off: frozenset[str] = frozenset({"sat", "sun"})
    holidays: frozenset[date] = frozenset()

    def is_day_off(self, day: date) -> bool:
        """Whether nobody works on this local date."""
        return weekday_code(day) in self.days_off or day in self.holidays

    def parts_of(self, day: date, *, exact: bool = False) -> tuple[tuple[int, int, str], ...]:
        """The day as (from, until, state) without empty parts: in whole quarter hours, as bands are drawn, or
        to the minute.
        """
        works_from, works_until = self.works_from, self.works_until
        wakes_from, wakes_until = self.wakes_from, self.wakes_until
        if not exact:
            works_from, works_until = _quarter(works_from), _quarter(works_until)
            wakes_from, wakes_until = _quarter(wakes_from), _quarter(wakes_until)
        wakes_from, wakes_until = min(wakes_from, works_from), max(wakes_until, works_until)
        if self.is_day_off(day):
            daytime = [(wakes_from, wakes_until, DAY_OFF)]
        else:
            daytime = [
                (wakes_from, works_from, AWAKE),
                (works_from, works_until, WORK),
                (works_until, wakes_until, AWAKE),
            ]
        parts = ((0, wakes_from, NIGHT), *daytime, (wakes_until, DAY, NIGHT))
        return tuple(part for part in parts if part[0] < part[1])


USUAL = Hours()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of one state, in minutes from the beginning of the axis."""

    begins: int
    ends: int
    state: str


@dataclass(frozen=True, slots=True)
class Midnight:
    """The moment at which a local day begins, in minutes from the beginning of the axis."""

    minute: int
    day: date


@dataclass(frozen=True, slots=True)
class ClockChange:
    """The moment clocks jump, in minutes from the beginning of the axis; `gained` minutes are added to the
    day.
    """

    minute: int
    gained: int


@dataclass(frozen=True, slots=True)
class DayPicture:
    """All that can be drawn of one zone's hours over an axis."""

    stretches: tuple[Stretch, ...]
    midnights: tuple[Midnight, ...]
    changes: tuple[ClockChange, ...]


def day_start(day: date, zone: str) -> datetime:
    """The instant a local day begins; where clocks skip midnight, the first moment after it."""
    return wall_of(datetime.combine(day, time()), zone)


@lru_cache(maxsize=1024)
def picture(zone: str, hours: Hours, starts_at: datetime, minutes: int) -> DayPicture:
    """The states, local midnights and clock changes of `minutes` minutes from `starts_at`."""
    pieces = clock_pieces(zone, starts_at, minutes)
    stretches: list[Stretch] = []
    midnights: list[Midnight] = []
    today = pieces[0][2].date()
    for begins, ends, wall in pieces:
        if wall.date() > today:
            today = wall.date()
            midnights.append(Midnight(begins, today))
        for day_begins, day in local_days(begins, ends, wall):
            if day > today and day_begins > begins:
                today = day
                midnights.append(Midnight(day_begins, day))
            _add_day(stretches, hours, day, day_begins, begins, ends)
    changes = tuple(ClockChange(after[0], _gained(before, after)) for before, after in pairwise(pieces))
    return DayPicture(tuple(stretches), tuple(midnights), changes)


Piece = tuple[int, int, datetime]


def clock_pieces(zone: str, starts_at: datetime, minutes: int) -> tuple[Piece, ...]:
    """At most a day, cut where clocks change: (first minute, end minute, naive wall time then)."""
    first, last = local(starts_at, zone), local(starts_at + timedelta(minutes=minutes), zone)
    whole = (0, minutes, first.replace(tzinfo=None))
    if first.utcoffset() == last.utcoffset():
        return (whole,)
    low, high = 0, minutes
    while high - low > 1:
        middle = (low + high) // 2
        if local(starts_at + timedelta(minutes=middle), zone).utcoffset() == first.utcoffset():
            low = middle
        else:
            high = middle
    if high == minutes:
        return (whole,)
    changed = local(starts_at + timedelta(minutes=high), zone).replace(tzinfo=None)
    return (0, high, whole[2]), (high, minutes, changed)


def local_days(begins: int, ends: int, wall: datetime) -> list[tuple[int, date]]:
    """The local dates of a piece, each with the minute of the axis at which it begins (before the piece, for
    the first).
    """
    minute, day = begins - (wall.hour * 60 + wall.minute), wall.date()
    days = []
    while minute < ends:
        days.append((minute, day))
        minute, day = minute + DAY, day + timedelta(days=1)
    return days


def _add_day(
    stretches: list[Stretch], hours: Hours, day: date, day_begins: int, begins: int, ends: int
) -> None:
    for part_from, part_until, state in hours.parts_of(day):
        low, high = max(day_begins + part_from, begins), min(day_begins + part_until, ends)
        if low >= high:
            continue
        if stretches and stretches[-1].state == state and stretches[-1].ends == low:
            low = stretches.pop().begins
        stretches.append(Stretch(low, high, state))


def _gained(before: Piece, after: Piece) -> int:
    wall_before = before[2] + timedelta(minutes=before[1] - before[0])
    return int((wall_before - after[2]).total_seconds() // 60)


def _quarter(minute: int) -> int:
    return round(minute / QUARTER) * QUARTER


@dataclass(frozen=True, slots=True)
class Axis:
    """What a band is drawn over: a local day, or noon to noon, in the zone it is headed with."""

    zone: str
    day: date
    starts_at: datetime
    minutes: int
    from_noon: bool = False

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def minute_of(self, instant: datetime) -> int:
        """Minutes from the beginning of the axis; below 0 or above `minutes` when outside."""
        return int((instant - self.starts_at).total_seconds() // 60)


@lru_cache(maxsize=2048)
def axes(starts_at: datetime, ends_at: datetime, zone: str) -> tuple[Axis, ...]:
    """The local day a span falls in; noon to noon if it crosses midnight; one day after the other if it needs
    more.
    """
    day = local(starts_at, zone).date()
    if ends_at <= day_start(day + timedelta(days=1), zone):
        return (_day_axis(zone, day),)
    noon, next_noon = (
        wall_of(datetime.combine(day + timedelta(days=more), time(12)), zone) for more in (0, 1)
    )
    if noon <= starts_at and ends_at <= next_noon:
        return (Axis(zone, day, noon, _minutes(noon, next_noon), from_noon=True),)
    found = []
    while day_start(day, zone) < ends_at:
        found.append(_day_axis(zone, day))
        day += timedelta(days=1)
    return tuple(axis for axis in found if axis.minutes)


@lru_cache(maxsize=2048)
def _day_axis(zone: str, day: date) -> Axis:
    begins = day_start(day, zone)
    return Axis(zone, day, begins, _minutes(begins, day_start(day + timedelta(days=1), zone)))


def _minutes(starts_at: datetime, ends_at: datetime) -> int:
    return int((ends_at - starts_at).total_seconds() // 60)

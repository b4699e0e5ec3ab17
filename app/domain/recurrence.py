"""A series of sittings: its dates from a pattern or from a pasted list, stepped in wall time.

Only the calendar steps; the hour on the wall stays. What the clocks of the zone do to one of the dates (the
hour is skipped, or comes twice) is told with it, and nothing is shifted in silence.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, islice, takewhile

from app.domain.dated_lines import DatedLine
from app.domain.dates import weekday_name
from app.domain.errors import DomainError
from app.domain.timezones import TimeDoesNotExist, TimeHappensTwice, check_wall

__all__ = [
    "MOST",
    "EveryWeeks",
    "Limit",
    "Monthly",
    "Nth",
    "Occurrence",
    "Pattern",
    "days_of",
    "listed_occurrences",
    "occurrence",
    "occurrences",
]

MOST = 60
"""How many sittings one step makes at most."""

LAST_YEAR = 2100


class Nth(StrEnum):
    """Which of the equal weekdays of a month."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    FOURTH = "fourth"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class EveryWeeks:
    """The same weekday every so many weeks."""

    weeks: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.weeks <= 52:
            raise DomainError("Repeat every 1 to 52 weeks.", "interval")

    def days(self, first: date) -> Iterator[date]:
        """Every day from `first` on."""
        return (first + timedelta(weeks=self.weeks * step) for step in count())


@dataclass(frozen=True, slots=True)
class Monthly:
    """The second Tuesday, the last Friday, every so many months. `weekday` 0 is Monday."""

    nth: Nth
    weekday: int
    months: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.months <= 12:
            raise DomainError("Repeat every 1 to 12 months.", "interval")
        if not 0 <= self.weekday <= 6:
            raise DomainError("Choose a weekday.", "weekday")

    def days(self, first: date) -> Iterator[date]:
        """Every such day from `first` on; the months are counted from the first of them."""
        start = first.year * 12 + first.month - 1
        if self._in_month(start) < first:
            start += 1
        return (self._in_month(start + self.months * step) for step in count())

    def _in_month(self, month: int) -> date:
        year, number = divmod(month, 12)
        number += 1
        starts_with, length = monthrange(year, number)
        first = 1 + (self.weekday - starts_with) % 7
        if self.nth is Nth.LAST:
            return date(year, number, first + 7 * ((length - first) // 7))
        return date(year, number, first + 7 * list(Nth).index(self.nth))

    @property
    def in_words(self) -> str:
        """`second Tuesday`."""
        return f"{self.nth} {weekday_name(date(2024, 1, 1 + self.weekday))}"


Pattern = EveryWeeks | Monthly


@dataclass(frozen=True, slots=True)
class Limit:
    """Where a series ends: after so many sittings, or with the last one up to a day. One of the two."""

    count: int | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if (self.count is None) == (self.until is None):
            raise DomainError("Say how many sessions there are, or until when.", "count")
        if self.count is not None and not 1 <= self.count <= MOST:
            raise DomainError(f"A series has between 1 and {MOST} sessions.", "count")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series, as promised. `problem` must be solved before it can be kept."""

    wall: datetime
    timezone: str
    fold: int = 0
    title: str = ""
    problem: TimeDoesNotExist | TimeHappensTwice | None = None


def days_of(pattern: Pattern, first: date, limit: Limit) -> list[date]:
    """The days of a series. Refuses an end before the first, and more than MOST."""
    days = pattern.days(first)
    if limit.count is not None:
        found = list(islice(takewhile(lambda day: day.year <= LAST_YEAR, days), limit.count))
        if len(found) < limit.count:
            raise DomainError(f"The series would go on after {LAST_YEAR}.", "count")
        return found
    until = min(limit.until or first, date(LAST_YEAR, 12, 31))
    found = list(islice(takewhile(lambda day: day <= until, days), MOST + 1))
    if not found:
        raise DomainError("No date of the series lies on or before this day.", "until")
    if len(found) > MOST:
        raise DomainError(f"That is more than {MOST} sessions; end earlier, or make two series.", "until")
    return found


def occurrences(days: Iterable[date], at: time, timezone: str) -> list[Occurrence]:
    """The sittings on these days, each at the same hour on the wall of the zone. Raises UnknownZone."""
    return [occurrence(datetime.combine(day, at), timezone) for day in days]


def listed_occurrences(lines: Sequence[DatedLine], at: time | None, timezone: str) -> list[Occurrence]:
    """The sittings of a pasted list in order of time; `at` where a line names no hour.

    Refuses more than MOST, a line without an hour when there is no `at`, and the same time twice.
    """
    if len(lines) > MOST:
        raise DomainError(f"A series has at most {MOST} sessions; this list has {len(lines)}.", "dates")
    first_line: dict[datetime, int] = {}
    found = []
    for line in lines:
        hour = line.at or at
        if hour is None:
            raise DomainError(f"Line {line.number} names no hour; give one above, or there.", "starts")
        wall = datetime.combine(line.day, hour)
        if wall in first_line:
            raise DomainError(f"Line {line.number} repeats line {first_line[wall]}.", "dates")
        first_line[wall] = line.number
        found.append(occurrence(wall, timezone, title=line.title))
    return sorted(found, key=lambda one: one.wall)


def occurrence(wall: datetime, timezone: str, fold: int | None = None, title: str = "") -> Occurrence:
    """One sitting, with what the clocks do to it. `fold` answers a time that comes twice."""
    try:
        return Occurrence(wall, timezone, check_wall(wall, timezone, fold), title)
    except (TimeDoesNotExist, TimeHappensTwice) as problem:
        return Occurrence(wall, timezone, 0, title, problem)

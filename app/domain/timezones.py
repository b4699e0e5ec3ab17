"""The promise of a sitting (wall time, zone, fold, length) and the instants derived from it; words for
offsets.

Lengths are added in UTC, so a sitting of 90 minutes lasts 90 minutes on the night clocks change.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

from app.domain.dates import long_day, short_day
from app.domain.errors import DomainError
from app.domain.zone_data import (
    UnknownZone,
    readable_zone,
    use_packaged_zone_data,
    zone_data_version,
    zone_rules,
)
from app.domain.zone_names import canonical, city

__all__ = [
    "LONGEST_MINUTES",
    "SHORTEST_MINUTES",
    "Flag",
    "LengthOutOfRange",
    "Promise",
    "Rederived",
    "Span",
    "TimeDoesNotExist",
    "TimeHappensTwice",
    "UnknownZone",
    "WallChoice",
    "abbreviation",
    "canonical",
    "check_wall",
    "city",
    "derive",
    "local",
    "offset_text",
    "readable_zone",
    "rederive",
    "use_packaged_zone_data",
    "wall_of",
    "zone_data_version",
    "zone_phrase",
    "zone_rules",
]

SHORTEST_MINUTES = 5
LONGEST_MINUTES = 24 * 60


class LengthOutOfRange(DomainError):
    """A length below five minutes or above a day."""

    def __init__(self) -> None:
        super().__init__("A session lasts between 5 minutes and 24 hours.", "length_minutes")


@dataclass(frozen=True, slots=True)
class Span:
    """From one UTC instant to a later one."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.utcoffset() is None or self.ends_at.utcoffset() is None:
            raise ValueError("A span is made of aware times.")
        if self.ends_at <= self.starts_at:
            raise ValueError("A span ends after it starts.")

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a moment; one that ends when the other starts does not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised: a wall time in a zone (fold 1: the second of two), and how long it lasts."""

    starts_wall: datetime
    timezone: str
    fold: int
    length_minutes: int

    def __post_init__(self) -> None:
        if self.starts_wall.tzinfo is not None:
            raise ValueError("A promise is made in wall time, without an offset.")
        if self.fold not in (0, 1):
            raise ValueError("fold is 0 or 1.")
        if not SHORTEST_MINUTES <= self.length_minutes <= LONGEST_MINUTES:
            raise LengthOutOfRange


@dataclass(frozen=True, slots=True)
class WallChoice:
    """One of the two instants that bear the same wall time."""

    fold: int
    clock: str
    abbreviation: str
    offset: str
    instant: datetime


class TimeDoesNotExist(DomainError):
    """The wall time lies in a gap. `first_after` is the wall time of the first whole minute after it."""

    def __init__(self, wall: datetime, timezone: str, gap_from: datetime, first_after: datetime) -> None:
        stops, goes_on = f"{gap_from:%H:%M}", f"{first_after:%H:%M}"
        if gap_from.date() != first_after.date():
            stops, goes_on = (f"{at:%H:%M} on {short_day(at.date())}" for at in (gap_from, first_after))
        next_time = f"{first_after:%H:%M} {abbreviation(first_after)}".strip()
        next_day = f" on {long_day(first_after.date())}" if first_after.date() != wall.date() else ""
        super().__init__(
            f"There is no {wall:%H:%M} in {city(timezone)} on {long_day(wall.date())}: "
            f"clocks go from {stops} straight to {goes_on}. "
            f"The next time that exists is {next_time}{next_day}.",
            "starts_wall",
        )
        self.wall = wall
        self.timezone = timezone
        self.first_after = first_after.replace(tzinfo=None)


class TimeHappensTwice(DomainError):
    """The wall time comes twice and nobody has said which is meant. `choices`: the first, the second."""

    def __init__(self, wall: datetime, timezone: str) -> None:
        super().__init__(
            f"{wall:%H:%M} on {long_day(wall.date())} comes twice in {city(timezone)}. Which one?",
            "fold",
        )
        self.wall = wall
        self.timezone = timezone
        self.choices = (_choice(wall, timezone, 0), _choice(wall, timezone, 1))


def _choice(wall: datetime, timezone: str, fold: int) -> WallChoice:
    at = wall.replace(tzinfo=zone_rules(timezone), fold=fold)
    return WallChoice(fold, f"{wall:%H:%M}", abbreviation(at), offset_text(at), at.astimezone(UTC))


def check_wall(wall: datetime, timezone: str, fold: int | None = None) -> int:
    """The fold to store with a wall time: the one given if the time comes twice, else 0.

    Refuses a time that does not exist, and asks (TimeHappensTwice) when it comes twice and no fold is given.
    """
    rules = zone_rules(timezone)
    first, second = wall.replace(tzinfo=rules, fold=0), wall.replace(tzinfo=rules, fold=1)
    if first.utcoffset() == second.utcoffset():
        return 0
    if _is_in_gap(first):
        gap_from, first_after = _edges_of_gap(wall, timezone)
        raise TimeDoesNotExist(wall, timezone, gap_from, first_after)
    if fold is None:
        raise TimeHappensTwice(wall, timezone)
    return fold


def comes_twice(wall: datetime, timezone: str) -> bool:
    """Whether fold tells two instants apart. Not in a gap, nor where the zone data have lost the zone."""
    try:
        check_wall(wall, timezone)
    except TimeHappensTwice:
        return True
    except DomainError:
        return False
    return False


def derive(promise: Promise) -> Span:
    """The instants a promise stands for. Refuses a wall time that does not exist."""
    fold = check_wall(promise.starts_wall, promise.timezone, promise.fold)
    return _span_of(promise, fold)


def _span_of(promise: Promise, fold: int) -> Span:
    starts_at = wall_of(promise.starts_wall, promise.timezone, fold)
    return Span(starts_at, starts_at + timedelta(minutes=promise.length_minutes))


def wall_of(wall: datetime, timezone: str, fold: int = 0) -> datetime:
    """The UTC instant of a wall time. In a gap the offset before it holds (RFC 5545, 3.3.5), so midnight in a
    gap is its end.
    """
    return wall.replace(tzinfo=zone_rules(timezone), fold=fold).astimezone(UTC)


class Flag(StrEnum):
    """What the zones check wants a person to look at."""

    NOW_IN_GAP = "now_in_gap"
    NOW_TWICE = "now_twice"
    ZONE_GONE = "zone_gone"


@dataclass(frozen=True, slots=True)
class Rederived:
    """A promise read again under new zone rules: its instants, its fold, and what to look at."""

    span: Span
    fold: int
    flag: Flag | None = None


def rederive(promise: Promise, held: Span) -> Rederived:
    """Read a promise again under the rules in force; `held` is what was derived before.

    In a gap it takes the offset before it; come twice, the fold that keeps the old instant, else the first; a
    zone that is gone keeps its instant. Each of these is flagged, the second only if the time did not come
    twice before: fold 1 was a choice then.
    """
    try:
        first = wall_of(promise.starts_wall, promise.timezone, 0)
    except UnknownZone:
        return Rederived(held, promise.fold, Flag.ZONE_GONE)
    second = wall_of(promise.starts_wall, promise.timezone, 1)
    if first == second:
        return Rederived(_span_of(promise, 0), 0)
    if _is_in_gap(promise.starts_wall.replace(tzinfo=zone_rules(promise.timezone))):
        return Rederived(_span_of(promise, 0), 0, Flag.NOW_IN_GAP)
    if held.starts_at == (first, second)[promise.fold]:
        return Rederived(_span_of(promise, promise.fold), promise.fold)
    fold = 1 if held.starts_at == second else 0
    return Rederived(_span_of(promise, fold), fold, Flag.NOW_TWICE)


def _is_in_gap(at: datetime) -> bool:
    return at.astimezone(UTC).astimezone(at.tzinfo).replace(tzinfo=None) != at.replace(tzinfo=None)


def _edges_of_gap(wall: datetime, timezone: str) -> tuple[datetime, datetime]:
    """The last wall time before the gap around `wall`, and the first whole minute behind it, both with their
    offset.
    """
    rules = zone_rules(timezone)
    early, late = (wall_of(wall, timezone, fold) for fold in (1, 0))
    before = early.astimezone(rules).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        if middle.astimezone(rules).utcoffset() == before:
            early = middle
        else:
            late = middle
    change = late.replace(microsecond=0)
    gap_from = (change + (before or timedelta())).replace(tzinfo=None)
    first_after = change.astimezone(rules)
    if first_after.second:
        first_after = (change + timedelta(seconds=60 - first_after.second)).astimezone(rules)
    return gap_from, first_after


def local(instant: datetime, timezone: str) -> datetime:
    """The wall time of an instant in a zone, with its offset; in UTC for a zone that the zone data lost.

    A promise outlives the name of its zone, and its instant can still be read.
    """
    if instant.utcoffset() is None:
        raise ValueError("An instant is an aware time.")
    try:
        rules: tzinfo = zone_rules(timezone)
    except UnknownZone:
        rules = UTC
    return instant.astimezone(rules)


def offset_text(at: datetime) -> str:
    """`UTC`, `UTC+1`, `UTC−5` (a true minus), `UTC+5:45`."""
    minutes = round((at.utcoffset() or timedelta()).total_seconds() / 60)
    if minutes == 0:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


def abbreviation(at: datetime) -> str:
    """`BST`, `EAT`; empty where the zone has none but figures (`+06`), which the offset says better."""
    name = at.tzname() or ""
    return name if name.isalpha() else ""


def zone_phrase(at: datetime) -> str:
    """The zone of an aware time in words: `BST, UTC+1`, `UTC−5`, `GMT, UTC`, `UTC`."""
    short, offset = abbreviation(at), offset_text(at)
    return f"{short}, {offset}" if short and short != offset else offset

"""What a change of a sitting is to one person: what it is called, and what it does to their clock.

Pure: two stands of a sitting and a zone in, plain facts out. Words are made of them where letters are.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.day_hours import Hours, picture
from app.domain.timezones import Span, comes_twice, local, readable_zone


@dataclass(frozen=True, slots=True)
class Stand:
    """When and where a sitting is, and whether it takes place: a promise with its instants, or only days."""

    timezone: str
    starts_wall: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    first_on: date | None = None
    last_on: date | None = None
    place: str = ""
    """Attendance and venue: `online`; `in person, Training centre, Accra`."""
    is_cancelled: bool = False
    fold: int = 0
    """1: the second of the two moments at which the clocks show `starts_wall`."""

    @property
    def span(self) -> Span | None:
        """None where only the days are known."""
        if self.starts_at is None or self.ends_at is None:
            return None
        return Span(self.starts_at, self.ends_at)

    @property
    def when(self) -> tuple[object, ...]:
        """What tells one time from another; the wall time follows from it."""
        return self.starts_at, self.ends_at, self.first_on, self.last_on, self.timezone

    @property
    def promise(self) -> tuple[object, ...]:
        """What was promised, whatever the zone data make of it."""
        return self.starts_wall, self.timezone, self.span.minutes if self.span else None

    @property
    def way(self) -> str:
        """How it can be attended, without the venue: `online and in person`."""
        return self.place.partition(", ")[0]

    @property
    def venue(self) -> str:
        """Where it meets, without the way of attending: `Training centre, Accra`; empty without a venue."""
        return self.place.partition(", ")[2]

    def keeps_promise_of(self, before: "Stand") -> bool:
        """Whether the same was promised before, so that only the rules for clocks can have moved it.

        Of an hour that comes twice, the other one is another promise.
        """
        if self.starts_wall is None or self.promise != before.promise:
            return False
        return self.fold == before.fold or not comes_twice(self.starts_wall, self.timezone)


class What(StrEnum):
    """What became of a sitting between two stands; named as the messages that tell it."""

    MOVED = "session-moved"
    RELOCATED = "session-relocated"
    CANCELLED = "session-cancelled"
    RESTORED = "session-restored"
    ZONE_RULES = "zone-rules"
    """The promise stands; a country changed its clocks, and the instant is another."""


def what_changed(before: Stand, after: Stand, *, minds_venue: bool = True) -> What | None:
    """What to tell somebody who knew `before`; None when to them nothing is otherwise.

    To who takes part online it does not matter where others meet, or that they can (`minds_venue` False).
    """
    if before.is_cancelled or after.is_cancelled:
        if before.is_cancelled == after.is_cancelled:
            return None
        return What.CANCELLED if after.is_cancelled else What.RESTORED
    if before.when != after.when:
        return What.ZONE_RULES if after.keeps_promise_of(before) else What.MOVED
    return What.RELOCATED if minds_venue and before.place != after.place else None


class Shape(StrEnum):
    """What a change of time does to the clock of one reader."""

    SAME = "same"
    """Nothing: only the session's own zone is another, or its clocks are."""
    HOUR = "hour"
    """Another hour of the same day."""
    TWICE = "twice"
    """The same hour on the clock, which comes twice that night: the other of the two."""
    DAY = "day"
    """The same hour of another day."""
    DAY_AND_HOUR = "day-and-hour"
    LENGTH = "length"
    """It begins as before and ends at another hour."""
    DAYS = "days"
    """Other days, without hours before and after."""
    HOURS_KNOWN = "hours-known"
    """Only the days were known."""
    HOURS_OPEN = "hours-open"
    """Only the days are known."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A change of time as the clocks of one zone show it; the times are None for days without hours."""

    shape: Shape
    before: tuple[datetime, datetime] | None
    now: tuple[datetime, datetime] | None
    same_weekday: bool = False
    minutes_before: int = 0
    minutes: int = 0

    @property
    def other_length(self) -> bool:
        """Whether it lasts for longer or shorter, and that is not all."""
        both = self.before is not None and self.now is not None
        return both and self.shape is not Shape.LENGTH and self.minutes_before != self.minutes


def difference(before: Stand, after: Stand, zone: str) -> Difference:
    """What a change of time does to a reader in `zone`."""
    was, now = _clocks(before, zone), _clocks(after, zone)
    if was is None or now is None:
        shape = Shape.DAYS if was is now else Shape.HOURS_KNOWN if was is None else Shape.HOURS_OPEN
        if shape is Shape.DAYS and (before.first_on, before.last_on) == (after.first_on, after.last_on):
            shape = Shape.SAME
        return Difference(shape, was, now)
    return Difference(
        _shape(was, now),
        was,
        now,
        was[0].weekday() == now[0].weekday(),
        before.span.minutes if before.span else 0,
        after.span.minutes if after.span else 0,
    )


def falls(span: Span, zone: str, hours: Hours) -> Set[str]:
    """What of a reader's day a session takes: NIGHT, DAY_OFF, WORK, AWAKE, to the quarter of an hour."""
    shown = picture(readable_zone(zone), hours, span.starts_at, span.minutes)
    return {stretch.state for stretch in shown.stretches}


def _clocks(stand: Stand, zone: str) -> tuple[datetime, datetime] | None:
    if stand.starts_at is None or stand.ends_at is None:
        return None
    return local(stand.starts_at, zone), local(stand.ends_at, zone)


def _is_same(one: datetime, other: datetime) -> bool:
    """Whether a clock tells both alike, also which of the two moments of an hour that comes twice."""
    return one.replace(tzinfo=None) == other.replace(tzinfo=None) and one.utcoffset() == other.utcoffset()


def _shape(was: tuple[datetime, datetime], now: tuple[datetime, datetime]) -> Shape:
    if _is_same(was[0], now[0]):
        return Shape.SAME if _is_same(was[1], now[1]) else Shape.LENGTH
    same_day, same_hour = was[0].date() == now[0].date(), was[0].time() == now[0].time()
    if same_day and same_hour:
        return Shape.TWICE
    return Shape.HOUR if same_day else Shape.DAY if same_hour else Shape.DAY_AND_HOUR

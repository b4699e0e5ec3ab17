"""When somebody is reminded of a sitting, until when that is of use, and how far away it is then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from app.domain.errors import DomainError
from app.domain.timezones import UnknownZone, local, zone_rules

USUAL = "1-day 1-hour"
"""What a journey begins with."""

MORNING = time(9)
"""From when a sitting counts of which only the days are known, in its own zone."""


class Reminder(StrEnum):
    """How long before the start somebody is reminded."""

    WEEK = "1-week"
    DAY = "1-day"
    HOUR = "1-hour"

    @property
    def before(self) -> timedelta:
        return _BEFORE[self]

    @property
    def until(self) -> timedelta:
        """How long before the start it is of no use any more: when the next nearer one has its moment,
        whether or not that is wanted; the last at the start. So two are never due at once.
        """
        return _OF_USE_UNTIL[self]

    @property
    def label(self) -> str:
        """`1 week before`."""
        return f"{self.value.replace('-', ' ')} before"

    def moment(self, begins_at: datetime) -> datetime:
        """When it goes out."""
        return begins_at - self.before

    def useless_from(self, begins_at: datetime) -> datetime:
        """From when it is not sent any more."""
        return begins_at - self.until


_BEFORE = {
    Reminder.WEEK: timedelta(days=7),
    Reminder.DAY: timedelta(days=1),
    Reminder.HOUR: timedelta(hours=1),
}
_OF_USE_UNTIL = {
    Reminder.WEEK: timedelta(days=1),
    Reminder.DAY: timedelta(hours=1),
    Reminder.HOUR: timedelta(0),
}


def parsed(text: str) -> frozenset[Reminder]:
    """The reminders of a text such as `1-day 1-hour`."""
    return frozenset(Reminder(word) for word in text.split())


def written(chosen: Iterable[str]) -> str:
    """The text they are kept as, the longest before first. Refuses what is none."""
    named = set(chosen)
    if not named <= set(Reminder):
        raise DomainError("Choose among the reminders of the list.", "reminders")
    return " ".join(one for one in Reminder if one in named)


def wanted(own: str | None, usual: str) -> frozenset[Reminder]:
    """The reminders somebody gets: their own choice, which may be none, else what is usual in the journey."""
    return parsed(usual if own is None else own)


def begins_at(starts_at: datetime | None, first_on: date | None, timezone: str) -> datetime:
    """The instant that reminders are counted back from: the start; of a sitting that has no hours yet, the
    morning of its first day where it is held.
    """
    if starts_at is not None:
        return starts_at
    if first_on is None:
        raise ValueError("A sitting has a start or a first day.")
    try:
        rules: tzinfo = zone_rules(timezone)
    except UnknownZone:
        rules = UTC
    return datetime.combine(first_on, MORNING, rules).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Distance:
    """How far away a sitting is."""

    days: int
    """Midnights between now and then, as its reader's clock counts them: 0 is today, 1 tomorrow."""
    minutes: int
    """Elapsed, rounded."""

    @property
    def hours(self) -> int:
        """Elapsed, rounded."""
        return (self.minutes + 30) // 60

    @property
    def is_near(self) -> bool:
        """Whether minutes tell it best, whatever day it is."""
        return self.minutes <= 90


def distance(now: datetime, then: datetime, timezone: str) -> Distance:
    """How far `then` is from `now` on the clock of a zone."""
    days = (local(then, timezone).date() - local(now, timezone).date()).days
    return Distance(days, round((then - now).total_seconds() / 60))

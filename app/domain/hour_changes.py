"""When the next sitting of a journey is at another hour of somebody's day although its own hour stands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.reminders import Reminder
from app.domain.timezones import local

AHEAD = timedelta(days=7)
"""How long before the later sitting it is told at the earliest."""


@dataclass(frozen=True, slots=True)
class Held:
    """A sitting somebody holds a place in: its promise and its instants."""

    starts_wall: datetime
    timezone: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class HourChange:
    """The begin of either sitting, with its offset, on the clock of who attends and on that of its own zone,
    which shows the same hour both times.
    """

    before: datetime
    after: datetime
    own_before: datetime
    own_after: datetime

    @property
    def moves_day(self) -> bool:
        """Whether it falls on another day for who attends, seen from the day it is promised for."""
        return self.before.date() - self.own_before.date() != self.after.date() - self.own_after.date()

    @property
    def own_changed(self) -> bool:
        """Whether the clocks of the sitting's zone stand otherwise than before."""
        return self.own_before.utcoffset() != self.own_after.utcoffset()

    @property
    def reader_changed(self) -> bool:
        """The same of the clocks of who attends. One of the two did, or both and differently."""
        return self.before.utcoffset() != self.after.utcoffset()


def hour_change(earlier: Held, later: Held, timezone: str) -> HourChange | None:
    """What changes on a clock of `timezone` between two sittings; None where nothing does.

    Also None where the later one was promised for another hour or in another zone: that is no surprise of the
    clocks, and is told where it is promised.
    """
    if earlier.timezone != later.timezone or earlier.starts_wall.time() != later.starts_wall.time():
        return None
    before, after = local(earlier.starts_at, timezone), local(later.starts_at, timezone)
    if before.time() == after.time():
        return None
    own = later.timezone
    return HourChange(before, after, local(earlier.starts_at, own), local(later.starts_at, own))


def time_to_tell(
    earlier: Held, later: Held, reminders: Collection[Reminder]
) -> tuple[datetime, datetime] | None:
    """From when until before when it is told in a letter of its own; None: reminders tell it.

    From the end of the earlier sitting, not longer than a week before the later. The reminder a week before
    tells it where that comes after the earlier sitting; the one a day before, where no time is left before
    it. Without that one it is told until an hour before the start.
    """
    begins = max(earlier.ends_at, later.starts_at - AHEAD)
    if Reminder.WEEK in reminders and earlier.ends_at <= later.starts_at - AHEAD:
        return None
    last = Reminder.DAY if Reminder.DAY in reminders else Reminder.HOUR
    ends = last.moment(later.starts_at)
    return (begins, ends) if begins < ends else None

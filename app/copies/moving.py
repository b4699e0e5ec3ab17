"""The dates of a copy: all move by the same number of days, and keep the hour on the wall. Decides only."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from app.domain.dates import day_range, short_day
from app.domain.timezones import Promise, city, local, wall_of
from app.learning_sessions.sittings import Days

When = Promise | Days


def first_day(whens: Iterable[When], starts_on: date | None) -> date | None:
    """The day on which the first sitting is; without sittings, the journey's first day."""
    return min((day_of(one) for one in whens), default=starts_on)


def day_of(when: When) -> date:
    """The day on which it begins, as promised."""
    return when.starts_wall.date() if isinstance(when, Promise) else when.first_on


def days_in(when: When) -> tuple[date, date]:
    """The first day and the last, as promised; a sitting with an hour counts as one day."""
    return (day_of(when), when.last_on if isinstance(when, Days) else day_of(when))


def in_words(when: When) -> str:
    """`Thu 25 March 2021, 10:00 London`; `11–12 May 2027, Accra`."""
    if isinstance(when, Days):
        return f"{day_range(when.first_on, when.last_on)}, {city(when.timezone)}"
    day = short_day(when.starts_wall.date(), year=True)
    return f"{day}, {when.starts_wall:%H:%M} {city(when.timezone)}"


def days_to_move(first: date, to: date, *, keep_weekdays: bool) -> int:
    """By how many days everything moves, so that the first day becomes `to`.

    With `keep_weekdays` by whole weeks: to the first day of the same weekday on or after `to`.
    """
    days = (to - first).days
    return 7 * -(-days // 7) if keep_weekdays else days


def moved(when: When, days: int) -> When:
    """The same, so many days later; the zone, the hour on the wall and the length stay."""
    by = timedelta(days=days)
    if isinstance(when, Days):
        return Days(when.first_on + by, when.last_on + by, when.timezone)
    return replace(when, starts_wall=when.starts_wall + by, fold=0)


def wall_begin(when: When) -> datetime:
    """When it begins by the clock of its zone; whole days begin with the first."""
    return when.starts_wall if isinstance(when, Promise) else datetime.combine(when.first_on, time())


def moved_instant(instant: datetime | None, by: timedelta, timezone: str) -> datetime | None:
    """An instant so much later by the clocks of a zone; where they skip that time, right behind it."""
    if instant is None:
        return None
    at = local(instant, timezone)
    return wall_of(at.replace(tzinfo=None, fold=0) + by, timezone, at.fold)

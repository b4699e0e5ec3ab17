"""A week or a month of one person's sittings, day by day in one zone; no queries here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from app.domain.dates import day_range, long_day, month_name, short_day
from app.domain.day_hours import day_start
from app.domain.showing import Days, When, days, when
from app.domain.timezones import Span, local
from app.facilitators.absences import in_words
from app.facilitators.models import Absence
from app.scheduling.diary import AgendaRow

FIRST_DAY, LAST_DAY = date(1970, 2, 1), date(2100, 11, 30)


class View(StrEnum):
    """How much of the agenda is shown."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """The days shown: for a month, whole weeks from Monday. `on` lies in what is meant."""

    view: View
    on: date
    timezone: str

    @property
    def first(self) -> date:
        """The first day shown, a Monday."""
        start = self.on.replace(day=1) if self.view is View.MONTH else self.on
        return start - timedelta(days=start.weekday())

    @property
    def last(self) -> date:
        """The last day shown, a Sunday."""
        if self.view is View.WEEK:
            return self.first + timedelta(days=6)
        after = (self.on.replace(day=28) + timedelta(days=4)).replace(day=1)
        end = after - timedelta(days=1)
        return end + timedelta(days=6 - end.weekday())

    @property
    def heading(self) -> str:
        """`April 2027`; `19–25 April 2027`."""
        if self.view is View.MONTH:
            return f"{month_name(self.on.month)} {self.on.year}"
        return day_range(self.first, self.last)

    @property
    def starts_at(self) -> datetime:
        """The instant at which the first day begins in the zone."""
        return day_start(self.first, self.timezone)

    @property
    def ends_at(self) -> datetime:
        """The instant at which the last day ends in the zone."""
        return day_start(self.last + timedelta(days=1), self.timezone)

    def beside(self, step: int) -> date:
        """A day of the week or month before (−1) or after (1)."""
        if self.view is View.WEEK:
            return self.on + timedelta(days=7 * step)
        return (self.on.replace(day=15) + timedelta(days=30 * step)).replace(day=1)


@dataclass(frozen=True)
class Entry:
    """A sitting on one day. `clock` says the hours of that day: `13:00–14:30`, `until 01:30`, `all day`."""

    row: AgendaRow
    clock: str
    when: When | None
    days: Days | None
    roles: str
    absence: str = ""
    """The reader's own absence that it falls into."""


@dataclass(frozen=True)
class AgendaDay:
    """One local day with what happens on it."""

    day: date
    name: str
    is_today: bool
    is_outside: bool
    """Of the month before or after."""
    entries: tuple[Entry, ...]
    absences: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.entries and not self.absences


def arrange(
    period: Period, rows: Sequence[AgendaRow], absences: Sequence[Absence], now: datetime
) -> list[AgendaDay]:
    """Every day of the period in order. A sitting that crosses midnight stands on both days."""
    today = local(now, period.timezone).date()
    count = (period.last - period.first).days + 1
    return [
        _day(period, period.first + timedelta(days=number), rows, absences, today) for number in range(count)
    ]


def _day(
    period: Period, day: date, rows: Sequence[AgendaRow], absences: Sequence[Absence], today: date
) -> AgendaDay:
    zone = period.timezone
    entries = [_entry(row, day, zone, absences) for row in rows if _is_on(row, day, zone)]
    away = [one for one in absences if _touches(one.starts_at, one.ends_at, day, zone)]
    return AgendaDay(
        day,
        long_day(day) if period.view is View.WEEK else short_day(day),
        day == today,
        period.view is View.MONTH and day.month != period.on.month,
        tuple(sorted(entries, key=_order)),
        tuple(in_words(one) for one in away),
    )


def _order(entry: Entry) -> tuple[datetime, int]:
    return entry.row.starts_at or datetime.min.replace(tzinfo=UTC), entry.row.offering_id


def weeks(agenda: Sequence[AgendaDay]) -> list[Sequence[AgendaDay]]:
    """The days in rows of seven."""
    return [agenda[start : start + 7] for start in range(0, len(agenda), 7)]


def _is_on(row: AgendaRow, day: date, zone: str) -> bool:
    if row.starts_at is not None and row.ends_at is not None:
        return _touches(row.starts_at, row.ends_at, day, zone)
    return row.first_on is not None and row.last_on is not None and row.first_on <= day <= row.last_on


def _touches(starts_at: datetime, ends_at: datetime, day: date, zone: str) -> bool:
    first = local(starts_at, zone).date()
    last = local(ends_at - timedelta(microseconds=1), zone).date()
    return first <= day <= last


def _entry(row: AgendaRow, day: date, zone: str, absences: Sequence[Absence]) -> Entry:
    if row.starts_at is None or row.ends_at is None:
        first, last = row.first_on or day, row.last_on or day
        return Entry(row, "all day", None, days(first, last, row.timezone), row.roles)
    wall = row.starts_wall if zone == row.timezone else None
    shown = when(Span(row.starts_at, row.ends_at), zone, row.timezone, stored_wall=wall)
    away = [in_words(one) for one in absences if one.starts_at < row.ends_at and row.starts_at < one.ends_at]
    leads = "you lead" in row.roles
    return Entry(row, _clock(row, day, zone), shown, None, row.roles, away[0] if away and leads else "")


def _clock(row: AgendaRow, day: date, zone: str) -> str:
    assert row.starts_at is not None  # noqa: S101  # asked by the caller
    assert row.ends_at is not None  # noqa: S101  # likewise
    starts, ends = local(row.starts_at, zone), local(row.ends_at, zone)
    last = local(row.ends_at - timedelta(microseconds=1), zone)
    end = "24:00" if ends.time() == time() else f"{ends:%H:%M}"
    if starts.date() == last.date():
        return f"{starts:%H:%M}–{end}"
    if day == starts.date():
        return f"from {starts:%H:%M}"
    return f"until {end}" if day == last.date() else "all day"

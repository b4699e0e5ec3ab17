"""When somebody says they could come: weekdays and hours on their own clock."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.dates import WEEKDAYS, listed, weekday_code
from app.domain.errors import DomainError
from app.domain.timezones import Span, local

DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Availability:
    """Weekdays (none named: any day) and, if any, the hours of a day between which somebody can come."""

    weekdays: frozenset[str] = frozenset()
    """Of `mon` … `sun`."""
    can_from: int | None = None
    """Minutes after local midnight; with `can_until`, or neither."""
    can_until: int | None = None
    """At most 1440, the end of the day."""

    def __post_init__(self) -> None:
        if not self.weekdays <= frozenset(WEEKDAYS):
            raise DomainError("Choose weekdays from Monday to Sunday.", "weekdays")
        if self.can_from is None and self.can_until is None:
            return
        if self.can_from is None:
            raise DomainError("Say from when on you can, or leave both hours empty.", "can_from")
        if self.can_until is None:
            raise DomainError("Say until when you can, or leave both hours empty.", "can_until")
        if not 0 <= self.can_from < self.can_until <= DAY_MINUTES:
            raise DomainError("The hours end after they begin, on the same day.", "can_until")

    @property
    def stored_weekdays(self) -> str:
        """`mon thu`, in the order of the week; empty for any day."""
        return " ".join(day for day in WEEKDAYS if day in self.weekdays)

    @property
    def hours(self) -> str:
        """`16:00–19:00`; empty for any hour."""
        if self.can_from is None or self.can_until is None:
            return ""
        return f"{_clock(self.can_from)}–{_clock(self.can_until)}"

    @property
    def days_in_words(self) -> str:
        """`any day`, `Mon to Fri`, `Mon, Wed and Sun`."""
        return _days(self.weekdays)

    @property
    def in_words(self) -> str:
        """`any day at any hour`, `Mon and Thu, 16:00–19:00`. Say the zone of the hours too."""
        return f"{self.days_in_words}, {self.hours}" if self.hours else f"{self.days_in_words} at any hour"

    def fits(self, span: Span, timezone: str) -> bool:
        """Whether the whole span lies within what was said, as clocks in `timezone` show it."""
        starts, ends = local(span.starts_at, timezone), local(span.ends_at, timezone)
        if self.weekdays and weekday_code(starts.date()) not in self.weekdays:
            return False
        if self.can_from is None or self.can_until is None:
            return True
        nights = (ends.date() - starts.date()).days
        begins, until = starts.hour * 60 + starts.minute, nights * DAY_MINUTES + ends.hour * 60 + ends.minute
        return self.can_from <= begins and until <= self.can_until


def _days(weekdays: Iterable[str]) -> str:
    chosen = [day for day in WEEKDAYS if day in weekdays]
    if len(chosen) in (0, len(WEEKDAYS)):
        return "any day"
    places = [WEEKDAYS.index(day) for day in chosen]
    names = [day.capitalize() for day in chosen]
    runs_on = places == list(range(places[0], places[-1] + 1))
    return f"{names[0]} to {names[-1]}" if runs_on and len(names) > 2 else listed(names)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"

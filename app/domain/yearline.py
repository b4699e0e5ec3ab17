"""The year line: the sessions of a journey as numbered marks on a line of months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MOST_MARKS = 12
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Tick:
    x: str
    text: str
    is_fine: bool


@dataclass(frozen=True)
class Mark:
    x: str
    number: int


@dataclass(frozen=True)
class Yearline:
    """x in percent of the line, from the first of the first month to the end of the last."""

    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]


def yearline(days: Sequence[tuple[int, date]]) -> Yearline | None:
    """The line for (number, day) pairs; None where it would say nothing: fewer than 2 or more than 12 marks,
    or more than three years."""
    if not 2 <= len(days) <= MOST_MARKS:
        return None
    first = min(day for _, day in days).replace(day=1)
    last = _next_month(max(day for _, day in days))
    months = _months(first, last)
    if len(months) > 36:
        return None
    width = (last - first).days

    def x(day: date) -> str:
        return f"{100 * (day - first).days / width:.3f}".rstrip("0").rstrip(".") + "%"

    step = 1 if len(months) <= 4 else 3
    ticks = tuple(
        Tick(x(month), _label(month, number == 0), number % step != 0) for number, month in enumerate(months)
    )
    return Yearline(ticks, tuple(Mark(x(day), number) for number, day in days))


def _label(month: date, with_year: bool) -> str:
    name = MONTHS[month.month - 1]
    return f"{name} {month.year}" if with_year or month.month == 1 else name


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _months(first: date, end: date) -> list[date]:
    found, month = [], first
    while month < end:
        found.append(month)
        month = _next_month(month)
    return found

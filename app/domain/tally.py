"""How many people would be at work, awake, on a day off or asleep while a session runs.

Each person counts once, at the heaviest state the session takes them through: asleep, else on a day off, else
awake outside work, else at work throughout. States are read to the minute.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.domain.day_hours import AWAKE, DAY_OFF, NIGHT, WORK, Hours, clock_pieces, local_days
from app.domain.timezones import Span

HEAVIEST_FIRST = (NIGHT, DAY_OFF, AWAKE, WORK)


@dataclass(frozen=True, slots=True)
class Group:
    """People of one zone who keep the same hours. `country`: whose holidays they have, if that is known."""

    zone: str
    people: int
    hours: Hours
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Head counts; each person is in one of them."""

    at_work: int = 0
    awake: int = 0
    day_off: int = 0
    asleep: int = 0

    @property
    def people(self) -> int:
        return self.at_work + self.awake + self.day_off + self.asleep


def tally(span: Span, groups: Iterable[Group]) -> Tally:
    """Count the people of all groups during a span of at most a day."""
    counts = dict.fromkeys(HEAVIEST_FIRST, 0)
    for group in groups:
        counts[heaviest(span, group.zone, group.hours)] += group.people
    return Tally(counts[WORK], counts[AWAKE], counts[DAY_OFF], counts[NIGHT])


def heaviest(span: Span, zone: str, hours: Hours) -> str:
    """The heaviest state a span of at most a day takes somebody through who keeps these hours in a zone."""
    passed = set(_states(span, zone, hours))
    return next(state for state in HEAVIEST_FIRST if state in passed)


def dates_touched(span: Span, zone: str) -> tuple[date, ...]:
    """The local dates of a span of at most a day, in order; an end at midnight does not touch the next."""
    found = (day for _, _, days in _local_days_of(span, zone) for _, day in days)
    return tuple(dict.fromkeys(found))


def _states(span: Span, zone: str, hours: Hours) -> Iterator[str]:
    for begins, ends, days in _local_days_of(span, zone):
        for day_begins, day in days:
            for part_from, part_until, state in hours.parts_of(day, exact=True):
                if max(day_begins + part_from, begins) < min(day_begins + part_until, ends):
                    yield state


@lru_cache(maxsize=1024)
def _local_days_of(span: Span, zone: str) -> tuple[tuple[int, int, list[tuple[int, date]]], ...]:
    """The minutes of a span between changes of the clocks, with their local days; kept, since many groups of
    people live in one zone.
    """
    pieces = clock_pieces(zone, span.starts_at, span.minutes)
    return tuple((begins, ends, local_days(begins, ends, wall)) for begins, ends, wall in pieces)

"""The table of a series: every date, what clocks show then in every place concerned, and what is to know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from app.domain.dates import listed, short_day, weekday_short
from app.domain.day_hours import DAY_OFF, NIGHT
from app.domain.shifts import Shift, shifts
from app.domain.tally import Group, heaviest
from app.domain.timezones import Span, city, local, zone_phrase
from app.domain.zone_directory import longitude_of
from app.scheduling.audience import Audience, with_holidays
from app.scheduling.days_to_know import presences, things_about_days
from app.scheduling.series import Planned
from app.scheduling.things_to_know import Thing, thing, things_about_passing

NAMED = 4
"""So many places are named at the head of a column."""

STATES = {NIGHT: "asleep", DAY_OFF: "day off"}


@dataclass(frozen=True)
class Column:
    """Places whose clocks agree on every date of the series."""

    zones: tuple[str, ...]
    people: int

    @property
    def label(self) -> str:
        """`Accra and Lomé`; `Paris, Berlin, Rome, Madrid and 2 more`."""
        cities = [city(zone) for zone in self.zones]
        if len(cities) > NAMED + 1:
            return f"{', '.join(cities[:NAMED])} and {len(cities) - NAMED} more"
        return listed(cities)


@dataclass(frozen=True)
class Cell:
    """What clocks show in the places of a column when one sitting begins."""

    weekday: str
    clock: str
    state: str
    """`asleep`, `day off`, or nothing."""
    is_moved: bool
    """Whether hour or weekday are others than for the sitting before."""


@dataclass(frozen=True)
class Row:
    """One date. The hours are those of the promise's zone."""

    datetime: str
    day: str
    clock: str
    phrase: str
    cells: tuple[Cell, ...]
    things: tuple[Thing, ...]


@dataclass(frozen=True)
class Table:
    """Columns, and the rows by the keys of their sittings."""

    columns: tuple[Column, ...]
    rows: Mapping[str, Row]
    whom: str


def table_of(
    series: Sequence[Planned], audience: Audience, clashing: Mapping[str, Sequence[Thing]], now: datetime
) -> Table:
    """The table of a series; empty without dates. Reads nothing."""
    spans = {one.key: one.span for one in series}
    if not series:
        return Table((), {}, audience.in_words)
    timezone = series[0].promise.timezone
    first = min(span.starts_at for span in spans.values())
    last = max(span.ends_at for span in spans.values())
    a_day = timedelta(days=1)
    groups = with_holidays(audience.groups, (first - a_day).date(), (last + a_day).date())
    columns = columns_of(groups, list(spans.values()))
    moved = _moved(spans, timezone, columns)
    rows = {
        key: Row(
            f"{span.starts_at:%Y-%m-%dT%H:%MZ}",
            short_day(_starts(span, timezone).date(), year=True),
            _clock(span, timezone),
            zone_phrase(_starts(span, timezone)),
            tuple(_cell(span, column, groups, moved[key]) for column in columns),
            (
                *things_about_passing(span, now),
                *_hours_moved(moved[key], columns),
                *_holidays(span, timezone, audience.groups),
                *clashing.get(key, ()),
            ),
        )
        for key, span in spans.items()
    }
    return Table(columns, rows, audience.in_words)


def columns_of(groups: Iterable[Group], spans: Sequence[Span]) -> tuple[Column, ...]:
    """The places of these people from west to east; those whose clocks agree on all dates stand together."""
    people: dict[str, int] = {}
    for group in groups:
        people[group.zone] = people.get(group.zone, 0) + group.people
    together: dict[tuple[timedelta, ...], list[str]] = {}
    for zone in sorted(people, key=lambda one: (-people[one], longitude_of(one), one)):
        offsets = tuple(_starts(span, zone).utcoffset() or timedelta() for span in spans)
        together.setdefault(offsets, []).append(zone)
    return tuple(
        Column(tuple(zones), sum(people[zone] for zone in zones)) for _, zones in sorted(together.items())
    )


def _moved(spans: Mapping[str, Span], timezone: str, columns: Sequence[Column]) -> dict[str, list[Shift]]:
    """What moves with each sitting against the one before it, in order of time."""
    in_time = sorted(spans, key=lambda key: spans[key].starts_at)
    moved: dict[str, list[Shift]] = {key: [] for key in in_time}
    zones = [column.zones[0] for column in columns]
    for before, key in pairwise(in_time):
        moved[key] = shifts(spans[before].starts_at, spans[key].starts_at, timezone, zones)
    return moved


def _hours_moved(moved: Sequence[Shift], columns: Sequence[Column]) -> list[Thing]:
    """Where hours or weekdays move; places that have the same reason are told together."""
    together: dict[tuple[bool, str], list[Shift]] = {}
    for shift in moved:
        together.setdefault((shift.moves_day, shift.shared_reason), []).append(shift)
    return [
        thing("Weekday moved" if moves_day else "Hour moved", _moved_words(those, columns))
        for (moves_day, _), those in together.items()
    ]


def _moved_words(those: Sequence[Shift], columns: Sequence[Column]) -> str:
    by_zone = {column.zones[0]: column for column in columns}
    if len(those) == 1 and len(by_zone[those[0].timezone].zones) == 1:
        return f"{those[0].sentence}."
    named = [f"{by_zone[one.timezone].label} {one.change}" for one in those]
    return f"{'; '.join(named)}, because {those[0].shared_reason}."


def _cell(span: Span, column: Column, groups: Sequence[Group], moved: Sequence[Shift]) -> Cell:
    """What the clocks show; `asleep` or `day off` where that is so for most people of the column."""
    at = _starts(span, column.zones[0])
    states: dict[str, int] = {}
    for group in groups:
        if group.zone in column.zones:
            state = heaviest(span, group.zone, group.hours)
            states[state] = states.get(state, 0) + max(group.people, 1)
    most = max(states, key=lambda state: states[state])
    is_moved = any(shift.timezone == column.zones[0] for shift in moved)
    return Cell(weekday_short(at), f"{at:%H:%M}", STATES.get(most, ""), is_moved)


def _holidays(span: Span, timezone: str, groups: Sequence[Group]) -> list[Thing]:
    """Public holidays, with their countries; the days off of every week stand in the cells."""
    those = presences(span, timezone, groups)
    return [one for one in things_about_days(those) if one.label == "Public holiday"]


def _starts(span: Span, timezone: str) -> datetime:
    return local(span.starts_at, timezone)


def _clock(span: Span, timezone: str) -> str:
    starts, ends = _starts(span, timezone), local(span.ends_at, timezone)
    return f"{starts:%H:%M}–{ends:%H:%M}"

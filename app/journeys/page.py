"""What the page of a journey shows, arranged from rows; no queries here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from app.domain.dates import day_range, long_day
from app.domain.moves import Move
from app.domain.timezones import local
from app.domain.yearline import Yearline, yearline
from app.web.moves import was
from app.web.reader import Reader
from app.web.sittings import Shown, seats_left, shown


class SittingShown(NamedTuple):
    """One offering in the timeline."""

    id: int
    shown: Shown
    is_cancelled: bool
    venue: str
    seats: str
    place: Any = None
    was: Shown | None = None
    """When it was some days ago, if it has moved since."""
    takes_requests: bool = True
    """Whether places can be asked for now, as far as the sitting is concerned."""
    is_declined: bool = False
    """The organisers have declined the reader's request for a place."""


class TimelineItem(NamedTuple):
    """One learning session in the timeline, with its offerings."""

    number: int
    slug: str
    title: str
    summary: str
    language: str
    id: int
    themes: tuple[str, ...] = ()
    sittings: tuple[SittingShown, ...] = ()
    is_next: bool = False

    @property
    def is_past(self) -> bool:
        return bool(self.sittings) and all(one.shown.is_over for one in self.sittings)


def timeline(
    rows: Sequence[Any],
    reader: Reader,
    now: datetime,
    places: Mapping[int, Any],
    themes: Mapping[int, Sequence[str]],
    moves: Mapping[int, tuple[Move, ...]] = MappingProxyType({}),
) -> list[TimelineItem]:
    """The learning sessions of a journey in order; the one that comes next is marked."""
    found = []
    for number, (one, group) in enumerate(groupby(rows, key=attrgetter("learning_session_id")), start=1):
        its_rows = list(group)
        row = its_rows[0]
        sittings = tuple(
            _sitting(row, reader, now, places.get(row.offering_id), moves)
            for row in its_rows
            if row.offering_id is not None
        )
        about = (number, row.slug, row.title, row.summary, row.language, one)
        found.append(TimelineItem(*about, tuple(themes.get(one, ())), sittings))
    return _with_next_marked(found, now)


def by_theme(
    items: Sequence[TimelineItem], themes: Mapping[int, Sequence[int]]
) -> dict[int, tuple[Any, ...]]:
    """Theme id → (slug, title) of its learning sessions, in order."""
    found: dict[int, list[tuple[str, str]]] = {}
    for item in items:
        for theme_id in themes.get(item.id, ()):
            found.setdefault(theme_id, []).append((item.slug, item.title))
    return {theme_id: tuple(pairs) for theme_id, pairs in found.items()}


def _sitting(
    row: Any, reader: Reader, now: datetime, place: Any, moves: Mapping[int, tuple[Move, ...]]
) -> SittingShown:
    is_declined = place is not None and place.status == "declined"
    holds_in_person = place is not None and place.way == "in-person" and place.status == "confirmed"
    online = seats_left(row.capacity_online, row.taken_online)
    in_person = seats_left(row.capacity_in_person, row.taken_in_person)
    if row.attendance == "both":
        online, in_person = online and f"{online} online", in_person and f"{in_person} in person"
    times, is_cancelled = shown(row, reader, now, holds_in_person), row.status == "cancelled"
    is_on = not is_cancelled and not times.is_over
    return SittingShown(
        row.offering_id,
        times,
        is_cancelled,
        ", ".join(part for part in (row.venue, row.city) if part),
        "; ".join(text for text in (online, in_person) if text),
        None if is_declined else place,
        was(moves, row.offering_id, row, reader, now) if moves and is_on else None,
        not is_cancelled and not times.has_begun and _is_registration_open(row, now),
        is_declined,
    )


def _is_registration_open(row: Any, now: datetime) -> bool:
    opens_at, closes_at = row.registration_opens_at, row.registration_closes_at
    return (opens_at is None or opens_at <= now) and (closes_at is None or now < closes_at)


def _with_next_marked(items: list[TimelineItem], now: datetime) -> list[TimelineItem]:
    coming = [
        (sitting.shown.sort_key, place)
        for place, item in enumerate(items)
        for sitting in item.sittings
        if sitting.shown.sort_key is not None and sitting.shown.sort_key > now and not sitting.is_cancelled
    ]
    if coming:
        place = min(coming)[1]
        items[place] = items[place]._replace(is_next=True)
    return items


def line_of_months(rows: Sequence[Any]) -> Yearline | None:
    """The year line of the sessions' first offerings."""
    days: dict[int, date] = {}
    numbers: dict[int, int] = {}
    for row in rows:
        numbers.setdefault(row.learning_session_id, len(numbers) + 1)
        day = row.first_on or (local(row.starts_at, row.timezone).date() if row.starts_at else None)
        if day is not None:
            days.setdefault(row.learning_session_id, day)
    return yearline([(numbers[key], day) for key, day in days.items()])


@dataclass
class ParallelDay:
    """A day on which sessions of different themes run side by side."""

    heading: str
    themes: list[str]
    rows: list[tuple[SittingShown, list[list[TimelineItem]]]]
    """(a sitting that gives the time, the sessions of each theme at that time)"""


def parallel_days(
    items: Sequence[TimelineItem], rows: Sequence[Any], theme_titles: Sequence[str]
) -> list[ParallelDay]:
    """Days of which at least two sessions overlap in time, each as a grid of times by themes."""
    sittings = {sitting.id: (item, sitting) for item in items for sitting in item.sittings}
    by_day: dict[date, list[Any]] = {}
    for row in rows:
        if row.starts_at is not None and row.status != "cancelled":
            by_day.setdefault(local(row.starts_at, row.timezone).date(), []).append(row)
    found = []
    for day, its_rows in sorted(by_day.items()):
        if not _overlapping(its_rows):
            continue
        used = [
            title
            for title in theme_titles
            if any(title in sittings[r.offering_id][0].themes for r in its_rows)
        ]
        columns = [*used, *([""] if any(not sittings[r.offering_id][0].themes for r in its_rows) else [])]
        if len(columns) > 1:
            found.append(ParallelDay(long_day(day), columns, _grid(its_rows, sittings, columns)))
    return found


def _overlapping(rows: Sequence[Any]) -> bool:
    ordered = sorted(rows, key=lambda row: row.starts_at)
    return any(
        one.ends_at > other.starts_at and one.learning_session_id != other.learning_session_id
        for one, other in zip(ordered, ordered[1:], strict=False)
    )


def _grid(rows: Sequence[Any], sittings: Mapping[int, Any], columns: Sequence[str]) -> list[Any]:
    lines = []
    for span in sorted({(row.starts_at, row.ends_at) for row in rows}):
        at = [sittings[row.offering_id] for row in rows if (row.starts_at, row.ends_at) == span]
        cells = [
            [item for item, _ in at if (title in item.themes if title else not item.themes)]
            for title in columns
        ]
        lines.append((at[0][1], cells))
    return lines


def period(journey: Any) -> str:
    """When a journey takes place, in words: its own, else from its days."""
    if journey.period:
        return str(journey.period)
    if journey.starts_on and journey.ends_on:
        return day_range(journey.starts_on, journey.ends_on)
    return ""

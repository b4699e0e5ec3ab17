"""What the page of a journey shows, arranged from rows; no queries here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.domain.dates import day_range, long_day
from app.domain.timezones import local
from app.domain.yearline import Yearline, yearline
from app.web.reader import Reader
from app.web.sittings import Shown, seats_left, shown


@dataclass
class SittingShown:
    """One offering in the timeline."""

    id: int
    shown: Shown
    is_cancelled: bool
    venue: str
    seats: str
    place: Any = None


@dataclass
class TimelineItem:
    """One learning session in the timeline, with its offerings."""

    number: int
    slug: str
    title: str
    summary: str
    language: str
    id: int
    themes: Sequence[str] = ()
    sittings: list[SittingShown] = field(default_factory=list)
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
) -> list[TimelineItem]:
    """The learning sessions of a journey in order; the one that comes next is marked."""
    items: dict[int, TimelineItem] = {}
    for row in rows:
        item = items.get(row.learning_session_id)
        if item is None:
            item = items[row.learning_session_id] = TimelineItem(
                len(items) + 1, row.slug, row.title, row.summary, row.language, row.learning_session_id,
                themes.get(row.learning_session_id, ()),
            )  # fmt: skip
        if row.offering_id is not None:
            item.sittings.append(_sitting(row, reader, now, places.get(row.offering_id)))
    found = list(items.values())
    _mark_next(found, now)
    return found


def _sitting(row: Any, reader: Reader, now: datetime, place: Any) -> SittingShown:
    holds_in_person = place is not None and place.way == "in-person" and place.status == "confirmed"
    seats = [
        (seats_left(capacity, confirmed), way)
        for way, capacity, confirmed in (
            ("online", row.capacity_online, row.confirmed_online),
            ("in person", row.capacity_in_person, row.confirmed_in_person),
        )
    ]
    words = [f"{text} {way}" if row.attendance == "both" else text for text, way in seats if text]
    return SittingShown(
        row.offering_id,
        shown(row, reader, now, holds_in_person),
        row.status == "cancelled",
        ", ".join(part for part in (row.venue, row.city) if part),
        "; ".join(words),
        place,
    )


def _mark_next(items: Sequence[TimelineItem], now: datetime) -> None:
    coming = [
        (sitting.shown.sort_key, item)
        for item in items
        for sitting in item.sittings
        if sitting.shown.sort_key is not None and sitting.shown.sort_key > now and not sitting.is_cancelled
    ]
    if coming:
        min(coming, key=lambda pair: pair[0])[1].is_next = True


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

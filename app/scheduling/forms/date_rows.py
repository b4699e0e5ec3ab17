"""Dates that were worked out, one to a row: each can be kept, moved, answered for, or left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField

from app.domain.dates import short_day
from app.domain.recurrence import Occurrence, occurrence
from app.web.day_fields import DayField, HourField
from app.web.rows import RowForm, Rows
from app.web.wall_fields import Asked, IfSaid, WallForm, show


class DateRow(RowForm, WallForm):
    """One date. `of` says which it was before anybody changed it."""

    of = HiddenField()
    left_out = BooleanField("Leave this one out")
    day = DayField("Day", [IfSaid()])
    begins = HourField("Begins", [IfSaid()])
    fold = RadioField("Which of the two?", [IfSaid()], choices=[], validate_choice=False)
    fold_asked = HiddenField()

    def answered(self, planned: Occurrence) -> Occurrence | None:
        """The date as it is after what was typed; None when that cannot be read, or a problem is open.

        What is wrong is said at its field.
        """
        if self.day.errors or self.begins.errors:
            return None
        day, begins = self.day.data or planned.wall.date(), self.begins.data or planned.wall.time()
        wall = datetime.combine(day, begins)
        fold = self.sound_fold(Asked(self.begins, self.fold, self.fold_asked), wall, planned.timezone)
        return None if fold is None else occurrence(wall, planned.timezone, fold, planned.title)

    def forget_errors(self) -> None:
        """What is left out need not be right."""
        self.offers = {}
        for field in self:
            field.errors = ()


@dataclass(frozen=True)
class Settled:
    """One date with its row. `held` is None while a problem is open, or when it is left out."""

    key: str
    planned: Occurrence
    held: Occurrence | None
    is_left_out: bool
    entry: Any
    """The FormField of its row."""

    @property
    def planned_day(self) -> str:
        """`Sun 28 March 2027, 01:30`: as it was worked out."""
        return f"{short_day(self.planned.wall.date(), year=True)}, {self.planned.wall:%H:%M}"

    @property
    def is_moved(self) -> bool:
        return self.held is not None and self.held.wall != self.planned.wall

    @property
    def is_touched(self) -> bool:
        """Whether somebody must, or did, do something about it."""
        return self.is_left_out or self.is_moved or self.held is None or self.comes_twice

    @property
    def comes_twice(self) -> bool:
        return bool(self.entry.form.fold.choices)


class DateRows(Rows):
    """The rows of all dates. They are found again by their key when the dates are worked out anew."""

    entries: list[Any]

    def __init__(self, label: str = "", *, most: int, **options: Any) -> None:
        super().__init__(DateRow, label, most=most, **options)

    def settle(self, planned: Iterable[tuple[str, Occurrence]]) -> list[Settled]:
        """A row for each date, with what was typed in it; rows of dates that are no longer there go."""
        posted = {entry.form.of.data: entry for entry in self.entries}
        self.entries = []
        return [self._settled(key, one, posted.get(key)) for key, one in planned]

    def take_over(self, use: str) -> None:
        """What a button beside a row offers: `rows-3-begins 2027-03-28T02:00`."""
        name, _, value = use.partition(" ")
        try:
            wall = datetime.strptime(value, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  # a wall time
        except ValueError:
            return
        for entry in self.entries:
            if entry.form.begins.name == name:
                show(entry.form.day, wall.date())
                show(entry.form.begins, wall.time())

    def _settled(self, key: str, one: Occurrence, entry: Any) -> Settled:
        if entry is None:
            entry = self.append_entry(_shown(key, one))
        else:
            self.entries.append(entry)
        held = entry.form.answered(one)
        is_left_out = bool(entry.form.left_out.data)
        if is_left_out:
            entry.form.forget_errors()
        return Settled(key, one, None if is_left_out else held, is_left_out, entry)


def _shown(key: str, one: Occurrence) -> Mapping[str, Any]:
    return {"of": key, "day": one.wall.date(), "begins": one.wall.time()}

"""Fields for days and times of day; what is none is refused in our words, and stays as it was typed."""

from datetime import date, time
from typing import Any

from wtforms import DateField, TimeField

A_DAY = "Give a day of the calendar, such as 2027-03-05."
A_TIME = "Give a time of day between 00:00 and 23:59, such as 09:00."
FIRST_YEAR, LAST_YEAR = 1970, 2100


class DayField(DateField):
    """A day from 1970 to 2100."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day. Raises ValueError, with the sentence to show, for what is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(A_DAY) from error
        if self.data is not None and not FIRST_YEAR <= self.data.year <= LAST_YEAR:
            self.data = None
            raise ValueError(f"Give a day in a year between {FIRST_YEAR} and {LAST_YEAR}.")


class HourField(TimeField):
    """A time of day, to the minute; seconds that a browser adds are read and dropped."""

    data: time | None

    def __init__(self, label: str = "", validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, **{"format": ["%H:%M", "%H:%M:%S"]} | options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time. Raises ValueError, with the sentence to show, for what is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(A_TIME) from error
        if self.data is not None:
            self.data = self.data.replace(second=0, microsecond=0)

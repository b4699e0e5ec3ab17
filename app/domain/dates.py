"""British words for days: "Thursday 22 April 2027", "11–12 May 2027". Needs no locale data and no clock."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def weekday_code(day: date) -> str:
    """`mon` … `sun`."""
    return WEEKDAYS[day.weekday()]


def weekday_name(day: date) -> str:
    """`Thursday`."""
    return _WEEKDAY_NAMES[day.weekday()]


def weekday_short(day: date) -> str:
    """`Thu`."""
    return _WEEKDAY_NAMES[day.weekday()][:3]


def month_name(month: int) -> str:
    """`April`, for 4."""
    return _MONTHS[month - 1]


def plain_day(day: date) -> str:
    """`22 April 2027`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


@lru_cache(maxsize=4096)
def long_day(day: date, year: bool = True) -> str:
    """`Thursday 22 April 2027`; without the year when told."""
    text = f"{weekday_name(day)} {day.day} {_MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if year else text


@lru_cache(maxsize=4096)
def short_day(day: date, year: bool = False) -> str:
    """`Thu 22 April`; with the year when asked."""
    text = f"{weekday_short(day)} {day.day} {_MONTHS[day.month - 1]}"
    return f"{text} {day.year}" if year else text


def tiny_day(day: date) -> str:
    """`Fri 23 Apr`."""
    return f"{weekday_short(day)} {day.day} {_MONTHS[day.month - 1][:3]}"


@lru_cache(maxsize=1024)
def day_range(first: date, last: date) -> str:
    """`8 December 2016`, `11–12 May 2027`, `30 April – 2 May 2027`, `30 December 2026 – 2 January 2027`."""
    if first == last:
        return plain_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{plain_day(last)}"
    begins = f"{first.day} {_MONTHS[first.month - 1]}"
    if first.year != last.year:
        begins = f"{begins} {first.year}"
    return f"{begins} – {plain_day(last)}"


def number_word(number: int) -> str:
    """`one` … `ten` in words, more in figures with thousands set apart."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def listed(words: Sequence[str]) -> str:
    """`Accra`, `Accra and Manila`, `Accra, London and Manila`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `4th`, `11th`; thousands set apart."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"

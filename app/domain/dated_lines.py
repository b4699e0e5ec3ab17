"""A pasted list of dates, one to a line: the day in one of several notations, perhaps an hour and a title.

`2027-03-05`, `5 March 2027 14:00`, `Fri 5 Mar 2027, 2.30 pm – Capitation`, `March 5, 2027`, `25/03/2027`.
What could be read in two ways (05/03/2027) is refused rather than guessed.
"""

import re
from dataclasses import dataclass
from datetime import date, time

from app.domain.dates import month_name, plain_day, weekday_name
from app.domain.errors import DomainError
from app.domain.text import is_plain_line

__all__ = ["DatedLine", "UnreadableLines", "read_dated_lines"]

LONGEST_TITLE = 200
FIRST_YEAR, LAST_YEAR = 1970, 2100
TOLD = 5
"""How many unreadable lines are told at once."""


@dataclass(frozen=True, slots=True)
class DatedLine:
    """What one line says; `number` counts the lines of the text from 1."""

    number: int
    day: date
    at: time | None = None
    title: str = ""


class UnreadableLines(DomainError):
    """Lines that cannot be read; `problems` has the number and the sentence of each."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        told = [f"Line {number}: {sentence}" for number, sentence in problems[:TOLD]]
        if len(problems) > TOLD:
            told.append(f"And {len(problems) - TOLD} more.")
        super().__init__(" ".join(told), "dates")
        self.problems = problems


class _Unclear(Exception):
    """Why a line is refused, in a sentence."""


_MONTHS = {month_name(number).lower(): number for number in range(1, 13)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_WEEKDAYS = {weekday_name(date(2024, 1, 1 + number)).lower(): number for number in range(7)}
_SHORT_WEEKDAYS = {name[:3]: number for name, number in _WEEKDAYS.items()}
_SHORT_WEEKDAYS |= {"tues": 1, "wednes": 2, "thur": 3, "thurs": 3, "satur": 5}

_BULLET = re.compile(r"(?:[-*•–]|\d{1,2}[.)])\s+")
_WEEKDAY = re.compile(r"([A-Za-z]{3,9})\.?,?\s+")
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_SHAPES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?!\d)"),
    re.compile(
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?\s*(?:of\s+)?(?P<name>{_MONTH})\b\.?,?\s*(?P<y>\d{{4}})(?!\d)",
        re.I,
    ),
    re.compile(rf"(?P<name>{_MONTH})\b\.?\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})(?!\d)", re.I),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})(?!\d)"),
)
_FIGURES = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?!\d)")
_SHORT_YEAR = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{2}(?!\d)")
_NO_YEAR = re.compile(rf"\d{{1,2}}(?:st|nd|rd|th|\.)?\s*(?:{_MONTH})\b|(?:{_MONTH})\b\.?\s*\d{{1,2}}", re.I)
_HOUR = re.compile(
    r"(?:T|(?:[\s,;|\"]+|^)(?:(?:at|um|à)\s+)?)"
    r"(?:(?P<h>\d{1,2})[:.h](?P<min>\d{2})(?::\d{2})?(?!\d)\s*(?P<half>[ap]\.?m\b\.?)?"
    r"|(?P<only>\d{1,2})\s*(?P<half_only>[ap]\.?m\b\.?))",
    re.I,
)
_UNTIL = re.compile(r"\s*(?:[-–—]|to\b|until\b)\s*\d{1,2}(?:[:.]\d{2}|\s*[ap]\.?m\b)", re.I)
_ZONE = re.compile(
    r"\s*(?:Z|UTC|GMT|BST|CET|CEST|EAT|WAT|CAT|SAST|IST|E[SD]?T|C[SD]T|M[SD]T|P[SD]?T)(?![A-Za-z])"
)
_OFFSET = re.compile(r"\s?[+−-]\d{2}:?\d{2}(?!\d)")


def read_dated_lines(text: str) -> list[DatedLine]:
    """Every line that is not empty, in the order of the text.

    Raises UnreadableLines, and DomainError when there is none.
    """
    found: list[DatedLine] = []
    problems: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(_read(number, line.strip()))
        except _Unclear as unclear:
            problems.append((number, str(unclear)))
    if problems:
        raise UnreadableLines(problems)
    if not found:
        raise DomainError("Paste at least one date, each on a line of its own.", "dates")
    return found


def _read(number: int, line: str) -> DatedLine:
    bare = line.strip("\"'")
    bullet = _BULLET.match(bare)
    if bullet and not any(shape.match(bare) for shape in _SHAPES):
        bare = bare[bullet.end() :]
    weekday, rest = _weekday(bare)
    day, rest = _day(rest)
    if weekday is not None and weekday != day.weekday():
        raise _Unclear(f"{plain_day(day)} is a {weekday_name(day)}.")
    at, rest = _hour(rest)
    return DatedLine(number, day, at, _title(rest))


def _weekday(text: str) -> tuple[int | None, str]:
    found = _WEEKDAY.match(text)
    if found is None:
        return None, text
    word = found.group(1).lower()
    number = _WEEKDAYS.get(word, _SHORT_WEEKDAYS.get(word))
    return (None, text) if number is None else (number, text[found.end() :])


def _day(text: str) -> tuple[date, str]:
    for shape in _SHAPES:
        found = shape.match(text)
        if found is not None:
            parts = found.groupdict()
            month = int(parts["m"]) if parts.get("m") else _MONTHS[parts["name"].lower()]
            return _existing(int(parts["y"]), month, int(parts["d"])), text[found.end() :]
    figures = _FIGURES.match(text)
    if figures is not None:
        return _by_figures(*figures.group(1, 3, 4)), text[figures.end() :]
    if _SHORT_YEAR.match(text):
        raise _Unclear("Write the year with four figures.")
    if _NO_YEAR.match(text):
        raise _Unclear("Add the year, such as 5 March 2027.")
    raise _Unclear("Begin with a date, such as 2027-03-05 or 5 March 2027.")


def _by_figures(one: str, two: str, year: str) -> date:
    """25/03/2027 can be read in one way only; 05/03/2027 is 5 March to some and 3 May to others."""
    first, second, known = int(one), int(two), int(year)
    if first > 12 or first == second:
        return _existing(known, second, first)
    if second > 12:
        return _existing(known, first, second)
    day_first, month_first = (_existing(known, second, first), _existing(known, first, second))
    raise _Unclear(
        f"This is {plain_day(day_first)} to some and {plain_day(month_first)} to others. "
        f"Write {day_first.isoformat()} or {month_first.isoformat()}."
    )


def _existing(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise _Unclear("There is no such day in the calendar.") from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _Unclear(f"Give a year between {FIRST_YEAR} and {LAST_YEAR}.")
    return found


def _hour(text: str) -> tuple[time | None, str]:
    found = _HOUR.match(text)
    if found is None:
        return None, text
    rest = text[found.end() :]
    if _UNTIL.match(rest):
        raise _Unclear("Give only the hour at which it begins; the length is asked for above.")
    if _ZONE.match(rest) or _OFFSET.match(rest):
        raise _Unclear("Leave out zones and offsets; every hour is of the zone chosen above.")
    hour, minute = int(found.group("h") or found.group("only")), int(found.group("min") or 0)
    half = (found.group("half") or found.group("half_only") or "")[:1].lower()
    if half and not 1 <= hour <= 12:
        raise _Unclear("An hour with am or pm is between 1 and 12.")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        raise _Unclear("Give an hour between 00:00 and 23:59.")
    return time(hour, minute), rest


def _title(text: str) -> str:
    title = " ".join(text.lstrip(" \t,;|:–—-\"'").rstrip(' \t,;|"').split())
    if not is_plain_line(title):
        raise _Unclear("Use ordinary characters in the title.")
    if len(title) > LONGEST_TITLE:
        raise _Unclear(f"A title has at most {LONGEST_TITLE} characters.")
    return title

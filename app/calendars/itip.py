"""The iTIP object of a reply (RFC 5546, 3.2.3), as far as we ask it: who answers what, to which request.

Pure. Only the lines that are asked for are read, and nothing in it is worked out: a mail can carry rules of
zones that would keep a machine busy for years.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote

from icalendar.parser import Contentline

LONGEST = 128 * 1024
MOST_LINES = 4000
MOST_SEQUENCE = 2**31 - 1

ANSWERS = ("accepted", "declined", "tentative", "delegated")
OTHER = "other"
_ASKED = {"METHOD", "UID", "SEQUENCE", "DTSTAMP", "ATTENDEE", "RECURRENCE-ID"}
_NAME = re.compile(r"[A-Za-z0-9-]+")
_STAMP = re.compile(r"\d{8}T\d{6}Z")
YEARS = range(1970, 2101)


class Unreadable(Exception):
    """What was sent is no reply that can be read; the message says why."""


@dataclass(frozen=True)
class Reply:
    """What somebody answers: `answer` is one of ANSWERS, the method of what is no reply, or `other`."""

    method: str
    uid: str
    attendee: str
    """The address that answers, as it is written."""
    answer: str
    sequence: int
    stamped_at: datetime


@dataclass
class _Found:
    """The lines that were asked for, of the calendar and of its events."""

    calendar: dict[str, list[str]] = field(default_factory=dict)
    events: list[dict[str, list[str]]] = field(default_factory=list)
    calendars: int = 0

    @property
    def event(self) -> dict[str, list[str]]:
        return self.events[0]


def read(body: str) -> Reply:
    """The reply in a calendar object. Raises Unreadable for one that is not just this: one calendar with a
    METHOD, one event, one attendee.
    """
    found = _lines_of(body)
    method = _value(_single(found.calendar, "METHOD")).upper()
    if len(found.events) != 1:
        raise Unreadable("It does not hold exactly one event.")
    if "RECURRENCE-ID" in found.event:
        raise Unreadable("It is about one of several repetitions.")
    attendee, status = _attendee(found.event)
    answer = status if status in ANSWERS else OTHER
    return Reply(
        method=method,
        uid=_value(_single(found.event, "UID")),
        attendee=attendee,
        answer=answer if method == "REPLY" else "counter" if method == "COUNTER" else OTHER,
        sequence=_sequence(found.event),
        stamped_at=_stamp(_value(_single(found.event, "DTSTAMP"))),
    )


def _lines_of(body: str) -> _Found:
    """Reads down to the event; what lies deeper, or beside it, is counted and passed over."""
    found = _Found()
    open_parts: list[str] = []
    for line in _unfolded(body):
        name = _name_of(line)
        if name == "BEGIN":
            open_parts.append(_value(line).upper())
            if open_parts == ["VCALENDAR"]:
                found.calendars += 1
            elif open_parts == ["VCALENDAR", "VEVENT"]:
                found.events.append({})
        elif name == "END":
            if not open_parts or open_parts.pop() != _value(line).upper():
                raise Unreadable("Its parts do not end where they should.")
        elif name in _ASKED and open_parts == ["VCALENDAR"]:
            found.calendar.setdefault(name, []).append(line)
        elif name in _ASKED and open_parts == ["VCALENDAR", "VEVENT"]:
            found.events[-1].setdefault(name, []).append(line)
    if open_parts or found.calendars != 1:
        raise Unreadable("It is not exactly one calendar.")
    return found


def _unfolded(body: str) -> Iterator[str]:
    """The lines as the standard ends them; other signs that end lines elsewhere are part of a text."""
    lines = re.sub(r"\r?\n[ \t]", "", body).replace("\r\n", "\n").split("\n")
    if len(lines) > MOST_LINES:
        raise Unreadable("It has too many lines.")
    return (line for line in lines if line)


def _name_of(line: str) -> str:
    found = _NAME.match(line)
    return found[0].upper() if found is not None else ""


def _single(lines: dict[str, list[str]], name: str) -> str:
    """The only line of this name."""
    found = lines.get(name, [])
    if len(found) != 1:
        raise Unreadable(f"It does not have exactly one {name}.")
    return found[0]


def _parts(line: str) -> tuple[dict[str, str], str]:
    try:
        _, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, IndexError, UnicodeError) as fault:
        raise Unreadable("One of its lines cannot be read.") from fault
    return {name.upper(): str(one) for name, one in parameters.items()}, str(value)


def _value(line: str) -> str:
    return _parts(line)[1].strip()


def _attendee(event: dict[str, list[str]]) -> tuple[str, str]:
    """Who answers, and what."""
    parameters, value = _parts(_single(event, "ATTENDEE"))
    scheme, mark, address = value.strip().partition(":")
    if scheme.lower() != "mailto" or not mark or "@" not in address:
        raise Unreadable("Whoever answers is not named by an e-mail address.")
    return unquote(address).strip(), parameters.get("PARTSTAT", "").lower()


def _sequence(event: dict[str, list[str]]) -> int:
    """0 where it is not said (RFC 5545, 3.8.7.4)."""
    if "SEQUENCE" not in event:
        return 0
    text = _value(_single(event, "SEQUENCE"))
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MOST_SEQUENCE):
        raise Unreadable("Its SEQUENCE is no number.")
    return int(text)


def _stamp(text: str) -> datetime:
    """DTSTAMP is an instant in UTC (RFC 5545, 3.8.7.2), of a year in which somebody can have answered."""
    try:
        if _STAMP.fullmatch(text) is None:
            raise ValueError
        found = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if found.year not in YEARS:
            raise ValueError
        return found
    except ValueError as fault:
        raise Unreadable("Its DTSTAMP is no moment in UTC.") from fault

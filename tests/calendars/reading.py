"""How the tests read a calendar file: once byte by byte as the RFC has it, once with a library."""

from typing import Any

from icalendar import Calendar


def lines_of(body: bytes) -> list[str]:
    """The content lines, unfolded, after a check of the physical ones (RFC 5545, 3.1)."""
    assert body.endswith(b"\r\n")
    physical = body[:-2].split(b"\r\n")
    for one in physical:
        assert len(one) <= 75, one
        assert b"\n" not in one
        assert b"\r" not in one
        one.decode()  # no character is cut in two
    return body.decode().replace("\r\n ", "").split("\r\n")[:-1]


def events_of(body: bytes) -> list[Any]:
    """The events, after a check of the whole file. (The library types a property as any of thirty kinds.)"""
    lines_of(body)
    calendar = Calendar.from_ical(body)
    assert isinstance(calendar, Calendar)
    calendar.validate()
    for unwanted in ("UID", "METHOD"):
        assert unwanted not in calendar
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    return list(calendar.walk("VEVENT"))


def event_of(body: bytes) -> Any:
    """The only event."""
    (event,) = events_of(body)
    return event

"""libical, with which GNOME and KDE read calendars, through its own functions.

Its parser goes on after an error and counts it, so that an event it read in part is told from a good one.
"""

import ctypes
import ctypes.util
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from tests.calendars.readers.seen import Reader, Seen, by_uid

NAMES = ("libical.so.3", "libical.so.4")


class Time(ctypes.Structure):
    """`struct icaltimetype`, the same since libical 3.0."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        ("is_date", ctypes.c_int),
        ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    ]  # fmt: skip


_pointer, _text, _kind = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "icalcomponent_as_ical_string": (_text, [_pointer]),
    "icalcomponent_count_errors": (ctypes.c_int, [_pointer]),
    "icalcomponent_free": (None, [_pointer]),
    "icalcomponent_get_description": (_text, [_pointer]),
    "icalcomponent_get_dtend": (Time, [_pointer]),
    "icalcomponent_get_dtstart": (Time, [_pointer]),
    "icalcomponent_get_first_component": (_pointer, [_pointer, _kind]),
    "icalcomponent_get_first_property": (_pointer, [_pointer, _kind]),
    "icalcomponent_get_location": (_text, [_pointer]),
    "icalcomponent_get_next_component": (_pointer, [_pointer, _kind]),
    "icalcomponent_get_sequence": (ctypes.c_int, [_pointer]),
    "icalcomponent_get_status": (_kind, [_pointer]),
    "icalcomponent_get_summary": (_text, [_pointer]),
    "icalcomponent_get_uid": (_text, [_pointer]),
    "icalcomponent_string_to_kind": (_kind, [_text]),
    "icalparser_parse_string": (_pointer, [_text]),
    "icalproperty_get_url": (_text, [_pointer]),
    "icalproperty_status_to_string": (_text, [_kind]),
    "icalproperty_string_to_kind": (_kind, [_text]),
    "icaltime_as_timet_with_zone": (ctypes.c_long, [Time, _pointer]),
    "icaltime_is_utc": (ctypes.c_int, [Time]),
}


@cache
def _library() -> Any:
    """The library with its functions declared; None when there is none."""
    for name in (*NAMES, ctypes.util.find_library("ical")):
        try:
            found = ctypes.CDLL(name) if name else None
        except OSError:
            continue
        if found is not None:
            for function, (gives, takes) in FUNCTIONS.items():
                getattr(found, function).restype, getattr(found, function).argtypes = gives, takes
            return found
    return None


def lack() -> str:
    return "" if _library() else "No libical: install the package libical3."


def version() -> str:
    """From the name of the file that was loaded; the library itself does not tell."""
    loaded = Path("/proc/self/maps").read_text(encoding="utf-8") if _library() else ""
    found = re.search(r"libical\.so\.([0-9.]+)$", loaded, re.MULTILINE)
    return found.group(1) if found else "unknown"


def read(files: Sequence[bytes]) -> list[list[Seen]]:
    return [by_uid(_events(body)) for body in files]


def _events(body: bytes) -> list[Seen]:
    ical = _library()
    root = ical.icalparser_parse_string(body)
    assert root, "libical could read nothing of the file"
    try:
        assert ical.icalcomponent_count_errors(root) == 0, ical.icalcomponent_as_ical_string(root).decode()
        kind = ical.icalcomponent_string_to_kind(b"VEVENT")
        found, event = [], ical.icalcomponent_get_first_component(root, kind)
        while event:
            found.append(_seen(ical, event))
            event = ical.icalcomponent_get_next_component(root, kind)
        return found
    finally:
        ical.icalcomponent_free(root)


def _seen(ical: Any, event: int) -> Seen:
    url = ical.icalcomponent_get_first_property(event, ical.icalproperty_string_to_kind(b"URL"))
    return Seen(
        uid=_string(ical.icalcomponent_get_uid(event)),
        page=_string(ical.icalproperty_get_url(url)) if url else "",
        starts=_moment(ical, ical.icalcomponent_get_dtstart(event)),
        ends=_moment(ical, ical.icalcomponent_get_dtend(event)),
        title=_string(ical.icalcomponent_get_summary(event)),
        status=_string(ical.icalproperty_status_to_string(ical.icalcomponent_get_status(event))),
        sequence=ical.icalcomponent_get_sequence(event),
        location=_string(ical.icalcomponent_get_location(event)),
        description=_string(ical.icalcomponent_get_description(event)),
    )


def _moment(ical: Any, time: Time) -> datetime | date:
    if time.is_date:
        return date(time.year, time.month, time.day)
    assert time.zone or ical.icaltime_is_utc(time), "a time floats"
    return datetime.fromtimestamp(ical.icaltime_as_timet_with_zone(time, time.zone), UTC)


def _string(value: bytes | None) -> str:
    return (value or b"").decode()


READER = Reader("libical", version, lack, read)

"""icalendar, with which the application writes; other programs (khal among them) read with it."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from icalendar import Calendar

from tests.calendars.readers.seen import Reader, Seen, by_uid, installed, instant


def read(files: Sequence[bytes]) -> list[list[Seen]]:
    return [by_uid([_seen(one) for one in Calendar.from_ical(body).walk("VEVENT")]) for body in files]


def _seen(event: Any) -> Seen:
    return Seen(
        uid=str(event["UID"]),
        page=str(event.get("URL", "")),
        starts=instant(event["DTSTART"].dt),
        ends=instant(event["DTEND"].dt),
        title=str(event["SUMMARY"]),
        status=str(event.get("STATUS", "")),
        sequence=int(event["SEQUENCE"]),
        location=str(event.get("LOCATION", "")),
        description=str(event.get("DESCRIPTION", "")),
    )


READER = Reader("icalendar", lambda: version("icalendar"), installed, read)

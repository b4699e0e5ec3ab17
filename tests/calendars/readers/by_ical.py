"""`ical`, with which Home Assistant reads calendars: strict, it refuses what does not follow the RFC."""

from collections.abc import Sequence
from importlib.metadata import version

from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from tests.calendars.readers.seen import Reader, Seen, by_uid, installed, instant


def read(files: Sequence[bytes]) -> list[list[Seen]]:
    calendars = [IcsCalendarStream.calendar_from_ics(body.decode()) for body in files]
    return [by_uid([_seen(one) for one in found.events]) for found in calendars]


def _seen(event: Event) -> Seen:
    return Seen(
        uid=event.uid,
        page=str(event.url or ""),
        starts=instant(event.start),
        ends=instant(event.end),
        title=event.summary or "",
        status=event.status.value if event.status else "",
        sequence=event.sequence,
        location=event.location or "",
        description=event.description or "",
    )


READER = Reader("ical (Home Assistant)", lambda: version("ical"), installed, read)

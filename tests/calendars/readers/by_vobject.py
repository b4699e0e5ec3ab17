"""vobject, which reads for Radicale and older programs."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import vobject

from tests.calendars.readers.seen import Reader, Seen, by_uid, installed, instant


def read(files: Sequence[bytes]) -> list[list[Seen]]:
    calendars = [vobject.readOne(body.decode()) for body in files]
    return [by_uid([_seen(one) for one in found.contents.get("vevent", [])]) for found in calendars]


def _seen(event: Any) -> Seen:
    return Seen(
        uid=event.uid.value,
        page=_text(event, "url"),
        starts=instant(event.dtstart.value),
        ends=instant(event.dtend.value),
        title=event.summary.value,
        status=_text(event, "status"),
        sequence=int(event.sequence.value),
        location=_text(event, "location"),
        description=_text(event, "description"),
    )


def _text(event: Any, name: str) -> str:
    return event.contents[name][0].value if name in event.contents else ""


READER = Reader("vobject", lambda: version("vobject"), installed, read)

"""Sittings as iCalendar (RFC 5545), in the form that calendar programs were found to agree on.

Times are UTC instants: every program shows those in its reader's zone, and none has to be told zone rules,
which several read wrongly. The wall time that was promised stands in the description. The same facts give
the same bytes: nothing here asks the clock or makes an identifier.

The icalendar package escapes, encodes and folds every line. An event is written once for all who are told
the same (`event_text`); the few lines that are one person's own join it when a calendar is put together.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from icalendar import (
    Parameters,
    Timezone,
    TimezoneStandard,
    vDate,
    vDatetime,
    vDuration,
    vText,
    vUri,
)
from icalendar.parser import Contentline

from app.calendars.facts import About, Audience, Own, Sitting
from app.calendars.wording import description, line, location, text
from app.domain.seats import PlaceStatus

PRODUCER = "-//Meridian//Learning journeys//EN"
REFRESH = timedelta(hours=1)
URI_MARKS = ";/?:@&=+$,#!*'()~%[]"
COLOURS = {"darkcyan": "#008B8B", "steelblue": "#4682B4", "mediumpurple": "#9370DB"}
"""Names of CSS, as RFC 7986 wants them, and what Apple's programs read instead."""

END_OF_CALENDAR = b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class Site:
    """What a calendar says of the site it comes from."""

    url: str
    sender: str
    """MAIL_FROM: its address stands for the organiser, so that no person's address is given away."""

    @property
    def address(self) -> str:
        return _address(self.sender)

    def page_of(self, sitting: Sitting) -> str:
        """The address of the offering's page."""
        return f"{self.url}/journeys/{quote(sitting.journey_slug)}/sessions/{quote(sitting.slug)}/"


@dataclass(frozen=True, slots=True)
class EventText:
    """An event without the lines that are one person's own; `reminder` is its title as an alarm says it."""

    body: bytes
    reminder: bytes


def calendar(about: About, events: Iterable[bytes]) -> bytes:
    """A calendar file of these events. It has no METHOD and no UID: it publishes, invites nobody, and stays
    the same. One without events holds the definition of UTC, because a calendar without any part is not
    valid.
    """
    joined = b"".join(events)
    return b"".join((_head(about), joined or _utc(), END_OF_CALENDAR))


def event(written: EventText, own: Own) -> bytes:
    """The whole event: what all read, then what is this copy's own.

    Without METHOD, DTSTAMP is the last revision (RFC 5545, 3.8.7.2).
    """
    stamp = own.stamp
    lines = f"DTSTAMP:{stamp}\r\nLAST-MODIFIED:{stamp}\r\nSEQUENCE:{own.sequence}\r\n".encode()
    alarm = b"" if own.alarm_minutes is None else _alarm(written.reminder, own.alarm_minutes)
    return b"".join((b"BEGIN:VEVENT\r\n", written.body, lines, alarm, b"END:VEVENT\r\n"))


def event_text(sitting: Sitting, audience: Audience, site: Site) -> EventText:
    """What one audience reads of a sitting, in content lines that end with CRLF and are at most 75 octets."""
    title = text(sitting.title)
    lines = [*_when(sitting), _line("SUMMARY", Text(title)), *_what(sitting, audience, site)]
    return EventText(b"".join(lines), _line("DESCRIPTION", Text(title)))


def link_of(sitting: Sitting, audience: Audience) -> str:
    """The join link as a URI, for whom it is; empty for everybody else and for what is cancelled."""
    return _uri(sitting.join_url) if audience.sees_link and not sitting.held.is_cancelled else ""


def _when(sitting: Sitting) -> Iterable[bytes]:
    held = sitting.held
    yield _line("UID", Text(held.uid))
    yield _line("CREATED", _instant(sitting.created_at.replace(microsecond=0)))
    if held.starts_at is not None and held.ends_at is not None:
        yield _line("DTSTART", _instant(held.starts_at))
        yield _line("DTEND", _instant(held.ends_at))
    elif held.days is not None:
        first_on, last_on = held.days
        yield _line("DTSTART", vDate(first_on), VALUE="DATE")
        yield _line("DTEND", vDate(last_on + timedelta(days=1)), VALUE="DATE")  # exclusive


def _what(sitting: Sitting, audience: Audience, site: Site) -> Iterable[bytes]:
    link, page = link_of(sitting, audience), site.page_of(sitting)
    yield _line("STATUS", Text(_status(sitting, audience)))
    yield _line("URL", vUri(page))
    yield _line("DESCRIPTION", Text(description(sitting, audience, page, link)))
    if place := location(sitting, audience, link):
        yield _line("LOCATION", Text(place))
    yield _line("CATEGORIES", Text(text(sitting.journey_name)))
    yield _line("ORGANIZER", vUri(f"mailto:{site.address}"), CN=organiser_name(sitting))
    for twin in sitting.twins:
        if not twin.is_cancelled:
            yield _line("RELATED-TO", Text(twin.uid), RELTYPE="SIBLING")
    if link:
        yield _line("CONFERENCE", vUri(link), VALUE="URI", FEATURE="VIDEO", LABEL="Join")


def _status(sitting: Sitting, audience: Audience) -> str:
    if sitting.held.is_cancelled:
        return "CANCELLED"
    return "CONFIRMED" if audience.status in {None, PlaceStatus.CONFIRMED} else "TENTATIVE"


def organiser_name(sitting: Sitting) -> str:
    """The journey's name as a parameter carries it: escaped quotes (RFC 6868) are not read everywhere."""
    return line(sitting.journey_name).replace('"', "'")


class Text(vText):
    """A value of type TEXT, escaped as RFC 5545 has it in 3.3.11.

    The package's own takes a backslash before a capital N for the end of a line.
    """

    def to_ical(self) -> bytes:
        """The value as it stands in its line, in UTF-8."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


def _line(name: str, value: Any, /, **parameters: str) -> bytes:
    made = Contentline.from_parts(name, Parameters(parameters), value)
    written: bytes = made.to_ical() + b"\r\n"
    return written


def _instant(at: datetime) -> vDatetime:
    return vDatetime(at.astimezone(UTC))


def _alarm(title: bytes, minutes: int) -> bytes:
    trigger = f"TRIGGER:-PT{minutes}M" if minutes else "TRIGGER:PT0S"
    ends = f"{trigger}\r\nEND:VALARM\r\n".encode()
    return b"".join((b"BEGIN:VALARM\r\nACTION:DISPLAY\r\n", title, ends))


@lru_cache(maxsize=16)
def _address(sender: str) -> str:
    return parseaddr(sender)[1]


@lru_cache(maxsize=1024)
def _head(about: About) -> bytes:
    name, told, hour = Text(line(about.name)), Text(line(about.description)), vDuration(REFRESH)
    lines = [
        b"BEGIN:VCALENDAR\r\n",
        _line("VERSION", Text("2.0")),
        _line("PRODID", Text(PRODUCER)),
        _line("NAME", name),
        _line("X-WR-CALNAME", name),
        *((_line("DESCRIPTION", told), _line("X-WR-CALDESC", told)) if told else ()),
        _line("COLOR", Text(about.colour)),
        _line("X-APPLE-CALENDAR-COLOR", Text(COLOURS[about.colour])),
        *((_line("URL", vUri(about.url)),) if about.url else ()),
        *((_line("SOURCE", vUri(about.source), VALUE="URI"),) if about.source else ()),
        _line("REFRESH-INTERVAL", hour, VALUE="DURATION"),
        _line("X-PUBLISHED-TTL", hour),
    ]
    return b"".join(lines)


def _uri(text: str) -> str:
    """A link that cannot break its line: what no address may hold is percent-encoded."""
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(text.strip(), safe=URI_MARKS))


@lru_cache(maxsize=1)
def _utc() -> bytes:
    made, standard = Timezone(), TimezoneStandard()
    made.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  # an onset is written in local time
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    standard.add("tzname", "UTC")
    made.add_component(standard)
    body: bytes = made.to_ical()
    return body

"""Links by which one sitting is added by hand to a calendar on the web.

Public facts only, and never the join link: such a link is passed on, and what was added does not change any
more. None of the services documents its addresses; docs/calendars.md says what is known of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, urlencode

from markupsafe import escape

from app.domain.attendance import Attendance
from app.domain.showing import days, when
from app.domain.timezones import Span, local, readable_zone
from app.domain.zone_directory import country_name
from app.learning_sessions.models import Offering

LONGEST = 300
"""Titles and places are cut here: long addresses are refused on the way."""

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"
OFFICE = "https://outlook.office.com/calendar/0/deeplink/compose"
YAHOO = "https://calendar.yahoo.com/"


@dataclass(frozen=True)
class Entry:
    """What is to be added. Either both instants are set, or both days; `last_on` is the last one."""

    title: str
    place: str
    details: tuple[str, ...]
    """Its lines."""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    first_on: date | None = None
    last_on: date | None = None


def links(offering: Offering, page: str, now: datetime) -> list[tuple[str, str]]:
    """(service, address) for a coming sitting; nothing for one that is cancelled, over or without a date."""
    today = local(now, offering.timezone).date()
    is_over = offering.ends_at <= now if offering.ends_at else (offering.last_on or date.min) < today
    if offering.is_cancelled or is_over:
        return []
    return links_of(entry_of(offering, page))


def links_of(entry: Entry) -> list[tuple[str, str]]:
    """(service, address), in the order of the alphabet."""
    outlook = _outlook(entry)
    return [
        ("Google Calendar", _address(GOOGLE, _google(entry))),
        ("Outlook.com", _address(OUTLOOK, outlook)),
        ("Outlook at work or school", _address(OFFICE, outlook)),
        ("Yahoo Calendar", _address(YAHOO, _yahoo(entry))),
    ]


def entry_of(offering: Offering, page: str) -> Entry:
    """A sitting as everybody may know it. `page`: the address of its page."""
    return Entry(
        _line(offering.learning_session.title),
        _place(offering),
        (_time_in_words(offering), f"Session page, with any change: {page}"),
        offering.starts_at,
        offering.ends_at,
        offering.first_on,
        offering.last_on,
    )


def _place(offering: Offering) -> str:
    """The venue, and whether one can attend online."""
    if offering.attendance is Attendance.ONLINE:
        return "Online"
    venue = offering.venue
    parts = (venue.name, venue.address, venue.city, country_name(venue.country or "")) if venue else ()
    told = ", ".join(part for part in map(_line, parts) if part)
    if offering.attendance is Attendance.BOTH:
        return f"{told}, and online" if told else "Online and in person"
    return told


def _line(text: str) -> str:
    """`text` on one line, and not too long for an address."""
    return " ".join(text.split())[:LONGEST]


def _time_in_words(offering: Offering) -> str:
    """`Thursday 22 April 2027, 13:00–14:30 in London (BST, UTC+1)`: the time that was promised."""
    if offering.starts_at is None or offering.ends_at is None:
        first, last = offering.first_on or date.min, offering.last_on or date.min
        known = days(first, last, offering.timezone)
        return f"{known.text} in {known.place}. The hours are not known yet."
    span = Span(offering.starts_at, offering.ends_at)
    is_known = readable_zone(offering.timezone) == offering.timezone
    wall = None if is_known else offering.starts_wall
    reading = when(span, None, offering.timezone, stored_wall=wall).lead
    told = f"{reading.long_day}, {reading.clock} {reading.in_words}"
    return f"{told}; {reading.ends_on}" if reading.ends_on else told


def _google(entry: Entry) -> Mapping[str, str]:
    """Instants in UTC; of whole days the end is the day after."""
    return {
        "action": "TEMPLATE",
        "text": entry.title,
        "dates": "/".join(_span(entry, "%Y%m%dT%H%M%SZ", "%Y%m%d")),
        "details": "\n".join(entry.details),
        "location": entry.place,
    }


def _outlook(entry: Entry) -> Mapping[str, str]:
    """Instants in UTC; of whole days the end is the day after. The body is read as HTML."""
    starts, ends = _span(entry, "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d")
    return {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "startdt": starts,
        "enddt": ends,
        **({"allday": "true"} if entry.starts_at is None else {}),
        "subject": entry.title,
        "body": "<br>".join(str(escape(one)) for one in entry.details),
        "location": entry.place,
    }


def _yahoo(entry: Entry) -> Mapping[str, str]:
    """Instants in UTC. A single whole day is said by its length alone; with an end it would get hours."""
    starts, ends = _span(entry, "%Y%m%dT%H%M%SZ", "%Y%m%d")
    is_one_day = entry.starts_at is None and entry.first_on == entry.last_on
    return {
        "v": "60",
        "title": entry.title,
        "st": starts,
        **({"dur": "allday"} if is_one_day else {"et": ends}),
        "desc": "\n".join(entry.details),
        "in_loc": entry.place,
    }


def _span(entry: Entry, instant: str, day: str) -> tuple[str, str]:
    """Start and end in these forms; whole days end with the day after the last."""
    if entry.starts_at is not None and entry.ends_at is not None:
        starts, ends = (one.astimezone(UTC) for one in (entry.starts_at, entry.ends_at))
        return starts.strftime(instant), ends.strftime(instant)
    assert entry.first_on is not None  # noqa: S101  # the schema: a promise or days
    assert entry.last_on is not None  # noqa: S101  # likewise
    return entry.first_on.strftime(day), (entry.last_on + timedelta(days=1)).strftime(day)


def _address(base: str, asked: Mapping[str, str]) -> str:
    """Blanks as %20: not every service reads a plus as one."""
    return f"{base}?{urlencode({name: value for name, value in asked.items() if value}, quote_via=quote)}"

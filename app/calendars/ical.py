"""Sittings as iCalendar (RFC 5545), in the form that calendar programs were found to agree on.

Times are UTC instants: every program shows those in its reader's zone, and none has to be told zone rules,
which several read wrongly. The wall time that was promised stands in the description. The same facts give
the same bytes: nothing here asks the clock or makes an identifier.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from urllib.parse import quote

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vDuration, vUri

from app.calendars.wording import Holding, description, line, location, text
from app.domain.seats import PlaceStatus
from app.learning_sessions.models import Offering

PRODUCER = "-//Meridian//Learning journeys//EN"
REFRESH = timedelta(hours=1)
URI_MARKS = ";/?:@&=+$,#!*'()~%[]"


@dataclass(frozen=True)
class Site:
    """What a calendar says of the site it comes from."""

    url: str
    sender: str
    """MAIL_FROM: its address stands for the organiser, so that no person's address is given away."""

    def page_of(self, offering: Offering) -> str:
        """The address of the offering's page."""
        one = offering.learning_session
        return f"{self.url}/journeys/{quote(one.journey.slug)}/sessions/{quote(one.slug)}/"


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """A calendar file. It has no METHOD and no UID: it publishes, invites nobody, and stays the same.

    One without events holds the definition of UTC instead, because a calendar without any part is not valid.
    """
    made = Calendar()
    made.add("prodid", PRODUCER)
    made.add("version", "2.0")
    made.calendar_name = line(name)
    made.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    for one in events:
        made.add_component(one)
    if not made.subcomponents:
        made.add_component(_utc())
    body: bytes = made.to_ical()
    return body


def event(offering: Offering, site: Site, now: datetime, holding: Holding | None = None) -> Event:
    """One sitting: as everybody may know it, or with `holding` as the holder of a place does."""
    one = offering.learning_session
    link = _uri(offering.join_url) if holding and holding.sees_link and not offering.is_cancelled else ""
    made = Event()
    made.add("uid", offering.uid)
    _add_stamps(made, offering, holding, link)
    _add_times(made, offering)
    made.add("summary", text(one.title))
    made.add("status", _status(offering, holding))
    page = site.page_of(offering)
    made.add("url", vUri(page))
    made.add("description", description(offering, page, now, holding, link))
    if place := location(offering, holding, link):
        made.add("location", place)
    made.add("categories", [text(one.journey.name)])
    made.add("organizer", _organiser(one.journey.name, site))
    if link:
        made.add("conference", vUri(link, params={"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Join"}))
    return made


def _add_stamps(made: Event, offering: Offering, holding: Holding | None, link: str) -> None:
    """Without METHOD, DTSTAMP is the last revision (RFC 5545, 3.8.7.2)."""
    changes = [offering.updated_at, offering.learning_session.updated_at]
    if holding is not None:
        changes.append(holding.changed_at)
        if link and offering.starts_at and holding.status is PlaceStatus.CONFIRMED:
            changes.append(offering.starts_at - timedelta(minutes=offering.join_from_minutes))
    changed_at = max(changes).replace(microsecond=0)
    made.add("dtstamp", changed_at)
    made.add("last-modified", changed_at)
    made.add("created", offering.created_at.replace(microsecond=0))
    made.add("sequence", offering.sequence + (holding.sequence if holding else 0))


def _add_times(made: Event, offering: Offering) -> None:
    if offering.starts_at is not None and offering.ends_at is not None:
        made.add("dtstart", offering.starts_at.astimezone(UTC))
        made.add("dtend", offering.ends_at.astimezone(UTC))
    elif offering.first_on is not None and offering.last_on is not None:
        made.add("dtstart", offering.first_on)
        made.add("dtend", offering.last_on + timedelta(days=1))  # exclusive


def _status(offering: Offering, holding: Holding | None) -> str:
    if offering.is_cancelled:
        return "CANCELLED"
    return "CONFIRMED" if holding is None or holding.status is PlaceStatus.CONFIRMED else "TENTATIVE"


def _organiser(name: str, site: Site) -> vCalAddress:
    made = vCalAddress(f"mailto:{parseaddr(site.sender)[1]}")
    made.params["CN"] = line(name).replace('"', "'")  # its escape (RFC 6868) is not read everywhere
    return made


def _uri(text: str) -> str:
    """A link that cannot break its line: what no address may hold is percent-encoded."""
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", quote(text.strip(), safe=URI_MARKS))


def _utc() -> Timezone:
    made, standard = Timezone(), TimezoneStandard()
    made.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  # an onset is written in local time
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    standard.add("tzname", "UTC")
    made.add_component(standard)
    return made

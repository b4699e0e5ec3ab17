"""The texts of an event: when and where in words, and what its reader should know."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.attendance import Attendance, Way
from app.domain.dates import long_day
from app.domain.seats import PlaceStatus
from app.domain.showing import Reading, when
from app.domain.showing import days as days_in_words
from app.domain.timezones import Span, offset_text, readable_zone
from app.domain.zone_directory import country_name
from app.learning_sessions.models import Offering, Venue

# Some readers also end a line at these, others cannot keep them at all.
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNKEEPABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")

_STANDING = {
    PlaceStatus.REQUESTED: "You have asked for a place; it is not confirmed yet.",
    PlaceStatus.WAITING: "You are on the waiting list; you do not hold a place yet.",
    PlaceStatus.OFFERED: "A place is offered to you; it is yours once you accept it on the session page.",
    PlaceStatus.CONFIRMED: "You hold a place: {way}.",
}


@dataclass(frozen=True)
class Holding:
    """What only a person's own copy of an event tells."""

    status: PlaceStatus
    way: Way
    sequence: int
    changed_at: datetime
    timezone: str | None
    sees_link: bool
    """Decided by `domain.permissions.may_see_join_link`, never here."""


def text(value: str) -> str:
    """`value` without the characters that a calendar file cannot carry; lines end with a line feed."""
    return _UNKEEPABLE.sub("", _LINE_ENDS.sub("\n", value)).strip()


def line(value: str) -> str:
    """`value` as a single line."""
    return " ".join(text(value).split())


def description(offering: Offering, page: str, now: datetime, holding: Holding | None, link: str) -> str:
    """What stands in the event: its standing, the times with their zones, what it is about, how to join."""
    one = offering.learning_session
    paragraphs = [
        _standing(offering, holding),
        "\n".join(_times(offering, now, holding)),
        text(one.summary),
        _joining(offering, holding, link),
        f"Session page: {page}",
        f"Journey: {line(one.journey.title)}",
        text(one.journey.demonstration_note),
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def location(offering: Offering, holding: Holding | None, link: str) -> str:
    """The venue, or for who attends online the join link once it may be seen; programs show little else."""
    venue = _venue(offering.venue) if offering.venue else ""
    if offering.attendance is Attendance.ONLINE or (holding and holding.way is Way.ONLINE):
        return link or "Online"
    if offering.attendance is Attendance.BOTH and holding is None:
        return f"{venue}, and online" if venue else "Online and in person"
    return venue


def _venue(venue: Venue) -> str:
    country = country_name(venue.country) if venue.country else ""
    return ", ".join(part for part in map(line, (venue.name, venue.address, venue.city, country)) if part)


def _standing(offering: Offering, holding: Holding | None) -> str:
    if offering.is_cancelled:
        return f"This session is cancelled. {text(offering.cancellation_note)}".strip()
    return _STANDING.get(holding.status, "").format(way=holding.way.label) if holding else ""


def _joining(offering: Offering, holding: Holding | None, link: str) -> str:
    if link:
        return f"Join: {link}"
    if holding is None or holding.status is not PlaceStatus.CONFIRMED or holding.way is not Way.ONLINE:
        return ""
    if offering.is_cancelled or not offering.join_url:
        return ""
    minutes = offering.join_from_minutes
    since = f"{minutes} minute{'' if minutes == 1 else 's'} before the start" if minutes else "the start"
    return f"The join link is on the session page from {since}."


def _times(offering: Offering, now: datetime, holding: Holding | None) -> list[str]:
    """The promised wall time with its zone; a person's copy tells theirs too, first unless they go there."""
    if offering.first_on is not None and offering.last_on is not None:
        on = days_in_words(offering.first_on, offering.last_on, offering.timezone)
        return [f"When: {on.text} ({offering.timezone}). The hours are not known yet."]
    span = _span(offering)
    if span is None:
        return []
    promised = _in_zone(span, offering.timezone, offering.starts_wall if span.ends_at <= now else None)
    promised = promised or _stored(offering)
    if holding is None or not holding.timezone or holding.timezone == offering.timezone:
        return [f"When: {promised}"]
    own = _in_zone(span, holding.timezone, None)
    if own is None:
        return [f"When: {promised}"]
    at_venue = holding.way is Way.IN_PERSON
    times = [f"Your time: {own}", f"{'At the venue' if at_venue else 'The session’s own time'}: {promised}"]
    return times[::-1] if at_venue else times


def _span(offering: Offering) -> Span | None:
    if offering.starts_at is None or offering.ends_at is None:
        return None
    return Span(offering.starts_at, offering.ends_at)


def _in_zone(span: Span, zone: str, stored_wall: datetime | None) -> str | None:
    """`Wednesday 29 April 2020, 10:30–12:30 BST (Europe/London), UTC+1`; None for a zone that is gone."""
    if readable_zone(zone) != zone:
        return None
    return _words(when(span, None, zone, stored_wall=stored_wall).lead)


def _words(reading: Reading) -> str:
    offsets = list(dict.fromkeys(map(offset_text, (reading.starts, reading.ends))))
    said = ", then ".join(offsets)
    told = f"{reading.long_day}, {reading.clock} {reading.short_zone} ({reading.zone})"
    told += "" if said == reading.short_zone else f", {said}"
    return f"{told}; {reading.ends_on}" if reading.ends_on else told


def _stored(offering: Offering) -> str:
    """The promise as it is stored, for a zone whose rules are no longer known."""
    if offering.starts_wall is None or offering.length_minutes is None:
        return ""
    starts = offering.starts_wall
    ends = starts + timedelta(minutes=offering.length_minutes)
    return f"{long_day(starts.date())}, {starts:%H:%M}–{ends:%H:%M} ({offering.timezone})"

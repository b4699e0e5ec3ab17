"""The texts of an event: when and where in words, and what its reader should know."""

import re
from datetime import datetime, timedelta

from app.calendars.facts import Audience, Hall, Held, Sitting
from app.domain.attendance import Attendance, Way
from app.domain.dates import long_day
from app.domain.day_hours import Hours
from app.domain.dayband import falls
from app.domain.seats import PlaceStatus
from app.domain.showing import Reading, when
from app.domain.showing import days as days_in_words
from app.domain.timezones import Span, offset_text, readable_zone
from app.domain.zone_directory import country_name
from app.domain.zone_names import city

# Some readers also end a line at these, others cannot keep them at all.
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNKEEPABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")

_STANDING = {
    PlaceStatus.REQUESTED: "You have asked for a place; it is not confirmed yet.",
    PlaceStatus.WAITING: "You are on the waiting list; you do not hold a place yet.",
    PlaceStatus.OFFERED: "A place is offered to you; it is yours once you accept it on the session page.",
    PlaceStatus.CONFIRMED: "You hold a place: {way}.",
}


def text(value: str) -> str:
    """`value` without the characters that a calendar file cannot carry; lines end with a line feed."""
    return _UNKEEPABLE.sub("", _LINE_ENDS.sub("\n", value)).strip()


def line(value: str) -> str:
    """`value` as a single line."""
    return " ".join(text(value).split())


def description(sitting: Sitting, audience: Audience, page: str, link: str) -> str:
    """What stands in the event: its standing, the times with their zones, what it is about, how to join."""
    paragraphs = [
        _standing(sitting, audience),
        "\n".join(_times(sitting, audience)),
        _twins(sitting, audience),
        text(sitting.summary),
        _heads(audience),
        _joining(sitting, audience, link),
        f"Session page: {page}",
        f"Journey: {line(sitting.journey_title)}",
        text(sitting.demonstration_note),
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def location(sitting: Sitting, audience: Audience, link: str) -> str:
    """The venue, or for who attends online the join link once it may be seen; programs show little else."""
    venue = _venue(sitting.venue) if sitting.venue else ""
    if sitting.attendance is Attendance.ONLINE or audience.way is Way.ONLINE:
        return link or "Online"
    if sitting.attendance is Attendance.BOTH and audience.way is None:
        if link:
            return f"{venue}; {link}" if venue else link
        return f"{venue}, and online" if venue else "Online and in person"
    return venue


def _venue(venue: Hall) -> str:
    country = country_name(venue.country) if venue.country else ""
    return ", ".join(part for part in map(line, (venue.name, venue.address, venue.city, country)) if part)


def _standing(sitting: Sitting, audience: Audience) -> str:
    if sitting.held.is_cancelled:
        return f"This session is cancelled. {text(sitting.cancellation_note)}".strip()
    if audience.leads:
        return "You facilitate this session."
    if audience.status is None or audience.way is None:
        return ""
    return _STANDING.get(audience.status, "").format(way=audience.way.label)


def _heads(audience: Audience) -> str:
    """`Places held: 12 online, 4 in person; 3 wait.`"""
    heads = audience.heads
    if heads is None:
        return ""
    ways = [f"{number} {way}" for number, way in ((heads.online, "online"), (heads.in_person, "in person"))]
    held = [said for said, number in zip(ways, (heads.online, heads.in_person), strict=True) if number]
    waiting = f"{heads.waiting} {'waits' if heads.waiting == 1 else 'wait'}" if heads.waiting else ""
    told = f"Places held: {', '.join(held)}" if held else "Nobody has a place yet"
    return f"{told}; {waiting}." if waiting else f"{told}."


def _joining(sitting: Sitting, audience: Audience, link: str) -> str:
    if link:
        return f"Join: {link}"
    if audience.status is not PlaceStatus.CONFIRMED or audience.way is not Way.ONLINE:
        return ""
    if sitting.held.is_cancelled or not sitting.join_url:
        return ""
    minutes = sitting.join_from_minutes
    since = f"{minutes} minute{'' if minutes == 1 else 's'} before the start" if minutes else "the start"
    return f"The join link is on the session page from {since}."


def _times(sitting: Sitting, audience: Audience) -> list[str]:
    """The promised wall time with its zone; a person's copy tells theirs too, first unless they go there;
    everybody else's tells UTC. Then how it falls in the day.
    """
    held, hearer = sitting.held, audience.hearer
    span = held.span
    if span is None:
        return [f"When: {_days(held)}. The hours are not known yet."]
    promised = _promised(held, span)
    if hearer is None:
        return [f"When: {promised}", *_in_utc(held, span), _falls(span, held.timezone)]
    own = _in_zone(span, hearer.timezone) if hearer.timezone != held.timezone else None
    at_venue = sitting.attendance is Attendance.IN_PERSON or audience.way is Way.IN_PERSON
    falls = _falls(span, held.timezone) if at_venue else _falls(span, hearer.timezone, hearer.hours)
    if own is None:
        return [f"When: {promised}", falls]
    times = [f"Your time: {own}", f"{'At the venue' if at_venue else 'The session’s own time'}: {promised}"]
    return [*(times[::-1] if at_venue else times), falls]


def _twins(sitting: Sitting, audience: Audience) -> str:
    """When else the same session is held; those that are cancelled are no choice."""
    told = []
    for twin in sitting.twins:
        if twin.is_cancelled:
            continue
        span = twin.span
        hearer = audience.hearer
        own = _in_zone(span, hearer.timezone) if span is not None and hearer is not None else None
        told.append(own or (_days(twin) if span is None else _promised(twin, span)))
    return "\n".join(f"The same session is also held: {one}" for one in told)


def _days(held: Held) -> str:
    return f"{days_in_words(*held.days, held.timezone).text} ({held.timezone})" if held.days else ""


def _falls(span: Span, zone: str, hours: Hours | None = None) -> str:
    """`The session falls in your working hours.`; with no hours given, in those that are usual there."""
    if readable_zone(zone) != zone:
        return ""
    said = falls(span, zone, hours)
    return f"{said[0].upper()}{said[1:]}." if hours is not None else f"In {city(zone)} {said}."


def _in_utc(held: Held, span: Span) -> list[str]:
    if held.timezone in {"UTC", "Etc/UTC"}:
        return []
    own = when(span, None, "UTC").lead
    day = "" if held.starts_wall and own.starts.date() == held.starts_wall.date() else f"{own.long_day}, "
    return [f"In UTC: {day}{own.clock}"]


def _promised(held: Held, span: Span) -> str:
    """In the words of its own zone, whose clocks show what was promised, whatever today's rules say."""
    return _in_zone(span, held.timezone, held.starts_wall) or _stored(held)


def _in_zone(span: Span, zone: str, stored_wall: datetime | None = None) -> str | None:
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


def _stored(held: Held) -> str:
    """The promise as it is stored, for a zone whose rules are no longer known."""
    if held.starts_wall is None or held.length_minutes is None:
        return ""
    starts = held.starts_wall
    ends = starts + timedelta(minutes=held.length_minutes)
    return f"{long_day(starts.date())}, {starts:%H:%M}–{ends:%H:%M} ({held.timezone})"

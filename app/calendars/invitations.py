"""Invitations to one person for one place: iTIP objects (RFC 5546), and their mail (RFC 6047).

UID, instants and SEQUENCE are those of the person's feed. SEQUENCE is the offering's counter plus the
place's; every change of time, place, status or standing raises one of the two. What changes besides, such as
a title, is told by the later DTSTAMP (RFC 5546, 2.1.5).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress, vUri

from app.calendars import rows
from app.calendars.addressing import Attendee, attendee_of, organiser_address
from app.calendars.facts import Audience, Hearer
from app.calendars.ical import PRODUCER, Site, Text, link_of, organiser_name
from app.calendars.wording import description, line, location, text
from app.config import Settings
from app.domain.day_hours import Hours
from app.domain.errors import Refused
from app.domain.permissions import Actor, may_see_join_link
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place


class Method(StrEnum):
    """What an object asks of the program that reads it."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Facts:
    """What an invitation tells; `conference` is empty for whom the join link is not yet, or not at all."""

    uid: str
    sequence: int
    starts: datetime | date
    ends: datetime | date
    """After the end: for days, the day after the last."""
    summary: str
    description: str
    location: str
    url: str
    conference: str
    organiser: str
    """The journey's name, on one line."""
    is_cancelled: bool
    is_certain: bool
    """Whether the place is theirs already."""


def request(place: Place, settings: Settings, now: datetime) -> bytes:
    """The invitation to a place that is offered or confirmed, or its update. Raises Refused where there is
    nothing to invite to, or nobody to write to.
    """
    if not place.status.is_taken or place.offering.is_cancelled:
        raise Refused("Only who holds a place that takes place, or is offered one, is invited to it.")
    facts, who = facts_of(place, settings, now), _attendee(place)
    event = _event(facts, now)
    event.add("status", "CONFIRMED" if facts.is_certain else "TENTATIVE")
    attendee = vCalAddress(f"mailto:{who.address}")
    attendee.params["CN"] = _name(who.name) or who.address
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "ACCEPTED" if facts.is_certain else "NEEDS-ACTION"
    attendee.params["RSVP"] = "TRUE" if settings.reply_to else "FALSE"
    return _written(Method.REQUEST, event, facts, attendee, organiser_address(place, who, settings))


def cancellation(place: Place, settings: Settings, now: datetime) -> bytes:
    """Takes the event out of one person's calendar: because the sitting is cancelled, which STATUS says, or
    because this person has the place no longer (RFC 5546, 3.2.5). Raises Refused while neither is so.
    """
    is_off = place.offering.is_cancelled
    if place.status.is_taken and not is_off:
        raise Refused("The place is still theirs; there is nothing to cancel.")
    facts, who = facts_of(place, settings, now), _attendee(place)
    event = _event(facts, now)
    if is_off:
        event.add("status", "CANCELLED")
    attendee = vCalAddress(f"mailto:{who.address}")
    attendee.params["CN"] = _name(who.name) or who.address
    return _written(Method.CANCEL, event, facts, attendee, organiser_address(place, who, settings))


def facts_of(place: Place, settings: Settings, now: datetime) -> Facts:
    """What a person is told of their place now; the same facts as their feed's."""
    (_, sitting), site = rows.sittings([place.offering_id])[place.offering_id], _site(settings)
    offering, person = place.offering, place.participant
    sees_link = may_see_join_link(
        _as_holder(place),
        journey_id=offering.learning_session.journey_id,
        offering_id=offering.id,
        starts_at=offering.starts_at,
        from_minutes=offering.join_from_minutes,
        now=now,
    )
    hours = Hours(person.works_from, person.works_until, days_off=frozenset(person.days_off.split()))
    told = Audience(Hearer(person.timezone, hours), place.status, place.way, sees_link)
    link, page = link_of(sitting, told), site.page_of(sitting)
    starts, ends = _when(place)
    return Facts(
        uid=sitting.held.uid,
        sequence=offering.sequence + place.sequence,
        starts=starts,
        ends=ends,
        summary=text(sitting.title),
        description=description(sitting, told, page, link),
        location=location(sitting, told, link),
        url=page,
        conference=link,
        organiser=organiser_name(sitting),
        is_cancelled=sitting.held.is_cancelled,
        is_certain=place.status is PlaceStatus.CONFIRMED,
    )


def _as_holder(place: Place) -> Actor:
    """Who holds this place and is nothing else; what they may see besides is not for a mail."""
    held = {place.offering_id} if place.status is PlaceStatus.CONFIRMED else set()
    return Actor(participant_id=place.participant_id, confirmed_in=frozenset(held))


def _when(place: Place) -> tuple[datetime | date, datetime | date]:
    offering = place.offering
    if offering.starts_at is not None and offering.ends_at is not None:
        return offering.starts_at.astimezone(UTC), offering.ends_at.astimezone(UTC)
    if offering.first_on is None or offering.last_on is None:
        raise Refused("This sitting has no date yet; nobody is invited to it.")
    return offering.first_on, offering.last_on + timedelta(days=1)


def _event(facts: Facts, now: datetime) -> Event:
    """What request and cancellation have in common. DTSTAMP: when the object was made (RFC 5545, 3.8.7.2)."""
    made = Event()
    made.add("uid", facts.uid)
    made.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    made.add("sequence", facts.sequence)
    made.add("dtstart", facts.starts)
    made.add("dtend", facts.ends)
    made.add("summary", Text(facts.summary))
    made.add("description", Text(facts.description))
    if facts.location:
        made.add("location", Text(facts.location))
    made.add("url", vUri(facts.url))
    if facts.conference:
        more = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Join"}
        made.add("conference", vUri(facts.conference), parameters=more)
    return made


def _written(method: Method, event: Event, facts: Facts, attendee: vCalAddress, organiser: str) -> bytes:
    from_whom = vCalAddress(f"mailto:{organiser}")
    from_whom.params["CN"] = facts.organiser
    event.add("organizer", from_whom)
    event.add("attendee", attendee)
    made = Calendar()
    made.add("prodid", PRODUCER)
    made.add("version", "2.0")
    made.add("method", method.value)
    made.add_component(event)
    body: bytes = made.to_ical()
    return body


def _attendee(place: Place) -> Attendee:
    found = attendee_of(place)
    if found is None:
        raise Refused("There is no address to which this person can be written.")
    return found


def _name(name: str) -> str:
    return line(name).replace('"', "'")


def _site(settings: Settings) -> Site:
    return Site(settings.site_url, settings.mail_from)

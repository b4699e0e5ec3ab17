"""What the page of a learning session shows, arranged from rows; no queries here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.attendance import Attendance, Way
from app.domain.day_hours import Hours
from app.domain.dayband import Band, Lead, Place, band
from app.domain.moments import Moment, moment
from app.domain.timezones import Span, local
from app.learning_sessions.models import AgendaItem, Offering
from app.learning_sessions.place_panel import PlaceFacts, PlacesShown, places_shown
from app.web.reader import Reader
from app.web.sittings import Shown, hours_of, shown

ENOUGH_TO_TELL = 5
"""Fewer people than this in a zone are not shown to strangers."""


@dataclass(frozen=True)
class AgendaShown:
    """An agenda item with its clock time, in the zone that leads the page."""

    item: AgendaItem
    clock: str
    iso: str


@dataclass(frozen=True)
class Registration:
    """From when and until when places can be asked for, in the zone that leads the page; None: no limit."""

    opens: Moment | None
    closes: Moment | None
    is_yet_to_open: bool
    is_closed: bool


@dataclass(frozen=True)
class Sitting:
    """One offering on the page."""

    offering: Offering
    shown: Shown
    places: PlacesShown
    agenda: tuple[AgendaShown, ...]
    join_url: str
    join_from: str
    registration: Registration
    was: Shown | None = None
    """When it was some days ago, if it has moved since."""

    @property
    def place(self) -> Any:
        """What the reader has here and counts on."""
        return self.places.own

    @property
    def is_held(self) -> bool:
        """Whether the reader's seat in the session is here; a cancelled sitting seats nobody."""
        return self.place is not None and self.place.status == "confirmed" and not self.offering.is_cancelled

    @property
    def is_lost(self) -> bool:
        """Whether the reader counted on it, and it is cancelled and would still be to come."""
        return self.place is not None and self.offering.is_cancelled and not self.shown.is_over

    @property
    def takes_requests(self) -> bool:
        if self.registration.is_yet_to_open or self.registration.is_closed:
            return False
        return not self.offering.is_cancelled and not self.shown.has_begun


def sitting_shown(
    offering: Offering, reader: Reader, now: datetime, facts: PlaceFacts, agenda: Sequence[AgendaItem],
    join_url: str, was: Shown | None = None,
) -> Sitting:  # fmt: skip
    """Arrange one offering for this reader."""
    place = facts.live(offering.id)
    in_person = place is not None and place.way is Way.IN_PERSON and place.status == "confirmed"
    times = shown(offering, reader, now, in_person)
    zone = times.when.lead.zone if times.when else offering.timezone
    return Sitting(
        offering,
        times,
        places_shown(offering, facts, reader.timezone or zone, now),
        tuple(_agenda(offering, agenda, zone)),
        join_url,
        _join_from(offering, zone),
        _registration(offering, zone, now),
        None if offering.is_cancelled or times.is_over else was,
    )


def _agenda(offering: Offering, items: Sequence[AgendaItem], zone: str) -> list[AgendaShown]:
    found, at = [], offering.starts_at
    for item in items:
        clock = f"{local(at, zone):%H:%M}" if at else ""
        found.append(AgendaShown(item, clock, f"{at:%Y-%m-%dT%H:%MZ}" if at else ""))
        at = at + timedelta(minutes=item.length_minutes) if at else None
    return found


def _join_from(offering: Offering, zone: str) -> str:
    """`11:45`: when holders of a place see the link, in the zone that leads."""
    if offering.starts_at is None or not offering.join_url:
        return ""
    return f"{local(offering.starts_at - timedelta(minutes=offering.join_from_minutes), zone):%H:%M}"


def _registration(offering: Offering, zone: str, now: datetime) -> Registration:
    opens_at, closes_at = offering.registration_opens_at, offering.registration_closes_at
    return Registration(
        moment(opens_at, zone) if opens_at else None,
        moment(closes_at, zone) if closes_at else None,
        opens_at is not None and now < opens_at,
        closes_at is not None and closes_at <= now,
    )


def places_of_the_enrolled(
    everyone: Sequence[tuple[str, int, int, str, int]],
    expected: Sequence[tuple[str, int | None]],
    sees_all: bool,
) -> list[Place]:
    """The zones to draw: all of the enrolled, or for strangers the expected and the well-filled ones."""
    found = [
        Place(zone, people, Hours(works_from=start, works_until=end, days_off=frozenset(off.split())))
        for zone, start, end, off, people in everyone
        if sees_all or people >= ENOUGH_TO_TELL
    ]
    known = {place.zone for place in found}
    return found + [Place(zone, people) for zone, people in expected if zone not in known]


def bands_of(sittings: Sequence[Sitting], reader: Reader, people: Sequence[Place]) -> dict[int, Band]:
    """Offering id → its day band, for those that have hours."""
    return {
        one.offering.id: _band(one, reader, people)
        for one in sittings
        if one.offering.starts_at is not None and not one.offering.is_cancelled
    }


def _band(sitting: Sitting, reader: Reader, people: Sequence[Place]) -> Band:
    offering = sitting.offering
    assert offering.starts_at is not None  # noqa: S101  # checked by the caller
    assert offering.ends_at is not None  # noqa: S101  # likewise
    zone = sitting.shown.when.lead.zone if sitting.shown.when else offering.timezone
    mine = Place(reader.timezone, None, hours_of(reader), is_reader=True) if reader.timezone else None
    own = Place(offering.timezone)
    if mine is not None and zone == mine.zone:
        lead, lead_is = mine, Lead.READER
    else:
        in_a_venue = offering.attendance is not Attendance.ONLINE
        lead, lead_is = Place(zone), Lead.VENUE if in_a_venue else Lead.OWN
    others = [place for place in (mine, own) if place is not None and place.zone != lead.zone]
    return band(Span(offering.starts_at, offering.ends_at), lead, [*others, *people], lead_is=lead_is)

"""What My learning shows, arranged from places; no queries here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.attendance import Way
from app.domain.dayband import Band, Lead, band
from app.domain.dayband import Place as BandPlace
from app.domain.seats import PlaceStatus
from app.domain.timezones import Span
from app.enrolments.models import Place
from app.web.reader import Reader
from app.web.sittings import Shown, hours_of, shown


@dataclass(frozen=True)
class PlaceShown:
    """A place with its sitting as this reader sees it."""

    place: Place
    shown: Shown
    position: Any = None

    @property
    def offering(self) -> Any:
        return self.place.offering

    @property
    def learning_session(self) -> Any:
        return self.place.offering.learning_session


@dataclass(frozen=True)
class Led:
    """A sitting the reader leads."""

    offering: Any
    learning_session: Any
    shown: Shown


def led(offering: Any, reader: Reader, now: datetime) -> Led:
    """Arrange a sitting for its facilitator."""
    return Led(offering, offering.learning_session, shown(offering, reader, now))


@dataclass
class Learning:
    """What comes next, what follows, what is waited for, what was."""

    next: PlaceShown | None = None
    countdown: str = ""
    band: Band | None = None
    after: list[PlaceShown] = field(default_factory=list)
    waiting: list[PlaceShown] = field(default_factory=list)
    past: list[PlaceShown] = field(default_factory=list)


def arrange(places: Sequence[Place], lines: Mapping[int, Any], reader: Reader, now: datetime) -> Learning:
    """Sort the places of one person for the page."""
    found = Learning()
    for place in places:
        in_person = place.way is Way.IN_PERSON
        one = PlaceShown(place, shown(place.offering, reader, now, in_person), lines.get(place.offering_id))
        _shelf(found, one).append(one)
    coming = [one for one in found.after if one.shown.when is not None and not one.offering.is_cancelled]
    if coming:
        found.next = min(coming, key=lambda one: one.offering.starts_at)
        found.after.remove(found.next)
        found.countdown = countdown(now, found.next.offering.starts_at)
        found.band = _band(found.next, reader)
    found.past.reverse()
    return found


def _shelf(found: Learning, one: PlaceShown) -> list[PlaceShown]:
    waits = one.place.status is PlaceStatus.WAITING
    if one.shown.is_over:
        was_there = one.place.status is PlaceStatus.CONFIRMED and not one.offering.is_cancelled
        return found.past if was_there else []
    return found.waiting if waits and not one.offering.is_cancelled else found.after


def _band(one: PlaceShown, reader: Reader) -> Band:
    offering = one.offering
    zone = reader.timezone or offering.timezone
    place = BandPlace(zone, None, hours_of(reader), is_reader=reader.timezone is not None)
    lead = Lead.READER if reader.timezone else Lead.OWN
    return band(Span(offering.starts_at, offering.ends_at), place, lead_is=lead)


def countdown(now: datetime, starts_at: datetime) -> str:
    """`in 23 days`, `in 2 hours`, `now`. Whole days are told by elapsed time, not by dates."""
    seconds = (starts_at - now).total_seconds()
    if seconds <= 0:
        return "now"
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        count = int(seconds // size)
        if count >= 1:
            return f"in {count} {word}{'' if count == 1 else 's'}"
    return "in less than a minute"

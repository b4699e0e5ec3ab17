"""What My learning shows, arranged from places; no queries here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.domain.attendance import Way
from app.domain.dayband import Band, Lead, band
from app.domain.dayband import Place as BandPlace
from app.domain.moments import Moment, moment
from app.domain.moves import Move
from app.domain.seats import PlaceStatus
from app.domain.timezones import Span
from app.enrolments.models import Place
from app.journeys.models import JourneyStatus
from app.learning_sessions.place_panel import PlaceFacts, why
from app.web.moves import note_of, was
from app.web.reader import Reader
from app.web.sittings import Shown, hours_of, shown


@dataclass(frozen=True)
class PlaceShown:
    """A place with its sitting as this reader sees it."""

    place: Place
    shown: Shown
    position: Any = None
    was: Shown | None = None
    """When the sitting was some days ago, if it has moved since."""
    instead: Sequence[tuple[Any, Shown]] = ()
    """Where to go instead of a sitting that is cancelled, each with its time."""
    why: tuple[str, ...] = ()
    """Why it waits."""
    offer_ends: Moment | None = None
    holds_twin: bool = False
    """A place in another sitting of the session is theirs meanwhile."""
    is_late: bool = False
    """Giving it up now is "I can't come"."""
    note: str = ""
    """What the organisers wrote when it moved."""

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
    was: Shown | None = None
    note: str = ""


Moves = Mapping[int, tuple[Move, ...]]


def led(offering: Any, reader: Reader, now: datetime, moves: Moves) -> Led:
    """Arrange a sitting for its facilitator."""
    times, old = shown(offering, reader, now), _was(moves, offering, reader, now)
    note = note_of(moves, offering.id, offering, reader) if old is not None else ""
    return Led(offering, offering.learning_session, times, old, note)


@dataclass
class Learning:
    """What is on offer, what comes next and follows, what is waited for, what is called off, what was."""

    next: PlaceShown | None = None
    countdown: str = ""
    band: Band | None = None
    offered: list[PlaceShown] = field(default_factory=list)
    after: list[PlaceShown] = field(default_factory=list)
    waiting: list[PlaceShown] = field(default_factory=list)
    cancelled: list[PlaceShown] = field(default_factory=list)
    past: list[PlaceShown] = field(default_factory=list)


def arrange(
    places: Sequence[Place], facts: PlaceFacts, reader: Reader, now: datetime, moves: Moves,
    instead: Mapping[int, Sequence[Any]],
) -> Learning:  # fmt: skip
    """Sort the places of one person for the page. `facts`: their lines, rules and shares; `instead`: what is
    offered for what is cancelled, by learning session id.
    """
    found = Learning()
    held = {one.learning_session_id for one in places if one.status is PlaceStatus.CONFIRMED}
    for place in places:
        one = _shown(place, facts, reader, now, moves, instead)
        if place.status is PlaceStatus.OFFERED:
            one = replace(one, holds_twin=place.learning_session_id in held)
        _shelf(found, one, now).append(one)
    coming = [one for one in found.after if one.shown.when is not None]
    if coming:
        found.next = min(coming, key=lambda one: one.offering.starts_at)
        found.after.remove(found.next)
        found.countdown = countdown(now, found.next.offering.starts_at)
        found.band = _band(found.next, reader)
    found.past.reverse()
    return found


def _shown(
    place: Place, facts: PlaceFacts, reader: Reader, now: datetime, moves: Moves,
    instead: Mapping[int, Sequence[Any]],
) -> PlaceShown:  # fmt: skip
    offering = place.offering
    line = facts.own.get(offering.id)
    zone = reader.timezone or offering.timezone
    is_open = offering.learning_session.journey.status is JourneyStatus.OPEN
    old = _was(moves, offering, reader, now)
    return PlaceShown(
        place,
        shown(offering, reader, now, place.way is Way.IN_PERSON),
        line,
        old,
        _offered(instead, place, reader, now),
        why(offering, line, replace(facts, takes_places=is_open), zone, now),
        moment(place.offer_ends_at, zone) if place.offer_ends_at is not None else None,
        is_late=facts.rule(offering.id).is_late(offering.starts_at, now),
        note=note_of(moves, offering.id, offering, reader) if old is not None else "",
    )


def _was(moves: Moves, offering: Any, reader: Reader, now: datetime) -> Shown | None:
    return None if offering.is_cancelled else was(moves, offering.id, offering, reader, now)


def _offered(
    instead: Mapping[int, Sequence[Any]], place: Place, reader: Reader, now: datetime
) -> Sequence[tuple[Any, Shown]]:
    if not place.offering.is_cancelled:
        return ()
    return [(one, shown(one, reader, now)) for one in instead.get(place.learning_session_id, ())]


def _shelf(found: Learning, one: PlaceShown, now: datetime) -> list[PlaceShown]:
    place = one.place
    if one.shown.is_over:
        was_there = place.status is PlaceStatus.CONFIRMED and not one.offering.is_cancelled
        return found.past if was_there else []
    if one.offering.is_cancelled:
        return found.cancelled
    if place.offer_ends_at is not None:
        return found.offered if place.offer_ends_at > now else []
    return found.after if place.status is PlaceStatus.CONFIRMED else found.waiting


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

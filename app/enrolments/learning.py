"""What My learning shows, arranged from places; no queries here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.attendance import Way
from app.domain.dayband import Band, Lead, band
from app.domain.dayband import Place as BandPlace
from app.domain.moves import Move
from app.domain.seats import PlaceStatus
from app.domain.timezones import Span
from app.enrolments.models import Place
from app.web.moves import was
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


Moves = Mapping[int, tuple[Move, ...]]


def led(offering: Any, reader: Reader, now: datetime, moves: Moves) -> Led:
    """Arrange a sitting for its facilitator."""
    times = shown(offering, reader, now)
    return Led(offering, offering.learning_session, times, _was(moves, offering, reader, now))


@dataclass
class Learning:
    """What comes next, what follows, what is waited for, what was."""

    next: PlaceShown | None = None
    countdown: str = ""
    band: Band | None = None
    after: list[PlaceShown] = field(default_factory=list)
    waiting: list[PlaceShown] = field(default_factory=list)
    past: list[PlaceShown] = field(default_factory=list)


def arrange(
    places: Sequence[Place], lines: Mapping[int, Any], reader: Reader, now: datetime, moves: Moves,
    instead: Mapping[int, Sequence[Any]],
) -> Learning:  # fmt: skip
    """Sort the places of one person for the page. `instead`: what is offered, by learning session id."""
    found = Learning()
    for place in places:
        one = PlaceShown(
            place,
            shown(place.offering, reader, now, place.way is Way.IN_PERSON),
            lines.get(place.offering_id),
            _was(moves, place.offering, reader, now),
            _offered(instead, place, reader, now),
        )
        _shelf(found, one).append(one)
    coming = [one for one in found.after if one.shown.when is not None and not one.offering.is_cancelled]
    if coming:
        found.next = min(coming, key=lambda one: one.offering.starts_at)
        found.after.remove(found.next)
        found.countdown = countdown(now, found.next.offering.starts_at)
        found.band = _band(found.next, reader)
    found.past.reverse()
    return found


def _was(moves: Moves, offering: Any, reader: Reader, now: datetime) -> Shown | None:
    return None if offering.is_cancelled else was(moves, offering.id, offering, reader, now)


def _offered(
    instead: Mapping[int, Sequence[Any]], place: Place, reader: Reader, now: datetime
) -> Sequence[tuple[Any, Shown]]:
    if not place.offering.is_cancelled:
        return ()
    return [(one, shown(one, reader, now)) for one in instead.get(place.learning_session_id, ())]


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

"""What an organiser should know about a time that is being planned, in sentences. None of it forbids it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.dates import listed, short_day
from app.domain.shifts import shifts
from app.domain.showing import days
from app.domain.timezones import Span, abbreviation, city, local, offset_text
from app.facilitators.absences import in_words
from app.facilitators.models import Absence
from app.scheduling.audience import Willing
from app.scheduling.clashes import Asked, Clashes, Sitting

SHIFTS_SAID = 3


@dataclass(frozen=True)
class Words:
    """A piece of a sentence; with `slugs`, a link to the session of that journey."""

    text: str
    slugs: tuple[str, str] | None = None


@dataclass(frozen=True)
class Thing:
    """One thing to know: a word or two for its kind, then a sentence."""

    label: str
    sentence: tuple[Words, ...]

    @property
    def text(self) -> str:
        """The sentence without its links."""
        return "".join(words.text for words in self.sentence)


def thing(label: str, *sentence: Words | str) -> Thing:
    """A thing to know, of words and links."""
    return Thing(label, tuple(Words(one) if isinstance(one, str) else one for one in sentence))


def things_about_clashes(found: Clashes, asked: Asked, timezone: str) -> Iterator[Thing]:
    """Everything that happens at the same time; `timezone`: whose clocks say when."""
    for booking in found.double_bookings:
        verb = "facilitates" if len(booking.names) == 1 else "facilitate"
        yield thing(
            "Double booking", f"{listed(booking.names)} {verb} ", *_it(booking.sitting, asked, timezone)
        )
    for absence in found.absences:
        yield thing("Away", _away(absence))
    for sitting in found.twins:
        yield thing(
            "Twin sitting", "another sitting of this session runs ", _when(sitting, asked, timezone) + "."
        )
    for sitting in found.same_journey:
        yield thing("Overlap", *_link(sitting, asked, own=True), f" runs {_when(sitting, asked, timezone)}.")
    for sitting in found.own:
        verb = "lead" if sitting.is_led_by_actor else "organise"
        yield thing("Your own", f"you {verb} ", *_it(sitting, asked, timezone))
    if found.held_elsewhere:
        people = (
            "1 participant holds"
            if found.held_elsewhere == 1
            else f"{found.held_elsewhere:,} participants hold"
        )
        yield thing("Clash", f"{people} a place elsewhere at this time.")


def things_about_moved_hours(
    before: Sitting | None, span: Span, timezone: str, zones: Sequence[str]
) -> Iterator[Thing]:
    """Where clocks stand otherwise than for the sitting before, in the order of `zones`."""
    if before is None or before.starts_at is None:
        return
    moved = shifts(before.starts_at, span.starts_at, timezone, zones)
    if not moved:
        return
    more = len(moved) - SHIFTS_SAID
    said = "; ".join(shift.sentence for shift in moved[:SHIFTS_SAID])
    rest = f"; also in {more} more {'place' if more == 1 else 'places'}" if more > 0 else ""
    yield thing("Hour moved", f"since session {before.position}, {said}{rest}.")


def things_about_interest(willing: Willing) -> Iterator[Thing]:
    """How many of those who said that they would come can."""
    if not willing.people:
        return
    said = "said they would come"
    if willing.people == 1:
        yield thing("Interest", f"the one person who {said} {'can' if willing.can else 'cannot'} then.")
    elif willing.can in (0, willing.people):
        everybody = "none of the" if willing.can == 0 else "all"
        yield thing("Interest", f"{everybody} {willing.people:,} people who {said} can.")
    else:
        yield thing("Interest", f"{willing.can:,} of the {willing.people:,} people who {said} can.")


def things_about_facilitators(unplaced: Sequence[str]) -> Iterator[Thing]:
    """Who leads and cannot be counted."""
    if unplaced:
        yield thing("Not counted", f"where {listed(unplaced)} will be is not known.")


def things_about_passing(span: Span, now: datetime) -> Iterator[Thing]:
    """Whether the time lies behind."""
    if span.ends_at <= now:
        yield thing("Past", "this time is over already.")
    elif span.starts_at <= now:
        yield thing("Past", "this time has begun already.")


def _it(sitting: Sitting, asked: Asked, timezone: str) -> tuple[Words | str, ...]:
    return (*_link(sitting, asked), f" {_when(sitting, asked, timezone)}.")


def _link(sitting: Sitting, asked: Asked, own: bool = False) -> tuple[Words | str, ...]:
    if not sitting.is_named_to(asked.actor, asked.journey_id):
        return ("a session of another journey",)
    name = f"session {sitting.position}" if own else f"{sitting.journey}, session {sitting.position}"
    return (Words(name, (sitting.journey_slug, sitting.slug)),)


def _when(sitting: Sitting, asked: Asked, timezone: str) -> str:
    """`from 13:30 London, BST`; `all day on 11–12 May 2027, Accra`; the day where it is another."""
    if sitting.starts_at is None:
        if sitting.first_on is None or sitting.last_on is None:
            return "then"
        shown = days(sitting.first_on, sitting.last_on, sitting.timezone)
        return f"all day on {shown.text}, {shown.place}"
    at = local(sitting.starts_at, timezone)
    same_day = at.date() == local(asked.span.starts_at, timezone).date()
    day = "" if same_day else f"{short_day(at.date())}, "
    return f"from {day}{at:%H:%M} {city(timezone)}, {abbreviation(at) or offset_text(at)}"


def _away(absence: Absence) -> str:
    note = f" (“{absence.note}”)" if absence.note else ""
    return f"{absence.facilitator.name} cannot lead {in_words(absence)}{note}."

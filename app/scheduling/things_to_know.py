"""What an organiser should know about a time that is being planned, in sentences. None of it forbids it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.domain.dates import listed, short_day
from app.domain.shifts import Shift, shifts
from app.domain.showing import days
from app.domain.timezones import Span, abbreviation, city, local, offset_text
from app.facilitators.absences import in_words
from app.facilitators.models import Absence
from app.learning_sessions.models import LearningSession, Offering, OfferingFacilitator
from app.scheduling.audience import Willing
from app.scheduling.clashes import Asked, Clashes, Sitting

CAUSES_SAID, PLACES_SAID = 2, 4
"""So many are named; the day band shows every place."""


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


def leading_in(journey_id: int, absences: Sequence[Absence]) -> frozenset[int]:
    """The facilitators, by id, who lead in the journey: the notes of their absences are for its organisers.

    One query, none where no absence has a note.
    """
    asked = {one.facilitator_id for one in absences if one.note}
    if not asked:
        return frozenset()
    return frozenset(
        db.scalars(
            select(OfferingFacilitator.facilitator_id)
            .join(Offering, Offering.id == OfferingFacilitator.offering_id)
            .join(LearningSession, LearningSession.id == Offering.learning_session_id)
            .where(LearningSession.journey_id == journey_id, OfferingFacilitator.facilitator_id.in_(asked))
        )
    )


def things_about_clashes(
    found: Clashes, asked: Asked, timezone: str, leading: Collection[int] | None = None
) -> Iterator[Thing]:
    """Everything that happens at the same time; `timezone`: whose clocks say when.

    `leading`: what `leading_in` says, asked once for many times; None: asked here.
    """
    if leading is None:
        leading = leading_in(asked.journey_id, found.absences)
    for booking in found.double_bookings:
        verb = "facilitates" if len(booking.names) == 1 else "facilitate"
        yield thing(
            "Double booking", f"{listed(booking.names)} {verb} ", *_it(booking.sitting, asked, timezone)
        )
    for absence in found.absences:
        yield thing("Away", _away(absence, absence.facilitator_id in leading))
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
    """Where it is another hour or weekday than for the sitting before, because somebody's clocks changed.

    Nothing when the new sitting is for another hour by the clock it is promised in: then everybody's moves.
    """
    if before is None or before.starts_at is None:
        return
    if local(before.starts_at, timezone).time() != local(span.starts_at, timezone).time():
        return
    causes: dict[str, list[Shift]] = {}
    for shift in shifts(before.starts_at, span.starts_at, timezone, zones):
        causes.setdefault(shift.reason.partition(";")[0], []).append(shift)
    if causes:
        said = "; ".join(_moved(cause, moved) for cause, moved in list(causes.items())[:CAUSES_SAID])
        more = sum(len(moved) for moved in list(causes.values())[CAUSES_SAID:])
        rest = f"; and in {_places(more)}" if more else ""
        yield thing("Hour moved", f"since session {before.position}, {said}{rest}.")


def _moved(cause: str, moved: Sequence[Shift]) -> str:
    """`Accra 13:00 → 12:00, Dhaka 19:00 → 18:00 and 2 more places, because London changed its clocks`."""
    if len(moved) == 1:
        return f"{moved[0].place} {moved[0].change}, because {moved[0].reason}"
    said = [f"{shift.place} {shift.change}" for shift in moved[:PLACES_SAID]]
    more = len(moved) - PLACES_SAID
    return f"{listed([*said, _places(more)] if more > 0 else said)}, because {cause}"


def _places(more: int) -> str:
    return "1 more place" if more == 1 else f"{more} more places"


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


def _away(absence: Absence, tells_why: bool) -> str:
    note = f" (“{absence.note}”)" if absence.note and tells_why else ""
    return f"{absence.facilitator.name} cannot lead {in_words(absence)}{note}."

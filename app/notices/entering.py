"""The notices about requests to join a journey, about what its organisers decided, and about leaving it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.messages.composed import CalendarObject, Composed, Composer, NoLongerNeeded
from app.notices import queries, times
from app.notices.about import shown_to
from app.notices.invited import calendar_of
from app.notices.language import Language
from app.notices.letters import Go, Items, Letter, Line, Part, Quote, composed
from app.notices.people import answers_to, choices_of, contact_of, language_for, without_account
from app.notices.places import about_place
from app.web.templating import address_of


@dataclass(frozen=True)
class Ended:
    """An enrolment as it is now, with the places that went when it ended."""

    enrolment: Enrolment
    places: Sequence[Place]
    was_request: bool
    now: datetime

    @property
    def title(self) -> str:
        return self.enrolment.journey.title


@dataclass(frozen=True)
class Said:
    """The words of one letter."""

    subject: str
    title: str
    parts: Sequence[Part]
    why: str


def _requested(_: Language, ended: Ended) -> Said:
    return Said(
        _("Your request is with the organisers: {journey}", journey=ended.title),
        _("Your request to join “{journey}” is with the organisers", journey=ended.title),
        [
            Line(_("They decide about each request, and we write to you when they have.")),
            Line(_("The page of the journey shows what you wrote. You can change or withdraw it there.")),
        ],
        _asked(_, ended),
    )


def _declined(_: Language, ended: Ended) -> Said:
    return Said(
        _("Your request was declined: {journey}", journey=ended.title),
        _("Your request to join “{journey}” was declined", journey=ended.title),
        [
            *_note(_, ended),
            Line(_("If something has changed since, write to the organisers; they can still say yes.")),
        ],
        _asked(_, ended),
    )


def _back(_: Language, ended: Ended) -> Said:
    return Said(
        _("Your enrolment is a request again: {journey}", journey=ended.title),
        _("Your enrolment in “{journey}” is a request again", journey=ended.title),
        [
            Line(
                _(
                    "The organisers have taken back their yes for now. Your request stays, and we write to "
                    "you when they have decided."
                )
            ),
            *_note(_, ended),
            *_places(_, ended),
        ],
        _asked(_, ended),
    )


def _removed(_: Language, ended: Ended) -> Said:
    return Said(
        _("Your enrolment has ended: {journey}", journey=ended.title),
        _("The organisers have ended your enrolment in “{journey}”", journey=ended.title),
        [*_note(_, ended), *_places(_, ended)],
        _took_part(_, ended),
    )


def _left(_: Language, ended: Ended) -> Said:
    if ended.was_request:
        return Said(
            _("You have withdrawn your request: {journey}", journey=ended.title),
            _("You have withdrawn your request to join “{journey}”", journey=ended.title),
            [Line(_("You can ask again at any time while the journey is open."))],
            _asked(_, ended),
        )
    return Said(
        _("You have left: {journey}", journey=ended.title),
        _("You have left “{journey}”", journey=ended.title),
        [*_places(_, ended), Line(_("You can come back at any time while the journey is open."))],
        _took_part(_, ended),
    )


def _asked(_: Language, ended: Ended) -> str:
    return _("You get this because you asked to join “{journey}”.", journey=ended.title)


def _took_part(_: Language, ended: Ended) -> str:
    return _("You get this because you were enrolled in “{journey}”.", journey=ended.title)


def _note(_: Language, ended: Ended) -> list[Part]:
    note = ended.enrolment.decision_note
    return [Quote(note, _("The organisers"))] if note else []


def _places(_: Language, ended: Ended) -> list[Part]:
    """What went with the enrolment: each sitting with its time in the reader's zone."""
    told = []
    for place in ended.places:
        shown = shown_to(ended.enrolment.participant, place.offering, place.way, ended.now)
        when = times.in_line(_, shown)
        told.append((f"{place.offering.learning_session.title}: {when}", ""))
    if not told:
        return []
    return [Items(tuple(told), _("These places, or places in line, have ended with it:"))]


REQUESTED, LEFT = EnrolmentStatus.REQUESTED, EnrolmentStatus.LEFT
ABOUT_REQUESTS: dict[str, tuple[EnrolmentStatus, Callable[[Language, Ended], Said]]] = {
    "enrolment-requested": (REQUESTED, _requested),
    "enrolment-declined": (EnrolmentStatus.DECLINED, _declined),
    "enrolment-removed": (LEFT, _removed),
    "enrolment-back-to-request": (REQUESTED, _back),
    "journey-left": (LEFT, _left),
}
"""Kind of message → what the enrolment must still be for it to be true, and what it says."""


def about_request(kind: str) -> Composer:
    """The composer of a notice about a request. When the enrolment is no longer what it was, it is silent,
    or takes the entry out of the calendar that was to go with it.
    """
    status, words = ABOUT_REQUESTS[kind]

    def compose(payload: Mapping[str, Any]) -> Composed:
        found = queries.enrolment(int(payload["journey_id"]), int(payload["participant_id"]))
        if found is None or found.status is not status:
            return _entry_alone(payload)
        now = datetime.now(UTC)
        places = queries.places(payload.get("place_ids", ()))
        ended = Ended(found, places, bool(payload.get("was_request")), now)
        person, _ = found.participant, language_for(found.participant)
        said = words(_, ended)
        go = Go(_("Open the journey"), address_of("journeys.show", slug=found.journey.slug))
        more = [] if person.user_id is not None else without_account(_, person)
        letter = Letter(
            subject=said.subject,
            greeting=_("Dear {name},", name=person.name),
            title=said.title,
            parts=[*said.parts, go, *more],
            why=said.why,
            answers=contact_of(found.journey),
            choices=choices_of(person),
        )
        return composed(
            letter, _, timezone=person.timezone, reply_to=answers_to(found.journey),
            calendar=_entry(ended, payload.get("entry_of")),
        )  # fmt: skip

    return compose


def _entry_alone(payload: Mapping[str, Any]) -> Composed:
    """The letter about the entry of the only seat: no other takes it out of the calendar."""
    if payload.get("entry_of") is None:
        raise NoLongerNeeded("the enrolment has changed since")
    return about_place("calendar-update")({"place_id": payload["entry_of"]})


def _entry(ended: Ended, place_id: int | None) -> CalendarObject | None:
    """What takes the entry of the only seat out of the calendar; several have a mail each."""
    place = next((one for one in ended.places if one.id == place_id), None)
    if place is None or place.status.is_live:
        return None
    return calendar_of(place, was_taken=True, now=ended.now)

"""The text of each notice, made from how things stand when it is sent."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.attendance import Attendance
from app.enrolments.models import Enrolment, EnrolmentStatus
from app.enrolments.queries import own_places
from app.enrolments.rooms import has_begun
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering
from app.messages.composed import Composed, Composer, NoLongerNeeded
from app.notices import queries, times
from app.notices.about import where_is
from app.notices.language import Language
from app.notices.letters import Facts, Go, Hours, Letter, Line, Link, Part, Quote, composed
from app.notices.pending import wait_for_changes
from app.notices.people import (
    answers_to,
    choices_of,
    contact_of,
    language_for,
    reader_of,
    without_account,
)
from app.participants.models import Participant
from app.web.sittings import shown
from app.web.templating import address_of, site_url

ABOUT_JOURNEYS = ("enrolled",)
ABOUT_SITTINGS = ("session-dated",)


def about_journey(kind: str) -> Composer:
    """The composer of a notice about an enrolment; silent when it has ended."""

    def compose(payload: Mapping[str, Any]) -> Composed:
        found = queries.enrolment(int(payload["journey_id"]), int(payload["participant_id"]))
        if found is None or found.status is not EnrolmentStatus.ACTIVE:
            raise NoLongerNeeded("the enrolment has ended since")
        return _enrolled(found)

    return compose


def _enrolled(found: Enrolment) -> Composed:
    person, journey = found.participant, found.journey
    _ = language_for(person)
    if found.wants_all:
        next_step = _(
            "You take part in every session, also when one is added: with a place where there is one, else "
            "in its line."
        )
    else:
        next_step = _("Next, choose the sessions you want a place in.")
    parts: list[Part] = [Line(next_step), Line(_("Every hour is told in your own time."))]
    if found.decision_note:
        parts += [Quote(found.decision_note, _("The organisers"))]
    parts += [Go(_("Open the journey"), address_of("journeys.show", slug=journey.slug))]
    if person.user_id is not None:
        parts += [Link(_("Have the sessions in your calendar: subscribe once"), site_url("/me/calendar"))]
    else:
        parts += without_account(_, person)
    letter = Letter(
        subject=_("You are enrolled: {journey}", journey=journey.title),
        greeting=_("Dear {name},", name=person.name),
        title=_("You are enrolled in “{journey}”", journey=journey.title),
        parts=parts,
        why=_("You get this because you are enrolled in {journey}.", journey=journey.name),
        answers=contact_of(journey),
        choices=choices_of(person),
    )
    return composed(letter, _, timezone=person.timezone, reply_to=answers_to(journey))


def about_sitting(kind: str) -> Composer:
    """The composer of an invitation to a sitting; silent for whom it has nothing to offer any more."""

    def compose(payload: Mapping[str, Any]) -> Composed:
        offering = queries.offering(int(payload["offering_id"]))
        if offering is None:
            raise NoLongerNeeded("the sitting is gone")
        learning_session, now = offering.learning_session, datetime.now(UTC)
        wait_for_changes(offering.id, now)
        if offering.is_cancelled:
            raise NoLongerNeeded("the sitting is cancelled")
        journey = learning_session.journey
        if journey.status not in (JourneyStatus.PUBLISHED, JourneyStatus.OPEN) or has_begun(offering, now):
            raise NoLongerNeeded("nobody can take a place any more")
        said = queries.interest(learning_session.id, int(payload["participant_id"]))
        if said is None or own_places(said.participant_id, [learning_session.id]):
            raise NoLongerNeeded("they would not come any more, or have a place")
        return _dated(offering, said.participant, now)

    return compose


def _dated(offering: Offering, person: Participant, now: datetime) -> Composed:
    learning_session = offering.learning_session
    journey, _ = learning_session.journey, language_for(person)
    times_shown = shown(offering, reader_of(person), now)
    if journey.status is JourneyStatus.OPEN:
        next_step = _("No place is kept for you yet. If you can come then, ask for one on the page.")
    else:
        next_step = _("Places cannot be asked for yet. The page says when they can.")
    page = address_of(
        "learning_sessions.show", slug=journey.slug, learning_session_slug=learning_session.slug
    )
    letter = Letter(
        subject=_(
            "It has a date: {session}, {when}",
            session=learning_session.title, when=times.in_subject(_, times_shown),
        ),
        greeting=_("Dear {name},", name=person.name),
        title=_("“{session}” has a date now", session=learning_session.title),
        parts=[
            Hours(times.reading(_, times_shown)),
            Facts(_where(_, offering)),
            Line(next_step),
            Go(_("Open the session"), page),
        ],
        why=_("You get this because you said that you would come to “{session}”.",
              session=learning_session.title),
        answers=contact_of(journey),
        choices=choices_of(person),
    )  # fmt: skip
    return composed(letter, _, timezone=person.timezone, reply_to=answers_to(journey))


def _where(_: Language, offering: Offering) -> tuple[tuple[str, str], ...]:
    """The journey, how it is attended, and the venue."""
    told = [(_("Journey"), offering.learning_session.journey.title)]
    match offering.attendance:
        case Attendance.IN_PERSON:
            told.append((_("It is held"), _("in person")))
        case Attendance.BOTH:
            told.append((_("It is held"), _("online and in person")))
        case _other:
            told.append((_("It is held"), _("online")))
    where = where_is(offering) if offering.attendance is not Attendance.ONLINE else ""
    return (*told, (_("Where"), where)) if where else tuple(told)

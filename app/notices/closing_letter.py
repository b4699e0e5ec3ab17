"""The letter to the people of a journey that is closed: what the organisers say, what came of it, where they
had places, and how to keep it; and the shorter one to who only asked to join.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.database import db
from app.domain.seats import PlaceStatus
from app.domain.timezones import city
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.journeys.matter import Publication
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering
from app.messages.composed import Composed, NoLongerNeeded
from app.notices import queries, times
from app.notices.about import shown_to
from app.notices.closings import OVER, is_closed_again
from app.notices.language import Language
from app.notices.letters import Go, Items, Letter, Line, Link, Part, Quote, composed
from app.notices.people import answers_to, choices_of, contact_of, language_for
from app.participants.models import Participant
from app.toolkits import queries as toolkits
from app.web.templating import address_of, site_url

MOST_ITEMS = 20

Item = tuple[str, str]


def about_closing(payload: Mapping[str, Any]) -> Composed:
    """That a journey is closed; silent where it is open again, or they left it."""
    found = _true(payload, EnrolmentStatus.ACTIVE)
    _, journey = language_for(found.participant), found.journey
    return _written(
        _,
        found,
        subject=_subject(_, journey),
        title=_("“{journey}” is closed", journey=journey.title),
        parts=_parts(_, found, datetime.now(UTC)),
        why=_("You get this because you took part in “{journey}”.", journey=journey.title),
    )


def about_undecided(payload: Mapping[str, Any]) -> Composed:
    """That a journey closed before their request was decided; silent where they do not ask any more."""
    found = _true(payload, EnrolmentStatus.REQUESTED)
    _, journey = language_for(found.participant), found.journey
    return _written(
        _,
        found,
        subject=_subject_undecided(_, journey),
        title=_("“{journey}” closed before your request was decided", journey=journey.title),
        parts=_parts_undecided(_, found.participant, journey),
        why=_("You get this because you asked to join “{journey}”.", journey=journey.title),
    )


def _written(
    _: Language, found: Enrolment, *, subject: str, title: str, parts: list[Part], why: str
) -> Composed:
    """The letter to somebody about a journey that is over."""
    person, journey = found.participant, found.journey
    letter = Letter(
        subject=subject,
        greeting=_("Dear {name},", name=person.name),
        title=title,
        parts=parts,
        why=why,
        answers=contact_of(journey),
        choices=choices_of(person),
    )
    return composed(letter, _, timezone=person.timezone, reply_to=answers_to(journey))


def _true(payload: Mapping[str, Any], status: EnrolmentStatus) -> Enrolment:
    """The enrolment, when the letter is still true of it."""
    found = queries.enrolment(int(payload["journey_id"]), int(payload["participant_id"]))
    if found is None or found.status is not status:
        raise NoLongerNeeded("the enrolment has changed since")
    if found.journey.status not in OVER or _is_closed_again(payload):
        raise NoLongerNeeded("it is open again, or was closed another time")
    return found


def _is_closed_again(payload: Mapping[str, Any]) -> bool:
    """Whether this closing was taken back, and another is told; the day that it has may be corrected."""
    closed_at = payload.get("closed_at")
    if closed_at is None:
        return False  # queued before this was kept
    return is_closed_again(int(payload["journey_id"]), datetime.fromisoformat(closed_at))


def _subject(_: Language, journey: Journey) -> str:
    if journey.closed_on is None:
        return _("{journey} is closed", journey=journey.title)
    day = _day(_, journey.closed_on, journey)
    return _("{journey} was closed on {day}", journey=journey.title, day=day)


def _subject_undecided(_: Language, journey: Journey) -> str:
    if journey.closed_on is None:
        return _("{journey} closed before your request was decided", journey=journey.title)
    day = _day(_, journey.closed_on, journey)
    return _("{journey} closed on {day}, before your request was decided", journey=journey.title, day=day)


def _day(_: Language, day: date, journey: Journey) -> str:
    """`31 March 2027, Accra`: the day, with the place whose day it is."""
    return f"{times.span_of_days(_, day, day)}, {city(journey.timezone)}"


def _parts_undecided(_: Language, person: Participant, journey: Journey) -> list[Part]:
    page = address_of("journeys.show", slug=journey.slug)
    parts: list[Part] = [
        Line(_("Nobody can join it any more, so the organisers can’t approve your request.")),
        *_note(_, journey),
        Go(_("Open the journey"), page),
        Line(_("The pages of the journey and its sessions stay where they are, for everybody to read.")),
        Line(
            _(
                "You need not do anything. Your request stays, and the organisers can still say yes if they "
                "open the journey again."
            )
        ),
    ]
    if person.user_id is None:
        return parts
    return [*parts, Link(_("You can withdraw it in My learning:"), site_url("/me/"))]


def _note(_: Language, journey: Journey) -> list[Part]:
    """What the organisers say on closing, if they do."""
    return [Quote(journey.closing_note, _("The organisers"))] if journey.closing_note else []


def _parts(_: Language, found: Enrolment, now: datetime) -> list[Part]:
    person, journey = found.participant, found.journey
    page = address_of("journeys.show", slug=journey.slug)
    outputs = [*_publications(journey), *_toolkits(journey)]
    attended = _attended(_, person, journey, now)
    thanks = _("Nobody can join it any more. Thank you for taking part.")
    parts: list[Part] = [Line(thanks), *_note(_, journey)]
    if outputs:
        parts.append(_some(_, outputs, _("What came of it"), page))
    parts.append(Go(_("Open the journey"), page))
    if attended:
        parts.append(_some(_, attended, _("The sessions you had a place in"), site_url("/me/")))
    return [*parts, *_keeping(_, person, journey)]


def _keeping(_: Language, person: Participant, journey: Journey) -> list[Part]:
    told = _(
        "The pages of the journey, its sessions and its toolkits stay where they are, for everybody to read."
    )
    file = address_of("calendars.of_journey", slug=journey.slug)
    parts: list[Part] = [Line(told), Link(_("All its sessions as a file for your calendar:"), file)]
    if person.user_id is None:
        return parts
    return [*parts, Link(_("What you took part in stays in My learning:"), site_url("/me/"))]


def _some(_: Language, items: Sequence[Item], title: str, page: str) -> Items:
    """The first of them; the page has the others."""
    more = len(items) - MOST_ITEMS
    rest = [(_.n("And {number} more", "And {number} more", more), page)] if more > 0 else []
    return Items((*items[:MOST_ITEMS], *rest), title)


def _publications(journey: Journey) -> list[Item]:
    return [(_named(one), _address(one)) for one in journey.publications]


def _named(one: Publication) -> str:
    """`Title, publisher, part`, as far as known."""
    return ", ".join(part for part in (one.title, one.publisher, one.part) if part)


def _address(one: Publication) -> str:
    return one.url or (f"https://doi.org/{one.doi}" if one.doi else "")


def _toolkits(journey: Journey) -> list[Item]:
    return [
        (one.title, address_of("toolkits.show", slug=one.slug)) for one in toolkits.of_journey(journey.id)
    ]


def _attended(_: Language, person: Participant, journey: Journey, now: datetime) -> list[Item]:
    """The sittings they had a place in, in the order in which they were held."""
    places = db.scalars(
        select(Place)
        .join(Place.offering)
        .join(Offering.learning_session)
        .where(LearningSession.journey_id == journey.id, Place.participant_id == person.id)
        .where(Place.status == PlaceStatus.CONFIRMED, Place.cannot_come_at.is_(None))
        .where(Offering.cancelled_at.is_(None))
        .order_by(Offering.starts_at, Offering.first_on, Place.id)
        .options(contains_eager(Place.offering).contains_eager(Offering.learning_session))
    )
    items = []
    for one in places:
        held = one.offering.learning_session
        when = times.in_line(_, shown_to(person, one.offering, one.way, now))
        page = address_of("learning_sessions.show", slug=journey.slug, learning_session_slug=held.slug)
        items.append((_("“{session}”, {when}", session=held.title, when=when), page))
    return items

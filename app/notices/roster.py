"""What organisers write to the people of a roster: to each alone, with times as its reader reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.accounts.models import User
from app.database import db
from app.domain.merge_fields import fields_in, merged
from app.enrolments.models import Enrolment, Place, RosterMessage
from app.enrolments.roster.messages import KIND as KIND  # the kind it composes
from app.enrolments.roster.messages import LIVE
from app.enrolments.roster.messages import TEST as TEST
from app.journeys.models import Journey
from app.learning_sessions.models import Offering
from app.messages.composed import Composed, NoLongerNeeded
from app.notices import queries, times
from app.notices.about import shown_to, way_in_words, where_is
from app.notices.language import Language, isolated
from app.notices.letters import Go, Letter, Line, composed
from app.notices.pending import wait_for_changes
from app.notices.people import answers_to, choices_of, contact_of, language_for
from app.participants.models import Participant
from app.web.templating import address_of

SOON = timedelta(hours=24)
"""What is written about a sitting that begins by then is sent at any hour."""


@dataclass(frozen=True)
class Written:
    """What organisers wrote, as one person is told it; `place` where it is to people of a sitting."""

    subject: str
    text: str
    writer: str
    person: Participant
    journey: Journey
    place: Place | None
    now: datetime

    @property
    def offering(self) -> Offering | None:
        return self.place.offering if self.place is not None else None

    @property
    def title(self) -> str:
        """Of the session, else of the journey."""
        return self.offering.learning_session.title if self.offering is not None else self.journey.title

    @property
    def page(self) -> str:
        """Of the session, else of the journey."""
        if self.offering is None:
            return address_of("journeys.show", slug=self.journey.slug)
        slug = self.offering.learning_session.slug
        return address_of("learning_sessions.show", slug=self.journey.slug, learning_session_slug=slug)


def about_message(payload: Mapping[str, Any]) -> Composed:
    """The words of the organisers to one person; nothing to who is gone, or has left since they were chosen.

    The payload holds the number of a message, or its words where it is only looked at.
    """
    found = _found(payload, datetime.now(UTC))
    if "roster_message_id" in payload and found.offering is not None and _tells_when(found):
        wait_for_changes(found.offering.id, found.now)
    _ = language_for(found.person)
    return _composed(_, found, merged(found.subject, _values(_, found, in_subject=True)))


def about_test(payload: Mapping[str, Any]) -> Composed:
    """The same as one of them would read it, to the organiser who tries it."""
    found = _found(payload, datetime.now(UTC))
    _ = language_for(found.person)
    subject = merged(found.subject, _values(_, found, in_subject=True))
    test = _("This is a test that only you get. This is how {name} would read it:", name=found.person.name)
    return _composed(_, found, _("Test: {subject}", subject=subject), test)


def _composed(_: Language, found: Written, subject: str, test: str = "") -> Composed:
    """`test`: what stands above it for who tries it."""
    text = merged(found.text, _values(_, found))
    letter = Letter(
        subject=subject,
        greeting=_("Dear {name},", name=found.person.name),
        title=found.title,
        parts=[
            *([Line(test, is_strong=True)] if test else []),
            Line(_without_foot(text)),
            Line(_signed(_, found)),
            _open(_, found),
        ],
        why=_why(_, found),
        answers=contact_of(found.journey),
        choices="" if test else choices_of(found.person),
    )
    mail = composed(letter, _, timezone=found.person.timezone, reply_to=answers_to(found.journey))
    return replace(mail, is_urgent=True) if _is_near(found) else mail


def _found(payload: Mapping[str, Any], now: datetime) -> Written:
    """Everything as it is now."""
    number = payload.get("roster_message_id")
    said = db.get(RosterMessage, int(number)) if number is not None else _looked_at(payload)
    person = db.get(Participant, int(payload["participant_id"]))
    if said is None or person is None or not person.name:
        raise NoLongerNeeded("the journey or the person is gone")
    row = _row(payload, said.journey_id)
    if row is None or (payload.get("status") in LIVE and row.status not in LIVE):
        raise NoLongerNeeded("they have left since it was written")
    writer = db.get(User, said.written_by_id) if said.written_by_id is not None else None
    return Written(
        subject=said.subject,
        text=said.text,
        writer=writer.name if writer is not None else "",
        person=person,
        journey=db.get_one(Journey, said.journey_id),
        place=row if isinstance(row, Place) else None,
        now=now,
    )


def _row(payload: Mapping[str, Any], journey_id: int) -> Place | Enrolment | None:
    """Where they stand on the roster; of what was queued without saying that, their enrolment."""
    if "place_id" in payload:
        return queries.place(int(payload["place_id"]))
    return queries.enrolment(journey_id, int(payload["participant_id"]))


def _looked_at(payload: Mapping[str, Any]) -> RosterMessage:
    """Words that are kept nowhere."""
    return RosterMessage(
        journey_id=int(payload["journey_id"]), written_by_id=payload["by_id"],
        subject=payload["subject"], text=payload["text"],
    )  # fmt: skip


def _values(_: Language, found: Written, *, in_subject: bool = False) -> dict[str, str]:
    """Field → what it says to this reader; each on one line."""
    values = {"name": found.person.name, "journey": found.journey.title}
    place, offering = found.place, found.offering
    if place is not None and offering is not None:
        shown = shown_to(found.person, offering, place.way, found.now)
        told = times.in_subject if in_subject else times.in_line
        values |= {
            "session": offering.learning_session.title,
            "time": told(_, shown),
            "place": _place(_, place),
        }
    return {name: isolated(" ".join(value.split()), _.direction) for name, value in values.items()}


def _tells_when(found: Written) -> bool:
    """Whether it has fields that a change of the sitting changes."""
    return not {"time", "place"}.isdisjoint(fields_in(f"{found.subject}\n{found.text}"))


def _place(_: Language, place: Place) -> str:
    """`online`, `in person (Training centre, 12 Ridge Road, Accra)`."""
    where = where_is(place.offering) if place.way.value != "online" else ""
    way = way_in_words(_, place.way)
    return _("{way} ({where})", way=way, where=where) if where else way


def _without_foot(text: str) -> str:
    """No line of it looks like the beginning of the foot, which mail programs hide."""
    return "\n".join("—" if line.strip() == "--" else line for line in text.splitlines())


def _signed(_: Language, found: Written) -> str:
    if not found.writer:
        return _("The organisers of “{journey}”", journey=found.journey.title)
    return _("{name}, for the organisers of “{journey}”", name=found.writer, journey=found.journey.title)


def _open(_: Language, found: Written) -> Go:
    return Go(_("Open the session") if found.place is not None else _("Open the journey"), found.page)


def _why(_: Language, found: Written) -> str:
    if found.offering is None:
        return _(
            "You get this because the organisers of “{journey}” wrote to its people.",
            journey=found.journey.name,
        )
    return _(
        "You get this because the organisers of “{journey}” wrote to people of “{session}”.",
        journey=found.journey.name, session=found.offering.learning_session.title,
    )  # fmt: skip


def _is_near(found: Written) -> bool:
    starts_at = found.offering.starts_at if found.offering is not None else None
    return starts_at is not None and found.now <= starts_at <= found.now + SOON

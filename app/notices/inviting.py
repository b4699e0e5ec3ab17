"""The letter that invites an address to a journey."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.database import db
from app.enrolments.models import Invitation
from app.journeys.models import Journey, JourneyStatus
from app.messages.composed import Composed, NoLongerNeeded
from app.notices.language import language_of
from app.notices.letters import Go, Letter, Line, Part, composed
from app.notices.people import answers_to, choices_of, contact_of
from app.notices.times import point
from app.participants import queries as participants
from app.web.templating import address_of

INVITATION = "invitation"


def about_invitation(payload: Mapping[str, Any]) -> Composed:
    """The invitation to one address; silent once it is withdrawn or over, or the journey takes nobody."""
    found = db.get(Invitation, int(payload["invitation_id"]))
    now = datetime.now(UTC)
    if found is None or found.withdrawn_at is not None:
        raise NoLongerNeeded("the invitation is withdrawn")
    if found.expires_at is not None and found.expires_at <= now:
        raise NoLongerNeeded("the invitation has expired")
    journey = db.get_one(Journey, found.journey_id)
    if journey.status not in (JourneyStatus.PUBLISHED, JourneyStatus.OPEN):
        raise NoLongerNeeded("nobody can join the journey")
    return _letter(found, journey)


def _letter(found: Invitation, journey: Journey) -> Composed:
    _, reader = language_of(found.value), participants.by_email(found.value)
    link = address_of("enrolments.invited", slug=journey.slug)
    parts: list[Part] = [
        Line(_("The organisers of “{journey}” invite you to take part.", journey=journey.title)),
        Line(
            _(
                "Open the page and sign in, or sign up with this address, {address}. The invitation is for "
                "this address alone.",
                address=found.value,
            )
        ),
        Go(_("See the invitation"), link),
        Line(
            _(
                "Whoever signs up new is sent a letter first, to confirm that the address is theirs; after "
                "that the journey lets you in."
            )
        ),
    ]
    if found.expires_at is not None:
        when = point(_, found.expires_at, journey.timezone)
        parts.append(Line(_("It is good until {when}.", when=when)))
    letter = Letter(
        subject=_("You are invited: {journey}", journey=journey.title),
        greeting=_("Good day,"),
        title=_("You are invited"),
        parts=parts,
        why=_(
            "You get this because the organisers of “{journey}” invited this address.", journey=journey.title
        ),
        answers=contact_of(journey),
        choices=choices_of(reader) if reader is not None else "",
    )
    timezone = reader.timezone if reader is not None else None
    return composed(letter, _, timezone=timezone, reply_to=answers_to(journey))

"""The mail that asks whether an answer from a calendar is meant, when nobody vouches for its sender."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.calendars.addressing import attendee_of, question_token
from app.calendars.receiving import QUESTION, sequence_of
from app.domain.seats import PlaceStatus
from app.enrolments.standing import is_over
from app.messages.composed import Composed, NoLongerNeeded
from app.notices import queries, times
from app.notices.about import About, because_asked, because_held, facts, hours
from app.notices.invited import settings
from app.notices.language import Language
from app.notices.letters import Go, Letter, Line, composed
from app.notices.pending import wait_for_changes
from app.notices.people import answers_to, choices_of, contact_of, language_for
from app.web.templating import address_of

KIND = QUESTION


def about_answer(payload: Mapping[str, Any]) -> Composed:
    """The question, with a link that is made when it is sent; silent once the place has changed."""
    place, sequence = queries.place(int(payload["place_id"])), int(payload["sequence"])
    now = datetime.now(UTC)
    who = attendee_of(place) if place is not None else None
    if place is None or who is None or sequence_of(place, place.offering) != sequence:
        raise NoLongerNeeded("the place has changed since")
    if not place.status.is_taken or is_over(place.offering, now):
        raise NoLongerNeeded("there is no place to give up")
    wait_for_changes(place.offering_id, now)
    link = address_of("calendars.give_up", token=question_token(place, sequence, who, settings()))
    about = About(place, (), now, payload)
    _ = language_for(place.participant)
    return composed(
        _letter(_, about, link), _, timezone=place.participant.timezone, reply_to=answers_to(about.journey)
    )


def _letter(_: Language, about: About, link: str) -> Letter:
    if about.place.status is PlaceStatus.OFFERED:
        subject = _("Do you mean to decline the place?")
        title = _("Do you mean to decline the place offered to you in “{session}”?", session=about.title)
        label = _("Decline the place")
        otherwise = _(
            "If you may come, or know nothing of such an answer, do nothing: the place stays on offer to you."
        )
        why = because_asked(_, about)
    else:
        subject = _("Do you mean to give up your place?")
        title = _("Do you mean to give up your place in “{session}”?", session=about.title)
        label = _("Give up the place")
        otherwise = _(
            "If you are coming, or know nothing of such an answer, do nothing: you keep your place."
        )
        why = because_held(_, about)
    return Letter(
        subject=f"{subject} {about.title}, {times.in_subject(_, about.shown)}",
        greeting=_("Dear {name},", name=about.person.name),
        title=title,
        parts=[
            Line(_("An answer from your calendar says that you are not coming to:")),
            hours(_, about),
            facts(_, about),
            Line(
                _(
                    "Anybody can write mail in your name, and your mail server does not tell ours that it "
                    "was you. So nothing has been done. If you mean it, press the button on this page; you "
                    "need not sign in:"
                )
            ),
            Go(label, link),
            Line(otherwise),
        ],
        why=why,
        answers=contact_of(about.journey),
        choices=choices_of(about.person),
    )

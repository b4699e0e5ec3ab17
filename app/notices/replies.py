"""The mail that asks whether an answer from a calendar is meant, when nobody vouches for its sender."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import current_app

from app.calendars.addressing import attendee_of, question_token
from app.calendars.receiving import QUESTION, sequence_of
from app.enrolments.standing import is_over
from app.messages.composed import Composed, NoLongerNeeded
from app.notices import queries
from app.notices.composing import composed
from app.notices.people import reader_of
from app.web.sittings import shown
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
    learning_session = place.offering.learning_session
    token = question_token(place, sequence, who, current_app.config["SETTINGS"])
    return composed(
        KIND,
        name=place.participant.name,
        place=place,
        learning_session=learning_session,
        journey=learning_session.journey,
        shown=shown(place.offering, reader_of(place.participant), now, place.way == "in-person"),
        link=address_of("calendars.give_up", token=token),
    )

"""The words to a focal person about the places reserved for their group, and to whoever is named."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.moments import moment
from app.domain.seats import PlaceStatus
from app.enrolments.blocks import block as reserved_block
from app.enrolments.models import Place
from app.messages.composed import Composed, NoLongerNeeded
from app.notices import queries
from app.notices.composing import composed
from app.notices.people import reader_of
from app.web.sittings import shown

BLOCK_RESERVED, NAMED = "block-reserved", "named"


def about_block(payload: Mapping[str, Any]) -> Composed:
    """The letter to the focal person; silent once the places went back or somebody else names the people."""
    block, now = reserved_block(int(payload["block_id"])), datetime.now(UTC)
    if block is None or block.focal is None or not block.stands_at(now):
        raise NoLongerNeeded("the places went back, or nobody names the people")
    if block.offering.is_cancelled:
        raise NoLongerNeeded("the sitting is cancelled")
    learning_session = block.offering.learning_session
    return composed(
        BLOCK_RESERVED,
        name=block.focal.name,
        block=block,
        learning_session=learning_session,
        journey=learning_session.journey,
        shown=shown(block.offering, reader_of(block.focal), now),
        release=moment(block.release_at, block.focal.timezone),
    )


def about_named(payload: Mapping[str, Any]) -> Composed:
    """The letter to somebody who was given a place of a group; silent when they have it no longer."""
    place, now = queries.place(int(payload["place_id"])), datetime.now(UTC)
    if place is None or place.status is not PlaceStatus.CONFIRMED or place.block is None:
        raise NoLongerNeeded("the place has changed since")
    person, offering = place.participant, place.offering
    times = shown(offering, reader_of(person), now, place.way == "in-person")
    if times.is_over or offering.is_cancelled:
        raise NoLongerNeeded("the session is over or cancelled")
    return composed(NAMED, **_facts(place), name=person.name, shown=times)


def _facts(place: Place) -> dict[str, Any]:
    learning_session = place.offering.learning_session
    return {
        "place": place,
        "block": place.block,
        "learning_session": learning_session,
        "journey": learning_session.journey,
        "has_account": place.participant.user_id is not None,
        "address": place.participant.email,
    }

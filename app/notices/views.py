"""The text of each notice, made from how things stand when it is sent."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.seats import PlaceStatus
from app.enrolments.models import EnrolmentStatus, Place
from app.enrolments.queries import own_places
from app.enrolments.rooms import has_begun
from app.journeys.models import JourneyStatus
from app.messages.delivery import Composed, Composer, NoLongerNeeded
from app.notices import queries
from app.notices.composing import composed
from app.participants.models import Participant
from app.web.reader import Reader
from app.web.sittings import shown

ABOUT_PLACES = {
    "place-confirmed": PlaceStatus.CONFIRMED,
    "promoted": PlaceStatus.CONFIRMED,
    "waiting": PlaceStatus.WAITING,
}
"""Kind of message → what the place must still be for it to be true."""

ABOUT_JOURNEYS = ("enrolled",)
ABOUT_SITTINGS = ("session-dated",)


def about_place(kind: str) -> Composer:
    """The composer of a notice about a place; silent when the place is no longer what it was."""

    def compose(payload: Mapping[str, Any]) -> Composed:
        place = queries.place(int(payload["place_id"]))
        if place is None or place.status is not ABOUT_PLACES[kind]:
            raise NoLongerNeeded("the place has changed since")
        facts = _about(place)
        if facts["shown"].is_over or place.offering.is_cancelled:
            raise NoLongerNeeded("the session is over or cancelled")
        return composed(kind, **facts)

    return compose


def about_journey(kind: str) -> Composer:
    """The composer of a notice about an enrolment; silent when it has ended."""

    def compose(payload: Mapping[str, Any]) -> Composed:
        found = queries.enrolment(int(payload["journey_id"]), int(payload["participant_id"]))
        if found is None or found.status is not EnrolmentStatus.ACTIVE:
            raise NoLongerNeeded("the enrolment has ended since")
        return composed(kind, journey=found.journey, name=found.participant.name, enrolment=found)

    return compose


def about_sitting(kind: str) -> Composer:
    """The composer of an invitation to a sitting; silent for whom it has nothing to offer any more."""

    def compose(payload: Mapping[str, Any]) -> Composed:
        offering = queries.offering(int(payload["offering_id"]))
        if offering is None or offering.is_cancelled:
            raise NoLongerNeeded("the sitting is gone or cancelled")
        learning_session = offering.learning_session
        journey, now = learning_session.journey, datetime.now(UTC)
        if journey.status not in (JourneyStatus.PUBLISHED, JourneyStatus.OPEN) or has_begun(offering, now):
            raise NoLongerNeeded("nobody can take a place any more")
        said = queries.interest(learning_session.id, int(payload["participant_id"]))
        if said is None or own_places(said.participant_id, [learning_session.id]):
            raise NoLongerNeeded("they would not come any more, or have a place")
        person = said.participant
        facts = {"offering": offering, "learning_session": learning_session, "journey": journey}
        return composed(kind, **facts, name=person.name, shown=shown(offering, _reader(person), now))

    return compose


def _about(place: Place) -> dict[str, Any]:
    person, offering = place.participant, place.offering
    line = (
        own_places(person.id, [place.learning_session_id]).get(offering.id)
        if place.status is PlaceStatus.WAITING
        else None
    )
    return {
        "name": person.name,
        "place": place,
        "offering": offering,
        "learning_session": offering.learning_session,
        "journey": offering.learning_session.journey,
        "shown": shown(offering, _reader(person), datetime.now(UTC), place.way == "in-person"),
        "line": line,
    }


def _reader(person: Participant) -> Reader:
    """Who reads the notice: its times are in their zone."""
    return Reader(person.timezone, person.works_from, person.works_until, frozenset(person.days_off.split()))

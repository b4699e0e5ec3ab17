"""The text of each notice, made from how things stand when it is sent."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.enrolments.models import EnrolmentStatus
from app.enrolments.queries import own_places
from app.enrolments.rooms import has_begun
from app.journeys.models import JourneyStatus
from app.messages.composed import Composed, Composer, NoLongerNeeded
from app.notices import queries
from app.notices.composing import composed
from app.notices.places import reader_of
from app.web.sittings import shown

ABOUT_JOURNEYS = ("enrolled",)
ABOUT_SITTINGS = ("session-dated",)


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
        return composed(kind, **facts, name=person.name, shown=shown(offering, reader_of(person), now))

    return compose

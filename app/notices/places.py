"""The messages about places: true when they are sent, else they are not sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.decided import Decided, Ground
from app.domain.moments import moment
from app.domain.seats import PlaceStatus
from app.enrolments import queries as enrolments
from app.enrolments.models import Place, PlaceDecision
from app.journeys.models import JourneyStatus
from app.learning_sessions.place_panel import PlaceFacts, in_balance, places_shown
from app.messages.composed import Composed, Composer, NoLongerNeeded
from app.notices import queries
from app.notices.composing import composed
from app.notices.people import reader_of
from app.web.sittings import shown


@dataclass(frozen=True)
class TrueIf:
    """What a place must still be for a message about it to be true, and what was decided last."""

    status: PlaceStatus
    what: Decided | None = None
    ground: Ground | None = None

    def holds(self, place: Place, last: PlaceDecision | None, now: datetime) -> bool:
        if place.status is not self.status:
            return False
        if place.offer_ends_at is not None and place.offer_ends_at <= now:
            return False
        return (self.what is None or (last is not None and last.what is self.what)) and (
            self.ground is None or (last is not None and last.ground is self.ground)
        )


ABOUT_PLACES = {
    "place-confirmed": TrueIf(PlaceStatus.CONFIRMED),
    "promoted": TrueIf(PlaceStatus.CONFIRMED),
    "waiting": TrueIf(PlaceStatus.WAITING),
    "offered": TrueIf(PlaceStatus.OFFERED),
    "offer-lapsed": TrueIf(PlaceStatus.RELEASED, what=Decided.OFFER_LAPSED),
    "place-declined": TrueIf(PlaceStatus.DECLINED),
    "place-removed": TrueIf(PlaceStatus.RELEASED, what=Decided.RELEASED, ground=Ground.ORGANISER),
    "unnamed": TrueIf(PlaceStatus.RELEASED, what=Decided.RELEASED, ground=Ground.BLOCK),
    "place-moved": TrueIf(PlaceStatus.CONFIRMED, what=Decided.MOVED),
    "place-back-to-request": TrueIf(PlaceStatus.REQUESTED),
}
"""Kind of message → when it is true."""


def about_place(kind: str) -> Composer:
    """The composer of a notice about a place; silent when the place is no longer what it was."""

    def compose(payload: Mapping[str, Any]) -> Composed:
        place, now = queries.place(int(payload["place_id"])), datetime.now(UTC)
        log = enrolments.decisions_of(place.id) if place is not None else []
        if place is None or not ABOUT_PLACES[kind].holds(place, log[-1] if log else None, now):
            raise NoLongerNeeded("the place has changed since")
        facts = _about(place, log, now)
        if facts["shown"].is_over or place.offering.is_cancelled:
            raise NoLongerNeeded("the session is over or cancelled")
        return composed(kind, **facts)

    return compose


def _about(place: Place, log: Sequence[PlaceDecision], now: datetime) -> dict[str, Any]:
    person, offering = place.participant, place.offering
    facts = _facts(place, now)
    at_once = [one.what for one in log if log and one.decided_at == log[-1].decided_at]
    return {
        "name": person.name,
        "place": place,
        "offering": offering,
        "learning_session": offering.learning_session,
        "journey": offering.learning_session.journey,
        "shown": shown(offering, reader_of(person), now, place.way == "in-person"),
        "places": places_shown(offering, facts, person.timezone, now),
        "log": log,
        "note": log[-1].note if log else "",
        "last": log[-1] if log else None,
        "at_once": at_once,
        "holds_twin": any(
            one.status is PlaceStatus.CONFIRMED and number != offering.id for number, one in facts.own.items()
        ),
        "offer_ends": moment(place.offer_ends_at, person.timezone) if place.offer_ends_at else None,
    }


def _facts(place: Place, now: datetime) -> PlaceFacts:
    offering = place.offering
    rules = enrolments.rules_of([offering.id])
    journey = offering.learning_session.journey
    balanced = {
        number: (journey.id, balance) for number, balance in in_balance([offering], rules, now).items()
    }
    return PlaceFacts(
        own=enrolments.own_places_in(place.participant_id, place.learning_session_id),
        waiting={},
        offered={},
        rules=rules,
        shares=enrolments.shares_of(place.participant_id, balanced),
        takes_places=journey.status is JourneyStatus.OPEN,
    )

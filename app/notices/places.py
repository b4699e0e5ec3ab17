"""The messages about places: true when they are sent, else they are not sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.decided import Decided, Ground
from app.domain.seats import PlaceStatus
from app.enrolments import queries as enrolments
from app.enrolments.models import Place, PlaceDecision
from app.messages.composed import Composed, Composer, NoLongerNeeded
from app.notices import place_endings, place_letters, queries
from app.notices.about import About, Said, written
from app.notices.language import Language
from app.notices.pending import wait_for_changes
from app.notices.people import language_for
from app.notices.waiting import waiting

CONFIRMED, OFFERED, WAITING = PlaceStatus.CONFIRMED, PlaceStatus.OFFERED, PlaceStatus.WAITING
RELEASED, REQUESTED = PlaceStatus.RELEASED, PlaceStatus.REQUESTED


@dataclass(frozen=True)
class Telling:
    """What a place must still be for a message about it to be true, what was decided last, and its words."""

    status: PlaceStatus
    words: Callable[[Language, About], Said]
    what: frozenset[Decided] = frozenset()
    ground: Ground | None = None

    def holds(self, place: Place, last: PlaceDecision | None, now: datetime) -> bool:
        if place.status is not self.status:
            return False
        if place.offer_ends_at is not None and place.offer_ends_at <= now:
            return False
        if self.ground is not None and (last is None or last.ground is not self.ground):
            return False
        return not self.what or (last is not None and last.what in self.what)

    @property
    def ends(self) -> bool:
        """Whether it is about something that has ended: told also where the sitting is cancelled since."""
        return not self.status.is_live


def _only(*what: Decided) -> frozenset[Decided]:
    return frozenset(what)


ABOUT_PLACES = {
    "place-confirmed": Telling(CONFIRMED, place_letters.confirmed),
    "promoted": Telling(CONFIRMED, place_letters.promoted),
    "place-moved": Telling(CONFIRMED, place_letters.moved, _only(Decided.MOVED)),
    "named": Telling(CONFIRMED, place_letters.named, _only(Decided.NAMED)),
    "offered": Telling(OFFERED, place_letters.offered),
    "waiting": Telling(WAITING, waiting),
    "offer-lapsed": Telling(RELEASED, place_endings.lapsed, _only(Decided.OFFER_LAPSED)),
    "place-declined": Telling(PlaceStatus.DECLINED, place_endings.declined),
    "place-removed": Telling(RELEASED, place_endings.removed, _only(Decided.RELEASED), Ground.ORGANISER),
    "place-released": Telling(
        RELEASED,
        place_endings.released,
        _only(Decided.RELEASED, Decided.CANNOT_COME, Decided.OFFER_DECLINED),
        Ground.OWN_WISH,
    ),
    "unnamed": Telling(RELEASED, place_endings.unnamed, _only(Decided.RELEASED), Ground.BLOCK),
    "place-back-to-request": Telling(REQUESTED, place_endings.back_to_request),
    "calendar-update": Telling(RELEASED, place_endings.left_calendar),
}
"""Kind of message → when it is true, and what it says."""


def about_place(kind: str) -> Composer:
    """The composer of a notice about a place; silent when the place is no longer what it was."""
    telling = ABOUT_PLACES[kind]

    def compose(payload: Mapping[str, Any]) -> Composed:
        place, now = queries.place(int(payload["place_id"])), datetime.now(UTC)
        log = enrolments.decisions_of(place.id) if place is not None else []
        if place is None or not telling.holds(place, log[-1] if log else None, now):
            raise NoLongerNeeded("the place has changed since")
        if not telling.ends:
            wait_for_changes(place.offering_id, now)
        about = About(place, log, now, payload)
        if about.shown.is_over or (place.offering.is_cancelled and not telling.ends):
            raise NoLongerNeeded("the session is over or cancelled")
        _ = language_for(about.person)
        return written(_, about, telling.words(_, about))

    return compose

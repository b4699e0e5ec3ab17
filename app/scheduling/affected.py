"""Who counts on a sitting, and what keeps one from being deleted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.database import db
from app.domain.attendance import Way
from app.facilitators.models import Facilitator
from app.learning_sessions.models import Offering, OfferingFacilitator
from app.scheduling import queries


@dataclass(frozen=True)
class Affected:
    """The people around a sitting."""

    confirmed: int
    waiting: int
    facilitators: tuple[str, ...]


def affected_by(offering: Offering, waiting: Mapping[tuple[int, Way], int]) -> Affected:
    """Who holds a place, who waits, who leads. `waiting`: (offering id, way) → how many. One query."""
    return Affected(
        offering.confirmed_online + offering.confirmed_in_person,
        sum(count for (number, _), count in waiting.items() if number == offering.id),
        leaders_of(offering.id),
    )


def leaders_of(offering_id: int) -> tuple[str, ...]:
    """The names of those who lead a sitting, in its order; one query."""
    return tuple(
        db.scalars(
            select(Facilitator.name)
            .join(OfferingFacilitator, OfferingFacilitator.facilitator_id == Facilitator.id)
            .where(OfferingFacilitator.offering_id == offering_id)
            .order_by(OfferingFacilitator.position, Facilitator.id)
        )
    )


def kept_by(offering_ids: Collection[int]) -> dict[int, str]:
    """What stands in the way of deleting these sittings, in a sentence, by id; two queries."""
    known = "It was changed after the journey was published, and calendars know of that."
    asked = "People have asked for places in it."
    return dict.fromkeys(queries.with_history(offering_ids), known) | dict.fromkeys(
        queries.with_places(offering_ids), asked
    )

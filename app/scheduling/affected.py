"""Who counts on a sitting, and what keeps one from being deleted."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.attendance import Way
from app.learning_sessions.models import Offering
from app.scheduling import queries


@dataclass(frozen=True)
class Affected:
    """The people around a sitting."""

    confirmed: int
    waiting: int
    facilitators: tuple[str, ...]


def affected_by(offering: Offering, waiting: Mapping[tuple[int, Way], int]) -> Affected:
    """Who holds a place, who waits, who leads. `waiting`: (offering id, way) → how many."""
    return Affected(
        offering.confirmed_online + offering.confirmed_in_person,
        sum(count for (number, _), count in waiting.items() if number == offering.id),
        tuple(one.facilitator.name for one in offering.facilitators),
    )


def kept_by(offering: Offering) -> str:
    """What stands in the way of deleting a sitting, in a sentence; empty for nothing. Two queries at most."""
    if queries.has_places(offering):
        return "People have asked for places in it."
    if queries.has_history(offering):
        return "It was changed after the journey was published, and calendars know of that."
    return ""

"""Which addresses journeys hold: those they have, and the old ones that redirect."""

from collections.abc import Callable

from sqlalchemy import select

from app.database import db
from app.journeys.models import Journey, JourneySlug

KEPT = frozenset({"calendar"})
"""What /journeys/ itself uses below it."""


def is_taken_for(journey: Journey | None = None) -> Callable[[str], bool]:
    """Whether another journey than this one has, or had, a slug, or the site keeps it for itself."""
    own = journey.id if journey is not None else None
    kept = KEPT - {journey.slug} if journey is not None else KEPT

    def is_taken(slug: str) -> bool:
        if slug in kept:
            return True
        has = select(Journey.id).where(Journey.slug == slug)
        had = select(JourneySlug.journey_id).where(JourneySlug.slug == slug)
        return any(found != own for found in db.scalars(has.union_all(had)))

    return is_taken

"""Which addresses journeys hold: those they have, and the old ones that redirect."""

from collections.abc import Callable

from sqlalchemy import select

from app.database import db
from app.journeys.models import Journey, JourneySlug


def is_taken_for(journey: Journey | None = None) -> Callable[[str], bool]:
    """Whether another journey than this one has, or had, a slug."""
    own = journey.id if journey is not None else None

    def is_taken(slug: str) -> bool:
        has = select(Journey.id).where(Journey.slug == slug)
        had = select(JourneySlug.journey_id).where(JourneySlug.slug == slug)
        return any(found != own for found in db.scalars(has.union_all(had)))

    return is_taken

"""Locking a journey before it is changed, so that its editors take turns."""

from sqlalchemy import select

from app.database import db
from app.domain.errors import NotFound
from app.journeys.models import Journey


def lock(journey: Journey, *, and_what_refers_to_it: bool = False) -> None:
    """Lock the journey's row until the transaction ends, and read it anew. Raises NotFound.

    Places are taken meanwhile; with `and_what_refers_to_it` nobody can enrol or add to it either.
    """
    found = db.scalar(
        select(Journey.id)
        .where(Journey.id == journey.id)
        .with_for_update(key_share=not and_what_refers_to_it)
    )
    if found is None:
        raise NotFound("This journey is no longer there.")
    db.refresh(journey)

"""What the screen that copies a journey shows of it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.database import db
from app.learning_sessions.models import LearningSession


def learning_sessions(journey_id: int) -> Sequence[LearningSession]:
    """The sessions of a journey in order, with their sittings; two queries."""
    return db.scalars(
        select(LearningSession)
        .where(LearningSession.journey_id == journey_id)
        .order_by(LearningSession.position)
        .options(selectinload(LearningSession.offerings))
    ).all()

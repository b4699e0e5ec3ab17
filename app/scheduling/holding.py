"""Taking hold of a sitting before it is changed."""

from sqlalchemy import select

from app.database import db
from app.domain.errors import NotFound
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.operations import lock


def hold(offering: Offering) -> None:
    """Lock the journey, the learning session and its sittings, and read the sitting anew.

    Raises NotFound when somebody has deleted it meanwhile.
    """
    lock(offering.learning_session_id, changes_journey=True)
    its_row = select(Offering).where(Offering.id == offering.id)
    if db.scalar(its_row.execution_options(populate_existing=True)) is None:
        raise NotFound("This sitting is no longer there.")
    db.refresh(offering.learning_session)
    db.refresh(offering.learning_session.journey)


def hold_learning_session(learning_session: LearningSession) -> None:
    """The same for a learning session, dated or not."""
    lock(learning_session.id, changes_journey=True)
    db.refresh(learning_session)
    db.refresh(learning_session.journey)

"""What the story tests ask about a loaded journey."""

from sqlalchemy import select

from app.database import db
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession
from app.toolkits.models import Toolkit


def journey(slug: str) -> Journey:
    return db.scalars(select(Journey).where(Journey.slug == slug)).one()


def toolkit(slug: str) -> Toolkit:
    return db.scalars(select(Toolkit).where(Toolkit.slug == slug)).one()


def sessions_of(one: Journey) -> list[LearningSession]:
    found = select(LearningSession).where(LearningSession.journey_id == one.id)
    return list(db.scalars(found.order_by(LearningSession.position)))


def words_of(one: Journey) -> str:
    """Every text of a journey that its page shows as running text."""
    return " ".join(
        (one.summary, one.purpose, one.audience, one.approach, one.outcomes_lead, one.sessions_note)
    )


def topics_of(one: Journey, throughout: bool = False) -> list[str]:
    return [row.topic.name for row in one.topics if row.is_cross_cutting is throughout]


def partners_of(one: Journey) -> list[tuple[str, str, str]]:
    """(name, role, note) of each partner."""
    return [(row.organisation.name, row.role.value, row.note) for row in one.partners]

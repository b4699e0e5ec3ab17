"""What is asked about facilitators."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.database import db
from app.facilitators.models import Facilitator


def facilitator(slug: str) -> Facilitator | None:
    """The facilitator at an address, with the organisation."""
    return db.scalar(
        select(Facilitator).where(Facilitator.slug == slug).options(joinedload(Facilitator.organisation))
    )

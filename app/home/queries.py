"""What the pages of the house itself ask."""

from collections.abc import Sequence

from sqlalchemy import Row, exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import aliased

from app import schema
from app.database import Busy, db
from app.domain.permissions import OrganiserRole
from app.domain.zone_data import zone_data_version
from app.journeys.models import Journey, JourneyStatus, OrganiserAssignment


def solely_owned(user_id: int) -> Sequence[Row[str, str]]:
    """(slug, title) of the journeys not yet archived that would have no owner without this account."""
    other = aliased(OrganiserAssignment)
    another_owner = exists().where(
        other.journey_id == Journey.id, other.role == OrganiserRole.OWNER, other.user_id != user_id
    )
    return db.execute(
        select(Journey.slug, Journey.title)
        .join(OrganiserAssignment, OrganiserAssignment.journey_id == Journey.id)
        .where(
            OrganiserAssignment.user_id == user_id,
            OrganiserAssignment.role == OrganiserRole.OWNER,
            Journey.status != JourneyStatus.ARCHIVED,
            ~another_owner,
        )
        .order_by(Journey.title_folded, Journey.id)
    ).all()


def health() -> tuple[bool, dict[str, str]]:
    """Whether process and database answer and migrations are at head, with a word on each."""
    parts = {"database": "unreachable", "migrations": "unknown", "zone_data": zone_data_version()}
    try:
        at_head = schema.is_at_head(db.connection())
    except (SQLAlchemyError, Busy):
        return False, {"status": "failing", **parts}
    parts |= {"database": "ok", "migrations": "at head" if at_head else "behind"}
    return at_head, {"status": "ok" if at_head else "failing", **parts}

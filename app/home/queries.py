"""What the pages of the house itself ask."""

from collections.abc import Collection, Sequence

from sqlalchemy import Row, exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import aliased

from app import schema
from app.database import Busy, db
from app.domain.permissions import OrganiserRole
from app.domain.zone_data import zone_data_version
from app.enrolments.models import Place
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


def facts_of(user_id: int, participant_id: int | None) -> Collection[tuple[str, int]]:
    """What messages about a person name them by: themselves, their account, a place of theirs."""
    places = db.scalars(select(Place.id).where(Place.participant_id == participant_id))
    of_participant = {("participant_id", participant_id)} if participant_id is not None else set()
    return {("user_id", user_id), *of_participant, *(("place_id", number) for number in places)}


def health() -> tuple[bool, dict[str, str]]:
    """Whether process and database answer and migrations are at head, with a word on each."""
    parts = {"database": "unreachable", "migrations": "unknown", "zone_data": zone_data_version()}
    try:
        at_head = schema.is_at_head(db.connection())
    except (SQLAlchemyError, Busy):
        return False, {"status": "failing", **parts}
    parts |= {"database": "ok", "migrations": "at head" if at_head else "behind"}
    return at_head, {"status": "ok" if at_head else "failing", **parts}

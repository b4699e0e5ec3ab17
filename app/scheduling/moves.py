"""Which sittings moved lately, and what they were before. Asked through `queries`."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from app.database import db
from app.domain.moves import MARKED_FOR, Move, by_offering
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession
from app.scheduling.models import ChangeKind, ChangeReason, OfferingChange


def moved_in_journey(journey_id: int, now: datetime) -> dict[int, tuple[Move, ...]]:
    """Offering id → its moves of the last days, of every session of a journey; one query."""
    return _moves(_in_journey(), {"journey": journey_id, "since": now - MARKED_FOR})


def moved_of(offering_ids: Collection[int], now: datetime) -> dict[int, tuple[Move, ...]]:
    """Offering id → its moves of the last days, of these offerings; one query, none for none."""
    if not offering_ids:
        return {}
    of_these = OfferingChange.offering_id.in_(offering_ids)
    return _moves(_lately().where(of_these), {"since": now - MARKED_FOR})


@cache
def _in_journey() -> Select[Any]:
    return _lately().where(LearningSession.journey_id == bindparam("journey"))


def _lately() -> Select[Any]:
    """What was changed in a draft nobody had read."""
    before = OfferingChange.__table__.c
    return (
        select(
            before.offering_id, before.reason, before.note, before.before_timezone,
            before.before_starts_wall, before.before_starts_at, before.before_ends_at, before.before_first_on,
            before.before_last_on,
        )
        .join(LearningSession, LearningSession.id == OfferingChange.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .where(
            before.kind == ChangeKind.MOVED,
            before.changed_at > bindparam("since"),
            before.changed_at >= Journey.published_at,
        )
        .order_by(before.offering_id, before.id)
    )  # fmt: skip


def _moves(query: Select[Any], values: dict[str, Any]) -> dict[int, tuple[Move, ...]]:
    return by_offering(
        Move(number, reason is ChangeReason.ZONE_RULES, *rest)._replace(note=note)
        for number, reason, note, *rest in db.execute(query, values)
    )

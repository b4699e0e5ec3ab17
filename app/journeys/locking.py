"""Locking journeys, so that those who change one and those who rest on it take turns.

On PostgreSQL a journey has a gate besides its row: an advisory lock, held until the transaction ends. Who
changes the journey holds it alone; who takes places in its sessions shares it, so the journey stays as it is
and places in its other sessions do not wait. Sharing the row itself would do the same at a price: every
further sharer is written down with all the others, and whoever wants to change it waits for ever in a crowd.
On SQLite there is one writer at a time, and nothing to lock.
"""

from collections.abc import Collection
from functools import cache

from sqlalchemy import CTE, ColumnElement, Executable, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.database import db
from app.domain.errors import NotFound
from app.journeys.models import Journey

GATES = 74_1
"""The class of the advisory locks whose second number is a journey's."""


def lock(journey: Journey, *, and_what_refers_to_it: bool = False) -> None:
    """Lock the journey until the transaction ends, and read it anew. Raises NotFound.

    With `and_what_refers_to_it` nobody can add to it either.
    """
    if not lock_all([journey.id], and_what_refers_to_it=and_what_refers_to_it):
        raise NotFound("This journey is no longer there.")
    db.refresh(journey)


def lock_all(journey_ids: Collection[int], *, and_what_refers_to_it: bool = False) -> list[int]:
    """Lock journeys by id, to change them, until the transaction ends. Returns those that exist."""
    if has_gates():
        db.execute(_close_gates(), {"journeys": sorted(journey_ids)}).all()
    rows = select(Journey.id).where(Journey.id.in_(journey_ids)).order_by(Journey.id)
    return list(db.scalars(rows.with_for_update(key_share=not and_what_refers_to_it)))


def share(journey_id: int) -> None:
    """Keep a journey as it is until the transaction ends; others may share it too."""
    if has_gates():
        db.execute(select(func.pg_advisory_xact_lock_shared(GATES, journey_id)))


def shared_gate(journey_id: InstrumentedAttribute[int], condition: ColumnElement[bool]) -> CTE:
    """The same as a part of a statement, for the journey that these name; the statement selects from it.

    What such a statement reads without locking it may be from before the wait.
    """
    return select(func.pg_advisory_xact_lock_shared(GATES, journey_id)).where(condition).cte("gate")


@cache
def _close_gates() -> Executable:
    in_order = (
        select(Journey.id)
        .where(Journey.id.in_(bindparam("journeys", expanding=True)))
        .order_by(Journey.id)
        .subquery()
    )
    return select(func.pg_advisory_xact_lock(GATES, in_order.c.id))


def has_gates() -> bool:
    """Whether this database has them."""
    return db.get_bind().dialect.name == "postgresql"

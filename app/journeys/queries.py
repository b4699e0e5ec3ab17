"""What is asked about journeys. A journey's page is read with a fixed, small number of queries.

Composing a query can take longer than running it; those of the most-read pages are composed once (`@cache`).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, literal, select, type_coerce
from sqlalchemy.orm import joinedload, selectinload

from app.database import Facts, db
from app.domain.permissions import Actor
from app.journeys.matter import Activity, Publication
from app.journeys.models import Journey, JourneySlug, JourneyStatus, OrganiserAssignment

STATUS_ORDER = {
    JourneyStatus.OPEN: 0,
    JourneyStatus.PUBLISHED: 1,
    JourneyStatus.DRAFT: 2,
    JourneyStatus.CLOSED: 3,
    JourneyStatus.ARCHIVED: 4,
}


def organises_facts(user_id: int) -> Facts:
    """The user's organiser roles, for permission rules."""
    role = type_coerce(OrganiserAssignment.role, String)  # the other facts of the union are no roles
    return select(literal("organises"), OrganiserAssignment.journey_id, role).where(
        OrganiserAssignment.user_id == user_id
    )


def journey(slug: str) -> Journey | None:
    """The journey at an address, with its parent."""
    return db.scalar(_journey(), {"slug": slug})


@cache
def _journey() -> Select[Journey]:
    return select(Journey).where(Journey.slug == bindparam("slug")).options(joinedload(Journey.parent))


def new_slug(old: str) -> str | None:
    """Where the journey that had this address is now. A draft's old addresses tell nothing."""
    return db.scalar(
        select(Journey.slug)
        .join(JourneySlug, JourneySlug.journey_id == Journey.id)
        .where(JourneySlug.slug == old, Journey.status != JourneyStatus.DRAFT)
    )


def activities(journey_id: int) -> Sequence[Activity]:
    """The activities of a journey in order, with their credits; one query."""
    return db.scalars(_activities(), {"journey": journey_id}).unique().all()


@cache
def _activities() -> Select[Activity]:
    return (
        select(Activity)
        .where(Activity.journey_id == bindparam("journey"))
        .order_by(Activity.position)
        .options(joinedload(Activity.credits))
    )


def publications(journey_id: int) -> Sequence[Publication]:
    """The publications of a journey, newest first, with their credits; one query."""
    return db.scalars(_publications(), {"journey": journey_id}).unique().all()


@cache
def _publications() -> Select[Publication]:
    newest_first = (Publication.year.desc(), Publication.month.desc(), Publication.day.desc())
    return (
        select(Publication)
        .where(Publication.journey_id == bindparam("journey"))
        .order_by(*newest_first, Publication.position)
        .options(joinedload(Publication.credits))
    )


def children(journey_id: int, actor: Actor) -> Sequence[Journey]:
    """The journeys of a network that the actor may see, open ones first."""
    found = db.scalars(
        select(Journey)
        .where(Journey.parent_id == journey_id, visible_to(actor))
        .order_by(Journey.title_folded)
    ).all()
    return sorted(found, key=lambda one: STATUS_ORDER[one.status])


def visible_to(actor: Actor) -> Any:
    """The condition that leaves out drafts of others."""
    if actor.is_administrator:
        return literal(True)
    condition = Journey.status != JourneyStatus.DRAFT
    return condition | Journey.id.in_(actor.organises) if actor.organises else condition


def organised_by(actor: Actor) -> Sequence[Journey]:
    """The journeys on the actor's desk: all for an administrator, else those with a role."""
    query = select(Journey).options(selectinload(Journey.parent))
    if not actor.is_administrator:
        query = query.where(Journey.id.in_(actor.organises))
    found = db.scalars(query.order_by(Journey.title_folded)).all()
    return sorted(found, key=lambda one: STATUS_ORDER[one.status])

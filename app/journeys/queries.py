"""What is asked about journeys. A journey's page is read with a fixed, small number of queries.

Composing a query can take longer than running it; those of the most-read pages are composed once (`@cache`).
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, String, bindparam, func, literal, or_, select, type_coerce, union_all
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.accounts.models import User
from app.database import Facts, db
from app.domain.permissions import RUNNERS, STRANGER, Actor, OrganiserRole
from app.journeys.matter import Activity, Contact, Partner, Publication
from app.journeys.models import (
    CountryGroup,
    ExpectedZone,
    Journey,
    JourneyKind,
    JourneySlug,
    JourneyStatus,
    OrganiserAssignment,
    Outcome,
    QuestionHeading,
    Theme,
    ThemeJourney,
)

Part = (
    Outcome
    | Theme
    | Activity
    | Partner
    | Contact
    | Publication
    | CountryGroup
    | QuestionHeading
    | ExpectedZone
)
PartRow = TypeVar("PartRow", bound=Part)

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


def new_slug(old: str, actor: Actor = STRANGER) -> str | None:
    """Where the journey that had this address is now. A draft's old addresses tell nothing to strangers."""
    return db.scalar(
        select(Journey.slug)
        .join(JourneySlug, JourneySlug.journey_id == Journey.id)
        .where(JourneySlug.slug == old, visible_to(actor))
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
    newest_first = (one.desc().nulls_last() for one in (Publication.year, Publication.month, Publication.day))
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


def visible_to(actor: Actor, journey: Any = Journey) -> Any:
    """The condition that leaves out drafts of others; on an alias of Journey where one is given."""
    if actor.is_administrator:
        return literal(True)
    condition = journey.status != JourneyStatus.DRAFT
    return condition | journey.id.in_(actor.organises) if actor.organises else condition


def organised_by(actor: Actor) -> Sequence[Journey]:
    """The journeys on the actor's desk: all for an administrator, else those with a role."""
    query = select(Journey).options(selectinload(Journey.parent))
    if not actor.is_administrator:
        query = query.where(Journey.id.in_(actor.organises))
    found = db.scalars(query.order_by(Journey.title_folded)).all()
    return sorted(found, key=lambda one: STATUS_ORDER[one.status])


def organisers(journey_id: int) -> Sequence[tuple[User, OrganiserRole]]:
    """Everybody who organises a journey, owners first, then by name; one query."""
    rows = db.execute(
        select(User, OrganiserAssignment.role)
        .join(OrganiserAssignment, OrganiserAssignment.user_id == User.id)
        .where(OrganiserAssignment.journey_id == journey_id)
    )
    ranks = {role: place for place, role in enumerate(OrganiserRole)}
    found = [(user, role) for user, role in rows]
    return sorted(found, key=lambda one: (ranks[one[1]], one[0].name.casefold(), one[0].id))


def possible_parents(journey: Journey | None, actor: Actor) -> Sequence[Journey]:
    """Journeys that a journey can be made part of, by title: those the actor runs, and the present one.

    An administrator is offered networks, platforms and what holds journeys already. None that would make a
    circle is among them.
    """
    run = [number for number, role in actor.organises.items() if role in RUNNERS]
    offered: Any = Journey.id.in_(run)
    if actor.is_administrator:
        child = aliased(Journey)
        holds_some = select(child.id).where(child.parent_id == Journey.id).exists()
        offered = or_(offered, Journey.kind.in_((JourneyKind.NETWORK, JourneyKind.PLATFORM)), holds_some)
    query = select(Journey).where(offered)
    if journey is not None:
        query = select(Journey).where(
            or_(offered, Journey.id == journey.parent_id), Journey.id.not_in(_with_all_below(journey.id))
        )
    return db.scalars(query.order_by(Journey.title_folded, Journey.id)).all()


def _with_all_below(journey_id: int) -> Any:
    below = select(Journey.id).where(Journey.id == journey_id).cte("below", recursive=True)
    deeper = select(Journey.id).join(below, Journey.parent_id == below.c.id)
    return select(below.union(deeper).c.id)


def titles_of_children(journey_id: int) -> Sequence[str]:
    """What the journeys that are part of one are called."""
    part_of = select(Journey.title).where(Journey.parent_id == journey_id)
    return db.scalars(part_of.order_by(Journey.title_folded)).all()


PARTS: Mapping[str, type[Part]] = {
    "outcomes": Outcome,
    "themes": Theme,
    "activities": Activity,
    "partners": Partner,
    "contacts": Contact,
    "publications": Publication,
    "country-groups": CountryGroup,
    "question-headings": QuestionHeading,
    "expected-zones": ExpectedZone,
}
"""What a journey holds, by the name it has in addresses."""


def part_counts(journey_id: int) -> dict[str, int]:
    """How many parts of each kind the journey holds; one query."""
    counts = [
        select(literal(name).label("name"), func.count().label("number"))
        .select_from(row)
        .where(row.journey_id == journey_id)
        for name, row in PARTS.items()
    ]
    found = {row.name: row.number for row in db.execute(union_all(*counts))}
    return {name: found[name] for name in PARTS}


def parts(row: type[PartRow], journey_id: int, *loading: Any) -> Sequence[PartRow]:
    """The parts of one kind in their order."""
    order = getattr(row, "position", row.id)
    found = db.scalars(
        select(row).where(row.journey_id == journey_id).order_by(order, row.id).options(*loading)
    )
    return found.unique().all()


def part(row: type[PartRow], journey_id: int, part_id: int, *loading: Any) -> PartRow | None:
    """One part of this journey."""
    query = select(row).where(row.journey_id == journey_id, row.id == part_id).options(*loading)
    return db.scalars(query).unique().one_or_none()


def journeys_on_theme(theme_id: int) -> frozenset[int]:
    """The journeys that work on a theme of their network."""
    found = select(ThemeJourney.journey_id).where(ThemeJourney.theme_id == theme_id)
    return frozenset(db.scalars(found))

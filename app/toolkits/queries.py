"""What is asked about toolkits. A toolkit's page is read with a fixed, small number of queries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Executable, Select, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.database import db
from app.domain.permissions import Actor
from app.journeys.models import Journey, JourneyStatus
from app.journeys.queries import visible_to
from app.learning_sessions.models import LearningSession
from app.toolkits.describing import briefly, link
from app.toolkits.models import (
    Resource,
    Toolkit,
    ToolkitCredit,
    ToolkitEntry,
    ToolkitSection,
    ToolkitSlug,
    Visibility,
    journey_toolkits,
)


@dataclass(frozen=True)
class ToolkitLine:
    """A toolkit in a list: its name and, in one line, who made it."""

    id: int
    slug: str
    title: str
    language: str
    authors: str


@dataclass(frozen=True)
class Material:
    """A resource as a session's page lists it; `facts` is what to know before opening it."""

    id: int
    title: str
    url: str
    why: str
    facts: str
    language: str
    text_direction: str
    toolkit_slug: str


def toolkit(slug: str) -> Toolkit | None:
    """The toolkit at an address, with its authors."""
    found = (
        select(Toolkit)
        .where(Toolkit.slug == slug)
        .options(
            joinedload(Toolkit.credits).joinedload(ToolkitCredit.facilitator), joinedload(Toolkit.journeys)
        )
    )
    return db.scalars(found).unique().one_or_none()


def new_slug(old: str) -> str | None:
    """Where the toolkit that had this address is now, if one of its journeys is no draft."""
    return db.scalar(
        select(Toolkit.slug)
        .join(ToolkitSlug, ToolkitSlug.toolkit_id == Toolkit.id)
        .where(ToolkitSlug.slug == old, Toolkit.journeys.any(Journey.status != JourneyStatus.DRAFT))
    )


def journeys_of(toolkit_id: int, actor: Actor) -> Sequence[Journey]:
    """The journeys that share a toolkit, as far as the actor may see them."""
    return db.scalars(
        select(Journey)
        .join(journey_toolkits, journey_toolkits.c.journey_id == Journey.id)
        .where(journey_toolkits.c.toolkit_id == toolkit_id, visible_to(actor))
        .order_by(Journey.title_folded, Journey.id)
    ).all()


def sections(toolkit_id: int) -> Sequence[ToolkitSection]:
    """The sections in order, with entries, resources, authors and statements: four queries for any number."""
    resource = selectinload(ToolkitSection.entries).joinedload(ToolkitEntry.resource, innerjoin=True)
    return db.scalars(
        select(ToolkitSection)
        .where(ToolkitSection.toolkit_id == toolkit_id)
        .order_by(ToolkitSection.position)
        .options(
            resource.joinedload(Resource.organisation),
            resource.selectinload(Resource.credits),
            resource.selectinload(Resource.statements),
        )
    ).all()


@dataclass(frozen=True)
class SessionLine:
    """The learning session an entry belongs to."""

    title: str
    slug: str
    journey_slug: str


def sessions_of(toolkit_id: int, actor: Actor) -> dict[int, SessionLine]:
    """Learning session id → where it is, for those of a toolkit's entries that the actor may see."""
    rows = db.execute(
        select(LearningSession.id, LearningSession.title, LearningSession.slug, Journey.slug)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .join(ToolkitEntry, ToolkitEntry.learning_session_id == LearningSession.id)
        .join(ToolkitSection, ToolkitSection.id == ToolkitEntry.toolkit_section_id)
        .where(ToolkitSection.toolkit_id == toolkit_id, visible_to(actor))
        .distinct()
    )
    return {number: SessionLine(title, slug, journey) for number, title, slug, journey in rows}


def sees_everything(journey_ids: Collection[int], actor: Actor) -> bool:
    """Whether the actor also sees what a toolkit of these journeys keeps for the people enrolled."""
    return actor.is_administrator or any(
        number in actor.enrolled_in or number in actor.organises for number in journey_ids
    )


def of_journey(journey_id: int) -> list[ToolkitLine]:
    """The toolkits of a journey, by title; one query."""
    return of_journeys([journey_id]).get(journey_id, [])


def of_journeys(journey_ids: Collection[int]) -> dict[int, list[ToolkitLine]]:
    """Journey id → its toolkits, by title; one query."""
    rows = db.execute(_of_journeys(), {"journeys": list(journey_ids)})
    found: dict[int, dict[int, ToolkitLine]] = {}
    for journey_id, number, slug, title, language, author in rows:
        lines = found.setdefault(journey_id, {})
        known = lines[number].authors if number in lines else ""
        lines[number] = ToolkitLine(number, slug, title, language, ", ".join(filter(None, [known, author])))
    return {journey_id: list(lines.values()) for journey_id, lines in found.items()}


@cache
def _of_journeys() -> Executable:
    """Composed once: composing it takes longer than running it."""
    return (
        select(
            journey_toolkits.c.journey_id, Toolkit.id, Toolkit.slug, Toolkit.title, Toolkit.language,
            ToolkitCredit.name,
        )
        .join(Toolkit, Toolkit.id == journey_toolkits.c.toolkit_id)
        .outerjoin(ToolkitCredit, ToolkitCredit.toolkit_id == Toolkit.id)
        .where(journey_toolkits.c.journey_id.in_(bindparam("journeys", expanding=True)))
        .order_by(Toolkit.title_folded, Toolkit.id, ToolkitCredit.position)
    )  # fmt: skip


def _toolkits_of(journey_ids: Collection[int]) -> Select[tuple[int]]:
    return select(journey_toolkits.c.toolkit_id).where(journey_toolkits.c.journey_id.in_(journey_ids))


def entries_for_session(learning_session_id: int, actor: Actor) -> list[Material]:
    """The toolkit entries that belong to a learning session and that the actor may see; one query."""
    rows = db.execute(
        select(ToolkitEntry, Resource, Toolkit.slug)
        .join(Resource, Resource.id == ToolkitEntry.resource_id)
        .join(ToolkitSection, ToolkitSection.id == ToolkitEntry.toolkit_section_id)
        .join(Toolkit, Toolkit.id == ToolkitSection.toolkit_id)
        .join(LearningSession, LearningSession.id == ToolkitEntry.learning_session_id)
        .where(ToolkitEntry.learning_session_id == learning_session_id, _open_to(actor))
        .order_by(Toolkit.title_folded, Toolkit.id, ToolkitSection.position, ToolkitEntry.position)
    )
    return [
        Material(
            entry.id, resource.title, link(resource), entry.why, briefly(resource), resource.language,
            resource.text_direction, slug,
        )
        for entry, resource, slug in rows
    ]  # fmt: skip


def _open_to(actor: Actor) -> ColumnElement[bool]:
    """The condition on entries: public, or of a journey that the actor takes part in or organises."""
    public = ToolkitEntry.visibility == Visibility.PUBLIC
    if actor.is_administrator:
        return or_(public, ToolkitEntry.visibility == Visibility.ENROLLED)
    own = {*actor.enrolled_in, *actor.organises}
    if not own:
        return public
    return or_(
        public, LearningSession.journey_id.in_(own), ToolkitSection.toolkit_id.in_(_toolkits_of(sorted(own)))
    )

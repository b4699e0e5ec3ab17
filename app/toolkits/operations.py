"""Making toolkits and filling them. None of these commits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.domain.errors import AlreadyTaken, DomainError
from app.domain.slugs import check_slug, slug_for
from app.domain.text import fold_text
from app.journeys.composing import When
from app.journeys.crediting import Named, credit_rows
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession
from app.organisations.models import Organisation
from app.toolkits.models import (
    Resource,
    ResourceCredit,
    ResourceKind,
    Statement,
    Toolkit,
    ToolkitCredit,
    ToolkitEntry,
    ToolkitSection,
    ToolkitSlug,
    Visibility,
)


@dataclass(frozen=True, kw_only=True)
class NewResource:
    """What is known of a resource; title and kind are needed, and the size only where it is a file."""

    title: str
    kind: ResourceKind
    summary: str = ""
    url: str = ""
    file_format: str = ""
    size_bytes: int | None = None
    doi: str = ""
    language: str = "en"
    text_direction: str = "ltr"
    suggested_citation: str = ""
    licence: str = ""
    demonstration_note: str = ""


def create_toolkit(
    title: str, now: datetime, *, slug: str | None = None, summary: str = "", suggested_citation: str = "",
    language: str = "en", demonstration_note: str = "", credits: Sequence[Named] = (),
) -> Toolkit:  # fmt: skip
    """An empty toolkit that belongs to no journey yet."""
    title = _said(" ".join(title.split()), "Give the toolkit a title.")
    toolkit = Toolkit(
        slug=check_slug(slug, _is_slug_taken) if slug else slug_for(title, _is_slug_taken, "toolkit"),
        title=title,
        summary=summary,
        suggested_citation=suggested_citation,
        language=language,
        demonstration_note=demonstration_note,
        credits=credit_rows(ToolkitCredit, credits),
        created_at=now,
        updated_at=now,
    )
    db.add(toolkit)
    db.flush()
    return toolkit


def link_journey(toolkit: Toolkit, journey: Journey, now: datetime) -> None:
    """Let a journey use the toolkit; several may. Linking twice is linking once."""
    if journey not in toolkit.journeys:
        toolkit.journeys.append(journey)
        toolkit.updated_at = now
    db.flush()


def add_section(toolkit: Toolkit, title: str, now: datetime, summary: str = "") -> ToolkitSection:
    """Add a section at the end."""
    section = ToolkitSection(
        position=max((one.position for one in toolkit.sections), default=0) + 1,
        title=_said(title, "Give the section a title."),
        summary=summary,
    )
    toolkit.sections.append(section)
    toolkit.updated_at = now
    db.flush()
    return section


def create_resource(
    new: NewResource, now: datetime, *, when: When | None = None, credits: Sequence[Named] = (),
    organisation: Organisation | None = None,
) -> Resource:  # fmt: skip
    """A resource, with its bibliographic facts. It appears where it is entered into a toolkit."""
    title = _said(new.title, "Give the resource a title.")
    if new.size_bytes is not None and new.size_bytes < 0:
        raise DomainError("A size is a number of bytes, or empty.", "size_bytes")
    resource = Resource(
        **asdict(new),
        **asdict(when or When()),
        title_folded=fold_text(title),
        organisation=organisation,
        credits=credit_rows(ResourceCredit, credits),
        created_at=now,
        updated_at=now,
    )
    db.add(resource)
    db.flush()
    return resource


def add_entry(
    section: ToolkitSection, resource: Resource, now: datetime, *, why: str = "",
    visibility: Visibility = Visibility.PUBLIC, learning_session: LearningSession | None = None,
) -> ToolkitEntry:  # fmt: skip
    """Put a resource into a section, and say why; a section holds each resource once."""
    if any(entry.resource_id == resource.id for entry in section.entries):
        raise AlreadyTaken("This section has the resource already.", "resource")
    entry = ToolkitEntry(
        resource=resource,
        learning_session=learning_session,
        position=max((one.position for one in section.entries), default=0) + 1,
        why=why,
        visibility=visibility,
    )
    section.entries.append(entry)
    section.toolkit.updated_at = now
    db.flush()
    return entry


def add_statement(resource: Resource, heading: str, text: str, now: datetime) -> Statement:
    """Add a statement of a handout, under its heading, so that people can discuss it by itself."""
    statement = Statement(
        position=max((one.position for one in resource.statements), default=0) + 1,
        heading=_said(heading, "Give the heading the statement stands under."),
        text=_said(text, "Write the statement."),
    )
    resource.statements.append(statement)
    resource.updated_at = now
    db.flush()
    return statement


def _is_slug_taken(slug: str) -> bool:
    has = select(Toolkit.id).where(Toolkit.slug == slug)
    had = select(ToolkitSlug.toolkit_id).where(ToolkitSlug.slug == slug)
    return db.scalar(has.union_all(had).limit(1)) is not None


def _said(text: str, complaint: str) -> str:
    text = text.strip()
    if not text:
        raise DomainError(complaint, "title")
    return text

"""Toolkits: sections of entries. A resource holds the bibliographic facts; an entry says where and why."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.database import Base, enum_column
from app.domain.text import fold_text
from app.journeys.credits import Credit
from app.journeys.matter import PartialDate, direction_check, partial_date_check

if TYPE_CHECKING:
    from app.journeys.models import Journey
    from app.learning_sessions.models import LearningSession
    from app.organisations.models import Organisation


class ResourceKind(StrEnum):
    ARTICLE = "article"
    BOOK = "book"
    BRIEFING = "briefing"
    COURSE = "course"
    DATASET = "dataset"
    HANDOUT = "handout"
    PRESENTATION = "presentation"
    REPORT = "report"
    TOOL = "tool"
    VIDEO = "video"
    WEBSITE = "website"


class Visibility(StrEnum):
    PUBLIC = "public"
    ENROLLED = "enrolled"


journey_toolkits = Table(
    "journey_toolkits",
    Base.metadata,
    Column("journey_id", ForeignKey("journeys.id", ondelete="CASCADE"), primary_key=True),
    Column("toolkit_id", ForeignKey("toolkits.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Toolkit(Base):
    """A resource toolkit; several journeys may share it."""

    __tablename__ = "toolkits"
    __table_args__ = (UniqueConstraint("slug"), Index(None, "title_folded"), direction_check())

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    title: Mapped[str]
    title_folded: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    """Markdown."""
    suggested_citation: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    text_direction: Mapped[str] = mapped_column(default="ltr")
    demonstration_note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    journeys: Mapped[list["Journey"]] = relationship(
        secondary=journey_toolkits, order_by="Journey.title_folded"
    )
    credits: Mapped[list["ToolkitCredit"]] = relationship(
        order_by="ToolkitCredit.position", cascade="all, delete-orphan"
    )
    sections: Mapped[list["ToolkitSection"]] = relationship(
        back_populates="toolkit", order_by="ToolkitSection.position", cascade="all, delete-orphan"
    )

    @validates("title")
    def _fold(self, _name: str, title: str) -> str:
        self.title_folded = fold_text(title)
        return title


class ToolkitSlug(Base):
    """An address a toolkit had before; it redirects."""

    __tablename__ = "toolkit_slugs"

    slug: Mapped[str] = mapped_column(primary_key=True)
    toolkit_id: Mapped[int] = mapped_column(ForeignKey("toolkits.id", ondelete="CASCADE"), index=True)


class ToolkitCredit(Credit, Base):
    __tablename__ = "toolkit_credits"

    toolkit_id: Mapped[int] = mapped_column(ForeignKey("toolkits.id", ondelete="CASCADE"), index=True)


class ToolkitSection(Base):
    __tablename__ = "toolkit_sections"
    __table_args__ = (UniqueConstraint("toolkit_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    toolkit_id: Mapped[int] = mapped_column(ForeignKey("toolkits.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")

    toolkit: Mapped[Toolkit] = relationship(back_populates="sections")
    entries: Mapped[list["ToolkitEntry"]] = relationship(
        order_by="ToolkitEntry.position", cascade="all, delete-orphan"
    )


class Resource(PartialDate, Base):
    """Something to read, watch or use, with what one needs to know before opening it."""

    __tablename__ = "resources"
    __table_args__ = (
        partial_date_check(),
        CheckConstraint("size_bytes IS NULL OR size_bytes >= 0", name="size"),
        Index(None, "title_folded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    title_folded: Mapped[str]
    kind: Mapped[ResourceKind] = mapped_column(enum_column(ResourceKind))
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL"), index=True
    )
    summary: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")
    """An outside address; empty where none is known."""
    file_format: Mapped[str] = mapped_column(default="")
    """PDF, MP4, web page …"""
    size_bytes: Mapped[int | None]
    doi: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    text_direction: Mapped[str] = mapped_column(default="ltr")
    suggested_citation: Mapped[str] = mapped_column(default="")
    licence: Mapped[str] = mapped_column(default="")
    demonstration_note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    organisation: Mapped["Organisation | None"] = relationship()
    credits: Mapped[list["ResourceCredit"]] = relationship(
        order_by="ResourceCredit.position", cascade="all, delete-orphan"
    )
    statements: Mapped[list["Statement"]] = relationship(
        order_by="Statement.position", cascade="all, delete-orphan"
    )


class ResourceCredit(Credit, Base):
    __tablename__ = "resource_credits"

    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id", ondelete="CASCADE"), index=True)


class Statement(Base):
    """A statement of a handout that people may discuss one by one, under its heading."""

    __tablename__ = "statements"
    __table_args__ = (UniqueConstraint("resource_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id", ondelete="CASCADE"))
    position: Mapped[int]
    heading: Mapped[str]
    text: Mapped[str]


class ToolkitEntry(Base):
    """A resource in a toolkit: where it stands, why, for whom, perhaps for which learning session."""

    __tablename__ = "toolkit_entries"
    __table_args__ = (UniqueConstraint("toolkit_section_id", "resource_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    toolkit_section_id: Mapped[int] = mapped_column(ForeignKey("toolkit_sections.id", ondelete="CASCADE"))
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id", ondelete="RESTRICT"), index=True)
    learning_session_id: Mapped[int | None] = mapped_column(
        ForeignKey("learning_sessions.id", ondelete="SET NULL"), index=True
    )
    position: Mapped[int]
    why: Mapped[str] = mapped_column(default="")
    visibility: Mapped[Visibility] = mapped_column(enum_column(Visibility), default=Visibility.PUBLIC)

    resource: Mapped[Resource] = relationship()
    learning_session: Mapped["LearningSession | None"] = relationship()

"""A journey and what belongs to it: outcomes, topics, themes, groups, roles, old addresses."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.database import Base, enum_column
from app.domain.permissions import OrganiserRole
from app.domain.text import fold_text
from app.journeys.matter import Activity, Contact, Partner, Publication


class JourneyKind(StrEnum):
    LEARNING_JOURNEY = "learning-journey"
    LEARNING_EXCHANGE = "learning-exchange"
    LEARNING_EVENT = "learning-event"
    WORKSHOP = "workshop"
    NETWORK = "network"
    PLATFORM = "platform"

    @property
    def label(self) -> str:
        return self.value.replace("-", " ").capitalize()


class JourneyStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Journey(Base):
    """A themed programme that people in many countries go through together."""

    __tablename__ = "journeys"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="dates"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="parent"),
        CheckConstraint("text_direction IN ('ltr', 'rtl')", name="direction"),
        # The catalogue orders, counts and narrows from these two alone, without reading the rows.
        Index("ix_journeys_coming", "status", "next_at", "id", "kind", "language"),
        Index("ix_journeys_ended", "status", "ends_on", "id", "kind", "language"),
        Index(None, "language"),
        Index(None, "title_folded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    kind: Mapped[JourneyKind] = mapped_column(enum_column(JourneyKind))
    status: Mapped[JourneyStatus] = mapped_column(enum_column(JourneyStatus), default=JourneyStatus.DRAFT)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("journeys.id", ondelete="RESTRICT"), index=True)
    title: Mapped[str]
    title_folded: Mapped[str]
    short_title: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    """One paragraph, plain text: what stands under the title."""
    purpose: Mapped[str] = mapped_column(default="")
    """Markdown."""
    audience: Mapped[str] = mapped_column(default="")
    """Markdown."""
    approach: Mapped[str] = mapped_column(default="")
    """Markdown: how the programme works, its infrastructure and ways of working."""
    outcomes_lead: Mapped[str] = mapped_column(default="")
    """The sentence the outcomes complete."""
    sessions_note: Mapped[str] = mapped_column(default="")
    """What is true of every session: form, language, rhythm."""
    language: Mapped[str] = mapped_column(default="en")
    text_direction: Mapped[str] = mapped_column(default="ltr")
    timezone: Mapped[str]
    """The organiser's zone."""
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    period: Mapped[str] = mapped_column(default="")
    """The time it covers in words, where dates do not say it: "No end date", "2016 outlook"."""
    place: Mapped[str] = mapped_column(default="")
    closed_on: Mapped[date | None]
    closing_note: Mapped[str] = mapped_column(default="")
    reminders: Mapped[str] = mapped_column(default="1-day 1-hour", server_default="1-day 1-hour")
    """When its people are reminded of a sitting, unless they chose otherwise: 1-week, 1-day, 1-hour."""
    demonstration_note: Mapped[str] = mapped_column(default="")
    """Says on the page what is invented; empty for real matter only."""
    next_at: Mapped[datetime | None]
    """Start of the earliest offering not over when the sessions last changed; orders the catalogue."""
    published_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    parent: Mapped["Journey | None"] = relationship(back_populates="children", remote_side=id)
    children: Mapped[list["Journey"]] = relationship(back_populates="parent", order_by="Journey.title_folded")
    outcomes: Mapped[list["Outcome"]] = relationship(
        back_populates="journey", order_by="Outcome.position", cascade="all, delete-orphan"
    )
    topics: Mapped[list["JourneyTopic"]] = relationship(
        back_populates="journey", order_by="JourneyTopic.position", cascade="all, delete-orphan"
    )
    audiences: Mapped[list["JourneyAudience"]] = relationship(
        back_populates="journey", order_by="JourneyAudience.audience", cascade="all, delete-orphan"
    )
    themes: Mapped[list["Theme"]] = relationship(
        back_populates="journey", order_by="Theme.position", cascade="all, delete-orphan"
    )
    activities: Mapped[list["Activity"]] = relationship(
        order_by="Activity.position", cascade="all, delete-orphan"
    )
    partners: Mapped[list["Partner"]] = relationship(
        order_by="Partner.position", cascade="all, delete-orphan"
    )
    contacts: Mapped[list["Contact"]] = relationship(
        order_by="Contact.position", cascade="all, delete-orphan"
    )
    publications: Mapped[list["Publication"]] = relationship(
        order_by="Publication.position", cascade="all, delete-orphan"
    )
    country_groups: Mapped[list["CountryGroup"]] = relationship(
        order_by="CountryGroup.position", cascade="all, delete-orphan"
    )
    question_headings: Mapped[list["QuestionHeading"]] = relationship(
        order_by="QuestionHeading.position", cascade="all, delete-orphan"
    )
    expected_zones: Mapped[list["ExpectedZone"]] = relationship(
        order_by="ExpectedZone.id", cascade="all, delete-orphan"
    )

    @validates("title")
    def _fold(self, _name: str, title: str) -> str:
        self.title_folded = fold_text(title)
        return title

    @property
    def name(self) -> str:
        """How crumbs and lists call it."""
        return self.short_title or self.title


class JourneySlug(Base):
    """An address a journey had before; it redirects."""

    __tablename__ = "journey_slugs"

    slug: Mapped[str] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), index=True)


class Outcome(Base):
    """What a participant can do afterwards."""

    __tablename__ = "outcomes"
    __table_args__ = (UniqueConstraint("journey_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str]

    journey: Mapped[Journey] = relationship(back_populates="outcomes")


class Topic(Base):
    """A subject that journeys share, so that the catalogue can be narrowed to it."""

    __tablename__ = "topics"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    name_folded: Mapped[str] = mapped_column(index=True)


class JourneyTopic(Base):
    """A topic of a journey, or a cross-cutting theme: one that runs through all its sessions."""

    __tablename__ = "journey_topics"

    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="RESTRICT"), primary_key=True, index=True
    )
    position: Mapped[int]
    is_cross_cutting: Mapped[bool] = mapped_column(default=False)

    journey: Mapped[Journey] = relationship(back_populates="topics")
    topic: Mapped[Topic] = relationship()


class JourneyAudience(Base):
    """For whom a journey is, in the few words the catalogue can be narrowed by: "Health advisers"."""

    __tablename__ = "journey_audiences"
    __table_args__ = (Index(None, "audience"),)

    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)

    journey: Mapped[Journey] = relationship(back_populates="audiences")


class Theme(Base):
    """A theme (track, initiative, round) that sessions and child journeys of a journey belong to."""

    __tablename__ = "themes"
    __table_args__ = (UniqueConstraint("journey_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(default="theme")
    """What the journey calls it: theme, track, technical initiative, emerging topic, round …"""

    journey: Mapped[Journey] = relationship(back_populates="themes")


class ThemeJourney(Base):
    """A child journey that works on a theme of its network."""

    __tablename__ = "theme_journeys"

    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id", ondelete="CASCADE"), primary_key=True)
    journey_id: Mapped[int] = mapped_column(
        ForeignKey("journeys.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CountryGroup(Base):
    """The people of one member country, who come from several institutions."""

    __tablename__ = "country_groups"
    __table_args__ = (UniqueConstraint("journey_id", "country"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    position: Mapped[int]
    country: Mapped[str]
    name: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")

    members: Mapped[list["CountryGroupMember"]] = relationship(
        order_by="CountryGroupMember.position", cascade="all, delete-orphan"
    )


class CountryGroupMember(Base):
    __tablename__ = "country_group_members"

    id: Mapped[int] = mapped_column(primary_key=True)
    country_group_id: Mapped[int] = mapped_column(
        ForeignKey("country_groups.id", ondelete="CASCADE"), index=True
    )
    participant_id: Mapped[int | None] = mapped_column(
        ForeignKey("participants.id", ondelete="SET NULL"), index=True
    )
    position: Mapped[int]
    name: Mapped[str]
    post: Mapped[str] = mapped_column(default="")
    institution: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class QuestionHeading(Base):
    """A heading under which participants' questions and comments are grouped; headings may nest once."""

    __tablename__ = "question_headings"

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("question_headings.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    title: Mapped[str]


class ExpectedZone(Base):
    """A zone whose people the organisers expect; what strangers see instead of who is enrolled."""

    __tablename__ = "expected_zones"
    __table_args__ = (
        UniqueConstraint("journey_id", "timezone"),
        CheckConstraint("people IS NULL OR people > 0", name="people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"))
    timezone: Mapped[str]
    people: Mapped[int | None]


class OrganiserAssignment(Base):
    """The part an account has in organising one journey."""

    __tablename__ = "organiser_assignments"

    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[OrganiserRole] = mapped_column(enum_column(OrganiserRole))

"""Plain models over the tables that Meridian made: the columns and relations that the two pages print."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Journey(Base):
    __tablename__ = "journeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    purpose: Mapped[str]
    audience: Mapped[str]
    approach: Mapped[str]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    outcomes: Mapped[list["Outcome"]] = relationship(order_by="Outcome.position")
    topics: Mapped[list["JourneyTopic"]] = relationship(order_by="JourneyTopic.position")
    themes: Mapped[list["Theme"]] = relationship(order_by="Theme.position")
    sittings: Mapped[list["LearningSession"]] = relationship(
        order_by="LearningSession.position", back_populates="journey"
    )
    activities: Mapped[list["Activity"]] = relationship(order_by="Activity.position")
    partners: Mapped[list["Partner"]] = relationship(order_by="Partner.position")
    contacts: Mapped[list["Contact"]] = relationship(order_by="Contact.position")
    publications: Mapped[list["Publication"]] = relationship(order_by="Publication.position")
    toolkits: Mapped[list["Toolkit"]] = relationship(secondary="journey_toolkits")
    enrolments: Mapped[list["Enrolment"]] = relationship()
    expected_zones: Mapped[list["ExpectedZone"]] = relationship()


class Outcome(Base):
    __tablename__ = "outcomes"

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id"))
    position: Mapped[int]
    text: Mapped[str]


class Topic(Base):
    __tablename__ = "topics"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]


class JourneyTopic(Base):
    __tablename__ = "journey_topics"

    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True)
    position: Mapped[int]
    topic: Mapped[Topic] = relationship()


learning_session_themes = Table(
    "learning_session_themes",
    Base.metadata,
    Column("learning_session_id", ForeignKey("learning_sessions.id"), primary_key=True),
    Column("theme_id", ForeignKey("themes.id"), primary_key=True),
)


class Theme(Base):
    __tablename__ = "themes"

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id"))
    position: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str]

    sittings: Mapped[list["LearningSession"]] = relationship(
        secondary=learning_session_themes, order_by="LearningSession.position", back_populates="themes"
    )


class LearningSession(Base):
    __tablename__ = "learning_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id"))
    slug: Mapped[str]
    position: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str]
    content: Mapped[str]

    journey: Mapped[Journey] = relationship(back_populates="sittings")
    themes: Mapped[list[Theme]] = relationship(secondary=learning_session_themes, back_populates="sittings")
    offerings: Mapped[list["Offering"]] = relationship(order_by="Offering.position")
    materials: Mapped[list["ToolkitEntry"]] = relationship()


class Offering(Base):
    __tablename__ = "offerings"

    id: Mapped[int] = mapped_column(primary_key=True)
    learning_session_id: Mapped[int] = mapped_column(ForeignKey("learning_sessions.id"))
    position: Mapped[int]
    attendance: Mapped[str]
    timezone: Mapped[str]
    starts_wall: Mapped[datetime | None]
    length_minutes: Mapped[int | None]
    capacity_online: Mapped[int | None]
    confirmed_online: Mapped[int]
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venues.id"))

    venue: Mapped["Venue | None"] = relationship()
    facilitators: Mapped[list["OfferingFacilitator"]] = relationship(order_by="OfferingFacilitator.position")
    agenda: Mapped[list["AgendaItem"]] = relationship(order_by="AgendaItem.position")


class Venue(Base):
    __tablename__ = "venues"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    city: Mapped[str]


class Facilitator(Base):
    __tablename__ = "facilitators"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    name: Mapped[str]
    name_folded: Mapped[str]
    affiliation: Mapped[str]


class OfferingFacilitator(Base):
    __tablename__ = "offering_facilitators"

    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id"), primary_key=True)
    facilitator_id: Mapped[int] = mapped_column(ForeignKey("facilitators.id"), primary_key=True)
    position: Mapped[int]
    role: Mapped[str]
    facilitator: Mapped[Facilitator] = relationship()


class AgendaItem(Base):
    __tablename__ = "agenda_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offerings.id"))
    position: Mapped[int]
    length_minutes: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str]
    credits: Mapped[list["AgendaCredit"]] = relationship()


class AgendaCredit(Base):
    __tablename__ = "agenda_credits"

    id: Mapped[int] = mapped_column(primary_key=True)
    agenda_item_id: Mapped[int] = mapped_column(ForeignKey("agenda_items.id"))
    name: Mapped[str]
    affiliation: Mapped[str]


class Activity(Base):
    __tablename__ = "activities"

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id"))
    position: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    url: Mapped[str]
    year: Mapped[int | None]
    month: Mapped[int | None]
    credits: Mapped[list["ActivityCredit"]] = relationship()


class ActivityCredit(Base):
    __tablename__ = "activity_credits"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    name: Mapped[str]
    affiliation: Mapped[str]


class Organisation(Base):
    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    country: Mapped[str | None]


class Partner(Base):
    __tablename__ = "partners"

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    position: Mapped[int]
    role: Mapped[str]
    note: Mapped[str]
    organisation: Mapped[Organisation] = relationship()


class Contact(Base):
    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id"))
    position: Mapped[int]
    name: Mapped[str]
    post: Mapped[str]
    institution: Mapped[str]


class Publication(Base):
    __tablename__ = "publications"

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id"))
    position: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str]
    suggested_citation: Mapped[str]
    year: Mapped[int | None]
    month: Mapped[int | None]
    credits: Mapped[list["PublicationCredit"]] = relationship()


class PublicationCredit(Base):
    __tablename__ = "publication_credits"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"))
    name: Mapped[str]
    affiliation: Mapped[str]


journey_toolkits = Table(
    "journey_toolkits",
    Base.metadata,
    Column("journey_id", ForeignKey("journeys.id"), primary_key=True),
    Column("toolkit_id", ForeignKey("toolkits.id"), primary_key=True),
)


class Toolkit(Base):
    __tablename__ = "toolkits"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    title: Mapped[str]
    credits: Mapped[list["ToolkitCredit"]] = relationship()


class ToolkitCredit(Base):
    __tablename__ = "toolkit_credits"

    id: Mapped[int] = mapped_column(primary_key=True)
    toolkit_id: Mapped[int] = mapped_column(ForeignKey("toolkits.id"))
    name: Mapped[str]


class Resource(Base):
    __tablename__ = "resources"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    url: Mapped[str]


class ToolkitEntry(Base):
    __tablename__ = "toolkit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id"))
    learning_session_id: Mapped[int | None] = mapped_column(ForeignKey("learning_sessions.id"))
    why: Mapped[str]
    resource: Mapped[Resource] = relationship()


class Enrolment(Base):
    __tablename__ = "enrolments"

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id"))
    country: Mapped[str | None]


class ExpectedZone(Base):
    __tablename__ = "expected_zones"

    id: Mapped[int] = mapped_column(primary_key=True)
    journey_id: Mapped[int] = mapped_column(ForeignKey("journeys.id"))
    timezone: Mapped[str]
    people: Mapped[int | None]

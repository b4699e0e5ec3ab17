"""The small lists of a journey's page, read together in one round trip.

Outcomes, topics, themes, partners, contacts, country groups, headings and expected zones are a few rows each;
asked one by one they would be eight queries.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, String, bindparam, cast, func, literal, null, select, union_all

from app.database import db
from app.journeys.matter import Contact, Partner
from app.journeys.models import (
    CountryGroup,
    CountryGroupMember,
    ExpectedZone,
    Journey,
    JourneyStatus,
    JourneyTopic,
    Outcome,
    QuestionHeading,
    Theme,
    ThemeJourney,
    Topic,
)
from app.organisations.models import Organisation


class Line(NamedTuple):
    """One row: what it is depends on the list it stands in (see `Furniture`)."""

    id: int
    owner: int | None
    a: str
    b: str
    c: str
    d: str


@dataclass
class Furniture:
    """The lists, each in its order."""

    outcomes: list[Line] = field(default_factory=list)
    """a: the outcome."""
    topics: list[Line] = field(default_factory=list)
    """a: name, b: slug."""
    cross_cutting: list[Line] = field(default_factory=list)
    """a: name, b: slug."""
    themes: list[Line] = field(default_factory=list)
    """a: title, b: summary, c: what the journey calls it."""
    theme_journeys: list[Line] = field(default_factory=list)
    """owner: the theme, a: title, b: slug of the journey, c: its status."""
    partners: list[Line] = field(default_factory=list)
    """a: organisation, b: role, c: note, d: country."""
    contacts: list[Line] = field(default_factory=list)
    """a: name, b: post, c: institution."""
    country_groups: list[Line] = field(default_factory=list)
    """a: name, b: summary, c: country."""
    members: list[Line] = field(default_factory=list)
    """owner: the country group, a: name, b: post, c: institution, d: note."""
    headings: list[Line] = field(default_factory=list)
    """owner: the heading above, a: title."""
    expected_zones: list[Line] = field(default_factory=list)
    """a: zone, owner: how many people, if known."""


def furniture(journey_id: int) -> Furniture:
    """The lists of one journey, in one query."""
    found = Furniture()
    for kind, *row in db.execute(_statement(), {"journey": journey_id}):
        getattr(found, kind).append(Line(*row))
    return found


@cache
def _statement() -> Select[Any]:
    """The query for any journey; composing it takes longer than running it, so it is composed once."""
    parts = union_all(*_parts(bindparam("journey", type_=Integer))).subquery()
    return select(
        parts.c.kind, parts.c.id, parts.c.owner, parts.c.a, parts.c.b, parts.c.c, parts.c.d
    ).order_by(parts.c.kind, parts.c.position, parts.c.id)


def _part(kind: str, position: Any, number: Any, owner: Any = None, *texts: Any) -> Select[Any]:
    padded = [*texts, *[""] * (4 - len(texts))]
    columns = [
        cast(literal(text) if isinstance(text, str) else func.coalesce(text, ""), String).label(name)
        for text, name in zip(padded, "abcd", strict=True)
    ]
    return select(
        literal(kind).label("kind"),
        cast(position, Integer).label("position"),
        number.label("id"),
        cast(null() if owner is None else owner, Integer).label("owner"),
        *columns,
    )


def _parts(journey_id: Any) -> list[Select[Any]]:
    return [*_about(journey_id), *_themes(journey_id), *_people(journey_id), *_groups(journey_id)]


def _about(journey_id: int) -> list[Select[Any]]:
    def topics(kind: str, cross_cutting: bool) -> Select[Any]:
        part = _part(kind, JourneyTopic.position, Topic.id, None, Topic.name, Topic.slug)
        return part.join(JourneyTopic, JourneyTopic.topic_id == Topic.id).where(
            JourneyTopic.journey_id == journey_id, JourneyTopic.is_cross_cutting.is_(cross_cutting)
        )

    outcomes = _part("outcomes", Outcome.position, Outcome.id, None, Outcome.text)
    zones = _part(
        "expected_zones", ExpectedZone.id, ExpectedZone.id, ExpectedZone.people, ExpectedZone.timezone
    )
    return [
        outcomes.where(Outcome.journey_id == journey_id),
        topics("topics", False),
        topics("cross_cutting", True),
        zones.where(ExpectedZone.journey_id == journey_id),
    ]


def _themes(journey_id: int) -> list[Select[Any]]:
    themes = _part("themes", Theme.position, Theme.id, None, Theme.title, Theme.summary, Theme.kind)
    journeys = (
        _part("theme_journeys", 0, Journey.id, Theme.id, Journey.title, Journey.slug, Journey.status)
        .select_from(Theme)
        .join(ThemeJourney, ThemeJourney.theme_id == Theme.id)
        .join(Journey, Journey.id == ThemeJourney.journey_id)
    )
    return [
        themes.where(Theme.journey_id == journey_id),
        journeys.where(Theme.journey_id == journey_id, Journey.status != JourneyStatus.DRAFT),
    ]


def _people(journey_id: int) -> list[Select[Any]]:
    partner = (Organisation.name, Partner.role, Partner.note, Organisation.country)
    partners = _part("partners", Partner.position, Partner.id, None, *partner).join(
        Organisation, Organisation.id == Partner.organisation_id
    )
    contact = (Contact.name, Contact.post, Contact.institution)
    contacts = _part("contacts", Contact.position, Contact.id, None, *contact)
    return [
        partners.where(Partner.journey_id == journey_id),
        contacts.where(Contact.journey_id == journey_id),
    ]


def _groups(journey_id: int) -> list[Select[Any]]:
    group = (CountryGroup.name, CountryGroup.summary, CountryGroup.country)
    groups = _part("country_groups", CountryGroup.position, CountryGroup.id, None, *group)
    one = CountryGroupMember
    member = (one.name, one.post, one.institution, one.note)
    members = _part("members", one.position, one.id, CountryGroup.id, *member).join(
        CountryGroup, CountryGroup.id == one.country_group_id
    )
    heading = QuestionHeading
    headings = _part("headings", heading.position, heading.id, heading.parent_id, heading.title)
    return [
        groups.where(CountryGroup.journey_id == journey_id),
        members.where(CountryGroup.journey_id == journey_id),
        headings.where(heading.journey_id == journey_id),
    ]

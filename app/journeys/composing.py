"""Adding what a journey holds: outcomes, topics, themes, activities, people, publications. None commits."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select

from app.database import Base, db
from app.domain.errors import AlreadyTaken, DomainError
from app.domain.links import check_doi, check_link
from app.domain.slugs import slug_for
from app.domain.text import fold_text
from app.journeys.crediting import Named, credit_rows
from app.journeys.matter import (
    Activity,
    ActivityCredit,
    ActivityKind,
    Contact,
    Partner,
    PartnerRole,
    Publication,
    PublicationCredit,
)
from app.journeys.models import (
    CountryGroup,
    CountryGroupMember,
    Journey,
    JourneyTopic,
    Outcome,
    QuestionHeading,
    Theme,
    ThemeJourney,
    Topic,
)
from app.organisations.models import Organisation

Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class When:
    """A date known to the year, the month or the day; or not at all. Refuses a day that does not exist."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise DomainError("A day needs its month: give it, or leave the day empty.", "month")
        if self.month is not None and self.year is None:
            raise DomainError("A month needs its year: give it, or leave the month empty.", "year")
        if self.year is not None and not 1 <= self.year <= 9999:
            raise DomainError("Give the year in four figures.", "year")
        if self.month is not None and not 1 <= self.month <= 12:
            raise DomainError("A month is a number from 1 to 12.", "month")
        if self.day is not None and not 1 <= self.day <= monthrange(self.year or 2000, self.month or 1)[1]:
            raise DomainError("There is no such day in this month.", "day")


@dataclass(frozen=True, kw_only=True)
class NewPublication:
    """What is known of a publication; only the title is needed."""

    title: str
    kind: str = ""
    publisher: str = ""
    part: str = ""
    doi: str = ""
    url: str = ""
    suggested_citation: str = ""
    summary: str = ""
    language: str = "en"
    text_direction: str = "ltr"

    def checked(self) -> "NewPublication":
        """The same with title, DOI and link as they are kept. Refuses what they cannot be."""
        title = said(self.title, "Give the publication's title.", "title")
        return replace(self, title=title, doi=check_doi(self.doi), url=check_link(self.url))


@dataclass(frozen=True)
class Member:
    """Somebody in a country's group, with the institution they come from."""

    name: str
    post: str = ""
    institution: str = ""
    note: str = ""


def add_outcome(journey: Journey, text: str, now: datetime) -> Outcome:
    """Add what a participant can do afterwards, as the last one."""
    outcome = Outcome(position=_next(journey.outcomes), text=said(text, "Say what the outcome is.", "text"))
    journey.outcomes.append(outcome)
    return _added(journey, outcome, now)


def set_topics(journey: Journey, names: Iterable[str], now: datetime, throughout: Iterable[str] = ()) -> None:
    """Let the journey have exactly these topics, and these cross-cutting themes; unknown ones are made."""
    wanted = [(find_or_create_topic(name), False) for name in names]
    wanted += [(find_or_create_topic(name), True) for name in throughout]
    if len({topic.id for topic, _ in wanted}) < len(wanted):
        raise DomainError("Name each topic once.", "topics")
    held = {row.topic_id: row for row in journey.topics}
    rows = []
    for position, (topic, is_cross_cutting) in enumerate(wanted, start=1):
        row = held.get(topic.id) or JourneyTopic(topic=topic)
        row.position, row.is_cross_cutting = position, is_cross_cutting
        rows.append(row)
    journey.topics = rows
    journey.updated_at = now
    db.flush()


def find_or_create_topic(name: str) -> Topic:
    """The topic of this name, without regard to case and accents; made if there is none."""
    name = " ".join(said(name, "Give the topic a name.", "topics").split())
    found = db.scalar(select(Topic).where(Topic.name_folded == fold_text(name)).limit(1))
    if found is not None:
        return found
    topic = Topic(slug=slug_for(name, _is_topic_slug_taken, "topic"), name=name, name_folded=fold_text(name))
    db.add(topic)
    db.flush()
    return topic


def add_theme(
    journey: Journey, title: str, now: datetime, *, summary: str = "", kind: str = "theme"
) -> Theme:
    """Add a theme; `kind` is what this journey calls it: track, technical initiative, round …"""
    title = said(title, "Give the theme a title.", "title")
    theme = Theme(position=_next(journey.themes), title=title, summary=summary, kind=kind)
    journey.themes.append(theme)
    return _added(journey, theme, now)


def link_theme(theme: Theme, child: Journey, now: datetime) -> None:
    """Say that a journey works on a theme of the network it is part of."""
    if child.parent_id != theme.journey_id:
        raise DomainError("Only a part of the network can work on one of its themes.", "themes")
    if db.get(ThemeJourney, (theme.id, child.id)) is None:
        db.add(ThemeJourney(theme_id=theme.id, journey_id=child.id))
    child.updated_at = now
    db.flush()


def add_activity(
    journey: Journey, kind: ActivityKind, title: str, now: datetime, *, credits: Sequence[Named] = (),
    when: When | None = None, summary: str = "", url: str = "", link_text: str = "", language: str = "en",
    text_direction: str = "ltr",
) -> Activity:  # fmt: skip
    """Add something to watch, read or discuss that is not a dated session."""
    activity = Activity(
        **asdict(when or When()),
        position=_next(journey.activities),
        kind=kind,
        title=said(title, "Give the activity a title.", "title"),
        summary=summary,
        url=check_link(url),
        link_text=link_text,
        language=language,
        text_direction=text_direction,
        credits=credit_rows(ActivityCredit, credits),
    )
    journey.activities.append(activity)
    return _added(journey, activity, now)


def add_partner(
    journey: Journey, organisation: Organisation, role: PartnerRole, now: datetime, note: str = ""
) -> Partner:
    """Give an organisation a part in the journey; it may have several, each once."""
    if any(row.organisation_id == organisation.id and row.role is role for row in journey.partners):
        raise AlreadyTaken(f"{organisation.name} has this part in the journey already.", "organisation")
    partner = Partner(
        position=_next(journey.partners),
        organisation=organisation,
        role=role,
        note=note,
    )
    journey.partners.append(partner)
    return _added(journey, partner, now)


def add_contact(
    journey: Journey, name: str, now: datetime, *, post: str = "", institution: str = "", email: str = ""
) -> Contact:
    """Name a key contact."""
    name = said(name, "Give the contact's name.", "name")
    contact = Contact(
        position=_next(journey.contacts), name=name, post=post, institution=institution, email=email
    )
    journey.contacts.append(contact)
    return _added(journey, contact, now)


def add_publication(
    journey: Journey, new: NewPublication, now: datetime, *, when: When | None = None,
    credits: Sequence[Named] = (),
) -> Publication:  # fmt: skip
    """Add what came out of the journey in print."""
    publication = Publication(
        **asdict(new.checked()),
        **asdict(when or When()),
        position=_next(journey.publications),
        credits=credit_rows(PublicationCredit, credits),
    )
    journey.publications.append(publication)
    return _added(journey, publication, now)


def add_country_group(
    journey: Journey, country: str, name: str, now: datetime, *, summary: str = "",
    members: Iterable[Member] = (),
) -> CountryGroup:  # fmt: skip
    """Add the group of a member country; each country has one."""
    if any(group.country == country for group in journey.country_groups):
        raise AlreadyTaken("This country has its group already.", "country")
    group = CountryGroup(
        position=_next(journey.country_groups),
        country=country,
        name=said(name, "Give the group a name.", "name"),
        summary=summary,
    )
    group.members = member_rows((), members)
    journey.country_groups.append(group)
    return _added(journey, group, now)


def member_rows(before: Iterable[CountryGroupMember], people: Iterable[Member]) -> list[CountryGroupMember]:
    """The rows that name these people, in this order; who was named before keeps the row."""
    left = list(before)
    rows = []
    for position, person in enumerate(people, start=1):
        name = said(person.name, "Give the name of everybody in the group.", "members")
        row = next((one for one in left if one.name == name), None) or CountryGroupMember()
        left = [one for one in left if one is not row]
        row.position, row.name = position, name
        row.post, row.institution, row.note = person.post, person.institution, person.note
        rows.append(row)
    return rows


def add_question_heading(
    journey: Journey, title: str, now: datetime, parent: QuestionHeading | None = None
) -> QuestionHeading:
    """Add a heading for participants' questions; headings nest once."""
    check_heading_above(journey, parent)
    heading = QuestionHeading(
        position=_next(journey.question_headings),
        title=said(title, "Give the heading a title.", "title"),
        parent_id=parent.id if parent else None,
    )
    journey.question_headings.append(heading)
    return _added(journey, heading, now)


def check_heading_above(journey: Journey, parent: QuestionHeading | None) -> None:
    """Refuses a heading that nothing can stand under in this journey."""
    if parent is not None and (parent.parent_id is not None or parent.journey_id != journey.id):
        raise DomainError("A heading stands under a first-level heading of the same journey.", "parent")


def _is_topic_slug_taken(slug: str) -> bool:
    return db.scalar(select(Topic.id).where(Topic.slug == slug)) is not None


def said(text: str, complaint: str, field: str) -> str:
    """`text` without blanks around it. Refuses an empty one with the complaint, at the field."""
    text = text.strip()
    if not text:
        raise DomainError(complaint, field)
    return text


def _next(rows: Iterable[Any]) -> int:
    """The position after the last one, also where some have been removed."""
    return max((row.position for row in rows), default=0) + 1


def _added(journey: Journey, row: Row, now: datetime) -> Row:
    journey.updated_at = now
    db.flush()
    return row

"""Changing, ordering and deleting what a journey holds; `composing` adds it. None of these commits.

Lock the journey first (`locking.lock`): positions and the rule of one of a kind are kept by taking turns.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.database import Base, db
from app.domain.errors import AlreadyTaken, DomainError
from app.domain.links import check_link
from app.domain.timezones import zone_rules
from app.domain.zone_directory import country_name, offer_text
from app.journeys.composing import (
    Member,
    NewPublication,
    When,
    check_heading_above,
    link_theme,
    member_rows,
    said,
)
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
    ExpectedZone,
    Journey,
    Outcome,
    QuestionHeading,
    Theme,
    ThemeJourney,
)
from app.organisations.models import Organisation


def update_outcome(journey: Journey, outcome: Outcome, text: str, now: datetime) -> None:
    """Word the outcome otherwise."""
    _change(journey, outcome, now, text=said(text, "Say what the outcome is.", "text"))


def update_theme(
    journey: Journey, theme: Theme, title: str, now: datetime, *, summary: str = "", kind: str = "theme"
) -> None:
    """Say otherwise what the theme is; sessions and journeys that belong to it stay."""
    title = said(title, "Give the theme a title.", "title")
    _change(journey, theme, now, title=title, summary=summary, kind=kind)


def set_theme_journeys(
    theme: Theme, children: Collection[Journey], among: Collection[Journey], now: datetime
) -> None:
    """Let exactly these, of the journeys `among` which one could choose, work on the theme."""
    its = db.scalars(select(ThemeJourney).where(ThemeJourney.theme_id == theme.id)).all()
    chosen, offered = {child.id for child in children}, {child.id for child in among}
    for link in its:
        if link.journey_id in offered - chosen:
            db.delete(link)
    for child in children:
        if child.id not in {link.journey_id for link in its}:
            link_theme(theme, child, now)
    db.flush()


def update_activity(
    journey: Journey, activity: Activity, kind: ActivityKind, title: str, now: datetime, *,
    credits: Sequence[Named] = (), when: When | None = None, summary: str = "", url: str = "",
    link_text: str = "", language: str = "en", text_direction: str = "ltr",
) -> None:  # fmt: skip
    """Say all of the activity anew."""
    _change(
        journey,
        activity,
        now,
        **asdict(when or When()),
        kind=kind,
        title=said(title, "Give the activity a title.", "title"),
        summary=summary,
        url=check_link(url),
        link_text=link_text,
        language=language,
        text_direction=text_direction,
        credits=credit_rows(ActivityCredit, credits, activity.credits),
    )


def update_partner(
    journey: Journey, partner: Partner, organisation: Organisation, role: PartnerRole, now: datetime,
    note: str = "",
) -> None:  # fmt: skip
    """Give the part to another organisation, or another part to it; it may have several, each once."""
    for row in journey.partners:
        if row is not partner and row.organisation_id == organisation.id and row.role is role:
            message = f"{organisation.name} has this part in the journey already."
            raise AlreadyTaken(message, "organisation")
    _change(journey, partner, now, organisation=organisation, role=role, note=note)


def update_contact(
    journey: Journey, contact: Contact, name: str, now: datetime, *, post: str = "", institution: str = "",
    email: str = "",
) -> None:  # fmt: skip
    """Say all of the contact anew."""
    name = said(name, "Give the contact's name.", "name")
    _change(journey, contact, now, name=name, post=post, institution=institution, email=email)


def update_publication(
    journey: Journey, publication: Publication, new: NewPublication, now: datetime, *,
    when: When | None = None, credits: Sequence[Named] = (),
) -> None:  # fmt: skip
    """Say all of the publication anew."""
    named = credit_rows(PublicationCredit, credits, publication.credits)
    facts = asdict(new.checked()) | asdict(when or When())
    _change(journey, publication, now, **facts, credits=named)


def update_country_group(
    journey: Journey, group: CountryGroup, country: str, name: str, now: datetime, *, summary: str = "",
    members: Iterable[Member] = (),
) -> None:  # fmt: skip
    """Say all of the group anew; a member who is still named stays the same."""
    if any(one is not group and one.country == country for one in journey.country_groups):
        raise AlreadyTaken(f"{country_name(country)} has its group already.", "country")
    name = said(name, "Give the group a name.", "name")
    rows = member_rows(group.members, members)
    _change(journey, group, now, country=country, name=name, summary=summary, members=rows)


def update_question_heading(
    journey: Journey, heading: QuestionHeading, title: str, now: datetime,
    parent: QuestionHeading | None = None,
) -> None:  # fmt: skip
    """Word the heading otherwise or put it elsewhere; headings nest once."""
    check_heading_above(journey, parent)
    if parent is heading:
        raise DomainError("A heading cannot stand under itself.", "parent")
    if parent is not None and any(one.parent_id == heading.id for one in journey.question_headings):
        raise DomainError("Headings stand under this one; move or delete them first.", "parent")
    title = said(title, "Give the heading a title.", "title")
    _change(journey, heading, now, title=title, parent_id=parent.id if parent else None)


def update_expected_zone(
    journey: Journey, expected: ExpectedZone, timezone: str, now: datetime, people: int | None = None
) -> None:
    """Expect other people in this zone, or them in another; each zone is expected once."""
    zone_rules(timezone)
    check_expected_once(journey, timezone, expected)
    if people is not None and people < 1:
        raise DomainError("Expect at least one person, or leave the number empty.", "people")
    _change(journey, expected, now, timezone=timezone, people=people)


def check_expected_once(journey: Journey, timezone: str, besides: ExpectedZone | None = None) -> None:
    """Refuses a zone that is on the list already."""
    if any(one is not besides and one.timezone == timezone for one in journey.expected_zones):
        raise AlreadyTaken(f"{offer_text(timezone)} is on the list already; change it there.", "zone")


def delete_part(journey: Journey, part: Base, now: datetime) -> None:
    """Delete what the journey holds, with all that belongs to it."""
    db.delete(part)
    journey.updated_at = now
    db.flush()
    db.expire(journey)


def reorder_parts(journey: Journey, parts: Sequence[Any], now: datetime) -> None:
    """Let all parts of one kind stand in this order, numbered from 1."""
    last = max((part.position for part in parts), default=0) + len(parts)
    for step in (last, 0):  # past every position in use first: two rows never share one
        for number, part in enumerate(parts, start=1):
            part.position = step + number
        db.flush()
    journey.updated_at = now
    db.flush()


def _change(journey: Journey, part: Base, now: datetime, /, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(part, name, value)
    journey.updated_at = now
    db.flush()

"""What a journey still lacks before strangers should read it, each with the screen that mends it."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from flask import url_for

from app.domain.attendance import Way
from app.journeys import queries
from app.journeys.furniture import Furniture, furniture
from app.journeys.models import Journey, JourneyKind
from app.learning_sessions import queries as learning_sessions
from app.scheduling import queries as scheduling
from app.web import clock
from app.web.markdown import links_without_text


class Missing(NamedTuple):
    """Something missing: what, in which thing, and where it is mended."""

    sentence: str
    url: str
    action: str
    """What the link says."""


class Matter(NamedTuple):
    """What a journey holds, as the desk looks at it."""

    lists: Furniture
    rows: Sequence[Any]
    """Its sessions with their sittings."""
    states: Sequence[Any]
    """What each sitting has and lacks."""
    activities: Sequence[Any]


def matter_of(journey: Journey) -> Matter:
    """Everything a journey holds; four queries."""
    return Matter(
        furniture(journey.id),
        learning_sessions.sittings(journey.id),
        scheduling.planned_sittings(journey.id, clock.now()),
        queries.activities(journey.id),
    )


def missing_in(journey: Journey, matter: Matter) -> list[Missing]:
    """Everything a journey lacks, in the order of its page."""
    return [
        *_in_its_texts(journey),
        *_in_its_parts(journey, matter.lists, matter.activities),
        *_in_its_sessions(journey, matter.rows, matter.states),
    ]


def _in_its_texts(journey: Journey) -> Iterator[Missing]:
    edit = url_for("journeys.edit", slug=journey.slug)
    if not journey.summary:
        yield Missing(
            "It has no summary: the catalogue would show its title alone.", f"{edit}#summary", "Write it"
        )
    if not journey.purpose:
        yield Missing("It does not say what it is for.", f"{edit}#purpose", "Say it")
    for name, label in (
        ("purpose", "purpose"),
        ("audience", "audience"),
        ("approach", "text on how it works"),
    ):
        if links_without_text(getattr(journey, name)):
            yield Missing(f"A link in its {label} has no text to read.", f"{edit}#{name}", "Give it one")


def _in_its_parts(journey: Journey, lists: Furniture, activities: Sequence[Any]) -> Iterator[Missing]:
    def part(name: str) -> str:
        return url_for("journeys.parts", slug=journey.slug, part=name)

    if not lists.outcomes:
        yield Missing("It names no outcome.", part("outcomes"), "Name one")
    if not lists.contacts:
        yield Missing("It names nobody to turn to.", part("contacts"), "Name a contact")
    if not lists.topics:
        edit = url_for("journeys.edit", slug=journey.slug)
        yield Missing(
            "It has no topic, so the catalogue finds it by its words only.", f"{edit}#topics", "Add one"
        )
    for one in activities:
        if one.url and not one.link_text:
            url = url_for("journeys.edit_part", slug=journey.slug, part="activities", part_id=one.id)
            yield Missing(f"The link of “{one.title}” has no text.", url, "Give it one")


def _in_its_sessions(journey: Journey, rows: Sequence[Any], states: Sequence[Any]) -> Iterator[Missing]:
    if not rows and journey.kind is not JourneyKind.NETWORK:
        new = url_for("scheduling.new_learning_session", slug=journey.slug)
        yield Missing("It has no session.", new, "Add one")
    by_id = {one.offering_id: one for one in states}
    for row in rows:
        if row.offering_id is None:
            address = {"slug": journey.slug, "learning_session_slug": row.slug}
            yield Missing(
                f"“{row.title}” has no date.", url_for("scheduling.new_sitting", **address), "Date it"
            )
        elif (state := by_id.get(row.offering_id)) and not state.is_cancelled and not state.is_over:
            edit = url_for("scheduling.edit_sitting", offering_id=row.offering_id)
            for sentence, anchor, action in _in_a_sitting(state):
                yield Missing(f"“{row.title}” {sentence}", f"{edit}{anchor}", action)


def _in_a_sitting(state: Any) -> Iterator[tuple[str, str, str]]:
    ways = state.attendance.ways
    if state.zone_flag is not None:
        yield "has a time that new zone rules made unclear.", "", "Look at it"
    if not state.has_facilitator:
        yield "has no facilitator.", "#facilitators", "Name one"
    if Way.ONLINE in ways and not state.has_link:
        yield "is held online and has no join link.", "#join_url", "Add it"
    if Way.IN_PERSON in ways and not state.has_venue:
        yield "is held in person and has no venue.", "#venue", "Say where"

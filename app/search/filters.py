"""What the catalogue is narrowed by: the reader's choice, what may be chosen, what that asks of a journey."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, SelectBase, false, func, intersect, literal, select, union_all

from app.database import db
from app.domain.languages import language_name
from app.domain.text import fold_text
from app.journeys.models import Journey, JourneyAudience, JourneyKind, JourneyStatus, JourneyTopic, Topic
from app.search import queries

STATUS_NAMES = {
    JourneyStatus.OPEN: "Open",
    JourneyStatus.PUBLISHED: "Coming",
    JourneyStatus.CLOSED: "Closed",
    JourneyStatus.ARCHIVED: "Archived",
    JourneyStatus.DRAFT: "Draft",
}
LONGEST = 200


@dataclass(frozen=True)
class Filters:
    """What the reader asked for; an empty text asks for nothing."""

    q: str = ""
    status: str = ""
    kind: str = ""
    topic: str = ""
    audience: str = ""
    language: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Filters":
        """As the address says it."""
        return cls(**{one.name: arguments.get(one.name, "").strip()[:LONGEST] for one in fields(cls)})

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """(name, value) of everything asked for."""
        return [(one.name, value) for one in fields(self) if (value := getattr(self, one.name))]

    def without(self, name: str) -> "Filters":
        return replace(self, **{name: ""})

    def address(self, page: int = 1) -> str:
        """The address of a page of this choice."""
        return "/journeys/" + self.query(*([("page", str(page))] if page > 1 else []))

    def query(self, *more: tuple[str, str]) -> str:
        """The choice as the end of an address, with its question mark; nothing when nothing is asked for."""
        asked = [*self.chosen, *more]
        return f"?{urlencode(asked)}" if asked else ""

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """What a journey must fulfil. A value that no journey can have is fulfilled by none."""
        return list(_conditions(self))


def _conditions(asked: Filters) -> Iterator[ColumnElement[bool]]:
    sets = list(_sets(asked))
    if sets:
        chosen = (intersect(*sets) if len(sets) > 1 else sets[0]).cte("chosen")
        yield Journey.id.in_(select(chosen.c.journey_id))
    if asked.status:
        yield Journey.status == asked.status if asked.status in set(JourneyStatus) else false()
    if asked.kind:
        yield Journey.kind == asked.kind if asked.kind in set(JourneyKind) else false()
    if asked.language:
        yield Journey.language == asked.language


def _sets(asked: Filters) -> Iterator[SelectBase]:
    """Journey ids, a statement for each choice that other tables know; worked out once for a statement."""
    if asked.q:
        yield queries.matching(asked.q)
    if asked.topic:
        of_topic = select(JourneyTopic.journey_id).join(Topic, Topic.id == JourneyTopic.topic_id)
        yield of_topic.where(Topic.slug == asked.topic)
    if asked.audience:
        yield select(JourneyAudience.journey_id).where(JourneyAudience.audience == asked.audience)


@dataclass(frozen=True)
class Facets:
    """The values that journeys everybody may see have, as (value, name), by name."""

    topics: list[tuple[str, str]]
    audiences: list[tuple[str, str]]
    languages: list[tuple[str, str]]

    def name_of(self, name: str, value: str) -> str:
        """What a chosen value is called on the page."""
        if name == "status":
            return STATUS_NAMES[JourneyStatus(value)] if value in set(JourneyStatus) else value
        if name == "kind":
            return JourneyKind(value).label if value in set(JourneyKind) else value
        by_name = {"topic": self.topics, "audience": self.audiences, "language": self.languages}
        return dict(by_name.get(name, [])).get(value, value)


def facets() -> Facets:
    """One query, whose work grows with the number of values and not with the number of journeys."""
    found: dict[str, list[tuple[str, str]]] = {"topic": [], "audience": [], "language": []}
    rows: Iterable[Any] = db.execute(union_all(_topics(), _audiences(), _languages()))
    for kind, value, name in rows:
        found[kind].append((value, language_name(value) if kind == "language" else name))
    ordered = {kind: sorted(pairs, key=lambda pair: fold_text(pair[1])) for kind, pairs in found.items()}
    return Facets(ordered["topic"], ordered["audience"], ordered["language"])


def _topics() -> Select[str, str, str]:
    shown = (
        select(JourneyTopic.journey_id)
        .join(Journey, Journey.id == JourneyTopic.journey_id)
        .where(JourneyTopic.topic_id == Topic.id, Journey.status != JourneyStatus.DRAFT)
    )
    return select(literal("topic").label("facet"), Topic.slug, Topic.name).where(shown.exists())


def _audiences() -> Select[str, str, str]:
    """Each value once, by steps from one to the next on the index; DISTINCT would read every row."""
    walk = select(func.min(JourneyAudience.audience).label("value")).cte("audiences", recursive=True)
    following = (
        select(func.min(JourneyAudience.audience))
        .where(JourneyAudience.audience > walk.c.value)
        .correlate(walk)
        .scalar_subquery()
    )
    walk = walk.union_all(select(following).where(walk.c.value.is_not(None)))
    shown = (
        select(JourneyAudience.journey_id)
        .join(Journey, Journey.id == JourneyAudience.journey_id)
        .where(JourneyAudience.audience == walk.c.value, Journey.status != JourneyStatus.DRAFT)
    )
    return select(literal("audience"), walk.c.value, walk.c.value).where(shown.exists())


def _languages() -> Select[str, str, str]:
    walk = select(func.min(Journey.language).label("value")).cte("languages", recursive=True)
    following = (
        select(func.min(Journey.language))
        .where(Journey.language > walk.c.value)
        .correlate(walk)
        .scalar_subquery()
    )
    walk = walk.union_all(select(following).where(walk.c.value.is_not(None)))
    shown = select(Journey.id).where(Journey.language == walk.c.value, Journey.status != JourneyStatus.DRAFT)
    return select(literal("language"), walk.c.value, walk.c.value).where(shown.exists())

"""A page of the catalogue, with the same few queries however many journeys there are.

The list is a row of runs (open with a coming session, open without, …), each in the order of an index. Their
sizes are counted on the same indexes, and a page is cut out of the runs it falls into.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select, true, union_all

from app.database import db
from app.domain.permissions import Actor
from app.journeys.models import Journey, JourneyStatus
from app.journeys.queries import visible_to
from app.search.filters import Filters

PAGE = 20
LONGEST_SITTING = timedelta(hours=24)

OPEN, COMING, DRAFTS, PAST = "open", "coming", "drafts", "past"
"""The parts of the page, in this order."""


@dataclass(frozen=True)
class Run:
    """Journeys that follow one another in the order of one index."""

    part: str
    status: JourneyStatus
    among: ColumnElement[bool]
    order: tuple[Any, ...]

    @property
    def condition(self) -> ColumnElement[bool]:
        return and_(Journey.status == self.status, self.among)


@dataclass(frozen=True)
class Page:
    """Journey ids by part, in order; `totals` count each part over all pages."""

    number: int
    pages: int
    total: int
    totals: dict[str, int]
    ids: dict[str, list[int]]


def page(asked: Filters, actor: Actor, now: datetime, number: int) -> Page | None:
    """The page, or None if there are fewer pages. Two queries; one when nothing fits."""
    runs = _runs(now)
    conditions = [visible_to(actor), *asked.conditions]
    sizes = _sizes(runs, conditions)
    total = sum(sizes)
    pages = max(1, -(-total // PAGE))
    if not 1 <= number <= pages:
        return None
    totals = dict.fromkeys((OPEN, COMING, DRAFTS, PAST), 0)
    for run, size in zip(runs, sizes, strict=True):
        totals[run.part] += size
    return Page(number, pages, total, totals, _cut(runs, sizes, conditions, (number - 1) * PAGE))


def _runs(now: datetime) -> list[Run]:
    """What orders the catalogue. What began since yesterday may still be going on, and counts as coming."""
    floor = now - LONGEST_SITTING
    coming, stale, never = Journey.next_at >= floor, Journey.next_at < floor, Journey.next_at.is_(None)
    latest = Journey.id.desc()
    runs = []
    for part, status in ((OPEN, JourneyStatus.OPEN), (COMING, JourneyStatus.PUBLISHED)):
        runs.append(Run(part, status, coming, (Journey.next_at, Journey.id)))
        runs.append(Run(part, status, stale, (Journey.next_at.desc(), latest)))
        runs.append(Run(part, status, never, (latest,)))
    runs.append(Run(DRAFTS, JourneyStatus.DRAFT, true(), (latest,)))
    for status in (JourneyStatus.CLOSED, JourneyStatus.ARCHIVED):
        runs.append(Run(PAST, status, Journey.ends_on.is_not(None), (Journey.ends_on.desc(), latest)))
        runs.append(Run(PAST, status, Journey.ends_on.is_(None), (latest,)))
    return runs


def _sizes(runs: Sequence[Run], conditions: Sequence[ColumnElement[bool]]) -> list[int]:
    """How many journeys each run has: one walk of each of the two indexes."""
    counts = []
    for parts in ({OPEN, COMING, DRAFTS}, {PAST}):
        own = [(run.condition, place) for place, run in enumerate(runs) if run.part in parts]
        placed = (
            select(case(*own).label("place"))
            .where(Journey.status.in_({run.status for run in runs if run.part in parts}), *conditions)
            .subquery()
        )
        counts.append(select(placed.c.place, func.count()).group_by(placed.c.place))
    rows: Iterable[Any] = db.execute(union_all(*counts)).all()
    found: dict[int, int] = dict(rows)
    return [found.get(place, 0) for place in range(len(runs))]


def _cut(
    runs: Sequence[Run], sizes: Sequence[int], conditions: Sequence[ColumnElement[bool]], begins: int
) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = {run.part: [] for run in runs}
    pieces = list(_pieces(runs, sizes, conditions, begins))
    if not pieces:
        return ids
    by_run: dict[int, list[int]] = {}
    for place, number in db.execute(union_all(*pieces)):
        by_run.setdefault(place, []).append(number)
    for place, numbers in sorted(by_run.items()):
        ids[runs[place].part] += numbers
    return ids


def _pieces(
    runs: Sequence[Run], sizes: Sequence[int], conditions: Sequence[ColumnElement[bool]], begins: int
) -> Iterator[Any]:
    """The part of each run that lies on the page. Rows of one run stay in its order through the union."""
    room = PAGE
    for place, (run, size) in enumerate(zip(runs, sizes, strict=True)):
        skipped, begins = begins, max(0, begins - size)
        if skipped >= size or room == 0:
            continue
        taken = min(room, size - skipped)
        room -= taken
        cut = (
            select(literal(place).label("place"), Journey.id)
            .where(run.condition, *conditions)
            .order_by(*run.order)
            .limit(taken)
            .offset(skipped)
            .subquery()
        )
        yield select(cut)

"""What a journey holds besides its sessions, whatever kind it is: how it is listed, edited, ordered, deleted.

`part_kinds` says it of each kind; the views know none of them.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.journeys import queries
from app.journeys.models import Journey
from app.journeys.part_fields import PartForm


@dataclass(frozen=True)
class Line:
    """A part as lists show it."""

    title: str
    meta: tuple[str, ...] = ()
    depth: int = 0
    """1 for what stands under the line before."""


@dataclass(frozen=True, kw_only=True)
class PartKind:
    """One kind of part."""

    name: str
    """In addresses."""
    one: str
    many: str
    lead: str
    """What they are, and where readers find them."""
    form: type[PartForm]
    line: Callable[[Any], Line]
    values: Callable[[Any], dict[str, Any]]
    """What is stored, as the form's fields hold it."""
    make: Callable[[Journey, Any, datetime], Any]
    change: Callable[[Journey, Any, Any, datetime], None]
    """journey, part, form, now."""
    blank: Callable[[Journey], dict[str, Any]] = lambda _journey: {}
    """What the form of a new one begins with."""
    loading: tuple[Any, ...] = ()
    """What lists and forms read along with the rows."""
    goes_with: Callable[[Any, Sequence[Any]], list[str]] = lambda _part, _all: []
    """Sentences on what is deleted with a part, and what is not."""
    in_order: Callable[[Sequence[Any]], list[Any]] = list
    """The rows as the page shows them."""
    beside: Callable[[Any], Hashable] = lambda _part: None
    """Rows that are equal in this can change places."""
    is_ordered: bool = True

    @property
    def title(self) -> str:
        """As a heading says it."""
        return self.many[0].upper() + self.many[1:]

    @property
    def article(self) -> str:
        return "an" if self.one[0] in "aeiou" else "a"

    def rows(self, journey_id: int) -> list[Any]:
        """The parts of a journey in the order of the page."""
        return self.in_order(queries.parts(queries.PARTS[self.name], journey_id, *self.loading))

    def find(self, journey_id: int, part_id: int) -> Any:
        """One part of this journey; None if it has no such."""
        return queries.part(queries.PARTS[self.name], journey_id, part_id, *self.loading)

    def moved(self, rows: Sequence[Any], part: Any, to: int) -> list[Any]:
        """The rows with one put at place `to` (from 1) among those it can change places with.

        A place before the first or after the last is the first or the last.
        """
        peers = self.peers(rows, part)
        others = [row for row in peers if row is not part]
        to = min(max(to, 1), len(peers)) - 1
        rearranged = iter([*others[:to], part, *others[to:]])
        return [next(rearranged) if row in peers else row for row in rows]

    def peers(self, rows: Sequence[Any], part: Any) -> list[Any]:
        """The rows that the part can change places with, and itself."""
        return [row for row in rows if self.beside(row) == self.beside(part)]

"""What changing a sitting refuses beyond what the domain knows of."""

from collections.abc import Iterable, Mapping, Sequence

from app.domain.attendance import Way
from app.domain.dates import listed
from app.domain.errors import DomainError

NAMED_AT_MOST = 5


class WouldUnseat(DomainError):
    """The capacity is lowered below the places taken, and nobody has agreed to that.

    `by_way`: the names of those who took a place last and would wait first in line, in their order. `people`
    are all of them, `count` how many, `way` the first way of attending that is concerned. `place_ids` are
    the places that would be lost.
    """

    def __init__(self, by_way: Mapping[Way, Sequence[str]], place_ids: Iterable[int] = ()) -> None:
        self.place_ids = frozenset(place_ids)
        self.by_way = {way: tuple(names) for way, names in by_way.items() if names}
        self.way = next(iter(self.by_way))
        self.people = tuple(name for names in self.by_way.values() for name in names)
        self.count = len(self.people)
        super().__init__(
            f"More places are taken: {' and '.join(map(self._loss, self.by_way))} would lose "
            f"{'a place' if self.count == 1 else 'their places'} and wait first in line. "
            "Confirm that, or give a larger number.",
            f"capacity_{self.way.name.lower()}",
        )

    def _loss(self, way: Way) -> str:
        names = self.by_way[way]
        people = listed(names) if len(names) <= NAMED_AT_MOST else f"the last {len(names)} people"
        return f"{people} ({way.label})"

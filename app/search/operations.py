"""Writing the index: what changed of it, and no more, so that writers stay short."""

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import delete, insert

from app.database import db
from app.search import queries
from app.search.models import SearchTerm
from app.search.texts import texts_of
from app.search.words import index_terms

BATCH = 100
T = TypeVar("T")


def reindex(journey_ids: Collection[int]) -> int:
    """Make the index of these journeys say what their texts say now; the number of journeys that exist."""
    done = 0
    for batch in _batches(sorted(journey_ids)):
        present = queries.locked(batch)
        if present:
            _write(present)
        done += len(present)
    return done


def _write(journey_ids: Sequence[int]) -> None:
    held = queries.terms_of(journey_ids)
    wanted: dict[int, set[str]] = {number: set() for number in journey_ids}
    for number, first, second in db.execute(texts_of(journey_ids)):
        wanted[number] |= index_terms(f"{first} {second}")
    for number in journey_ids:
        gone = sorted(held[number] - wanted[number])
        for some in _batches(gone, 500):
            db.execute(
                delete(SearchTerm).where(SearchTerm.journey_id == number, SearchTerm.term.in_(some)),
                execution_options={"synchronize_session": False},
            )
    new = [
        {"term": term, "journey_id": number}
        for number in journey_ids
        for term in sorted(wanted[number] - held[number])
    ]
    if new:
        db.execute(insert(SearchTerm.__table__), new)  # type: ignore[arg-type]


def _batches(items: Sequence[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    for begins in range(0, len(items), size):
        yield items[begins : begins + size]

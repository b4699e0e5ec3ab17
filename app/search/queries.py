"""What the index holds and how it is asked."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import SelectBase, false, intersect, select

from app.database import db
from app.journeys.models import Journey
from app.search.models import SearchTerm
from app.search.words import query_terms

LAST = "\U0010ffff"


def matching(text: str) -> SelectBase:
    """Ids of the journeys in which every word of `text` begins some word, accents or not.

    Each word is a range of the primary key. A text without a word in it matches nothing.
    """
    beginnings = query_terms(text)
    if not beginnings:
        return select(SearchTerm.journey_id).where(false())
    walks = [
        select(SearchTerm.journey_id).where(SearchTerm.term >= word, SearchTerm.term < word + LAST)
        for word in beginnings
    ]
    return intersect(*walks) if len(walks) > 1 else walks[0]


def terms_of(journey_ids: Collection[int]) -> dict[int, set[str]]:
    """What the index holds for these journeys now."""
    found: dict[int, set[str]] = {number: set() for number in journey_ids}
    rows = db.execute(
        select(SearchTerm.journey_id, SearchTerm.term).where(SearchTerm.journey_id.in_(journey_ids))
    )
    for number, term in rows:
        found[number].add(term)
    return found


def locked(journey_ids: Collection[int]) -> list[int]:
    """Those of the journeys that exist, kept from other writers of the index until the transaction ends."""
    return list(
        db.scalars(
            select(Journey.id)
            .where(Journey.id.in_(journey_ids))
            .order_by(Journey.id)
            .with_for_update(key_share=True)
        )
    )


def all_journey_ids() -> Sequence[int]:
    """Every journey there is."""
    return db.scalars(select(Journey.id).order_by(Journey.id)).all()


def ids(statement: Any) -> set[int]:
    """The first column of a statement's rows."""
    return set(db.scalars(statement))

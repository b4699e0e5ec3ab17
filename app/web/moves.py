"""What a sitting was before it moved, for readers who may remember its old time."""

from collections.abc import Mapping
from datetime import datetime

from app.domain.moves import Move
from app.domain.timezones import local
from app.web.reader import Reader
from app.web.sittings import OfferingFacts, Shown, shown


def was(
    moves: Mapping[int, tuple[Move, ...]], offering_id: int, offering: OfferingFacts, reader: Reader,
    now: datetime,
) -> Shown | None:  # fmt: skip
    """What the sitting was when the first of its moves came; None when to this reader it is where it was.

    To who reads it in the promised wall time, a change of zone rules moved nothing.
    """
    seen = _seen(moves, offering_id, offering, reader)
    if not seen or _when(seen[0]) == _when(offering):
        return None
    return shown(seen[0]._replace(attendance=offering.attendance), reader, now)


def note_of(
    moves: Mapping[int, tuple[Move, ...]], offering_id: int, offering: OfferingFacts, reader: Reader
) -> str:
    """What the organisers wrote with the last of its moves that they explained."""
    notes = [one.note for one in _seen(moves, offering_id, offering, reader) if one.note]
    return notes[-1] if notes else ""


def _seen(
    moves: Mapping[int, tuple[Move, ...]], offering_id: int, offering: OfferingFacts, reader: Reader
) -> list[Move]:
    """Its moves, without those that to this reader were none."""
    return [
        one
        for one in moves.get(offering_id, ())
        if not (one.by_zone_rules and reads_the_promise(offering, reader))
    ]


def reads_the_promise(offering: OfferingFacts, reader: Reader) -> bool:
    """Whether this reader's clock shows the very wall time that was promised."""
    if offering.starts_at is None or reader.timezone is None or reader.timezone == offering.timezone:
        return True
    return local(offering.starts_at, reader.timezone).replace(tzinfo=None) == offering.starts_wall


def _when(facts: OfferingFacts) -> tuple[object, ...]:
    return facts.starts_at, facts.ends_at, facts.first_on, facts.last_on

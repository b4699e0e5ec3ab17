"""The single steps by which a place changes: each counts, writes, and notes why.

Who is seated is not decided here. The callers hold the lock of the learning session.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments import rooms as rooms_of
from app.enrolments.decisions import Decided, Ground
from app.enrolments.models import Place
from app.enrolments.recording import record
from app.enrolments.reserved import ReservedBlock
from app.learning_sessions.models import Offering
from app.messages import operations as messages
from app.participants.models import Participant

OFFERINGS = cast(Table, Offering.__table__)
"""The table itself: what is written to it raises no version."""

BLOCKS = cast(Table, ReservedBlock.__table__)


def confirm(place: Place, now: datetime) -> None:
    """The seat is theirs. A place that was on offer is held no longer."""
    was_held = place.status is PlaceStatus.OFFERED
    count(place.offering_id, place.way, confirmed=1, held=-1 if was_held else 0)
    place.status, place.offer_ends_at = PlaceStatus.CONFIRMED, None
    place.confirmed_at = place.updated_at = now
    db.flush()


def offer(place: Place, ends_at: datetime, now: datetime) -> None:
    """Hold the seat for them until they accept it."""
    count(place.offering_id, place.way, held=1)
    place.status, place.offer_ends_at, place.updated_at = PlaceStatus.OFFERED, ends_at, now
    db.flush()


def give_up(
    place: Place, what: Decided, ground: Ground, now: datetime, *,
    status: PlaceStatus = PlaceStatus.RELEASED, by: User | None = None, note: str = "",
) -> None:  # fmt: skip
    """Note that a place is given up or refused; who gets the seat is for the routine to say.

    A place out of a reserved block that still stands goes back to the block, without a name.
    """
    before, position = place.status, rooms_of.position(place)
    _free(place)
    if before is PlaceStatus.CONFIRMED:
        place.sequence += 1
    place.status, place.offer_ends_at, place.block_id = status, None, None
    place.released_at = place.updated_at = now
    if what is Decided.CANNOT_COME:
        place.cannot_come_at = now
    db.flush()
    record(place, what, ground, before, now, position_before=position, by=by, note=note)


def back_into_line(
    place: Place, what: Decided, ground: Ground, now: datetime, *,
    status: PlaceStatus = PlaceStatus.WAITING, by: User | None = None, note: str = "",
) -> None:  # fmt: skip
    """Take a seat, or an offer of one, back. They keep their queue number: it is before later ones."""
    before, position = place.status, rooms_of.position(place)
    _free(place)
    place.status, place.offer_ends_at, place.block_id = status, None, None
    place.confirmed_at, place.updated_at = None, now
    if before.is_taken:
        place.sequence += 1
    db.flush()
    after = rooms_of.position(place)
    record(place, what, ground, before, now, position_before=position, position_after=after, by=by, note=note)


def count(offering_id: int, way: Way, *, confirmed: int = 0, held: int = 0) -> None:
    """Change the counters of a sitting, without its version or stamp: its calendar entry stays as it is."""
    suffix = "online" if way is Way.ONLINE else "in_person"
    columns = OFFERINGS.c[f"confirmed_{suffix}"], OFFERINGS.c[f"held_{suffix}"]
    changed = {
        column.name: column + change
        for column, change in zip(columns, (confirmed, held), strict=True)
        if change
    }
    if changed:
        statement = update(OFFERINGS).where(OFFERINGS.c.id == offering_id).values(changed)
        _remember(offering_id, dict(db.execute(statement.returning(*columns)).one()._mapping))


def next_queue_number(offering: Offering) -> int:
    """Written beside the offering's version, which belongs to its editors, not to its queue."""
    column = OFFERINGS.c.last_queue_number
    statement = update(OFFERINGS).where(OFFERINGS.c.id == offering.id).values(last_queue_number=column + 1)
    row = db.execute(statement.returning(column)).one()
    _remember(offering.id, {column.name: row[0]})
    number: int = row[0]
    return number


def count_block(block_id: int, *, places: int = 0, named: int = 0) -> None:
    """Change how many places a reserved block has, and how many of them have a name."""
    changed = {"places": BLOCKS.c.places + places, "named": BLOCKS.c.named + named}
    db.execute(update(BLOCKS).where(BLOCKS.c.id == block_id).values(changed))
    known = db.identity_map.get(identity_key(ReservedBlock, block_id))
    if known is not None:
        db.refresh(known, ["places", "named"])


def tell(
    participant: Participant, kind: str, payload: Mapping[str, Any], now: datetime,
    expires_at: datetime | None = None,
) -> None:  # fmt: skip
    """Put a message in the outbox; who has neither account nor address is told by whoever named them."""
    user = db.get(User, participant.user_id) if participant.user_id is not None else None
    address = user.email if user is not None else participant.email
    if address:
        messages.queue(kind, address, participant.name, payload, now, expires_at=expires_at)


def _free(place: Place) -> None:
    if place.status is PlaceStatus.OFFERED:
        count(place.offering_id, place.way, held=-1)
    if place.status is not PlaceStatus.CONFIRMED:
        return
    stands = place.block_id is not None and db.get_one(ReservedBlock, place.block_id).returned_at is None
    count(place.offering_id, place.way, confirmed=-1, held=1 if stands else 0)
    if place.block_id is not None:
        count_block(place.block_id, named=-1, places=0 if stands else -1)


def _remember(offering_id: int, values: Mapping[str, Any]) -> None:
    """The sitting in hand shows what its row says now."""
    known = db.identity_map.get(identity_key(Offering, offering_id))
    if known is not None:
        for name, value in values.items():
            set_committed_value(known, name, value)

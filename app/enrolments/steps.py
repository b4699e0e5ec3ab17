"""The single steps by which a place changes: each counts, writes, and notes why.

Who is seated is not decided here. The callers hold the lock of the learning session.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Executable, Integer, Table, bindparam, case, insert, update
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments import rooms as rooms_of
from app.enrolments.asked import Asked, Person
from app.enrolments.decisions import Decided, Ground
from app.enrolments.models import Place
from app.enrolments.recording import record
from app.enrolments.reserved import ReservedBlock
from app.learning_sessions.models import Offering
from app.messages import operations as messages
from app.participants.models import Participant

OFFERINGS = cast(Table, Offering.__table__)
"""The table itself: what is written to it raises no version."""

_WRITTEN = [column.name for column in cast(Table, Place.__table__).c if column.name != "id"]
_PLACE = insert(cast(Table, Place.__table__)).returning(Place.id)

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


def fill(place: Place, block: ReservedBlock, now: datetime) -> None:
    """Seat somebody on a place of a reserved block: what was held is confirmed, in one count.

    A seat that was on offer to them besides is held no longer.
    """
    if place.status is PlaceStatus.OFFERED:
        count(place.offering_id, place.way, held=-1)
    count(block.offering_id, block.way, confirmed=1, held=-1)
    count_block(block.id, named=1)
    place.status, place.way, place.block_id = PlaceStatus.CONFIRMED, block.way, block.id
    place.confirmed_at = place.updated_at = now
    place.offer_ends_at = place.released_at = place.cannot_come_at = None
    db.flush()


def write_asked(asked: Asked, status: PlaceStatus, now: datetime) -> None:
    """Write a request as what became of it, and count it in the same step.

    One that is used again outranks the calendar entry, or the cancellation, that its holder had of it.
    """
    place, entry = asked.place, asked.entry
    place.way, place.status, place.queue_number = entry.seat.way, status, entry.queue_number
    place.requested_at = place.updated_at = now
    place.confirmed_at = now if status is PlaceStatus.CONFIRMED else None
    place.released_at = place.cannot_come_at = place.block_id = None
    confirmed = 1 if status is PlaceStatus.CONFIRMED else 0
    count(place.offering_id, place.way, confirmed=confirmed, queue_number=entry.queue_number)
    if place in db:
        place.sequence += 1
        db.flush()
    else:
        _insert(place)


def give_up(
    place: Place, what: Decided, ground: Ground, now: datetime, *,
    status: PlaceStatus = PlaceStatus.RELEASED, by: User | None = None, note: str = "",
) -> None:  # fmt: skip
    """Note that a place is given up or refused; who gets the seat is for the routine to say.

    A place out of a reserved block that still stands goes back to the block, without a name. Who had a seat,
    or the offer of one, may have been invited by mail: the cancellation outranks that (RFC 5546, 2.1.4).
    """
    before, position = place.status, rooms_of.position(place)
    _free(place, now)
    if before.is_taken:
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
    _free(place, now)
    place.status, place.offer_ends_at, place.block_id = status, None, None
    place.confirmed_at, place.updated_at = None, now
    if before.is_taken:
        place.sequence += 1
    db.flush()
    after = rooms_of.position(place)
    record(place, what, ground, before, now, position_before=position, position_after=after, by=by, note=note)


def count(offering_id: int, way: Way, *, confirmed: int = 0, held: int = 0, queue_number: int = 0) -> None:
    """Change the counters of a sitting, without its version or stamp: its calendar entry stays as it is.

    `queue_number`: the last one given, where one was.
    """
    if confirmed or held or queue_number:
        changes = {
            "offering": offering_id, "confirmed": confirmed, "held": held, "queue_number": queue_number,
        }  # fmt: skip
        _remember(offering_id, dict(db.execute(_counting(way), changes).one()._mapping))


@cache
def _counting(way: Way) -> Executable:
    suffix = "online" if way is Way.ONLINE else "in_person"
    confirmed, held = OFFERINGS.c[f"confirmed_{suffix}"], OFFERINGS.c[f"held_{suffix}"]
    last, given = OFFERINGS.c.last_queue_number, bindparam("queue_number", type_=Integer)
    return (
        update(OFFERINGS)
        .where(OFFERINGS.c.id == bindparam("offering"))
        .values(
            {
                confirmed.name: confirmed + bindparam("confirmed", type_=Integer),
                held.name: held + bindparam("held", type_=Integer),
                last.name: case((given > last, given), else_=last),
            }
        )
        .returning(confirmed, held, last)
    )


def _insert(place: Place) -> None:
    """Write a new place in one plain statement, which is half the work of a flush. Then it is as if read."""
    place.sequence, place.revision = 0, 1
    values = {name: getattr(place, name) for name in _WRITTEN}
    place.id = db.execute(_PLACE, values).scalar_one()
    make_transient_to_detached(place)
    db.add(place)


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
    participant: Person, kind: str, payload: Mapping[str, Any], now: datetime, journey_id: int, *,
    offering_id: int | None = None, expires_at: datetime | None = None,
) -> None:  # fmt: skip
    """Put a message in the outbox; who has neither account nor address is told by whoever named them.

    What is told of one sitting, or of the journey where there is none, arrives in the order of its telling.
    """
    user = db.get(User, participant.user_id) if participant.user_id is not None else None
    address = user.email if user is not None else participant.email
    if address:
        about = f"offering:{offering_id}" if offering_id is not None else f"journey:{journey_id}"
        messages.queue(
            kind, address, participant.name, payload, now, expires_at=expires_at,
            order_key=f"participant:{participant.id}:{about}", scope=f"journey:{journey_id}",
        )  # fmt: skip


def tell_of(
    place: Place, participant: Person, kind: str, now: datetime, journey_id: int, *,
    expires_at: datetime | None = None, **facts: Any,
) -> None:  # fmt: skip
    """Tell the holder of a place about it; `facts`: what its row does not say."""
    payload = {"place_id": place.id, **facts}
    tell(participant, kind, payload, now, journey_id, offering_id=place.offering_id, expires_at=expires_at)


def swap_out(
    place: Place, ground: Ground, now: datetime, journey_id: int, *, by: User | None = None, note: str = ""
) -> None:
    """Give up what somebody has in a twin sitting, for a seat in another; calendars are told by a mail of
    its own, since each can hold one entry only.
    """
    had = place.status
    give_up(place, Decided.SWAPPED, ground, now, by=by, note=note)
    if had.is_taken:
        holder = db.get_one(Participant, place.participant_id)
        tell_of(place, holder, "calendar-update", now, journey_id)


def _free(place: Place, now: datetime) -> None:
    """Count a seat as free, or as its block's again; a block with no place to give is not closed by time
    alone, so its release is looked at here.
    """
    if place.status is PlaceStatus.OFFERED:
        count(place.offering_id, place.way, held=-1)
    if place.status is not PlaceStatus.CONFIRMED:
        return
    block = db.get_one(ReservedBlock, place.block_id, populate_existing=True) if place.block_id else None
    stands = block is not None and block.stands_at(now)
    count(place.offering_id, place.way, confirmed=-1, held=1 if stands else 0)
    if block is not None:
        count_block(block.id, named=-1, places=0 if stands else -1)


def _remember(offering_id: int, values: Mapping[str, Any]) -> None:
    """The sitting in hand shows what its row says now."""
    known = db.identity_map.get(identity_key(Offering, offering_id))
    if known is not None:
        for name, value in values.items():
            set_committed_value(known, name, value)

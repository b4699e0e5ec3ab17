"""Which sitting somebody gets who takes part in every session. Decides, never writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.attendance import Way
from app.domain.place_rules import Balance
from app.domain.seats import Room, Seat


@dataclass(frozen=True)
class Coming:
    """A sitting in which places can be asked for now, and one way of attending it."""

    seat: Seat
    starts_at: datetime
    room: Room


@dataclass(frozen=True)
class Follower:
    """What matters of somebody who takes part in every session."""

    way: Way = Way.ONLINE
    """How, where there is a choice."""
    country: str = ""
    stakeholder_group: str = ""


def choose(sittings: Iterable[Coming], who: Follower, now: datetime) -> Seat | None:
    """The earliest sitting with room for them, else the earliest, whose line they join; None without any.

    Of a sitting that can be attended both ways, the way they want; of another, the way it has.
    """
    theirs = sorted(
        _in_their_way(list(sittings), who.way), key=lambda one: (one.starts_at, one.seat.offering_id)
    )
    with_room = [one for one in theirs if _has_room(one.room, who, now)]
    return next((one.seat for one in (*with_room, *theirs)), None)


def _in_their_way(sittings: Sequence[Coming], way: Way) -> list[Coming]:
    have_it = {one.seat.offering_id for one in sittings if one.seat.way is way}
    return [one for one in sittings if one.seat.way is way or one.seat.offering_id not in have_it]


def _has_room(room: Room, who: Follower, now: datetime) -> bool:
    if not room.has_room:
        return False
    quota = room.rule.quota(room.capacity, now)
    group = who.stakeholder_group if room.rule.balance is Balance.STAKEHOLDER_GROUP else who.country
    return quota is None or room.shares.get(group, 0) < quota

"""Seats: capacity, waiting list, promotion. Decides, never writes.

There is one routine. Whatever happens (a request, a release, another capacity, an offer that lapsed, an
approval, a block handed back, a draw), the caller writes that one fact down and asks `settle` what follows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.domain.attendance import Way
from app.domain.place_rules import FIRST_COME, Balance, Giving, Rule


class PlaceStatus(StrEnum):
    """What a place is to its holder."""

    REQUESTED = "requested"
    """Asked for; an organiser has yet to say yes."""
    WAITING = "waiting"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    DECLINED = "declined"
    """Asked for, and an organiser said no."""

    @property
    def is_live(self) -> bool:
        """Whether the person still counts on it."""
        return self not in (PlaceStatus.RELEASED, PlaceStatus.DECLINED)

    @property
    def is_taken(self) -> bool:
        """Whether nobody else can have the seat meanwhile."""
        return self in (PlaceStatus.CONFIRMED, PlaceStatus.OFFERED)


@dataclass(frozen=True)
class Seat:
    """One way of attending one offering: what capacity and queue are counted for."""

    offering_id: int
    way: Way


@dataclass(frozen=True)
class Room:
    """How full a seat's room is, and by which rule it is given."""

    capacity: int | None
    """None: unlimited."""
    taken: int
    """Confirmed, on offer, and reserved."""
    is_held: bool = True
    """False when the sitting is cancelled or over: nobody is seated there any more."""
    rule: Rule = FIRST_COME
    shares: Mapping[str, int] = field(default_factory=dict)
    """Places taken by each country or group, where the rule keeps them in balance."""

    @property
    def free(self) -> int | None:
        """Places left, never negative; None without limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def has_room(self) -> bool:
        """Whether somebody could be seated now."""
        return (
            self.is_held
            and self.rule.gives_places()
            and (self.capacity is None or self.taken < self.capacity)
        )


@dataclass(frozen=True)
class Held:
    """A place confirmed or on offer that stands in the way of another: one seat per person and session."""

    place_id: int
    seat: Seat


@dataclass(frozen=True)
class Waiting:
    """A place in the queue of a seat, and what its holder has in the same learning session."""

    place_id: int
    participant_id: int
    seat: Seat
    queue_number: int
    country: str = ""
    stakeholder_group: str = ""
    holds: tuple[Held, ...] = ()

    def group(self, balance: Balance | None) -> str:
        """What is counted of this person; empty where it is not known, which is a group of its own."""
        return self.stakeholder_group if balance is Balance.STAKEHOLDER_GROUP else self.country


@dataclass(frozen=True)
class Promotion:
    """A waiting place becomes confirmed, or is offered.

    Confirming gives up, in the same step, whatever its holder has in the twins.
    """

    place_id: int
    as_offer: bool = False
    gives_up: tuple[int, ...] = ()
    position: int = 1
    """Where it stood in its line just before: above 1 only where a balance passed others over."""


def settle(
    rooms: Mapping[Seat, Room], lines: Mapping[Seat, Iterable[Waiting]], now: datetime,
    asked_by: int | None = None,
) -> list[Promotion]:  # fmt: skip
    """Who moves up, in the order in which it happens.

    `rooms` are all the seats of one learning session, `lines` those who wait for each, by queue number; a
    line is read only as far as somebody may move up. `asked_by` is the place that has just been asked for:
    who asks while there is room needs no offer. A promotion of somebody who holds a twin is a swap: it frees
    the other seat, for which the next in line moves up in turn. Nobody is passed over by one with a later
    queue number for the same seat, save by a balance that is stated; no room ends above its capacity.
    """
    decided = _Deciding(rooms, lines, now, asked_by)
    return list(decided.promotions())


def position(queue: Sequence[Waiting], place_id: int) -> int | None:
    """Where a place stands in its own line, from 1; None when it does not wait."""
    entry = next((one for one in queue if one.place_id == place_id), None)
    if entry is None:
        return None
    return sum(one.seat == entry.seat and one.queue_number <= entry.queue_number for one in queue)


class _Line:
    """One line, read as far as needed; who is passed over stays first."""

    def __init__(self, entries: Iterable[Waiting]) -> None:
        self._unread = iter(entries)
        self._passed: list[Waiting] = []

    def __iter__(self) -> Iterator[tuple[int, Waiting]]:
        """Position and entry, from the head."""
        yield from enumerate(list(self._passed), 1)
        for entry in self._unread:
            self._passed.append(entry)
            yield len(self._passed), entry

    def remove(self, entry: Waiting) -> None:
        self._passed.remove(entry)


class _Deciding:
    """The state of one decision: what is taken, by whom, while promotions follow from promotions."""

    def __init__(
        self, rooms: Mapping[Seat, Room], lines: Mapping[Seat, Iterable[Waiting]], now: datetime,
        asked_by: int | None,
    ) -> None:  # fmt: skip
        self.rooms = rooms
        self.lines = {seat: _Line(entries) for seat, entries in lines.items()}
        self.taken = {seat: room.taken for seat, room in rooms.items()}
        self.shares = {seat: dict(room.shares) for seat, room in rooms.items()}
        self.holding: dict[int, dict[int, Seat]] = {}
        self.now = now
        self.asked_by = asked_by

    def promotions(self) -> Iterator[Promotion]:
        """One after the other until nobody can move up."""
        while (found := self._first_promotable()) is not None:
            yield self._promote(*found)

    def _first_promotable(self) -> tuple[int, Waiting] | None:
        for seat, line in self.lines.items():
            room = self.rooms[seat]
            if not Room(room.capacity, self.taken[seat], room.is_held, room.rule).has_room:
                continue
            for place_in_line, entry in line:
                if self._fits(entry):
                    return place_in_line, entry
        return None

    def _fits(self, entry: Waiting) -> bool:
        room = self.rooms[entry.seat]
        quota = room.rule.quota(room.capacity, self.now)
        return quota is None or self.shares[entry.seat].get(entry.group(room.rule.balance), 0) < quota

    def _promote(self, place_in_line: int, entry: Waiting) -> Promotion:
        self.lines[entry.seat].remove(entry)
        holding = self._holding(entry)
        as_offer = self.rooms[entry.seat].rule.giving is Giving.OFFER and entry.place_id != self.asked_by
        gives_up = () if as_offer else tuple(holding)
        if not as_offer:
            for seat in holding.values():
                self._count(seat, entry, -1)
            holding.clear()
        self._count(entry.seat, entry, 1)
        holding[entry.place_id] = entry.seat
        return Promotion(entry.place_id, as_offer, gives_up, place_in_line)

    def _holding(self, entry: Waiting) -> dict[int, Seat]:
        known = {one.place_id: one.seat for one in entry.holds}
        return self.holding.setdefault(entry.participant_id, known)

    def _count(self, seat: Seat, entry: Waiting, change: int) -> None:
        group = entry.group(self.rooms[seat].rule.balance)
        self.taken[seat] += change
        self.shares[seat][group] = self.shares[seat].get(group, 0) + change

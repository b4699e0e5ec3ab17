"""Seats: capacity, waiting list, promotion. Decides, never writes.

There is one routine. Whatever happens (a request, a release, a raised capacity, a cancelled sitting), the
caller writes that one fact down and asks `settle` what follows from it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.attendance import Way


class PlaceStatus(StrEnum):
    """What a place is to its holder."""

    REQUESTED = "requested"
    WAITING = "waiting"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    RELEASED = "released"

    @property
    def is_live(self) -> bool:
        """Whether the person still counts on it."""
        return self is not PlaceStatus.RELEASED


@dataclass(frozen=True)
class Seat:
    """One way of attending one offering: what capacity and queue are counted for."""

    offering_id: int
    way: Way


@dataclass(frozen=True)
class Room:
    """How full a seat's room is. `capacity` None means unlimited."""

    capacity: int | None
    taken: int
    is_held: bool = True
    """False when the sitting is cancelled or over: nobody is seated there any more."""

    @property
    def free(self) -> int | None:
        """Places left, never negative; None without limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def has_room(self) -> bool:
        return self.is_held and (self.capacity is None or self.taken < self.capacity)


@dataclass(frozen=True)
class Waiting:
    """A place in the queue of a seat."""

    place_id: int
    participant_id: int
    seat: Seat
    queue_number: int


@dataclass(frozen=True)
class Held:
    """A confirmed place that stands in the way of another: one seat per person and learning session."""

    place_id: int
    seat: Seat


@dataclass(frozen=True)
class Promotion:
    """A waiting place becomes confirmed; with `gives_up`, in the same step its holder's twin is released."""

    place_id: int
    gives_up: int | None = None


def settle(rooms: Mapping[Seat, Room], queue: Iterable[Waiting], held: Mapping[int, Held]) -> list[Promotion]:
    """Who moves up, in the order in which it happens.

    `rooms` are all the seats of one learning session, `queue` those who wait for them, `held` the confirmed
    place of each participant who has one there already. A promotion of somebody who holds a twin is a swap:
    it frees the other seat, for which the next in line moves up in turn. Nobody is passed over by one with
    a later queue number for the same seat; no room ends above its capacity.
    """
    taken = {seat: room.taken for seat, room in rooms.items()}
    holding = dict(held)
    lines = _lines(rooms, queue)
    promotions: list[Promotion] = []
    while (entry := _first_promotable(rooms, taken, lines)) is not None:
        lines[entry.seat].remove(entry)
        given_up = holding.get(entry.participant_id)
        if given_up is not None:
            taken[given_up.seat] -= 1
        taken[entry.seat] += 1
        holding[entry.participant_id] = Held(entry.place_id, entry.seat)
        promotions.append(Promotion(entry.place_id, given_up.place_id if given_up else None))
    return promotions


def position(queue: Sequence[Waiting], place_id: int) -> int | None:
    """Where a place stands in its own line, from 1; None when it does not wait."""
    entry = next((one for one in queue if one.place_id == place_id), None)
    if entry is None:
        return None
    return sum(one.seat == entry.seat and one.queue_number <= entry.queue_number for one in queue)


def _lines(rooms: Mapping[Seat, Room], queue: Iterable[Waiting]) -> dict[Seat, list[Waiting]]:
    lines: dict[Seat, list[Waiting]] = {seat: [] for seat in rooms}
    for entry in sorted(queue, key=lambda one: (one.queue_number, one.place_id)):
        lines[entry.seat].append(entry)
    return lines


def _first_promotable(
    rooms: Mapping[Seat, Room], taken: Mapping[Seat, int], lines: Mapping[Seat, list[Waiting]]
) -> Waiting | None:
    for seat, room in rooms.items():
        if lines[seat] and Room(room.capacity, taken[seat], room.is_held).has_room:
            return lines[seat][0]
    return None

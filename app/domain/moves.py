"""What is remembered of a sitting that moved."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from app.domain.attendance import Attendance

MARKED_FOR = timedelta(days=14)
"""How long a sitting is marked as moved."""


class Move(NamedTuple):
    """One change of a sitting's time: what stood before it."""

    offering_id: int
    by_zone_rules: bool
    """The promised wall time stands; its instant moved because a country changed its clocks."""
    timezone: str
    starts_wall: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    first_on: date | None
    last_on: date | None
    attendance: Attendance | None = None
    note: str = ""
    """What the organisers wrote with it."""


def by_offering(moves: Iterable[Move]) -> dict[int, tuple[Move, ...]]:
    """Offering id → its moves in their order; they come in order of offering and time."""
    return {number: tuple(its) for number, its in groupby(moves, key=attrgetter("offering_id"))}

"""What the desk shows of the sittings of a session, arranged from rows; no queries here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.attendance import Way
from app.domain.place_rules import FIRST_COME, Rule
from app.domain.rule_line import rule_in_line
from app.domain.timezones import Flag, city
from app.learning_sessions.models import AgendaItem, Offering
from app.web.reader import Reader
from app.web.sittings import Shown, shown

FLAGS = {
    Flag.NOW_IN_GAP: "Under new rules of its zone the clocks skip this time. It takes the moment that the "
    "old offset gives; choose a time that exists.",
    Flag.NOW_TWICE: "Under new rules of its zone this time comes twice. Look whether the right one is meant.",
    Flag.ZONE_GONE: "Its zone is no longer in the zone data; the moment is kept. Name another zone.",
}


@dataclass(frozen=True)
class Seats:
    """One way of attending a sitting, in numbers."""

    way: Way
    capacity: int | None
    confirmed: int
    held: int
    """On offer, or reserved for groups."""
    waiting: int


@dataclass(frozen=True)
class DeskSitting:
    """One sitting on the desk."""

    offering: Offering
    number: int
    shown: Shown
    seats: tuple[Seats, ...]
    agenda_minutes: int
    agenda: tuple[AgendaItem, ...]
    rule: str
    """How it gives its places, in one line."""

    @property
    def promised(self) -> str:
        """`13:00 for 90 minutes, in the time of London (Europe/London)`."""
        one = self.offering
        zone = f"in the time of {city(one.timezone)} ({one.timezone})"
        if one.starts_wall is None:
            return f"whole days, {zone}"
        which = ", the second of two" if one.fold else ""
        return f"{one.starts_wall:%H:%M}{which} for {one.length_minutes} minutes, {zone}"

    @property
    def flag(self) -> str:
        """What a person should look at, in a sentence; empty for nothing."""
        return FLAGS[self.offering.zone_flag] if self.offering.zone_flag else ""


def desk_sittings(
    offerings: Sequence[Offering], agendas: Mapping[int, Sequence[AgendaItem]],
    waiting: Mapping[tuple[int, Way], int], rules: Mapping[int, Rule], reader: Reader, now: datetime,
) -> list[DeskSitting]:  # fmt: skip
    """The sittings in their order, each as this reader sees it now."""
    return [
        DeskSitting(
            one,
            number,
            shown(one, reader, now),
            tuple(_seats(one, way, waiting.get((one.id, way), 0)) for way in one.attendance.ways),
            sum(item.length_minutes for item in agendas.get(one.id, ())),
            tuple(agendas.get(one.id, ())),
            rule_in_line(rules.get(one.id, FIRST_COME), one.timezone, now),
        )
        for number, one in enumerate(offerings, start=1)
    ]


def _seats(offering: Offering, way: Way, waiting: int) -> Seats:
    if way is Way.ONLINE:
        capacity, confirmed, held = offering.capacity_online, offering.confirmed_online, offering.held_online
    else:
        capacity, confirmed = offering.capacity_in_person, offering.confirmed_in_person
        held = offering.held_in_person
    return Seats(way, capacity, confirmed, held, waiting)

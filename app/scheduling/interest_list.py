"""Who would come to an undated session, arranged for its organisers. No queries here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.dates import WEEKDAYS
from app.domain.zone_clock import ZoneClock, clock_in
from app.enrolments.interested import availability_of
from app.enrolments.models import Interest


@dataclass(frozen=True)
class Said:
    """What one person said."""

    interest: Interest
    zone: ZoneClock
    days: str
    hours: str
    """On their own clock; empty for any hour."""

    @property
    def name(self) -> str:
        return self.interest.participant.name or "A former participant"


@dataclass(frozen=True)
class InterestList:
    """Everybody, in the order in which they said so, and what it adds up to."""

    said: tuple[Said, ...]
    waiting: int
    """How many have no answer yet."""
    zones: tuple[tuple[ZoneClock, int], ...]
    """Zones with how many people, most first."""
    weekdays: tuple[tuple[str, int], ...]
    """`Mon` … `Sun` with how many can on that day."""


def interest_list(interests: Sequence[Interest], now: datetime) -> InterestList:
    """Arrange what was said; clocks and offsets are those of this moment."""
    clocks = {zone: clock_in(zone, now) for zone in {one.participant.timezone for one in interests}}
    said = tuple(_said(one, clocks[one.participant.timezone]) for one in interests)
    counts = {zone: sum(one.participant.timezone == zone for one in interests) for zone in clocks}
    return InterestList(
        said,
        sum(one.answered_at is None for one in interests),
        tuple(
            (clocks[zone], counts[zone]) for zone in sorted(counts, key=lambda zone: (-counts[zone], zone))
        ),
        tuple(
            (day.capitalize(), sum(not one.weekdays or day in one.weekdays.split() for one in interests))
            for day in WEEKDAYS
        ),
    )


def _said(interest: Interest, zone: ZoneClock) -> Said:
    can = availability_of(interest)
    return Said(interest, zone, can.days_in_words, can.hours)

"""A point in time in words, with its zone: when registration opens, until when something holds."""

from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.dates import long_day
from app.domain.timezones import city, local, readable_zone, zone_phrase


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as the clocks of one place show it; templates and sentences only place the words."""

    datetime: str
    day: str
    clock: str
    zone: str

    @property
    def text(self) -> str:
        """`Thursday 1 April 2027, 10:00 in London (BST, UTC+1)`."""
        return f"{self.day}, {self.clock} {self.zone}"


def moment(instant: datetime, timezone: str) -> Moment:
    """An instant as read in a zone; in UTC when the zone data no longer know that one."""
    at, place = local(instant, timezone), city(readable_zone(timezone))
    phrase = zone_phrase(at)
    return Moment(
        datetime=f"{instant.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        day=long_day(at.date()),
        clock=f"{at:%H:%M}",
        zone=f"in {place}" if place == phrase else f"in {place} ({phrase})",
    )

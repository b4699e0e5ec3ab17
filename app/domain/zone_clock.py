"""What a clock shows in a zone at this moment: the reader's line and the zone choosers say it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.timezones import city, local, readable_zone, zone_phrase


@dataclass(frozen=True, slots=True)
class ZoneClock:
    """A zone's city and the time there."""

    timezone: str
    city: str
    iso: str
    """The instant, for `<time datetime>`."""
    hours: str
    label: str
    """The zone in words: `GMT, UTC`, `BST, UTC+1`."""


def clock_in(timezone: str, now: datetime) -> ZoneClock:
    """The clock of a zone; that of UTC for one that the zone data lost."""
    timezone = readable_zone(timezone)
    there = local(now, timezone)
    iso = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    return ZoneClock(timezone, city(timezone), iso, there.strftime("%H:%M"), zone_phrase(there))

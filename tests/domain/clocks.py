"""What clocks do, read from zoneinfo in one direction only: from instants to walls. The judge of our rules,
which go the other way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
DAY, MINUTE, SECOND = timedelta(days=1), timedelta(minutes=1), timedelta(seconds=1)
WIDEST = timedelta(hours=26)
"""No wall is further from its instant than this, and none of the days that zones skipped is longer."""


@dataclass(frozen=True)
class Change:
    """A moment at which the clocks of a zone are put forward or back."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def edges(self) -> tuple[datetime, datetime]:
        """The earlier and the later of the two walls between which walls are skipped, or come twice."""
        naive = self.at.replace(tzinfo=None)
        low, high = sorted((naive + self.before, naive + self.after))
        return low, high

    @property
    def skips(self) -> bool:
        return self.after > self.before


def offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    found = instant.astimezone(zone).utcoffset()
    assert found is not None
    return found


def read(instant: datetime, zone: ZoneInfo) -> datetime:
    """What a clock on the wall shows."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def changes(zone: ZoneInfo, first: datetime = FIRST, last: datetime = LAST) -> Iterator[Change]:
    """Every change between two instants; two of them are never nearer to each other than a quarter day."""
    step, at = DAY / 4, first
    while at < last:
        before, after = offset(at, zone), offset(at + step, zone)
        if before != after:
            yield Change(_moment(zone, at, at + step), before, after)
        at += step


def _moment(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    before = offset(early, zone)
    while late - early > SECOND:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        early, late = (middle, late) if offset(middle, zone) == before else (early, middle)
    return late


def instants_of(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """Every instant at which the clocks of the zone show this wall, in order: none, one or two."""
    about = wall.replace(tzinfo=UTC)
    near = changes(zone, about - WIDEST, about + WIDEST)
    offsets = {offset(about - WIDEST, zone)} | {change.after for change in near}
    found = sorted(about - one for one in offsets)
    return [instant for instant in found if read(instant, zone) == wall]

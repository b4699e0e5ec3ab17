"""How an offering is shown in a list or on a page, to this reader, at this moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol

from app.domain.attendance import Attendance
from app.domain.day_hours import Hours
from app.domain.dayband_mini import Mini, mini
from app.domain.showing import Attendance as WayOfMeeting
from app.domain.showing import Days, When, days, when
from app.domain.timezones import Span, local, readable_zone
from app.web.reader import Reader


class OfferingFacts(Protocol):
    """What is needed to show an offering; a row of a list has it as well as the whole thing."""

    @property
    def attendance(self) -> Attendance | None: ...
    @property
    def timezone(self) -> str | None: ...
    @property
    def starts_wall(self) -> datetime | None: ...
    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def ends_at(self) -> datetime | None: ...
    @property
    def first_on(self) -> date | None: ...
    @property
    def last_on(self) -> date | None: ...


@dataclass(frozen=True)
class Shown:
    """The times of one offering, ready for the macros. Exactly one of `when` and `days` is set."""

    when: When | None
    days: Days | None
    mini: Mini | None
    is_over: bool
    has_begun: bool
    attendance: str
    sort_key: datetime | None

    def __hash__(self) -> int:
        return hash(self.sort_key)  # quick, for what is kept of long lists; equality looks at everything


def hours_of(reader: Reader) -> Hours:
    """The reader's working day."""
    return Hours(works_from=reader.works_from, works_until=reader.works_until, days_off=reader.days_off)


def shown(offering: OfferingFacts, reader: Reader, now: datetime, holds_in_person: bool = False) -> Shown:
    """How to show one offering that has a promise or days."""
    zone = offering.timezone or "UTC"
    attendance = offering.attendance or Attendance.ONLINE
    if offering.starts_at is None or offering.ends_at is None:
        first_on = offering.first_on or local(now, zone).date()
        last_on = offering.last_on or first_on
        today = local(now, zone).date()
        return Shown(
            None,
            days(first_on, last_on, zone),
            None,
            last_on < today,
            first_on <= today,
            attendance.label,
            None,
        )
    is_over, has_begun = offering.ends_at <= now, offering.starts_at <= now
    wall = offering.starts_wall if is_over or readable_zone(zone) != zone else None
    span = (offering.starts_at, offering.ends_at)
    return _shown_at(span, zone, wall, attendance, holds_in_person, reader, is_over, has_begun)


@lru_cache(maxsize=1024)
def _shown_at(
    instants: tuple[datetime, datetime], zone: str, stored_wall: datetime | None, attendance: Attendance,
    holds_in_person: bool, reader: Reader, is_over: bool, has_begun: bool,
) -> Shown:  # fmt: skip
    span = Span(*instants)
    way: WayOfMeeting = "online"
    if attendance is not Attendance.ONLINE:
        way = "in_person" if attendance is Attendance.IN_PERSON else "both"
    times = when(span, reader.timezone, zone, way, holds_in_person, stored_wall)
    strip = mini(span, reader.timezone or zone, hours_of(reader))
    return Shown(times, None, strip, is_over, has_begun, attendance.label, span.starts_at)


def backgrounds(all_shown: Iterable[Shown]) -> list[Mini]:
    """One mini of each distinct background, for `mini_defs`."""
    return list({one.mini.key: one.mini for one in all_shown if one.mini is not None}.values())


def seats_left(capacity: int | None, confirmed: int | None) -> str:
    """`9 places left`, `Full`, or nothing without a limit."""
    if capacity is None:
        return ""
    left = max(0, capacity - (confirmed or 0))
    if left == 0:
        return "Full"
    return f"{left} {'place' if left == 1 else 'places'} left"

"""How the people of a roster are shown: the words of their status, their clock when the sitting begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.dates import month_name, ordinal, weekday_short
from app.domain.moments import moment
from app.domain.timezones import abbreviation, local, offset_text
from app.domain.zone_names import city
from app.enrolments.roster.listing import Entry
from app.enrolments.roster.statements import Roster

SIGNS = {
    "confirmed": "confirmed", "active": "confirmed", "offered": "asked", "requested": "asked",
    "waiting": "waiting", "cannot-come": "cancelled", "released": "released", "left": "released",
    "declined": "released",
}  # fmt: skip
"""Status → the sign that stands beside its word."""


@dataclass(frozen=True)
class There:
    """What somebody's own clock shows when a sitting begins."""

    city: str
    clock: str
    """With the weekday where it is another than that of the sitting."""
    zone: str

    @property
    def text(self) -> str:
        return f"{self.city}, {self.clock} {self.zone}"


@dataclass(frozen=True)
class Line:
    """One row of a roster as it is printed."""

    entry: Entry
    sign: str
    status: str
    """"Confirmed", "Waiting, 2nd"."""
    until: str
    """Until when an offer can be accepted."""
    there: There | None
    zone: str
    """The place whose clock they live by."""
    since: str
    """The day, where the reader is; with the year unless it is this one."""


def lines(
    roster: Roster, entries: Sequence[Entry], places_in_line: Mapping[int, int], timezone: str,
    now: datetime, starts_at: datetime | None = None, own_zone: str = "UTC",
) -> list[Line]:  # fmt: skip
    """`timezone`: of who reads. `starts_at`, `own_zone`: of the sitting, where it has an hour."""
    found = []
    for one in entries:
        position = places_in_line.get(one.id)
        status = roster.statuses[one.status]
        ends_at = one.offer_ends_at
        found.append(
            Line(
                one,
                SIGNS[one.status],
                f"{status}, {ordinal(position)}" if position else status,
                moment(ends_at, timezone).text if ends_at is not None else "",
                there(starts_at, one.timezone, own_zone) if starts_at is not None else None,
                city(one.timezone),
                _day(one.since, timezone, now),
            )
        )
    return found


def _day(instant: datetime, timezone: str, now: datetime) -> str:
    """`22 Mar`, `22 Mar 2026`."""
    day = local(instant, timezone).date()
    words = f"{day.day} {month_name(day.month)[:3]}"
    return words if day.year == local(now, timezone).year else f"{words} {day.year}"


def there(starts_at: datetime, timezone: str, own_zone: str) -> There:
    """The clock of a place at an instant, beside that of the sitting's own zone."""
    at = local(starts_at, timezone)
    same_day = at.date() == local(starts_at, own_zone).date()
    shown = f"{at:%H:%M}" if same_day else f"{weekday_short(at)} {at:%H:%M}"
    return There(city(timezone), shown, abbreviation(at) or offset_text(at))

"""An agenda to print: sittings by month, as one reader's clocks show them; no queries here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain.attendance import Attendance, Way
from app.domain.dates import month_name
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.learning_sessions.models import OfferingStatus
from app.learning_sessions.queries import Sitting
from app.web.reader import Reader
from app.web.sittings import Shown, shown


@dataclass(frozen=True)
class Entry:
    """One sitting on paper."""

    title: str
    language: str
    journey: str
    path: tuple[str, str]
    """Slugs of the journey and the learning session."""
    shown: Shown
    where: str
    is_cancelled: bool
    note: str = ""
    """What the organisers said when they cancelled it."""
    standing: str = ""
    """What the reader has there."""
    which: str = ""
    """`sitting 1 of 2`, where a session is held more than once."""

    @property
    def day(self) -> date:
        """The first day, where the time that leads is read."""
        if self.shown.when is not None:
            return self.shown.when.lead.starts.date()
        assert self.shown.days is not None  # noqa: S101  # exactly one of the two is set
        return date.fromisoformat(self.shown.days.first)


@dataclass(frozen=True)
class Month:
    heading: str
    """`April 2027`"""
    entries: tuple[Entry, ...]


def by_month(entries: Iterable[Entry]) -> list[Month]:
    """In order of time; on one day those without hours come first."""
    found: dict[tuple[int, int], list[Entry]] = {}
    for one in sorted(entries, key=_order):
        found.setdefault((one.day.year, one.day.month), []).append(one)
    return [Month(f"{month_name(month)} {year}", tuple(months)) for (year, month), months in found.items()]


def own_entries(places: Sequence[Place], reader: Reader, now: datetime) -> list[Entry]:
    """What a person holds, waits for or is offered, and what of it is cancelled, unless it is over."""
    found = []
    for place in places:
        times = shown(place.offering, reader, now, place.way is Way.IN_PERSON)
        has_lapsed = place.offer_ends_at is not None and place.offer_ends_at <= now
        if not times.is_over and not has_lapsed:
            found.append(_own(place, times))
    return found


def journey_entries(sittings: Sequence[Sitting], journey: Any, reader: Reader, now: datetime) -> list[Entry]:
    """Every dated sitting of a journey, past and coming."""
    on = [one.slug for one in sittings if one.status is not OfferingStatus.CANCELLED]
    held, seen = Counter(on), Counter[str]()
    entries = []
    for one in sittings:
        if one.offering_id is None:
            continue
        is_on = one.status is not OfferingStatus.CANCELLED
        seen[one.slug] += is_on
        which = f"sitting {seen[one.slug]} of {held[one.slug]}" if is_on and held[one.slug] > 1 else ""
        entries.append(_of_journey(one, which, journey, reader, now))
    return entries


def _of_journey(one: Sitting, which: str, journey: Any, reader: Reader, now: datetime) -> Entry:
    return Entry(
        one.title,
        one.language,
        journey.name,
        (journey.slug, one.slug),
        shown(one, reader, now),
        _where(one.attendance, one.venue, one.city),
        one.status is OfferingStatus.CANCELLED,
        which=which,
    )


def _own(place: Place, times: Shown) -> Entry:
    offering = place.offering
    one, venue = offering.learning_session, offering.venue
    in_person = place.way is Way.IN_PERSON
    where = _where(
        Attendance.IN_PERSON if in_person else Attendance.ONLINE,
        venue.name if venue and in_person else None,
        venue.city if venue and in_person else None,
    )
    return Entry(
        one.title,
        one.language,
        one.journey.name,
        (one.journey.slug, one.slug),
        times,
        where,
        offering.is_cancelled,
        offering.cancellation_note,
        "" if offering.is_cancelled else _STANDING[place.status],
    )


_STANDING = {
    PlaceStatus.CONFIRMED: "You hold a place",
    PlaceStatus.WAITING: "You wait for a place",
    PlaceStatus.OFFERED: "A place is offered to you; accept it on the session’s page",
    PlaceStatus.REQUESTED: "You have asked for a place; the organisers decide",
    PlaceStatus.RELEASED: "",
}


def _where(attendance: Attendance | None, venue: str | None, city: str | None) -> str:
    """`Online`; `In person, Hall 3, Accra`."""
    way = (attendance or Attendance.ONLINE).label
    town = city if city and city != venue else ""
    return ", ".join(part for part in (way[:1].upper() + way[1:], venue or "", town) if part)


def _order(one: Entry) -> tuple[date, float, str]:
    hours = one.shown.sort_key
    return one.day, hours.timestamp() if hours else 0.0, one.title

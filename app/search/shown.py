"""An entry of the catalogue in words: who is behind it, when it ran or meets next, how that suits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.attendance import Attendance
from app.domain.dates import day_range, listed, plain_day
from app.domain.day_hours import AWAKE, DAY_OFF, NIGHT, WORK, Hours, picture
from app.domain.timezones import Span
from app.journeys.matter import PartnerRole
from app.journeys.models import JourneyStatus
from app.search.entries import Entry, NextSitting, PartnerName
from app.web import sittings
from app.web.reader import Reader
from app.web.sittings import Shown


@dataclass(frozen=True)
class ShownSitting:
    """The next sitting: its times for this reader, and how it suits."""

    sitting: NextSitting
    times: Shown
    with_year: bool
    remark: str


@dataclass(frozen=True)
class ShownEntry:
    """An entry and the words beside it."""

    journey: Entry
    facts: list[str]
    period: str
    sitting: ShownSitting | None


def shown(
    entry: Entry,
    partners: Sequence[PartnerName],
    sitting: NextSitting | None,
    reader: Reader,
    now: datetime,
) -> ShownEntry:
    """Everything the list says of a journey. Journeys that are over have no next sitting."""
    is_over = entry.status in (JourneyStatus.CLOSED, JourneyStatus.ARCHIVED)
    coming = None if sitting is None or is_over else _sitting(sitting, entry, reader, now)
    return ShownEntry(entry, facts(entry, partners), period(entry), coming)


def facts(entry: Entry, partners: Sequence[PartnerName]) -> list[str]:
    """`5 sessions`, `46 people in 14 countries`, `JLN, funded by GIZ`; only what is known."""
    found = []
    if entry.sessions:
        found.append(_plural(entry.sessions, "session", "sessions"))
    if entry.status is JourneyStatus.OPEN and entry.period:
        found.append(entry.period)
    countries = {one.country for one in partners if one.country}
    if entry.people:
        people = _plural(entry.people, "person", "people")
        where = f" in {_plural(entry.countries, 'country', 'countries')}" if entry.countries else ""
        found.append(people + where)
    elif len(countries) > 1:
        found.append(f"Partners in {len(countries)} countries")
    behind = ", ".join(filter(None, [entry.parent, _backers(partners)]))
    if behind:
        found.append(behind[0].upper() + behind[1:])
    return found


_BACKED = (
    (PartnerRole.COMMISSIONER, "commissioned by"),
    (PartnerRole.FUNDER, "funded by"),
    (PartnerRole.HOST, "hosted by"),
    (PartnerRole.DEVELOPER, "developed by"),
)


def _backers(partners: Sequence[PartnerName]) -> str:
    for role, words in _BACKED:
        names = [one.name for one in partners if one.role is role]
        if names:
            told = names if len(names) <= 3 else [*names[:2], f"{len(names) - 2} others"]
            return f"{words} {listed(told)}"
    return ""


def period(entry: Entry) -> str:
    """`April 2020 to March 2021`, `8 December 2016, Oakland`, or what the journey says of itself."""
    told = entry.period or _dates(entry.starts_on, entry.ends_on)
    return ", ".join(filter(None, [told, entry.place]))


def _dates(starts_on: date | None, ends_on: date | None) -> str:
    if starts_on and ends_on:
        if (ends_on - starts_on).days <= 14:
            return day_range(starts_on, ends_on)
        first, last = _month(starts_on), _month(ends_on)
        return first if first == last else f"{first} to {last}"
    if starts_on:
        return f"Since {_month(starts_on)}"
    return f"Until {_month(ends_on)}" if ends_on else ""


def _month(day: date) -> str:
    return plain_day(day).partition(" ")[2]


def _sitting(sitting: NextSitting, entry: Entry, reader: Reader, now: datetime) -> ShownSitting:
    times = sittings.shown(sitting, reader, now)
    seats = _seats(sitting) if entry.status is JourneyStatus.OPEN else ""
    remark = " ".join(filter(None, ["Going on now." if times.has_begun else _falls(sitting, reader), seats]))
    day = times.when.lead.starts if times.when else sitting.first_on
    return ShownSitting(sitting, times, day is None or day.year != now.year, remark)


def _falls(sitting: NextSitting, reader: Reader) -> str:
    """Nothing for a reader of whom no zone is known, nor where people have to be there in person."""
    if reader.timezone is None or sitting.attendance is Attendance.IN_PERSON:
        return ""
    if sitting.starts_at is None or sitting.ends_at is None:
        return ""
    return how_it_falls(Span(sitting.starts_at, sitting.ends_at), reader.timezone, sittings.hours_of(reader))


def how_it_falls(span: Span, zone: str, hours: Hours) -> str:
    """How a sitting lies in the reader's day, as a sentence."""
    states = [one.state for one in picture(zone, hours, span.starts_at, span.minutes).stretches]
    if NIGHT in states:
        return "At night for you." if set(states) == {NIGHT} else "Partly at night for you."
    if DAY_OFF in states:
        return "On your day off."
    if set(states) == {WORK}:
        return "In your working hours."
    if set(states) == {AWAKE}:
        return "Outside your working hours."
    return "Begins before your working day." if states[0] == AWAKE else "Ends after your working day."


def _seats(sitting: NextSitting) -> str:
    if sitting.left is None:
        return ""
    if sitting.left:
        return f"{_plural(sitting.left, 'place', 'places')} left."
    return f"Full; {sitting.waiting:,} waiting." if sitting.waiting else "Full."


def _plural(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"

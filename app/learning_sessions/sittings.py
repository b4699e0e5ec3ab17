"""What a sitting is made of, and what cannot be true of one. Decides, never writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.domain.attendance import Attendance, Way
from app.domain.errors import DomainError
from app.domain.links import check_link
from app.domain.timezones import Promise, derive, wall_of
from app.facilitators.models import Facilitator
from app.journeys.crediting import Named
from app.learning_sessions.models import Venue

LARGEST_CAPACITY = 1_000_000
A_LINK = "A join link is a web address that begins with https://, without blanks or names before the host."


@dataclass(frozen=True)
class Days:
    """A sitting of which only the day or days are known."""

    first_on: date
    last_on: date
    timezone: str

    def __post_init__(self) -> None:
        if self.last_on < self.first_on:
            raise DomainError("The last day cannot be before the first.", "last_on")


@dataclass(frozen=True)
class Part:
    """An agenda item: how long it is, what happens, who does it."""

    length_minutes: int
    title: str
    summary: str = ""
    people: tuple[Named, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NewOffering:
    """A dated sitting: when (a promise, or only days), how it can be attended, by how many, with whom."""

    when: Promise | Days
    attendance: Attendance
    venue: Venue | None = None
    join_url: str = ""
    join_from_minutes: int = 15
    capacity_online: int | None = None
    """None: no limit."""
    capacity_in_person: int | None = None
    facilitators: tuple[tuple[Facilitator, str], ...] = ()
    """Each with the role; the first leads the list."""
    agenda: tuple[Part, ...] = ()
    registration_opens_at: datetime | None = None
    """From when places can be asked for (UTC); None: as soon as the journey is open."""
    registration_closes_at: datetime | None = None
    """Until when places can be asked for (UTC); None: until the sitting begins."""


def check_new(new: NewOffering, ends_at: datetime | None = None) -> None:
    """Refuses what cannot be true: a venue online, places nobody can hold, an agenda that is too long, a
    registration that closes before it opens or after the end.

    `ends_at` is when the sitting ends where that is stored already; else it follows from the promise.
    """
    ways = new.attendance.ways
    if new.venue is not None and Way.IN_PERSON not in ways:
        raise DomainError("A session held online has no venue.", "venue")
    if new.join_url and Way.ONLINE not in ways:
        raise DomainError("A session held in person has no join link.", "join_url")
    _check_link(new.join_url)
    _check_capacity(new.capacity_online, Way.ONLINE in ways, "capacity_online")
    _check_capacity(new.capacity_in_person, Way.IN_PERSON in ways, "capacity_in_person")
    if new.join_from_minutes < 0:
        raise DomainError("Give the minutes before the start as a whole number from 0.", "join_from_minutes")
    if len({person.id for person, _ in new.facilitators}) < len(new.facilitators):
        raise DomainError("Somebody stands here twice. Name everybody once.", "facilitators")
    if any(not part.title.strip() for part in new.agenda):
        raise DomainError("Say what happens in every part of the agenda.", "agenda")
    if any(part.length_minutes < 1 for part in new.agenda):
        raise DomainError("Every part of the agenda lasts at least a minute.", "agenda")
    check_agenda_fits((part.length_minutes for part in new.agenda), new.when)
    _check_registration(new, ends_at)


def end_of(when: Promise | Days) -> datetime:
    """The instant a sitting ends; one known by its days ends with the last, in its own zone."""
    if isinstance(when, Promise):
        return derive(when).ends_at
    return wall_of(datetime.combine(when.last_on + timedelta(days=1), time()), when.timezone)


def check_agenda_fits(lengths: Iterable[int], when: Promise | Days) -> None:
    """Refuses an agenda that is longer than its sitting."""
    if isinstance(when, Promise):
        check_agenda_within(lengths, when.length_minutes)


def check_agenda_within(lengths: Iterable[int], minutes: int) -> None:
    """Refuses an agenda that lasts longer than so many minutes."""
    total = sum(lengths)
    if total > minutes:
        raise DomainError(
            f"The items add up to {total} minutes and the session lasts {minutes}. "
            f"Shorten one by {total - minutes}, or make the session longer.",
            "agenda",
        )


def _check_registration(new: NewOffering, ends_at: datetime | None) -> None:
    opens_at, closes_at = new.registration_opens_at, new.registration_closes_at
    if opens_at is None and closes_at is None:
        return
    ends_at = ends_at or end_of(new.when)
    if opens_at is not None and opens_at >= ends_at:
        raise DomainError(
            "The sitting is over by then. Let people ask for places earlier.", "registration_opens_at"
        )
    if closes_at is not None and closes_at > ends_at:
        raise DomainError(
            "The sitting is over by then. Close registration no later than its end.", "registration_closes_at"
        )
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise DomainError("Registration closes after it opens. Give a later time.", "registration_closes_at")


def _check_link(url: str) -> None:
    try:
        check_link(url)
    except DomainError as error:
        raise DomainError(A_LINK, "join_url") from error


def _check_capacity(capacity: int | None, can_be_attended: bool, field: str) -> None:
    if capacity is None:
        return
    if not can_be_attended:
        raise DomainError("Nobody can attend in this way; leave the number of places empty.", field)
    if not 0 <= capacity <= LARGEST_CAPACITY:
        raise DomainError("Give the places as a whole number, or leave them empty for no limit.", field)

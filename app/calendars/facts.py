"""What an event is written from: plain facts, so that equal facts are equal text."""

from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.attendance import Attendance, Way
from app.domain.day_hours import Hours
from app.domain.seats import PlaceStatus
from app.domain.timezones import Span
from app.learning_sessions.models import OfferingStatus


@dataclass(frozen=True, slots=True)
class Hall:
    """Where a sitting meets."""

    name: str
    address: str = ""
    city: str = ""
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """When a sitting is: the promise with its instants in UTC, or only the days."""

    uid: str
    status: OfferingStatus
    timezone: str
    starts_wall: datetime | None = None
    length_minutes: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    first_on: date | None = None
    last_on: date | None = None

    @property
    def is_cancelled(self) -> bool:
        return self.status is OfferingStatus.CANCELLED

    @property
    def span(self) -> Span | None:
        """None where only the days are known."""
        if self.starts_at is None or self.ends_at is None:
            return None
        return Span(self.starts_at, self.ends_at)

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day, where only they are known."""
        return (self.first_on, self.last_on) if self.first_on and self.last_on else None


@dataclass(frozen=True, slots=True)
class Sitting:
    """An offering with what its event tells of session, journey, venue and twin sittings."""

    id: int
    held: Held
    attendance: Attendance
    title: str
    summary: str
    slug: str
    journey_title: str
    journey_name: str
    journey_slug: str
    demonstration_note: str
    created_at: datetime
    join_url: str = ""
    join_from_minutes: int = 15
    cancellation_note: str = ""
    venue: Hall | None = None
    twins: tuple[Held, ...] = ()


@dataclass(frozen=True, slots=True)
class Hearer:
    """In whose zone, and against whose hours, a time is told."""

    timezone: str
    hours: Hours = Hours()


@dataclass(frozen=True, slots=True)
class Heads:
    """How many come to a sitting, as its facilitators and organisers are told; no names."""

    online: int
    in_person: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom an event is written. Everybody with the same facts reads the same text; the default is the
    public.
    """

    hearer: Hearer | None = None
    status: PlaceStatus | None = None
    """The state of the reader's place; None for who has none."""
    way: Way | None = None
    sees_link: bool = False
    """Decided by `domain.permissions.may_see_join_link`, never here."""
    leads: bool = False
    """Facilitates the sitting."""
    heads: Heads | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Own:
    """The lines of an event that belong to one person's copy, or to one moment."""

    sequence: int
    stamp: str
    """When what the event tells changed last, as `20270105T080000Z`."""
    alarm_minutes: int | None = None
    """None: it reminds of nothing."""


PUBLIC = Audience()


@dataclass(frozen=True, slots=True)
class About:
    """What a calendar says of itself."""

    name: str
    description: str = ""
    url: str = ""
    """The page that it belongs to."""
    source: str = ""
    """Its own address, of calendars that everybody may follow."""
    colour: str = field(default="darkcyan")
    """A colour name of CSS (RFC 7986, 5.9)."""

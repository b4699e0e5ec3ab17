"""A sitting as somebody describes it, with a venue and people who may not be known here yet."""

from dataclasses import dataclass
from datetime import datetime

from app.database import db
from app.domain.attendance import Attendance
from app.domain.timezones import Promise
from app.facilitators.models import Facilitator
from app.facilitators.operations import Profile, create
from app.learning_sessions.models import Venue
from app.learning_sessions.operations import create_venue
from app.learning_sessions.sittings import Days, NewOffering, Part


@dataclass(frozen=True)
class VenueFacts:
    """A venue as a form says it; `id` of one that is known, None of a new one."""

    id: int | None
    name: str
    timezone: str
    address: str = ""
    city: str = ""
    country: str | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A sitting; `leaders` are facilitators, or the names of new ones, each with the role."""

    when: Promise | Days
    attendance: Attendance
    venue: VenueFacts | None = None
    join_url: str = ""
    join_from_minutes: int = 15
    capacity_online: int | None = None
    capacity_in_person: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    leaders: tuple[tuple[Facilitator | str, str], ...] = ()
    agenda: tuple[Part, ...] = ()

    @property
    def new_names(self) -> list[str]:
        """Those who get a facilitator's page when this is saved."""
        return [person for person, _ in self.leaders if isinstance(person, str)]


def foreseen(draft: Draft) -> NewOffering:
    """The sitting to ask about before it is saved: nothing new is stored, new people are left out."""
    known = tuple((person, role) for person, role in draft.leaders if isinstance(person, Facilitator))
    return _offering(draft, _venue(draft.venue, store=False), known)


def realised(draft: Draft) -> NewOffering:
    """The sitting to save; a new venue and new facilitators are stored now."""
    leaders = tuple(
        (create(Profile(name=person)) if isinstance(person, str) else person, role)
        for person, role in draft.leaders
    )
    return _offering(draft, _venue(draft.venue, store=True), leaders)


def _venue(facts: VenueFacts | None, *, store: bool) -> Venue | None:
    if facts is None:
        return None
    if facts.id is not None:
        return db.get(Venue, facts.id)
    if store:
        return create_venue(
            facts.name, facts.timezone, address=facts.address, city=facts.city, country=facts.country
        )
    return Venue(
        name=facts.name, timezone=facts.timezone, address=facts.address, city=facts.city,
        country=facts.country,
    )  # fmt: skip


def _offering(draft: Draft, venue: Venue | None, leaders: tuple[tuple[Facilitator, str], ...]) -> NewOffering:
    return NewOffering(
        when=draft.when,
        attendance=draft.attendance,
        venue=venue,
        join_url=draft.join_url,
        join_from_minutes=draft.join_from_minutes,
        capacity_online=draft.capacity_online,
        capacity_in_person=draft.capacity_in_person,
        registration_opens_at=draft.opens_at,
        registration_closes_at=draft.closes_at,
        facilitators=leaders,
        agenda=draft.agenda,
    )

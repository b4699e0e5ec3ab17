"""Plain functions that make what a test needs, through the same operations as the screens."""

from datetime import UTC, date, datetime
from typing import Any

from app.accounts import operations as accounts
from app.accounts import passwords
from app.accounts.models import User
from app.domain.attendance import Attendance
from app.domain.timezones import Promise
from app.facilitators import operations as facilitators
from app.facilitators.models import Facilitator
from app.journeys import operations as journeys
from app.journeys.models import Journey, JourneyKind, JourneyStatus
from app.learning_sessions import operations as learning_sessions
from app.learning_sessions.models import LearningSession, Offering, Venue
from app.learning_sessions.sittings import NewOffering
from app.organisations import operations as organisations
from app.organisations.models import Organisation
from app.participants import operations as participants
from app.participants.models import Participant
from app.toolkits import operations as toolkits
from app.toolkits.models import Resource, ResourceKind, Toolkit

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
"""Monday. The day on which tests happen unless they say otherwise."""


def make_organisation(name: str = "Institute of Development Studies", **facts: Any) -> Organisation:
    return organisations.find_or_create(name, **facts)


def make_facilitator(name: str = "Wanjiru Kamau", *, user: Any = None, **facts: Any) -> Facilitator:
    return facilitators.create(facilitators.Profile(name=name, **facts), user=user)


def make_journey(
    title: str = "Financing and Payment Models", *, status: JourneyStatus = JourneyStatus.OPEN, **facts: Any
) -> Journey:
    """A journey in a state that it has reached by legal steps."""
    now = facts.pop("now", NOW)
    facts = {"kind": JourneyKind.LEARNING_EXCHANGE, "timezone": "Europe/London"} | facts
    journey = journeys.create_journey(journeys.NewJourney(title=title, **facts), now)
    if status is not JourneyStatus.DRAFT:
        journeys.publish(journey, now)
    if status is JourneyStatus.OPEN:
        journeys.open_journey(journey, now)
    if status in {JourneyStatus.CLOSED, JourneyStatus.ARCHIVED}:
        journeys.close(journey, "It is over.", date(2027, 2, 26), now)
    if status is JourneyStatus.ARCHIVED:
        journeys.archive(journey, now)
    return journey


def make_learning_session(
    journey: Journey | None = None, title: str = "What capitation pays for", **facts: Any
) -> LearningSession:
    now = facts.pop("now", NOW)
    return learning_sessions.create_learning_session(journey or make_journey(), title, now, **facts)


def make_venue(name: str = "Training centre", timezone: str = "Africa/Accra", **facts: Any) -> Venue:
    return learning_sessions.create_venue(name, timezone, **facts)


def make_offering(learning_session: LearningSession | None = None, **facts: Any) -> Offering:
    """A sitting on Thursday 22 April 2027, 13:00–14:30 in London, online, unless told otherwise.

    `wall`, `timezone`, `length`, `fold` make up its promise.
    """
    now = facts.pop("now", NOW)
    when = Promise(
        facts.pop("wall", datetime(2027, 4, 22, 13, 0)),  # noqa: DTZ001
        facts.pop("timezone", "Europe/London"),
        facts.pop("fold", 0),
        facts.pop("length", 90),
    )
    details: dict[str, Any] = {"when": when, "attendance": Attendance.ONLINE} | facts
    return learning_sessions.add_offering(
        learning_session or make_learning_session(now=now), NewOffering(**details), now
    )


def make_toolkit(title: str = "Capitation, step by step", **facts: Any) -> Toolkit:
    return toolkits.create_toolkit(title, facts.pop("now", NOW), **facts)


def make_resource(
    title: str = "Five questions", *, kind: ResourceKind = ResourceKind.BRIEFING, **facts: Any
) -> Resource:
    now = facts.pop("now", NOW)
    return toolkits.create_resource(toolkits.NewResource(title=title, kind=kind, **facts), now)


PASSWORD = "three brown goats dance"
"""Everybody's, in the tests."""


def make_user(name: str = "Efua Mensah", email: str = "", *, password: str = PASSWORD, **facts: Any) -> User:
    """An account with a confirmed address; that is made of the name unless given."""
    facts = {"is_confirmed": True} | facts
    email = email or f"{name.split()[0].lower()}@example.org"
    return accounts.create_account(
        name, email, passwords.hash_password(password), facts.pop("now", NOW), **facts
    )


def make_participant(name: str = "Efua Mensah", *, user: User | None = None, **facts: Any) -> Participant:
    """A participant in Accra unless told otherwise, of an account or of none."""
    now = facts.pop("now", NOW)
    facts = {"timezone": "Africa/Accra", "country": "GH"} | facts
    return participants.create(participants.Profile(name=name, **facts), now, user)

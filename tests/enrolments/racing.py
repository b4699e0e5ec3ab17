"""What the races share: a sitting with few places, many people with accounts, and the buttons they press."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.database import db
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments import operations
from app.enrolments.models import Place
from app.enrolments.rules import PlaceRule
from app.learning_sessions.models import Offering
from app.messages.models import OutboxMessage
from app.participants.models import Participant
from tests.enrolments.crowd import Answer, Press, press
from tests.factories import make_journey, make_learning_session, make_offering, make_participant
from tests.people import make_account

CONFIRMED, WAITING, RELEASED = PlaceStatus.CONFIRMED, PlaceStatus.WAITING, PlaceStatus.RELEASED


def coming_sitting(capacity: int | None, title: str = "The last places", **rule: Any) -> Offering:
    """A sitting in two months from now, of a journey of its own; `rule` says how it gives its places."""
    now = datetime.now(UTC)
    wall = (now + timedelta(days=60)).replace(tzinfo=None, microsecond=0)
    learning_session = make_learning_session(make_journey(title, now=now), title, now=now)
    made = make_offering(learning_session, wall=wall, timezone="UTC", capacity_online=capacity, now=now)
    if rule:
        db.add(PlaceRule(offering_id=made.id, **rule))
        db.flush()
    return made


def twin_of(offering: Offering, capacity: int | None, **rule: Any) -> Offering:
    """Another sitting of the same session, six hours later."""
    assert offering.starts_wall is not None
    wall = offering.starts_wall + timedelta(hours=6)
    made = make_offering(
        offering.learning_session, wall=wall, timezone="UTC", capacity_online=capacity, now=datetime.now(UTC)
    )
    if rule:
        db.add(PlaceRule(offering_id=made.id, **rule))
        db.flush()
    return made


def people(first: int, count: int) -> list[Participant]:
    return [
        make_participant(f"P{number} Test", user=make_account(f"P{number} Test"))
        for number in range(first, first + count)
    ]


def enrol_all(offering: Offering, everybody: Sequence[Participant]) -> None:
    for person in everybody:
        operations.enrol(offering.learning_session.journey, person, datetime.now(UTC))


def seat_all(offering: Offering, everybody: Sequence[Participant]) -> list[Place]:
    enrol_all(offering, everybody)
    now = datetime.now(UTC)
    return [operations.take_place(offering, person, Way.ONLINE, now) for person in everybody]


def page_of(offering: Offering) -> str:
    one = offering.learning_session
    return f"/journeys/{one.journey.slug}/sessions/{one.slug}/"


def ask(offering: Offering, person: Participant, after: float = 0.0, **fields: str) -> Press:
    path = f"/offerings/{offering.id}/places"
    return press(person, path, page_of(offering), after, way="online", **fields)


def give_up(place: Place, after: float = 0.0, **fields: str) -> Press:
    path = f"/me/places/{place.id}/release"
    return press(place.participant, path, page_of(place.offering), after, **fields)


def accept(place: Place, after: float = 0.0, **fields: str) -> Press:
    path = f"/me/places/{place.id}/accept"
    return press(place.participant, path, page_of(place.offering), after, **fields)


def queue(offering: Offering) -> list[tuple[int, PlaceStatus]]:
    """(queue number, status) of every place, in the order of the queue."""
    db.remove()
    return [
        (number, status)
        for number, status in db.execute(
            select(Place.queue_number, Place.status)
            .where(Place.offering_id == offering.id)
            .order_by(Place.queue_number)
        )
    ]


def kinds() -> dict[str, int]:
    return dict(db.execute(select(OutboxMessage.kind, func.count()).group_by(OutboxMessage.kind)).all())


def failed(answers: Sequence[Answer]) -> list[Answer]:
    """The answers that were not what the button promises: an error page, or the form again."""
    return [one for one in answers if not one.is_done]

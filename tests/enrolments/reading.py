"""What the tests of places ask the database, past the code under test."""

from sqlalchemy import func, select

from app.database import db
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.learning_sessions.models import Offering
from app.messages.models import OutboxMessage
from app.participants.models import Participant
from tests.factories import make_participant
from tests.people import make_account, seat

NAMES = ("Amina", "Bashir", "Chipo", "Dwayne", "Esi", "Farida", "Goran", "Hoa", "Ines", "Jamal", "Kofi")


def several(count: int, timezone: str = "Africa/Accra") -> list[Participant]:
    """Participants with accounts, by name in order of the alphabet."""
    return [
        make_participant(f"{name} Test", user=make_account(f"{name} Test"), timezone=timezone)
        for name in NAMES[:count]
    ]


def seated(offering: Offering, people: list[Participant], way: Way = Way.ONLINE) -> list[Place]:
    """Their places, asked for in this order."""
    return [seat(person, offering, way) for person in people]


def statuses(offering: Offering) -> list[PlaceStatus]:
    """How the places of a sitting stand, in the order of the queue."""
    return list(
        db.scalars(select(Place.status).where(Place.offering_id == offering.id).order_by(Place.queue_number))
    )


def messages() -> list[tuple[str, str]]:
    """(kind, first name) of every queued message, in order."""
    rows = db.execute(select(OutboxMessage.kind, OutboxMessage.to_name).order_by(OutboxMessage.id))
    return [(kind, name.split()[0]) for kind, name in rows]


def counters(offering: Offering) -> tuple[int, int]:
    """(online, in person) as the offering counts its confirmed places."""
    row = db.execute(
        select(Offering.confirmed_online, Offering.confirmed_in_person).where(Offering.id == offering.id)
    ).one()
    return row[0], row[1]


def rows_confirmed(offering: Offering) -> tuple[int, int]:
    """(online, in person) as the rows have it."""
    counts = dict(
        db.execute(
            select(Place.way, func.count())
            .where(Place.offering_id == offering.id, Place.status == PlaceStatus.CONFIRMED)
            .group_by(Place.way)
        ).all()
    )
    return counts.get(Way.ONLINE, 0), counts.get(Way.IN_PERSON, 0)

"""A sitting that very many people have a place in, written at once."""

from sqlalchemy import insert, update

from app.database import db
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.learning_sessions.models import Offering
from app.participants.models import Participant
from tests.factories import NOW, make_offering

CHUNK = 2_000
ZONES = ("Africa/Accra", "Asia/Dhaka", "America/Bogota", "Asia/Kathmandu")


def crowd(people: int) -> Offering:
    """A sitting with so many confirmed places of people without accounts; committed."""
    offering = make_offering()
    for first in range(1, people + 1, CHUNK):
        numbers = range(first, min(first + CHUNK, people + 1))
        db.execute(insert(Participant), [_person(number) for number in numbers])
        db.execute(insert(Place), [_place(number, offering) for number in numbers])
    counted = update(Offering).where(Offering.id == offering.id)
    db.execute(counted.values(confirmed_online=people, last_queue_number=people))
    db.commit()
    return db.get_one(Offering, offering.id)


def _person(number: int) -> dict[str, object]:
    name, address = f"Person {number}", f"person{number}@example.org"
    return {
        "id": number, "name": name, "name_folded": name.lower(), "email": address, "email_folded": address,
        "timezone": ZONES[number % len(ZONES)], "created_at": NOW, "version": 1,
    }  # fmt: skip


def _place(number: int, offering: Offering) -> dict[str, object]:
    return {
        "participant_id": number, "offering_id": offering.id,
        "learning_session_id": offering.learning_session_id, "way": Way.ONLINE,
        "status": PlaceStatus.CONFIRMED, "queue_number": number, "requested_at": NOW, "confirmed_at": NOW,
        "updated_at": NOW,
    }  # fmt: skip

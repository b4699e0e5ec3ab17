"""People with places, and how they sign in, as far as calendars need them."""

from datetime import datetime, timedelta
from itertools import count

from app.accounts.models import User
from app.calendars import operations
from app.calendars.models import Feed
from app.config import Settings
from app.database import db
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.learning_sessions.models import Offering
from app.participants.models import Participant
from tests.factories import NOW
from tests.reader import Client

_numbers = count(1)


def make_person(name: str = "Efua Mensah", timezone: str = "Africa/Accra", **facts: bool) -> Participant:
    """A participant with an account."""
    email = f"person{next(_numbers)}@example.org"
    user = User(
        name=name, email=email, email_folded=email, password_hash="none", stamp="1", created_at=NOW, **facts
    )
    db.add(user)
    db.flush()
    person = Participant(
        user_id=user.id, name=name, name_folded=name.lower(), country="GH", timezone=timezone, created_at=NOW
    )
    db.add(person)
    db.flush()
    return person


def give_place(
    person: Participant,
    offering: Offering,
    status: PlaceStatus = PlaceStatus.CONFIRMED,
    way: Way = Way.ONLINE,
    *,
    sequence: int = 0,
    now: datetime = NOW,
) -> Place:
    """A place in the state that is wanted."""
    place = Place(
        participant_id=person.id,
        offering_id=offering.id,
        learning_session_id=offering.learning_session_id,
        way=way,
        status=status,
        queue_number=next(_numbers),
        requested_at=now,
        updated_at=now,
        sequence=sequence,
    )
    if status is PlaceStatus.RELEASED:
        place.released_at = now
    if status is PlaceStatus.OFFERED:
        place.offer_ends_at = now + timedelta(days=60)
    db.add(place)
    db.flush()
    return place


def make_feed(person: Participant, settings: Settings) -> Feed:
    assert person.user_id is not None
    return operations.make_feed(person.user_id, settings, NOW)


def sign_in(client: Client, person: Participant) -> None:
    """Let the client be signed in as the person, with a cookie that is renewed at each answer."""
    user = db.get_one(User, person.user_id)
    identity = user.get_id()
    db.commit()  # what follows ends a request of its own
    with client.session_transaction(base_url=client.application.config["SITE_URL"]) as cookie:
        cookie["_user_id"] = identity
        cookie["_fresh"] = True
        cookie.permanent = True

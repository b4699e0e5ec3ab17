"""Very many people at once, written as rows: asking for each would take longer than all the tests."""

from datetime import timedelta
from itertools import count

from sqlalchemy import insert, update

from app.database import db
from app.domain.text import fold_text
from app.enrolments.models import Enrolment, Place
from app.enrolments.rules import PlaceRule
from app.enrolments.steps import OFFERINGS
from app.learning_sessions.models import Offering
from app.organisations.models import Organisation
from app.participants.models import Participant
from tests.factories import NOW, make_learning_session, make_offering, make_participant
from tests.people import make_account, seat

COUNTRIES = ("GH", "KE", "BD", "CO", "VN", "NG", "JO", "PH", "VU", "IN", "GB", "FR", "UG", "NP", "BR", "ZA")
ZONES = ("Africa/Accra", "Africa/Nairobi", "Asia/Dhaka", "America/Bogota", "Asia/Kathmandu")
STATUSES = ("confirmed", "confirmed", "confirmed", "waiting", "waiting", "released", "requested", "declined")

_numbers = count(100_000)


def three_ask() -> Offering:
    """A sitting with two places whose organisers decide; three people ask."""
    offering = make_offering(make_learning_session(), capacity_online=2)
    db.add(PlaceRule(offering_id=offering.id, needs_approval=True))
    db.flush()
    for name in ("Ana Ruiz", "Ben Okri", "Chi Eze"):
        seat(make_participant(name, user=make_account(name)), offering)
    return offering


def fill(offering: Offering, people: int, first: int = 0) -> None:
    """Let so many people have something to do with the sitting, in every status; half confirmed at most."""
    employers = [
        {"slug": f"o{n}-{first}", "name": f"Health Office {n}", "name_folded": f"health office {n}"}
        for n in range(min(people, 300))
    ]
    organisations = list(db.scalars(insert(Organisation).returning(Organisation.id), employers))
    numbers = [next(_numbers) for _ in range(people)]
    journey_id = offering.learning_session.journey_id
    db.execute(insert(Participant), [_participant(n) for n in numbers])
    db.execute(
        insert(Enrolment),
        [
            {
                "journey_id": journey_id, "participant_id": n, "enrolled_at": NOW - timedelta(hours=n % 999),
                "status": "active", "country": COUNTRIES[n % len(COUNTRIES)],
                "organisation_id": organisations[n % len(organisations)],
            }
            for n in numbers
        ],
    )  # fmt: skip
    places = [_place(offering, n, line) for line, n in enumerate(numbers, 1 + first)]
    db.execute(insert(Place), places)
    confirmed = sum(one["status"] == "confirmed" for one in places)
    db.execute(
        update(OFFERINGS)
        .where(OFFERINGS.c.id == offering.id)
        .values(
            confirmed_online=OFFERINGS.c.confirmed_online + confirmed,
            last_queue_number=people + first,
        )
    )
    db.commit()


def _participant(number: int) -> dict[str, object]:
    name = f"Person {number} Ñandú"
    return {
        "id": number, "name": name, "name_folded": fold_text(name), "timezone": ZONES[number % len(ZONES)],
        "country": COUNTRIES[number % len(COUNTRIES)], "created_at": NOW,
        "email": f"p{number}@example.org", "email_folded": f"p{number}@example.org",
    }  # fmt: skip


def _place(offering: Offering, number: int, line: int) -> dict[str, object]:
    status = STATUSES[number % len(STATUSES)]
    asked = NOW - timedelta(minutes=20_000 - line % 20_000)
    return {
        "participant_id": number, "offering_id": offering.id, "way": "online", "status": status,
        "learning_session_id": offering.learning_session_id, "queue_number": line,
        "requested_at": asked, "updated_at": asked,
        "confirmed_at": asked if status == "confirmed" else None,
        "released_at": asked if status in ("released", "declined") else None,
    }  # fmt: skip

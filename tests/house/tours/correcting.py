"""The page of a facilitator and a venue, corrected on the desk."""

from app.database import db
from app.domain.attendance import Attendance
from app.learning_sessions.models import Offering
from tests.factories import make_learning_session, make_offering, make_venue
from tests.people import browser_of


def visit(app, people, offering_id):
    journey = db.get_one(Offering, offering_id).learning_session.journey
    there = make_learning_session(journey, "In the same room")
    venue = make_venue()
    make_offering(there, attendance=Attendance.IN_PERSON, venue=venue)
    pages = ("/organise/facilitators/fran-moyo/edit", f"/organise/venues/{venue.id}/edit")
    db.commit()
    for path in pages:
        assert browser_of(app, people.ada).get(path).status_code == 200, path

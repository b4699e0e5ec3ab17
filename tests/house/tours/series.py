from app.database import db
from app.learning_sessions.models import Offering
from tests.people import browser_of


def visit(app, people, offering_id):
    journey = db.get_one(Offering, offering_id).learning_session.journey
    address = f"/organise/journeys/{journey.slug}/series"
    desk = browser_of(app, people.ada)
    assert desk.get(address).status_code == 200
    fields = {
        "pattern": "weeks", "first_on": "2027-05-06", "begins": "10:00", "length": "90", "zone": "London",
        "interval": "1", "count": "3", "title": "Clinic {n}", "number_from": "2", "attendance": "online",
    }  # fmt: skip
    assert desk.submit(address, {**fields, "show": "1"}).status_code == 200

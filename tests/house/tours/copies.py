from app.database import db
from app.learning_sessions.models import Offering
from tests.people import browser_of


def visit(app, people, offering_id):
    journey = db.get_one(Offering, offering_id).learning_session.journey
    address = f"/organise/journeys/{journey.slug}/copy"
    desk = browser_of(app, people.ada)
    assert desk.get(address).status_code == 200
    fields = {"title": "Again", "starts_on": "2028-04-18", "keep_weekdays": "y", "show": "1"}
    assert desk.submit(address, fields).status_code == 200

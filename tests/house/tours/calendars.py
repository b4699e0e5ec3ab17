"""Calendars: private addresses and what they tell, public ones, agendas to print."""

from app.database import db
from app.learning_sessions.models import Offering
from tests.people import browser_of


def visit(app, people, offering_id):
    slug = db.get_one(Offering, offering_id).learning_session.journey.slug
    pat, ada, anybody = browser_of(app, people.pat), browser_of(app, people.ada), browser_of(app)
    desk = f"/organise/journeys/{slug}/calendar"
    assert ada.submit(desk).status_code == 303
    for path in (desk, f"{desk}/reset", f"{desk}/remove"):
        assert ada.get(path).status_code == 200, path
    for path in (f"/journeys/{slug}/calendar", f"/journeys/{slug}/agenda", "/journeys/calendar?q=a"):
        assert anybody.get(path).status_code == 200, path
    assert pat.get("/me/calendar/agenda").status_code == 200

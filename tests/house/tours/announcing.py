from datetime import timedelta

from sqlalchemy import select

from app.database import db
from app.learning_sessions.models import Offering
from app.scheduling import operations
from app.scheduling.models import Announcement
from tests.factories import NOW
from tests.people import browser_of
from tests.scheduling.telling import as_it_is


def visit(app, people, offering_id):
    """The sitting is moved by an hour, and its organiser reads the message that tells of it."""
    offering = db.get_one(Offering, offering_id)
    wall = offering.starts_wall + timedelta(hours=1)
    operations.revise(offering, as_it_is(offering, wall=wall), NOW)
    number = db.scalars(select(Announcement.id).order_by(Announcement.id.desc())).first()
    learning_session = offering.learning_session
    desk = f"/organise/journeys/{learning_session.journey.slug}/sessions/{learning_session.slug}/"
    db.commit()
    ada = browser_of(app, people.ada)
    for path in (desk, f"/organise/offerings/{offering_id}/announcements/{number}"):
        assert ada.get(path).status_code == 200, path

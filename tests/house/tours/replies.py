from sqlalchemy import select

from app.calendars.addressing import attendee_of, question_token
from app.calendars.receiving import QUESTION, sequence_of
from app.database import db
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.learning_sessions.models import Offering
from app.messages import operations as messages
from tests.factories import NOW
from tests.people import browser_of


def visit(app, people, offering_id):
    """The question whether an answer from a calendar is meant, its page, and all answers on the desk."""
    offering = db.get_one(Offering, offering_id)
    taken = select(Place).where(Place.offering_id == offering_id, Place.status == PlaceStatus.CONFIRMED)
    place = db.scalars(taken).first()
    who, sequence = attendee_of(place), sequence_of(place, offering)
    payload = {"place_id": place.id, "sequence": sequence}
    messages.queue(QUESTION, who.address, who.name, payload, NOW)
    link = f"/replies/{question_token(place, sequence, who, app.config['SETTINGS'])}"
    assert browser_of(app).get(link).status_code == 200
    desk = browser_of(app, people.ada)
    assert desk.get(f"/organise/offerings/{offering_id}/replies").status_code == 200

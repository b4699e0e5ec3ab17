from app.database import db
from app.learning_sessions.models import LearningSession, Offering
from app.scheduling.answering import Answer, answer_interest
from tests.factories import NOW, make_learning_session, make_offering
from tests.people import browser_of


def visit(app, people, offering_id):
    """Somebody would come to a session without a date; then it has one, and an invitation is queued."""
    journey = db.get_one(Offering, offering_id).learning_session.journey
    undated = make_learning_session(journey, "A clinic for your own case")
    number, page = undated.id, f"/journeys/{journey.slug}/sessions/{undated.slug}/"
    pat, ada = browser_of(app, people.pat), browser_of(app, people.ada)
    assert pat.get(page).status_code == 200
    assert pat.submit(f"{page}interest").status_code == 303
    assert ada.get(f"/organise{page}interest").status_code == 200
    answer_interest(make_offering(db.get_one(LearningSession, number)), Answer.INVITE, NOW)
    db.commit()

from app.database import db
from app.domain.admission import Admission, Policy
from app.enrolments import admitting, entering
from app.learning_sessions.models import Offering
from app.participants import operations as participants
from tests.factories import NOW, make_journey
from tests.people import browser_of


def make_reachable(name):
    """Somebody without an account to whom mail can be sent."""
    profile = participants.Profile(name=name, timezone="Africa/Accra", country="GH")
    return participants.create(profile, NOW, email=f"{name}@example.org")


def visit(app, people, offering_id):
    """How one gets in, on the desk; four requests, each as it is told in the end; taking every session."""
    journey = db.get_one(Offering, offering_id).learning_session.journey
    here, desk = f"/journeys/{journey.slug}/", f"/organise/journeys/{journey.slug}/enrolment"
    by_approval = make_journey("By approval")
    admitting.change_policy(by_approval, Policy(admission=Admission.APPROVAL, question="Why?"), NOW)
    asked, declined, put_back, removed = (
        entering.ask_to_join(by_approval, make_reachable(name), NOW, answer="So")
        for name in ("asker", "declined", "back", "removed")
    )
    entering.decline_enrolment(declined, "It is full.", None, NOW)
    for one in (put_back, removed):
        entering.approve_enrolment(one, None, NOW, "Welcome.")
    entering.withdraw_enrolment_approval(put_back, None, NOW, "One moment.")
    entering.remove(removed, "It was a mistake.", None, NOW)
    assert asked.status == "requested"
    path = f"/journeys/{by_approval.slug}/enrolment"
    assert browser_of(app, people.ada).get(desk).status_code == 200
    assert browser_of(app, people.pat).get(f"{here}enrolment/all").status_code == 200
    assert browser_of(app, people.nora).get(path).status_code == 200

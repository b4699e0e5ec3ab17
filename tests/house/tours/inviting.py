from sqlalchemy import select

from app.accounts import addresses
from app.accounts.models import User
from app.database import db
from app.enrolments import invitations
from app.enrolments.invitations import Terms
from app.enrolments.models import Invitation
from app.learning_sessions.models import Offering
from tests.factories import NOW
from tests.people import browser_of


def visit(app, people, offering_id):
    """Invitations on the desk, one to be withdrawn; confirming an address by a good link and a bad one."""
    journey = db.get_one(Offering, offering_id).learning_session.journey
    invitations.make_code(journey, "Ghana 2027", Terms(), people.ada, NOW)
    verdicts = invitations.judge(journey, "efua@example.org", NOW)
    invitations.add_addresses(journey, verdicts, Terms(), people.ada, NOW)
    user = db.get_one(User, people.nora.user_id)
    user.email_confirmed_at = None
    addresses.ask(user, NOW)
    number = db.scalars(select(Invitation.id)).first()
    link = f"/confirm-address/{addresses.token_for(user, app.config['SECRET_KEY'])}"
    desk, mine = browser_of(app, people.ada), browser_of(app, people.nora)
    path = f"/organise/journeys/{journey.slug}/invitations"
    assert desk.get(path).status_code == 200
    assert desk.get(f"{path}/{number}/withdraw").status_code == 200
    assert mine.get(link).status_code == 200
    assert mine.get("/confirm-address/nothing").status_code == 404
    assert mine.post("/me/confirm-address").status_code == 422

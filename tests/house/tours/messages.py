"""What one is sent, switching it off, and an address that refuses mail."""

from app.accounts.models import User
from app.database import db
from app.messages import recipients
from app.messages.kinds import Choice
from app.messages.stopping import token_for
from tests.factories import NOW
from tests.people import browser_of


def visit(app, people, _offering_id):
    address = db.get_one(User, people.pat.user_id).email
    pat, anybody = browser_of(app, people.pat), browser_of(app)
    recipients.mark_refused(address, 550, "550 No such user", NOW)
    db.commit()
    assert "comes back" in pat.get("/me/").text
    assert pat.get("/me/messages").status_code == 200
    assert pat.post("/me/messages/seen").status_code == 422
    recipients.trust_again(address, NOW)
    db.commit()
    link = f"/stop/{token_for(address, Choice.REMINDERS, app.config['SETTINGS'].secret_key)}"
    assert anybody.get(link).status_code == 200
    assert anybody.get("/stop/nothing").status_code == 404

"""The letters about an account, whole, to people in four cities; and the one that invites."""

import pytest
from sqlalchemy import select

from app.accounts import addresses, letters, resetting
from app.accounts.models import User
from app.database import db
from app.enrolments import invitations
from app.enrolments.invitations import Terms
from app.messages.delivery import compose
from app.messages.kinds import kinds
from app.messages.models import OutboxMessage
from tests.factories import NOW, make_journey
from tests.notices.golden import check, four
from tests.people import ada

KINDS = (letters.CONFIRM_ADDRESS, letters.HAS_ACCOUNT, letters.PASSWORD_RESET, letters.PASSWORD_CHANGED)


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def newest(app):
    """The mail of the newest message."""
    with app.app_context():
        message = db.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
        return compose(message, "Meridian <meridian@example.org>")


@four
def test_about_an_account(app, database, person_in):
    user = db.get_one(User, person_in().user_id)
    user.email_confirmed_at = None
    addresses.ask(user, NOW, browser="a mark")
    check(newest(app), "confirm-address")
    addresses.ask_again(user, NOW)
    check(newest(app), "confirm-address-again")
    resetting.ask(user, NOW)
    check(newest(app), "password-reset")
    user.email_confirmed_at = NOW
    letters.send(letters.HAS_ACCOUNT, user, NOW)
    check(newest(app), "address-has-account")
    resetting.tell(user, NOW)
    check(newest(app), "password-changed")


@four
def test_an_invitation(app, database, person_in):
    journey = make_journey()
    address = db.get_one(User, person_in().user_id).email
    verdicts = invitations.judge(journey, address, NOW)
    invitations.add_addresses(journey, verdicts, Terms(), ada(journey), NOW)
    check(newest(app), "invitation")


def test_they_concern_ones_own_account_and_cannot_wait_or_be_switched_off(app):
    for kind in (*KINDS, "invitation"):
        assert (kinds[kind].choice, kinds[kind].is_urgent) == (None, True), kind
    assert [kind for kind in KINDS if not kinds[kind].is_asked] == [letters.PASSWORD_CHANGED]

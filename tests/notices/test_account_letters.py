"""The letters about an account, whole, to people in four cities; and the one that invites."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.accounts import addresses, letters, resetting
from app.accounts.models import User
from app.database import db
from app.enrolments import invitations
from app.enrolments.invitations import Terms
from app.messages import recipients
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import Postponed, compose
from app.messages.kinds import Choice, Rank, kinds
from app.messages.models import OutboxMessage
from tests.factories import NOW, make_journey
from tests.notices.golden import check, four
from tests.people import ada, pat

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


def test_they_concern_ones_own_account_and_go_before_everything_else(app):
    for kind in KINDS:
        one = kinds[kind]
        assert (one.choice, one.is_urgent, one.rank) == (None, True, Rank.ASKED), kind
    assert [kind for kind in KINDS if not kinds[kind].is_asked] == [letters.PASSWORD_CHANGED]


def test_an_invitation_can_be_switched_off_and_waits_for_the_morning_of_whom_it_knows(app, database):
    """It concerns nobody's own place; where its reader lives is known of accounts only."""
    journey, night = make_journey(), NOW.replace(hour=23)
    owner = ada(journey)
    pat()
    for address in ("pat@example.org", "nobody@example.org"):
        invitations.add_addresses(journey, invitations.judge(journey, address, NOW), Terms(), owner, NOW)
    known, stranger = db.scalars(select(OutboxMessage).filter_by(kind="invitation").order_by("id")).all()
    with app.app_context():
        with pytest.raises(Postponed) as later:
            compose(known, "Meridian <meridian@example.org>", night)
        assert later.value.until == datetime(2027, 3, 2, 7, tzinfo=UTC)
        mail = compose(stranger, "Meridian <meridian@example.org>", night)
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        recipients.switch("nobody@example.org", Choice.INVITATIONS, False, NOW)
        with pytest.raises(NoLongerNeeded):
            compose(stranger, "Meridian <meridian@example.org>", night)

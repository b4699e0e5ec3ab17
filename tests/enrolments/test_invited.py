"""From a link with a code, or a letter, into the journey."""

import re

import pytest
from sqlalchemy import func, select

from app.accounts import addresses
from app.accounts.models import Attempt, User
from app.domain.admission import Admission, Policy
from app.enrolments import admitting, invitations, queries
from app.enrolments.invitations import Terms
from app.enrolments.models import EnrolmentStatus, Invitation
from app.messages.models import OutboxMessage
from tests.factories import NOW, PASSWORD, make_journey, make_participant, make_user
from tests.mailbox import sign_up as sign_up_here
from tests.mailbox import text_of
from tests.page import Page
from tests.people import ada, browser_of, nora, pat

FORM = {
    "name": "Efua Mensah", "email": "efua@example.org", "password": PASSWORD, "country": "GH",
    "zone": "Africa/Accra", "works_from": "09:00", "works_until": "17:00", "days_off": ["sat", "sun"],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def journey(database):
    made = make_journey()
    admitting.change_policy(made, Policy(timezone="Europe/London", admission=Admission.INVITATION), NOW)
    return made


def value_of(page, name):
    return next(
        facts.get("value") for tag, facts in page.tags if tag == "input" and facts.get("name") == name
    )


def test_a_stranger_keeps_the_code_through_signing_up(app, database, journey):
    code = invitations.make_code(journey, "", Terms(most_uses=1), ada(journey), NOW)
    code_id, shown, slug = code.id, code.value, journey.slug
    browser = browser_of(app)
    at = browser.get(f"/journeys/{slug}/invitation?code={shown}", follow_redirects=True)
    sign_up = re.search(r'href="(/sign-up\?next=[^"]+)"', at.text).group(1)
    following = value_of(Page(browser.get(sign_up)), "next")
    led = sign_up_here(app, browser, FORM | {"next": following}, sign_up)
    joined = browser.get(led.location)
    page = Page(joined)
    assert joined.request.path == f"/journeys/{slug}/enrolment"
    assert value_of(page, "code") == shown
    done = browser.submit(joined.request.full_path, {"code": shown}, follow_redirects=True)
    assert any("You are enrolled" in notice for notice in Page(done).notices)
    assert database.get_one(Invitation, code_id).uses == 1
    assert database.scalar(select(func.count()).where(Attempt.kind == "invitation code")) == 0

    late = browser_of(app, nora())
    refused = late.submit(f"/journeys/{slug}/enrolment", {"code": shown})
    assert refused.status_code == 422
    assert "used up" in Page(refused).text


def test_guessing_codes_is_slowed_down(app, database, journey):
    invitations.make_code(journey, "Ghana Health", Terms(), ada(journey), NOW)
    path, guesser, other = f"/journeys/{journey.slug}/enrolment", browser_of(app, nora()), pat()
    for number in range(8):
        assert guesser.submit(path, {"code": f"Ghana {number:06}"}).status_code == 422
    refused = guesser.submit(path, {"code": "Ghana Health"})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "too many attempts" in Page(refused).text
    assert browser_of(app, other).submit(path, {"code": "ghana-health"}).status_code == 303


def test_an_invited_address_gets_in_once_it_is_confirmed(app, database, journey):
    text = "Efua <efua@example.org>"
    invitations.add_addresses(journey, invitations.judge(journey, text, NOW), Terms(), ada(journey), NOW)
    letter = database.scalars(select(OutboxMessage).filter_by(kind="invitation")).one()
    path = re.search(r"http://[^/]+(/journeys/\S+/invitation)\n", text_of(app, letter)).group(1)
    efua = make_participant(user=make_user(is_confirmed=False))
    user_id, number = efua.user_id, journey.id
    browser = browser_of(app, efua)
    at = browser.get(path, follow_redirects=True).request.path
    refused = browser.submit(at, {"code": ""})
    assert refused.status_code == 422
    assert "confirm it first" in Page(refused).text
    addresses.confirm(database.get_one(User, user_id), NOW)
    assert browser.submit(at, {"code": ""}).status_code == 303
    enrolment = queries.enrolment(number, database.get_one(User, user_id) and efua.id)
    assert enrolment.status is EnrolmentStatus.ACTIVE
    assert enrolment.invitation.value == "efua@example.org"
    assert enrolment.invitation.uses == 1

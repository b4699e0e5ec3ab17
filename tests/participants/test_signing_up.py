"""Signing up, without JavaScript, in one go or after being asked which clock is one's own."""

import re

import pytest
import time_machine
from sqlalchemy import func, select

from app.accounts.models import Attempt, User
from app.database import db
from app.organisations.models import Organisation
from app.participants.models import Participant
from tests.factories import NOW, PASSWORD
from tests.mailbox import path_in, sign_up
from tests.page import Page

CONFIRM = "confirm-address"

EFUA = {
    "name": "Efua Mensah",
    "email": "efua@example.org",
    "password": PASSWORD,
    "country": "GH",
    "zone": "country",
    "zone_typed": "",
    "browser_zone": "",
    "works_from": "08:30",
    "works_until": "17:00",
    "days_off": "",
    "organisation": "Ghana Health Service",
    "cadre": "Health adviser",
    "next": "",
}


def people() -> tuple[int, int]:
    return len(db.scalars(select(User.id)).all()), len(db.scalars(select(Participant.id)).all())


def offered(page) -> list[str]:
    return re.findall(r'type="radio" name="zone" id="zone-\d+" value="([^"]+)"', page.text)


def test_the_page_explains_itself(client):
    page = client.get("/sign-up")
    assert page.status_code == 200
    for attributes in (
        'autocomplete="name"', 'autocomplete="email"', 'autocomplete="new-password"', 'minlength="12"',
        'autocomplete="country"', 'autocomplete="organization"', 'aria-describedby="password-hint"',
        'aria-describedby="zone-hint"',
    ):  # fmt: skip
        assert attributes in page.text
    assert offered(page) == ["country", "other"]
    assert '<option value="Kathmandu, Nepal (Asia/Kathmandu)">' in page.text


def test_a_newcomer_signs_up_opens_the_letter_and_is_in(app, client):
    answer = client.submit("/sign-up", EFUA)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-up/sent")
    told = Page(client.get("/sign-up/sent"))
    assert (told.title, told.notices) == (
        "Look in your mail", ["A letter to efua@example.org is on its way."],
    )  # fmt: skip
    assert client.get("/me/profile").status_code == 303, "signing up signs nobody in"
    user = db.scalar(select(User))
    person = db.scalar(select(Participant))
    assert (user.name, user.email, user.is_administrator) == ("Efua Mensah", "efua@example.org", False)
    assert (person.user_id, person.name, person.name_folded) == (user.id, "Efua Mensah", "efua mensah")
    assert (person.country, person.timezone, person.cadre) == ("GH", "Africa/Accra", "Health adviser")
    assert (person.works_from, person.works_until, person.days_off) == (510, 1020, "sat sun")
    assert person.organisation.name == "Ghana Health Service"
    assert user.email_confirmed_at is None
    link = path_in(app, CONFIRM, CONFIRM)
    assert "Efua Mensah" in Page(client.get(link)).text
    done = client.submit(link)
    assert (done.status_code, done.location) == (303, "/me/")
    assert Page(client.get("/me/")).notices[0] == "efua@example.org is confirmed."
    assert "Times are shown for <b>Accra</b>" in client.get("/me/profile").text


def test_days_off_are_those_of_the_country(client):
    client.submit("/sign-up", {**EFUA, "country": "BD"})
    assert db.scalar(select(Participant.days_off)) == "fri sat"


def test_days_off_can_be_said(client):
    client.submit("/sign-up", {**EFUA, "country": "BD", "days_off": "none"})
    assert db.scalar(select(Participant.days_off)) == ""


def test_work_may_end_at_midnight(client):
    client.submit("/sign-up", {**EFUA, "works_from": "16:00", "works_until": "00:00"})
    assert db.scalar(select(Participant.works_until)) == 1440


def test_organisations_are_found_again(client, app):
    client.submit("/sign-up", EFUA)
    other = {**EFUA, "email": "kwame@example.org", "organisation": "ghana  health SERVICE"}
    app.test_client().submit("/sign-up", other)
    assert people() == (2, 2)
    assert db.scalars(select(Organisation.name)).all() == ["Ghana Health Service"]


def test_organisation_and_cadre_may_stay_empty(client):
    client.submit("/sign-up", {**EFUA, "organisation": " ", "cadre": ""})
    assert db.scalar(select(Participant.organisation_id)) is None
    assert db.scalar(select(func.count(Organisation.id))) == 0


def test_several_clocks_in_a_country_are_asked_about(client):
    asked = client.submit("/sign-up", {**EFUA, "country": "US"})
    assert asked.status_code == 422
    assert "United States has several time zones. Which is yours?" in asked.text
    assert 'href="#zone-0"' in asked.text
    assert offered(asked)[:3] == ["America/New_York", "America/Chicago", "America/Denver"]
    assert 'value="Efua Mensah"' in asked.text
    assert PASSWORD not in asked.text
    assert people() == (0, 0)
    client.submit("/sign-up", {**EFUA, "country": "US", "zone": "America/Denver"})
    assert db.scalar(select(Participant.timezone)) == "America/Denver"


def test_country_and_browser_that_disagree_are_asked_about(client):
    asked = client.submit("/sign-up", {**EFUA, "browser_zone": "Europe/London"})
    assert asked.status_code == 422
    assert offered(asked) == ["Africa/Accra", "Europe/London", "other"]
    assert "your browser’s answer" in asked.text


def test_country_and_browser_that_agree_settle_it(client):
    client.submit("/sign-up", {**EFUA, "country": "IN", "browser_zone": "Asia/Calcutta"})
    assert db.scalar(select(Participant.timezone)) == "Asia/Kolkata"


@pytest.mark.parametrize(
    "typed", ["Kathmandu", "Kathmandu, Nepal (Asia/Kathmandu)", "Asia/Katmandu", "nepal"]
)
def test_somewhere_else_is_typed(client, typed):
    client.submit("/sign-up", {**EFUA, "zone": "other", "zone_typed": typed})
    assert db.scalar(select(Participant.timezone)) == "Asia/Kathmandu"


def test_words_with_several_meanings_are_asked_about(client):
    with time_machine.travel(NOW, tick=False):
        asked = client.submit("/sign-up", {**EFUA, "zone": "other", "zone_typed": "EAT"})
    assert asked.status_code == 422
    assert "“EAT” can mean several places. Which is yours?" in asked.text
    assert "Africa/Nairobi" in offered(asked)
    assert 'value="EAT"' in asked.text


def test_nowhere_is_said_beside_its_field(client):
    asked = client.submit("/sign-up", {**EFUA, "zone": "other", "zone_typed": "Atlantis"})
    assert asked.status_code == 422
    assert 'href="#zone_typed"' in asked.text
    assert 'id="zone_typed-error"' in asked.text


def test_a_zone_chosen_before_is_proposed(client):
    client.submit("/time-zone", {"timezone": "Asia/Dhaka"}, page="/time-zone?q=Dhaka")
    page = client.get("/sign-up")
    assert offered(page) == ["Asia/Dhaka", "country", "other"]
    assert re.search(r'value="Asia/Dhaka" checked', page.text)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "   "),
        ("name", "x" * 201),
        ("name", "Efua\nMensah"),
        ("name", "Efua\x00Mensah"),
        ("email", "efua"),
        ("email", "efua@example"),
        ("email", "efua@exam ple.org"),
        ("email", "efua,kwame@example.org"),
        ("email", "e" * 250 + "@example.org"),
        ("email", "ef\u202eua@example.org"),
        ("password", ""),
        ("password", "short"),
        ("password", "password1234"),
        ("password", "x" * 201),
        ("country", ""),
        ("country", "ZZ"),
        ("works_from", ""),
        ("works_from", "25:00"),
        ("works_until", "08:00"),
        ("days_off", "someday"),
        ("organisation", "x" * 201),
        ("cadre", "a\x00b"),
    ],
)
def test_bad_input_comes_back_with_the_rest(client, field, value):
    answer = client.submit("/sign-up", {**EFUA, field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert 'value="efua@example.org"' in answer.text or field == "email"
    assert people() == (0, 0)


def test_a_form_without_its_token_comes_back_with_what_was_typed(client):
    answer = client.post("/sign-up", data=EFUA)
    assert answer.status_code == 422
    assert "lost its link to your visit" in answer.text
    assert 'value="Efua Mensah"' in answer.text
    assert 'value="Ghana Health Service"' in answer.text
    assert people() == (0, 0)


def test_a_whole_workshop_may_sign_up_from_one_address(app, client):
    for number in range(30):
        answer = app.test_client().submit("/sign-up", {**EFUA, "email": f"person{number}@example.org"})
        assert answer.status_code == 303
    assert set(db.scalars(select(Attempt.kind))) == {"sign-up client", "sign-up letter"}


def test_next_leads_on_here_and_nowhere_else(app, client):
    assert sign_up(app, client, {**EFUA, "next": "/journeys/?q=care"}).location == "/journeys/?q=care"
    elsewhere = {**EFUA, "email": "kwame@example.org", "next": "//elsewhere.example"}
    assert sign_up(app, app.test_client(), elsewhere).location == "/me/"


def test_confirming_begins_a_new_cookie(app, client):
    """Session fixation: what was in the browser before is worth nothing after."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-up").text).group(1)
    client.post("/sign-up", data={**EFUA, "csrf_token": token})
    before = client.get_cookie("meridian", "127.0.0.1").value
    client.submit(path_in(app, CONFIRM, CONFIRM))
    assert client.post("/me/password", data={"csrf_token": token}).status_code == 422
    thief = app.test_client()
    thief.set_cookie("meridian", before, domain="127.0.0.1")
    assert thief.get("/me/profile").status_code == 303
    assert people() == (1, 1)

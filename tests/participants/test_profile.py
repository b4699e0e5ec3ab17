import re

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.participants.models import Participant
from app.web.reader import Reader
from tests.factories import PASSWORD, make_organisation, make_participant, make_user

SIGN_IN = {"email": "efua@example.org", "password": PASSWORD}
PROFILE = {
    "name": "Efua Ama Mensah",
    "organisation": "Ministry of Health",
    "cadre": "Nurse",
    "stakeholder_group": "Government",
    "language": "fr",
    "country": "NP",
    "zone": "Asia/Kathmandu",
    "works_from": "10:00",
    "works_until": "18:00",
    "days_off": "sat",
}


@pytest.fixture
def efua(client):
    make_participant(user=make_user(), organisation="Ghana Health Service", works_until=1440)
    client.submit("/sign-in", SIGN_IN)
    return client


def test_strangers_are_sent_to_sign_in(client):
    assert client.get("/me/profile").headers["Location"] == "/sign-in?next=/me/profile"
    assert client.post("/me/profile").status_code == 303


def test_the_page_shows_what_is_kept(efua):
    page = efua.get("/me/profile").text
    assert 'value="Efua Mensah"' in page
    assert 'value="Ghana Health Service"' in page
    assert '<option selected value="GH">Ghana</option>' in page
    assert re.search(r'value="Africa/Accra" checked', page)
    assert 'value="00:00"' in page
    assert '<option selected value="sat sun">Saturday and Sunday</option>' in page


def test_saving_it_unchanged_changes_nothing(efua):
    before = db.scalar(select(Participant)).__dict__ | {"_sa_instance_state": None}
    page = efua.get("/me/profile").text
    fields = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    assert {"name", "works_from"} & set(fields)
    unchanged = {
        "name": "Efua Mensah", "organisation": "Ghana Health Service", "cadre": "", "stakeholder_group": "",
        "language": "en", "country": "GH", "zone": "Africa/Accra", "works_from": "09:00",
        "works_until": "00:00", "days_off": "sat sun",
    }  # fmt: skip
    assert efua.submit("/me/profile", unchanged).status_code == 303
    after = db.scalar(select(Participant)).__dict__ | {"_sa_instance_state": None}
    assert {k: v for k, v in after.items() if k in Participant.__table__.c} == {
        k: v for k, v in before.items() if k in Participant.__table__.c
    }


def test_a_new_profile_is_kept_and_times_follow(efua):
    answer = efua.submit("/me/profile", PROFILE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/profile")
    person = db.scalar(select(Participant))
    assert (person.name, person.name_folded, person.cadre) == ("Efua Ama Mensah", "efua ama mensah", "Nurse")
    assert (person.country, person.timezone, person.language) == ("NP", "Asia/Kathmandu", "fr")
    assert (person.works_from, person.works_until, person.days_off) == (600, 1080, "sat")
    assert (person.organisation.name, person.stakeholder_group) == ("Ministry of Health", "Government")
    assert db.scalar(select(User.name)) == "Efua Ama Mensah"
    page = efua.get("/me/profile").text
    assert "Your profile is saved. Times are shown for Kathmandu." in page
    assert "Times are shown for <b>Kathmandu</b>" in page


def test_a_refused_profile_keeps_what_was_typed_and_changes_nothing(efua):
    answer = efua.submit(
        "/me/profile", {**PROFILE, "works_until": "09:00", "zone": "other", "zone_typed": "EAT"}
    )
    assert answer.status_code == 422
    assert 'value="Efua Ama Mensah"' in answer.text
    assert 'href="#works_until"' in answer.text
    assert 'href="#zone-0"' in answer.text
    assert db.scalar(select(Participant.name)) == "Efua Mensah"


@pytest.mark.parametrize(
    ("field", "value"), [("language", "xx"), ("stakeholder_group", "Aliens"), ("name", "a\x00b")]
)
def test_values_of_no_list_are_refused(efua, field, value):
    answer = efua.submit("/me/profile", {**PROFILE, field: value})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


def test_a_form_without_its_token_comes_back(efua):
    answer = efua.post("/me/profile", data=PROFILE)
    assert answer.status_code == 422
    assert 'value="Efua Ama Mensah"' in answer.text


def test_an_unusual_value_survives_saving(efua):
    person = db.scalar(select(Participant))
    person.days_off, person.language, person.stakeholder_group = "mon tue", "ka", "Village elders"
    db.flush()
    page = efua.get("/me/profile").text
    assert "Monday and Tuesday" in page
    assert '<option selected value="ka">' in page
    kept = {**PROFILE, "days_off": "mon tue", "language": "ka", "stakeholder_group": "Village elders"}
    assert efua.submit("/me/profile", kept).status_code == 303
    assert db.scalar(select(Participant.days_off)) == "mon tue"


def test_an_account_without_a_participant_makes_one_here(client, database):
    make_user("Root", "root@example.org", is_administrator=True)
    client.submit("/sign-in", {"email": "root@example.org", "password": PASSWORD})
    page = client.get("/me/profile")
    assert page.status_code == 200
    assert 'value="Root"' in page.text
    assert client.submit("/me/profile", PROFILE).status_code == 303
    person = db.scalar(select(Participant))
    assert (person.name, person.user_id) == ("Efua Ama Mensah", db.scalar(select(User.id)))
    assert db.scalar(select(User.name)) == "Efua Ama Mensah"


def test_the_page_costs_few_queries(efua, query_counter):
    efua.get("/me/profile")
    with query_counter() as counted:
        efua.get("/me/profile")
    assert counted.count <= 5, counted.statements


def test_readers_get_their_zone_and_hours(app, database):
    from app.participants.wiring import reader_of  # noqa: PLC0415  # needs the application made first

    user = make_user()
    assert reader_of(user.id) is None
    person = make_participant(user=user, timezone="Asia/Dhaka", country="BD")
    assert reader_of(user.id) == Reader("Asia/Dhaka", 540, 1020, frozenset({"fri", "sat"}), "profile")
    person.timezone = "Moon/Tranquility"
    db.flush()
    assert reader_of(user.id).timezone is None, "a zone that is gone is as good as none"


def test_organisations_are_shared(efua):
    organisation = make_organisation("Ministry of Health")
    efua.submit("/me/profile", {**PROFILE, "organisation": "ministry of health"})
    assert db.scalar(select(Participant.organisation_id)) == organisation.id

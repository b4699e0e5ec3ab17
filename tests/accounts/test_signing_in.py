"""Signing in and out: what lets people in, what ends a visit, and what nobody is told."""

import re

import argon2
import pytest
from sqlalchemy import func, select

from app.accounts import operations, passwords
from app.accounts.models import Attempt, User
from app.database import db
from tests.conftest import SITE_URL
from tests.factories import PASSWORD, make_participant, make_user

RIGHT = {"email": "efua@example.org", "password": PASSWORD}
HOST = "127.0.0.1"


@pytest.fixture
def efua(database):
    user = make_user()
    make_participant(user=user)
    return user


def token_on(page) -> str:
    return str(re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[0])


def test_the_page_asks_for_two_things(client):
    page = client.get("/sign-in")
    assert page.status_code == 200
    assert 'autocomplete="username"' in page.text
    assert 'autocomplete="current-password"' in page.text
    assert 'inputmode="email"' in page.text
    assert page.text.count(" required") == 2


def test_signing_in_leads_to_my_learning(client, efua):
    answer = client.submit("/sign-in", RIGHT)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/")
    assert client.get("/me/profile").status_code == 200


def test_an_address_is_the_same_in_any_case(client, efua):
    answer = client.submit("/sign-in", {**RIGHT, "email": "  EFUA@Example.ORG "})
    assert answer.status_code == 303


def test_who_is_signed_in_is_sent_on(client, efua):
    client.submit("/sign-in", RIGHT)
    assert client.get("/sign-in?next=/journeys/").headers["Location"] == "/journeys/"
    assert client.get("/sign-up").headers["Location"] == "/me/"


@pytest.mark.parametrize(
    "wrong",
    [{**RIGHT, "password": "three brown goats sleep"}, {**RIGHT, "email": "kwame@example.org"}],
    ids=["password", "address"],
)
def test_wrong_is_wrong_and_never_says_which(client, efua, wrong):
    answer = client.submit("/sign-in", wrong)
    assert answer.status_code == 422
    assert "E-mail and password do not go together." in answer.text
    assert f'value="{wrong["email"]}"' in answer.text
    assert wrong["password"] not in answer.text
    assert "has-error" not in answer.text
    assert answer.headers.get("Set-Cookie") is None or "_user_id" not in answer.headers["Set-Cookie"]
    assert client.get("/me/profile").status_code == 303


def test_both_wrongs_take_the_same_work(client, efua, monkeypatch):
    seen = []
    verify = argon2.PasswordHasher.verify

    def counted(self, stored, password):
        seen.append(argon2.extract_parameters(stored))
        return verify(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    client.submit("/sign-in", {**RIGHT, "password": "three brown goats sleep"})
    client.submit("/sign-in", {**RIGHT, "email": "kwame@example.org"})
    assert len(seen) == 2
    known, unknown = seen
    assert (known.memory_cost, known.time_cost, known.parallelism, known.hash_len) == (
        unknown.memory_cost, unknown.time_cost, unknown.parallelism, unknown.hash_len,
    )  # fmt: skip


def test_no_password_is_hashed_while_writing(client, efua, monkeypatch):
    """On SQLite everybody else would wait for it."""
    seen = []
    verify = argon2.PasswordHasher.verify

    def watched(self, stored, password):
        seen.append(bool(db().connection().get_execution_options().get("writes")))
        return verify(self, stored, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", watched)
    client.submit("/sign-in", RIGHT)
    assert seen == [False]


@pytest.mark.parametrize(
    "path", ["/me/", "/journeys/?q=h%C3%A0", "/me/profile#h-password", "/a/b?next=//elsewhere"]
)
def test_next_takes_paths_of_this_site(client, efua, path):
    answer = client.submit("/sign-in", {**RIGHT, "next": path})
    assert answer.headers["Location"] == path


@pytest.mark.parametrize(
    "path",
    [
        "//elsewhere.example", "///elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example",
        "https://elsewhere.example", "http:elsewhere.example", "javascript:alert(1)", "data:text/html,x",
        "/\t/elsewhere.example", "/\n/elsewhere.example", "\t//elsewhere.example", "elsewhere.example",
        "@elsewhere", "/journeys\r\nSet-Cookie: x=y", "/" + "a" * 3000, "/x\\..\\..//elsewhere.example",
    ],
)  # fmt: skip
def test_next_never_leads_elsewhere(client, efua, path):
    answer = client.submit("/sign-in", {**RIGHT, "next": path})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/")


def test_next_on_the_page_is_checked_too(client, database):
    page = client.get("/sign-in", query_string={"next": "//elsewhere.example"})
    assert "elsewhere" not in page.text
    assert 'value="/me/profile"' in client.get("/sign-in?next=/me/profile").text


def test_signing_in_begins_a_new_cookie(client, efua):
    """Session fixation: what somebody planted before is worth nothing after."""
    planted = token_on(client.get("/sign-in"))
    before = client.get_cookie("meridian", HOST).value
    client.submit("/sign-in", RIGHT)
    after = client.get_cookie("meridian", HOST).value
    assert after != before
    refused = client.post("/me/password", data={"csrf_token": planted})
    assert refused.status_code == 422
    assert "lost its link to your visit" in refused.text
    thief = client.application.test_client()
    thief.set_cookie("meridian", before, domain=HOST)
    assert thief.get("/me/profile").status_code == 303


def test_the_cookie_is_for_this_site_and_not_for_scripts(client, efua):
    answer = client.submit("/sign-in", RIGHT)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires=" in cookie
    assert "Secure" not in cookie  # the tests' site is http


def test_a_form_without_its_token_comes_back_with_what_was_typed(client, efua):
    answer = client.post("/sign-in", data=RIGHT)
    assert answer.status_code == 422
    assert "lost its link to your visit" in answer.text
    assert 'value="efua@example.org"' in answer.text
    assert client.get("/me/profile").status_code == 303


def test_empty_and_strange_fields_are_said_beside_them(client, database):
    answer = client.submit("/sign-in", {"email": "efua", "password": ""})
    assert answer.status_code == 422
    assert 'href="#email"' in answer.text
    assert 'href="#password"' in answer.text
    assert 'aria-describedby="email-error"' in answer.text
    nul = client.submit("/sign-in", {"email": "efua\x00@example.org", "password": "x" * 12})
    assert nul.status_code == 422
    assert "NUL" in nul.text


def test_signing_out(client, efua):
    client.submit("/sign-in", RIGHT)
    page = client.get("/sign-out")
    assert "efua@example.org" in page.text
    assert client.get("/me/profile").status_code == 200, "asking is not yet leaving"
    answer = client.submit("/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert client.get("/me/profile").status_code == 303
    assert "You are not signed in" in client.get("/sign-out").text


def test_signing_out_needs_the_token(client, efua):
    client.submit("/sign-in", RIGHT)
    assert client.post("/sign-out").status_code == 422
    assert client.get("/me/profile").status_code == 200


def test_a_stale_or_forged_sign_in_is_a_stranger(client, efua):
    client.submit("/sign-in", RIGHT)
    user = db.scalar(select(User))
    operations.change_password(user, user.password_hash)
    assert client.get("/me/profile").status_code == 303


@pytest.mark.parametrize("remembered", ["", "x", "1", "0:", "999999999999999999999:x", "²:x", "1:", ":"])
def test_odd_cookies_are_strangers(client, efua, remembered):
    with client.session_transaction(base_url=SITE_URL) as cookie:
        cookie["_user_id"] = remembered
    assert client.get("/me/profile").status_code == 303


def test_a_hash_of_another_cost_is_renewed_at_sign_in(client, efua):
    before = passwords._Keeper.hasher
    try:
        passwords.use_cost(2)
        client.submit("/sign-in", RIGHT)
    finally:
        passwords._Keeper.hasher = before
    renewed = db.scalar(select(User)).password_hash
    assert ",t=2," in renewed
    assert passwords.agrees(renewed, PASSWORD)
    assert client.get("/me/profile").status_code == 200, "the sign-in goes on"


def test_a_good_sign_in_leaves_no_attempts(client, efua):
    client.submit("/sign-in", {**RIGHT, "password": "three brown goats sleep"})
    assert db.scalar(select(func.count(Attempt.id))) == 2
    client.submit("/sign-in", RIGHT)
    left = db.scalars(select(Attempt.kind)).all()
    assert left == ["sign-in client"], "the wrong one still counts against the caller"


def test_strangers_cost_no_query(client, database, query_counter):
    client.get("/sign-in")
    with query_counter() as counted:
        client.get("/sign-in")
    assert counted.statements == []


def test_the_signed_in_cost_few(client, efua, query_counter):
    client.submit("/sign-in", RIGHT)
    client.get("/sign-out")
    with query_counter() as counted:
        client.get("/sign-out")
    assert counted.count <= 3, counted.statements

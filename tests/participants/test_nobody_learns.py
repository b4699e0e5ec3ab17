"""Signing up answers alike whether or not an address has an account; only its owner's mail tells."""

import re
from datetime import timedelta

import argon2
import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import func, select

from app.accounts import passwords, queries
from app.accounts.models import Attempt, User
from app.database import db
from app.messages.composed import NoLongerNeeded
from app.messages.models import OutboxMessage
from app.organisations.models import Organisation
from app.participants.models import Participant
from app.web import visits
from tests.factories import NOW, PASSWORD, make_participant, make_user
from tests.mailbox import letters, path_in, text_of
from tests.page import Page
from tests.people import browser_of

CONFIRM, HAS_ACCOUNT = "confirm-address", "address-has-account"
EFUA = {
    "name": "Efua Mensah", "email": "efua@example.org", "password": "seven grey herons wait", "country": "GH",
    "zone": "country", "works_from": "08:30", "works_until": "17:00", "organisation": "Ghana Health Service",
}  # fmt: skip
SECRETS = re.compile(r'name="(csrf_token|once)" value="[^"]+"')


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def cookie_of(app: Flask, browser) -> dict:
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return dict(signer.loads(browser.get_cookie("meridian", "127.0.0.1").value))


def shape(value):
    """What can be seen of a cookie without knowing random numbers: names and lengths."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    return len(value) if isinstance(value, str) else value


def all_that_is_seen(app, **fields):
    """Everything a visitor can tell of the answer and of the page after it."""
    browser = app.test_client()
    answer = browser.submit("/sign-up", {**EFUA, **fields})
    seen = cookie_of(app, browser)
    page = browser.get(answer.location)
    after = cookie_of(app, browser)
    names = sorted(name for name, _ in answer.headers)
    return (
        answer.status_code, answer.location, names, answer.data, shape(seen), shape(after),
        page.status_code, sorted(name for name, _ in page.headers), SECRETS.sub("", page.text),
    )  # fmt: skip


def test_nothing_that_is_seen_tells_whether_there_is_an_account(app, database):
    free = all_that_is_seen(app)
    waiting = all_that_is_seen(app)
    user = queries.by_email("efua@example.org")
    user.email_confirmed_at = NOW
    assert free == waiting == all_that_is_seen(app) == all_that_is_seen(app)
    assert [one.kind for one in database.scalars(select(OutboxMessage).order_by(OutboxMessage.id))] == [
        CONFIRM, CONFIRM, HAS_ACCOUNT,
    ]  # fmt: skip


def test_what_is_wrong_with_a_form_is_told_alike(app, database):
    make_user()
    for wrong in ({"password": "short"}, {"country": ""}, {"name": " "}, {"works_until": "07:00"}):
        answers = [
            app.test_client().submit("/sign-up", {**EFUA, "email": email, **wrong})
            for email in ("efua@example.org", "ekua@example.org")
        ]
        assert [one.status_code for one in answers] == [422, 422]
        known, unknown = (SECRETS.sub("", one.text).replace("ekua@", "efua@") for one in answers)
        assert known == unknown
    assert letters(HAS_ACCOUNT) == []


def test_a_password_is_hashed_either_way_and_never_while_writing(app, database, monkeypatch):
    make_user()
    seen = []
    hash_password = argon2.PasswordHasher.hash

    def watched(self, password):
        seen.append(bool(db().connection().get_execution_options().get("writes")))
        return hash_password(self, password)

    monkeypatch.setattr(argon2.PasswordHasher, "hash", watched)
    for email in ("efua@example.org", "ekua@example.org"):
        app.test_client().submit("/sign-up", {**EFUA, "email": email})
    assert seen == [False, False]


def test_an_account_is_left_as_it_is(app, database):
    make_participant(user=make_user())
    before = _row()
    app.test_client().submit("/sign-up", {**EFUA, "email": "EFUA@Example.org", "name": "Mallory"})
    assert _row() == before
    assert passwords.agrees(queries.by_email("efua@example.org").password_hash, PASSWORD)
    assert database.scalar(select(func.count(Participant.id))) == 1
    assert database.scalar(select(func.count(Organisation.id))) == 0


def test_the_owner_reads_that_somebody_tried_and_what_to_do(app, database):
    make_user()
    app.test_client().submit("/sign-up", {**EFUA, "name": "Mallory http://bad.example", "next": "/journeys/"})
    letter = letters(HAS_ACCOUNT)[0]
    assert (letter.to_address, letter.to_name) == ("efua@example.org", "Efua Mensah")
    text = text_of(app, letter)
    assert text.startswith("Dear Efua Mensah,\n\nYou have an account already\n")
    assert "http://127.0.0.1:8000/sign-in?next=/journeys/" in text
    assert "http://127.0.0.1:8000/forgotten-password" in text
    assert "bad.example" not in text


def test_the_name_that_was_typed_goes_to_nobody_else(app, database):
    """Anybody may type somebody else's address, and an advertisement for a name."""
    app.test_client().submit("/sign-up", {**EFUA, "name": "Win at http://bad.example"})
    letter = letters(CONFIRM)[0]
    assert letter.to_name == ""
    assert "bad.example" not in text_of(app, letter)


def test_an_address_is_written_to_a_few_times_an_hour_and_nobody_sees_it(app, database, time_machine):
    make_user()
    first, *others = [all_that_is_seen(app) for _ in range(6)]
    assert others == [first] * 5
    assert len(letters(HAS_ACCOUNT)) == 3
    time_machine.move_to(NOW + timedelta(hours=1, seconds=1), tick=False)
    app.test_client().submit("/sign-up", EFUA)
    assert len(letters(HAS_ACCOUNT)) == 4


def test_a_free_address_gets_its_letter_even_where_others_were_written_before(app, database):
    for _ in range(4):
        app.test_client().submit("/sign-up", EFUA)
    database.delete(queries.by_email("efua@example.org"))
    database.query(Participant).delete()
    app.test_client().submit("/sign-up", EFUA)
    assert len(letters(CONFIRM)) == 4
    assert database.scalar(select(func.count(User.id))) == 1


def test_a_caller_who_tries_many_is_slowed_down_alike(app, database):
    make_user()
    browser, subject = app.test_client(), _client(app)
    database.add_all(Attempt(kind="sign-up client", subject=subject, attempted_at=NOW) for _ in range(60))
    codes = [browser.submit("/sign-up", {**EFUA, "email": one}).status_code
             for one in ("efua@example.org", "free@example.org")]  # fmt: skip
    assert codes == [429, 429]


class TestTheBrowserThatSignedUp:
    """There, and there alone, the link needs no password."""

    def test_another_browser_signs_in_first_and_then_goes_where_one_wanted(self, app, database):
        app.test_client().submit("/sign-up", {**EFUA, "next": "/journeys/?q=care"})
        link = path_in(app, CONFIRM, CONFIRM)
        phone = app.test_client()
        phone.get("/sign-up")  # has a mark of its own
        for answer in (phone.get(link), phone.submit(link, page="/sign-in")):
            assert answer.status_code == 303
            assert answer.location.startswith("/sign-in?next=/confirm-address/")
        assert confirmed_at() is None
        page = Page(phone.get(link, follow_redirects=True))
        assert "If you did not choose its password, set a new one" in page.text
        credentials = {"email": "efua@example.org", "password": EFUA["password"], "next": link}
        assert phone.submit("/sign-in", credentials).location == link
        assert phone.submit(link).location == "/journeys/?q=care"
        assert confirmed_at() == NOW

    def test_who_signs_up_over_a_waiting_account_is_not_let_into_it(self, app, database):
        """Else who made it first, with a password of their own, would have it confirmed by its victim."""
        mallory = app.test_client()
        mallory.submit("/sign-up", {**EFUA, "password": "mallory picks goats here"})
        efua = app.test_client()
        efua.submit("/sign-up", EFUA)
        link = path_in(app, CONFIRM, CONFIRM)
        assert "from before, which waits to be confirmed" in text_of(app, letters(CONFIRM)[-1])
        assert efua.get(link).location.startswith("/sign-in?next=")
        assert mallory.get(link).location.startswith("/sign-in?next=")
        efua.submit("/forgotten-password", {"email": "efua@example.org"})
        efua.submit(path_in(app, "password-reset", "new-password"), {"password": EFUA["password"]})
        assert efua.get("/me/profile").status_code == 200
        assert passwords.agrees(queries.by_email("efua@example.org").password_hash, EFUA["password"])
        wrong = {"email": "efua@example.org", "password": "mallory picks goats here"}
        assert mallory.submit("/sign-in", wrong).status_code == 422

    def test_pressing_twice_is_pressing_once(self, app, database, time_machine):
        browser = app.test_client()
        browser.submit("/sign-up", EFUA)
        link = path_in(app, CONFIRM, CONFIRM)
        page = browser.get(link)
        old = browser.get_cookie("meridian", "127.0.0.1").value
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        for _ in range(2):
            browser.set_cookie("meridian", old, domain="127.0.0.1")
            assert browser.post(link, data={"csrf_token": token}).location == "/me/"
            assert browser.get("/me/profile").status_code == 200
        time_machine.move_to(NOW + timedelta(minutes=2), tick=False)
        browser.set_cookie("meridian", old, domain="127.0.0.1")
        assert browser.post(link, data={"csrf_token": token}).location.startswith("/sign-in?next=")
        assert browser.get(link).location.startswith("/sign-in?next=")

    def test_two_tabs_that_sign_up_are_one_browser(self, app, database):
        browser = app.test_client()
        browser.get("/sign-up")
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-up").text).group(1)
        browser.post("/sign-up", data={**EFUA, "csrf_token": token})
        link = path_in(app, CONFIRM, CONFIRM)
        browser.post("/sign-up", data={**EFUA, "csrf_token": token})
        assert browser.submit(link).location == "/me/"

    def test_signing_in_or_out_ends_it(self, app, database):
        make_user("Kwame Boateng")
        browser = app.test_client()
        browser.submit("/sign-up", EFUA)
        link = path_in(app, CONFIRM, CONFIRM)
        browser.submit("/sign-in", {"email": "kwame@example.org", "password": PASSWORD})
        assert browser.get(link).status_code == 403
        browser.submit("/sign-out")
        assert browser.get(link).location.startswith("/sign-in?next=")

    def test_a_link_that_was_tampered_with_knows_no_browser(self, app, database):
        browser = app.test_client()
        browser.submit("/sign-up", EFUA)
        link = path_in(app, CONFIRM, CONFIRM)
        for wrong in (link[:-1], f"{link}x", "/confirm-address/WzEsImFiIl0.abc.def", "/confirm-address/x"):
            assert browser.get(wrong).location.startswith("/sign-in?next="), wrong

    def test_an_account_that_was_closed_meanwhile(self, app, database):
        browser = app.test_client()
        browser.submit("/sign-up", EFUA)
        link = path_in(app, CONFIRM, CONFIRM)
        page = browser.get(link)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        letter = letters(CONFIRM)[0]
        database.query(Participant).delete()
        database.delete(queries.by_email("efua@example.org"))
        assert browser.post(link, data={"csrf_token": token}).location.startswith("/sign-in?next=")
        with pytest.raises(NoLongerNeeded):
            text_of(app, letter)

    def test_what_is_stored_opens_nothing(self, app, database):
        browser = app.test_client()
        browser.submit("/sign-up", EFUA)
        stored = letters(CONFIRM)[0].payload
        assert cookie_of(app, browser)["browser"] not in str(stored)
        assert path_in(app, CONFIRM, CONFIRM).removeprefix("/confirm-address/") not in str(stored)


def test_whoever_is_signed_in_gets_a_letter_for_the_other_account_too(app, database):
    browser = browser_of(app, make_user("Kwame Boateng"))
    sent = browser.submit("/sign-up", EFUA, page="/me/profile")
    assert sent.location == "/sign-up/sent"
    assert browser.get(path_in(app, CONFIRM, CONFIRM)).status_code == 403
    assert confirmed_at() is None


def confirmed_at():
    return queries.by_email("efua@example.org").email_confirmed_at


def _row():
    db.expire_all()
    user = queries.by_email("efua@example.org")
    return {column.name: getattr(user, column.name) for column in User.__table__.columns}


def _client(app):
    """Whose attempts the tests' own browser makes."""
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        return visits.keyed(visits.client())

"""A new password by letter: who gets one, once, and what nobody learns."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts import operations, passwords, queries, resetting
from app.accounts.addresses import token_for
from app.accounts.models import Attempt
from app.enrolments.operations import enrol
from app.messages.composed import NoLongerNeeded
from app.messages.models import OutboxMessage
from tests.factories import NOW, PASSWORD, make_journey, make_participant, make_user
from tests.mailbox import letters, path_in, text_of
from tests.page import Page
from tests.people import browser_of

KIND = "password-reset"
NEW = "seven grey herons wait"
TO = {"email": "efua@example.org"}


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def link_for(app, browser, **fields):
    browser.submit("/forgotten-password", TO | fields)
    return path_in(app, KIND, "new-password")


def token_on(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)


def opens(password):
    return passwords.agrees(queries.by_email("efua@example.org").password_hash, password)


def test_from_the_sign_in_page_to_a_new_password(app, client):
    make_participant(user=make_user())
    elsewhere = browser_of(app, queries.by_email("efua@example.org"))
    sign_in = Page(client.get("/sign-in?next=/journeys/%3Fq%3Dcare"))
    there = sign_in.links["Forgotten your password?"]
    assert client.get(there).status_code == 200
    sent = client.submit(there, TO | {"next": "/journeys/?q=care"}, page=there)
    assert sent.location == "/forgotten-password/sent"
    told = Page(client.get(sent.location))
    assert (told.title, told.notices) == (
        "Look in your mail", ["If efua@example.org has an account, a letter to it is on its way."]
    )  # fmt: skip
    link = path_in(app, KIND, "new-password")

    shown = client.get(link)
    assert opens(PASSWORD), "reading a page writes nothing"
    assert "For the account of efua@example.org" in Page(shown).text
    assert (shown.headers["Cache-Control"], shown.headers["Referrer-Policy"]) == ("no-store", "no-referrer")

    done = client.submit(link, {"password": NEW})
    assert (done.status_code, done.location) == (303, "/journeys/?q=care")
    assert (done.headers["Cache-Control"], done.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert Page(client.get("/me/profile")).notices == [
        "Your password is changed. Everywhere else you are signed out."
    ]
    assert elsewhere.get("/me/profile").status_code == 303
    assert (opens(NEW), opens(PASSWORD)) == (True, False)


def test_nobody_learns_who_has_an_account(app, database):
    make_user()
    seen = []
    for email in ("efua@example.org", "nobody@example.org"):
        browser = app.test_client()
        answer = browser.submit("/forgotten-password", {"email": email})
        page = Page(browser.get(answer.location))
        seen.append((
            answer.status_code, answer.location, answer.data, sorted(name for name, _ in answer.headers),
            page.text.replace(email, "…"), database.scalar(select(func.count(Attempt.id))),
        ))  # fmt: skip
    known, unknown = seen
    assert known[:5] == unknown[:5]
    assert unknown[5] == 2 * known[5] == 4
    assert [one.to_address for one in database.scalars(select(OutboxMessage))] == ["efua@example.org"]


def test_a_link_works_once(app, client):
    make_user()
    link = link_for(app, client)
    client.submit(link, {"password": NEW})
    thief = app.test_client()
    thief.get("/sign-in")
    again = thief.get(link)
    assert again.status_code == 404
    page = Page(again)
    assert page.title == "This link has done its work"
    assert page.links["Have a new link written"] == "/forgotten-password"
    pressed = thief.post(
        link, data={"csrf_token": token_on(thief.get("/sign-in")), "password": "nine red kites"}
    )
    assert pressed.status_code == 404
    assert opens(NEW)
    assert thief.get("/me/profile").status_code == 303


def test_of_two_links_the_second_dies_with_the_first(app, client):
    make_user()
    first = link_for(app, client)
    second = link_for(app, client)
    client.submit(first, {"password": NEW})
    assert Page(client.get(second)).title == "This link has done its work"


def test_a_link_from_before_another_change_is_dead_and_its_letter_is_not_sent(app, client):
    make_user()
    link = link_for(app, client)
    operations.change_password(queries.by_email("efua@example.org"), passwords.hash_password(NEW))
    assert Page(client.get(link)).title == "This link has done its work"
    with pytest.raises(NoLongerNeeded):
        text_of(app, letters(KIND)[0])


def test_a_link_works_for_an_hour(app, client, time_machine):
    make_user()
    link = link_for(app, client)
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    assert client.get(link).status_code == 200
    time_machine.move_to(NOW + timedelta(hours=1, seconds=1), tick=False)
    answer = client.get(link)
    assert (answer.status_code, Page(answer).title) == (404, "This link is too old")
    assert letters(KIND)[0].expires_at == NOW + timedelta(hours=1)


def test_what_is_no_link_says_so(app, client):
    user = make_user()
    key = app.config["SECRET_KEY"]
    token = resetting.token_for(user, key)
    for wrong in (token[:-1], "x", "a" * 5_000, f"{token}x", "W10.abc.def"):
        answer = client.get(f"/new-password/{wrong}")
        assert (answer.status_code, Page(answer).title) == (404, "This link does not work"), wrong
        assert answer.headers["Cache-Control"] == "no-store"
    assert resetting.link_of(token, "another key of the site").user is None
    from_confirming = f"/new-password/{token_for(user, key)}"
    assert client.get(from_confirming).status_code == 404


def test_an_account_closed_meanwhile(app, client, database):
    make_user()
    link = link_for(app, client)
    database.delete(queries.by_email("efua@example.org"))
    answer = client.get(link)
    assert (answer.status_code, Page(answer).title) == (404, "This link does not work")


@pytest.mark.parametrize("weak", ["short", "efua@example.org", "password1234", "", "x" * 201])
def test_the_new_one_is_judged_like_the_first(app, client, weak):
    make_user()
    link = link_for(app, client)
    answer = client.submit(link, {"password": weak})
    assert answer.status_code == 422
    assert 'href="#password"' in answer.text
    assert opens(PASSWORD)
    assert client.submit(link, {"password": NEW}).status_code == 303, "the link is not used up"


def test_a_form_without_its_token_comes_back(app, client):
    make_user()
    link = link_for(app, client)
    assert client.post(link, data={"password": NEW}).status_code == 422
    assert app.test_client().post("/forgotten-password", data=TO).status_code == 422
    assert opens(PASSWORD)
    assert len(letters(KIND)) == 1


def test_pressing_twice_changes_it_once(app, client):
    make_user()
    link = link_for(app, client)
    token = token_on(client.get(link))
    old = client.get_cookie("meridian", "127.0.0.1").value
    assert client.post(link, data={"csrf_token": token, "password": NEW}).status_code == 303
    client.set_cookie("meridian", old, domain="127.0.0.1")
    second = client.post(link, data={"csrf_token": token, "password": "nine red kites circle"})
    assert (second.status_code, Page(second).title) == (404, "This link has done its work")
    assert opens(NEW)
    assert len(letters("password-changed")) == 1


def test_it_confirms_the_address_and_brings_what_is_kept_under_it(app, client):
    make_user(is_confirmed=False)
    kept = make_participant("E. Mensah")
    kept.email, kept.email_folded = "efua@example.org", "efua@example.org"
    enrol(make_journey(), kept, NOW)
    client.submit(link_for(app, client), {"password": NEW})
    assert queries.by_email("efua@example.org").email_confirmed_at == NOW
    assert Page(client.get("/me/profile")).notices[1:] == [
        "What organisers kept under efua@example.org is yours now: 1 enrolment."
    ]


def test_next_is_kept_and_a_link_to_confirm_is_not(app, client):
    """A new password ends the link to confirm, and does its work."""
    make_user(is_confirmed=False)
    link = link_for(app, client, next="/confirm-address/abc.def?next=/journeys/%3Fq%3Dcare")
    assert link.endswith("?next=/journeys/?q%3Dcare")
    assert client.submit(link, {"password": NEW}).location == "/journeys/?q=care"


@pytest.mark.parametrize(
    "elsewhere", ["//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example"]
)
def test_it_never_leads_elsewhere(app, client, elsewhere):
    make_user()
    link = link_for(app, client, next=elsewhere)
    assert "next=" not in link
    token = token_on(client.get(link))
    answer = client.post(link, data={"csrf_token": token, "password": NEW}, query_string={"next": elsewhere})
    assert answer.location == "/me/"


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host"])
def test_the_host_that_asks_is_not_the_host_that_is_written(app, client, name):
    make_user()
    token = token_on(client.get("/forgotten-password"))
    cookie = client.get_cookie("meridian", "127.0.0.1").value
    answer = app.test_client(use_cookies=False).post(
        "/forgotten-password",
        data=TO | {"csrf_token": token},
        headers={name: "evil.example", "Cookie": f"meridian={cookie}"},
    )
    assert (answer.status_code, answer.location) == (303, "/forgotten-password/sent")
    assert "evil.example" not in text_of(app, letters(KIND)[0])


def test_letters_to_one_address_end_silently_and_many_askers_are_slowed_down(app, client):
    make_user()
    for _ in range(5):
        assert app.test_client().submit("/forgotten-password", TO).status_code == 303
    assert len(letters(KIND)) == 3
    codes = [
        client.submit("/forgotten-password", {"email": f"p{n}@example.org"}).status_code for n in range(26)
    ]
    assert codes == [303] * 25 + [429]
    refused = client.submit("/forgotten-password", TO)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    assert 'value="efua@example.org"' in refused.text


def test_a_new_password_lets_in_who_had_mistyped_the_old_one_too_often(app, client):
    make_user()
    for _ in range(6):
        client.submit("/sign-in", TO | {"password": "three brown goats sleep"})
    client.submit(link_for(app, client), {"password": NEW})
    assert app.test_client().submit("/sign-in", TO | {"password": NEW}).status_code == 303


def test_a_signed_in_visit_of_somebody_else_ends(app, client):
    make_participant(user=make_user())
    kwame = browser_of(app, make_participant("Kwame Boateng", user=make_user("Kwame Boateng")))
    kwame.submit(link_for(app, client), {"password": NEW})
    assert "You sign in as efua@example.org" in Page(kwame.get("/me/profile")).text


class TestTheOwnerIsTold:
    def test_after_a_reset(self, app, client):
        make_participant(user=make_user(), timezone="Asia/Kathmandu")
        client.submit(link_for(app, client), {"password": NEW})
        letter = letters("password-changed")[0]
        text = text_of(app, letter)
        assert letter.to_name == "Efua Mensah"
        assert "was changed on Monday 1 March 2027, 14:45 in Kathmandu (UTC+5:45)." in text
        assert "http://127.0.0.1:8000/forgotten-password" in text

    def test_after_a_change_on_the_profile(self, app, client):
        browser = browser_of(app, make_user())
        browser.submit("/me/password", {"old_password": PASSWORD, "password": NEW}, page="/me/password")
        assert [one.to_address for one in letters("password-changed")] == ["efua@example.org"]
        assert "09:00 in UTC" in text_of(app, letters("password-changed")[0])

    def test_never_at_an_address_that_nobody_confirmed(self, app, client):
        browser = browser_of(app, make_user(is_confirmed=False))
        browser.submit("/me/password", {"old_password": PASSWORD, "password": NEW}, page="/me/password")
        assert letters("password-changed") == []

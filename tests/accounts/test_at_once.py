"""The same form sent many times at the same moment: signing up, confirming, and setting a new password."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from app import create_app
from app.accounts import addresses, passwords, queries, resetting
from app.accounts.models import User
from app.config import Settings
from app.database import db, writing
from app.messages.models import OutboxMessage
from app.participants.models import Participant
from tests.factories import make_user
from tests.reader import CSRF, Client

MANY = 6
TYPED = {
    "name": "Efua Mensah", "email": "efua@example.org", "password": "seven grey herons wait", "country": "GH",
    "zone": "country", "works_from": "08:30", "works_until": "17:00",
}  # fmt: skip


@pytest.fixture
def site(real_database: Engine, settings: Settings) -> Iterator[Flask]:
    made = create_app(replace(settings, database_url=real_database.url.render_as_string(hide_password=False)))
    made.test_client_class = Client
    yield made
    db.remove()
    made.extensions["engine"].dispose()


def at_once(site: Flask, form: str, act: Callable[[Client, str, int], TestResponse]) -> list[TestResponse]:
    """What `MANY` strangers are answered who have the form before them and send it together."""
    start, answers = threading.Barrier(MANY), []

    def one(number: int) -> None:
        try:
            browser = site.test_client()
            assert isinstance(browser, Client)
            found = CSRF.search(browser.get(form).text)
            assert found is not None
            start.wait(30)
            answers.append(act(browser, found.group(1), number))
        finally:
            db.remove()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == MANY
    return answers


def sent(kind: str) -> int:
    return db.scalar(select(func.count(OutboxMessage.id)).filter_by(kind=kind)) or 0


def test_signing_up_with_one_address_makes_one_account_and_answers_alike(site):
    answers = at_once(
        site,
        "/sign-up",
        lambda browser, token, _: browser.post("/sign-up", data=TYPED | {"csrf_token": token}),
    )
    assert {(one.status_code, one.location, one.data) for one in answers} == {
        (303, "/sign-up/sent", answers[0].data)
    }
    assert db.scalar(select(func.count(User.id))) == 1
    assert db.scalar(select(func.count(Participant.id))) == 1
    assert 1 <= sent("confirm-address") <= 4, "the one that made it, and three more"


def test_a_link_to_a_new_password_is_used_once(site):
    with writing():
        link = f"/new-password/{resetting.token_for(make_user(), site.config['SECRET_KEY'])}"
    db.remove()

    def press(browser: Client, token: str, number: int) -> TestResponse:
        return browser.post(link, data={"csrf_token": token, "password": f"seven grey herons wait {number}"})

    answers = at_once(site, link, press)
    assert sorted(one.status_code for one in answers) == [303] + [404] * (MANY - 1)
    assert sent("password-changed") == 1
    stored = queries.by_email("efua@example.org").password_hash
    assert sum(passwords.agrees(stored, f"seven grey herons wait {number}") for number in range(MANY)) == 1


def test_confirming_and_setting_a_new_password_leave_nobody_in_with_the_old_one(site):
    """Who made the account over somebody's address presses just when its owner takes it over."""
    with writing():
        user = make_user(is_confirmed=False)
        key = site.config["SECRET_KEY"]
        reset = f"/new-password/{resetting.token_for(user, key)}"
        confirm = f"/confirm-address/{addresses.token_for(user, key)}"
    db.remove()

    def press(browser: Client, token: str, number: int) -> TestResponse:
        if number:
            return browser.post(confirm, data={"csrf_token": token})
        return browser.post(reset, data={"csrf_token": token, "password": "seven grey herons wait"})

    answers = at_once(site, reset, press)
    assert {one.location.partition("?")[0] for one in answers} == {"/me/", "/sign-in"}
    assert [one.location for one in answers].count("/me/") == 1
    user = queries.by_email("efua@example.org")
    assert user.email_confirmed_at is not None
    assert passwords.agrees(user.password_hash, "seven grey herons wait")

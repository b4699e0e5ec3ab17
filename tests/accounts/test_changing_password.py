import pytest
import time_machine
from sqlalchemy import select

from app.accounts import passwords
from app.accounts.models import User
from app.database import db
from tests.factories import NOW, PASSWORD, make_participant, make_user

NEW = "seven quiet green lakes"
CHANGE = {"old_password": PASSWORD, "password": NEW}


@pytest.fixture
def efua(client):
    make_participant(user=make_user())
    client.submit("/sign-in", {"email": "efua@example.org", "password": PASSWORD})
    return client


def test_strangers_are_sent_to_sign_in(client):
    assert client.get("/me/password").headers["Location"] == "/sign-in?next=/me/password"


def test_a_new_password_ends_every_other_sign_in_and_keeps_this_one(app, efua):
    other = app.test_client()
    other.submit("/sign-in", {"email": "efua@example.org", "password": PASSWORD})
    assert other.get("/me/profile").status_code == 200
    answer = efua.submit("/me/password", CHANGE, page="/me/profile")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/profile")
    assert "Your password is changed." in efua.get("/me/profile").text
    assert other.get("/me/profile").status_code == 303
    assert passwords.agrees(db.scalar(select(User.password_hash)), NEW)


def test_the_old_one_is_needed(efua):
    answer = efua.submit("/me/password", {**CHANGE, "old_password": "three brown goats sleep"})
    assert answer.status_code == 422
    assert 'href="#old_password"' in answer.text
    assert "This is not your password." in answer.text
    assert passwords.agrees(db.scalar(select(User.password_hash)), PASSWORD)


@pytest.mark.parametrize("weak", ["short", "efua@example.org", "password1234", ""])
def test_the_new_one_is_judged_like_the_first(efua, weak):
    answer = efua.submit("/me/password", {**CHANGE, "password": weak})
    assert answer.status_code == 422
    assert 'href="#password"' in answer.text


def test_guessing_at_the_old_one_becomes_slow(efua):
    with time_machine.travel(NOW, tick=False):
        efua.submit("/sign-in", {"email": "efua@example.org", "password": PASSWORD})
        wrong = {**CHANGE, "old_password": "three brown goats sleep"}
        answers = [efua.submit("/me/password", wrong).status_code for _ in range(6)]
        assert answers == [422] * 5 + [429]
        assert efua.submit("/me/password", CHANGE).headers["Retry-After"] == "30"

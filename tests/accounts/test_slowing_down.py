"""Guessing becomes slow, for everybody alike, and for longer each time."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.accounts import attempts
from app.accounts.attempts import SIGN_IN_ACCOUNT, SIGN_IN_CLIENT, TooMany, count, waiting_time
from app.accounts.models import Attempt
from app.database import db
from app.jobs.operations import Claim
from tests.factories import NOW, PASSWORD, make_user

GUESS = {"email": "efua@example.org", "password": "three brown goats sleep"}
NOBODY = {**GUESS, "email": "kwame@example.org"}
SUBJECT = "a" * 64


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def efua(database):
    return make_user()


def guess(client, fields=GUESS, times=1, **kwargs):
    for _ in range(times):
        answer = client.submit("/sign-in", fields, **kwargs)
    return answer


@pytest.mark.parametrize("fields", [GUESS, NOBODY], ids=["known", "unknown"])
def test_after_five_wrong_ones_everybody_waits(client, efua, clock, fields):
    assert guess(client, fields, times=5).status_code == 422
    refused = guess(client, fields)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "30"
    assert "Wait 30 seconds" in refused.text
    assert f'value="{fields["email"]}"' in refused.text
    assert fields["password"] not in refused.text


def test_known_and_unknown_are_answered_word_for_word_alike(client, efua, clock):
    def words(page):
        return re.sub(r'value="[^"]*"', "", page.text)

    for _ in range(7):
        known, unknown = guess(client, GUESS), guess(client, NOBODY)
        assert known.status_code == unknown.status_code
        assert words(known) == words(unknown)


def test_while_one_waits_the_right_password_waits_too(client, efua, clock):
    guess(client, times=5)
    assert guess(client, {**GUESS, "password": PASSWORD}).status_code == 429
    clock.shift(timedelta(seconds=31))
    assert guess(client, {**GUESS, "password": PASSWORD}).status_code == 303


def test_the_wait_grows(client, efua, clock):
    guess(client, times=5)
    waits = []
    for _ in range(4):
        waits.append(int(guess(client).headers["Retry-After"]))
        clock.shift(timedelta(seconds=waits[-1]))
        assert guess(client).status_code == 422
    assert waits == [30, 60, 120, 240]


def test_a_quarter_of_an_hour_forgives(client, efua, clock):
    guess(client, times=5)
    clock.shift(timedelta(minutes=15, seconds=1))
    assert guess(client).status_code == 422


def test_spelling_the_address_otherwise_is_no_way_round(client, efua, clock):
    guess(client, times=5)
    assert guess(client, {**GUESS, "email": "EFUA@EXAMPLE.ORG"}).status_code == 429


def test_one_caller_guessing_at_many_accounts_waits_too(client, efua, clock):
    for number in range(30):
        assert guess(client, {**GUESS, "email": f"person{number}@example.org"}).status_code == 422
    assert guess(client, {**GUESS, "email": "somebody.else@example.org"}).status_code == 429
    elsewhere = guess(client, GUESS, environ_overrides={"REMOTE_ADDR": "192.0.2.9"})
    assert elsewhere.status_code == 422


def test_a_household_of_ipv6_is_one_caller(client, efua, clock):
    for number in range(30):
        guess(
            client,
            {**GUESS, "email": f"person{number}@example.org"},
            environ_overrides={"REMOTE_ADDR": f"2001:db8::{number:x}"},
        )
    near = {"REMOTE_ADDR": "2001:db8::ffff:1"}
    assert guess(client, NOBODY, environ_overrides=near).status_code == 429
    far = {"REMOTE_ADDR": "2001:db8:0:1::1"}
    assert guess(client, NOBODY, environ_overrides=far).status_code == 422


def test_what_is_kept_names_nobody(client, efua, clock):
    guess(client)
    rows = db.execute(select(Attempt.kind, Attempt.subject)).all()
    assert {kind for kind, _ in rows} == {"sign-in", "sign-in client"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", subject) for _, subject in rows)


def test_a_refused_form_is_not_counted(client, efua, clock):
    guess(client, {**GUESS, "email": "efua"})
    client.post("/sign-in", data=GUESS)
    assert db.scalar(select(func.count(Attempt.id))) == 0


def test_counting_says_how_long_and_counts_only_what_may_be_tried(database):
    both = ((SIGN_IN_ACCOUNT, SUBJECT), (SIGN_IN_CLIENT, SUBJECT))
    assert [count(both, NOW) for _ in range(5)] == [None] * 5
    refused = count(both, NOW + timedelta(seconds=10))
    assert isinstance(refused, TooMany)
    assert refused.seconds == 20
    assert db.scalar(select(func.count(Attempt.id))) == 10
    assert waiting_time(SIGN_IN_CLIENT, SUBJECT, NOW) == timedelta()


def test_a_wait_never_exceeds_the_time_looked_at(database):
    db.add_all(Attempt(kind="sign-in", subject=SUBJECT, attempted_at=NOW) for _ in range(500))
    db.flush()
    assert waiting_time(SIGN_IN_ACCOUNT, SUBJECT, NOW) == timedelta(minutes=15)
    assert (
        str(TooMany(timedelta(minutes=15)))
        == "There were too many attempts. Wait 15 minutes, then try again."
    )
    assert "Wait 1 minute," in str(TooMany(timedelta(seconds=60)))


def test_old_attempts_are_thrown_away(database):
    count(((SIGN_IN_ACCOUNT, SUBJECT),), NOW)
    count(((SIGN_IN_ACCOUNT, SUBJECT),), NOW + timedelta(hours=20))
    attempts.tidy(Claim(1, "accounts.tidy", {}, 1), NOW + timedelta(hours=30))
    assert db.scalars(select(Attempt.attempted_at)).all() == [datetime(2027, 3, 2, 5, 0, tzinfo=UTC)]

"""The messages of a journey, for its organisers."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import letters
from app.accounts.models import User
from app.database import db
from app.messages import operations, recipients
from app.messages import queries as messages
from app.messages.models import MessageState, OutboxMessage
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import ada, browser_of, cora, pat, seat, will

REASON = "550 5.1.1 <pat@example.org>: no such user"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def offering(database):
    return make_offering(make_learning_session())


@pytest.fixture
def here(offering):
    seat(pat(), offering)
    return f"/organise/journeys/{offering.learning_session.journey.slug}/messages"


def own(journey_id):
    query = select(OutboxMessage).where(OutboxMessage.scope == f"journey:{journey_id}")
    return db.scalars(query.order_by(OutboxMessage.id)).all()


@pytest.fixture
def journey(offering):
    return offering.learning_session.journey


def kill(message):
    message.state, message.last_error, message.answer_code, message.tries = MessageState.DEAD, REASON, 550, 1
    recipients.mark_refused(message.to_address, 550, REASON, NOW - timedelta(days=1))
    db.flush()
    return message.id


def test_it_is_empty(app, database):
    journey = make_journey()
    page = Page(browser_of(app, ada(journey)).get(f"/organise/journeys/{journey.slug}/messages"))
    assert (page.status, page.title, page.sections) == (200, "Messages", ["Nothing yet"])


def test_who_may(app, here, journey):
    assert browser_of(app).get(here).status_code == 303
    assert browser_of(app, will()).get(here).status_code == 403
    other = ada(make_journey("Another journey"))
    assert browser_of(app, other).get(here).status_code == 403


def test_organisers_see_what_people_were_told(app, here, journey):
    browser = browser_of(app, ada(journey))
    slug = journey.slug
    page = Page(browser.get(here))
    assert "Pat Asante pat@example.org" in page.text
    assert Page(browser.get(f"/organise/journeys/{slug}/")).links["Messages"] == here


def test_account_letters_and_those_of_other_journeys_are_not_there(app, here, journey):
    user = db.scalars(select(User).where(User.email == "pat@example.org")).one()
    letters.send(letters.PASSWORD_RESET, user, NOW, stamp="x")
    other = operations.queue("enrolled", "pat@example.org", "Pat", {}, NOW, scope="journey:9999")
    reset = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == letters.PASSWORD_RESET)).one().id
    browser = browser_of(app, ada(journey))
    assert "A new password" not in Page(browser.get(here)).text
    for number in (other, reset, 2**40):
        for path in (f"{here}/{number}", f"{here}/{number}/letter"):
            assert browser.get(path).status_code == 404
        assert browser.submit(f"{here}/{number}/retry", page="/organise/new-journey").status_code == 404


def test_who_only_reads_sees_no_address_and_retries_nothing(app, here, journey):
    reader, number = cora(journey), kill(own(journey.id)[0])
    browser = browser_of(app, reader)
    for path in (here, f"{here}/{number}", f"{here}/{number}/letter", f"{here}?q=pat%40example"):
        text = browser.get(path).text
        assert "pat@example.org" not in text, path
        assert "Pat Asante" in text or path.endswith("letter")
    page = Page(browser.get(here))
    assert "Mail does not reach their address: 550 5.1.1 <[address]>: no such user, since" in page.text
    assert "Try again" not in page.text
    assert browser.submit(f"{here}/{number}/retry", page="/me/profile").status_code == 403
    assert browser.get(f"{here}/retry").status_code == 403


def test_who_is_not_reached_is_listed_and_marked_on_the_roster(app, here, journey, offering):
    seat(will(), offering)
    offering_id, keeper = offering.id, ada(journey)
    kill(own(journey.id)[0])
    browser = browser_of(app, keeper)
    page = Page(browser.get(here))
    assert "One person is not reached" in page.sections
    assert f"Mail does not reach pat@example.org: {REASON}, since Sunday 28 February 2027, 09:00" in page.text
    for roster in (here.replace("/messages", "/roster"), f"/organise/offerings/{offering_id}/roster"):
        assert Page(browser.get(roster)).text.count("mail does not arrive") == 1


def test_an_organiser_tries_again(app, here, journey):
    keeper, number = ada(journey), kill(own(journey.id)[0])
    browser = browser_of(app, keeper)
    assert browser.submit(f"{here}/{number}/retry", page=f"{here}/{number}").status_code == 303
    assert db.get_one(OutboxMessage, number).state is MessageState.QUEUED
    assert messages.recipient("pat@example.org").refused_at is None
    kill(db.get_one(OutboxMessage, number))
    page = Page(browser.get(f"{here}/retry"))
    assert page.title == "Try 1 message again?"
    assert browser.submit(f"{here}/retry", {"up_to": str(number)}).status_code == 303
    assert db.get_one(OutboxMessage, number, populate_existing=True).state is MessageState.QUEUED


def test_nobody_tries_those_of_another_journey_again(app, here, journey):
    keeper = ada(journey)
    kill(own(journey.id)[0])
    other = operations.queue("enrolled", "x@example.org", "X", {}, NOW, scope="journey:9999")
    kill(db.get_one(OutboxMessage, other))
    browser = browser_of(app, keeper)
    browser.submit(f"{here}/retry", {"up_to": "999999"})
    assert db.get_one(OutboxMessage, other, populate_existing=True).state is MessageState.DEAD


def test_links_that_act_are_hidden_even_on_a_demonstration(app, here, journey):
    scope = f"journey:{journey.id}"
    reset = letters.CONFIRM_ADDRESS
    user = db.scalars(select(User).where(User.email == "pat@example.org")).one()
    user.email_confirmed_at = None
    number = operations.queue(reset, user.email, "Pat", {"user_id": user.id}, NOW, scope=scope)
    browser = browser_of(app, ada(journey))
    assert "/confirm-address/…" in browser.get(f"{here}/{number}").text
    assert "/confirm-address/…" in browser.get(f"{here}/{number}/letter").text
    assert "/confirm-address/ey" not in browser.get(f"{here}/{number}/letter").text


def test_the_queries_do_not_grow(app, here, journey, query_counter):
    browser, scope, counts = browser_of(app, ada(journey)), f"journey:{journey.id}", []
    for more in (1, 29):
        for count in range(more):
            address = f"{more}-{count}@example.org"
            kill(
                db.get_one(
                    OutboxMessage, operations.queue("enrolled", address, "Somebody", {}, NOW, scope=scope)
                )
            )
        with query_counter() as counted:
            assert browser.get(here).status_code == 200
        counts.append(counted.count)
    assert counts[0] == counts[1]

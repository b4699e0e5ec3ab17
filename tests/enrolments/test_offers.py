"""A place on offer: told with its deadline in the person's zone, accepted, declined, or lapsed."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.database import db
from app.domain.seats import PlaceStatus
from app.enrolments import operations
from app.enrolments.decisions import PlaceDecision
from app.enrolments.models import Place
from app.learning_sessions.models import Offering
from tests.enrolments.reading import counters, several, statuses
from tests.enrolments.ruled import OFFERS, place_of, ruled
from tests.factories import NOW, make_learning_session, make_offering
from tests.page import Page
from tests.people import browser_of, nora, pat, seat, will

JOURNEY = "/journeys/financing-and-payment-models/"
HERE = f"{JOURNEY}sessions/what-capitation-pays-for/"
CONFIRMED, OFFERED, RELEASED, WAITING = (
    PlaceStatus.CONFIRMED, PlaceStatus.OFFERED, PlaceStatus.RELEASED, PlaceStatus.WAITING,
)  # fmt: skip
DEADLINE = NOW + timedelta(hours=48)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def on_offer(person, behind=(), **facts) -> Place:
    """A place that is on offer to somebody, those behind them waiting."""
    offering = ruled(OFFERS, capacity_online=1, **facts)
    holder = several(1)[0]
    held = seat(holder, offering)
    mine = seat(person, offering)
    for one in behind:
        seat(one, offering)
    operations.release_place(held, NOW)
    assert mine.status is OFFERED
    return mine


def test_the_offer_stands_with_its_deadline_in_the_persons_zone_and_is_accepted(app, database):
    person = will()
    mine = on_offer(person)
    number, browser = mine.id, browser_of(app, person)

    page = Page(browser.get(HERE))
    assert "A place is kept for you until Wednesday 3 March 2027, 15:00 in Dhaka (UTC+6)." in page.text
    assert page.buttons == ["Accept the place"]
    assert page.links["Decline"] == f"/me/places/{number}/release"
    assert "1 of 1 place is taken, 1 on offer." in page.text

    answer = browser.submit(f"/me/places/{number}/accept", page=HERE)

    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    after = Page(browser.get(HERE))
    assert after.notices == [
        "You have a place. It stands in My learning, and in your calendar if you subscribe to it."
    ]
    assert "Confirmed since 1 March 2027" in after.text
    assert db.get_one(Place, number).status is CONFIRMED


def test_the_page_a_message_leads_to_says_what_is_offered_and_until_when(app, database):
    person = will()
    number = on_offer(person).id
    browser = browser_of(app, person)

    page = Page(browser.get(f"/me/places/{number}/accept"))

    assert (page.status, page.title) == (200, "Accept your place in “What capitation pays for”?")
    assert "It is kept for you until Wednesday 3 March 2027, 15:00 in Dhaka (UTC+6)." in page.text
    assert "Thursday 22 April 2027 18:00–19:30 in Dhaka" in page.text
    assert page.buttons == ["Accept the place"]
    assert browser.submit(f"/me/places/{number}/accept").status_code == 303
    assert db.get_one(Place, number).status is CONFIRMED
    assert browser.get(f"/me/places/{number}/accept").headers["Location"] == HERE


def test_accepting_twice_is_accepting_once(app, database):
    person = will()
    mine = on_offer(person)
    number, offering_id, browser = mine.id, mine.offering_id, browser_of(app, person)
    form = Page(browser.get(f"/me/places/{number}/accept"))
    fields = {facts["name"]: facts["value"] for tag, facts in form.tags if tag == "input"}
    other_tab = {**fields, "once": "another"}

    answers = [
        browser.post(f"/me/places/{number}/accept", data=sent).status_code
        for sent in (fields, fields, other_tab)
    ]

    assert answers == [303, 303, 303]
    assert counters(db.get_one(Offering, offering_id)) == (1, 0)
    accepted = select(func.count()).select_from(PlaceDecision).where(PlaceDecision.what == "accepted")
    assert db.scalar(accepted) == 1


def test_a_repeat_that_arrives_late_does_not_take_the_place_up_again(app, database):
    person = will()
    number = on_offer(person).id
    browser = browser_of(app, person)
    form = Page(browser.get(f"/me/places/{number}/accept"))
    fields = {facts["name"]: facts["value"] for tag, facts in form.tags if tag == "input"}
    browser.post(f"/me/places/{number}/accept", data=fields)
    browser.submit(f"/me/places/{number}/release")

    assert browser.post(f"/me/places/{number}/accept", data=fields).status_code == 303

    assert db.get_one(Place, number).status is RELEASED


def test_declining_passes_the_place_on_to_the_next(app, database):
    person, next_one = will(), nora()
    mine = on_offer(person, [next_one])
    number, offering_id, browser = mine.id, mine.offering_id, browser_of(app, person)

    page = Page(browser.get(f"/me/places/{number}/release"))
    assert page.title == "Decline the place offered to you in “What capitation pays for”?"
    assert page.buttons == ["Decline the place"]
    browser.submit(f"/me/places/{number}/release")

    after = Page(browser.get(HERE))
    assert after.notices == ["You have declined the place; somebody else can have it."]
    assert "You declined the place you were offered. 1 March 2027" in after.text
    assert place_of(offering_id, next_one.id).status is OFFERED


def test_an_offer_accepted_too_late_has_ended_and_the_next_has_it(app, database, time_machine):
    person, next_one = will(), nora()
    mine = on_offer(person, [next_one])
    number, offering_id = mine.id, mine.offering_id
    time_machine.move_to(DEADLINE)
    browser = browser_of(app, person)
    shown = Page(browser.get(HERE))
    assert "The offer ended on Wednesday 3 March 2027, 15:00 in Dhaka (UTC+6)" in shown.text
    assert shown.buttons == []

    answer = browser.submit(f"/me/places/{number}/accept", page="/sign-out")

    assert answer.status_code == 303
    page = Page(browser.get(HERE))
    assert page.notices == [
        "This offer has ended. You can ask for a place again; you join the end of the line."
    ]
    assert "The offer of a place ended before it was accepted" in page.text
    assert page.buttons == ["Join the waiting list"]
    assert statuses(db.get_one(Offering, offering_id)) == [RELEASED, RELEASED, OFFERED]
    late = browser.get(f"/me/places/{number}/accept")
    assert (late.status_code, late.headers["Location"]) == (303, HERE)
    assert Page(browser.get(HERE)).notices == ["This offer has ended. The page says where you stand now."]


def test_accepting_swaps_the_twin_in_the_same_step(app, database):
    person = will()
    learning_session = make_learning_session()
    evening = make_offering(learning_session, capacity_online=5)
    held = seat(person, evening)
    mine = on_offer(person, learning_session=learning_session)
    number, held_id = mine.id, held.id
    browser = browser_of(app, person)

    assert held.status is CONFIRMED
    words = "Accepting this one gives that one up in the same step"
    assert words in Page(browser.get(HERE)).text
    assert words in Page(browser.get(f"/me/places/{number}/accept")).text
    browser.submit(f"/me/places/{number}/accept")

    assert [db.get_one(Place, one).status for one in (held_id, number)] == [RELEASED, CONFIRMED]
    assert "You changed to another sitting of this session." in Page(browser.get(HERE)).text


def test_of_two_offers_one_is_taken_and_the_other_ends(app, database):
    person, next_one = will(), nora()
    learning_session = make_learning_session()
    first, second = (ruled(OFFERS, learning_session, capacity_online=1) for _ in range(2))
    holders = several(2)
    held = [seat(holder, one) for holder, one in zip(holders, (first, second), strict=True)]
    mine = [seat(person, one) for one in (first, second)]
    seat(next_one, first)
    for one in held:
        operations.release_place(one, NOW)
    numbers, first_id = [one.id for one in mine], first.id
    browser = browser_of(app, person)
    assert Page(browser.get(HERE)).buttons == ["Accept the place", "Accept the place"]
    text = Page(browser.get(f"/me/places/{numbers[1]}/accept")).text
    assert "is on offer to you too. Accepting this one ends that offer" in text

    browser.submit(f"/me/places/{numbers[1]}/accept")

    assert [db.get_one(Place, one).status for one in numbers] == [RELEASED, CONFIRMED]
    assert place_of(first_id, next_one.id).status is OFFERED


@pytest.mark.parametrize("who", [None, pat])
def test_an_offer_is_its_holders_alone(app, database, who):
    number = on_offer(will()).id
    browser = browser_of(app, who() if who else None)

    got, sent = browser.get(f"/me/places/{number}/accept"), browser.post(f"/me/places/{number}/accept")

    assert (got.status_code, sent.status_code) == ((404, 404) if who else (303, 303))
    assert db.get_one(Place, number).status is OFFERED


def test_a_form_without_its_token_is_shown_again(app, database):
    person = will()
    number = on_offer(person).id

    answer = browser_of(app, person).post(f"/me/places/{number}/accept")

    assert (answer.status_code, Page(answer).buttons) == (422, ["Accept the place"])
    assert db.get_one(Place, number).status is OFFERED

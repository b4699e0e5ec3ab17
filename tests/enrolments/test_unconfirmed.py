"""Who has not confirmed their address takes no place, is told what to do, and loses nothing by asking."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.database import db
from app.domain.admission import Admission, Policy
from app.domain.seats import PlaceStatus
from app.enrolments import admitting, operations, queries
from app.enrolments.group_links import token_of
from app.enrolments.models import Enrolment, EnrolmentStatus, Interest, Place
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering
from app.scheduling.answering import Answer, answer_interest
from tests.enrolments.grouping import make_block
from tests.enrolments.ruled import OFFERS, ruled
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.mailbox import path_in
from tests.page import Page
from tests.people import ada, browser_of, pat, seat, una

FIRST = "Confirm your address first"
WAITS = "una@example.org waits to be confirmed."
AGAIN = "Send the letter again"


@pytest.fixture(autouse=True)
def _monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def page_of(offering: Offering) -> str:
    return f"/journeys/{offering.learning_session.journey.slug}/sessions/{offering.learning_session.slug}/"


def places() -> int:
    return db.scalar(select(func.count(Place.id))) or 0


def confirm(person_id: int) -> None:
    db.get_one(User, person_id).email_confirmed_at = NOW
    db.commit()


def test_the_page_says_so_and_the_letter_leads_back_to_the_place(app, database):
    offering = make_offering()
    here, ask = page_of(offering), f"/offerings/{offering.id}/places"
    browser = browser_of(app, una())
    page = Page(browser.get(here))
    assert WAITS in page.text
    assert AGAIN in page.buttons
    assert not [one for one in page.buttons if "place" in one]

    sent = browser.submit("/me/confirm-address", {"next": here}, page=here)
    assert sent.location == here
    assert browser.submit(path_in(app, "confirm-address", "confirm-address")).location == here
    page = Page(browser.get(here))
    assert page.buttons[-1] == "Enrol and take a place"
    assert browser.submit(ask, {"way": "online"}, page=here).status_code == 303
    assert places() == 1


def test_who_asks_anyway_is_refused_with_what_to_do_and_asks_again_with_the_same_form(app, database):
    offering, who = make_offering(), una()
    here, ask, user_id = page_of(offering), f"/offerings/{offering.id}/places", who.user_id
    browser = browser_of(app, who)
    form = {"way": "online", "once": "one-form"}
    refused = browser.submit(
        ask, form, page="/me/profile", headers={"Referer": f"http://127.0.0.1:8000{here}"}
    )
    page = Page(refused)
    assert (refused.status_code, page.title) == (403, FIRST)
    assert AGAIN in page.buttons
    assert page.links["Back to where I was"] == here
    assert (places(), database.scalar(select(func.count(Enrolment.participant_id)))) == (0, 0)
    confirm(user_id)
    assert browser.submit(ask, form, page="/me/profile").status_code == 303
    assert places() == 1


def test_the_refusal_leads_nowhere_else(app, database):
    offering = make_offering()
    ask = f"/offerings/{offering.id}/places"
    for referrer in ("http://elsewhere.example/x", "http://127.0.0.1:8000//elsewhere.example", ""):
        headers = {"Referer": referrer} if referrer else {}
        browser = browser_of(app, queries_user() or una())
        page = Page(browser.submit(ask, {"way": "online"}, page="/me/profile", headers=headers))
        assert page.links["Back to where I was"] == "/me/", referrer


def queries_user() -> User | None:
    return db.scalar(select(User).filter_by(email="una@example.org"))


def test_a_stranger_and_an_unseen_session_answer_as_ever(app, database):
    offering = make_offering()
    ask = f"/offerings/{offering.id}/places"
    assert browser_of(app).submit(ask, {"way": "online"}, page="/sign-in").location.startswith("/sign-in")
    unseen = make_offering(make_learning_session(make_journey("Draft", status=JourneyStatus.DRAFT)))
    path, browser = f"/offerings/{unseen.id}/places", browser_of(app, una())
    assert browser.submit(path, {"way": "online"}, page="/me/profile").status_code == 404


def test_enrolling_without_a_place_stays_allowed(app, database):
    journey, who = make_journey(), una()
    path, participant_id, number = f"/journeys/{journey.slug}/enrolment", who.id, journey.id
    browser = browser_of(app, who)
    page = Page(browser.get(f"{path}?all=1"))
    assert "You can enrol now, and take places once una@example.org is confirmed" in page.text
    assert "wants_all" not in page.source
    assert browser.submit(path).status_code == 303
    assert queries.enrolment(number, participant_id).status is EnrolmentStatus.ACTIVE


def test_a_place_in_every_session_is_refused_and_what_was_typed_stays(app, database):
    journey, who = make_journey(), una()
    admitting.change_policy(
        journey, Policy(timezone="Europe/London", admission=Admission.APPROVAL, question="Why?"), NOW
    )
    participant_id, number = who.id, journey.id
    browser = browser_of(app, who)
    path = f"/journeys/{journey.slug}/enrolment"
    refused = browser.submit(path, {"answer": "To learn.", "wants_all": "y"})
    assert refused.status_code == 403
    page = Page(refused)
    assert "Confirm your e-mail address first: open the link in our letter to it." in page.text
    assert 'href="#wants_all"' in page.source
    assert "To learn.</textarea>" in page.source
    assert queries.enrolment(number, participant_id) is None
    assert browser.submit(path, {"answer": "To learn."}).status_code == 303
    assert queries.enrolment(number, participant_id).wants_all is False


def test_every_session_can_be_wished_for_once_it_is_confirmed(app, database):
    offering, who = make_offering(), una()
    journey, user_id = offering.learning_session.journey, who.user_id
    operations.enrol(journey, who, NOW)
    path = f"/journeys/{journey.slug}/enrolment/all"
    browser = browser_of(app, who)
    page = Page(browser.get(path))
    assert WAITS in page.text
    assert "Take part in every session" not in page.buttons
    refused = browser.submit(path, {"wish": "all"})
    assert (refused.status_code, Page(refused).title) == (403, FIRST)
    assert Page(refused).links["Back to where I was"] == path
    assert places() == 0
    confirm(user_id)
    assert browser.submit(path, {"wish": "all"}).status_code == 303
    assert places() == 1


def test_an_offer_is_kept_until_it_is_confirmed(app, database):
    offering, who, holder = ruled(OFFERS, capacity_online=1), una(), pat()
    held, mine = seat(holder, offering), seat(who, offering)
    operations.release_place(held, NOW)
    assert mine.status is PlaceStatus.OFFERED
    path, number, user_id = f"/me/places/{mine.id}/accept", mine.id, who.user_id
    here = page_of(offering)
    browser = browser_of(app, who)
    for shown in (path, here, "/me/"):
        page = Page(browser.get(shown))
        assert "Accept the place" not in page.buttons, shown
    page = Page(browser.get(path))
    assert WAITS in page.text
    assert AGAIN in page.buttons
    refused = browser.submit(path, {"once": "one-form"})
    assert (refused.status_code, Page(refused).links["Back to where I was"]) == (403, path)
    assert database.get_one(Place, number).status is PlaceStatus.OFFERED
    confirm(user_id)
    assert browser.submit(path, {"once": "one-form"}).status_code == 303
    assert database.get_one(Place, number).status is PlaceStatus.CONFIRMED


def test_a_groups_link_waits_too(app, database):
    offering, who = make_offering(capacity_online=5), una()
    block = make_block(offering)
    path, user_id = f"/join-group/{token_of(block, app.config['SETTINGS'])}", who.user_id
    browser = browser_of(app, who)
    page = Page(browser.get(path))
    assert WAITS in page.text
    assert "Take a place" not in page.buttons
    refused = browser.submit(path)
    assert (refused.status_code, Page(refused).title) == (403, FIRST)
    assert Page(refused).links["Back to where I was"] == path
    assert places() == 0
    confirm(user_id)
    assert browser.submit(path).status_code == 303
    assert places() == 1


def test_my_learning_says_so_until_it_is_confirmed(app, database):
    who = una()
    user_id, browser = who.user_id, browser_of(app, who)
    page = Page(browser.get("/me/"))
    assert WAITS in page.notices[0]
    assert AGAIN in page.buttons
    confirm(user_id)
    page = Page(browser.get("/me/"))
    assert (page.notices, AGAIN in page.buttons) == ([], False)


def test_places_that_others_give_need_no_address(app, database):
    """Of an organiser who names somebody, or whose import seats them."""
    offering, who = make_offering(), una()
    seat(who, offering)
    assert places() == 1


def test_who_would_come_is_asked_again_instead_of_seated(app, database):
    learning_session, who, other = make_learning_session(), una(), pat()
    journey = learning_session.journey
    for one in (who, other):
        operations.enrol(journey, one, NOW)
    path = f"/journeys/{journey.slug}/sessions/{learning_session.slug}/interest"
    numbers = (learning_session.id, other.id)
    for one in (who, other):
        browser = browser_of(app, one)
        assert browser.submit(path, {"note": ""}).status_code == 303
    assert database.scalar(select(func.count(Interest.id))) == 2
    learning_session = db.get_one(type(learning_session), numbers[0])
    answered = answer_interest(make_offering(learning_session), Answer.PLACES, NOW + timedelta(hours=1))
    assert (answered.confirmed, answered.invited) == (1, 1)
    assert db.scalars(select(Place.participant_id)).all() == [numbers[1]]


def test_a_preview_shows_what_a_confirmed_adviser_sees(app, database):
    offering = make_offering()
    path = f"/organise{page_of(offering)}preview?as=adviser"
    page = Page(browser_of(app, ada(offering.learning_session.journey)).get(path))
    assert "Take a place" in page.buttons


@pytest.mark.parametrize("path", ["/me/", "session"])
def test_it_costs_no_query(app, database, query_counter, path):
    offering, confirmed, waiting = make_offering(), pat(), una()
    here = page_of(offering) if path == "session" else path
    counts = []
    for who in (confirmed, waiting):
        browser = browser_of(app, who)
        browser.get(here)
        with query_counter() as counted:
            browser.get(here)
        counts.append(counted.count)
    assert counts[0] == counts[1]

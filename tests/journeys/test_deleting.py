"""Deleting a journey: only a draft nobody has counted on, and never without being asked."""

import pytest
from sqlalchemy import func, select

from app.domain.permissions import OrganiserRole
from app.facilitators.models import Facilitator
from app.journeys.composing import add_contact, add_outcome
from app.journeys.models import Journey, JourneyStatus, Outcome
from app.journeys.operations import assign_organiser, place_under, rename
from app.learning_sessions.models import LearningSession, Offering
from tests.factories import NOW, make_facilitator, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import ada, browser_of, cora, lead, make_account, nora, pat, root, seat

DESK = "/organise/journeys/financing-and-payment-models/"
DELETE = f"{DESK}delete"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def count(database, model) -> int:
    return int(database.scalar(select(func.count()).select_from(model)))


def test_a_draft_goes_with_what_it_holds_after_saying_what_that_is(app, database):
    journey = make_journey("Old title", status=JourneyStatus.DRAFT)
    rename(journey, "Financing and Payment Models", NOW)
    add_outcome(journey, "You can pay.", NOW)
    add_contact(journey, "Ada Owusu", NOW)
    one = make_learning_session(journey, "One")
    lead(make_offering(one), make_facilitator())
    make_offering(one)
    make_learning_session(journey, "Two")
    browser = browser_of(app, ada(journey))
    page = Page(browser.get(DELETE))
    assert page.title == "Delete “Financing and Payment Models”?"
    assert "2 sessions with 2 sittings 1 outcome 1 key contact its texts" in page.text
    assert page.buttons == ["Delete it for good"]

    answer = browser.submit(DELETE)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/organise/")
    left = {model.__name__: count(database, model) for model in (Journey, Outcome, LearningSession, Offering)}
    assert left == {"Journey": 0, "Outcome": 0, "LearningSession": 0, "Offering": 0}
    assert count(database, Facilitator) == 1
    assert browser.get(DESK).status_code == 404
    assert "Delete" not in Page(browser_of(app).get("/journeys/?q=financing")).text


@pytest.mark.parametrize("status", [one for one in JourneyStatus if one is not JourneyStatus.DRAFT])
def test_what_was_ever_published_is_archived_instead(app, database, status):
    browser = browser_of(app, ada(make_journey(status=status)))

    page = Page(browser.get(DELETE))
    answer = browser.submit(DELETE, page="/sign-out")

    assert page.title == "“Financing and Payment Models” is not deleted"
    assert "Archive it instead." in page.text
    assert page.buttons == []
    assert answer.status_code == 422
    assert "Archive it instead." in Page(answer).notices[0]
    assert count(database, Journey) == 1


def test_what_people_have_counted_on_stays(app, database):
    offering = make_offering()
    journey = offering.learning_session.journey
    seat(pat(), offering)
    journey.status, journey.published_at = JourneyStatus.DRAFT, None  # as no screen leaves it
    browser = browser_of(app, ada(journey))

    answer = browser.submit(DELETE, page="/sign-out")

    assert answer.status_code == 422
    assert "People have enrolled in it or asked for places." in Page(answer).notices[0]
    assert count(database, Journey) == 1


def test_a_network_keeps_its_parts(app, database):
    network, part = make_journey(status=JourneyStatus.DRAFT), make_journey("A part")
    place_under(part, network, NOW)

    page = Page(browser_of(app, ada(network)).get(DELETE))

    assert "Other journeys are part of it: A part. Take them out of it first." in page.text


def test_who_may_delete(app, database):
    journey = make_journey(status=JourneyStatus.DRAFT)
    people = {"ada": ada(journey), "cora": cora(journey), "root": root(), "nora": nora(), "stan": None}
    people["eddy"] = make_account("Eddy Editor")
    assign_organiser(journey, people["eddy"], OrganiserRole.EDITOR, NOW)

    seen = {name: browser_of(app, who).get(DELETE).status_code for name, who in people.items()}
    sent = {
        name: browser_of(app, people[name])
        .submit(DELETE, page="/sign-out" if people[name] else "/sign-in")
        .status_code
        for name in ("cora", "eddy", "nora", "stan")
    }

    assert seen == {"ada": 200, "root": 200, "cora": 403, "eddy": 403, "nora": 404, "stan": 404}
    assert sent == {"cora": 403, "eddy": 403, "nora": 404, "stan": 404}
    assert browser_of(app, people["ada"]).post(DELETE).status_code == 422
    assert count(database, Journey) == 1

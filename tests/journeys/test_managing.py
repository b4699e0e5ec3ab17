"""The hub of a journey on the desk: where it stands, what it lacks, and the way to every screen."""

import pytest

from app.domain.permissions import OrganiserRole
from app.journeys.composing import add_activity, add_contact, add_outcome, set_topics
from app.journeys.matter import ActivityKind
from app.journeys.models import JourneyKind, JourneyStatus
from app.journeys.operations import assign_organiser
from tests.factories import NOW, make_facilitator, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import ada, browser_of, cora, lead, make_account, nora, root

HUB = "/organise/journeys/financing-and-payment-models/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def test_a_bare_draft_is_told_what_it_lacks_and_where_that_is_mended(app, database):
    journey = make_journey(status=JourneyStatus.DRAFT)

    page = Page(browser_of(app, ada(journey)).get(HUB))

    assert (page.status, page.title) == (200, "Financing and Payment Models")
    assert "A draft: only its organisers see it." in page.text
    assert "Six things are missing. None of them keeps you from publishing." in page.text
    assert page.links["Write it : It has no summary: the catalogue would show its title alone."] == (
        f"{HUB}edit#summary"
    )
    assert page.links["Name one : It names no outcome."] == f"{HUB}parts/outcomes/"
    assert page.links["Name a contact : It names nobody to turn to."] == f"{HUB}parts/contacts/"
    assert page.links["Add one : It has no session."] == f"{HUB}new-session"


def test_sessions_are_told_what_their_sittings_lack(app, database):
    journey = make_journey()
    make_learning_session(journey, "Without a date")
    offering = make_offering(make_learning_session(journey, "With a date"))
    organiser = ada(journey)

    text = Page(browser_of(app, organiser).get(HUB)).text

    assert "“Without a date” has no date." in text
    assert "“With a date” has no facilitator." in text
    assert "“With a date” is held online and has no join link." in text
    assert "2 With a date Thu 22 April, 13:00–14:30 London, BST online" in text
    assert f"/organise/offerings/{offering.id}/edit" in Page(browser_of(app, organiser).get(HUB)).source


def test_a_link_without_text_is_found_in_texts_and_activities(app, database):
    journey = make_journey(purpose="See [](https://example.org/).")
    add_activity(journey, ActivityKind.VIDEO, "A film", NOW, url="https://example.org/film")

    text = Page(browser_of(app, ada(journey)).get(HUB)).text

    assert "A link in its purpose has no text to read." in text
    assert "The link of “A film” has no text." in text


def test_a_journey_that_has_everything_is_told_so(app, database):
    journey = make_journey(summary="About money.", purpose="To pay well.")
    add_outcome(journey, "You can pay.", NOW)
    add_contact(journey, "Ada Owusu", NOW)
    set_topics(journey, ["Financing"], NOW)
    offering = make_offering(make_learning_session(journey), join_url="https://example.org/room")
    lead(offering, make_facilitator())

    assert "Nothing is missing" in Page(browser_of(app, ada(journey)).get(HUB)).text


def test_a_network_needs_no_session(app, database):
    journey = make_journey(kind=JourneyKind.NETWORK)

    assert "It has no session" not in Page(browser_of(app, ada(journey)).get(HUB)).text


def test_sessions_move_up_and_down_but_not_off_the_ends(app, database):
    journey = make_journey()
    for title in ("One", "Two", "Three"):
        make_learning_session(journey, title)

    page = Page(browser_of(app, ada(journey)).get(HUB))

    moves = [text for text in page.buttons if text.startswith("Move")]
    assert moves == ["Move down : One", "Move up : Two", "Move down : Two", "Move up : Three"]


def test_who_may_only_read_is_shown_everything_and_offered_nothing(app, database):
    journey = make_journey(status=JourneyStatus.DRAFT)
    make_learning_session(journey, "One")
    make_learning_session(journey, "Two")
    reader = cora(journey)

    page = Page(browser_of(app, reader).get(HUB))

    assert page.status == 200
    assert page.buttons == []
    assert "It names no outcome." in page.text
    leads_to = {href.removeprefix(HUB) for href in page.links.values() if href.startswith(HUB)}
    assert leads_to == {
        "preview?as=stranger", "preview?as=adviser", "calendar", "messages", "roster", "sessions/one/",
        "sessions/two/",
    }  # fmt: skip


def test_who_sees_the_hub_of_a_draft(app, database):
    journey = make_journey(status=JourneyStatus.DRAFT)
    people = {"ada": ada(journey), "cora": cora(journey), "root": root(), "nora": nora(), "stan": None}
    people["petra"] = make_account("Petra People")
    assign_organiser(journey, people["petra"], OrganiserRole.PEOPLE, NOW)

    answers = {name: browser_of(app, who).get(HUB).status_code for name, who in people.items()}

    assert answers == {"ada": 200, "cora": 200, "petra": 200, "root": 200, "nora": 404, "stan": 404}


def test_the_hub_of_a_public_journey_is_closed_to_others(app, database):
    make_journey()

    assert browser_of(app, nora()).get(HUB).status_code == 403
    assert browser_of(app).get(HUB).status_code == 303


@pytest.mark.parametrize("path", [HUB, "/organise/", f"{HUB}edit", f"{HUB}organisers", f"{HUB}delete"])
def test_thirty_of_everything_cost_no_more_than_one(app, database, query_counter, path):
    journey = make_journey(status=JourneyStatus.DRAFT)
    organiser = ada(journey)
    set_topics(journey, ["Topic"], NOW)
    make_offering(make_learning_session(journey, "First"))
    few = cost(browser_of(app, organiser), path, query_counter)
    journey = database.get_one(type(journey), journey.id)
    set_topics(journey, [f"Topic {number}" for number in range(30)], NOW)
    for number in range(30):
        make_offering(make_learning_session(journey, f"Session {number}"))
        add_outcome(journey, f"Outcome {number}", NOW)
        add_contact(journey, f"Person {number}", NOW)
        assign_organiser(journey, make_account(f"Helper{number} Jones"), OrganiserRole.READER, NOW)
        assign_organiser(journey, organiser, OrganiserRole.OWNER, NOW)
        make_journey_of(organiser, number)

    assert cost(browser_of(app, organiser), path, query_counter) == few


def make_journey_of(organiser, number):
    assign_organiser(make_journey(f"Journey {number}"), organiser, OrganiserRole.OWNER, NOW)


def cost(browser, path, query_counter):
    assert browser.get(path).status_code == 200
    with query_counter() as counted:
        assert browser.get(path).status_code == 200
    return counted.count

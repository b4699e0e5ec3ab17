"""What pages cost people with much behind them: as much as people with little. Strangers: test_queries."""

from collections.abc import Callable

import pytest

from app.journeys.models import Journey
from app.learning_sessions.models import Offering
from app.participants.models import Participant
from bench.matter import copy_journeys
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_participant
from tests.page import Page
from tests.people import ada, browser_of, pat, seat, will
from tests.reader import QueryCounter

MOST_FOR_A_STRANGER = 12
MORE_WHEN_SIGNED_IN = 4


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def cost(browser, path: str, query_counter: Callable[[], QueryCounter]) -> int:
    """The statements of a second visit."""
    assert browser.get(path).status_code == 200
    with query_counter() as counted:
        assert browser.get(path).status_code == 200
    return counted.count


def full_sitting(journey: Journey, number: int, holder: Participant) -> Offering:
    """A sitting whose one place somebody holds."""
    offering = make_offering(
        make_learning_session(journey, f"Session {number}"),
        capacity_online=1,
        join_url="https://example.org/",
    )
    seat(holder, offering)
    return offering


@pytest.mark.parametrize("path", ["/journeys/busy/", "/journeys/busy/sessions/session-0/"])
def test_thirty_places_cost_no_more_than_one(app, database, query_counter, path):
    journey, one, thirty = make_journey("Busy"), pat(), will()
    for number in range(30):
        offering = full_sitting(journey, number, thirty)
        if number == 0:
            seat(one, offering)

    alone = cost(browser_of(app), path, query_counter)
    waiting, holding = (cost(browser_of(app, who), path, query_counter) for who in (one, thirty))

    assert waiting == holding
    assert alone <= MOST_FOR_A_STRANGER
    assert holding <= alone + MORE_WHEN_SIGNED_IN


@pytest.mark.parametrize("path", ["/journeys/busy/", "/journeys/busy/sessions/session-0/"])
def test_an_organiser_pays_the_same_for_one_person_and_for_thirty(app, database, query_counter, path):
    journey = make_journey("Busy")
    offering = make_offering(make_learning_session(journey, "Session 0"))
    organiser = ada(journey)
    seat(pat(), offering)
    few = cost(browser_of(app, organiser), path, query_counter)
    offering = database.get_one(Offering, offering.id)
    for number in range(29):
        seat(make_participant(f"Person {number}"), offering)

    many = cost(browser_of(app, organiser), path, query_counter)

    assert many == few
    assert many <= MOST_FOR_A_STRANGER + MORE_WHEN_SIGNED_IN


def test_the_catalogue_costs_the_same_for_ten_journeys_and_for_ten_thousand(client, database, query_counter):
    make_offering()
    copy_journeys(10, NOW)
    few = cost(client, "/", query_counter)
    copy_journeys(10_000, NOW)

    many = cost(client, "/", query_counter)

    assert "10,000" in Page(client.get("/")).text
    assert many == few

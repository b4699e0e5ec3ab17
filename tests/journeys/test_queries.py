"""What the pages of a journey and a session cost, counted in statements."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.domain.permissions import OrganiserRole
from app.journeys import composing
from app.journeys.crediting import Named
from app.journeys.matter import ActivityKind, PartnerRole
from app.journeys.models import Journey, JourneyKind
from app.journeys.operations import assign_organiser
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import Part
from app.toolkits.operations import link_journey
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_organisation,
    make_toolkit,
)
from tests.page import Page
from tests.people import ada, browser_of, lead, pat, seat, will
from tests.reader import QueryCounter

MOST_FOR_A_STRANGER = 12
MORE_WHEN_SIGNED_IN = 4


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def journey_of(count: int) -> Journey:
    """A journey with so many of everything it can hold."""
    journey = make_journey(f"With {count}", purpose="To **learn**.")
    for number in range(count):
        composing.add_outcome(journey, f"outcome {number}", NOW)
        theme = composing.add_theme(journey, f"Theme {number}", NOW)
        offering = make_offering(
            make_learning_session(journey, f"Session {number}", themes=[theme]),
            capacity_online=5,
            agenda=tuple(Part(1, f"Part {n}", people=(Named("Ama Serwaa"),)) for n in range(count)),
        )
        for n in range(count if number == 0 else 1):
            lead(offering, make_facilitator(f"Lead {number} {n}"))
        composing.add_activity(journey, ActivityKind.VIDEO, f"Video {number}", NOW, credits=(Named("Ama"),))
        composing.add_partner(
            journey, make_organisation(f"Partner {count} {number}"), PartnerRole.MEMBER, NOW
        )
        composing.add_contact(journey, f"Contact {number}", NOW)
        composing.add_publication(
            journey, composing.NewPublication(title=f"Paper {number}"), NOW, credits=(Named("Kofi"),)
        )
        link_journey(make_toolkit(f"Toolkit {count} {number}"), journey, NOW)
        make_journey(f"Child {count} {number}", parent=journey)
    composing.set_topics(journey, [f"Topic {number}" for number in range(count)], NOW)
    return journey


def cost(browser, path: str, query_counter: Callable[[], QueryCounter]) -> int:
    """The statements of a second visit."""
    assert browser.get(path).status_code == 200
    with query_counter() as counted:
        assert browser.get(path).status_code == 200
    return len(counted.statements)


@pytest.mark.parametrize("path", ["/journeys/with-{}/", "/journeys/with-{}/sessions/session-0/"])
def test_a_page_costs_a_stranger_the_same_for_one_and_for_thirty_of_everything(
    app, database, query_counter, path
):
    journey_of(1)
    journey_of(30)

    costs = [cost(browser_of(app), path.format(count), query_counter) for count in (1, 30)]

    assert costs[0] == costs[1]
    assert costs[0] <= MOST_FOR_A_STRANGER


@pytest.mark.parametrize("path", ["/journeys/with-1/", "/journeys/with-1/sessions/session-0/"])
@pytest.mark.parametrize("who", ["holder", "waiting", "organiser"])
def test_a_page_costs_at_most_four_more_when_signed_in(app, database, query_counter, path, who):
    journey = journey_of(1)
    offering = database.scalars(select(Offering)).one()
    offering.capacity_online = 1
    first, second = pat(), will()
    seat(first, offering)
    seat(second, offering)
    person = {"holder": first, "waiting": second, "organiser": ada(journey)}[who]

    found = cost(browser_of(app, person), path, query_counter)

    assert found <= MOST_FOR_A_STRANGER + MORE_WHEN_SIGNED_IN


def test_the_desk_costs_the_same_for_one_journey_and_for_thirty(app, database, query_counter):
    network = make_journey("Network", kind=JourneyKind.NETWORK)
    organiser = ada(make_journey("Child 0", parent=network))
    network_id = network.id
    browser = browser_of(app, organiser)
    few = cost(browser, "/organise/", query_counter)
    for number in range(1, 30):
        child = make_journey(f"Child {number}", parent=database.get_one(Journey, network_id))
        assign_organiser(child, database.get_one(User, organiser.id), OrganiserRole.OWNER, NOW)

    many = cost(browser, "/organise/", query_counter)

    assert "30 journeys" in Page(browser.get("/organise/")).text
    assert many == few

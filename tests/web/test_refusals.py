"""Who may not: sent to sign in, forbidden, or told that there is no such thing."""

import pytest

from app.journeys.models import JourneyStatus
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.people import ada, browser_of, fran, nora


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.mark.parametrize(
    ("status", "answers"),
    [
        (JourneyStatus.OPEN, {"stan": 303, "nora": 403, "fran": 200, "ada": 200}),
        (JourneyStatus.DRAFT, {"stan": 404, "nora": 404, "fran": 200, "ada": 200}),
    ],
)
def test_the_run_sheet_of_a_draft_is_not_there_for_strangers(app, database, status, answers):
    offering = make_offering(make_learning_session(make_journey(status=status)))
    people = {
        "stan": None,
        "nora": nora(),
        "fran": fran(offering),
        "ada": ada(offering.learning_session.journey),
    }
    path = f"/offerings/{offering.id}/run-sheet"

    assert {name: browser_of(app, who).get(path).status_code for name, who in people.items()} == answers


def test_nobody_enrols_in_a_draft_or_takes_a_place_in_it(app, database):
    offering = make_offering(make_learning_session(make_journey(status=JourneyStatus.DRAFT)))
    paths = (
        f"/journeys/{offering.learning_session.journey.slug}/enrolment",
        f"/offerings/{offering.id}/places",
    )
    browser = browser_of(app, nora())

    assert [browser.submit(path, page="/sign-out").status_code for path in paths] == [404, 404]

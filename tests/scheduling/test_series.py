"""Several sessions in one step: every date is seen before any is saved."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.journeys.operations import expect_zone
from app.learning_sessions.models import LearningSession, Offering
from tests.factories import NOW, make_facilitator, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import ada, browser_of, cora, make_account

WEEKLY = {
    "pattern": "weeks", "first_on": "2027-03-04", "begins": "10:00", "length": "90", "zone": "London",
    "interval": "2", "count": "3", "title": "Session {n}", "number_from": "1", "attendance": "online",
}  # fmt: skip


@pytest.fixture
def journey(database):
    made = make_journey(timezone="Europe/London")
    for zone, people in (("America/New_York", 3), ("Africa/Accra", 6), ("Asia/Kathmandu", 2)):
        expect_zone(made, zone, NOW, people)
    return made


@pytest.fixture
def desk(app, journey, time_machine):
    time_machine.move_to(NOW)
    return browser_of(app, ada(journey))


def address(journey):
    return f"/organise/journeys/{journey.slug}/series"


def hidden(page, name):
    """The value of a hidden field."""
    return next(facts["value"] for tag, facts in page.tags if tag == "input" and facts.get("name") == name)


def rows_of(page):
    """The fields of all rows as they stand on the page."""
    found = {}
    for tag, facts in page.tags:
        name = facts.get("name") or ""
        if tag != "input" or not name.startswith("rows-"):
            continue
        if facts.get("type") in ("checkbox", "radio") and "checked" not in facts:
            continue
        found[name] = facts.get("value") or ""
    return found


def shown(desk, journey, **fields):
    return Page(desk.submit(address(journey), WEEKLY | {"show": "1"} | fields))


def saved(desk, journey, page, **fields):
    """Press the button that saves on a page that shows the dates."""
    everything = WEEKLY | rows_of(page) | {"shown": hidden(page, "shown"), "save": "1"} | fields
    return desk.submit(address(journey), everything)


def sittings(database, journey):
    rows = database.execute(
        select(LearningSession.title, Offering.starts_wall, Offering.starts_at)
        .join(Offering, Offering.learning_session_id == LearningSession.id)
        .where(LearningSession.journey_id == journey.id)
        .order_by(LearningSession.position)
    )
    return [tuple(row) for row in rows]


def test_the_form_opens_with_the_journeys_zone(desk, journey):
    page = Page(desk.get(address(journey)))
    assert (page.status, page.title) == (200, "A series of sessions")
    assert "London" in page.source
    assert "Show the dates" in page.buttons


def test_every_date_is_shown_with_everybodys_hour_before_anything_is_saved(desk, journey, database):
    page = shown(desk, journey)
    print(page.notices)
    assert page.status == 200
    assert "Thu 4 March 2027, 10:00–11:30 GMT, UTC" in page.text
    assert "Thu 1 April 2027, 10:00–11:30 BST, UTC+1" in page.text
    assert (
        "Hour moved: New York: 05:00 → 06:00, because New York changed its clocks on 14 March, "
        "London not until 28 March." in page.text
    )
    assert (
        "Hour moved: Kathmandu: 15:45 → 14:45, because London changed its clocks on 28 March; "
        "Kathmandu does not change them." in page.text
    )
    assert "Thu 06:00 moved asleep" in page.text
    assert "Save these 3 sessions" in page.buttons
    assert sittings(database, journey) == []


def test_what_was_shown_is_saved_in_one_step(desk, journey, database):
    answer = saved(desk, journey, shown(desk, journey))
    assert answer.status_code == 303
    assert answer.location.endswith(f"/organise/journeys/{journey.slug}/#sessions")
    assert sittings(database, journey) == [
        ("Session 1", datetime(2027, 3, 4, 10), datetime(2027, 3, 4, 10, tzinfo=UTC)),
        ("Session 2", datetime(2027, 3, 18, 10), datetime(2027, 3, 18, 10, tzinfo=UTC)),
        ("Session 3", datetime(2027, 4, 1, 10), datetime(2027, 4, 1, 9, tzinfo=UTC)),
    ]


def test_what_was_not_shown_is_not_saved(desk, journey, database):
    page = shown(desk, journey)
    answer = saved(desk, journey, page, interval="1")
    assert answer.status_code == 422
    assert "not those that the table showed" in Page(answer).text
    assert sittings(database, journey) == []
    assert saved(desk, journey, Page(answer), interval="1").status_code == 303
    assert [wall.day for _, wall, _ in sittings(database, journey)] == [4, 11, 18]

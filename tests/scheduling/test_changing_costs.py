"""What it costs to look at a change: as much for a crowd as for one."""

from datetime import datetime, timedelta

import pytest

from app.domain.attendance import Attendance
from app.domain.timezones import Promise
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import NewOffering
from app.scheduling import operations
from app.scheduling.effects import effects
from tests.factories import NOW, make_facilitator, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import browser_of, lead, pat, root, seat


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def cost(browser, path, query_counter) -> int:
    """The statements of a second visit."""
    assert browser.get(path).status_code == 200
    with query_counter() as counted:
        assert browser.get(path).status_code == 200
    return int(counted.count)


@pytest.fixture
def browser(app, database):
    return browser_of(app, root())


def led_by(count):
    """A sitting that so many people lead."""
    offering = make_offering(make_learning_session(make_journey(f"Of {count}")))
    for number in range(count):
        lead(offering, make_facilitator(f"Leader {number} of {count}"))
    return offering


@pytest.mark.parametrize("step", ["cancel", "restore"])
def test_twelve_facilitators_cost_no_more_than_one(browser, query_counter, step):
    counts = []
    for count in (1, 12):
        offering = led_by(count)
        if step == "restore":
            operations.cancel(offering, "Ill.", NOW)
        path = f"/organise/offerings/{offering.id}/{step}"
        counts.append(cost(browser, path, query_counter))
        assert Page(browser.get(path)).text.count("Leader ") == count

    assert counts[0] == counts[1]


def test_twenty_sittings_cost_no_more_than_one_where_a_session_is_deleted(browser, query_counter):
    person, counts = pat(), []
    for count in (1, 20):
        learning_session = make_learning_session(make_journey(f"Of {count}"))
        path = f"/organise/journeys/of-{count}/sessions/{learning_session.slug}/delete"
        for number in range(count):
            wall = datetime(2027, 4, 22, 13, 0) + timedelta(days=number)
            offering = make_offering(learning_session, wall=wall)
            if number % 2:
                operations.cancel(offering, "Ill.", NOW)
            elif number == 0:
                seat(person, offering)
        counts.append(cost(browser, path, query_counter))
        page = Page(browser.get(path))
        assert page.text.count("People have asked for places in it.") == 1
        assert page.text.count("calendars know of that.") == count // 2

    assert counts[0] == counts[1]


def test_what_a_change_does_costs_no_more_for_twelve_facilitators(database, query_counter):
    counts = []
    later = NewOffering(
        when=Promise(datetime(2027, 4, 22, 15, 0), "Europe/London", 0, 90), attendance=Attendance.ONLINE
    )
    for count in (1, 12):
        number = led_by(count).id
        database.commit()
        database.expunge_all()
        offering = database.get_one(Offering, number)
        with query_counter() as counted:
            assert len(effects(offering, later, NOW).facilitators) == count
        counts.append(counted.count)

    assert counts[0] == counts[1]

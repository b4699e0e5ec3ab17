"""Markup that is kept between requests: never another one's, never yesterday's."""

import pytest
from markupsafe import Markup

from app.journeys.models import JourneyStatus
from app.learning_sessions.models import LearningSession, Offering
from app.web.templating import kept
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import browser_of, pat, seat

HERE = "/journeys/kept/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def offering(database) -> Offering:
    one = make_learning_session(make_journey("Kept"), "One <b>bold</b> title", summary="First words.")
    return make_offering(one, capacity_online=2)


def test_the_same_values_give_what_was_made_before():
    calls = []

    def macro(name: str) -> Markup:
        calls.append(name)
        return Markup("<b>{}</b>").format(name)

    assert [kept(macro, "a"), kept(macro, "b"), kept(macro, "a")] == ["<b>a</b>", "<b>b</b>", "<b>a</b>"]
    assert calls == ["a", "b"]


def test_a_kept_line_is_escaped(client, offering):
    for _ in range(2):
        assert "One &lt;b&gt;bold&lt;/b&gt; title" in client.get(HERE).text


def test_a_line_follows_what_it_tells_of(client, database, offering):
    assert "2 places left" in Page(client.get(HERE)).text
    seat(pat(), database.get_one(Offering, offering.id))
    database.get_one(LearningSession, offering.learning_session_id).summary = "Other words."

    text = Page(client.get(HERE)).text

    assert "1 place left" in text
    assert "Other words." in text
    assert "First words." not in text


def test_a_place_is_shown_to_its_holder_alone(app, client, offering):
    holder = pat()
    seat(holder, offering)
    browser = browser_of(app, holder)

    assert "Confirmed" in Page(browser.get(HERE)).text
    assert "Confirmed" not in Page(client.get(HERE)).text
    assert "Confirmed" in Page(browser.get(HERE)).text


def test_each_reader_reads_in_their_own_zone(client, offering):
    shown = {}
    for zone in ("Asia/Manila", "America/Bogota", "Asia/Manila"):
        client.set_cookie("zone", zone, domain="127.0.0.1")
        shown.setdefault(zone, []).append(Page(client.get(HERE)).text)

    assert "20:00–21:30" in shown["Asia/Manila"][0]
    assert "07:00–08:30" in shown["America/Bogota"][0]
    assert "20:00–21:30" in shown["Asia/Manila"][1]


def test_a_line_follows_the_journey_and_the_clock(client, database, time_machine, offering):
    assert 'class="is-next"' in client.get(HERE).text
    time_machine.move_to("2027-04-23T00:00:00Z")

    assert 'class="is-past"' in client.get(HERE).text
    assert "places left" not in Page(client.get(HERE)).text


def test_a_journey_that_is_not_open_tells_no_places(client, database, offering):
    assert "2 places left" in Page(client.get(HERE)).text
    journey = database.get_one(Offering, offering.id).learning_session.journey
    journey.status = JourneyStatus.PUBLISHED

    assert "places left" not in Page(client.get(HERE)).text

"""Following a journey, or the catalogue as it is narrowed, without an account."""

from urllib.parse import quote

import pytest
import time_machine

from app.domain.errors import AlreadyTaken
from app.journeys import operations as journeys
from app.journeys.models import JourneyStatus
from app.journeys.operations import NewJourney
from tests.calendars.reading import events_of
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import ada, browser_of, pat

HERE = "/journeys/financing-and-payment-models/calendar"
SITE = "127.0.0.1:8000"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def field(page):
    """What the read-only field holds."""
    return [facts.get("value") for tag, facts in page.tags if tag == "input" and "readonly" in facts]


def test_a_stranger_follows_a_journey(app, database):
    make_offering()
    stranger = browser_of(app)
    show = Page(stranger.get("/journeys/financing-and-payment-models/"))
    assert show.links["Follow in your calendar"] == HERE
    assert show.links["Agenda to print"] == "/journeys/financing-and-payment-models/agenda"

    page = Page(stranger.get(HERE))

    assert (page.status, page.title) == (200, "Follow it in your calendar")
    assert "You need no account." in page.text
    assert "It holds what everybody may read, and no join links." in page.text
    assert field(page) == [f"http://{SITE}{HERE}.ics"]
    assert page.links["Subscribe : Public address of the sessions"] == f"webcal://{SITE}{HERE}.ics"
    assert page.links["Download a file once (.ics)"] == f"{HERE}.ics"
    assert page.notices == [
        f"This site runs on your own computer ({SITE}). Only calendar programs on this computer can reach "
        "its addresses; Google Calendar, Outlook on the web and your phone cannot."
    ]
    assert len(events_of(stranger.get(f"{HERE}.ics").data)) == 1


def test_a_draft_has_no_public_address(app, database):
    journey = make_journey(status=JourneyStatus.DRAFT)
    organiser, person = ada(journey), pat()

    assert browser_of(app).get(HERE).status_code == browser_of(app, person).get(HERE).status_code == 404
    page = Page(browser_of(app, organiser).get(HERE))

    assert page.status == 200
    assert field(page) == []
    assert "Once it is published, its address stands here." in page.text
    assert page.links["one of your own"] == "/organise/journeys/financing-and-payment-models/calendar"


def test_of_a_closed_journey_nothing_new_is_promised(app, database):
    make_journey(status=JourneyStatus.CLOSED)
    page = Page(browser_of(app).get(HERE))
    assert "It is closed: nothing new will come." in page.text
    assert len(field(page)) == 1


def test_an_old_address_leads_on(app, database):
    journeys.rename(make_journey(), "Paying for care", NOW)
    for step in ("calendar", "agenda"):
        answer = browser_of(app).get(f"/journeys/financing-and-payment-models/{step}")
        assert answer.status_code in {301, 308}
        assert answer.headers["Location"] == f"/journeys/paying-for-care/{step}"
        assert browser_of(app).get(f"/journeys/nowhere/{step}").status_code == 404


def test_the_choice_of_the_catalogue_goes_along(app, database):
    make_offering(make_learning_session(make_journey("Paying for care")))
    make_offering(make_learning_session(make_journey("Santé & prévention")))
    asked = "?q=sant%C3%A9+%26+pr&status=open"
    stranger = browser_of(app)

    catalogue = Page(stranger.get(f"/journeys/{asked}"))
    page = Page(stranger.get(catalogue.links["Follow these in your calendar"]))

    assert catalogue.links["Follow these in your calendar"] == f"/journeys/calendar{asked}"
    assert page.title == "Follow these journeys in your calendar"
    assert "Your choice Search: “santé & pr” Status: Open See and change the choice" in page.text
    assert field(page) == [f"http://{SITE}/journeys/calendar.ics{asked}"]
    assert page.links["See and change the choice"] == f"/journeys/{asked}"
    calendar = stranger.get(page.links["Download a file once (.ics)"])
    assert len(events_of(calendar.data)) == 1


def test_without_a_choice_it_is_all_journeys(app, database):
    make_offering()
    stranger = browser_of(app)
    assert Page(stranger.get("/")).links["Follow all sessions in your calendar"] == "/journeys/calendar"
    page = Page(stranger.get("/journeys/calendar"))
    assert page.title == "Follow all journeys in your calendar"
    assert "Your choice All journeys." in page.text
    assert field(page) == [f"http://{SITE}/journeys/calendar.ics"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("kind=nonsense&topic=%3Cb%3E", "Kind: nonsense Topic: <b>"),
        ("q=" + "x" * 400, "Search: “" + "x" * 200 + "”"),
        ("page=7&foo=1", "All journeys."),
        ("language=" + quote("健康"), "Language: 健康"),
    ],
)
def test_any_choice_can_be_asked_for(app, database, asked, said):
    page = Page(browser_of(app).get(f"/journeys/calendar?{asked}"))
    assert page.status == 200
    assert said in page.text


def test_drafts_are_in_no_public_calendar(app, database):
    journey = make_journey(status=JourneyStatus.DRAFT)
    mine = browser_of(app, ada(journey))
    page = Page(mine.get("/journeys/calendar?status=draft"))
    assert "Drafts are in no public calendar" in page.text
    assert field(page) == []
    assert "Follow these in your calendar" not in Page(mine.get("/journeys/?status=draft")).links


def test_nothing_to_follow_where_nothing_is_found(app, database):
    assert "Follow these in your calendar" not in Page(browser_of(app).get("/journeys/?q=zzzz")).links


def test_no_journey_takes_the_address_of_the_catalogues_calendar(app, database):
    made = make_journey("Calendar")
    assert made.slug == "calendar-2"
    with pytest.raises(AlreadyTaken):
        journeys.create_journey(
            NewJourney(title="Another", kind=made.kind, timezone="Europe/London", slug="calendar"), NOW
        )


def test_a_journey_that_has_that_address_already_keeps_it(app, database):
    made = make_journey("Calendar")
    made.slug = "calendar"
    make_offering(make_learning_session(made))
    stranger = browser_of(app)
    assert Page(stranger.get("/journeys/calendar/")).title == "Calendar"
    assert Page(stranger.get("/journeys/calendar/calendar")).title == "Follow it in your calendar"
    assert Page(stranger.get("/journeys/calendar")).title == "Follow all journeys in your calendar"


def test_the_pages_cost_the_same_however_much_there_is(app, database, query_counter):
    found = []
    stranger = browser_of(app)
    for number in range(3):
        make_offering(make_learning_session(make_journey(f"Journey {number}")))
        database.commit()
        costs = []
        for path in ("/journeys/journey-0/calendar", "/journeys/calendar?status=open"):
            with query_counter() as counted:
                assert stranger.get(path).status_code == 200
            costs.append(counted.count)
        found.append(costs)
    assert found == [[1, 2]] * 3  # the second asks also whether anything fits


def test_a_choice_that_fits_nothing_says_so(app, database):
    stranger, said = browser_of(app), "No journey fits this choice now"
    make_journey("Paying for care")
    database.commit()
    assert said in Page(stranger.get("/journeys/calendar?q=nothing")).text
    assert said not in Page(stranger.get("/journeys/calendar?q=paying")).text
    assert "There are no journeys yet" not in Page(stranger.get("/journeys/calendar")).text

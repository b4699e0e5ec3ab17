"""Agendas to print: what stands on the paper, and for whom. How it is cut is tested in a browser."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from app.domain.attendance import Attendance, Way
from app.domain.seats import PlaceStatus
from app.journeys.models import JourneyStatus
from app.learning_sessions.operations import add_offering
from app.learning_sessions.sittings import Days, NewOffering
from app.scheduling.operations import cancel
from tests.calendars.people import give_place, make_person, sign_in
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_venue
from tests.page import Page
from tests.people import ada, browser_of, make_account
from tests.people import sign_in as sign_in_user

MINE = "/me/calendar/agenda"
HERE = "/journeys/financing-and-payment-models/agenda"
PUBLIC = "http://127.0.0.1:8000/journeys/financing-and-payment-models/sessions/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(database):
    return make_person(timezone="Asia/Manila")


def dated(journey, title, **facts):
    return make_offering(make_learning_session(journey, title), **facts)


def test_what_one_holds_and_waits_for_by_month_on_ones_own_clock(client, person):
    journey = make_journey()
    venue = make_venue("Training centre", city="Accra")
    give_place(person, dated(journey, "Capitation"))
    in_may = dated(
        journey, "At the table", wall=datetime(2027, 5, 4, 9, 0), timezone="Africa/Accra",
        attendance=Attendance.IN_PERSON, venue=venue,
    )  # fmt: skip
    give_place(person, in_may, PlaceStatus.WAITING, Way.IN_PERSON)
    give_place(person, dated(journey, "Asked", wall=datetime(2027, 5, 5, 9, 0)), PlaceStatus.REQUESTED)
    give_place(person, dated(journey, "Offered", wall=datetime(2027, 5, 6, 9, 0)), PlaceStatus.OFFERED)
    sign_in(client, person)

    page = Page(client.get(MINE))

    assert (page.status, page.title) == (200, "Agenda of Efua Mensah")
    assert page.sections == ["April 2027", "May 2027"]
    assert "Times are yours in Manila" in page.text
    assert "As of Monday 1 March 2027" in page.text
    assert (
        "Thu 22 April 20:00–21:30 Manila, PST 13:00–14:30 London, BST Capitation "
        f"Financing and Payment Models Online You hold a place {PUBLIC}capitation/"
    ) in page.text
    assert (
        "Tue 4 May 09:00–10:30 Accra, GMT 17:00–18:30 Manila, PST At the table "
        "Financing and Payment Models In person, Training centre, Accra You wait for a place"
    ) in page.text
    assert (
        "Asked Financing and Payment Models Online You have asked for a place; the organisers decide"
        in page.text
    )
    assert "Online A place is offered to you; accept it on the session’s page" in page.text


def test_what_is_cancelled_is_crossed_out_and_says_so(client, person):
    offering = dated(make_journey(), "Capitation")
    give_place(person, offering)
    cancel(offering, "The speaker is ill.", NOW)
    sign_in(client, person)

    page = Page(client.get(MINE))

    assert '<li class="is-off">' in page.source
    assert "Capitation Financing and Payment Models Online Cancelled The speaker is ill." in page.text
    assert "You hold a place" not in page.text


def test_what_is_over_given_up_or_lapsed_is_left_out(client, person):
    journey = make_journey()
    give_place(person, dated(journey, "Over", now=NOW - timedelta(days=30), wall=datetime(2027, 2, 4, 9, 0)))
    give_place(person, dated(journey, "Given up"), PlaceStatus.RELEASED)
    give_place(person, dated(journey, "Lapsed"), PlaceStatus.OFFERED).offer_ends_at = NOW - timedelta(hours=1)
    give_place(make_person("Somebody Else"), dated(journey, "Another’s"))
    sign_in(client, person)

    page = Page(client.get(MINE))

    assert page.sections == ["Nothing is coming up"]
    assert page.links["See the journeys that are open"] == "/journeys/?status=open"
    assert page.buttons == []


def test_an_account_without_a_profile_has_an_empty_agenda(app, database):
    page = Page(browser_of(app, make_account("Ada Owusu")).get(MINE))
    assert (page.title, page.sections) == ("Agenda of Ada Owusu", ["Nothing is coming up"])


def test_a_night_session_stands_in_the_month_in_which_it_is_read(client, person):
    """22:00 in London on the last of April is the first of May in Manila."""
    give_place(person, dated(make_journey(), "Late", wall=datetime(2027, 4, 30, 22, 0)))
    sign_in(client, person)
    page = Page(client.get(MINE))
    assert page.sections == ["May 2027"]
    assert "Sat 1 May 05:00–06:30 Manila, PST Fri 22:00–23:30 London, BST" in page.text


def test_an_agenda_of_a_journey_has_everything_in_order(app, database):
    journey = make_journey()
    dated(journey, "Second", wall=datetime(2027, 4, 29, 13, 0))
    first = dated(journey, "First", join_url="https://meet.example.org/s3cret")
    days = Days(date(2027, 4, 22), date(2027, 4, 23), "Africa/Accra")
    add_offering(
        make_learning_session(journey, "Two days"),
        NewOffering(when=days, attendance=Attendance.IN_PERSON),
        NOW,
    )
    make_learning_session(journey, "To be dated")
    cancel(first, "Ill.", NOW)

    page = Page(browser_of(app).get(HERE))

    titles = [text for level, text in page.headings if level == "h3"]
    assert titles == ["Two days", "First", "Second", "To be dated"]
    assert page.sections == ["April 2027", "No date yet"]
    assert "Times are each session’s own As of Monday 1 March 2027 (UTC)" in page.text
    assert "22–23 April 2027 in Accra; hours not known yet" in page.text
    assert "Thu 22 April 13:00–14:30 London, BST First Online Cancelled" in page.text
    assert "s3cret" not in page.source
    assert f"{PUBLIC}second/" in page.text


def test_sittings_of_one_session_are_told_apart(app, database):
    twice = make_learning_session(make_journey(), "Capitation")
    make_offering(twice)
    make_offering(twice, wall=datetime(2027, 4, 22, 19, 0))
    text = Page(browser_of(app).get(HERE)).text
    assert "13:00–14:30 London, BST Capitation Online sitting 1 of 2" in text
    assert "19:00–20:30 London, BST Capitation Online sitting 2 of 2" in text


def test_a_reader_elsewhere_reads_her_own_time(app, client, person):
    dated(make_journey(), "Capitation")
    sign_in(client, person)
    assert "20:00–21:30 Manila, PST 13:00–14:30 London, BST Capitation" in Page(client.get(HERE)).text


def test_a_journey_without_sessions_and_a_draft(app, database):
    journey = make_journey(status=JourneyStatus.DRAFT)
    organiser = ada(journey)
    assert browser_of(app).get(HERE).status_code == 404
    page = Page(browser_of(app, organiser).get(HERE))
    assert "No sessions are planned yet" in page.text
    assert page.notices == ["This is a draft. Only its organisers see it."]


def test_strangers_have_no_agenda(app, database):
    answer = browser_of(app).get(MINE)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?next={MINE}")


def test_agendas_cost_the_same_however_long_they_are(app, database, query_counter):
    journey, person, found = make_journey(), make_person(), []
    mine, stranger = app.test_client(), browser_of(app)
    sign_in_user(mine, person)
    for number in range(3):
        give_place(person, dated(journey, f"Number {number}"))
        database.commit()
        costs = []
        for browser, path in ((mine, MINE), (stranger, HERE)):
            with query_counter() as counted:
                assert f"Number {number}" in browser.get(path).text
            costs.append(counted.count)
        found.append(costs)
    assert found == [[4, 2]] * 3

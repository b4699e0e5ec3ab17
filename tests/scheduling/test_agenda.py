"""My sessions on a week or a month, in any zone."""

from datetime import date, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attendance import Attendance
from app.facilitators.absences import Away, add_absence
from app.learning_sessions.operations import add_offering
from app.learning_sessions.sittings import Days, NewOffering, Part
from app.scheduling.agenda import Period, View
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_participant,
)
from tests.page import Page
from tests.people import ada, browser_of, cast, lead, make_account, seat

APRIL = "/me/agenda?view=week&on=2027-04-22"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@given(st.dates(date(1971, 1, 1), date(2099, 12, 31)), st.sampled_from(list(View)))
def test_a_period_is_whole_weeks_around_its_day(on, view):
    period = Period(view, on, "Europe/London")

    assert period.first.weekday() == 0
    assert period.last.weekday() == 6
    assert period.first <= on <= period.last
    assert period.beside(1) > period.on.replace(day=1)
    assert Period(view, period.beside(1), "UTC").first <= period.last + (date(2, 1, 2) - date(2, 1, 1))
    if view is View.MONTH:
        assert period.beside(-1).month % 12 + 1 == on.month


def test_a_week_names_what_everybody_is_to_a_sitting(app, database):
    offering = make_offering(capacity_online=1)
    people = cast(offering)

    seen = {
        name: Page(browser_of(app, who).get(APRIL)).text
        for name, who in (
            ("fran", people.fran), ("pat", people.pat), ("will", people.will), ("ada", people.ada),
            ("nora", people.nora),
        )
    }  # fmt: skip

    assert "13:00–14:30 London, BST" in seen["fran"]  # no zone of her own: hers is not known, UTC is
    assert "You lead" in seen["fran"]
    assert "1 person coming" in seen["fran"]
    assert "12:00–13:30 Accra, GMT What capitation pays for" in seen["pat"]
    assert "You hold a place" in seen["pat"]
    assert "You wait for a place" in seen["will"]
    assert "You organise" in seen["ada"]
    assert "What capitation pays for" not in seen["nora"]
    assert "No session you lead" in seen["nora"]
    assert "coming" not in seen["pat"]


def test_any_zone_can_be_asked_for_and_is_named(app, database):
    people = cast(make_offering())

    page = Page(browser_of(app, people.pat).get(f"{APRIL}&zone=Kathmandu"))

    assert "Hours are those of Kathmandu" in page.text
    assert "17:45–19:15 Kathmandu, UTC+5:45" in page.text
    assert "13:00–14:30 London, BST" in page.text


def test_a_sitting_across_midnight_stands_on_both_days(app, database):
    people = cast(make_offering())

    page = Page(browser_of(app, people.pat).get(f"{APRIL}&zone=Pacific/Auckland"))

    # 12:00 UTC is midnight in Auckland: it begins with Friday.
    assert "Friday 23 April 2027 00:00–01:30 Auckland" in page.text
    page = Page(browser_of(app, people.pat).get(f"{APRIL}&zone=Asia/Kamchatka"))
    assert "Friday 23 April 2027 00:00–01:30" in page.text
    page = Page(browser_of(app, people.pat).get(f"{APRIL}&zone=Pacific/Norfolk"))
    assert "Thursday 22 April 2027 from 23:00" in page.text
    assert "Friday 23 April 2027 until 00:30" in page.text


def test_whole_days_stand_on_each_of_them(app, database):
    user = make_account("Wanjiru Kamau")
    offering = make_offering()
    journey = offering.learning_session.journey
    lead(
        make_days(make_learning_session(journey, "Fair"), date(2027, 4, 20), date(2027, 4, 21)),
        make_facilitator(user=user),
    )

    text = Page(browser_of(app, user).get(APRIL)).text

    assert text.count("all day Fair") == 2


def make_days(learning_session, first, last):
    when = Days(first, last, "Europe/London")
    return add_offering(learning_session, NewOffering(when=when, attendance=Attendance.ONLINE), NOW)


def test_a_month_shows_whole_weeks_and_leads_on(app, database):
    people = cast(make_offering())
    browser = browser_of(app, people.pat)

    page = Page(browser.get("/me/agenda?view=month&on=2027-04-22"))

    assert page.title == "April 2027"
    assert "12:00–13:30 Accra, GMT What capitation pays for" in page.text
    assert page.source.count("<td class=") == 35  # 29 March to 2 May
    assert page.links["Month after"] == "/me/agenda?view=month&on=2027-05-01&zone=Africa/Accra"
    assert page.links["Month before"] == "/me/agenda?view=month&on=2027-03-01&zone=Africa/Accra"
    assert "Nothing in May 2027" in Page(browser.get(page.links["Month after"])).text


def test_what_a_facilitator_cannot_lead_is_marked(app, database):
    user = make_account("Wanjiru Kamau")
    facilitator = make_facilitator(user=user, timezone="Africa/Nairobi")
    lead(make_offering(), facilitator)
    add_absence(facilitator, Away(date(2027, 4, 22), date(2027, 4, 22), "Africa/Nairobi"))

    text = Page(browser_of(app, user).get(APRIL)).text

    assert "You cannot lead: 22 April 2027, Nairobi" in text
    assert "You said you cannot: 22 April 2027, Nairobi" in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("on=2027-02-31", "Give a day of the calendar"),
        ("on=1066-10-14", "between 1970 and 2100"),
        ("on=9999-12-31", "between 1970 and 2100"),
        ("zone=Atlantis", "No city, country or time zone is called “Atlantis”"),
    ],
)
def test_what_cannot_be_shown_is_said_at_its_field(app, database, query, sentence):
    people = cast(make_offering())

    answer = browser_of(app, people.pat).get(f"/me/agenda?{query}")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{query.split("=")[1]}"' in answer.text


def test_strangers_sign_in_first(client):
    assert client.get("/me/agenda").status_code == 303


def test_the_number_of_queries_does_not_grow(app, database, query_counter):
    journey = make_journey()
    user = ada(journey)
    browser = browser_of(app, user)
    counts = []
    for many in (1, 30):
        for number in range(many):
            at = datetime(2027, 4, 19 + number % 7, 9, number)  # noqa: DTZ001
            make_offering(make_learning_session(journey, f"Session {many} {number}"), wall=at)
        browser.get(APRIL)
        with query_counter() as counted:
            browser.get(APRIL)
        counts.append(counted.count)
    assert counts[0] == counts[1]


def test_the_run_sheet_says_what_happens_when_on_both_clocks_and_who_comes(app, database):
    offering = make_offering(
        agenda=(Part(30, "Welcome"), Part(45, "Cases", "In small groups")),
        capacity_online=2,
        join_url="https://meet.example.org/x",
    )
    seat(make_participant("Rosa Díaz", timezone="America/Bogota", country="CO"), offering)
    people = cast(offering)
    nairobi = make_account("Wanjiru Kamau")
    lead(offering, make_facilitator(user=nairobi), "Lead")
    browser = browser_of(app, nairobi)
    browser.set_cookie("zone", "Africa/Nairobi", domain="127.0.0.1")

    page = Page(browser.get(f"/offerings/{offering.id}/run-sheet"))

    assert page.title == "What capitation pays for"
    assert "On two clocks: Nairobi (EAT, UTC+3), and the session’s own, London (BST, UTC+1)" in page.text
    assert "15:00 13:00 30 Welcome" in page.text
    assert "15:30 13:30 45 Cases In small groups" in page.text
    assert "16:30 14:30 The end; 15 minutes before it are not planned" in page.text
    assert "https://meet.example.org/x" in page.text
    assert "Wanjiru Kamau (Lead)" in page.text
    assert "Pat Asante Ghana online Accra, Thu 12:00 (GMT, UTC)" in page.text
    assert "2 people, 1 waiting" in page.text
    assert "Colombia 1, Ghana 1" in page.text
    assert people.will.name not in page.text


def test_the_run_sheet_is_for_organisers_and_facilitators_only(app, database):
    offering = make_offering()
    people = cast(offering)
    here = f"/offerings/{offering.id}/run-sheet"

    seen = {
        name: browser_of(app, who).get(here).status_code
        for name, who in (
            ("ada", people.ada), ("cora", people.cora), ("fran", people.fran), ("root", people.root),
            ("pat", people.pat), ("stan", None),
        )
    }  # fmt: skip

    assert seen == {"ada": 200, "cora": 200, "fran": 200, "root": 200, "pat": 403, "stan": 303}
    assert browser_of(app, people.ada).get("/offerings/999/run-sheet").status_code == 404


def test_the_run_sheet_of_a_whole_day_and_of_an_empty_sitting(app, database):
    offering = make_days(make_learning_session(), date(2027, 5, 11), date(2027, 5, 12))
    people = ada(offering.learning_session.journey)

    text = Page(browser_of(app, people).get(f"/offerings/{offering.id}/run-sheet")).text

    assert "11–12 May 2027 in London" in text
    assert "No agenda yet" in text
    assert "Nobody yet" in text

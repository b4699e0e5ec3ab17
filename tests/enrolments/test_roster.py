"""The list of a sitting's people as organisers meet it: found, put in order, seen by whom."""

import re

import pytest

from app.enrolments import operations
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering
from tests.enrolments.rosters import fill
from tests.factories import (
    NOW,
    make_journey,
    make_learning_session,
    make_offering,
    make_organisation,
    make_participant,
)
from tests.page import Page
from tests.people import ada, browser_of, cast, make_account, seat

HOSTILE = '<script>alert("1")</script>'


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def names(page: Page) -> list[str]:
    """Who stands in the list, in its order."""
    return re.findall(r'rowheader"[^>]*>(?:<bdi>)?([^<]*)', page.source)


def roster(app, who, offering, query=""):
    return browser_of(app, who).get(f"/organise/offerings/{offering.id}/roster{query}")


def test_the_roster_of_a_sitting_tells_who_is_in_it_and_how(app, database):
    offering = make_offering(make_learning_session(), capacity_online=1)
    organiser = ada(offering.learning_session.journey)
    seat(
        make_participant(
            "Nusrat Jahan", country="BD", timezone="Asia/Dhaka", organisation="County Health Office"
        ),
        offering,
    )
    seat(make_participant("Efua Mensah"), offering)
    third = seat(make_participant("Grace Achieng", country="KE", timezone="Africa/Nairobi"), offering)
    seat(make_participant("Zola Ndlovu", country="ZA"), offering)
    operations.release_place(third, NOW)

    page = Page(roster(app, organiser, offering))

    assert page.status == 200
    assert page.title == "Roster"
    assert (
        "1 of 1 place online confirmed, 2 waiting, 1 released. Showing 1–4 of 4, sorted by status."
        in page.text
    )
    assert names(page) == ["Nusrat Jahan", "Efua Mensah", "Zola Ndlovu", "Grace Achieng"]
    assert "County Health Office Bangladesh Dhaka, 18:00 UTC+6 Confirmed" in page.text
    assert "Ghana Accra, 12:00 GMT Waiting, 1st" in page.text
    assert "Waiting, 2nd" in page.text
    assert "Kenya Nairobi, 15:00 EAT Released" in page.text


def test_somebody_far_away_begins_on_another_day(app, database):
    offering = make_offering()
    seat(make_participant("Tevi Kalo", country="VU", timezone="Pacific/Kiritimati"), offering)

    page = Page(roster(app, ada(offering.learning_session.journey), offering))

    assert "Kiritimati, Fri 02:00 UTC+14" in page.text


def test_each_filter_narrows_and_each_column_sorts(app, database):
    offering = make_offering(make_learning_session(), capacity_online=1)
    organiser, office = ada(offering.learning_session.journey), make_organisation("Universidad del Valle")
    seat(make_participant("Juan Camilo Ríos", country="CO", organisation=office.name), offering)
    seat(make_participant("Đặng Thu Hà", country="VN"), offering)
    seat(make_participant("Chidi Eze", country="CH"), offering)
    number = office.id
    browser = browser_of(app, organiser)

    def found(query: str) -> list[str]:
        return names(Page(browser.get(f"/organise/offerings/{offering.id}/roster?{query}")))

    juan, ha, chidi = "Juan Camilo Ríos", "Đặng Thu Hà", "Chidi Eze"
    assert found("q=rios") == [juan]
    assert found("q=juan+rios") == [juan]
    assert found("q=del+valle") == [juan]
    assert found("q=dang+ha") == [ha]
    assert found("q=%25") == []
    assert found("status=waiting") == [ha, chidi]
    assert found("status=nonsense") == []
    assert found("country=VN") == [ha]
    assert found("country=-") == []
    assert found(f"organisation={number}") == [juan]
    assert found("organisation=-") == [ha, chidi]
    assert found("organisation=x") == []
    assert found("block=1") == []
    assert found("sort=name") == [chidi, ha, juan]
    assert found("sort=-name") == [juan, ha, chidi]
    assert found("sort=country") == [juan, chidi, ha]  # Colombia, Switzerland, Viet Nam
    assert found("sort=organisation")[0] == juan
    assert found("sort=-status") == [chidi, ha, juan]
    assert found("sort=nonsense&page=99") == [juan, ha, chidi]
    assert found("sort=since") == [juan, ha, chidi]


def test_where_nobody_matches_it_is_told_what_would_help(app, database):
    offering = make_offering(make_learning_session(), capacity_online=1)
    organiser = ada(offering.learning_session.journey)
    seat(make_participant("Ana Quito"), offering)

    page = Page(roster(app, organiser, offering, "?q=quito&status=waiting"))

    assert "Nobody here matches “quito” and Waiting" in page.text
    assert "Show every status: 1 person matches then." in page.text
    assert page.links["Show every status"].endswith("/roster?q=quito")
    assert page.links["Clear all filters"].endswith("/roster")


def test_a_sitting_without_people_says_so(app, database):
    offering = make_offering()

    page = Page(roster(app, ada(offering.learning_session.journey), offering))

    assert "Nobody yet" in page.text
    assert page.buttons == []


def test_hostile_and_right_to_left_names_stand_as_they_are(app, database):
    offering = make_offering()
    seat(make_participant(HOSTILE), offering)
    seat(make_participant("سارة الخطيب", organisation="وزارة الصحة"), offering)

    answer = roster(app, ada(offering.learning_session.journey), offering, "?sort=name")

    assert HOSTILE not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "<bdi>سارة الخطيب</bdi>" in answer.text
    assert "<bdi>وزارة الصحة</bdi>" in answer.text


def test_who_sees_the_roster_and_the_addresses(app, database):
    offering = make_offering(make_learning_session(), capacity_online=1)
    people = cast(offering)
    stranger = make_account("Olga Other")
    statuses = {
        who: roster(app, one, offering).status_code
        for who, one in (
            ("nobody", None), ("stranger", stranger), ("holder", people.pat), ("facilitator", people.fran),
            ("owner", people.ada), ("reader", people.cora), ("administrator", people.root),
        )
    }  # fmt: skip

    assert statuses == {
        "nobody": 303, "stranger": 403, "holder": 403, "facilitator": 403,
        "owner": 200, "reader": 200, "administrator": 200,
    }  # fmt: skip
    assert "pat@example.org" in roster(app, people.ada, offering).text
    reading = roster(app, people.cora, offering)
    assert "pat@example.org" not in reading.text
    assert 'type="checkbox"' not in reading.text
    assert names(Page(roster(app, people.ada, offering, "?q=PAT@example"))) == ["Pat Asante"]
    assert names(Page(roster(app, people.cora, offering, "?q=pat@example"))) == []


@pytest.mark.parametrize("what", ["", ".csv", ".xlsx", "/act", "/message", "/runs/1"])
def test_of_a_draft_nobody_else_knows(app, database, what):
    journey = make_journey(status=JourneyStatus.DRAFT)
    offering = make_offering(make_learning_session(journey))

    answer = browser_of(app, make_account("Olga Other")).get(
        f"/organise/offerings/{offering.id}/roster{what}"
    )

    assert answer.status_code == 404


def test_thirty_people_cost_as_many_queries_as_one(app, database, query_counter):
    offering = make_offering()
    organiser = ada(offering.learning_session.journey)
    fill(offering, 1)
    fill(offering, 8, first=1)
    address = f"/organise/offerings/{offering.id}/roster"
    browser = browser_of(app, organiser)
    with query_counter() as few:
        assert browser.get(address).status_code == 200
    fill(database.get_one(Offering, offering.id), 60, first=9)

    with query_counter() as many:
        page = Page(browser.get(address))

    assert len(names(page)) == 50
    assert "Showing 1–50 of 69" in page.text
    assert many.count == few.count
    assert many.count <= 15

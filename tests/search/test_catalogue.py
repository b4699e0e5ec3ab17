"""The catalogue as a reader sees it."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from app.database import db
from app.domain.attendance import Attendance
from app.domain.permissions import OrganiserRole
from app.journeys import operations as journeys
from app.journeys.audiences import set_audiences
from app.journeys.matter import Partner, PartnerRole
from app.journeys.models import JourneyKind, JourneyStatus, JourneyTopic, Topic
from app.learning_sessions.sittings import Days
from tests.calendars.people import make_person, sign_in
from tests.factories import (
    NOW,
    make_journey,
    make_learning_session,
    make_offering,
    make_organisation,
)


def at(*parts):
    """What a clock on the wall shows."""
    return datetime(*parts)  # noqa: DTZ001


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def titles(response):
    parts = response.text.split("<main")[1].split("<h3")[1:]
    return [part.split("</a>")[0].rsplit(">", 1)[1] for part in parts]


def meet(journey, wall, **facts):
    return make_offering(make_learning_session(journey), wall=wall, **facts)


@pytest.mark.parametrize("address", ["/", "/journeys/"])
def test_open_and_coming_journeys_stand_first(client, address):
    make_journey("Archived", status=JourneyStatus.ARCHIVED)
    make_journey("Closed early", status=JourneyStatus.CLOSED, ends_on=date(2016, 12, 8))
    make_journey("Closed late", status=JourneyStatus.CLOSED, ends_on=date(2021, 3, 25))
    make_journey("Without a date")
    meet(make_journey("Coming", status=JourneyStatus.PUBLISHED), at(2027, 3, 2, 10))
    meet(make_journey("Later"), at(2027, 5, 6, 10))
    meet(make_journey("Sooner"), at(2027, 3, 4, 10))
    make_journey("Draft", status=JourneyStatus.DRAFT)
    response = client.get(address)
    assert response.status_code == 200
    assert titles(response) == [
        "Sooner", "Later", "Without a date", "Coming", "Closed late", "Closed early", "Archived",
    ]  # fmt: skip
    assert "7 journeys" in response.text


def test_a_journey_whose_next_session_is_over_falls_back(client):
    meet(make_journey("Was first"), at(2027, 3, 2, 10))
    meet(make_journey("Comes"), at(2027, 6, 2, 10))
    db.commit()
    with time_machine.travel(NOW + timedelta(days=10)):
        assert titles(client.get("/")) == ["Comes", "Was first"]


def test_an_entry_tells_what_one_needs_to_choose(client):
    network = make_journey("Joint Learning Network", kind=JourneyKind.NETWORK, status=JourneyStatus.CLOSED)
    journey = make_journey("Paying for care", parent=network, summary="How providers are paid.")
    giz = make_organisation("GIZ")
    journey.partners.append(Partner(organisation=giz, position=1, role=PartnerRole.FUNDER))
    meet(journey, at(2027, 4, 22, 13), capacity_online=9)
    client.set_cookie("zone", "Africa/Accra", domain="127.0.0.1")
    page = client.get("/").text
    for said in (
        "Learning exchange", "How providers are paid.", "1 session", "Joint Learning Network, funded by GIZ",
        "Thu 22 April, ", '>12:00–13:30</time></b> <span class="nowrap">Accra, GMT',
        ">13:00–14:30</time> London, BST",
        "In your working hours. 9 places left.", 'class="strip mini"', '<use href="#day-',
    ):  # fmt: skip
        assert said in page


@pytest.mark.parametrize(
    ("zone", "sentence"),
    [
        ("Africa/Accra", "In your working hours."),
        ("Asia/Manila", "Outside your working hours."),
        ("America/Bogota", "Outside your working hours."),
        ("America/Sao_Paulo", "In your working hours."),
        ("America/New_York", "Begins before your working day."),
        ("Asia/Karachi", "Outside your working hours."),
        ("Asia/Baku", "Ends after your working day."),
        ("Pacific/Auckland", "At night for you."),
        ("Pacific/Efate", "At night for you."),
        ("America/Los_Angeles", "At night for you."),
    ],
)
def test_the_hour_is_judged_by_the_readers_day(client, zone, sentence):
    meet(make_journey(), at(2027, 4, 22, 13))
    client.set_cookie("zone", zone, domain="127.0.0.1")
    assert f'<p class="meta">{sentence}</p>' in client.get("/").text


def test_a_stranger_without_a_zone_reads_the_sessions_own_time_unjudged(client):
    meet(make_journey(), at(2027, 4, 22, 13), capacity_online=0)
    page = client.get("/").text
    assert '>13:00–14:30</time></b> <span class="nowrap">London, BST' in page
    assert "when-also" not in page
    assert '<p class="meta">Full.</p>' in page
    assert "our working hours" not in page


def test_only_days_are_told_where_only_days_are_known(client):
    journey = make_journey()
    days = Days(date(2027, 5, 11), date(2027, 5, 12), "Africa/Accra")
    make_offering(make_learning_session(journey), when=days, attendance=Attendance.IN_PERSON)
    page = client.get("/").text
    assert "11–12 May 2027" in page
    assert "strip mini" not in page


def test_filters_narrow_and_can_be_taken_away(client):
    topic = Topic(slug="care", name="Quality of care", name_folded="quality of care")
    chosen = make_journey("Chosen", kind=JourneyKind.WORKSHOP, language="fr")
    chosen.topics.append(JourneyTopic(topic=topic, position=1))
    set_audiences(chosen, ["Health advisers", "Health advisers ", ""])
    make_journey("Other")
    make_journey("Over", status=JourneyStatus.CLOSED, kind=JourneyKind.WORKSHOP)
    for query, expected in {
        "topic=care": ["Chosen"],
        "audience=Health+advisers": ["Chosen"],
        "language=fr": ["Chosen"],
        "kind=workshop": ["Chosen", "Over"],
        "kind=workshop&status=open": ["Chosen"],
        "status=closed": ["Over"],
        "q=cho": ["Chosen"],
        "q=&status=&kind=&topic=&audience=&language=": ["Other", "Chosen", "Over"],
        "kind=nonsense": [],
        "status=nonsense": [],
        "topic=care&q=other": [],
    }.items():
        assert titles(client.get(f"/journeys/?{query}")) == expected, query
    page = client.get("/journeys/?topic=care&language=fr").text
    assert '<option value="fr" selected>French</option>' in page
    assert '<option value="care" selected>Quality of care</option>' in page
    assert '<a href="/journeys/?language=fr">' in page
    assert "Topic: Quality of care" in page


def test_an_empty_result_says_what_to_try(client):
    make_journey("Something")
    page = client.get("/journeys/?q=n%C3%B3thing+h%26re&kind=network").text
    assert "No journey fits all of this" in page
    assert "Try fewer words" in page
    assert 'value="nóthing h&amp;re"' in page
    assert '<a href="/journeys/?kind=network">' in page
    assert '<a href="/journeys/?q=n%C3%B3thing+h%26re">' in page


def test_an_empty_site_says_so(client):
    assert "There are no journeys yet" in client.get("/").text


def test_drafts_are_for_those_who_may_see_them(client):
    draft = make_journey("Secret draft", status=JourneyStatus.DRAFT, language="sw")
    child = make_journey("Child", parent=draft)
    set_audiences(draft, ["Secret audience"])
    organiser, other = make_person(), make_person()
    journeys.assign_organiser(draft, db.get_one(journeys.User, organiser.user_id), OrganiserRole.OWNER, NOW)
    db.commit()
    for query in ("", "?q=secret", "?status=draft", "?language=sw"):
        page = client.get(f"/journeys/{query}").text.replace("“secret”", "").replace('value="secret"', "")
        assert "Secret" not in page, query
        assert "Swahili" not in page, query
    sign_in(client, other)
    assert titles(client.get("/")) == ["Child"]
    sign_in(client, organiser)
    page = client.get("/")
    assert titles(page) == ["Child", "Secret draft"]
    assert '<option value="draft">Draft</option>' in page.text
    assert "Secret draft</span>" in page.text
    assert child.title in titles(client.get("/?q=child"))


def test_pages_of_twenty_keep_the_choice(client):
    for number in range(25):
        make_journey(f"Open {number:02}")
    for number in range(20):
        make_journey(f"Closed {number:02}", status=JourneyStatus.CLOSED)
    first, second, third = (client.get(f"/?q=o&page={number}") for number in (1, 2, 3))
    assert [len(titles(page)) for page in (first, second, third)] == [20, 5, 0]
    assert "25 journeys" in first.text
    whole = [title for number in (1, 2, 3) for title in titles(client.get(f"/journeys/?page={number}"))]
    assert len(whole) == len(set(whole)) == 45
    assert whole[:25] == [f"Open {number:02}" for number in reversed(range(25))]
    assert 'href="/journeys/?q=o&amp;page=2" rel="next"' in first.text
    assert 'href="/journeys/?q=o" rel="prev"' in second.text
    assert third.status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "", "1.5", "9" * 30, "²", "٣"])
def test_a_page_that_does_not_exist_is_not_found(client, page):
    make_journey()
    assert client.get(f"/journeys/?page={page}").status_code == 404


@pytest.mark.parametrize(
    "query", ["q=" + "x" * 5000, "q=%F0%9F%98%80", "q=%25_", "language=zz-ZZ-x", "topic=%27"]
)
def test_odd_questions_are_answered(client, query):
    make_journey()
    assert client.get(f"/journeys/?{query}").status_code == 200


def test_what_people_wrote_is_escaped(client):
    make_journey("<script>alert(1)</script>", summary="<b>bold</b>", language='"><i>')
    page = client.get("/?q=%3Cscript%3E").text
    assert "<script>alert" not in page
    assert "<b>bold" not in page
    assert "<i>" not in page


@pytest.mark.parametrize("query", ["", "?q=journey", "?kind=learning-exchange&language=en"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_as_many_queries_for_thirty_as_for_one(client, query_counter, query, signed_in):
    def fill(number):
        for place in range(number):
            journey = make_journey(f"Journey {place}")
            journey.partners.append(
                Partner(
                    organisation=make_organisation(f"Partner {place}"), position=1, role=PartnerRole.FUNDER
                )
            )
            meet(journey, at(2027, 4, 22, 13))

    fill(1)
    if signed_in:
        sign_in(client, make_person())
    db.commit()
    with query_counter() as one:
        assert client.get(f"/{query}").status_code == 200
    fill(29)
    db.commit()
    with query_counter() as thirty:
        assert client.get(f"/{query}").status_code == 200
    assert thirty.count == one.count
    assert one.count <= (9 if signed_in else 6)

"""The page of a facilitator."""

from datetime import date, datetime

import pytest
import time_machine

from app.database import db
from app.domain.attendance import Attendance
from app.facilitators.models import Facilitator
from app.journeys.models import JourneyStatus
from app.learning_sessions.sittings import Days
from app.scheduling.operations import cancel
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_organisation,
    make_venue,
)


def at(*parts):
    """What a clock on the wall shows."""
    return datetime(*parts)  # noqa: DTZ001


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def test_who_it_is_and_what_comes_in_the_readers_time(client):
    facilitator = make_facilitator(
        biography="Works on **payment**.", affiliation="Senior adviser", timezone="Africa/Nairobi",
        is_demonstration=True,
    )  # fmt: skip
    facilitator.organisation = make_organisation("Amref Health Africa")
    journey = make_journey("Paying for care")
    make_offering(make_learning_session(journey, "Rates"), facilitators=[(facilitator, "Lead")])
    client.set_cookie("zone", "Asia/Manila", domain="127.0.0.1")
    page = client.get(f"/facilitators/{facilitator.slug}/").text
    for said in (
        "<h1>Wanjiru Kamau</h1>", "Facilitator, Nairobi", "Senior adviser, Amref Health Africa",
        "<strong>payment</strong>", "An invented person", "Paying for care", "Lead", "Thu 22 April 2027",
        ">20:00–21:30</time> Manila", ">13:00–14:30</time> London, BST", "strip mini",
        f'href="/journeys/{journey.slug}/sessions/rates/"',
    ):  # fmt: skip
        assert said in page
    assert "Past sessions" not in page


def test_past_sessions_newest_first_and_cancelled_ones_apart(client):
    facilitator = make_facilitator()
    journey = make_journey()
    for title, wall in (("Oldest", at(2020, 4, 29, 10, 30)), ("Newest", at(2021, 3, 25, 10))):
        make_offering(make_learning_session(journey, title), wall=wall, facilitators=[(facilitator, "")])
    gone = make_offering(
        make_learning_session(journey, "Gone"),
        wall=at(2021, 2, 3, 10),
        facilitators=[(facilitator, "")],
    )
    cancel(gone, "", NOW)
    coming = make_offering(make_learning_session(journey, "Called off"), facilitators=[(facilitator, "")])
    cancel(coming, "", NOW)
    days = Days(date(2016, 12, 8), date(2016, 12, 8), "America/Los_Angeles")
    make_offering(
        make_learning_session(journey, "Day only"), when=days, attendance=Attendance.IN_PERSON,
        venue=make_venue(timezone="America/Los_Angeles"), facilitators=[(facilitator, "")],
    )  # fmt: skip
    page = client.get(f"/facilitators/{facilitator.slug}/").text
    places = [page.index(said) for said in ("Called off", "Cancelled", "Newest", "Oldest", "Day only")]
    assert places == sorted(places)
    assert ">Gone<" not in page
    assert "Wed 29 April 2020" in page
    assert "8 December 2016" in page


def test_with_nothing_to_lead_it_says_so(client):
    facilitator = make_facilitator("Đặng Thị")
    page = client.get(f"/facilitators/{facilitator.slug}/")
    assert page.status_code == 200
    assert "Đặng Thị has no coming session here." in page.text
    assert client.get("/facilitators/nobody/").status_code == 404


def test_sessions_of_drafts_stay_hidden(client):
    facilitator = make_facilitator()
    draft = make_journey("Secret draft", status=JourneyStatus.DRAFT)
    make_offering(make_learning_session(draft, "Hidden"), facilitators=[(facilitator, "")])
    page = client.get(f"/facilitators/{facilitator.slug}/").text
    assert "Secret" not in page
    assert "Hidden" not in page


def test_as_many_queries_for_thirty_as_for_one(client, query_counter):
    somebody = make_facilitator()

    def lead(number):
        facilitator = db.get_one(Facilitator, somebody.id)
        for place in range(number):
            one = make_learning_session(make_journey(f"Journey {place}"), f"Session {place}")
            make_offering(one, facilitators=[(facilitator, "Lead")])
            past = make_learning_session(one.journey, f"Past {place}")
            make_offering(past, wall=at(2026, 4, 22, 13), facilitators=[(facilitator, "Lead")])

        db.commit()

    lead(1)
    address = f"/facilitators/{somebody.slug}/"
    with query_counter() as one:
        assert client.get(address).status_code == 200
    lead(29)
    with query_counter() as thirty:
        assert client.get(address).status_code == 200
    assert thirty.count == one.count <= 3

"""The calendar of the catalogue: the same choice as the page, the same bytes for everybody."""

from datetime import date, timedelta

import pytest

from app.database import db
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import Days
from app.scheduling import operations
from app.search import soonest
from tests.calendars.reading import events_of
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.people import ada, browser_of

PATH = "/journeys/calendar.ics"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


def titles(answer) -> list[str]:
    assert answer.status_code == 200
    return [str(event["SUMMARY"]) for event in events_of(answer.data)]


def test_it_is_narrowed_like_the_page(client):
    sitting(make_journey("Paying for care", status=JourneyStatus.OPEN, language="en"), "Capitation")
    sitting(make_journey("Payer les soins", status=JourneyStatus.PUBLISHED, language="fr"), "La capitation")
    draft = make_journey("Not yet said", status=JourneyStatus.DRAFT)
    sitting(draft, "Secret")
    assert titles(client.get(PATH)) == ["Capitation", "La capitation"]
    assert titles(client.get(f"{PATH}?language=fr")) == ["La capitation"]
    assert titles(client.get(f"{PATH}?status=open")) == ["Capitation"]
    assert titles(client.get(f"{PATH}?status=draft")) == []
    assert titles(client.get(f"{PATH}?kind=nonsense")) == []
    organiser = browser_of(client.application, ada(draft))
    assert titles(organiser.get(PATH)) == ["Capitation", "La capitation"], "it is for everybody"


def test_what_is_long_over_is_left_out_and_days_count(client):
    journey = make_journey()
    sitting(journey, "Last week", wall=(NOW - timedelta(days=7)).replace(tzinfo=None))
    sitting(journey, "Long ago", wall=(NOW - timedelta(days=40)).replace(tzinfo=None))
    sitting(journey, "Some day", when=Days(date(2027, 5, 11), date(2027, 5, 12), "Africa/Accra"))
    assert titles(client.get(PATH)) == ["Last week", "Some day"]


def test_what_was_cancelled_lately_is_told_and_what_is_past_takes_no_room_of_what_comes(client, monkeypatch):
    monkeypatch.setattr(soonest, "MOST", 1)
    journey = make_journey()
    long_ago = (NOW - timedelta(days=40)).replace(tzinfo=None)
    off = sitting(journey, "Was off", wall=long_ago)
    for days in (3, 2):
        sitting(journey, f"{days} days ago", wall=(NOW - timedelta(days=days)).replace(tzinfo=None))
    sitting(journey, "To come")
    operations.cancel(off, "Ill.", NOW - timedelta(days=5))
    db.commit()
    assert titles(client.get(PATH)) == ["Was off", "3 days ago", "2 days ago", "To come"]


def test_only_the_soonest_are_in_it(client, monkeypatch):
    monkeypatch.setattr(soonest, "MOST", 2)
    journey = make_journey()
    for days in (30, 10, 20):
        sitting(journey, f"In {days} days", wall=(NOW + timedelta(days=days)).replace(tzinfo=None))
    assert titles(client.get(PATH)) == ["In 10 days", "In 20 days"]


def test_its_name_and_source_say_what_was_chosen(client):
    body = client.get(f"{PATH}?status=open&q=paying+for").data.replace(b"\r\n ", b"").decode()
    assert "NAME:Meridian: chosen sessions\r\n" in body
    assert "past 30 days. Search: paying for\\; Status: Open\r\n" in body
    assert "SOURCE;VALUE=URI:http://127.0.0.1:8000/journeys/calendar.ics?q=paying+for&status=open\r\n" in body


def test_its_tag_is_that_of_what_it_tells(client, database):
    offering = sitting(make_journey(), "Capitation")
    other = make_journey("Another", status=JourneyStatus.PUBLISHED)
    first = client.get(f"{PATH}?status=open")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    tag = {"If-None-Match": first.headers["ETag"]}
    sitting(other, "Elsewhere")
    assert client.get(f"{PATH}?status=open", headers=tag).status_code == 304
    assert client.get(PATH, headers=tag).status_code == 200
    operations.cancel(db.get_one(Offering, offering.id), "Nobody can come.", NOW + timedelta(minutes=1))
    db.commit()
    changed = client.get(f"{PATH}?status=open", headers=tag)
    (event,) = events_of(changed.data)
    assert (changed.status_code, str(event["STATUS"])) == (200, "CANCELLED")


def test_its_queries_do_not_grow(client, database, query_counter):
    counts = []
    for many in (1, 30):
        for number in range(many):
            sitting(make_journey(f"Journey {many} {number}"), "A session")
        database.commit()
        with query_counter() as counted:
            titles(client.get(PATH))
        counts.append(counted.count)
    assert counts == [4, 4]


def sitting(journey, title: str, **when):
    return make_offering(make_learning_session(journey, title), **when)

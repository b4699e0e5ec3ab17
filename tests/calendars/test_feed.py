"""One person's feed: what it holds, for how long, and who gets the join link."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.calendars import queries
from app.config import Settings
from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import Offering, OfferingStatus
from app.participants.models import Participant
from tests.calendars.counting import assert_statements
from tests.calendars.people import give_place, make_feed, make_person
from tests.calendars.reading import event_of, events_of, lines_of
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.reader import Client, QueryCounter

STARTS = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)


def path_of(person: Participant, settings: Settings) -> str:
    address = queries.feed_address(make_feed(person, settings), settings)
    assert address is not None
    return address.removeprefix(settings.site_url)


@pytest.fixture
def person(client: Client) -> Participant:
    return make_person()


@pytest.fixture
def path(person: Participant, settings: Settings) -> str:
    """The address of the person's feed."""
    return path_of(person, settings)


@time_machine.travel(NOW, tick=False)
def test_it_holds_places_with_the_uid_of_the_public_file(client: Client, person: Participant, path: str):
    journey = make_journey()
    sitting = make_offering(make_learning_session(journey))
    give_place(person, sitting)
    public, uid = f"/journeys/{journey.slug}/calendar.ics", sitting.uid
    mine, everybodys = (event_of(client.get(one).data) for one in (path, public))
    assert str(mine["UID"]) == str(everybodys["UID"]) == uid
    for name in ("DTSTART", "DTEND", "SEQUENCE", "SUMMARY", "STATUS"):
        assert mine[name] == everybodys[name]
    assert "Your time: Thursday 22 April 2027, 12:00–13:30 GMT (Africa/Accra), UTC\n" in mine["DESCRIPTION"]
    assert "13:00–14:30 BST (Europe/London), UTC+1\n" in mine["DESCRIPTION"]


def test_headers(client: Client, path: str):
    response = client.get(path)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == "inline; filename=meridian.ics"
    assert response.headers["Cache-Control"] == "private, max-age=300"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in response.headers
    assert client.head(path).status_code == 200


def test_somebody_without_places_or_without_a_profile_gets_an_empty_calendar(
    client: Client, person: Participant, path: str
):
    assert events_of(client.get(path).data) == []
    db.delete(db.get_one(Participant, person.id))
    assert events_of(client.get(path).data) == []


def test_waiting_is_tentative_and_a_released_place_disappears(client: Client, person: Participant, path: str):
    sitting = make_offering(make_learning_session(make_journey()))
    number = give_place(person, sitting, PlaceStatus.WAITING).id
    waiting = client.get(path)
    assert str(event_of(waiting.data)["STATUS"]) == "TENTATIVE"
    assert "waiting list" in event_of(waiting.data)["DESCRIPTION"]

    place = db.get_one(Place, number)
    place.status, place.confirmed_at, place.updated_at = PlaceStatus.CONFIRMED, NOW, NOW + timedelta(hours=1)
    promoted = client.get(path, headers={"If-None-Match": waiting.headers["ETag"]})
    assert promoted.status_code == 200
    assert str(event_of(promoted.data)["STATUS"]) == "CONFIRMED"
    assert event_of(promoted.data)["DTSTAMP"].dt > event_of(waiting.data)["DTSTAMP"].dt

    place = db.get_one(Place, number)
    place.status, place.released_at = PlaceStatus.RELEASED, NOW
    assert events_of(client.get(path).data) == []


@time_machine.travel(NOW, tick=False)
def test_the_same_bytes_twice_and_304(client: Client, person: Participant, path: str):
    give_place(person, make_offering(make_learning_session(make_journey())))
    first, second = client.get(path), client.get(path)
    assert first.data == second.data
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_sequence_of_the_place_is_added(client: Client, person: Participant, path: str):
    give_place(person, make_offering(make_learning_session(make_journey())), sequence=3)
    assert event_of(client.get(path).data)["SEQUENCE"] == 3


@pytest.mark.parametrize(
    ("status", "before", "is_shown"),
    [
        (PlaceStatus.CONFIRMED, timedelta(minutes=15), True),
        (PlaceStatus.CONFIRMED, timedelta(minutes=15, seconds=1), False),
        (PlaceStatus.CONFIRMED, timedelta(hours=-1), True),
        (PlaceStatus.WAITING, timedelta(minutes=1), False),
        (PlaceStatus.OFFERED, timedelta(minutes=1), False),
    ],
)
def test_the_join_link_is_for_holders_from_its_time_on(
    client: Client, person: Participant, path: str, status: PlaceStatus, before: timedelta, is_shown: bool
):
    link = "https://meet.example.org/j/123"
    give_place(person, make_offering(make_learning_session(make_journey()), join_url=link), status)
    with time_machine.travel(STARTS - before, tick=False):
        body = client.get(path).data
    assert (f"CONFERENCE;FEATURE=VIDEO;LABEL=Join;VALUE=URI:{link}" in lines_of(body)) is is_shown
    assert (link in body.replace(b"\r\n ", b"").decode()) is is_shown


def cancel(sitting: Offering) -> None:
    sitting.status, sitting.cancelled_at, sitting.sequence = OfferingStatus.CANCELLED, NOW, 1


@pytest.mark.parametrize("status", [PlaceStatus.CONFIRMED, PlaceStatus.RELEASED])
def test_a_cancelled_sitting_stays_until_its_day_and_then_goes(
    client: Client, person: Participant, path: str, status: PlaceStatus
):
    sitting = make_offering(make_learning_session(make_journey()))
    cancel(sitting)
    give_place(person, sitting, status)
    with time_machine.travel(STARTS, tick=False):
        event = event_of(client.get(path).data)
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 1)
    with time_machine.travel(STARTS + timedelta(days=1), tick=False):
        assert events_of(client.get(path).data) == []


def test_a_sitting_cancelled_late_stays_for_a_month(client: Client, person: Participant, path: str):
    sitting = make_offering(make_learning_session(make_journey()), wall=NOW.replace(tzinfo=None))
    cancel(sitting)
    give_place(person, sitting)
    with time_machine.travel(NOW + timedelta(days=29), tick=False):
        assert len(events_of(client.get(path).data)) == 1
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        assert events_of(client.get(path).data) == []


def test_a_place_given_up_before_the_cancellation_does_not_come_back(
    client: Client, person: Participant, path: str
):
    sitting = make_offering(make_learning_session(make_journey()))
    cancel(sitting)
    give_place(person, sitting, PlaceStatus.RELEASED, now=NOW - timedelta(days=1))
    with time_machine.travel(NOW, tick=False):
        assert events_of(client.get(path).data) == []


def test_nothing_of_others_and_nothing_of_drafts(client: Client, person: Participant, path: str):
    other = make_person("Rafiq Islam", "Asia/Dhaka")
    journey = make_journey("Somebody else's")
    give_place(other, make_offering(make_learning_session(journey)))
    withdrawn = make_journey("Withdrawn")
    give_place(person, make_offering(make_learning_session(withdrawn)))
    number = withdrawn.id
    db.get_one(Journey, number).status = JourneyStatus.DRAFT
    body = client.get(path).data
    assert events_of(body) == []
    assert b"Rafiq" not in body


def test_both_ways_tell_each_holder_the_place_to_be(client: Client, person: Participant, path: str):
    one = make_learning_session(make_journey())
    give_place(person, make_offering(one, attendance=Attendance.BOTH), way=Way.ONLINE)
    with time_machine.travel(NOW, tick=False):
        assert str(event_of(client.get(path).data)["LOCATION"]) == "Online"


def test_thirty_places_cost_the_queries_of_one(
    client: Client, settings: Settings, query_counter: Callable[[], QueryCounter]
):
    few, many = make_person("Few"), make_person("Many")
    for holder, places in ((few, 1), (many, 30)):
        for number in range(places):
            journey = make_journey(f"Journey {number} of {holder.name}")
            give_place(holder, make_offering(make_learning_session(journey)))
    paths = path_of(few, settings), path_of(many, settings)
    db.commit()
    assert_statements(client, query_counter, paths, {"anew": 5, "kept": 3, "unchanged": 1})

"""The files of journeys and learning sessions, as a calendar program fetches them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask

from app.database import db
from app.domain.attendance import Attendance
from app.domain.permissions import OrganiserRole
from app.journeys.models import Journey, JourneySlug, JourneyStatus, OrganiserAssignment
from app.learning_sessions.models import OfferingStatus
from tests.calendars.counting import assert_statements
from tests.calendars.people import make_person, sign_in
from tests.calendars.reading import event_of, events_of
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.reader import Client, QueryCounter

K4D = [
    ("Political economy analysis", "2020-04-29T10:30", 120, "20200429T093000Z", "20200429T113000Z"),
    ("Improving Quality of Care", "2020-07-13T13:00", 150, "20200713T120000Z", "20200713T143000Z"),
    ("Strengthening accountability", "2020-09-10T13:00", 150, "20200910T120000Z", "20200910T143000Z"),
    ("Health financing priorities", "2020-10-12T10:00", 150, "20201012T090000Z", "20201012T113000Z"),
    ("Engaging private health providers", "2020-12-15T10:00", 150, "20201215T100000Z", "20201215T123000Z"),
    ("Leaving No-One Behind", "2021-02-03T10:00", 150, "20210203T100000Z", "20210203T123000Z"),
    ("Complexity of Health Systems", "2021-03-25T10:00", 150, "20210325T100000Z", "20210325T123000Z"),
]


def path_of(journey: Journey) -> str:
    return f"/journeys/{journey.slug}/calendar.ics"


def make_k4d() -> Journey:
    journey = make_journey("K4D Learning Journey", status=JourneyStatus.CLOSED)
    for title, wall, length, _starts, _ends in K4D:
        one = make_learning_session(journey, title)
        make_offering(one, wall=datetime.fromisoformat(wall), length=length)
    return journey


def test_a_journeys_file_holds_its_sessions_at_their_instants(client: Client):
    path = path_of(make_k4d())
    response = client.get(path)
    assert response.status_code == 200
    assert [
        (str(one["SUMMARY"]), one["DTSTART"].to_ical().decode(), one["DTEND"].to_ical().decode())
        for one in events_of(response.data)
    ] == [(title, starts, ends) for title, _wall, _length, starts, ends in K4D]
    first = str(events_of(response.data)[0]["DESCRIPTION"])
    assert first.startswith("When: Wednesday 29 April 2020, 10:30–12:30 BST (Europe/London), UTC+1\n")


def test_a_sessions_file_tells_the_same_as_the_journeys(client: Client):
    journey = make_journey()
    one = make_learning_session(journey)
    uid = make_offering(one).uid
    paths = path_of(journey), f"/journeys/{journey.slug}/sessions/{one.slug}/calendar.ics"
    whole, single = (event_of(client.get(path).data) for path in paths)
    assert whole.to_ical() == single.to_ical()
    assert str(single["UID"]) == uid
    assert str(single["URL"]) == f"http://127.0.0.1:8000/journeys/{journey.slug}/sessions/{one.slug}/"


def test_headers(client: Client):
    journey = make_journey()
    make_offering(make_learning_session(journey))
    slug, path = journey.slug, path_of(journey)
    response = client.get(path)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == f"attachment; filename={slug}.ics"
    assert response.headers["Cache-Control"] == "public, max-age=300"
    assert "Last-Modified" not in response.headers


def test_the_same_bytes_twice_and_304_until_something_changes(client: Client):
    journey = make_journey()
    sitting = make_offering(make_learning_session(journey))
    path, number = path_of(journey), sitting.id
    first, second = client.get(path), client.get(path)
    assert first.data == second.data
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    kept = client.get(path, headers={"If-None-Match": tag})
    assert (kept.status_code, kept.data) == (304, b"")
    assert kept.headers["ETag"] == tag
    assert client.get(path, headers={"If-None-Match": f'"other", W/{tag}'}).status_code == 304
    dated = {"If-None-Match": '"other"', "If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 GMT"}
    assert client.get(path, headers=dated).status_code == 200

    sitting = db.get_one(type(sitting), number)
    sitting.sequence, sitting.updated_at = 1, NOW + timedelta(hours=1)
    changed = client.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert event_of(changed.data)["DTSTAMP"].dt == NOW + timedelta(hours=1)
    assert event_of(changed.data)["SEQUENCE"] == 1


def test_compressed_bytes_have_a_tag_of_their_own(client: Client):
    path = path_of(make_k4d())
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    assert client.get(path, headers=again).status_code == 304


def test_head(client: Client):
    path = path_of(make_k4d())
    shown, asked = client.get(path), client.head(path)
    assert asked.status_code == 200
    assert asked.data == b""
    for name in ("Content-Type", "Content-Length", "ETag"):
        assert asked.headers[name] == shown.headers[name]


def test_join_links_stay_out_of_public_files_even_for_those_who_may_see_them(client: Client):
    journey = make_journey()
    make_offering(make_learning_session(journey), join_url="https://meet.example.org/secret")
    administrator = make_person("Root", is_administrator=True)
    path = path_of(journey)
    sign_in(client, administrator)
    assert b"meet.example.org" not in client.get(path).data.replace(b"\r\n ", b"")


def test_a_signed_in_reader_gets_no_cookie_with_a_file_that_caches_keep(client: Client):
    person, path = make_person(), path_of(make_journey())
    sign_in(client, person)
    assert "Set-Cookie" not in client.get(path).headers


def test_a_cancelled_sitting_stays_as_a_tombstone(client: Client):
    journey = make_journey()
    sitting = make_offering(make_learning_session(journey))
    path = path_of(journey)
    sitting.status, sitting.cancelled_at, sitting.sequence = OfferingStatus.CANCELLED, NOW, 1
    event = event_of(client.get(path).data)
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 1)


def test_sessions_without_a_date_are_left_out_and_twins_are_two_events(client: Client):
    journey = make_journey()
    make_learning_session(journey, "Not yet dated")
    one = make_learning_session(journey, "Held twice")
    uids = [make_offering(one).uid, make_offering(one, wall=datetime(2027, 4, 23, 9)).uid]  # noqa: DTZ001
    path, undated = path_of(journey), f"/journeys/{journey.slug}/sessions/not-yet-dated/calendar.ics"
    assert [str(event["UID"]) for event in events_of(client.get(path).data)] == uids
    assert events_of(client.get(undated).data) == []


def test_a_draft_is_not_there_for_strangers_and_private_for_its_organisers(client: Client):
    journey = make_journey(status=JourneyStatus.DRAFT)
    one = make_learning_session(journey)
    make_offering(one, attendance=Attendance.ONLINE)
    person = make_person("Ada")
    db.add(OrganiserAssignment(journey_id=journey.id, user_id=person.user_id, role=OrganiserRole.OWNER))
    paths = path_of(journey), f"/journeys/{journey.slug}/sessions/{one.slug}/calendar.ics"
    for path in paths:
        assert client.get(path).status_code == 404
    sign_in(client, db.merge(person))
    for path in paths:
        seen = client.get(path)
        assert (seen.status_code, seen.headers["Cache-Control"]) == (200, "private, no-store")


def test_unknown_and_old_addresses(client: Client):
    journey = make_journey()
    one = make_learning_session(journey)
    db.add(JourneySlug(slug="old", journey_id=journey.id))
    slug, session_slug = journey.slug, one.slug
    assert client.get("/journeys/nothing/calendar.ics").status_code == 404
    assert client.get(f"/journeys/{slug}/sessions/nothing/calendar.ics").status_code == 404
    moved = client.get("/journeys/old/calendar.ics")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/journeys/{slug}/calendar.ics")
    moved = client.get(f"/journeys/old/sessions/{session_slug}/calendar.ics")
    assert moved.headers["Location"] == f"/journeys/{slug}/sessions/{session_slug}/calendar.ics"


def test_thirty_sittings_cost_the_queries_of_one(
    app: Flask, client: Client, query_counter: Callable[[], QueryCounter]
):
    small, large = make_journey("Small"), make_journey("Large")
    for journey, many in ((small, 1), (large, 30)):
        for number in range(many):
            make_offering(make_learning_session(journey, f"Session {number}"))
    paths = path_of(small), path_of(large)
    db.commit()
    assert_statements(client, query_counter, paths, {"anew": 5, "kept": 3, "unchanged": 2})

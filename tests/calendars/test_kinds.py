"""Feeds of facilitators and organisers, what a feed is wished to tell, and when time alone changes one."""

from datetime import UTC, datetime, timedelta

import pytest

from app.calendars import operations as calendars
from app.calendars import queries
from app.calendars.models import Feed, FeedKind
from app.database import db
from app.domain.permissions import OrganiserRole
from app.domain.seats import PlaceStatus
from app.enrolments import operations as enrolments
from app.enrolments.models import Place
from app.journeys.models import OrganiserAssignment
from app.learning_sessions.models import Offering
from app.scheduling import operations as scheduling
from tests.calendars.people import give_place, make_feed, make_person
from tests.calendars.reading import event_of, events_of, lines_of
from tests.factories import NOW, make_facilitator, make_journey, make_learning_session, make_offering
from tests.people import cast, lead, make_account, seat

LINK = "https://meet.example.org/j/123"
STARTS = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def sitting(database) -> Offering:
    return make_offering(make_learning_session(make_journey()), join_url=LINK, capacity_online=1)


def path_of(feed: Feed, settings) -> str:
    return (queries.feed_address(feed, settings) or "").removeprefix(settings.site_url)


def test_who_leads_reads_what_they_lead_with_head_counts_and_the_link(client, settings, sitting):
    people = cast(sitting)
    make_offering(make_learning_session(make_journey("Somebody else's")))
    path = path_of(calendars.make_feed(people.fran.id, settings, NOW, FeedKind.LEADING), settings)
    event = event_of(client.get(path).data)
    assert str(event["LOCATION"]) == str(event["CONFERENCE"]) == LINK
    told = str(event["DESCRIPTION"])
    assert told.startswith("You facilitate this session.\n\nWhen: Thursday 22 April 2027, 13:00–14:30 BST")
    assert "\n\nPlaces held: 1 online; 1 waits.\n\n" in told
    assert "Pat" not in told


def test_its_head_counts_are_of_this_moment_and_a_new_count_is_a_change(client, settings, sitting, now):
    people = cast(sitting)
    feed = calendars.make_feed(people.fran.id, settings, NOW, FeedKind.LEADING)
    path, place_id = (
        path_of(feed, settings),
        db.query(Place).filter_by(participant_id=people.will.id).one().id,
    )
    before = client.get(path)
    later = NOW + timedelta(hours=1)
    now.move_to(later, tick=False)
    enrolments.release_place(db.get_one(Place, place_id), later)
    db.commit()
    after = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Places held: 1 online.\n" in str(event_of(after.data)["DESCRIPTION"])
    assert event_of(before.data)["LAST-MODIFIED"].dt == NOW
    assert event_of(after.data)["LAST-MODIFIED"].dt == later


def test_an_organiser_reads_every_sitting_of_the_journey_as_long_as_they_organise_it(
    client, settings, sitting
):
    journey = sitting.learning_session.journey
    make_offering(make_learning_session(journey, "Another"))
    make_offering(make_learning_session(make_journey("Elsewhere"), "Not this"))
    people = cast(sitting)
    feed = calendars.make_feed(people.cora.id, settings, NOW, FeedKind.JOURNEY, journey.id)
    path, number = path_of(feed, settings), journey.id
    first = client.get(path)
    assert [str(one["SUMMARY"]) for one in events_of(first.data)] == ["What capitation pays for", "Another"]
    assert "Places held: 1 online; 1 waits." in str(events_of(first.data)[0]["DESCRIPTION"])
    assert "Nobody has a place yet." in str(events_of(first.data)[1]["DESCRIPTION"])
    assert f"X-WR-CALNAME:Meridian: {journey.name}\\, for organisers" in lines_of(first.data)

    assignment = db.get_one(OrganiserAssignment, (number, people.cora.id))
    assert assignment.role is OrganiserRole.READER
    db.delete(assignment)
    db.commit()
    answer = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (answer.status_code, events_of(answer.data)) == (200, [])


@pytest.mark.parametrize("kind", [FeedKind.LEADING, FeedKind.JOURNEY])
def test_the_queries_of_thirty_are_those_of_one(client, settings, query_counter, kind):
    user = make_account("Fran Moyo")
    facilitator = make_facilitator("Fran Moyo", user=user)
    counts = []
    for many in (1, 30):
        journey = make_journey(f"Journey of {many}")
        db.add(OrganiserAssignment(journey_id=journey.id, user_id=user.id, role=OrganiserRole.EDITOR))
        for number in range(many):
            offering = make_offering(make_learning_session(journey, f"Session {number}"))
            lead(offering, facilitator)
        number = journey.id if kind is FeedKind.JOURNEY else None
        path = path_of(calendars.make_feed(user.id, settings, NOW, kind, number), settings)
        db.commit()
        for _ in range(2):  # the kind of a feed is known from the second time on
            with query_counter() as counted:
                assert client.get(path).status_code == 200
            counts.append(counted.count)
    assert counts == ([6, 3, 5, 3] if kind is FeedKind.LEADING else [7, 4, 7, 4])  # one reads its journey


def test_wishes_waiting_cancelled_and_a_reminder(client, settings):
    person = make_person()
    journey = make_journey()
    held, waited, off = (make_offering(make_learning_session(journey, title)) for title in ("A", "B", "C"))
    give_place(person, held)
    give_place(person, waited, PlaceStatus.WAITING)
    give_place(person, off)
    scheduling.cancel(off, "Ill.", NOW)
    feed = make_feed(person, settings)
    path, number = path_of(feed, settings), feed.id

    def titles(**wishes) -> list[str]:
        usual = {"shows_waiting": True, "shows_cancelled": True, "alarm_minutes": None}
        calendars.prefer(db.get_one(Feed, number), **(usual | wishes))
        db.commit()
        return [str(one["SUMMARY"]) for one in events_of(client.get(path).data)]

    assert titles() == ["A", "B", "C"]
    assert titles(shows_waiting=False) == ["A", "C"]
    assert titles(shows_cancelled=False) == ["A", "B"]
    assert titles(alarm_minutes=30) == ["A", "B", "C"]
    alarms = [
        [str(one["TRIGGER"].to_ical()) for one in event.walk("VALARM")]
        for event in events_of(client.get(path).data)
    ]
    assert alarms == [["b'-PT30M'"], [], []], "only what is held reminds"


def test_who_wants_no_waiting_hears_of_none_that_was_cancelled_and_of_no_offer_that_ended(
    client, settings, now
):
    person = make_person()
    waited, offered = (make_offering(make_learning_session(make_journey(title))) for title in ("A", "B"))
    give_place(person, waited, PlaceStatus.WAITING)
    ends_at = give_place(person, offered, PlaceStatus.OFFERED).offer_ends_at
    scheduling.cancel(waited, "Ill.", NOW)
    feed = make_feed(person, settings)
    path, number = path_of(feed, settings), feed.id
    first = client.get(path)
    assert [str(one["STATUS"]) for one in events_of(first.data)] == ["CANCELLED", "TENTATIVE"]
    now.move_to(ends_at, tick=False)
    answer = client.get(path, headers={"If-None-Match": f"W/{first.headers['ETag']}"})
    assert (answer.status_code, len(events_of(answer.data))) == (200, 0)
    now.move_to(NOW, tick=False)
    calendars.prefer(db.get_one(Feed, number), shows_waiting=False, shows_cancelled=True, alarm_minutes=None)
    db.commit()
    assert events_of(client.get(path).data) == []


def test_the_tag_changes_at_the_moment_a_join_link_appears_and_not_before(client, settings, now, sitting):
    person = make_person()
    seat(person, sitting)
    path = path_of(make_feed(person, settings), settings)
    opens = STARTS - timedelta(minutes=15)
    first = client.get(path)
    tag = {"If-None-Match": first.headers["ETag"]}
    for at, status in ((opens - timedelta(seconds=1), 304), (opens, 200), (STARTS, 200)):
        now.move_to(at, tick=False)
        assert client.get(path, headers=tag).status_code == status
    opened = client.get(path)
    assert event_of(opened.data)["DTSTAMP"].dt == opens
    tag = {"If-None-Match": opened.headers["ETag"]}
    now.move_to(STARTS + timedelta(days=200), tick=False)
    assert client.get(path, headers=tag).status_code == 304


def test_the_tag_changes_when_a_tombstone_ends(client, settings, now, sitting):
    person = make_person()
    seat(person, sitting)
    scheduling.cancel(sitting, "Ill.", NOW)
    path = path_of(make_feed(person, settings), settings)
    tag = {"If-None-Match": client.get(path).headers["ETag"]}
    public = f"/journeys/{sitting.learning_session.journey.slug}/calendar.ics"
    public_tag = {"If-None-Match": client.get(public).headers["ETag"]}
    ends = STARTS + timedelta(minutes=90)
    for at, status in ((ends, 304), (ends + timedelta(seconds=1), 200)):
        now.move_to(at, tick=False)
        assert client.get(path, headers=tag).status_code == status
        assert client.get(public, headers=public_tag).status_code == status
    assert events_of(client.get(path).data) == events_of(client.get(public).data) == []


def test_twin_sittings_name_each_other_and_follow_each_other(client, now):
    one = make_learning_session(make_journey())
    first = make_offering(one)
    second = make_offering(one, wall=datetime(2027, 4, 23, 9), timezone="Asia/Manila")
    path, uids = f"/journeys/{one.journey.slug}/calendar.ics", (first.uid, second.uid)
    number = second.id

    def told() -> list[tuple[str, str]]:
        events = events_of(client.get(path).data)
        return [
            (str(event.get("RELATED-TO", "")), str(event["DESCRIPTION"]).split("\n\n")[1]) for event in events
        ]

    held = "The same session is also held: "
    assert told() == [
        (uids[1], f"{held}Friday 23 April 2027, 09:00–10:30 PST (Asia/Manila), UTC+8"),
        (uids[0], f"{held}Thursday 22 April 2027, 13:00–14:30 BST (Europe/London), UTC+1"),
    ]
    scheduling.cancel(db.get_one(Offering, number), "Ill.", NOW + timedelta(minutes=1))
    db.commit()
    assert told()[0][0] == ""
    assert not told()[0][1].startswith(held)

"""A site that holds every case, and its calendars, fetched through their addresses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

import time_machine

from app import create_app
from app.accounts.models import User
from app.calendars import operations, queries
from app.calendars.models import FeedKind
from app.config import Settings
from app.database import bind, db
from app.domain.attendance import Attendance, Way
from app.domain.permissions import OrganiserRole
from app.domain.seats import PlaceStatus
from app.domain.timezones import Promise
from app.journeys.models import Journey
from app.journeys.operations import assign_organiser
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.sittings import Days
from app.participants.models import Participant
from app.scheduling import operations as scheduling
from tests.calendars.cases import CASES, CLOCKS, LENGTHS, PLACES, USUAL, Case
from tests.calendars.people import give_place, make_person
from tests.calendars.readers.seen import Seen
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_venue,
)
from tests.people import lead
from tests.reader import Client

STANDINGS = {
    PlaceStatus.WAITING: "TENTATIVE",
    PlaceStatus.REQUESTED: "TENTATIVE",
    PlaceStatus.OFFERED: "TENTATIVE",
    PlaceStatus.CONFIRMED: "CONFIRMED",
}


@dataclass(frozen=True)
class File:
    """A calendar as it was fetched, and what it must be understood to hold: case by case."""

    name: str
    body: bytes
    expected: dict[str, Seen]


def files(settings: Settings) -> list[File]:
    """Every calendar of a site that holds the cases. Its database must be migrated and empty."""
    with _site(settings) as client, time_machine.travel(NOW, tick=False):
        return list(_made(client, settings))


@contextmanager
def _site(settings: Settings) -> Iterator[Client]:
    previous = db.session_factory.kw.get("bind")
    app = create_app(settings)
    app.testing = True
    app.test_client_class = Client
    try:
        yield app.test_client()  # type: ignore[misc]
    finally:
        db.remove()
        app.extensions["engine"].dispose()
        if previous is not None:
            bind(previous)


def _made(client: Client, settings: Settings) -> Iterator[File]:
    person = make_person()
    path = _feed_path(person, settings)
    yield _fetched("an empty feed", client, path, {})
    journey = make_journey("Clocks, texts; places")
    yield _fetched("a journey without sessions", client, _path(journey), {})
    undated = make_learning_session(journey, "Not dated yet")
    yield _fetched("a session without a date", client, _path(journey, undated), {})

    owner = make_person("Ada Owusu")
    assign_organiser(journey, db.get_one(User, owner.user_id), OrganiserRole.OWNER, NOW)
    organised = _feed_path(owner, settings, FeedKind.JOURNEY, journey.id)
    made = {case: _sitting(case, journey, person, settings) for case in CASES}
    told = {case.name: seen for case, seen in made.items()}
    yield _fetched("the journey's file", client, _path(journey), told)
    held = {one.name: replace(seen, location=_for_holder(one, seen.location)) for one, seen in made.items()}
    yield _fetched("a person's feed", client, path, held)
    run = {one.name: replace(seen, location=_for_leader(one, seen.location)) for one, seen in made.items()}
    yield _fetched("an organiser's feed", client, organised, run)
    for case in (*CLOCKS[::3], *LENGTHS[::3], *PLACES):
        own = f"{made[case].page.removeprefix(settings.site_url)}calendar.ics"
        yield _fetched(f"the session's file ({case.name})", client, own, {case.name: made[case]})
    yield from _standings(client, settings)
    yield from _twins(client, settings)


def _standings(client: Client, settings: Settings) -> Iterator[File]:
    """The feed of somebody who waits, has asked, is offered a place, and holds one; with reminders."""
    person, journey = make_person("Rafiq Islam", "Asia/Dhaka"), make_journey("Standings")
    path, expected = _feed_path(person, settings, alarm_minutes=30), {}
    for status, said in STANDINGS.items():
        case = replace(USUAL, name=f"a place that is {status}")
        seen = _sitting(case, journey, person, settings, status)
        expected[case.name] = replace(seen, status=said)
    yield _fetched("the feed of one who waits", client, path, expected)


def _twins(client: Client, settings: Settings) -> Iterator[File]:
    """Two sittings of one session, which name each other; in the feed of who leads one and in the file."""
    one, leader = make_learning_session(make_journey("Twins"), "Twice"), make_person("Fran Moyo")
    first = replace(USUAL, name="a twin sitting", title=one.title)
    second = replace(CLOCKS[1], name="the other twin", title=one.title)
    sittings = [make_offering(one, when=_when(case), join_url=case.link) for case in (first, second)]
    lead(sittings[0], make_facilitator(leader.name, user=db.get_one(User, leader.user_id)))
    led = _feed_path(leader, settings, FeedKind.LEADING, alarm_minutes=0)
    seen = [_seen(*made, settings) for made in zip(sittings, (first, second), strict=True)]
    yield _fetched("twins", client, _path(one.journey, one), {first.name: seen[0], second.name: seen[1]})
    yield _fetched("what one leads", client, led, {first.name: replace(seen[0], location=USUAL.link)})


def _sitting(
    case: Case, journey: Journey, person: Participant, settings: Settings,
    status: PlaceStatus = PlaceStatus.CONFIRMED,
) -> Seen:  # fmt: skip
    one = make_learning_session(journey, case.title, summary=case.summary)
    one.title = case.title  # also one that no form takes: older rows and other programs may have it
    venue = make_venue(case.venue[0], address=case.venue[1]) if case.venue else None
    offering = make_offering(
        one, when=_when(case), attendance=case.attendance, join_url=case.link, venue=venue
    )
    way = Way.IN_PERSON if case.attendance is Attendance.IN_PERSON else Way.ONLINE
    give_place(person, offering, status, way)
    if case.cancelled:
        scheduling.cancel(offering, "The facilitator is ill; sorry, all.", NOW)
    return _seen(offering, case, settings)


def _when(case: Case) -> Promise | Days:
    if case.wall is None:
        assert not isinstance(case.starts, datetime)
        return Days(case.starts, case.ends - timedelta(days=1), case.zone)
    return Promise(case.wall, case.zone, case.fold, case.length)


def _seen(offering: Offering, case: Case, settings: Settings) -> Seen:
    """What must be understood of the public copy. The description is for readers to agree on."""
    one = offering.learning_session
    address = f"journeys/{quote(one.journey.slug)}/sessions/{quote(one.slug)}/"
    return Seen(
        uid=offering.uid,
        page=f"{settings.site_url}/{address}",
        starts=case.starts,
        ends=case.ends,
        title=case.title,
        status=case.status,
        sequence=1 if case.cancelled else 0,
        location=_where(case),
        description=case.summary,
    )


def _where(case: Case) -> str:
    place = ", ".join(case.venue or ())
    return {
        Attendance.ONLINE: "Online",
        Attendance.IN_PERSON: place,
        Attendance.BOTH: f"{place}, and online",
    }[case.attendance]


def _for_holder(case: Case, public: str) -> str:
    """Who attends online reads so, or the link: of a sitting that has begun, or whose hours nobody knows."""
    if case.attendance is Attendance.IN_PERSON:
        return public
    if case.link and not case.cancelled and not (isinstance(case.starts, datetime) and case.starts > NOW):
        return case.link
    return "Online"


def _for_leader(case: Case, public: str) -> str:
    """Who leads or organises sees the link at any time."""
    if not case.link or case.cancelled:
        return public
    return f"{', '.join(case.venue)}; {case.link}" if case.venue else case.link


def _fetched(name: str, client: Client, path: str, expected: dict[str, Seen]) -> File:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return File(name, answer.data, expected)


def _feed_path(
    person: Participant,
    settings: Settings,
    kind: FeedKind = FeedKind.PERSONAL,
    journey_id: int | None = None,
    alarm_minutes: int | None = None,
) -> str:
    assert person.user_id is not None
    feed = operations.make_feed(person.user_id, settings, NOW, kind, journey_id)
    operations.prefer(feed, shows_waiting=True, shows_cancelled=True, alarm_minutes=alarm_minutes)
    address = queries.feed_address(feed, settings)
    assert address is not None
    return address.removeprefix(settings.site_url)


def _path(journey: Journey, one: LearningSession | None = None) -> str:
    return f"/journeys/{journey.slug}/" + (f"sessions/{one.slug}/" if one else "") + "calendar.ics"

"""A person's calendar of two hundred sessions: unchanged, joined again, written anew; each against its floor.

CPU of server and database, not the time that passed; ours and the floor take turns.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPConnection

from sqlalchemy import select

from app import create_app
from app.calendars import operations as calendars
from app.calendars import queries
from app.config import Settings
from app.database import db, writing
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place as Seat
from app.journeys.models import Journey
from bench.matter import TEXT
from bench.measures import Place, refresh_statistics
from bench.places import AT_A_TIME, together
from bench.readers import Reader
from bench.servers import BARE_OPTIONS, SECRET_KEY, WORKERS, Server
from bench.table import Row
from tests import factories
from tests.people import make_account

SESSIONS = 200
ROUNDS = 7
EACH = 80
"""Requests of each who asks at the same time as others."""


def measure_calendars(place: Place, say: Callable[[str], None]) -> Iterator[Row]:
    """Everything about calendars, on a migrated database of its own."""
    say("a person with two hundred sessions")
    settings = Settings(secret_key=SECRET_KEY, database_url=place.url)
    path, token_hash = _fill(settings, datetime.now(UTC))
    with (
        Server("bench.served_bare", place.url, place.pid, BARE_OPTIONS, BENCH_CALENDARS="1") as bare,
        Server("bench.served_meridian", place.url, place.pid) as ours,
    ):
        say("calendars")
        yield from _unchanged(place, ours, bare, path, f"/bare/lookup/{token_hash}")
        yield from _whole(place, ours, bare, path, token_hash)


def _fill(settings: Settings, now: datetime) -> tuple[str, str]:
    """The path of a feed with SESSIONS places, and the hash of its token."""
    create_app(settings)
    with writing():
        journey = factories.make_journey("How primary care is paid for", now=now)
        person = factories.make_participant("Efua", user=make_account("Efua Mensah"), timezone="Africa/Accra")
        for number in range(SESSIONS):
            wall = (now + timedelta(days=number + 1)).replace(tzinfo=None, microsecond=0)
            one = factories.make_learning_session(journey, f"Session {number}: paying", summary=TEXT, now=now)
            offering = factories.make_offering(
                one,
                wall=wall,
                timezone="Europe/London",
                length=60,
                join_url="https://meet.example.org/a",
                now=now,
            )
            db.add(
                Seat(
                    participant_id=person.id, offering_id=offering.id, learning_session_id=one.id,
                    way=Way.ONLINE, status=PlaceStatus.CONFIRMED, queue_number=1, requested_at=now,
                    updated_at=now,
                )
            )  # fmt: skip
        feed = calendars.make_feed(person.user_id or 0, settings, now)
        address = queries.feed_address(feed, settings) or ""
        token_hash = feed.token_hash
    refresh_statistics()
    return address.removeprefix(settings.site_url), token_hash


def _unchanged(place: Place, ours: Server, bare: Server, path: str, lookup: str) -> Iterator[Row]:
    """By time that passed while eight ask at once, as it is promised; and by CPU, which is stricter, since
    who asks costs the same in both.
    """
    tag = {"If-None-Match": Reader(ours.port).get(path).headers["ETag"]}
    for _ in range(2 * WORKERS):
        Reader(ours.port).get(path)  # until every worker knows the tag
    seconds, floor_seconds = _cheapest(
        partial(_seconds, ours, path, tag), partial(_seconds, bare, lookup, {})
    )
    title, rates = f"304 per second, {AT_A_TIME} at a time [{place.name}]", (1 / seconds, 1 / floor_seconds)
    yield Row(f"Calendar unchanged: {title}", "", rates[0], 0.5, rates[1], is_least=True)
    cost, floor = _cheapest(
        partial(_cost, ours, Reader(ours.port, tag, expected=304), path, 300),
        partial(_cost, bare, Reader(bare.port, expected=304), lookup, 300),
    )
    yield Row(f"CPU calendar unchanged: 304 [{place.name}]", "ms", cost, None, floor, decimals=3)


def _seconds(server: Server, path: str, headers: dict[str, str]) -> float:
    """How long each of many requests took on the way, eight at a time over kept connections."""

    def ask(number: int) -> None:
        connection = HTTPConnection("127.0.0.1", server.port)
        for _ in range(EACH):
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 304:
                raise RuntimeError(f"{path} answered {answer.status}")
        connection.close()

    return together(range(AT_A_TIME), ask) / (AT_A_TIME * EACH)


def _whole(place: Place, ours: Server, bare: Server, path: str, token_hash: str) -> Iterator[Row]:
    mine, floor = Reader(ours.port), Reader(bare.port)
    by_hand, by_icalendar = f"/bare/strings/{token_hash}", f"/bare/icalendar/{token_hash}"
    joined, strings, afresh = _cheapest(
        partial(_cost, ours, mine, path, 40),
        partial(_cost, bare, floor, by_hand, 40),
        partial(_cost, bare, floor, by_icalendar, 10),
    )
    title = f"CPU calendar, {SESSIONS} sessions"
    yield Row(f"{title} joined, against strings [{place.name}]", "ms", joined, 1, strings, decimals=2)
    yield Row(f"{title} joined, against icalendar [{place.name}]", "ms", joined, 0.25, afresh, decimals=2)
    written, built = _cheapest(
        partial(_cost_anew, ours, mine, path, 6), partial(_cost_anew, bare, floor, by_icalendar, 6)
    )
    yield Row(
        f"{title} written anew, against icalendar [{place.name}]", "ms", written, 1.2, built, decimals=2
    )


def _cheapest(*costs: Callable[[], float]) -> list[float]:
    """Of several rounds in which all take turns, the least of each."""
    rounds = [[cost() for cost in costs] for _ in range(ROUNDS)]
    return [min(each) for each in zip(*rounds, strict=True)]


def _cost(server: Server, reader: Reader, path: str, asked: int) -> float:
    """Milliseconds of CPU per request."""
    reader.get(path)
    begun = server.cpu_seconds()
    for _ in range(asked):
        reader.get(path)
    return (server.cpu_seconds() - begun) / asked * 1000


def _cost_anew(server: Server, reader: Reader, path: str, asked: int) -> float:
    """Milliseconds of CPU per request when everything was changed before each."""
    used = 0.0
    for _ in range(asked):
        _change_everything()
        used += _cost_of_one(server, reader, path)
    return used / asked * 1000


def _cost_of_one(server: Server, reader: Reader, path: str) -> float:
    begun = server.cpu_seconds()
    reader.get(path)
    return server.cpu_seconds() - begun


def _change_everything() -> None:
    """Rename the journey: the text of each event must be written again, in every worker."""
    with writing():
        found = db.scalars(select(Journey)).one()
        found.short_title = f"Renamed {found.version}"

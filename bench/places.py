"""Taking places over HTTP, against a bare route that locks, counts and inserts: rate, tail, and flatness.

Time that passed, not CPU: what is measured is how long people queue for the same lock. Ours and the floor
take turns, each round in a sitting of its own.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from statistics import median
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import func, insert, select

from app import create_app
from app.config import Settings
from app.database import db, writing
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments import operations
from app.enrolments.models import Place
from app.learning_sessions.models import Offering
from app.participants.models import Participant
from bench.measures import Place as Where
from bench.measures import refresh_statistics
from bench.servers import BARE_OPTIONS, SECRET_KEY, Server
from bench.table import Row
from tests import factories
from tests.people import make_account, sign_in
from tests.reader import CSRF, Client

ROUNDS = 5
AT_A_TIME = 8
PEOPLE = 320
ROOMY = 1_000_000
CROWD, SEATS = 200, 50
FEW, MANY = 100, 100_000
PATIENCE = 120
"""Seconds; who is not answered by then ends the measurement."""


@dataclass(frozen=True)
class Asker:
    """Somebody with a page open: who they are, their cookie, the token of the form."""

    participant_id: int
    cookie: str
    csrf_token: str


def measure_places(place: Where, say: Callable[[str], None]) -> Iterator[Row]:
    """Everything about places, on a migrated database of its own."""
    now = datetime.now(UTC)
    matter = Matter(place.url, now, say)
    with (
        Server("bench.served_bare", place.url, place.pid, BARE_OPTIONS, BENCH_TAKING="1") as bare,
        Server("bench.served_meridian", place.url, place.pid) as ours,
    ):
        say("places, eight at a time")
        yield from _rate(place, matter, ours, bare)
        say("two hundred at once for fifty places")
        yield from _tail(place, matter, ours, bare)
        say("a hundred thousand places taken")
        yield from _flatness(place, matter, ours)


class Matter:
    """People, enrolled in one journey, each with a form; and as many sittings as there are rounds."""

    def __init__(self, url: str, now: datetime, say: Callable[[str], None]) -> None:
        say(f"{PEOPLE} people with a page open")
        self.now = now
        app = create_app(Settings(secret_key=SECRET_KEY, database_url=url))
        app.test_client_class = Client
        with writing():
            self.journey = factories.make_journey("Places", now=now)
            people = [self._person(number) for number in range(PEOPLE)]
        self.askers = [self._open_page(app, person) for person in people]

    def sitting(self, capacity: int) -> int:
        """The number of a new sitting, in a session of its own."""
        with writing():
            learning_session = factories.make_learning_session(self.journey, "Places", now=self.now)
            wall = (self.now + timedelta(days=60)).replace(tzinfo=None, microsecond=0)
            made = factories.make_offering(
                learning_session, wall=wall, timezone="UTC", capacity_online=capacity, now=self.now
            )
            return made.id

    def taken(self, count: int) -> int:
        """A sitting in which so many places are taken already, by people without accounts."""
        offering_id = self.sitting(ROOMY)
        with writing():
            offering = db.get_one(Offering, offering_id)
            seated = {
                "offering_id": offering_id, "learning_session_id": offering.learning_session_id,
                "way": Way.ONLINE, "status": PlaceStatus.CONFIRMED, "requested_at": self.now,
                "confirmed_at": self.now, "updated_at": self.now,
            }  # fmt: skip
            numbers = self._without_account()[:count]
            db.execute(
                insert(Place),
                [{**seated, "participant_id": who, "queue_number": at} for at, who in enumerate(numbers, 1)],
            )
            offering.confirmed_online = offering.last_queue_number = count
        refresh_statistics()
        return offering_id

    def confirmed(self, offering_id: int) -> int:
        """How many places a sitting has given, by its rows."""
        db.remove()
        rows = select(func.count()).where(
            Place.offering_id == offering_id, Place.status == PlaceStatus.CONFIRMED
        )
        return db.scalar(rows) or 0

    def _without_account(self) -> Sequence[int]:
        """As many people as are ever needed, made at the first time."""
        wanted = select(Participant.id).where(Participant.user_id.is_(None)).order_by(Participant.id)
        found = db.scalars(wanted).all()
        if found:
            return found
        facts: dict[str, Any] = {"timezone": "UTC", "created_at": self.now, "name": "P", "name_folded": "p"}
        db.execute(insert(Participant), [facts] * MANY)
        return db.scalars(wanted).all()

    def _person(self, number: int) -> Participant:
        name = f"P{number} Test"
        made = factories.make_participant(name, user=make_account(name))
        operations.enrol(self.journey, made, self.now)
        return made

    def _open_page(self, app: Any, person: Participant) -> Asker:
        browser = app.test_client()
        participant_id = person.id
        sign_in(browser, person)
        token = CSRF.search(browser.get("/sign-out").text)
        assert token is not None  # noqa: S101
        cookie = "; ".join(f"{one.key}={one.value}" for one in browser._cookies.values())
        return Asker(participant_id, cookie, token.group(1))


Ask = Callable[[HTTPConnection, Asker, int], int]


def take(connection: HTTPConnection, asker: Asker, offering_id: int) -> int:
    """Press our button; the status."""
    fields = {
        "csrf_token": asker.csrf_token,
        "way": "online",
        "once": f"{offering_id}-{asker.participant_id}",
    }
    headers = {"Cookie": asker.cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", f"/offerings/{offering_id}/places", urlencode(fields), headers)
    return _status(connection)


def take_bare(connection: HTTPConnection, asker: Asker, offering_id: int) -> int:
    """The same of the bare route."""
    connection.request("POST", f"/bare/{offering_id}", "", {"X-Person": str(asker.participant_id)})
    return _status(connection)


def _status(connection: HTTPConnection) -> int:
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _rate(place: Where, matter: Matter, ours: Server, bare: Server) -> Iterator[Row]:
    costs = [
        (_cost(ours, take, matter.askers, matter.sitting(ROOMY)),
         _cost(bare, take_bare, matter.askers, matter.sitting(ROOMY)))
        for _ in range(ROUNDS)
    ]  # fmt: skip
    cost, floor = (min(one) for one in zip(*costs, strict=True))
    yield Row(
        f"Places per second, 8 at a time [{place.name}]", "", 1000 / cost, 0.4, 1000 / floor, is_least=True
    )


def _tail(place: Where, matter: Matter, ours: Server, bare: Server) -> Iterator[Row]:
    """Promised on PostgreSQL; SQLite has one writer at a time, so its queue is only shown."""
    crowd, slowest = matter.askers[:CROWD], []
    for _ in range(ROUNDS):
        wanted = matter.sitting(SEATS)
        slowest.append(
            (_slowest(ours, take, crowd, wanted), _slowest(bare, take_bare, crowd, matter.sitting(SEATS)))
        )
        if (given := matter.confirmed(wanted)) != SEATS:
            raise RuntimeError(f"{given} of {SEATS} places were given")
    cost, floor = (median(one) for one in zip(*slowest, strict=True))
    target = 2.0 if place.pid else None
    yield Row(f"200 at once for 50 places, 99th percentile [{place.name}]", "ms", cost, target, floor)


def _flatness(place: Where, matter: Matter, ours: Server) -> Iterator[Row]:
    """In two sittings, which hardly fill meanwhile; each round with a tenth of the people."""
    sittings = [matter.taken(already) for already in (MANY, FEW)]
    parts = [matter.askers[number::10] for number in range(10)]
    costs = [[_cost(ours, take, part, offering_id) for offering_id in sittings] for part in parts]
    cost, floor = (median(one) for one in zip(*costs, strict=True))
    yield Row(f"One place, 100,000 taken against 100 [{place.name}]", "ms", cost, 1.25, floor, decimals=2)


def _cost(server: Server, ask: Ask, askers: Sequence[Asker], offering_id: int) -> float:
    """Milliseconds of a place while eight ask at a time, each over one kept connection."""

    def work(part: Sequence[Asker]) -> None:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        for one in part:
            _sound(ask(connection, one, offering_id))
        connection.close()

    seconds = together([askers[number::AT_A_TIME] for number in range(AT_A_TIME)], work)
    return seconds / len(askers) * 1000


def _slowest(server: Server, ask: Ask, askers: Sequence[Asker], offering_id: int) -> float:
    """The 99th percentile, in milliseconds, when everybody asks at the same moment."""
    ready, waits = threading.Barrier(len(askers)), []

    def work(one: Asker) -> None:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        ready.wait(PATIENCE)
        began = time.perf_counter()
        _sound(ask(connection, one, offering_id))
        waits.append(time.perf_counter() - began)
        connection.close()

    together(askers, work)
    return sorted(waits)[int(len(waits) * 0.99) - 1] * 1000


def _sound(status: int) -> None:
    """Ours answers a place or a wait with 303, the bare route with 201."""
    if status not in (201, 303):
        raise RuntimeError(f"a request for a place was answered {status}")


def together(parts: Sequence[Any], work: Callable[[Any], None]) -> float:
    """Seconds until every part is worked through, each in a thread of its own; raises what one raised."""
    with ThreadPoolExecutor(len(parts)) as threads:
        began = time.perf_counter()
        list(threads.map(work, parts))
        return time.perf_counter() - began

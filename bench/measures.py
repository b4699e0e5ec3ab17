"""What is measured on one database: CPU against the bare twin, statements, memory, first visits, catalogue.

CPU is what the processes used, not the time that passed, so other work on the machine disturbs it little;
ours and the floor take turns, and of several rounds the cheapest counts for both.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text

from app import create_app
from app.config import Settings
from app.database import db, writing
from bench import matter, processes
from bench.readers import Reader
from bench.servers import BARE_OPTIONS, Server
from bench.table import Row
from tests.factories import PASSWORD

ROUNDS = 5
BROWSER = {"Accept-Encoding": "gzip"}
AT_HOME = {**BROWSER, "Cookie": "zone=Africa/Nairobi"}
LONG, SHORT = f"/journeys/{matter.LONG}/", f"/journeys/{matter.SHORT}/"
SESSION, TOOLKIT = f"{SHORT}sessions/{matter.SITTING}/", f"/toolkits/{matter.TOOLKIT}/"
PAGES = {
    "home": "/", "journey": SHORT, "journey, 200 sessions": LONG, "session": SESSION, "toolkit": TOOLKIT
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A database to measure on; `pid` of its own process if it has one."""

    name: str
    url: str
    pid: int | None = None


def measure(place: Place, say: Callable[[str], None]) -> Iterator[Row]:
    """Everything, on a migrated and empty database."""
    now = datetime.now(UTC)
    create_app(Settings(secret_key="x" * 40, database_url=place.url))
    say("making two journeys")
    matter.fill(now)
    with (
        Server("bench.served_bare", place.url, place.pid, BARE_OPTIONS) as bare,
        Server("bench.served_meridian", place.url, place.pid) as ours,
    ):
        say("journey and session pages")
        yield from _against_the_floor(place, ours, bare)
        yield from _statements(place, ours)
        yield from _first_visits(place, ours)
        yield from _catalogue(place, ours, now, say)
        yield from _memory(place, ours, bare)


def _against_the_floor(place: Place, ours: Server, bare: Server) -> Iterator[Row]:
    for name, path, asked, target in (
        ("journey, 200 sessions", LONG, 20, 2.5),
        ("journey, 7 sessions", SHORT, 40, 2.5),
        ("session", SESSION, 60, 5.0),
    ):
        for who, headers in (("stranger", BROWSER), ("reader with a zone", AT_HOME)):
            cost, floor = _cheapest(
                path, asked, (ours, Reader(ours.port, headers)), (bare, Reader(bare.port))
            )
            yield Row(f"CPU {name}, {who} [{place.name}]", "ms", cost, target, floor, decimals=2)


def _cheapest(path: str, asked: int, *pairs: tuple[Server, Reader]) -> list[float]:
    """Milliseconds of CPU per request: the least of several rounds, in which the servers take turns."""
    for _, reader in pairs:
        for _ in range(6):
            reader.get(path)
    rounds = [[_round(server, reader, path, asked) for server, reader in pairs] for _ in range(ROUNDS)]
    return [min(costs) for costs in zip(*rounds, strict=True)]


def _round(server: Server, reader: Reader, path: str, asked: int) -> float:
    before = server.cpu_seconds()
    for _ in range(asked):
        reader.get(path)
    return (server.cpu_seconds() - before) / asked * 1000


def _statements(place: Place, ours: Server) -> Iterator[Row]:
    stranger, member = Reader(ours.port, BROWSER), Reader(ours.port, BROWSER)
    member.sign_in(matter.EMAIL, PASSWORD)
    for name, path in (("journey, 200 sessions", LONG), ("journey, 7 sessions", SHORT), ("session", SESSION)):
        alone, signed_in = stranger.get(path).statements, member.get(path).statements
        yield Row(f"Queries {name}, stranger [{place.name}]", "", alone, 12)
        yield Row(f"Queries {name}, more when signed in [{place.name}]", "", signed_in - alone, 4)


def _first_visits(place: Place, ours: Server) -> Iterator[Row]:
    for name, path in PAGES.items():
        requests, size = Reader(ours.port, BROWSER).first_visit(path)
        yield Row(f"First visit {name}: compressed [{place.name}]", "KB", size / 1024, 50, decimals=1)
        yield Row(f"First visit {name}: requests [{place.name}]", "", requests, 6)


def _catalogue(place: Place, ours: Server, now: datetime, say: Callable[[str], None]) -> Iterator[Row]:
    """The catalogue with ten journeys is the floor of the one with ten thousand."""
    reader, costs, statements = Reader(ours.port, BROWSER), [], []
    for journeys in (10, 10_000):
        say(f"the catalogue with {journeys:,} journeys")
        matter.copy_journeys(journeys, now)
        refresh_statistics()
        costs += _cheapest("/", 40, (ours, reader))
        statements.append(reader.get("/").statements)
    few, many = costs
    yield Row(f"CPU catalogue, 10,000 journeys against 10 [{place.name}]", "ms", many, 3, few, decimals=2)
    yield Row(f"Queries catalogue, 10,000 against 10 [{place.name}]", "", statements[1], 1, statements[0])


def refresh_statistics() -> None:
    """What PostgreSQL does by itself within a minute."""
    if db.get_bind().dialect.name == "postgresql":
        with writing():
            db.execute(text("ANALYZE"))


def _memory(place: Place, ours: Server, bare: Server) -> Iterator[Row]:
    """After all that was asked before. The twin runs as gunicorn comes, ours with gunicorn.conf.py."""
    for what, first in (("2 workers", 1), ("master and 2 workers", 0)):
        held, floor = (processes.proportional_megabytes(one.pids()[first:]) for one in (ours, bare))
        yield Row(f"PSS {what} [{place.name}]", "MB", held, 140, beside=floor)

"""`make bench`: measure on SQLite and on PostgreSQL, print one table. A missed target is not an error.

`python -m bench places` measures a part: pages, places, calendars, mail.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import schema
from bench.calendars import measure_calendars
from bench.mail import measure_mail
from bench.measures import Place, measure
from bench.places import measure_places
from bench.table import Row, table
from tests.postgres.server import TemporaryPostgres

PARTS = {"pages": measure, "places": measure_places, "calendars": measure_calendars, "mail": measure_mail}


def main(*parts: str) -> None:
    """Everything, or these parts; what is being done goes to standard error, the table to standard output."""
    begun = time.monotonic()
    rows: list[Row] = []
    for fresh_database in (_sqlite, _postgres):
        for part in parts or PARTS:
            with fresh_database() as place:
                rows += PARTS[part](place, _say(place))
    print(table(rows))
    missed = sum(not row.is_met for row in rows)
    verdict = "All targets are met." if not missed else f"{missed} of {len(rows)} targets are MISSED."
    print(
        f"\n{verdict} {time.monotonic() - begun:.0f} seconds. docs/performance.md says what each row means."
    )


@contextmanager
def _sqlite() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        schema.upgrade(url)
        yield Place("SQLite", url)


@contextmanager
def _postgres() -> Iterator[Place]:
    with TemporaryPostgres() as server:
        url = server.create("bench")
        schema.upgrade(url)
        yield Place("PostgreSQL", url, server.pid)


def _say(place: Place):  # type: ignore[no-untyped-def]
    def say(text: str) -> None:
        print(f"{place.name}: {text} …", file=sys.stderr, flush=True)

    return say


if __name__ == "__main__":
    main(*sys.argv[1:])

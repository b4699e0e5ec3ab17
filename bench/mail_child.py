"""What the benchmark of mail does in processes of its own.

`python -m bench.mail_child queue|send DATABASE_URL MAIL_URL`.
"""

import resource
import signal
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.database import connect, db, writing
from app.jobs import worker
from app.messages import bulk, delivery
from app.messages.bulk import Letter
from app.messages.composed import Composed, Words
from app.messages.kinds import Kind, register

KIND = "bench"
SENDER = "Meridian <meridian@site.internal>"
MANY, AT_ONCE = 50_000, 500
TEXT = "Session 3 begins on Tuesday 9 March at 10:30 GMT, Accra, UTC+0.\n" * 20
HTML = "<p>Session 3 begins on <b>Tuesday 9 March</b> at 10:30 GMT, Accra, UTC+0.</p>\n" * 40


def written(payload: Mapping[str, Any]) -> Composed:
    """About as long as a reminder, in text and HTML."""
    words = Words(f"{TEXT}Place {payload['place']}.\n", HTML)
    return Composed(f"Tomorrow 10:30 GMT: Session {payload['place']}", lambda _stop: words)


def prepare(mail_url: str) -> None:
    """One kind of message, a way for it, and nothing else for the worker to do."""
    register(Kind(KIND, written))
    worker.periodic.clear()
    delivery.configure(mail_url, SENDER, "http://127.0.0.1:8000", "x" * 40)


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def queue(first: int, many: int) -> None:
    """Write so many messages in one transaction."""
    letters = [
        Letter(
            f"p{one}@people.internal", f"Person {one}", {"place": one}, f"participant:{one}", f"bench:{one}"
        )
        for one in range(first, first + many)
    ]
    with writing():
        bulk.queue_all(KIND, letters, now())
    db.remove()


def main(what: str, database_url: str, mail_url: str) -> None:
    """Queue all, printing by how many KB the peak of memory grew; or send until told to end."""
    connect(database_url)
    prepare(mail_url)
    if what == "send":
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        worker.run(stop, now)
        return
    begun = 0
    for first in range(0, MANY, AT_ONCE):
        queue(first, AT_ONCE)
        if first == 2 * AT_ONCE:
            begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - begun)


if __name__ == "__main__":
    main(*sys.argv[1:])

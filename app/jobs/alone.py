"""One worker for a SQLite database: it has one writer at a time, for whom several would only wait."""

import fcntl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.database import db

LOOK_SECONDS = 1.0
WAITING = "Another worker runs on this SQLite database, which takes one; this one waits until that has ended."


def database_file() -> Path | None:
    """The file of the database, where it is one of SQLite."""
    url = db.get_bind().engine.url
    is_file = url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}
    return Path(str(url.database)) if is_file else None


@contextmanager
def the_only_one(
    path: Path | None,
    stop: threading.Event,
    say: Callable[[str], object] = lambda _text: None,
    patience: float = float("inf"),
) -> Iterator[bool]:
    """Be the only worker of a database file for the length of the block, after waiting for another to end.

    False when it did not become so: `stop` was set, or `patience` (seconds) ended. The system lets go of the
    lock when a process ends in whatever way. `path` None: nobody need be alone.
    """
    if path is None:
        yield True
        return
    with path.with_name(f"{path.name}.worker").open("w") as lock:
        yield _is_had(lock.fileno(), stop, say, patience)


def _is_had(lock: int, stop: threading.Event, say: Callable[[str], object], patience: float) -> bool:
    deadline = time.monotonic() + patience
    has_said = False
    while not stop.is_set():
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            if not has_said:
                say(WAITING)
                has_said = True
            stop.wait(LOOK_SECONDS)
        else:
            return True
    return False

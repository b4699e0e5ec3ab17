"""Processes that hear mail at the same moment, as several deliveries of a mail server do."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from app import create_app
from app.calendars.receiving import receive
from app.config import Settings
from app.database import db
from tests.processes import real_processes

PATIENCE = 60


def heard_at_once(settings: Settings, shares: Sequence[Sequence[bytes]]) -> list[str]:
    """What came of all mails; each process hears its share of them, from the same moment on."""
    db.remove()
    processing = real_processes()
    ready, came = processing.Barrier(len(shares)), processing.Queue()
    workers = [
        processing.Process(target=_hear, args=(settings, share, ready, came), daemon=True) for share in shares
    ]
    for worker in workers:
        worker.start()
    found = [outcome for _ in workers for outcome in came.get(timeout=PATIENCE)]
    for worker in workers:
        worker.join(PATIENCE)
    assert [worker.exitcode for worker in workers] == [0] * len(workers)
    return sorted(found)


def _hear(settings: Settings, share: Sequence[bytes], ready: Any, came: Any) -> None:
    outcomes: list[str] = []
    try:
        create_app(settings)
        ready.wait(PATIENCE)
        for raw in share:
            outcome = receive(raw, None, settings, datetime.now(UTC)).outcome
            outcomes.append(str(outcome) if outcome is not None else "heard before")
    finally:
        came.put(outcomes)

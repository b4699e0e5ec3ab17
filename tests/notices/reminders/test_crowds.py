"""Very many reminders due at one moment: in constant memory, and others are answered meanwhile."""

import threading
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.database import db, writing
from app.messages import recipients
from app.messages.models import OutboxMessage
from app.notices import reminding_rows
from app.notices.reminders import queue_reminders
from tests.notices.reminders.crowds import crowd

START = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)
DAY = START - timedelta(days=1)
MEGABYTE = 1_000_000


def scan(now=DAY):
    return queue_reminders(now - timedelta(minutes=3), now)


def written():
    found = db.scalar(select(func.count()).select_from(OutboxMessage))
    db.rollback()
    return found


def test_memory_does_not_grow_with_the_number_of_people(app, real_database, monkeypatch):
    """In chunks it takes a fraction of what all at once would take; a later round finds nothing to write."""
    crowd(600).learning_session.journey.reminders = "1-week 1-day 1-hour"
    db.commit()
    peaks = []
    for chunk, hours in ((50, 168), (50, 24), (10_000, 1)):
        monkeypatch.setattr(reminding_rows, "CHUNK", chunk)
        tracemalloc.start()
        assert scan(START - timedelta(hours=hours)) == 600
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] * 3 < peaks[2]
    assert scan(START - timedelta(minutes=59)) == 0
    assert written() == 1_800


@pytest.mark.long
def test_fifty_thousand_at_one_moment(app, real_database):
    """Pages are read and choices saved meanwhile; memory stays where it was."""
    crowd(50_000)
    scan(DAY - timedelta(hours=1))  # warm
    before, watched = _resident(), Meanwhile(app)
    watched.start()
    began = time.monotonic()
    assert scan() == 50_000
    seconds = time.monotonic() - began
    watched.end()
    print(
        f"queued in {seconds:.1f} s, {(watched.most - before) / MEGABYTE:.0f} MB more than before; {watched}"
    )
    assert written() == 50_000
    assert watched.most - before < 60 * MEGABYTE
    assert seconds < 120
    assert watched.reads
    assert watched.writes
    assert max(watched.reads) < 2
    assert max(watched.writes) < 3
    assert scan(DAY + timedelta(minutes=1)) == 0


class Meanwhile(threading.Thread):
    """Reads a page and writes a row, again and again, and notes how long each took, and how much memory is
    in use.
    """

    def __init__(self, app):
        super().__init__()
        self.app, self.reads, self.writes, self.most = app, [], [], 0
        self._is_over = threading.Event()

    def run(self):
        browser = self.app.test_client()
        while not self._is_over.wait(0.05):
            began = time.monotonic()
            assert browser.get("/journeys/").status_code == 200
            self.reads.append(time.monotonic() - began)
            began = time.monotonic()
            with writing():
                recipients.of_address(f"somebody{len(self.writes)}@example.org", DAY)
            self.writes.append(time.monotonic() - began)
            self.most = max(self.most, _resident())
        db.remove()

    def end(self):
        self._is_over.set()
        self.join()

    def __str__(self):
        return f"longest read {max(self.reads):.2f} s, longest write {max(self.writes):.2f} s"


def _resident():
    """Bytes of memory this process has in use."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096

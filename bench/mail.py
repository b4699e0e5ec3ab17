"""Mail through the outbox and the worker, against bare smtplib handing the same bytes to the same server.

Time that passed: what is measured waits for the server and for the database, one message after another.
"""

import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median

from sqlalchemy import delete, func, select

from app import create_app
from app.config import Settings
from app.database import db, writing
from app.jobs import worker
from app.messages import delivery
from app.messages.models import MessageState, OutboxMessage
from bench import mail_child, matter
from bench.measures import Place, refresh_statistics
from bench.readers import Reader
from bench.servers import ROOT, SECRET_KEY, Server
from bench.table import Row

ROUNDS = 4
SENT = 300
PAGES = 150


def measure_mail(place: Place, say: Callable[[str], None]) -> Iterator[Row]:
    """Everything about mail, on a migrated database of its own."""
    create_app(Settings(secret_key=SECRET_KEY, database_url=place.url))
    for name, seconds, target in (("takes at once", 0.0, 0.05), ("takes 10 ms for each", 0.01, 0.6)):
        with _sink(seconds) as port:
            mail_child.prepare(f"smtp://127.0.0.1:{port}")
            say(f"{SENT} messages to a server that {name}, in turns with bare smtplib")
            ours, floor = _rates(port)
        what = f"Messages per second, server {name} [{place.name}]"
        yield Row(what, "", ours, target, floor, is_least=True)
    with _sink() as port:
        say("a page while 50,000 messages are queued and sent")
        yield from _beside(place, port)


def _rates(port: int) -> tuple[float, float]:
    """Ours and the floor's, which take turns; of several rounds the quickest counts for both."""
    rounds, before = [], _count(MessageState.SENT)
    for number in range(ROUNDS):
        mail_child.queue(-(before + (number + 1) * SENT), SENT)
        ours = _seconds(lambda: worker.run_until_idle(mail_child.now))
        contents = _contents()
        rounds.append((ours, _seconds(lambda: _bare(port, contents))))  # noqa: B023  # called at once
    _expect(_count(MessageState.SENT) == before + ROUNDS * SENT, "not every message was sent")
    ours, floor = (SENT / min(one) for one in zip(*rounds, strict=True))
    return ours, floor


def _contents() -> list[bytes]:
    """What was sent last, once more."""
    latest = db.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(SENT)).all()
    contents = [delivery.compose(one, mail_child.SENDER).as_bytes() for one in latest]
    db.remove()
    return contents


def _bare(port: int, contents: list[bytes]) -> None:
    with smtplib.SMTP("127.0.0.1", port, "bench.internal") as line:
        for number, content in enumerate(contents):
            line.sendmail("meridian@site.internal", [f"p{number}@people.internal"], content)


def _beside(place: Place, port: int) -> Iterator[Row]:
    """A journey's page, one reader at a time: at rest, while 50,000 messages are queued, and while sent."""
    matter.fill(datetime.now(UTC))
    refresh_statistics()
    with Server("bench.served_meridian", place.url, place.pid) as ours:
        reader = Reader(ours.port, {"Accept-Encoding": "gzip"})
        _waits(reader)
        idle = _waits(reader)
        with _child("queue", place, port) as child:
            _until(lambda: _count(MessageState.QUEUED) > 0)
            queueing = _waits(reader)
            _expect(child.poll() is None, "everything was queued before the pages were asked for")
            grown = child.stdout.read() if child.stdout is not None else ""
        name = f"50,000 queued: growth of the peak of memory [{place.name}]"
        yield Row(name, "MB", int(grown) / 1024, 4, decimals=1)
        refresh_statistics()
        already = _count(MessageState.SENT)
        with _child("send", place, port):
            _until(lambda: _count(MessageState.SENT) > already)
            sending = _waits(reader)
            _expect(_count(MessageState.QUEUED) > 0, "everything was sent before the pages were asked for")
    for what, waits in (("queued", queueing), ("sent", sending)):
        name = f"A page while 50,000 are {what}, median [{place.name}]"
        yield Row(name, "ms", median(waits) * 1000, 2.5, median(idle) * 1000, decimals=1)
        name = f"A page while 50,000 are {what}, 95th percentile [{place.name}]"
        yield Row(name, "ms", _late(waits) * 1000, None, _late(idle) * 1000, decimals=1)
    with writing():
        db.execute(delete(OutboxMessage))


def _waits(reader: Reader) -> list[float]:
    return [_seconds(lambda: reader.get(f"/journeys/{matter.SHORT}/")) for _ in range(PAGES)]


def _late(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.95)]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _count(state: MessageState) -> int:
    db.remove()
    return db.scalar(select(func.count(OutboxMessage.id)).where(OutboxMessage.state == state)) or 0


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        _expect(time.monotonic() < deadline, "nothing was done in a minute")
        time.sleep(0.1)


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuntimeError(otherwise)


@contextmanager
def _sink(seconds: float = 0.0) -> Iterator[int]:
    """The port of a mail server that takes everything."""
    sink = subprocess.Popen(
        [sys.executable, "-m", "bench.mail_sink", str(seconds)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert sink.stdout is not None  # noqa: S101  # asked for
        yield int(sink.stdout.readline())
    finally:
        sink.kill()
        sink.communicate()


@contextmanager
def _child(what: str, place: Place, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bench.mail_child", what, place.url, f"smtp://127.0.0.1:{port}"]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None  # noqa: S101  # asked for
    try:
        yield child
    finally:
        child.terminate()
        child.wait()
        child.stdout.close()

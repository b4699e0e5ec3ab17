"""A worker for the ordeal: the application's own loop, on a fast clock and with short patience."""

import logging
import signal
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from app.database import connect
from app.jobs import worker
from app.messages import delivery, operations, smtp
from app.messages.composed import Composed, Words
from app.messages.kinds import Kind, register

SPEED = 100
"""So many seconds of the worker's clock to one: its lease of six minutes lasts 3.6 seconds."""
PATIENCE = 0.4


def told(payload: Mapping[str, Any]) -> Composed:
    """What it says is in its subject, which the server reads."""
    subject = f"{payload['key']} {payload['at']} {payload['what']}"
    return Composed(subject, lambda _stop: Words(f"Number {payload['at']}.\n" * 20))


def clock_from(began: float) -> worker.Clock:
    """The fast clock, the same in every process."""
    start = datetime.fromtimestamp(began, UTC)
    return lambda: start + timedelta(seconds=(time.time() - began) * SPEED)


def work(database_url: str, mail_url: str, began: float) -> None:
    """Work until killed or told to end."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    logging.disable(logging.ERROR)
    worker.periodic.clear()
    worker.IDLE_SECONDS = 0.02
    delivery.SHARE_SECONDS, delivery.HAND_OVER_SECONDS = 1.0, 2.0
    operations.LONGEST_PAUSE = timedelta(seconds=1 * SPEED)
    smtp.CONNECT_SECONDS = smtp.COMMAND_SECONDS = PATIENCE
    smtp.CONTENT_SECONDS = smtp.END_OF_DATA_SECONDS = PATIENCE
    connect(database_url)
    register(Kind("fire", told))
    delivery.configure(mail_url, "Meridian <meridian@site.internal>", "http://127.0.0.1:8000", "x" * 40)
    worker.run(stop, clock_from(began))

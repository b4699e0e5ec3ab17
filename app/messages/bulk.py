"""Many messages of one kind at once. Does not commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from app.database import db
from app.jobs.models import Job, JobState
from app.messages.models import MessageState, OutboxMessage
from app.messages.operations import DELIVER


@dataclass(frozen=True, slots=True)
class Letter:
    """To whom, and what the composer of its kind needs."""

    to_address: str
    to_name: str
    payload: Mapping[str, Any]


def queue_all(kind: str, letters: Sequence[Letter], now: datetime) -> None:
    """Write a message for each, and the jobs that will send them, as `operations.queue` does for one.

    Two statements for all of them; at most about a thousand.
    """
    if not letters:
        return
    written = insert(OutboxMessage).returning(OutboxMessage.id, sort_by_parameter_order=True)
    numbers = db.scalars(written, [_row(kind, letter, now) for letter in letters]).all()
    jobs = [
        {
            "kind": DELIVER,
            "payload": {"outbox_message": number},
            "unique_key": None,
            "state": JobState.READY,
            "tries": 0,
            "run_at": now,
            "created_at": now,
        }
        for number in numbers
    ]
    db.execute(insert(Job), jobs)


def _row(kind: str, letter: Letter, now: datetime) -> dict[str, Any]:
    return {
        "kind": kind,
        "payload": dict(letter.payload),
        "to_address": letter.to_address,
        "to_name": letter.to_name,
        "language": "en",
        "message_id": f"<{uuid4()}@meridian.invalid>",
        "state": MessageState.QUEUED,
        "tries": 0,
        "created_at": now,
    }

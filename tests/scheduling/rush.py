"""Organisers and participants acting at the same moment, in several real processes with threads.

They act through the operations, each act in a transaction of its own, as requests do. Nothing is faked.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app import create_app
from app.config import Settings
from app.database import db, writing
from app.domain.attendance import Way
from app.enrolments import approving
from app.enrolments import operations as enrolments
from app.enrolments.models import Place
from app.enrolments.seating import settle_learning_session
from app.learning_sessions.models import Offering
from app.participants.models import Participant
from app.scheduling import operations
from tests.processes import real_processes
from tests.scheduling.telling import as_it_is

PATIENCE = 90
"""Seconds; nothing here takes nearly so long unless it hangs."""


@dataclass(frozen=True)
class Ask:
    offering_id: int
    participant_id: int


@dataclass(frozen=True)
class GiveUp:
    place_id: int


@dataclass(frozen=True)
class Resize:
    """Give a sitting so many places, whoever loses one."""

    offering_id: int
    capacity: int | None


@dataclass(frozen=True)
class CancelAndRestore:
    offering_id: int


@dataclass(frozen=True)
class Decide:
    """An organiser about somebody's place: "yes", "no", "not yet" (a yes taken back), "out"."""

    place_id: int
    say: str


@dataclass(frozen=True)
class PassTime:
    """What the worker does with a learning session."""

    learning_session_id: int


Act = Ask | GiveUp | Resize | CancelAndRestore | Decide | PassTime


def all_at_once(settings: Settings, diaries: Sequence[Sequence[Act]], processes: int = 2) -> list[str]:
    """Let everybody work through a diary of acts, one after the other; what failed, in words.

    Each diary has a thread; the threads are dealt out to the processes in turn.
    """
    processing = real_processes()
    everybody_ready, failures = processing.Barrier(processes), processing.Queue()
    workers = [
        processing.Process(
            target=_work, args=(settings, diaries[number::processes], everybody_ready, failures), daemon=True
        )
        for number in range(processes)
    ]
    for worker in workers:
        worker.start()
    found = [failure for _ in workers for failure in failures.get(timeout=PATIENCE)]
    for worker in workers:
        worker.join(PATIENCE)
    assert [worker.exitcode for worker in workers] == [0] * processes
    return found


def _work(settings: Settings, diaries: Sequence[Sequence[Act]], everybody_ready: Any, failures: Any) -> None:
    found: list[str] = []
    try:
        create_app(settings)
        threads = [threading.Thread(target=_live, args=(diary, found)) for diary in diaries]
        everybody_ready.wait(PATIENCE)
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
    finally:
        failures.put(found)


def _live(diary: Sequence[Act], failures: list[str]) -> None:
    for act in diary:
        try:
            with writing():
                _do(act, datetime.now(UTC))
        except Exception as failure:  # whatever it is, the test is told
            failures.append(f"{act}: {failure!r}")
        finally:
            db.remove()


def _do(act: Act, now: datetime) -> None:
    match act:
        case Ask(offering_id, participant_id):
            person = db.get_one(Participant, participant_id)
            enrolments.take_place(db.get_one(Offering, offering_id), person, Way.ONLINE, now)
        case GiveUp(place_id):
            enrolments.release_place(db.get_one(Place, place_id), now)
        case Resize(offering_id, capacity):
            offering = db.get_one(Offering, offering_id)
            new = as_it_is(offering, capacity_online=capacity)
            operations.revise(offering, new, now, may_unseat=True)
        case CancelAndRestore(offering_id):
            offering = db.get_one(Offering, offering_id)
            operations.cancel(offering, "Ill", now)
            operations.restore(offering, now)
        case PassTime(learning_session_id):
            settle_learning_session(learning_session_id, now)
        case Decide(place_id, say):
            _decide(db.get_one(Place, place_id), say, now)


def _decide(place: Place, say: str, now: datetime) -> None:
    if say == "yes":
        approving.approve(place, None, now)
    elif say == "no":
        approving.decline(place, "Full", None, now)
    elif say == "not yet":
        approving.withdraw_approval(place, None, now)
    else:
        approving.take_out(place, "By mistake", None, now)

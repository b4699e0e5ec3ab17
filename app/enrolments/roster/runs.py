"""One act for many people: at once when they are few, else by the worker, in batches that are each whole.

A run is a job: how far it has come, and what came of it, is kept with it in the transaction of each batch. So
nobody is decided about twice when the worker is lost, nor when the same form is sent again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from app.database import db, writing
from app.enrolments.roster import messages
from app.enrolments.roster.acts import REFUSED, Order, Outcome, act_on_people, act_on_places
from app.enrolments.roster.people import people_roster
from app.enrolments.roster.places import places_roster
from app.enrolments.roster.statements import Roster
from app.enrolments.roster.turns import in_turn
from app.jobs import operations as jobs
from app.jobs import queries as job_queries
from app.jobs.models import Job, JobState
from app.jobs.operations import Claim
from app.jobs.worker import handles
from app.learning_sessions.models import Offering

KIND = "enrolments.roster"
AT_ONCE = 200
"""So many are done in the request; more take a worker."""
BATCH = 50
MOST_TOLD = 200
"""Of how many it is kept by name what became of them."""
MESSAGE = "message"


@dataclass(frozen=True)
class Run:
    """How far an act has come."""

    id: int
    act: str
    journey_id: int
    offering_id: int | None
    people: int
    done: int
    is_over: bool
    has_failed: bool
    counts: Mapping[str, int]
    """What they became → how many."""
    refusals: Sequence[tuple[str, Sequence[int]]]
    """Why → the rows, as far as they are kept by name."""
    became: Mapping[str, Sequence[int]]
    """What they became → the rows, as far as they are kept by name."""


def begin(
    order: Order, journey_id: int, offering_id: int | None, ids: Sequence[int], key: str, now: datetime,
    message_id: int | None = None,
) -> int:  # fmt: skip
    """Begin a run, and finish it if it is short. The number of it; of the first one if the key was used.

    Whose turn is when is settled here, for all batches.
    """
    if message_id is None:
        ids = in_turn(order.act, journey_id, offering_id, ids)
    payload: dict[str, Any] = {
        "act": order.act, "text": order.text, "to": order.to_id, "by": order.by_id, "message": message_id,
        "journey": journey_id, "offering": offering_id, "people": len(ids), "left": list(ids),
        "counts": {}, "became": {}, "refused": [],
    }  # fmt: skip
    unique_key = f"{KIND}:{key or uuid4()}"
    is_new = jobs.add(KIND, payload, now, unique_key=unique_key)
    job = job_queries.by_key(unique_key)
    if job is None:
        raise RuntimeError("a run that was begun is not there")
    if is_new and len(ids) <= AT_ONCE:
        jobs.conclude(job, advanced(payload, AT_ONCE, now), now)
    return job.id


def is_begun(key: str) -> int | None:
    """The run that was begun with a key, if there is one."""
    job = job_queries.by_key(f"{KIND}:{key}") if key else None
    return job.id if job is not None else None


def run(number: int) -> Run | None:
    """A run by its number, as it stands now."""
    job = job_queries.by_id(number)
    return _as_run(job) if job is not None and job.kind == KIND else None


def message_of(number: int) -> int | None:
    """What a run sends, if it sends something."""
    job = job_queries.by_id(number)
    return job.payload["message"] if job is not None else None


@handles(KIND)
def carry_on(claim: Claim, _now: datetime) -> None:
    """Do what is left of a run, batch by batch, each in a transaction of its own."""
    payload: Mapping[str, Any] = claim.payload
    db.rollback()
    while payload["left"]:
        with writing():
            moment = datetime.now(UTC)
            payload = advanced(payload, BATCH, moment)
            if not jobs.keep(claim, payload, moment):
                raise RuntimeError("another worker has this run")


def advanced(payload: Mapping[str, Any], most: int, now: datetime) -> dict[str, Any]:
    """Do the next few; what is kept of the run afterwards."""
    batch, left = payload["left"][:most], payload["left"][most:]
    outcomes = _done(payload, batch, now)
    counts = Counter(payload["counts"])
    counts.update(one.became for one in outcomes)
    became = {name: list(numbers) for name, numbers in payload["became"].items()}
    refused = list(payload["refused"])
    for one in outcomes:
        if one.became == REFUSED and len(refused) < MOST_TOLD:
            refused.append([one.id, one.why])
        elif one.became != REFUSED and len(became.setdefault(one.became, [])) < MOST_TOLD:
            became[one.became].append(one.id)
    return {**payload, "left": left, "counts": dict(counts), "became": became, "refused": refused}


def _done(payload: Mapping[str, Any], ids: Sequence[int], now: datetime) -> list[Outcome]:
    if payload["act"] == MESSAGE:
        return messages.send(payload["message"], _roster(payload), ids, now)
    order = Order(payload["act"], payload["text"], payload["to"], payload["by"])
    if payload["offering"] is None:
        return act_on_people(payload["journey"], order, ids, now)
    return act_on_places(payload["offering"], order, ids, now)


def _roster(payload: Mapping[str, Any]) -> Roster:
    if payload["offering"] is None:
        return people_roster(payload["journey"], sees_addresses=True)
    offering = db.get_one(Offering, payload["offering"])
    return places_roster(offering, payload["journey"], sees_addresses=True)


def _as_run(job: Job) -> Run:
    said = job.payload
    by_reason: dict[str, list[int]] = {}
    for number, why in said["refused"]:
        by_reason.setdefault(why, []).append(number)
    return Run(
        id=job.id,
        act=said["act"],
        journey_id=said["journey"],
        offering_id=said["offering"],
        people=said["people"],
        done=said["people"] - len(said["left"]),
        is_over=job.state in (JobState.DONE, JobState.DEAD),
        has_failed=job.state is JobState.DEAD,
        counts=said["counts"],
        refusals=list(by_reason.items()),
        became=said["became"],
    )

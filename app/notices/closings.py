"""Telling the people of a journey that it is closed: ten minutes after an organiser closed it, unless it was
opened again by then.

In chunks, each a transaction of its own that keeps with the job how far it has come; whoever goes on writes
no second message to anybody, since each has a key of its own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from app.accounts.models import User
from app.database import db, writing
from app.enrolments.models import Enrolment, EnrolmentStatus
from app.jobs import operations as jobs
from app.jobs.models import Job
from app.jobs.operations import Claim
from app.jobs.worker import handles
from app.journeys.models import Journey, JourneyStatus
from app.journeys.operations import TELL_CLOSED
from app.messages.bulk import Letter, queue_all
from app.participants.models import Participant

KIND = "journey-closed"
CHUNK = 500

OVER = (JourneyStatus.CLOSED, JourneyStatus.ARCHIVED)


class Enrolled(NamedTuple):
    """Somebody who is enrolled and can be written to."""

    participant_id: int
    name: str
    address: str


@handles(TELL_CLOSED)
def tell_closed(claim: Claim, now: datetime) -> None:
    """Tell everybody enrolled; nobody where it is open again, or was closed again since."""
    journey_id, after = int(claim.payload["journey_id"]), int(claim.payload.get("after", 0))
    if _is_closed_again(claim, journey_id):
        return
    while after >= 0:
        with writing():
            after = _tell_chunk(journey_id, after, now)
            if after >= 0 and not jobs.keep(claim, {**claim.payload, "after": after}, now):
                return  # another worker has the job, and goes on from here


def _is_closed_again(claim: Claim, journey_id: int) -> bool:
    """Whether the journey was closed once more after this: the job of that tells."""
    later = select(Job.id).where(
        Job.kind == TELL_CLOSED,
        Job.unique_key.startswith(f"{TELL_CLOSED}:{journey_id}:", autoescape=True),
        Job.id > claim.job_id,
    )
    found = db.scalar(later.limit(1)) is not None
    db.rollback()
    return found


def _tell_chunk(journey_id: int, after: int, now: datetime) -> int:
    """Write the messages of one chunk; behind whom the next begins, or −1 after the last."""
    journey = db.get(Journey, journey_id, populate_existing=True)
    if journey is None or journey.status not in OVER:
        return -1
    people = enrolled(journey_id, after)
    queue_all(KIND, [_letter(journey, one) for one in people], now)
    return people[-1].participant_id if len(people) == CHUNK else -1


def enrolled(journey_id: int, after: int) -> Sequence[Enrolled]:
    """Who is enrolled in a journey and has an address, by number, at most CHUNK; one query."""
    address = func.coalesce(User.email, Participant.email)
    rows = db.execute(
        select(Participant.id, Participant.name, address)
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .outerjoin(User, User.id == Participant.user_id)
        .where(Enrolment.journey_id == journey_id, Enrolment.status == EnrolmentStatus.ACTIVE)
        .where(Participant.id > after, address != "")
        .order_by(Participant.id)
        .limit(CHUNK)
    )
    return [Enrolled(*row) for row in rows]


def _letter(journey: Journey, one: Enrolled) -> Letter:
    return Letter(
        to_address=one.address,
        to_name=one.name,
        payload={
            "journey_id": journey.id,
            "participant_id": one.participant_id,
            "closed_on": str(journey.closed_on),
        },
        order_key=f"participant:{one.participant_id}:journey:{journey.id}",
        unique_key=f"closed:{journey.id}:{journey.closed_on}:{one.participant_id}",
        scope=f"journey:{journey.id}",
    )

"""Telling the people of a journey that it is closed: ten minutes after an organiser closed it, unless it was
opened again by then.

In chunks, each a transaction of its own that keeps with the job how far it has come; whoever goes on writes
no second message to anybody, since each has a key of its own.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
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
from app.messages.models import OutboxMessage
from app.participants.models import Participant

KIND = "journey-closed"
UNDECIDED = "enrolment-undecided"
"""What is sent to who only asked to join, and was not decided about."""
CHUNK = 500

LATELY = timedelta(hours=12)
"""Who was told so shortly before that the journey is closed is not told again when it is closed once more."""

OVER = (JourneyStatus.CLOSED, JourneyStatus.ARCHIVED)


KINDS = {EnrolmentStatus.ACTIVE: KIND, EnrolmentStatus.REQUESTED: UNDECIDED}


class Enrolled(NamedTuple):
    """Somebody who is enrolled, or asks to be, and can be written to."""

    participant_id: int
    name: str
    address: str
    status: EnrolmentStatus


@handles(TELL_CLOSED)
def tell_closed(claim: Claim, now: datetime) -> None:
    """Tell everybody enrolled, and who asks to be; nobody where it is open, or was closed again since."""
    journey_id, after = int(claim.payload["journey_id"]), int(claim.payload.get("after", 0))
    closed_at = db.get_one(Job, claim.job_id).created_at
    is_taken_back = is_closed_again(journey_id, closed_at)
    db.rollback()
    while after >= 0 and not is_taken_back:
        with writing():
            after = _tell_chunk(journey_id, closed_at, after, now)
            if after >= 0 and not jobs.keep(claim, {**claim.payload, "after": after}, now):
                return  # another worker has the job, and goes on from here


def is_closed_again(journey_id: int, closed_at: datetime) -> bool:
    """Whether an organiser closed the journey once more after this: the job of that tells."""
    later = select(Job.id).where(
        Job.kind == TELL_CLOSED,
        Job.unique_key.startswith(f"{TELL_CLOSED}:{journey_id}:", autoescape=True),
        Job.created_at > closed_at,
    )
    return db.scalar(later.limit(1)) is not None


def _tell_chunk(journey_id: int, closed_at: datetime, after: int, now: datetime) -> int:
    """Write the messages of one chunk; behind whom the next begins, or −1 after the last."""
    journey = db.get(Journey, journey_id, populate_existing=True)
    if journey is None or journey.status not in OVER:
        return -1
    people = enrolled(journey_id, after)
    for status, kind in KINDS.items():
        letters = [_letter(journey_id, closed_at, one) for one in people if one.status is status]
        told = _told_since(kind, [one.to_address for one in letters], closed_at - LATELY)
        queue_all(kind, [one for one in letters if one.order_key not in told], now)
    return people[-1].participant_id if len(people) == CHUNK else -1


def _told_since(kind: str, addresses: Sequence[str], since: datetime) -> set[str | None]:
    """The order keys of the letters of a kind that went to these addresses since; one query."""
    sent = select(OutboxMessage.order_key).where(OutboxMessage.to_address.in_(set(addresses)))
    return set(db.scalars(sent.where(OutboxMessage.kind == kind, OutboxMessage.sent_at > since)))


def enrolled(journey_id: int, after: int) -> Sequence[Enrolled]:
    """Who is enrolled or asks to be, and has an address: by number, at most CHUNK; one query."""
    address = func.coalesce(User.email, Participant.email)
    rows = db.execute(
        select(Participant.id, Participant.name, address, Enrolment.status)
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .outerjoin(User, User.id == Participant.user_id)
        .where(Enrolment.journey_id == journey_id, Enrolment.status.in_(KINDS))
        .where(Participant.id > after, address != "")
        .order_by(Participant.id)
        .limit(CHUNK)
    )
    return [Enrolled(*row) for row in rows]


def _letter(journey_id: int, closed_at: datetime, one: Enrolled) -> Letter:
    return Letter(
        to_address=one.address,
        to_name=one.name,
        payload={
            "journey_id": journey_id,
            "participant_id": one.participant_id,
            "closed_at": closed_at.isoformat(),
        },
        order_key=f"participant:{one.participant_id}:journey:{journey_id}",
        unique_key=f"closed:{journey_id}:{closed_at.isoformat()}:{one.participant_id}",
        scope=f"journey:{journey_id}",
    )

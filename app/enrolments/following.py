"""What the worker does for those who take part in every session: in batches, each its own transaction."""

from datetime import datetime, timedelta

from app.database import db, writing
from app.enrolments import admitting, all_sessions
from app.jobs import operations as jobs
from app.jobs.operations import Claim
from app.jobs.worker import every, handles
from app.web import clock

BATCH = 25
"""How many are seated in one transaction; everybody else who asks waits as long as that takes."""


@handles(all_sessions.SEAT_ONE)
def seat_follower(claim: Claim, now: datetime) -> None:
    """Seat one person in every coming session of a journey."""
    enrolment_id = int(claim.payload["enrolment_id"])
    numbers = all_sessions.coming_sessions(enrolment_id, now)
    db.rollback()
    for learning_session_id in numbers:
        with writing():
            all_sessions.seat_in(learning_session_id, enrolment_id, now)


@handles(all_sessions.SEAT_ALL)
def seat_followers(claim: Claim, now: datetime) -> None:
    """Seat everybody who wants every session in one of them, first enrolled first."""
    learning_session_id = int(claim.payload["learning_session_id"])
    waiting = all_sessions.followers(learning_session_id)
    db.rollback()
    for first in range(0, len(waiting), BATCH):
        with writing():
            if not jobs.renew(claim, clock.now()):
                return  # another worker has the job
            for enrolment_id in waiting[first : first + BATCH]:
                all_sessions.seat_in(learning_session_id, enrolment_id, now)


@every(timedelta(minutes=10), "enrolments.seat_left_out")
def seat_left_out(_claim: Claim, now: datetime) -> None:
    """Look for sessions that could be asked for again: of a journey opened anew, of a sitting restored."""
    with writing():
        for learning_session_id in all_sessions.left_out(now):
            jobs.add(all_sessions.SEAT_ALL, {"learning_session_id": learning_session_id}, now)


@handles(admitting.ADMIT)
def admit(claim: Claim, now: datetime) -> None:
    """Let in those who asked before the journey was opened to everybody."""
    journey_id = int(claim.payload["journey_id"])
    left = 1
    while left:
        with writing():
            jobs.renew(claim, clock.now())
            left = admitting.admit_some(journey_id, now).left


@every(timedelta(minutes=10), "enrolments.admit_waiting")
def admit_waiting(_claim: Claim, now: datetime) -> None:
    """Let in those who asked and for whom an open journey had no room, when somebody has left."""
    with writing():
        for journey_id in admitting.could_admit():
            jobs.add(admitting.ADMIT, {"journey_id": journey_id}, now)

"""Changing the policy of a journey, and what becomes of those who have asked to join. None commits."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import exists, or_, select

from app.accounts.models import User
from app.database import db
from app.domain.admission import Admission, Policy
from app.domain.errors import DomainError
from app.domain.timezones import zone_rules
from app.enrolments import entering, policies
from app.enrolments.models import Enrolment, EnrolmentPolicy, EnrolmentStatus
from app.jobs import operations as jobs
from app.journeys.locking import lock
from app.journeys.models import Journey, JourneyStatus

ADMIT = "enrolments.admit"
"""The kind of job that lets in those who asked, a batch at a time."""
BATCH = 50
MOST = 1_000_000
LONGEST_TEXT = 4000


@dataclass(frozen=True)
class Admitted:
    """How many of those who had asked are let in, and how many still wait to be; the others stay requests."""

    now: int = 0
    left: int = 0


def change_policy(journey: Journey, policy: Policy, now: datetime, by: User | None = None) -> Admitted:
    """Say who can enrol in a journey, and when.

    Once it is open to everybody, those who had asked are let in, in the order in which they asked and as far
    as the limit allows: the first at once, the rest by the worker. Raises DomainError for what cannot be.
    """
    check_policy(policy)
    lock(journey)
    stored = db.get(EnrolmentPolicy, journey.id, populate_existing=True)
    if stored is None:
        stored = EnrolmentPolicy(journey_id=journey.id, timezone=policy.timezone)
        db.add(stored)
    for one in fields(policy):
        setattr(stored, one.name, getattr(policy, one.name))
    db.flush()
    admitted = admit_some(journey.id, now, by)
    if admitted.left:
        jobs.add(ADMIT, {"journey_id": journey.id}, now)
    return admitted


def admit_some(journey_id: int, now: datetime, by: User | None = None) -> Admitted:
    """Let in the first who asked to join a journey that everybody can join now; a batch of them."""
    journey = db.get(Journey, journey_id)
    if journey is None:
        return Admitted()
    lock(journey)
    policy = policies.policy_of(journey_id)
    if policy.admission is not Admission.OPEN or journey.status is not JourneyStatus.OPEN:
        return Admitted()
    waiting, people = policies.requests_in(journey_id), policies.people_in(journey_id)
    room = waiting if policy.most_people is None else max(0, policy.most_people - people)
    fit = min(waiting, room)
    for enrolment in policies.first_requests(journey_id, min(fit, BATCH)):
        entering.approve_enrolment(enrolment, by, now)
    return Admitted(min(fit, BATCH), max(0, fit - BATCH))


def could_admit() -> Sequence[int]:
    """The open journeys that everybody can join now, and in which somebody who asked earlier still waits."""
    return db.scalars(
        select(Journey.id)
        .outerjoin(EnrolmentPolicy, EnrolmentPolicy.journey_id == Journey.id)
        .where(
            Journey.status == JourneyStatus.OPEN,
            or_(EnrolmentPolicy.admission.is_(None), EnrolmentPolicy.admission == Admission.OPEN),
            exists().where(Enrolment.journey_id == Journey.id, Enrolment.status == EnrolmentStatus.REQUESTED),
        )
        .order_by(Journey.id)
    ).all()


def check_policy(policy: Policy) -> None:
    """Raises DomainError for a policy that cannot be, with the field to mend."""
    zone_rules(policy.timezone)
    if policy.opens_at is not None and policy.closes_at is not None and policy.closes_at <= policy.opens_at:
        raise DomainError("Enrolment cannot close before it opens.", "closes")
    if policy.most_people is not None and not 1 <= policy.most_people <= MOST:
        raise DomainError(f"Give a number of people from 1 to {MOST:,}, or leave it empty.", "most_people")
    for name in ("question", "eligibility"):
        if len(getattr(policy, name)) > LONGEST_TEXT:
            raise DomainError(f"Use at most {LONGEST_TEXT:,} characters.", name)

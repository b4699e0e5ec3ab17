"""How one gets into a journey: its policy, who is in, who asks. Views ask through `queries`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from app.database import db
from app.domain.admission import Policy, refusal_of
from app.domain.errors import NotFound
from app.domain.moments import Moment, moment
from app.enrolments.models import Enrolment, EnrolmentPolicy, EnrolmentStatus
from app.journeys.models import Journey


def policy_of(journey_id: int) -> Policy:
    """The policy of a journey; everybody's, in the journey's zone, when none was set. Raises NotFound."""
    row = db.execute(
        select(Journey.timezone, EnrolmentPolicy)
        .outerjoin(EnrolmentPolicy, EnrolmentPolicy.journey_id == Journey.id)
        .where(Journey.id == journey_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound("This journey is no longer there.")
    return _policy(*row)


def people_in(journey_id: int) -> int:
    """How many are enrolled in a journey."""
    return _count(Enrolment.journey_id == journey_id, Enrolment.status == EnrolmentStatus.ACTIVE)


def requests_in(journey_id: int) -> int:
    """How many have asked to join a journey and wait for its organisers."""
    return _count(Enrolment.journey_id == journey_id, Enrolment.status == EnrolmentStatus.REQUESTED)


def first_requests(journey_id: int, count: int) -> Sequence[Enrolment]:
    """The first who asked to join and wait for an answer, in the order in which they asked."""
    return db.scalars(
        select(Enrolment)
        .where(Enrolment.journey_id == journey_id, Enrolment.status == EnrolmentStatus.REQUESTED)
        .order_by(Enrolment.enrolled_at, Enrolment.id)
        .limit(count)
        .execution_options(populate_existing=True)
    ).all()


def not_let_in(participant_id: int) -> Sequence[Enrolment]:
    """Requests of a participant that wait or were declined, with their journeys, newest first; one query."""
    return db.scalars(
        select(Enrolment)
        .where(
            Enrolment.participant_id == participant_id,
            Enrolment.status.in_((EnrolmentStatus.REQUESTED, EnrolmentStatus.DECLINED)),
        )
        .options(joinedload(Enrolment.journey))
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id)
    ).all()


@dataclass(frozen=True)
class Told:
    """A moment in the zone it was set in, and on the reader's clock where that shows another."""

    stated: Moment
    own: Moment | None


@dataclass(frozen=True)
class Joining:
    """What the page of a journey says about getting in, to one reader."""

    policy: Policy
    people: int
    own: Enrolment | None
    """The reader's enrolment or request, also one that has ended."""
    opens: Told | None
    """Set as long as it is still to come."""
    closes: Told | None
    has_ended: bool
    refusal: str
    """Why nobody can get in now, with what to do; empty when somebody can."""

    @property
    def status(self) -> str:
        """What the reader is: `requested`, `active`, `declined`, `left`, or empty."""
        return self.own.status.value if self.own is not None else ""

    @property
    def can_ask(self) -> bool:
        """Whether the reader can ask to join now, as far as that is known before they do."""
        is_declined = self.status == "declined" and self.policy.admission == "approval"
        return not self.refusal and not is_declined

    @property
    def is_one_press(self) -> bool:
        """Whether nothing is asked of who joins."""
        return self.policy.admission != "invitation" and not self.policy.asks


def joining(
    journey_id: int, participant_id: int | None, people: int, timezone: str | None, now: datetime
) -> Joining:
    """How one gets into a journey in which so many people are, told to a reader; one query.

    `timezone`: of the reader, None when that is not known.
    """
    is_own = and_(Enrolment.journey_id == Journey.id, Enrolment.participant_id == (participant_id or 0))
    zone, stored, own = db.execute(
        select(Journey.timezone, EnrolmentPolicy, Enrolment)
        .outerjoin(EnrolmentPolicy, EnrolmentPolicy.journey_id == Journey.id)
        .outerjoin(Enrolment, is_own)
        .where(Journey.id == journey_id)
    ).one()
    policy = _policy(zone, stored)
    refusal = refusal_of(policy, people, now)
    has_ended = policy.has_ended(now)
    return Joining(
        policy,
        people,
        own,
        None if policy.has_begun(now) else told(policy.opens_at, policy.timezone, timezone),
        told(policy.closes_at, policy.timezone, timezone),
        has_ended,
        str(refusal) if refusal is not None else "",
    )


def told(instant: datetime | None, stated: str, own: str | None) -> Told | None:
    """An instant in the zone it was set in, and in another one if the clock there shows something else."""
    if instant is None:
        return None
    there = moment(instant, stated)
    here = moment(instant, own) if own else None
    differs = here is not None and (here.day, here.clock) != (there.day, there.clock)
    return Told(there, here if differs else None)


def _policy(timezone: str, stored: EnrolmentPolicy | None) -> Policy:
    if stored is None:
        return Policy(timezone=timezone)
    return Policy(
        stored.timezone,
        stored.admission,
        stored.question,
        stored.eligibility,
        stored.opens_at,
        stored.closes_at,
        stored.most_people,
    )


def _count(*conditions: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count(Enrolment.id)).where(*conditions)) or 0

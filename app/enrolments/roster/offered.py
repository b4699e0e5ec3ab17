"""What can be done with the people of a sitting now, and what doing it would free."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from app.database import db
from app.domain.attendance import Way
from app.domain.place_rules import FIRST_COME, Rule
from app.enrolments.models import Enrolment, Place, PlaceRule, ReservedBlock
from app.enrolments.policies import policy_of
from app.enrolments.roster.acts import TAKEN, WITH_PEOPLE, WITH_PLACES, Act
from app.enrolments.rules import Admission
from app.enrolments.standing import capacity_and_confirmed, is_held, is_over, taken
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession, Offering

MOST_AT_ONCE = 5000


def rule_of(offering_id: int) -> Rule:
    """How a sitting gives its places."""
    stored = db.get(PlaceRule, offering_id)
    return stored.as_rule() if stored is not None else FIRST_COME


def acts_with_places(
    offering: Offering, by_status: Mapping[str, int], twins: Sequence[Offering], now: datetime
) -> dict[str, Act]:
    """Those of WITH_PLACES that make sense; what would be refused for everybody is not offered."""
    if is_over(offering, now):
        return {}
    needs_approval = rule_of(offering.id).needs_approval
    offered = {"take-out"}
    if needs_approval or by_status.get("requested") or by_status.get("declined"):
        offered.add("decline")
    if is_held(offering, now):
        offered |= {"approve"} if needs_approval or "decline" in offered else set()
        offered |= {"withdraw"} if needs_approval else set()
    if twins:
        offered.add("move")
    return {name: act for name, act in WITH_PLACES.items() if name in offered}


def acts_with_people(journey: Journey, by_status: Mapping[str, int]) -> dict[str, Act]:
    """Those of WITH_PEOPLE that make sense in a journey as it is now."""
    approves = policy_of(journey.id).admission is Admission.APPROVAL
    offered = {"remove"}
    if approves or by_status.get("requested") or by_status.get("declined"):
        offered |= {"decline"} | ({"approve"} if journey.status is JourneyStatus.OPEN else set())
    if approves:
        offered.add("withdraw")
    return {name: act for name, act in WITH_PEOPLE.items() if name in offered}


def coming_places(journey_id: int, ids: Sequence[int], now: datetime) -> int:
    """How many seats in sittings to come the people of these enrolments have; one query."""
    to_come = or_(Offering.ends_at > now, Offering.last_on >= now.date())
    return sum(
        db.scalar(
            select(func.count())
            .select_from(Place)
            .join(Enrolment, Enrolment.participant_id == Place.participant_id)
            .join(Offering, Offering.id == Place.offering_id)
            .join(LearningSession, LearningSession.id == Place.learning_session_id)
            .where(
                LearningSession.journey_id == journey_id,
                Enrolment.journey_id == journey_id,
                Enrolment.id.in_(ids[start : start + MOST_AT_ONCE]),
                Place.status.in_(TAKEN),
                to_come,
            )
        )
        or 0
        for start in range(0, len(ids), MOST_AT_ONCE)
    )


def twins_of(offering: Offering, now: datetime) -> list[Offering]:
    """The other sittings of the session in which somebody can be seated, in their order."""
    others = select(Offering).where(
        Offering.learning_session_id == offering.learning_session_id, Offering.id != offering.id
    )
    return [one for one in db.scalars(others.order_by(Offering.position)) if is_held(one, now)]


def free_places(offering: Offering) -> list[tuple[Way, int | None]]:
    """(way, places that nobody has; None: no limit)"""
    found: list[tuple[Way, int | None]] = []
    for way in offering.attendance.ways:
        capacity, _ = capacity_and_confirmed(offering, way)
        found.append((way, None if capacity is None else max(0, capacity - taken(offering, way))))
    return found


@dataclass(frozen=True)
class Freed:
    """Seats of one way of attending that would be free, and who waits for them."""

    way: Way
    seats: int
    in_block: int
    """Of these, how many go back to their group instead of to the line."""
    waiting: int
    """Who waits and is not chosen."""


def freed(offering_id: int, ids: Sequence[int], now: datetime) -> list[Freed]:
    """What giving up these places of a sitting would free; one query. A group that has ended gets nothing."""
    chosen = set(ids)
    stands = ReservedBlock.returned_at.is_(None) & (ReservedBlock.release_at > now)
    rows = db.execute(
        select(Place.id, Place.way, Place.status, ReservedBlock.id.label("block_id"))
        .outerjoin(ReservedBlock, (ReservedBlock.id == Place.block_id) & stands)
        .where(Place.offering_id == offering_id, Place.status.in_((*TAKEN, "waiting")))
    ).all()
    seats = Counter(row.way for row in rows if row.id in chosen and row.status in TAKEN)
    in_block = Counter(row.way for row in rows if row.id in chosen and row.block_id is not None)
    waiting = Counter(row.way for row in rows if row.id not in chosen and row.status == "waiting")
    return [Freed(way, seats[way], in_block[way], waiting[way]) for way in Way if seats[way]]

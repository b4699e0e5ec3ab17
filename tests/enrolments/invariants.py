"""What holds of the places of a session whatever has happened to it; asked past the code under test."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import func, select

from app.database import db
from app.domain.attendance import Way
from app.domain.place_rules import RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments.decisions import Decided, Ground, PlaceDecision
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.enrolments.reserved import ReservedBlock
from app.enrolments.rules import PlaceRule
from app.enrolments.standing import is_held
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import LearningSession, Offering

AT_ONCE = timedelta(0)
CONFIRMED, OFFERED, WAITING = PlaceStatus.CONFIRMED, PlaceStatus.OFFERED, PlaceStatus.WAITING


def check_session(learning_session_id: int, now: datetime, waited: timedelta = AT_ONCE) -> None:
    """Everything that is promised about the places of a session, after the time until `now` was passed.

    `waited`: how long a press may have waited for its turn. What it did is dated when it was pressed, and
    stands in the log where its turn came.
    """
    db.expire_all()
    offerings = db.scalars(select(Offering).where(Offering.learning_session_id == learning_session_id)).all()
    for offering in offerings:
        check_counters(offering)
        check_line(offering)
        check_nobody_waits_for_nothing(offering, now)
    check_one_seat_each(learning_session_id)
    check_log(learning_session_id, waited)
    check_numbers_follow_the_log(learning_session_id)


def check_counters(offering: Offering) -> None:
    """The counters are what the rows say, and with what is held never above the capacity."""
    rows = Counter(
        {
            (way, status): count
            for way, status, count in db.execute(
                select(Place.way, Place.status, func.count())
                .where(Place.offering_id == offering.id)
                .group_by(Place.way, Place.status)
            )
        }
    )
    unnamed: Counter[Way] = Counter()
    for block in db.scalars(select(ReservedBlock).where(ReservedBlock.offering_id == offering.id)):
        named = select(func.count(Place.id)).where(Place.block_id == block.id, Place.status == CONFIRMED)
        assert block.named == db.scalar(named), f"block {block.name} counts its names wrongly"
        assert block.returned_at is None or block.places == block.named
        unnamed[block.way] += block.unnamed
    for way, confirmed, held, capacity in (
        (Way.ONLINE, offering.confirmed_online, offering.held_online, offering.capacity_online),
        (Way.IN_PERSON, offering.confirmed_in_person, offering.held_in_person, offering.capacity_in_person),
    ):
        assert confirmed == rows[way, CONFIRMED]
        assert held == rows[way, OFFERED] + unnamed[way]
        assert capacity is None or confirmed + held <= capacity


def check_line(offering: Offering) -> None:
    """Queue numbers are given once, and a deadline stands exactly at what is on offer."""
    places = db.scalars(select(Place).where(Place.offering_id == offering.id)).all()
    numbers = [place.queue_number for place in places]
    assert len(numbers) == len(set(numbers))
    assert max(numbers, default=0) <= offering.last_queue_number
    for place in places:
        assert (place.status is OFFERED) == (place.offer_ends_at is not None)


def check_one_seat_each(learning_session_id: int) -> None:
    """Nobody is confirmed twice over all the twin sittings."""
    confirmed = db.scalars(
        select(Place.participant_id).where(
            Place.learning_session_id == learning_session_id, Place.status == CONFIRMED
        )
    ).all()
    assert len(confirmed) == len(set(confirmed))


def check_nobody_waits_for_nothing(offering: Offering, now: datetime) -> None:
    """Where there is room, who waits is only somebody whom the stated rule makes wait."""
    learning_session = db.get_one(LearningSession, offering.learning_session_id)
    if learning_session.journey.status is not JourneyStatus.OPEN or not is_held(offering, now):
        return
    stored = db.get(PlaceRule, offering.id)
    if stored is not None and stored.kind is RuleKind.LOTTERY and stored.drawn_at is None:
        return
    for way in offering.attendance.ways:
        taken, capacity = (
            (offering.taken_online, offering.capacity_online)
            if way is Way.ONLINE
            else (offering.taken_in_person, offering.capacity_in_person)
        )
        if capacity is not None and taken >= capacity:
            continue
        for place in _waiting(offering, way):
            assert _is_passed_over(place, offering, stored, capacity, now), f"{place.id} waits for nothing"


def check_log(learning_session_id: int, waited: timedelta = AT_ONCE) -> None:
    """The log explains every place: it begins with nothing, is without gaps, ends with what the place is."""
    rows = db.scalars(
        select(PlaceDecision)
        .join(Place, Place.id == PlaceDecision.place_id)
        .where(Place.learning_session_id == learning_session_id)
        .order_by(PlaceDecision.id)
    )
    by_place: dict[int, list[PlaceDecision]] = defaultdict(list)
    for row in rows:
        by_place[row.place_id].append(row)
    places = db.scalars(select(Place).where(Place.learning_session_id == learning_session_id)).all()
    for place in places:
        decisions = by_place.get(place.id, [])
        assert decisions, f"nothing explains place {place.id}"
        assert decisions[0].status_before is None
        for one, following in pairwise(decisions):
            assert one.status_after is following.status_before, f"a gap in the log of place {place.id}"
            assert one.decided_at <= following.decided_at + waited
        assert decisions[-1].status_after is place.status
        for one in decisions:
            assert (one.position_after is not None) == (one.status_after is WAITING)
            promoted = one.what in (Decided.CONFIRMED, Decided.OFFERED) and one.status_before is WAITING
            if promoted and one.ground is not Ground.BALANCED:
                assert one.position_before == 1, f"place {place.id} was promoted past others"


def check_numbers_follow_the_log(learning_session_id: int) -> None:
    """The queue of each sitting is the order in which its requests were written down, or were drawn."""
    rows = db.execute(
        select(PlaceDecision, Place.queue_number)
        .join(Place, Place.id == PlaceDecision.place_id)
        .where(Place.learning_session_id == learning_session_id)
        .order_by(PlaceDecision.id)
    )
    gave: dict[int, dict[tuple[int, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    """Sitting → (queue number, place) → the decisions that may have given that number, oldest first."""
    for decision, number in rows:
        its = gave[decision.offering_id][number, decision.place_id]
        if _gives_a_number(decision):
            its.clear()
        if _gives_a_number(decision) or _may_give_a_number(decision):
            its.append(decision.id)
    for numbers in gave.values():
        last = 0
        for key, decisions in sorted(numbers.items()):
            later = [one for one in decisions if one > last]
            assert later, f"place {key[1]} has number {key[0]}, which came before {last}"
            last = later[0]


def _gives_a_number(decision: PlaceDecision) -> bool:
    """Whether with this decision somebody joined the queue at its end: also who changes the way they wait."""
    if decision.what in (Decided.DRAWN, Decided.ASKED):
        return True
    if decision.what is Decided.MOVED:
        return decision.status_before is not OFFERED
    was_out = decision.status_before in (None, PlaceStatus.RELEASED, PlaceStatus.DECLINED)
    return was_out and decision.what in (Decided.CONFIRMED, Decided.NAMED)


def _may_give_a_number(decision: PlaceDecision) -> bool:
    """Who waited was promoted, and kept their number; or asked for another way and was seated at once."""
    return decision.what is Decided.CONFIRMED and decision.status_before is WAITING


def _waiting(offering: Offering, way: Way) -> list[Place]:
    return list(
        db.scalars(
            select(Place)
            .where(Place.offering_id == offering.id, Place.way == way, Place.status == WAITING)
            .order_by(Place.queue_number)
        )
    )


def _is_passed_over(
    place: Place, offering: Offering, stored: PlaceRule | None, capacity: int | None, now: datetime
) -> bool:
    """By the balance, or because they have been, or are, in a sitting that has begun."""
    begun = db.scalars(
        select(Offering)
        .join(Place, Place.offering_id == Offering.id)
        .where(
            Place.participant_id == place.participant_id,
            Place.learning_session_id == place.learning_session_id,
            Place.status == CONFIRMED,
        )
    ).all()
    if any(not one.is_cancelled and not is_held(one, now) for one in begun):
        return True
    quota = stored.as_rule().quota(capacity, now) if stored is not None else None
    if quota is None or stored is None:
        return False
    column = Enrolment.country if stored.balance == "country" else Enrolment.stakeholder_group
    journey_id = offering.learning_session.journey_id
    mine = db.scalar(
        select(column).where(
            Enrolment.journey_id == journey_id, Enrolment.participant_id == place.participant_id
        )
    )
    share = db.scalar(
        select(func.count(Place.id))
        .join(
            Enrolment,
            (Enrolment.participant_id == Place.participant_id) & (Enrolment.journey_id == journey_id),
        )
        .where(
            Place.offering_id == offering.id,
            Place.way == place.way,
            Place.status.in_((CONFIRMED, OFFERED)),
            func.coalesce(column, "") == (mine or ""),
        )
    )
    return (share or 0) >= quota


def nobody_left_holds(journey_id: int, now: datetime) -> bool:
    """Whether everybody with a place that is live, in a sitting that is not over, is enrolled."""
    return not db.scalar(
        select(func.count(Place.id))
        .join(Offering, Offering.id == Place.offering_id)
        .join(LearningSession, LearningSession.id == Place.learning_session_id)
        .outerjoin(
            Enrolment,
            (Enrolment.participant_id == Place.participant_id)
            & (Enrolment.journey_id == LearningSession.journey_id),
        )
        .where(
            LearningSession.journey_id == journey_id,
            Offering.ends_at > now,
            Place.status.not_in((PlaceStatus.RELEASED, PlaceStatus.DECLINED)),
            func.coalesce(Enrolment.status, EnrolmentStatus.LEFT) != EnrolmentStatus.ACTIVE,
        )
    )

"""What time alone changes in a learning session: offers lapse, blocks go back, lotteries are drawn.

Done first whenever the session's places are touched, and by the worker when nobody touches them; so a
deadline holds to the moment, not to the worker's round.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, Row, false, func, or_, select, true

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.domain.lottery import draw
from app.domain.place_rules import RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments import steps
from app.enrolments.decisions import Decided, Ground, PlaceDecision
from app.enrolments.models import Place
from app.enrolments.recording import record
from app.enrolments.reserved import ReservedBlock
from app.enrolments.rules import PlaceRule
from app.enrolments.standing import Standing, is_held
from app.learning_sessions.models import Offering
from app.messages.bulk import Letter, queue_all
from app.messages.kinds import Rank
from app.participants.models import Participant

TAKE_PART = (PlaceStatus.WAITING, PlaceStatus.REQUESTED)
"""Those who have asked by the moment of a draw."""
CHUNK = 500


def pass_time(standing: Standing, now: datetime) -> bool:
    """Write down what time has changed until `now`; whether it has: then somebody may be seated."""
    changed = False
    for sitting in standing.sittings.values():
        if sitting.held_online or sitting.held_in_person:
            changed |= _end_offers(sitting, standing.journey_id, now)
            changed |= _return_blocks(sitting, now)
        rule = standing.rules.get(sitting.id)
        if rule is not None and _is_to_draw(rule, sitting, now):
            _draw(rule, sitting, now)
            changed = True
    return changed


def return_block(block: ReservedBlock, now: datetime) -> None:
    """Give what has no name back to everybody. The named ones keep their places."""
    steps.count(block.offering_id, block.way, held=-block.unnamed)
    block.places, block.returned_at = block.named, now
    db.flush()


def _end_offers(sitting: Offering, journey_id: int, now: datetime) -> bool:
    """Offers past their deadline, or past the start of a sitting that was moved before it, lapse; those in a
    cancelled sitting go back to the head of its line.
    """
    all_end = sitting.is_cancelled or not is_held(sitting, now)
    over: tuple[ColumnElement[bool], ...] = () if all_end else (Place.offer_ends_at <= now,)
    offered = db.scalars(
        select(Place)
        .where(
            Place.offering_id == sitting.id,
            Place.way.in_(list(Way)),
            Place.status == PlaceStatus.OFFERED,
            *over,
        )
        .order_by(Place.queue_number)
        .execution_options(populate_existing=True)
    ).all()
    for place in offered:
        if sitting.is_cancelled:
            steps.back_into_line(place, Decided.OFFER_WITHDRAWN, Ground.CANCELLATION, now)
        else:
            steps.give_up(place, Decided.OFFER_LAPSED, Ground.DEADLINE, now)
            holder = db.get_one(Participant, place.participant_id)
            steps.tell_of(place, holder, "offer-lapsed", now, journey_id)
    return bool(offered)


def _return_blocks(sitting: Offering, now: datetime) -> bool:
    begun = not sitting.is_cancelled and not is_held(sitting, now)
    is_due = or_(ReservedBlock.release_at <= now, true() if begun else false())
    blocks = db.scalars(
        select(ReservedBlock)
        .where(ReservedBlock.offering_id == sitting.id, ReservedBlock.returned_at.is_(None), is_due)
        .order_by(ReservedBlock.id)
        .execution_options(populate_existing=True)
    )
    due = blocks.all()
    for block in due:
        return_block(block, now)
    return bool(due)


def _is_to_draw(rule: PlaceRule, sitting: Offering, now: datetime) -> bool:
    if rule.kind is not RuleKind.LOTTERY or rule.drawn_at is not None or rule.draw_at is None:
        return False
    return rule.draw_at <= now and is_held(sitting, now)


def _draw(rule: PlaceRule, sitting: Offering, now: datetime) -> None:
    """Give everybody who waits a new queue number, in the order of their tickets; later requests follow.

    Who has asked and is not approved yet takes part too: a yes after the draw does not choose the rank.
    """
    waiting = db.scalars(
        select(Place)
        .where(Place.offering_id == sitting.id, Place.status.in_(TAKE_PART))
        .order_by(Place.queue_number)
        .execution_options(populate_existing=True)
    ).all()
    by_id = {place.id: place for place in waiting}
    before = _positions(waiting)
    in_order = [by_id[place_id] for place_id in draw(rule.seed, by_id)]
    for place in in_order:
        place.queue_number, place.updated_at = steps.next_queue_number(sitting), now
    rule.drawn_at = now
    db.flush()
    after = _positions(in_order)
    for place in in_order:
        record(
            place, Decided.DRAWN, Ground.LOTTERY, place.status, now,
            position_before=before.get(place.id), position_after=after.get(place.id),
        )  # fmt: skip
    db.flush()


def tell_drawn(standing: Standing, now: datetime) -> None:
    """Tell everybody who has taken part in a lottery that was drawn at `now`, and still waits, that it is
    drawn; each once, however often this is asked. For after those who can be are seated: they are told so.
    """
    for rule in standing.rules.values():
        if rule.drawn_at == now:
            rows = db.execute(_still_waiting(rule)).all()
            for start in range(0, len(rows), CHUNK):
                letters = [_letter(row, rule, standing.journey_id) for row in rows[start : start + CHUNK]]
                queue_all("waiting", letters, now, Rank.MANY)


def _still_waiting(rule: PlaceRule) -> Executable:
    """Place, participant, name and address of each, in the order of the draw."""
    address = func.coalesce(User.email, Participant.email)
    return (
        select(Place.id, Place.participant_id, Participant.name, address.label("address"))
        .join(Participant, Participant.id == Place.participant_id)
        .outerjoin(User, User.id == Participant.user_id)
        .join(PlaceDecision, PlaceDecision.place_id == Place.id)
        .where(
            Place.offering_id == rule.offering_id,
            Place.way.in_(list(Way)),
            Place.status == PlaceStatus.WAITING,
            PlaceDecision.what == Decided.DRAWN,
            PlaceDecision.decided_at == rule.drawn_at,
            address != "",
        )
        .order_by(Place.queue_number)
    )


def _letter(row: Row[Any], rule: PlaceRule, journey_id: int) -> Letter:
    return Letter(
        to_address=row.address,
        to_name=row.name,
        payload={"place_id": row.id, "drawn": True},
        order_key=f"participant:{row.participant_id}:offering:{rule.offering_id}",
        unique_key=f"drawn:place:{row.id}:{rule.drawn_at:%Y-%m-%dT%H:%M:%S.%fZ}",
        scope=f"journey:{journey_id}",
    )


def _positions(in_line: Sequence[Place]) -> dict[int, int]:
    """Place → where it stands in the line of its way of attending; requests stand in none."""
    found: dict[int, int] = {}
    lines: dict[Way, int] = {}
    for place in (one for one in in_line if one.status is PlaceStatus.WAITING):
        found[place.id] = lines[place.way] = lines.get(place.way, 0) + 1
    return found

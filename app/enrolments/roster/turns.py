"""Whose turn is when, where one act concerns many people at once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from app.database import db
from app.domain.seats import PlaceStatus
from app.enrolments.models import Enrolment, Place
from app.enrolments.roster.acts import WITH_PEOPLE, WITH_PLACES
from app.enrolments.ruling import stored_rule
from app.learning_sessions.models import LearningSession

LAST = (PlaceStatus.WAITING, PlaceStatus.OFFERED, PlaceStatus.CONFIRMED)
"""Who has more goes later where seats are taken away: else those who are to go as well move up first."""


def in_turn(act: str, journey_id: int, offering_id: int | None, ids: Sequence[int]) -> list[int]:
    """The chosen rows (places of a sitting, or else enrolments of a journey) in the order of their turns.

    Who asked first is approved first. Where seats are taken away, nobody moves up who is to go as well. Else
    the order stays.
    """
    turns = _of_people(act, journey_id) if offering_id is None else _of_places(act, offering_id)
    return sorted(ids, key=lambda number: turns.get(number, ()))


def _of_places(act: str, offering_id: int) -> dict[int, tuple[Any, ...]]:
    """Place → what its turn goes by; empty where the order stays."""
    if act != "approve" and (act == "move" or not WITH_PLACES[act].frees):
        return {}
    rows = db.execute(
        select(Place.id, Place.status, Place.queue_number).where(Place.offering_id == offering_id)
    ).all()
    if act == "approve":
        rule, concerned = stored_rule(offering_id), WITH_PLACES[act].concerns
        is_drawn = rule is not None and rule.drawn_at is not None  # then who was declined joins the end
        return {
            one.id: (
                one.status not in concerned,
                is_drawn and one.status is PlaceStatus.DECLINED,
                one.queue_number,
            )
            for one in rows
        }
    return {one.id: (LAST.index(one.status) + 1 if one.status in LAST else 0,) for one in rows}


def _of_people(act: str, journey_id: int) -> dict[int, tuple[Any, ...]]:
    """Enrolment → what its turn goes by; empty where the order stays."""
    if act != "approve" and not WITH_PEOPLE[act].frees:
        return {}
    concerned = WITH_PEOPLE[act].concerns
    rows = db.execute(
        select(Enrolment.id, Enrolment.participant_id, Enrolment.enrolled_at, Enrolment.status).where(
            Enrolment.journey_id == journey_id
        )
    ).all()
    if act == "approve":
        return {one.id: (one.status not in concerned, one.enrolled_at, one.id) for one in rows}
    seats = _seats(journey_id)
    return {one.id: (seats.get(one.participant_id, 0),) for one in rows}


def _seats(journey_id: int) -> dict[int, int]:
    """Participant → how many seats of a journey are theirs or on offer to them; who has none is not in it."""
    rows = db.execute(
        select(Place.participant_id, func.count().label("seats"))
        .join(LearningSession, LearningSession.id == Place.learning_session_id)
        .where(
            LearningSession.journey_id == journey_id,
            Place.status.in_((PlaceStatus.CONFIRMED, PlaceStatus.OFFERED)),
        )
        .group_by(Place.participant_id)
    )
    return {one.participant_id: one.seats for one in rows}

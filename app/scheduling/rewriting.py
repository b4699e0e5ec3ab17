"""Bringing the facilitators and the agenda of a sitting to what is wanted, row by row.

A row that stays what it was keeps its number, so that what refers to it holds.
"""

from collections.abc import Sequence
from typing import Any

from app.database import db
from app.facilitators.models import Facilitator
from app.learning_sessions.models import AgendaItem, Offering, OfferingFacilitator
from app.learning_sessions.sittings import Part
from app.learning_sessions.storing import agenda_rows, facilitator_rows


def rewrite_facilitators(offering: Offering, people: Sequence[tuple[Facilitator, str]]) -> bool:
    """Let these people lead, in this order. False when they do already."""
    wanted = facilitator_rows(people)
    if list(map(_leading, offering.facilitators)) == list(map(_leading, wanted)):
        return False
    stored = {one.facilitator_id: one for one in offering.facilitators}
    for one in wanted:
        if kept := stored.get(one.facilitator_id):
            kept.position, kept.role = one.position, one.role
    offering.facilitators = [stored.get(one.facilitator_id, one) for one in wanted]
    db.flush()
    return True


def rewrite_agenda(offering: Offering, parts: Sequence[Part]) -> bool:
    """Make these parts the agenda. False when they are already. An item keeps its row with its title."""
    wanted = agenda_rows(parts)
    stored = list(offering.agenda)
    if list(map(_told, stored)) == list(map(_told, wanted)):
        return False
    kept = _kept(stored, wanted)
    for item in stored:
        item.position = -item.position  # out of the way of its siblings: a position is taken once
    offering.agenda = [item for item in kept if item is not None]
    db.flush()
    offering.agenda = [_rewritten(item, new) for item, new in zip(kept, wanted, strict=True)]
    db.flush()
    return True


def _kept(stored: Sequence[AgendaItem], wanted: Sequence[AgendaItem]) -> list[AgendaItem | None]:
    """For every wanted item the stored one that it is: the one of its title, else the one in its position."""
    left = list(stored)
    found: list[AgendaItem | None] = []
    for new in wanted:
        same = next((item for item in left if item.title == new.title), None)
        if same is not None:
            left.remove(same)
        found.append(same)
    in_position = {item.position: item for item in left}
    return [item or in_position.get(new.position) for item, new in zip(found, wanted, strict=True)]


def _rewritten(item: AgendaItem | None, new: AgendaItem) -> AgendaItem:
    if item is None:
        return new
    item.position, item.length_minutes = new.position, new.length_minutes
    item.title, item.summary = new.title, new.summary
    if list(map(_credited, item.credits)) != list(map(_credited, new.credits)):
        item.credits = list(new.credits)
    return item


def _leading(row: OfferingFacilitator) -> tuple[Any, ...]:
    return row.facilitator_id, row.position, row.role


def _told(item: AgendaItem) -> tuple[Any, ...]:
    return item.position, item.length_minutes, item.title, item.summary, list(map(_credited, item.credits))


def _credited(credit: Any) -> tuple[Any, ...]:
    return (
        credit.position, credit.name, credit.affiliation, credit.role,
        credit.facilitator_id, credit.participant_id,
    )  # fmt: skip

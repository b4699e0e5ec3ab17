"""Who is credited in an agenda, with the people the credits are linked to."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import select

from app.database import db
from app.facilitators.models import Facilitator
from app.journeys.crediting import Named
from app.learning_sessions.models import AgendaItem
from app.participants.models import Participant

Linked = TypeVar("Linked", Facilitator, Participant)


def credited(agenda: Sequence[AgendaItem]) -> list[tuple[str, tuple[Named, ...]]]:
    """Of every item its title and the people it credits; at most two queries."""
    credits = [one for item in agenda for one in item.credits]
    facilitators = _by_id(Facilitator, {one.facilitator_id for one in credits if one.facilitator_id})
    participants = _by_id(Participant, {one.participant_id for one in credits if one.participant_id})
    return [
        (
            item.title,
            tuple(
                Named(
                    one.name,
                    one.affiliation,
                    one.role,
                    facilitators.get(one.facilitator_id or 0),
                    participants.get(one.participant_id or 0),
                )
                for one in item.credits
            ),
        )
        for item in agenda
    ]


def _by_id(model: type[Linked], ids: set[int]) -> dict[int, Linked]:
    if not ids:
        return {}
    return {one.id: one for one in db.scalars(select(model).where(model.id.in_(ids)))}

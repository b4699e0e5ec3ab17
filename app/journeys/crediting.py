"""Naming people for a piece of work."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from app.domain.errors import DomainError
from app.facilitators.models import Facilitator
from app.journeys.credits import Credit
from app.participants.models import Participant

CreditRow = TypeVar("CreditRow", bound=Credit)


@dataclass(frozen=True)
class Named:
    """A person named for a work. Neither an account nor a page here is needed."""

    name: str
    affiliation: str = ""
    role: str = ""
    facilitator: Facilitator | None = None
    participant: Participant | None = None


def credit_rows(row: type[CreditRow], people: Iterable[Named]) -> list[CreditRow]:
    """The rows that name these people, in this order."""
    return [_row(row, position, person) for position, person in enumerate(people, start=1)]


def _row(row: type[CreditRow], position: int, person: Named) -> CreditRow:
    if not person.name.strip():
        raise DomainError("Give the name of everybody you credit.", "credits")
    credit = row()
    credit.position, credit.name = position, person.name
    credit.affiliation, credit.role = person.affiliation, person.role
    credit.facilitator_id = person.facilitator.id if person.facilitator else None
    credit.participant_id = person.participant.id if person.participant else None
    return credit

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


def credit_rows(
    row: type[CreditRow], people: Iterable[Named], before: Iterable[CreditRow] = ()
) -> list[CreditRow]:
    """The rows that name these people, in this order; who is among those named `before` keeps the row."""
    left = list(before)
    rows = []
    for position, person in enumerate(people, start=1):
        known = next((one for one in left if one.name == person.name), None)
        left = [one for one in left if one is not known]
        rows.append(_filled(known or row(), position, person, known is not None))
    return rows


def _filled(credit: CreditRow, position: int, person: Named, is_known: bool) -> CreditRow:
    if not person.name.strip():
        raise DomainError("Give the name of everybody you credit.", "credits")
    credit.position, credit.name = position, person.name
    credit.affiliation, credit.role = person.affiliation, person.role
    credit.facilitator_id = person.facilitator.id if person.facilitator else None
    if person.participant is not None or not is_known:  # nobody unlinks a participant by editing words
        credit.participant_id = person.participant.id if person.participant else None
    return credit

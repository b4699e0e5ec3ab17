"""Whom of a roster mail from organisers does not reach, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, literal, or_

from app.accounts.models import User
from app.database import db
from app.enrolments.roster.asked import Asked
from app.enrolments.roster.statements import ADDRESS, Roster, asked_for
from app.messages.kinds import Choice
from app.messages.models import Recipient
from app.participants.models import Participant

NO_ADDRESS, REFUSES, MUTED = "no-address", "refuses", "muted"
"""Why; the first that is true."""

_FOLDED = func.coalesce(User.email_folded, Participant.email_folded)
_WHY = case(
    (func.coalesce(ADDRESS, "") == "", NO_ADDRESS),
    (Recipient.refused_at.is_not(None), REFUSES),
    else_=MUTED,
)
_IS_MUTED = (literal(" ") + Recipient.muted + literal(" ")).contains(f" {Choice.ORGANISERS.value} ")


@dataclass(frozen=True)
class Unreached:
    """Somebody who is not written to."""

    id: int
    name: str
    why: str


def unreached(
    roster: Roster, asked: Asked | None = None, ids: Sequence[int] | None = None
) -> list[Unreached]:
    """Those asked for, or of these rows, who have no address, whose address refuses mail, or who do not want
    what organisers write; by name. One query.
    """
    columns = (roster.key, Participant.name, _WHY)
    found = asked_for(roster, asked or Asked(), *columns, needs=("participant", "account"))
    found = found.outerjoin(Recipient, Recipient.address_folded == _FOLDED).where(
        or_(func.coalesce(ADDRESS, "") == "", Recipient.refused_at.is_not(None), _IS_MUTED)
    )
    narrowed = found if ids is None else found.where(roster.key.in_(ids))
    return [Unreached(*row) for row in db.execute(narrowed.order_by(Participant.name_folded, roster.key))]

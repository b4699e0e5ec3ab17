"""Writing to a part of a roster: each person gets it alone, and nobody's address is shown to another."""

from collections.abc import Sequence
from datetime import datetime

from app.accounts.models import User
from app.database import db
from app.enrolments.models import RosterMessage
from app.enrolments.roster.acts import Outcome
from app.enrolments.roster.listing import entries
from app.enrolments.roster.statements import Roster
from app.messages import operations as outbox

KIND = "roster-message"
WRITTEN, NO_ADDRESS = "written", "no-address"


def write(
    journey_id: int, offering_id: int | None, subject: str, text: str, by: User | None, now: datetime
) -> RosterMessage:
    """Keep what is written; it goes out with `send`."""
    message = RosterMessage(
        journey_id=journey_id,
        offering_id=offering_id,
        written_by_id=by.id if by is not None else None,
        written_at=now,
        subject=subject,
        text=text,
    )
    db.add(message)
    db.flush()
    return message


def send(message_id: int, roster: Roster, ids: Sequence[int], now: datetime) -> list[Outcome]:
    """Put it into the outbox for each of these people; those without an address are told apart.

    `roster` is one that sees addresses.
    """
    message = db.get_one(RosterMessage, message_id)
    outcomes = []
    for one in entries(roster, ids):
        if one.email:
            facts = {"roster_message_id": message_id, "participant_id": one.participant_id}
            outbox.queue(KIND, one.email, one.name, facts, now)
            message.people += 1
        outcomes.append(Outcome(one.id, WRITTEN if one.email else NO_ADDRESS))
    db.flush()
    return outcomes

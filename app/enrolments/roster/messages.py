"""Writing to a part of a roster: each person gets it alone, and nobody's address is shown to another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.models import User
from app.database import db
from app.enrolments.models import RosterMessage
from app.enrolments.roster.acts import LIVE as PLACES_LIVE
from app.enrolments.roster.acts import Outcome
from app.enrolments.roster.listing import Entry, entries
from app.enrolments.roster.reach import unreached
from app.enrolments.roster.statements import Roster
from app.messages import operations as outbox
from app.messages.bulk import Letter, queue_all
from app.messages.kinds import kinds

KIND, TEST = "roster-message", "roster-test"
WRITTEN = "written"

LIVE = frozenset({*PLACES_LIVE, "active"})
"""Who has one of these statuses is not written to if they have left by the time it is sent."""

OF_EVERYBODY = ("name", "journey")
FIELDS = (*OF_EVERYBODY, "session", "time", "place")
"""What can be merged into a message to the people of a sitting; to those of a journey only the first."""


@dataclass(frozen=True)
class Draft:
    """What is to be written, and from whom."""

    journey_id: int
    offering_id: int | None
    subject: str
    text: str
    by_id: int | None = None


@dataclass(frozen=True)
class Read:
    """A message as one of its readers would get it."""

    entry: Entry
    subject: str
    text: str
    language: str


def fields_of(offering_id: int | None) -> tuple[str, ...]:
    """The names of the fields of a message to the people of a sitting, or of a journey (None)."""
    return FIELDS if offering_id is not None else OF_EVERYBODY


def write(draft: Draft, by: User | None, now: datetime, audience: str = "") -> RosterMessage:
    """Keep what is written; it goes out with `send`. `audience`: to which part of the roster, in words."""
    message = RosterMessage(
        journey_id=draft.journey_id,
        offering_id=draft.offering_id,
        written_by_id=by.id if by is not None else None,
        written_at=now,
        subject=draft.subject,
        text=draft.text,
        audience=audience,
    )
    db.add(message)
    db.flush()
    return message


def send(message_id: int, roster: Roster, ids: Sequence[int], now: datetime) -> list[Outcome]:
    """Put it into the outbox for each of these people, once; those whom mail does not reach are told apart.

    `roster` is one that sees addresses.
    """
    message = db.get_one(RosterMessage, message_id)
    silent = {one.id: one.why for one in unreached(roster, ids=ids)}
    people = entries(roster, ids)
    letters = [_letter(message, one) for one in people if one.id not in silent]
    message.people += queue_all(KIND, letters, now)
    db.flush()
    return [Outcome(one.id, silent.get(one.id, WRITTEN)) for one in people]


def read_by(draft: Draft, one: Entry, stop_link: str) -> Read:
    """How somebody of the roster would get it now. Raises NoLongerNeeded if they would not."""
    composed = kinds[KIND].composer(_facts(draft, one))
    return Read(one, composed.subject, composed.words(stop_link).text, composed.language)


def send_test(draft: Draft, one: Entry, to: User, now: datetime) -> None:
    """Send it to the writer alone, as that person of the roster would read it. It is kept nowhere else."""
    outbox.queue(TEST, to.email, to.name, _facts(draft, one), now)


def _letter(message: RosterMessage, one: Entry) -> Letter:
    offering_id = message.offering_id
    about = f"participant:{one.participant_id}"
    return Letter(
        to_address=one.email,
        to_name=one.name,
        payload={
            "roster_message_id": message.id,
            "participant_id": one.participant_id,
            "status": one.status,
            **_row(offering_id, one),
        },
        order_key=f"{about}:offering:{offering_id}" if offering_id is not None else None,
        unique_key=f"roster:{message.id}:{about}",
        scope=f"journey:{message.journey_id}",
    )


def _facts(draft: Draft, one: Entry) -> Mapping[str, Any]:
    """What a composer needs of a message that is not kept."""
    return {
        "journey_id": draft.journey_id,
        "by_id": draft.by_id,
        "subject": draft.subject,
        "text": draft.text,
        "participant_id": one.participant_id,
        **_row(draft.offering_id, one),
    }


def _row(offering_id: int | None, one: Entry) -> dict[str, int]:
    return {"enrolment_id" if offering_id is None else "place_id": one.id}

"""What was written to people of a roster before, and what became of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.accounts.models import User
from app.database import db
from app.enrolments.models import RosterMessage
from app.enrolments.roster.messages import KIND
from app.learning_sessions.models import LearningSession, Offering
from app.messages.models import MessageState, OutboxMessage

MOST = 50


@dataclass(frozen=True)
class Sent:
    """One message, and how many of its copies stand where."""

    id: int
    subject: str
    text: str
    audience: str
    people: int
    written_at: datetime
    writer: str | None
    learning_session: str | None
    sent: int
    waiting: int
    undelivered: int

    @property
    def is_forgotten(self) -> bool:
        """Whether the outbox has nothing of it any more."""
        return self.people > 0 and not (self.sent or self.waiting or self.undelivered)


def written_before(journey_id: int, offering_id: int | None) -> list[Sent]:
    """What was written to people of a sitting, or of a journey and its sittings; the latest first, at most
    MOST. Two queries.
    """
    found = (
        select(RosterMessage, User.name, LearningSession.title)
        .outerjoin(User, User.id == RosterMessage.written_by_id)
        .outerjoin(Offering, Offering.id == RosterMessage.offering_id)
        .outerjoin(LearningSession, LearningSession.id == Offering.learning_session_id)
        .where(RosterMessage.journey_id == journey_id)
        .order_by(RosterMessage.id.desc())
        .limit(MOST)
    )
    if offering_id is not None:
        found = found.where(RosterMessage.offering_id == offering_id)
    rows = db.execute(found).all()
    stand = _stand(journey_id, [one.id for one, _, _ in rows])
    return [_sent(one, writer, title, stand[one.id]) for one, writer, title in rows]


def _sent(one: RosterMessage, writer: str | None, title: str | None, stand: dict[MessageState, int]) -> Sent:
    return Sent(
        id=one.id,
        subject=one.subject,
        text=one.text,
        audience=one.audience,
        people=one.people,
        written_at=one.written_at,
        writer=writer,
        learning_session=title,
        sent=stand.get(MessageState.SENT, 0),
        waiting=stand.get(MessageState.QUEUED, 0) + stand.get(MessageState.SENDING, 0),
        undelivered=stand.get(MessageState.DEAD, 0) + stand.get(MessageState.EXPIRED, 0),
    )


def _stand(journey_id: int, ids: Sequence[int]) -> dict[int, dict[MessageState, int]]:
    """Message → state → how many of its copies are in it."""
    copies = (
        select(
            OutboxMessage.payload["roster_message_id"].as_integer().label("written_id"), OutboxMessage.state
        )
        .where(OutboxMessage.scope == f"journey:{journey_id}", OutboxMessage.kind == KIND)
        .subquery()
    )
    counted = (
        select(copies.c.written_id, copies.c.state, func.count())
        .where(copies.c.written_id.in_(ids))
        .group_by(copies.c.written_id, copies.c.state)
    )
    stand: dict[int, dict[MessageState, int]] = defaultdict(dict)
    for written_id, state, number in db.execute(counted):
        stand[written_id][state] = number
    return stand

"""Telling what is due, sending or losing what was written, reading what somebody got."""

from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import select, update

from app.database import db
from app.jobs.operations import Claim
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import compose
from app.messages.models import MessageState, OutboxMessage
from app.participants.models import Participant
from app.scheduling.models import Announcement, AnnouncementState
from app.scheduling.telling import tell_all_due
from tests.factories import NOW

LATER = timedelta(minutes=31)


def told(now: datetime = NOW) -> None:
    """Everything that was announced by `now` is told."""
    db.commit()
    tell_all_due(Claim(0, "", {}, 1), now + LATER)


def written() -> list[tuple[str, str]]:
    """(to whom, what) of every message about a change."""
    found = select(OutboxMessage.to_name, OutboxMessage.kind).where(OutboxMessage.unique_key.like("change:%"))
    return sorted((name, kind) for name, kind in db.execute(found))


def announced() -> list[tuple[AnnouncementState, int]]:
    """(state, how many) of each announcement."""
    return [(one.state, one.people) for one in db.scalars(select(Announcement).order_by(Announcement.id))]


def messages_to(name: str, *states: MessageState) -> list[OutboxMessage]:
    """What was written to somebody about changes, in order."""
    of_changes = OutboxMessage.unique_key.like("change:%")
    found = select(OutboxMessage).where(OutboxMessage.to_name == name, of_changes).order_by(OutboxMessage.id)
    return [one for one in db.scalars(found) if not states or one.state in states]


def send(message: OutboxMessage, now: datetime) -> EmailMessage | None:
    """Send a message, or let it expire where there is nothing to tell."""
    try:
        mail = compose(message, "Meridian <meridian@example.org>")
    except NoLongerNeeded:
        end(message, MessageState.EXPIRED)
        return None
    end(message, MessageState.SENT, sent_at=now)
    return mail


def end(message: OutboxMessage, state: MessageState, sent_at: datetime | None = None) -> None:
    """What became of a message; one that is being sent has not arrived yet."""
    leased = NOW + timedelta(days=1) if state is MessageState.SENDING else None
    its_row = update(OutboxMessage).where(OutboxMessage.id == message.id)
    db.execute(its_row.values(state=state, sent_at=sent_at, leased_until_at=leased))
    db.refresh(message)


def sent(person: Participant, kind: str, now: datetime = NOW) -> None:
    """The message of this kind to somebody has been sent."""
    (one,) = [one for one in messages_to(person.name, MessageState.QUEUED) if one.kind == kind]
    end(one, MessageState.SENT, now)

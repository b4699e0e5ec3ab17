"""Waiting with a letter that tells the hour of a sitting while a change of it has still to be told.

A change can be taken back before anybody is told of it, and then nobody is: who read the hour that did not
stay would never be told the one that did.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.database import db
from app.messages.delivery import Postponed
from app.scheduling.models import Announcement, AnnouncementState

PATIENCE = timedelta(hours=1)
"""How long after it is due an announcement is waited for."""
A_MOMENT = timedelta(minutes=1)
"""How long the telling itself is given."""


def wait_for_changes(offering_id: int, now: datetime) -> None:
    """Raises Postponed while an announcement of this sitting waits, be it of a move, or that it is cancelled;
    one that is told already changes no more.
    """
    due_at = db.scalar(
        select(Announcement.due_at).where(
            Announcement.offering_id == offering_id, Announcement.state == AnnouncementState.WAITING
        )
    )
    if due_at is not None and due_at > now - PATIENCE:
        raise Postponed(max(due_at, now) + A_MOMENT)

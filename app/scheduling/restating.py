"""Saying another reason for a cancellation that stands."""

from datetime import datetime

from sqlalchemy import select

from app.database import db
from app.learning_sessions.models import Offering
from app.scheduling.models import ChangeKind, OfferingChange


def restate(offering: Offering, reason: str, now: datetime) -> None:
    """Put another reason in the place of the one that was given, also in the record of the cancellation."""
    offering.cancellation_note = reason.strip()
    offering.updated_at = now
    record = db.scalar(
        select(OfferingChange)
        .where(OfferingChange.offering_id == offering.id, OfferingChange.kind == ChangeKind.CANCELLED)
        .order_by(OfferingChange.id.desc())
        .limit(1)
    )
    if record is not None:
        record.note = offering.cancellation_note
    db.flush()

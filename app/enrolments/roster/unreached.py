"""Those of a roster whom no mail reaches: a mail server has refused their address for good."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.accounts.models import User
from app.database import db
from app.enrolments.models import Enrolment, EnrolmentStatus
from app.messages.models import Recipient
from app.participants.models import Participant

MOST = 100
_FOLDED = func.coalesce(User.email_folded, Participant.email_folded)
_THERE = (EnrolmentStatus.REQUESTED, EnrolmentStatus.ACTIVE)


@dataclass(frozen=True)
class Unreached:
    """A person whose address refuses mail, and what the mail server said."""

    name: str
    address: str
    since: datetime
    code: int | None
    reason: str


def unreached_among(participant_ids: Collection[int]) -> frozenset[int]:
    """Those of these people whom no mail reaches; one query."""
    if not participant_ids:
        return frozenset()
    return frozenset(
        db.scalars(
            select(Participant.id)
            .outerjoin(User, User.id == Participant.user_id)
            .join(Recipient, Recipient.address_folded == _FOLDED)
            .where(Participant.id.in_(participant_ids), Recipient.refused_at.is_not(None))
        )
    )


def unreached_in(journey_id: int) -> list[Unreached]:
    """The people of a journey whom no mail reaches, by name; at most MOST, one query."""
    rows = db.execute(
        select(
            Participant.name,
            func.coalesce(User.email, Participant.email).label("address"),
            Recipient.refused_at.label("since"),
            Recipient.refused_code.label("code"),
            Recipient.refused_reason.label("reason"),
        )
        .join(Enrolment, Enrolment.participant_id == Participant.id)
        .outerjoin(User, User.id == Participant.user_id)
        .join(Recipient, Recipient.address_folded == _FOLDED)
        .where(Enrolment.journey_id == journey_id, Enrolment.status.in_(_THERE))
        .where(Recipient.refused_at.is_not(None))
        .order_by(Participant.name_folded, Participant.id)
        .limit(MOST)
    )
    return [Unreached(**row._mapping) for row in rows]

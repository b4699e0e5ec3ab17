"""What is asked about invitations, for the page on which organisers keep them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.database import db
from app.enrolments.rules import Invitation, InvitationKind

PAGE = 100


def invitation(journey_id: int, invitation_id: int) -> Invitation | None:
    """One invitation of a journey."""
    return db.scalar(select(Invitation).filter_by(id=invitation_id, journey_id=journey_id))


def codes_and_domains(journey_id: int) -> Sequence[Invitation]:
    """The codes and domains of a journey, the newest first; one query."""
    return db.scalars(
        select(Invitation)
        .where(Invitation.journey_id == journey_id, Invitation.kind != InvitationKind.ADDRESS)
        .order_by(Invitation.id.desc())
    ).all()


def count_addresses(journey_id: int) -> int:
    """How many people are invited by name."""
    wanted = (Invitation.journey_id == journey_id, Invitation.kind == InvitationKind.ADDRESS)
    return db.scalar(select(func.count()).where(*wanted)) or 0


def addresses(journey_id: int, page: int) -> Sequence[Invitation]:
    """A page, from 1, of the people invited by name, in the order of their addresses; one query."""
    return db.scalars(
        select(Invitation)
        .where(Invitation.journey_id == journey_id, Invitation.kind == InvitationKind.ADDRESS)
        .order_by(Invitation.value_folded)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    ).all()


def standing(invitation: Invitation, now: datetime) -> str:
    """Where it stands: `withdrawn`, `expired`, `used up` or `good`."""
    if invitation.withdrawn_at is not None:
        return "withdrawn"
    if invitation.expires_at is not None and invitation.expires_at <= now:
        return "expired"
    if invitation.most_uses is not None and invitation.uses >= invitation.most_uses:
        return "used up"
    return "good"

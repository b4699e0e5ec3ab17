"""Whom an invitation lets in: a code that is still good, or the domain or address of a confirmed account."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, and_, case, or_, select, update

from app.accounts.models import User
from app.accounts.queries import fold_email
from app.database import db
from app.domain.errors import Refused
from app.domain.invitations import domain_of, fold_code
from app.enrolments.rules import Invitation, InvitationKind

INVITATIONS = cast(Table, Invitation.__table__)


def admits(journey_id: int, user: User | None, code: str, now: datetime) -> Invitation | None:
    """What lets somebody into a journey now: the code they bring, else their confirmed address or its domain.

    Withdrawn, expired and used up ones let nobody in. What is typed as an address without being confirmed
    counts for nothing: anybody may have typed it.
    """
    brought = []
    folded = fold_code(code)
    if folded:
        brought.append(_is(InvitationKind.CODE, folded))
    if user is not None and user.email_confirmed_at is not None:
        brought.append(_is(InvitationKind.ADDRESS, fold_email(user.email)))
        brought.append(_is(InvitationKind.DOMAIN, domain_of(user.email)))
    if not brought:
        return None
    by_kind = {InvitationKind.CODE: 0, InvitationKind.ADDRESS: 1, InvitationKind.DOMAIN: 2}
    return db.scalar(
        select(Invitation)
        .where(Invitation.journey_id == journey_id, or_(*brought), *_still_good(now))
        .order_by(case(by_kind, value=Invitation.kind))
        .limit(1)
        .execution_options(populate_existing=True)
    )


def use(invitation: Invitation) -> None:
    """Count one more person whom it let in, under the journey's lock. Raises Refused when it is used up.

    The limit is checked by the very statement that counts, so no number of people at once gets past it.
    """
    counted = db.execute(
        update(INVITATIONS)
        .where(
            INVITATIONS.c.id == invitation.id,
            INVITATIONS.c.withdrawn_at.is_(None),
            or_(INVITATIONS.c.most_uses.is_(None), INVITATIONS.c.uses < INVITATIONS.c.most_uses),
        )
        .values(uses=INVITATIONS.c.uses + 1)
        .returning(INVITATIONS.c.id)
    ).one_or_none()
    db.refresh(invitation)
    if counted is None:
        raise Refused(
            "This invitation has just been used up or withdrawn. Ask the organisers for another.", "code"
        )


def _is(kind: InvitationKind, value: str):  # type: ignore[no-untyped-def]
    return and_(Invitation.kind == kind, Invitation.value_folded == value)


def _still_good(now: datetime):  # type: ignore[no-untyped-def]
    return (
        Invitation.withdrawn_at.is_(None),
        or_(Invitation.expires_at.is_(None), Invitation.expires_at > now),
        or_(Invitation.most_uses.is_(None), Invitation.uses < Invitation.most_uses),
    )

"""Participants, as others ask for them."""

from functools import cache

from sqlalchemy import Executable, Row, bindparam, literal, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.accounts.queries import fold_email
from app.database import Facts, db
from app.participants.models import Participant


def by_id(participant_id: int) -> Participant | None:
    """The participant of this number."""
    found: Participant | None = db.scalar(_by_id(), {"participant": participant_id})
    return found


@cache
def _by_id() -> Executable:
    return select(Participant).where(Participant.id == bindparam("participant"))


def of_user(user_id: int) -> Participant | None:
    """The participant that an account stands for, with the organisation; None for an account without one."""
    found: Participant | None = db.scalar(_of_user(), {"user": user_id})
    return found


@cache
def _of_user() -> Executable:
    return (
        select(Participant)
        .where(Participant.user_id == bindparam("user"))
        .options(joinedload(Participant.organisation))
    )


def hours_of(user_id: int) -> Row[str, int, int, str] | None:
    """Zone, begin and end of work, and days off of the account's participant."""
    wanted = select(
        Participant.timezone, Participant.works_from, Participant.works_until, Participant.days_off
    ).where(Participant.user_id == user_id)
    return db.execute(wanted).one_or_none()


def as_fact(user_id: int) -> Facts:
    """What an Actor knows: the participant's number."""
    return select(literal("participant"), Participant.id, literal("")).where(Participant.user_id == user_id)


def by_email(email: str) -> Participant | None:
    """The participant whom mail to an address reaches: of an account that confirmed it, else one without.

    An account whose address is not confirmed is nobody's: anybody may have typed it.
    """
    folded = fold_email(email)
    of_account = (
        select(Participant)
        .join(User, User.id == Participant.user_id)
        .where(User.email_folded == folded, User.email_confirmed_at.is_not(None))
    )
    without = select(Participant).where(Participant.user_id.is_(None), Participant.email_folded == folded)
    return db.scalar(of_account) or db.scalar(without.order_by(Participant.id).limit(1))

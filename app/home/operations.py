"""Closing an account: the person goes, the counts stay. Does not commit."""

from datetime import datetime

from sqlalchemy import update

from app.accounts.models import User
from app.accounts.queries import other_administrators
from app.database import Base, db
from app.domain.dates import listed
from app.domain.errors import Refused
from app.enrolments.operations import release_everything
from app.home.queries import solely_owned
from app.messages import operations as messages
from app.participants import operations as participants
from app.participants.models import Participant


def close_account(user: User, participant: Participant | None, now: datetime) -> None:
    """Release every place through the seat routine, keep what counts need, delete the rest.

    Feeds and organisers' assignments go with the account. Raises Refused while a journey or the site would be
    left without anybody to run it.
    """
    _refuse_while_needed(user)
    email = user.email
    if participant is not None:
        release_everything(participant, now)
        participants.anonymise(participant)
        _unlink(participant)
    messages.forget(email)
    db.delete(user)
    db.flush()


def _refuse_while_needed(user: User) -> None:
    owned = [f"“{title}”" for _slug, title in solely_owned(user.id)]
    if owned:
        them = "it" if len(owned) == 1 else "them"
        raise Refused(
            f"You are the only owner of {listed(owned)}. First let somebody else own {them} too, "
            f"or archive {them}."
        )
    if user.is_administrator and not other_administrators(user):
        raise Refused("You are the only administrator. Make somebody else one first (`user promote`).")


def _unlink(participant: Participant) -> None:
    """Published credits keep the name they were published with, but no longer lead to the participant."""
    for table in Base.metadata.sorted_tables:
        if "participant_id" not in table.c or not table.c.participant_id.nullable:
            continue
        db.execute(update(table).where(table.c.participant_id == participant.id).values(participant_id=None))

"""Closing an account: the person goes, the counts stay. Does not commit."""

from datetime import datetime

from app.accounts.models import User
from app.accounts.queries import other_administrators
from app.database import db
from app.domain.dates import listed
from app.domain.errors import Refused
from app.enrolments.invitations import forget_address
from app.enrolments.operations import release_everything
from app.home.queries import facts_of, solely_owned
from app.messages import operations as messages
from app.participants import operations as participants
from app.participants.links import relink
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
        relink(participant.id, None)  # published credits keep the name, and lead to nobody
    if user.email_confirmed_at is not None:
        forget_address(email)
        messages.forget(email)
    else:  # somebody else's address may have been typed: what is sent there stays, but for what is about them
        messages.forget(email, about=facts_of(user.id, participant.id if participant is not None else None))
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

"""What is known about the mail of somebody who asks."""

from sqlalchemy import literal, select

from app.accounts.models import User
from app.database import Facts
from app.messages.models import Recipient


def refusal_facts(user_id: int) -> Facts:
    """Whether the address of an account refuses mail and its owner has not said that they know."""
    return (
        select(literal("mail-comes-back"), User.id, literal(""))
        .join(Recipient, Recipient.address_folded == User.email_folded)
        .where(User.id == user_id, Recipient.refused_at.is_not(None), Recipient.refusal_seen_at.is_(None))
    )

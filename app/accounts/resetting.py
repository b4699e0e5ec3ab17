"""A new password for who has forgotten theirs: by a link written to the account's address.

The link is signed, good for an hour, and bound to the password it replaces: used once, or overtaken by
another change of the password, it is worth nothing.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from app.accounts import letters, operations, queries
from app.accounts.addresses import confirm
from app.accounts.models import User

VALID = timedelta(hours=1)
LONGEST_TOKEN = 200
SALT = "new-password"


class Dead(StrEnum):
    """Why a link leads to no new password."""

    BROKEN = "broken"
    """Not ours, not whole, or of an account that has been closed."""
    OLD = "old"
    USED = "used"
    """The password has changed since it was written: by this link, or in another way."""


@dataclass(frozen=True)
class Link:
    """What a link leads to: an account, or the reason why none."""

    user: User | None
    dead: Dead | None = None


def ask(user: User, now: datetime, following: str = "") -> None:
    """Have the letter with the link written. `following`: where one wants to go then. Does not commit."""
    letters.send(letters.PASSWORD_RESET, user, now, following=following, stamp=mark_of(user))


def set_password(user: User, password_hash: str, now: datetime) -> list[str]:
    """The new password of somebody whom our letter has reached: every sign-in before ends, the address counts
    as confirmed, and its owner is told. What followed from confirming, in sentences. Does not commit.
    """
    operations.change_password(user, password_hash)
    came_of_it = confirm(user, now)
    tell(user, now)
    return came_of_it


def tell(user: User, now: datetime) -> None:
    """Tell the owner that the password has changed; an address nobody confirmed may be somebody else's."""
    if user.email_confirmed_at is not None:
        letters.send(letters.PASSWORD_CHANGED, user, now, at=now.isoformat())


def token_for(user: User, secret_key: str) -> str:
    """What the link in the letter ends with; made when the letter is sent."""
    return URLSafeTimedSerializer(secret_key, salt=SALT).dumps([user.id, mark_of(user)])


def link_of(token: str, secret_key: str, *, hold: bool = False) -> Link:
    """What a link leads to. `hold`: nobody else changes the account until the transaction ends."""
    if len(token) > LONGEST_TOKEN:
        return Link(None, Dead.BROKEN)
    signer = URLSafeTimedSerializer(secret_key, salt=SALT)
    try:
        number, mark = signer.loads(token, max_age=int(VALID.total_seconds()))
    except SignatureExpired:
        return Link(None, Dead.OLD)
    except (BadSignature, TypeError, ValueError):
        return Link(None, Dead.BROKEN)
    user = queries.held(number) if hold else queries.by_id(number)
    if user is None:
        return Link(None, Dead.BROKEN)
    if not hmac.compare_digest(mark_of(user), mark):
        return Link(None, Dead.USED)
    return Link(user)


def mark_of(user: User) -> str:
    """What stands for the account's password as it is: changes with it, and tells nothing about it."""
    return hashlib.sha256(f"{SALT}\n{user.id}\n{user.email_folded}\n{user.stamp}".encode()).hexdigest()[:32]

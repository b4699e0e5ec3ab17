"""Confirmed addresses: somebody who follows a link we wrote to an address shows that its mail reaches them.

The link is signed, good for three days, and bound to the account, its address and its password: when one of
the two changes, a link written before is worth nothing.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select

from app.accounts import queries
from app.accounts.models import User
from app.database import db

VALID = timedelta(days=3)
LONGEST_TOKEN = 200

Letter = Callable[[User, datetime], None]
Follower = Callable[[User, datetime], Sequence[str]]

letters: list[Letter] = []
"""How the letter with the link is sent: later slices, which know the outbox, say so."""
followers: list[Follower] = []
"""What else follows from a confirmed address; each answers with sentences for the person to read."""


def on_asking(letter: Letter) -> None:
    """Let a slice send the letter; saying so again (a second application) changes nothing."""
    if letter not in letters:
        letters.append(letter)


def on_confirming(follower: Follower) -> None:
    """Let a slice act when an address is confirmed; saying so again changes nothing."""
    if follower not in followers:
        followers.append(follower)


def ask(user: User, now: datetime) -> None:
    """Write to the account's address for a confirmation; not when it is confirmed. Does not commit."""
    if user.email_confirmed_at is None:
        for letter in letters:
            letter(user, now)


def confirm(user: User, now: datetime) -> list[str]:
    """Note that the address is its owner's, and do what follows from it; what happened besides, in sentences.

    Twice is once. Does not commit.
    """
    db.execute(select(User.id).where(User.id == user.id).with_for_update(key_share=True))
    db.refresh(user)
    if user.email_confirmed_at is not None:
        return []
    user.email_confirmed_at = now
    db.flush()
    return [sentence for follower in followers for sentence in follower(user, now)]


def token_for(user: User, secret_key: str) -> str:
    """What the link to confirm an account's address ends with; it says nothing but the account's number."""
    return _signer(user, secret_key).dumps(user.id)


def user_of(token: str, secret_key: str) -> User | None:
    """Whose address a link confirms; None when it is too old, not ours, or address or password changed."""
    if len(token) > LONGEST_TOKEN:
        return None
    _, number = URLSafeTimedSerializer(secret_key).loads_unsafe(token)
    found = queries.by_id(number) if type(number) is int and 0 < number < 2**31 else None
    if found is None:
        return None
    try:
        _signer(found, secret_key).loads(token, max_age=int(VALID.total_seconds()))
    except BadSignature:
        return None
    return found


def _signer(user: User, secret_key: str) -> URLSafeTimedSerializer:
    bound_to = hashlib.sha256(f"{user.email_folded}\n{user.stamp}".encode()).hexdigest()
    return URLSafeTimedSerializer(secret_key, salt=f"confirm-address {bound_to}")

"""Confirmed addresses: somebody who follows a link we wrote to an address shows that its mail reaches them.

The link is signed, good for three days, and bound to the account, its address and its password: when one of
the two changes, a link written before is worth nothing. Asked for by signing up, it also knows the browser in
which that was done: there it needs no password, since whoever sits there has just typed it.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.accounts import letters, queries
from app.accounts.models import User
from app.database import db
from app.domain.errors import NotFound

VALID = timedelta(days=3)
LONGEST_TOKEN = 200
BROWSER_DIGITS = 32
"""So much of a browser's mark is in a link: 128 bits."""

Follower = Callable[[User, datetime], Sequence[str]]

followers: list[Follower] = []
"""What else follows from a confirmed address; each answers with sentences for the person to read."""


@dataclass(frozen=True)
class Link:
    """What a good link says: whose address it confirms, and the mark of the browser that signed up."""

    user: User
    browser: str = ""
    """Empty: it was not written because of signing up."""

    def is_of(self, browser_mark: str) -> bool:
        """Whether a browser with this mark is the one that signed up."""
        return bool(self.browser) and self.browser == browser_mark[:BROWSER_DIGITS]


def on_confirming(follower: Follower) -> None:
    """Let a slice act when an address is confirmed; saying so again changes nothing."""
    if follower not in followers:
        followers.append(follower)


def ask(user: User, now: datetime, *, following: str = "", browser: str = "") -> None:
    """Write to the account's address for a confirmation; not when it is confirmed. Does not commit.

    `following`: the path where one wants to go afterwards. `browser`: the mark of the one that has just made
    the account; never of one that found it there, since that has not shown the password.
    """
    if user.email_confirmed_at is None:
        letters.send(letters.CONFIRM_ADDRESS, user, now, following=following, browser=browser)


def ask_again(user: User, now: datetime, *, following: str = "") -> None:
    """The same when somebody signs up with an address whose account waits for confirmation already."""
    if user.email_confirmed_at is None:
        letters.send(letters.CONFIRM_ADDRESS, user, now, following=following, is_again="yes")


def confirm(user: User, now: datetime) -> list[str]:
    """Note that the address is its owner's, and do what follows from it; what happened besides, in sentences.

    Twice is once. Raises NotFound when the account has just been closed. Does not commit.
    """
    if queries.held(user.id) is None:
        raise NotFound("This account has just been closed.")
    if user.email_confirmed_at is not None:
        return []
    user.email_confirmed_at = now
    db.flush()
    return [sentence for follower in followers for sentence in follower(user, now)]


def token_for(user: User, secret_key: str, browser: str = "") -> str:
    """What the link to confirm an account's address ends with; it says nothing but the account's number, and
    part of the mark of the browser.
    """
    says = [user.id, browser[:BROWSER_DIGITS]] if browser else user.id
    return _signer(user, secret_key).dumps(says)


def link_of(token: str, secret_key: str, *, hold: bool = False) -> Link | None:
    """What a link says; None when it is too old, not ours, or address or password changed since.

    `hold`: nobody else changes the account until the transaction ends.
    """
    if len(token) > LONGEST_TOKEN:
        return None
    _, says = URLSafeTimedSerializer(secret_key).loads_unsafe(token)
    number = says[0] if isinstance(says, list) and len(says) == 2 else says
    if type(number) is not int or not 0 < number < 2**31:
        return None
    found = queries.held(number) if hold else queries.by_id(number)
    if found is None:
        return None
    try:
        _signer(found, secret_key).loads(token, max_age=int(VALID.total_seconds()))
    except BadSignature:
        return None
    return Link(found, str(says[1]) if isinstance(says, list) else "")


def _signer(user: User, secret_key: str) -> URLSafeTimedSerializer:
    bound_to = hashlib.sha256(f"{user.email_folded}\n{user.stamp}".encode()).hexdigest()
    return URLSafeTimedSerializer(secret_key, salt=f"confirm-address {bound_to}")

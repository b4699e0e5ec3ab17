"""The letters that accounts ask for. Who writes and sends them says so here: slices that know the outbox."""

from collections.abc import Callable, Mapping
from datetime import datetime

from app.accounts.models import User

CONFIRM_ADDRESS = "confirm-address"
"""Asks to confirm the address. Facts: `following`, `browser`, and `is_again` for an account made before."""
HAS_ACCOUNT = "address-has-account"
"""Tells that somebody tried to sign up with an address that has an account."""
PASSWORD_RESET = "password-reset"  # noqa: S105  # a kind of letter
"""Holds the link to a new password. Facts: `following`, and `stamp`: the account's when it was asked for."""
PASSWORD_CHANGED = "password-changed"  # noqa: S105  # a kind of letter
"""Tells that the password was changed. Facts: `at`, as ISO 8601 in UTC."""

Sender = Callable[[str, User, Mapping[str, str], datetime], None]

senders: list[Sender] = []


def on_sending(sender: Sender) -> None:
    """Let a slice send the letters; saying so again (a second application) changes nothing."""
    if sender not in senders:
        senders.append(sender)


def send(kind: str, user: User, now: datetime, **facts: str) -> None:
    """Have a letter written to the account's address, in the caller's transaction. Does not commit."""
    for sender in senders:
        sender(kind, user, facts, now)

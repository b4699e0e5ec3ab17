"""Doing what a form says once, however often the very same form is sent.

A page puts a token into its form (`once_token()` in templates, as the hidden field `once`); the first sending
uses it up, in the transaction of what it does. A second press, or one that the network repeats later, finds
it used and does nothing more. A form without a token is done each time.
"""

import secrets
from datetime import datetime, timedelta

from flask import request
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from app.database import db
from app.web import visits
from app.web.models import FormToken

FIELD = "once"
KEPT = timedelta(days=3)
LONGEST = 64


def once_token() -> str:
    """A new token for a form, never given before."""
    return secrets.token_urlsafe(16)


def is_repeated(who: int, now: datetime) -> bool:
    """Whether this person has sent this very form before; if not, it counts as sent from now on.

    Two that arrive at the same moment follow one another: the second waits for what becomes of the first.
    """
    token = request.form.get(FIELD, "")
    if not token or len(token) > LONGEST or "\0" in token:
        return False
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(FormToken).values(token=visits.keyed(f"once {who} {token}"), used_at=now)
    unless_there = statement.on_conflict_do_nothing(index_elements=["token"])
    return db.scalar(unless_there.returning(FormToken.token)) is None


def key_of_form(who: int) -> str:
    """What stands for this very form of this person; empty for a form that has no token."""
    token = request.form.get(FIELD, "")
    return visits.keyed(f"once {who} {token}") if 0 < len(token) <= LONGEST else ""


def forget_old(now: datetime) -> None:
    """Remove tokens of forms sent long ago. Does not commit."""
    db.execute(delete(FormToken).where(FormToken.used_at < now - KEPT))

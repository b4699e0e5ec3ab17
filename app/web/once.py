"""Doing what a form says once, however often the very same form is sent.

A page puts a token into its form (`once_token()` in templates, as the hidden field `once`); the first sending
uses it up, in the transaction of what it does. A second press, or one that the network repeats later, finds
it used and does nothing more. A form without a token is done each time.
"""

import secrets
from datetime import datetime, timedelta
from functools import cache
from typing import cast

from flask import request
from sqlalchemy import Executable, Table, delete
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
    used = {"token": visits.keyed(f"once {who} {token}"), "used_at": now}
    return db.execute(_use_up(db.get_bind().dialect.name), used).scalar() is None


@cache
def _use_up(dialect: str) -> Executable:
    """Composed once: it begins every press of a button that counts."""
    table = cast(Table, FormToken.__table__)
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    unless_there = insert(table).on_conflict_do_nothing(index_elements=["token"])
    return unless_there.returning(table.c.token)


def key_of_form(who: int) -> str:
    """What stands for this very form of this person; empty for a form that has no token."""
    token = request.form.get(FIELD, "")
    return visits.keyed(f"once {who} {token}") if 0 < len(token) <= LONGEST else ""


def forget_old(now: datetime) -> None:
    """Remove tokens of forms sent long ago. Does not commit."""
    db.execute(delete(FormToken).where(FormToken.used_at < now - KEPT))

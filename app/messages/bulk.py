"""Many messages of one kind at once. Does not commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from app.database import db
from app.messages.kinds import Rank
from app.messages.operations import OUTBOX, row, unless_there


@dataclass(frozen=True, slots=True)
class Letter:
    """To whom, and what the composer of its kind needs; the rest as `operations.queue` has it."""

    to_address: str
    to_name: str
    payload: Mapping[str, Any]
    order_key: str | None = None
    unique_key: str | None = None
    scope: str | None = None
    due_at: datetime | None = None
    expires_at: datetime | None = None


def queue_all(kind: str, letters: Sequence[Letter], now: datetime, rank: Rank | None = None) -> int:
    """Write a message for each, as `operations.queue` does for one; how many were new.

    `rank`: another than that of their kind. One statement for all of them; at most about a thousand. Either
    all have a unique key or none.
    """
    if not letters:
        return 0
    another = {} if rank is None else {"rank": rank}
    rows = [_row(kind, letter, now) | another for letter in letters]
    if letters[0].unique_key is None:
        db.execute(insert(OUTBOX), rows)
        return len(rows)
    return len(db.execute(unless_there(db.get_bind().dialect.name), rows).all())


def _row(kind: str, letter: Letter, now: datetime) -> dict[str, Any]:
    return row(
        kind, letter.to_address, letter.to_name, letter.payload, now, due_at=letter.due_at,
        expires_at=letter.expires_at, order_key=letter.order_key, unique_key=letter.unique_key,
        scope=letter.scope,
    )  # fmt: skip

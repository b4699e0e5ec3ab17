"""Putting messages into the outbox and noting what became of them. None of these commits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypedDict, Unpack, cast
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Executable,
    Table,
    bindparam,
    delete,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.queries import fold_email
from app.database import db
from app.messages import queries
from app.messages.kinds import rank_of
from app.messages.models import MailRoute, MessageState, OutboxMessage, Recipient

KEPT = timedelta(days=30)
KEPT_DEAD = timedelta(days=90)
"""So long after it died, a message can be looked at and tried again."""
LEASE = timedelta(minutes=6)
"""Longer than the slowest message takes, or it would be sent twice: see `delivery.HAND_OVER_SECONDS`."""
MOST_TRIES = 12
LONGEST_PAUSE = timedelta(hours=6)
LONGEST_ERROR = 2000
OLD = timedelta(hours=24)
TIME_PASSED = "its time had passed"
TOO_OLD = "it had waited for more than 24 hours when mail was first handed to a mail server"
LOST = "the worker was lost each time"

OUTBOX = cast(Table, OutboxMessage.__table__)
_MESSAGE = insert(OUTBOX).returning(OUTBOX.c.id)


@dataclass(frozen=True, slots=True)
class Held:
    """A message in the hands of one worker until its lease ends; `tries` tells it from a later taking."""

    number: int
    tries: int
    to_address: str = ""

    @property
    def is_last_try(self) -> bool:
        """Whether a failure now is final."""
        return self.tries >= MOST_TRIES


class More(TypedDict, total=False):
    """What else can be said of a message; what is left out or None says nothing."""

    due_at: datetime | None
    """Not before then."""
    expires_at: datetime | None
    """Not sent before then, it is not sent at all."""
    order_key: str | None
    """Messages of one key are sent in the order they were written."""
    unique_key: str | None
    """A second of the same key is not written."""
    scope: str | None
    """What it belongs to ("journey:12")."""


def queue(
    kind: str,
    to_address: str,
    to_name: str,
    payload: Mapping[str, Any],
    now: datetime,
    **more: Unpack[More],
) -> int | None:
    """Write a message into the caller's transaction; the worker sends it after the commit. Its number.

    `payload` is what the composer of `kind` needs to write the text when it is sent: numbers of rows, not
    their contents. None when a message of that `unique_key` was written before; then nothing is.
    """
    values = row(kind, to_address, to_name, payload, now, **more)
    if more.get("unique_key") is None:
        number: int = db.execute(_MESSAGE, values).scalar_one()
        return number
    return db.execute(unless_there(db.get_bind().dialect.name), values).scalar()


def row(
    kind: str,
    to_address: str,
    to_name: str,
    payload: Mapping[str, Any],
    now: datetime,
    **more: Unpack[More],
) -> dict[str, Any]:
    """A message as its row is written."""
    due_at = more.get("due_at") or now
    return {
        "kind": kind,
        "payload": dict(payload),
        "to_address": to_address,
        "to_name": to_name,
        "message_id": f"<{uuid4()}@meridian.invalid>",
        "scope": more.get("scope"),
        "order_key": more.get("order_key"),
        "unique_key": more.get("unique_key"),
        "state": MessageState.QUEUED,
        "rank": rank_of(kind),
        "tries": 0,
        "created_at": now,
        "not_before_at": due_at,
        "due_at": due_at,
        "expires_at": more.get("expires_at"),
    }


@cache
def unless_there(dialect: str) -> Executable:
    """Writes a message unless one of its unique key is there."""
    upsert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return upsert(OUTBOX).on_conflict_do_nothing(index_elements=["unique_key"]).returning(OUTBOX.c.id)


def claim(now: datetime, most: int) -> list[Held]:
    """Take up to `most` messages that are due, or whose worker was lost, under a lease.

    Of each order key only the earliest that is not done. What was tried too often, its worker lost each
    time, is dead.
    """
    found = db.execute(queries.due(now, most).with_for_update(skip_locked=True, of=OUTBOX)).all()
    lost = [one.id for one in found if one.tries >= MOST_TRIES]
    if lost:
        dead = {
            "state": MessageState.DEAD,
            "due_at": now,
            "leased_until_at": None,
            "last_error": LOST,
        }
        db.execute(update(OUTBOX).where(OUTBOX.c.id.in_(lost)).values(dead))
    held = [Held(one.id, one.tries + 1, one.to_address) for one in found if one.tries < MOST_TRIES]
    if held:
        taken = {
            "state": MessageState.SENDING,
            "tries": OUTBOX.c.tries + 1,
            "leased_until_at": now + LEASE,
        }
        db.execute(update(OUTBOX).where(OUTBOX.c.id.in_([one.number for one in held])).values(taken))
    return held


def mark_sent(held: Held, now: datetime, subject: str) -> bool:
    """It was accepted. False when the lease was lost meanwhile."""
    return _end(
        held, state=MessageState.SENT, sent_at=now, subject=subject, last_error=None, answer_code=None
    )


def mark_expired(held: Held, reason: str) -> bool:
    """There was nothing to tell any more."""
    return _end(held, state=MessageState.EXPIRED, last_error=_cut(reason), answer_code=None)


def mark_dead(held: Held, error: str, now: datetime, code: int | None = None) -> bool:
    """It will not be tried again unless a person says so; from now on it is due no more."""
    return _end(held, state=MessageState.DEAD, due_at=now, last_error=_cut(error), answer_code=code)


def mark_failed(held: Held, error: str, now: datetime, code: int | None = None) -> bool:
    """This try failed: again after a pause; after the last it is dead."""
    if held.is_last_try:
        return mark_dead(held, error, now, code)
    due_at = now + pause(held.tries, held.number)
    return _end(held, state=MessageState.QUEUED, due_at=due_at, last_error=_cut(error), answer_code=code)


def put_off(held: Held, until: datetime) -> bool:
    """Not at this hour: at `until`. This was no try, and later ones of its order key need not wait for it."""
    return _end(held, state=MessageState.QUEUED, due_at=until, not_before_at=until, tries=held.tries - 1)


def wait_no_longer(order_keys: Collection[str], now: datetime) -> None:
    """What was put off, of these order keys, is looked at now. What has another reason waits again."""
    put_off_ones = update(OUTBOX).where(
        literal_column("state = 'queued'"),
        OUTBOX.c.order_key.in_(order_keys),
        OUTBOX.c.due_at > now,
        OUTBOX.c.tries == 0,
    )
    db.execute(put_off_ones.values(due_at=now, not_before_at=now))


def give_back(held: Collection[Held]) -> None:
    """They were taken and not tried; anybody may take them at once."""
    for one in held:
        _end(one, state=MessageState.QUEUED, tries=one.tries - 1)


def hold_back(held: Held, until: datetime, reason: str, code: int | None = None) -> bool:
    """It could not be tried, for no fault of its own: not before `until`, and others first."""
    return _end(held, state=MessageState.QUEUED, tries=held.tries - 1, due_at=until,
                last_error=_cut(reason), answer_code=code)  # fmt: skip


def pause(tries: int, number: int = 0) -> timedelta:
    """How long to wait after so many failed tries: 10 s, 40 s, 160 s, … at most LONGEST_PAUSE.

    Up to a fifth longer, by the message's number: what failed together is not tried together.
    """
    whole = min(timedelta(seconds=10 * 4 ** min(tries - 1, 10)), LONGEST_PAUSE)
    return whole * (1 + number % 21 / 100)


def begin_route(scheme: str, now: datetime) -> int:
    """Messages leave this way now: if for the first time, those that waited too long expire; how many."""
    upsert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    noted = upsert(MailRoute).values(scheme=scheme, first_used_at=now)
    if _changed(noted.on_conflict_do_nothing(index_elements=["scheme"])) == 0:
        return 0
    old: list[ColumnElement[bool]] = [
        literal_column("state IN ('queued', 'sending')"),
        or_(OUTBOX.c.leased_until_at.is_(None), OUTBOX.c.leased_until_at < now),
        OUTBOX.c.not_before_at < now - OLD,
    ]
    over = {
        "state": MessageState.EXPIRED, "leased_until_at": None, "last_error": TOO_OLD, "answer_code": None,
    }  # fmt: skip
    return _changed(update(OUTBOX).where(*old).values(over))


def revive(numbers: Collection[int] | None, now: datetime) -> int:
    """Give dead messages all their tries again, those of these numbers or (None) all; how many.

    What is not to be sent after some moment, which is past, is not sent now either: it expires.
    """
    dead = [OUTBOX.c.state == MessageState.DEAD]
    if numbers is not None:
        dead.append(OUTBOX.c.id.in_(numbers))
    over = {"state": MessageState.EXPIRED, "last_error": TIME_PASSED, "answer_code": None}
    late = _changed(update(OUTBOX).where(*dead, OUTBOX.c.expires_at <= now).values(over))
    again = {"state": MessageState.QUEUED, "tries": 0, "due_at": now}
    return late + _changed(update(OUTBOX).where(*dead).values(again))


def forget(address: str, about: Collection[tuple[str, int]] | None = None) -> None:
    """Remove what was queued for or sent to an address, however it was spelt, and what it wanted to hear: its
    owner's account is gone.

    `about`: only what has one of these facts in its payload, each a name and a number.
    """
    to_it = OutboxMessage.id.in_(queries.spelt_as(address))
    if about is None:
        db.execute(delete(OutboxMessage).where(to_it))
        db.execute(delete(Recipient).where(Recipient.address_folded == fold_email(address)))
        return
    rows = db.execute(select(OutboxMessage.id, OutboxMessage.payload).where(to_it)).all()
    found = [one.id for one in rows if any(one.payload.get(name) == number for name, number in about)]
    db.execute(delete(OutboxMessage).where(OutboxMessage.id.in_(found)))


def tidy(now: datetime) -> None:
    """Remove messages that were sent, expired or died long ago."""
    over = OutboxMessage.state.in_((MessageState.SENT, MessageState.EXPIRED))
    db.execute(delete(OutboxMessage).where(over, OutboxMessage.created_at < now - KEPT))
    dead = OutboxMessage.state == MessageState.DEAD
    db.execute(delete(OutboxMessage).where(dead, OutboxMessage.due_at < now - KEPT_DEAD))


def _end(held: Held, **values: Any) -> bool:
    mine = {"held_number": held.number, "held_tries": held.tries}
    ended = db.execute(_ending(tuple(values)), {**mine, **values, "leased_until_at": None})
    return cast("CursorResult[Any]", ended).rowcount == 1


@cache
def _ending(names: tuple[str, ...]) -> Executable:
    """Sets these columns of a message that is still in the hands it was in; composed once."""
    mine = (
        OUTBOX.c.id == bindparam("held_number"),
        OUTBOX.c.state == MessageState.SENDING,
        OUTBOX.c.tries == bindparam("held_tries"),
    )
    return update(OUTBOX).where(*mine).values({name: bindparam(name) for name in (*names, "leased_until_at")})


def _changed(statement: Any) -> int:
    return cast("CursorResult[Any]", db.execute(statement)).rowcount


def _cut(error: str) -> str:
    return error[:LONGEST_ERROR].replace("\0", "")

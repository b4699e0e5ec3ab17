"""Delivery: messages that are due are taken in batches, composed, sent over one kept connection, and noted.

What became of each is committed before the next is sent: a worker that is lost sends again only what was
accepted without its knowing.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy.exc import OperationalError

from app.accounts.queries import fold_email
from app.database import Busy, db, writing
from app.jobs.operations import Claim
from app.jobs.worker import Clock, every, is_stopping, sources
from app.messages import operations, queries, recipients
from app.messages.composed import Composed, NoLongerNeeded
from app.messages.kinds import Kind, kinds
from app.messages.mails import mail_of
from app.messages.models import OutboxMessage, Recipient
from app.messages.operations import Held
from app.messages.stopping import stop_link
from app.messages.transports import NotDelivered, Refused, Unreachable, Withheld
from app.messages.way import Way as Way
from app.messages.way import transport_for

BATCH = 20
SHARE_SECONDS = 3.0
"""After so long the rest of a batch goes back: a slow mail server does not keep us from other work."""
HAND_OVER_SECONDS = 90.0
"""So long after it was taken, a message is not handed over any more: its lease is to last until the server
has answered and that is noted, however slow both are."""
NOTE_SECONDS = 60.0
"""How long it is tried to note what became of a message: not noted, it would be sent again."""

log = logging.getLogger(__name__)


class Postponed(Exception):
    """It is not to be sent at this hour; `until` is when it is tried next."""

    def __init__(self, until: datetime) -> None:
        self.until = until


_way = Way()


def configure(mail_url: str, mail_from: str, site_url: str, secret_key: str) -> None:
    """Say where messages go and whom they are from. Raises ValueError for a wrong MAIL_URL."""
    global _way
    transport_for(mail_url, mail_from)
    if _way.transport is not None:
        _way.transport.close()
    _way = Way()
    _way.mail_url, _way.mail_from, _way.site_url, _way.secret_key = mail_url, mail_from, site_url, secret_key


def deliver(clock: Clock) -> int:
    """Send a batch of what is due; how many were looked at. 0: nothing is due, or nothing leaves."""
    if _way.rests(clock()):
        return 0
    if not queries.something_is_due(clock()):
        db.rollback()
        if _way.transport is not None:
            _way.transport.rest()
        return 0
    _way.settle(clock())
    with writing():
        began = time.monotonic()
        taken = operations.claim(clock(), BATCH)
    return _deliver_all(taken, clock, began)


def _deliver_all(taken: list[Held], clock: Clock, began: float) -> int:
    """One after the other while it is this worker's turn; what is left goes back. How many were tried."""
    for tried, held in enumerate(taken):
        is_over = tried and (is_stopping() or time.monotonic() - began > SHARE_SECONDS)
        if is_over or _way.rests(clock()):
            _note(lambda: operations.give_back(taken[tried:]))  # noqa: B023  # called at once
            return tried
        _deliver_one(held, clock, began + HAND_OVER_SECONDS)
    return len(taken)


sources.append(deliver)


@every(timedelta(days=1), "messages.tidy")
def tidy(_claim: Claim, now: datetime) -> None:
    with writing():
        operations.tidy(now)


def compose(message: OutboxMessage, mail_from: str, now: datetime | None = None) -> EmailMessage:
    """The message as mail; the same bytes however often it is tried.

    Raises NoLongerNeeded where there is nothing to tell, and Postponed in its reader's quiet hours: where
    `now` is given, these are looked at.
    """
    wishes = queries.recipient(fold_email(message.to_address))
    return _composed(message, kinds[message.kind], wishes, mail_from, now)


def _composed(
    message: OutboxMessage, kind: Kind, wishes: Recipient | None, mail_from: str, now: datetime | None
) -> EmailMessage:
    if kind.choice is not None and kind.choice in recipients.muted_of(wishes):
        raise NoLongerNeeded("its reader has switched this kind off")
    words: Composed = kind.composer(message.payload)
    is_urgent = kind.is_urgent if words.is_urgent is None else words.is_urgent
    if now is not None and not is_urgent:
        until = recipients.end_of_quiet(wishes, words.timezone, now)
        if until is not None:
            raise Postponed(until)
    stop = ""
    if kind.choice is not None:
        stop = stop_link(message.to_address, kind.choice, _way.site_url, _way.secret_key)
    return mail_of(message, words, mail_from, stop)


def _deliver_one(held: Held, clock: Clock, latest: float) -> None:
    found = queries.held(held.number, held.tries, fold_email(held.to_address))
    if found is None:  # its owner's account is gone, or the lease is
        db.rollback()
        return
    message, wishes = found
    try:
        mail = _mail_to_send(message, wishes, clock())
    except NoLongerNeeded as over:
        reason = str(over)
        _note(lambda: operations.mark_expired(held, reason))
    except Postponed as later:
        until = later.until
        _note(lambda: operations.put_off(held, until))
    except Refused as refused:
        _note_refused(held, refused, clock)
    except Exception as error:
        log.warning("Message %s (%s) could not be composed.", held.number, message.kind, exc_info=True)
        told = f"{type(error).__name__}: {error}"
        _note(lambda: operations.mark_failed(held, told, clock()))
    else:
        has_refused = wishes is not None and wishes.refused_at is not None
        _send(held, mail, message.to_address, has_refused, clock, latest)


def _mail_to_send(message: OutboxMessage, wishes: Recipient | None, now: datetime) -> EmailMessage:
    if message.expires_at is not None and message.expires_at <= now:
        raise NoLongerNeeded(operations.TIME_PASSED)
    kind = kinds.get(message.kind)
    if kind is None:
        raise Refused(f"no composer is registered for {message.kind}")
    if wishes is not None and wishes.refused_at is not None and not kind.is_asked:
        since = f"{wishes.refused_at:%Y-%m-%d}"
        raise Refused(f"not tried: the address has refused mail since {since} ({wishes.refused_reason})")
    return _composed(message, kind, wishes, _way.mail_from, now)


def _send(
    held: Held, mail: EmailMessage, to_address: str, has_refused: bool, clock: Clock, latest: float
) -> None:
    """Hand it over and note what the server said; nothing is held open while it travels."""
    db.rollback()
    transport = _way.open()
    try:
        transport.send(mail, to_address, latest)
    except Refused as refused:
        _way.works()
        if refused.is_of_address:
            answer, code = str(refused), refused.code
            _note(lambda: recipients.mark_refused(to_address, code, answer, clock()))
        _note_refused(held, refused, clock)
    except Withheld as withheld:
        reason = str(withheld)
        _note(lambda: operations.mark_expired(held, reason))
    except Unreachable as trouble:
        _note_unreachable(held, trouble, clock())
    except NotDelivered as failed:
        _way.works()
        answer, code = str(failed), failed.code
        _note(lambda: operations.mark_failed(held, answer, clock(), code))
    except Exception as error:
        transport.close()
        told = f"{type(error).__name__}: {error}"
        log.warning("Message %s could not be sent.", held.number, exc_info=True)
        _note(lambda: operations.mark_failed(held, told, clock()))
    else:
        _way.accepted(clock())
        subject = str(mail["Subject"])
        _note(lambda: _mark_sent(held, subject, to_address if has_refused else "", clock()))


def _mark_sent(held: Held, subject: str, to_trust: str, now: datetime) -> None:
    operations.mark_sent(held, now, subject)
    if to_trust:
        recipients.trust_again(to_trust, now)


def _note_refused(held: Held, refused: Refused, clock: Clock) -> None:
    answer, code = str(refused), refused.code
    _note(lambda: operations.mark_dead(held, answer, clock(), code))


def _note_unreachable(held: Held, trouble: Unreachable, now: datetime) -> None:
    """The message suffers only where the server accepts those of others and not this reader's.

    Then it is a try as any other: after the last the message is dead, and its address is not marked.
    """
    answer, code = str(trouble), trouble.code
    if trouble.may_be_of_reader and _way.accepts(now):
        _note(lambda: operations.mark_failed(held, answer, now, code))
        return
    until = _way.failed(answer, now, trouble.may_be_of_reader)
    _note(lambda: operations.hold_back(held, until, answer, code))


def _note(change: Callable[[], object]) -> None:
    """Commit what became of a message, however busy the database is: it would be sent again."""
    db.rollback()
    deadline = time.monotonic() + NOTE_SECONDS
    while True:
        try:
            with writing():
                change()
            return
        except (Busy, OperationalError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)

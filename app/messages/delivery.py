"""Delivery: messages that are due are taken in batches, composed, sent over one kept connection, and noted.

What became of each is committed before the next is sent: a worker that is lost sends again only what was
accepted without its knowing.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

from app.accounts.queries import fold_email
from app.database import db, writing
from app.jobs.operations import Claim
from app.jobs.worker import Clock, every, sources
from app.messages import operations, queries, recipients
from app.messages.composed import Composed, NoLongerNeeded
from app.messages.kinds import Kind, kinds
from app.messages.mails import mail_of
from app.messages.models import OutboxMessage
from app.messages.operations import LEASE, Held
from app.messages.stopping import stop_link
from app.messages.transports import NotDelivered, Refused, Transport, Withheld, transport_for

BATCH = 20

log = logging.getLogger(__name__)


class Postponed(Exception):
    """It is not to be sent at this hour; `until` is when it is tried next."""

    def __init__(self, until: datetime) -> None:
        self.until = until


class Way:
    """The way messages go in this process; opened when the first is sent."""

    mail_url = ""
    mail_from = ""
    site_url = ""
    secret_key = ""
    transport: Transport | None = None

    def open(self) -> Transport:
        if self.transport is None:
            self.transport = transport_for(self.mail_url)
        return self.transport


_way = Way()


def configure(mail_url: str, mail_from: str, site_url: str, secret_key: str) -> None:
    """Say where messages go and whom they are from."""
    transport_for(mail_url)
    if _way.transport is not None:
        _way.transport.close()
    _way.mail_url, _way.mail_from, _way.transport = mail_url, mail_from, None
    _way.site_url, _way.secret_key = site_url, secret_key


def deliver(clock: Clock) -> int:
    """Send a batch of what is due; how many were looked at. 0: nothing is due."""
    if not queries.something_is_due(clock()):
        db.rollback()
        return 0
    with writing():
        taken = operations.claim(clock(), BATCH)
    until = clock() + LEASE / 2
    for number, held in enumerate(taken):
        if clock() > until:  # a slow server; what is left goes back before its lease ends
            with writing():
                for rest in taken[number:]:
                    operations.put_off(rest, clock())
            break
        _deliver_one(held, clock)
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
    words, stop = _words_for(message, now)
    return mail_of(message, words, mail_from, stop)


def _words_for(message: OutboxMessage, now: datetime | None) -> tuple[Composed, str]:
    kind = kinds[message.kind]
    wishes = queries.recipient(fold_email(message.to_address))
    if kind.choice is not None and kind.choice in recipients.muted_of(wishes):
        raise NoLongerNeeded("its reader has switched this kind off")
    words = kind.composer(message.payload)
    if now is not None and not kind.is_urgent:
        until = recipients.end_of_quiet(wishes, words.timezone, now)
        if until is not None:
            raise Postponed(until)
    stop = ""
    if kind.choice is not None:
        stop = stop_link(message.to_address, kind.choice, _way.site_url, _way.secret_key)
    return words, stop


def _deliver_one(held: Held, clock: Clock) -> None:
    message = queries.by_id(held.number)
    if message is None:
        db.rollback()
        return
    try:
        mail = _mail_to_send(message, clock())
    except NoLongerNeeded as over:
        reason = str(over)
        _note(lambda: operations.mark_expired(held, reason))
    except Postponed as later:
        until = later.until
        _note(lambda: operations.put_off(held, until))
    except Refused as refused:
        _note_refused(held, refused)
    except Exception as error:
        log.warning("Message %s (%s) could not be composed.", held.number, message.kind, exc_info=True)
        told = f"{type(error).__name__}: {error}"
        _note(lambda: operations.mark_failed(held, told, clock()))
    else:
        _send(held, mail, message.to_address, clock)


def _mail_to_send(message: OutboxMessage, now: datetime) -> EmailMessage:
    if message.expires_at is not None and message.expires_at <= now:
        raise NoLongerNeeded("its time had passed")
    kind = kinds.get(message.kind)
    if kind is None:
        raise Refused(f"no composer is registered for {message.kind}")
    _check_address(message, kind)
    return compose(message, _way.mail_from, now)


def _check_address(message: OutboxMessage, kind: Kind) -> None:
    known = queries.recipient(fold_email(message.to_address))
    if known is not None and known.refused_at is not None and not kind.is_asked:
        since = f"{known.refused_at:%Y-%m-%d}"
        raise Refused(f"not tried: the address has refused mail since {since} ({known.refused_reason})")


def _send(held: Held, mail: EmailMessage, to_address: str, clock: Clock) -> None:
    db.rollback()  # nothing is held open while the message travels
    transport = _way.open()
    try:
        transport.send(mail, to_address)
    except Refused as refused:
        if refused.is_of_address:
            answer, code = str(refused), refused.code
            _note(lambda: recipients.mark_refused(to_address, code, answer, clock()))
        _note_refused(held, refused)
    except Withheld as withheld:
        reason = str(withheld)
        _note(lambda: operations.mark_expired(held, reason))
    except NotDelivered as failed:
        answer, code = str(failed), failed.code
        _note(lambda: operations.mark_failed(held, answer, clock(), code))
    except Exception as error:
        transport.close()
        told = f"{type(error).__name__}: {error}"
        log.warning("Message %s could not be sent.", held.number, exc_info=True)
        _note(lambda: operations.mark_failed(held, told, clock()))
    else:
        subject = str(mail["Subject"])
        _note(lambda: operations.mark_sent(held, clock(), subject))


def _note_refused(held: Held, refused: Refused) -> None:
    answer, code = str(refused), refused.code
    _note(lambda: operations.mark_dead(held, answer, code))


def _note(change: Callable[[], object]) -> None:
    db.rollback()
    with writing():
        change()

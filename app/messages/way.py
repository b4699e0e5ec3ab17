"""The way messages go in this process, and what is known of it: whether it is new, whether it works."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from app.database import db, writing
from app.domain.mail_server import mail_server
from app.messages import operations, queries
from app.messages.smtp import Smtp
from app.messages.transports import Console, Folder, Transport

SHORTEST_REST, LONGEST_REST = timedelta(seconds=5), timedelta(minutes=5)
OTHERS_FIRST = timedelta(seconds=5)
"""So long after a rest, what led to it waits: others have their turn, whatever their rank."""
EVIDENCE = timedelta(hours=6)
"""So long after it has accepted a message, a server is believed to let us in.

Shorter than all the tries of a message take, so that none dies because nothing is let through any more.
"""

log = logging.getLogger(__name__)


def transport_for(mail_url: str, mail_from: str = "") -> Transport:
    """The way a MAIL_URL names. Raises ValueError, with a sentence, for one that is not offered."""
    scheme, _, rest = mail_url.partition(":")
    if scheme == "folder" and rest:
        return Folder(Path(rest))
    if mail_url == "console:":
        return Console()
    if scheme in {"smtp", "smtps"}:
        return Smtp(mail_server(mail_url), mail_from)
    raise ValueError("MAIL_URL must be folder:<path>, console:, smtp://… or smtps://….")


class Way:
    """The way messages go in this process; opened when the first is sent."""

    mail_url = ""
    mail_from = ""
    site_url = ""
    secret_key = ""
    transport: Transport | None = None
    _is_known = False
    _rests_until: datetime | None = None
    _rest = SHORTEST_REST
    _accepted_at: datetime | None = None

    def open(self) -> Transport:
        """What messages are handed to."""
        if self.transport is None:
            self.transport = transport_for(self.mail_url, self.mail_from)
        return self.transport

    def settle(self, now: datetime) -> None:
        """Before anything is sent: when a mail server is used for the first time, let what is old expire."""
        if self._is_known:
            return
        if self.open().is_real and not queries.is_route_known("smtp"):
            with writing():
                expired = operations.begin_route("smtp", now)
            if expired:
                log.warning("Mail goes to a mail server from now on; %s old messages are not sent.", expired)
        db.rollback()
        self._is_known = True

    def rests(self, now: datetime) -> bool:
        """Whether nothing is tried at present, because the last try showed that nothing leaves."""
        return self._rests_until is not None and now < self._rests_until

    def failed(self, reason: str, now: datetime, may_be_of_reader: bool = False) -> datetime:
        """Nothing leaves: rest, each time for longer, and say so once. When this message is tried again.

        Where it may be that only its reader is not let through (`Unreachable.may_be_of_reader`), the rest is
        short, however often that happens, and the message waits for long: others are tried meanwhile, and the
        first that is accepted tells.
        """
        if self._rests_until is None:
            log.error("No mail leaves: %s. It is tried again and again; nothing is lost.", reason)
            self._rest = SHORTEST_REST
        if may_be_of_reader:
            self._rests_until = now + SHORTEST_REST
            return now + LONGEST_REST
        self._rests_until = now + self._rest
        self._rest = min(2 * self._rest, LONGEST_REST)
        return self._rests_until + OTHERS_FIRST

    def accepts(self, now: datetime) -> bool:
        """Whether the server has accepted a message lately: what it refuses now is not for our sake."""
        return self._accepted_at is not None and now - self._accepted_at < EVIDENCE

    def accepted(self, now: datetime) -> None:
        """The server has accepted a message."""
        self._accepted_at = now
        self.works()

    def works(self) -> None:
        """The server has answered for a message."""
        if self._rests_until is not None:
            log.warning("Mail leaves again.")
            self._rests_until = None

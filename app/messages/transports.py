"""The ways a message can go, as MAIL_URL names them, and the two ways in which one can fail.

`folder:` writes one .eml file per message, `console:` prints it; neither lets anything leave the machine, so
any address may be written to. A way that hands messages to a mail server must never hand it an address of a
reserved domain (example.*, .test, .example, .invalid, .localhost): demonstration people live there.
"""

import os
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol


class NotDelivered(Exception):
    """A mail server did not take the message. `code` is its answer (RFC 5321, 4.2), where it gave one."""

    def __init__(self, answer: str, code: int | None = None) -> None:
        super().__init__(answer)
        self.code = code


class Refused(NotDelivered):
    """It never will: a permanent answer (5xx). `is_of_address`: because of the recipient's address."""

    def __init__(self, answer: str, code: int | None = None, is_of_address: bool = False) -> None:
        super().__init__(answer, code)
        self.is_of_address = is_of_address


class Unreachable(NotDelivered):
    """No message leaves at present: no answer, no login, our sender refused. None is to suffer for it.

    `may_be_of_reader`: or only none to some readers, whose mail the server does not pass on.
    """

    def __init__(self, answer: str, code: int | None = None, may_be_of_reader: bool = False) -> None:
        super().__init__(answer, code)
        self.may_be_of_reader = may_be_of_reader


class Withheld(Exception):
    """We do not hand it over: its address is reserved for examples (RFC 2606, RFC 6761)."""


class Transport(Protocol):
    """A way for messages; kept open between them, used by one thread."""

    @property
    def is_real(self) -> bool:
        """Whether messages leave this machine."""

    def send(self, mail: EmailMessage, to_address: str, until: float | None = None) -> None:
        """Deliver to one address. Raises Refused, NotDelivered (try again), Unreachable, Withheld.

        `until`, of `time.monotonic`: later than then it is not handed over, where that can take long.
        """

    def rest(self) -> None:
        """Nothing is to be sent at the moment: what is kept open may be let go of."""

    def close(self) -> None:
        """Let go of what is kept open; sending afterwards opens it anew."""


class Folder:
    """Writes .eml files named after the Message-ID; whole or not at all, and the same file when repeated."""

    is_real = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mail: EmailMessage, to_address: str, until: float | None = None) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        partial = self.folder / f".{name}.{os.getpid()}.part"
        partial.write_bytes(mail.as_bytes())
        partial.replace(self.folder / f"{name}.eml")

    def rest(self) -> None:
        """Nothing is kept open."""

    def close(self) -> None:
        """Nothing is kept open."""


class Console:
    """Prints messages, for development."""

    is_real = False

    def send(self, mail: EmailMessage, to_address: str, until: float | None = None) -> None:
        sys.stdout.write(mail.as_string(policy=mail.policy.clone(linesep="\n", cte_type="8bit")) + "\n")
        sys.stdout.flush()

    def rest(self) -> None:
        """Nothing is kept open."""

    def close(self) -> None:
        """Nothing is kept open."""

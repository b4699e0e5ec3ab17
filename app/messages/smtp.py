"""Handing messages to a mail server (RFC 5321) over one connection that is kept.

Three kinds of failure are told apart. What the server says of one message or its reader is that message's:
`Refused` for good (5xx), `NotDelivered` for now (4xx, a dropped connection, no answer in time). What keeps
every message from leaving (nobody answers, the certificate, the login, our own sender) is `Unreachable`, and
no message is to suffer for it.
"""

import base64
import io
import re
import smtplib
import socket
import ssl
import time
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cache

from app.domain.mail_server import Encryption, MailServer, is_reserved
from app.messages.answers import (
    LONGEST_ANSWER,
    is_about_the_message,
    is_not_for_us,
    is_of_address,
    text_of,
)
from app.messages.transports import NotDelivered, Refused, Unreachable, Withheld
from app.messages.waiting import Drops, hand_all

CONNECT_SECONDS = 15.0
COMMAND_SECONDS = 30.0
CONTENT_SECONDS = 30.0
"""For handing over what a message says, however slowly the server reads."""
END_OF_DATA_SECONDS = 90.0
"""Longer than for other answers: a server that accepts when nobody waits any more gets a second copy."""
ASK_AFTER_SECONDS = 20.0
"""A connection that has rested for so long is asked whether it still lives."""
REST_SECONDS = 60.0
"""A connection that nobody needed for so long is closed."""
MOST_PER_CONNECTION = 200


class Smtp:
    """One mail server; used by one thread."""

    is_real = True

    def __init__(self, server: MailServer, mail_from: str, context: ssl.SSLContext | None = None) -> None:
        self.server = server
        name, _, domain = parseaddr(mail_from)[1].rpartition("@")
        self.sender = f"{name}@{domain.encode('idna').decode()}" if name else ""
        """The envelope's sender, to whom other servers send what they could not deliver."""
        self._context = context
        self._line: smtplib.SMTP | None = None
        self._sent = 0
        self._used_at = 0.0

    def send(self, mail: EmailMessage, to_address: str, until: float | None = None) -> None:
        """Hand over to one reader. Raises Refused, NotDelivered, Unreachable, Withheld.

        `until`, of `time.monotonic`: later than then, what the mail says is not handed over any more. If it
        is, its answer is here CONTENT_SECONDS and END_OF_DATA_SECONDS after that.
        """
        if is_reserved(to_address):
            raise Withheld("not sent: its address is reserved for examples, behind which nobody lives")
        reader, options = _envelope(to_address)
        content = _content(mail, bool(options))
        is_fresh = self._make_ready()
        try:
            self._begin(reader, options, len(content))
        except OSError as gone:
            self.close()
            if is_fresh:
                raise NotDelivered(self._told(gone), getattr(gone, "smtp_code", None)) from gone
            self._make_ready()  # the server had closed a connection that rested: nothing was begun yet
            self._begin_anew(reader, options, len(content))
        self._hand_over(content, until)

    def open(self) -> str:
        """Connect and log in, where that is not done; what the server calls itself. Raises Unreachable."""
        self._make_ready()
        assert self._line is not None  # noqa: S101  # _make_ready opens it
        return (self._line.ehlo_resp or b"").decode("utf-8", "replace").splitlines()[0]

    def rest(self) -> None:
        """Nothing is to be sent at the moment: close what nobody has needed for a while."""
        if self._line is not None and time.monotonic() - self._used_at > REST_SECONDS:
            self.close()

    def close(self) -> None:
        """End the connection, politely where it still lives; the next message opens another."""
        line, self._line = self._line, None
        if line is None:
            return
        try:
            if line.sock is not None:
                line.sock.settimeout(1.0)
                line.quit()
        except (smtplib.SMTPException, OSError, ValueError):
            pass
        finally:
            line.close()

    def _make_ready(self) -> bool:
        """An open connection; whether it is a new one."""
        if self._line is not None and (self._sent >= MOST_PER_CONNECTION or not self._lives()):
            self.close()
        if self._line is not None:
            return False
        try:
            self._line = self._connected()
        except (
            smtplib.SMTPException,
            OSError,
            ValueError,
        ) as failed:  # ValueError: what a host cannot be called
            raise Unreachable(self._told(failed), getattr(failed, "smtp_code", None)) from None
        self._sent, self._used_at = 0, time.monotonic()
        return True

    def _connected(self) -> smtplib.SMTP:
        server, name = self.server, _own_name()
        if server.encryption is Encryption.TLS:
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=CONNECT_SECONDS, context=self._checking()
            )
        else:
            line = smtplib.SMTP(server.host, server.port, name, timeout=CONNECT_SECONDS)
        try:
            line.ehlo_or_helo_if_needed()
            if server.encryption is Encryption.STARTTLS:
                line.starttls(context=self._checking())
                line.ehlo_or_helo_if_needed()
            if server.password:
                line.login(server.username, server.password)
            line.sock.settimeout(COMMAND_SECONDS)  # type: ignore[union-attr]  # connected
            line.command_encoding = "utf-8"  # for addresses that SMTPUTF8 was agreed on
        except BaseException:
            line.close()
            raise
        return line

    def _checking(self) -> ssl.SSLContext:
        """Checks the server's certificate and name against the authorities of this machine."""
        if self._context is None:
            self._context = ssl.create_default_context()
        return self._context

    def _lives(self) -> bool:
        if time.monotonic() - self._used_at < ASK_AFTER_SECONDS:
            return True
        try:
            return self._say("NOOP")[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _begin_anew(self, reader: str, options: list[str], size: int) -> None:
        try:
            self._begin(reader, options, size)
        except OSError as gone:
            self.close()
            raise NotDelivered(self._told(gone), getattr(gone, "smtp_code", None)) from gone

    def _begin(self, reader: str, options: list[str], size: int) -> None:
        """Name sender and reader. Raises OSError when the connection is gone, else as `send`."""
        line = self._line
        assert line is not None  # noqa: S101  # made ready before
        extras = "".join(f" {one}" for one in options)
        if options and not line.has_extn("smtputf8"):
            raise Refused("the mail server takes no addresses with letters beyond ASCII (it has no SMTPUTF8)")
        if line.has_extn("size"):
            extras = f" SIZE={size}{extras}"
        code, answer = self._say(f"MAIL FROM:<{self.sender}>{extras}")
        if is_about_the_message(code, answer):
            raise self._left(Refused(answer, code))
        if code // 100 == 5:
            raise self._no_to_sender(code, answer, options)
        if code // 100 != 2:
            raise self._for_now(code, answer)
        code, answer = self._say(f"RCPT TO:<{reader}>")
        if code == 530:  # it wants a login or encryption first
            raise self._left(Unreachable(f"{code} {answer}", code))
        if is_not_for_us(code, answer):
            told = f"it passes on no mail of ours to a reader: {code} {answer}"
            raise self._left(Unreachable(told, code, may_be_of_reader=True))
        if code // 100 == 5:
            raise self._left(Refused(answer, code, is_of_address(code, answer)))
        if code // 100 != 2:
            raise self._for_now(code, answer)

    def _no_to_sender(self, code: int, answer: str, options: list[str]) -> Exception:
        """Whose fault it is that MAIL was refused: asked once more without what only this reader needs."""
        if options:
            again, words = self._say(f"MAIL FROM:<{self.sender}>")
            if again // 100 == 2:
                return self._left(Refused(answer, code))
            if again // 100 == 4:
                return self._for_now(again, words)
        return self._left(Unreachable(f"it refuses our sender {self.sender}: {code} {answer}", code))

    def _for_now(self, code: int, answer: str) -> Exception:
        """421: the server closes the connection (RFC 5321, 3.8), whatever it was asked."""
        if code == 421:
            return smtplib.SMTPResponseException(code, answer)
        return self._left(NotDelivered(answer, code))

    def _hand_over(self, content: bytes, until: float | None) -> None:
        line = self._line
        assert line is not None  # noqa: S101  # begun before
        try:
            code, answer = self._say("DATA")
            if code == 354:
                if until is not None and time.monotonic() > until:
                    raise TimeoutError
                hand_all(line.sock, content, CONTENT_SECONDS)  # type: ignore[arg-type]  # connected
                code, answer = self._last_answer(line)
        except (smtplib.SMTPException, OSError) as gone:
            self.close()
            raise NotDelivered(self._told(gone)) from gone
        if code // 100 == 5:
            raise self._left(Refused(answer, code))
        if code // 100 != 2:
            raise self._left(NotDelivered(answer, code))
        self._sent, self._used_at = self._sent + 1, time.monotonic()

    def _last_answer(self, line: smtplib.SMTP) -> tuple[int, str]:
        """What the server says to a whole message, if it has said all of it in time."""
        drops = Drops(line.sock, time.monotonic() + END_OF_DATA_SECONDS)  # type: ignore[arg-type]
        with io.BufferedReader(drops) as line.file:
            try:
                return text_of(line.getreply())
            finally:
                line.file = None  # the next answer is read as before
                if line.sock is not None:
                    line.sock.settimeout(COMMAND_SECONDS)

    def _say(self, command: str) -> tuple[int, str]:
        """One command and its answer. Raises OSError when there is none."""
        line = self._line
        assert line is not None  # noqa: S101  # made ready before
        line.putcmd(command)
        return text_of(line.getreply())

    def _left(self, refused: NotDelivered) -> NotDelivered:
        """After a refusal: forget the message begun, so that the next finds the connection clean."""
        if refused.code == 421:
            self.close()
        elif self._line is not None:
            try:
                if self._say("RSET")[0] != 250:
                    self.close()
            except (smtplib.SMTPException, OSError):
                self.close()
        self._used_at = time.monotonic()
        return refused

    def _told(self, failed: Exception) -> str:
        """What went wrong, without the login."""
        code, answer = getattr(failed, "smtp_code", None), getattr(failed, "smtp_error", None)
        if code is not None and answer is not None:
            said = f"{code} {text_of((code, answer))[1]}"
        elif isinstance(failed, TimeoutError) or isinstance(failed.__context__, TimeoutError):
            said = "no answer in time"
        else:
            said = str(failed) or type(failed).__name__
        secret = self.server.password
        if secret:
            for spelling in (secret, base64.b64encode(secret.encode()).decode()):
                said = said.replace(spelling, "…")
        return f"the mail server {self.server} does not take mail: {said}"[:LONGEST_ANSWER]


def _envelope(to_address: str) -> tuple[str, list[str]]:
    """The reader as the envelope has it, and what must be asked of the server for it (RFC 6531)."""
    name, _, domain = to_address.rpartition("@")
    if any(mark <= " " or mark in "<>\x7f" for mark in to_address) or not name:
        raise Refused("it is no address that a mail server could be told", None, is_of_address=True)
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        raise Refused("no such domain can exist", None, is_of_address=True) from None
    return f"{name}@{domain}", [] if name.isascii() else ["SMTPUTF8"]


def _content(mail: EmailMessage, is_utf8: bool) -> bytes:
    """The message as it travels: CRLF at every line's end and nowhere else, dots doubled, the end marked."""
    policy = mail.policy.clone(utf8=True) if is_utf8 else mail.policy  # type: ignore[call-arg]  # an EmailPolicy
    written = mail.as_bytes(policy=policy)
    lines = re.split(rb"\r\n|\r|\n", written.rstrip(b"\r\n"))
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"


@cache
def _own_name() -> str:
    """What this machine calls itself to a mail server; asked for once, since a name server may be slow."""
    name = socket.getfqdn()
    return name if "." in name and name.isascii() else "[127.0.0.1]"

"""What MAIL_URL says of a mail server, and which addresses are never handed to one."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlsplit

SUBMISSION, SUBMISSION_OVER_TLS = 587, 465
"""The ports of RFC 6409 and RFC 8314."""
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
RESERVED = frozenset({"test", "example", "invalid", "localhost"})
SHAPE = "smtp://user:password@mail.example.org:587 or smtps://user:password@mail.example.org:465"


class Encryption(StrEnum):
    """How what is said to the server is kept from others on the way."""

    TLS = "tls"
    """From the first byte (RFC 8314)."""
    STARTTLS = "starttls"
    """From the server's greeting on (RFC 3207); without it nothing is sent."""
    NONE = "none"


@dataclass(frozen=True)
class MailServer:
    """A mail server that takes messages from us, and the login it wants, where it wants one."""

    host: str
    port: int
    encryption: Encryption
    username: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host} port {self.port}"


def mail_server(url: str) -> MailServer:
    """The server a MAIL_URL names: `smtp://` with STARTTLS, `smtps://` with TLS from the beginning.

    `?tls=none` leaves encryption out, as is the default on this machine where nobody logs in; a password is
    never sent without it. Raises ValueError with a sentence that does not repeat the address.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(f"MAIL_URL must be an address such as {SHAPE}.") from None
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    is_whole = parts.scheme in {"smtp", "smtps"} and host and parts.path in {"", "/"} and not parts.fragment
    if not is_whole or port == 0 or set(options) - {"tls"} or any(mark <= " " for mark in url):
        raise ValueError(f"MAIL_URL must be an address such as {SHAPE}.")
    username, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(username) != bool(password):
        raise ValueError(
            "MAIL_URL must name both user and password, or neither; “:”, “@”, “/” as %3A, %40, %2F."
        )
    encryption = _encryption(parts.scheme, host, options.get("tls"), bool(username))
    if encryption is Encryption.NONE and password:
        raise ValueError("MAIL_URL must not say tls=none: a password is never sent without encryption.")
    usual = SUBMISSION_OVER_TLS if encryption is Encryption.TLS else SUBMISSION
    return MailServer(host, port or usual, encryption, username, password)


def is_reserved(address: str) -> bool:
    """Whether an address belongs to nobody by rule (RFC 2606, RFC 6761); people of examples live there."""
    labels = address.rpartition("@")[2].casefold().strip(".[] ").split(".")
    if labels[-1] in RESERVED:
        return True
    return len(labels) > 1 and labels[-2] == "example"


def _encryption(scheme: str, host: str, wanted: str | None, has_login: bool) -> Encryption:
    if scheme == "smtps":
        if wanted not in {None, "tls"}:
            raise ValueError("MAIL_URL must not say tls= beside smtps://, which is TLS from the beginning.")
        return Encryption.TLS
    if wanted is None:
        return Encryption.NONE if host in HERE and not has_login else Encryption.STARTTLS
    if wanted not in {"starttls", "none"}:
        raise ValueError("MAIL_URL must say tls=starttls or tls=none, or nothing of it.")
    return Encryption(wanted)

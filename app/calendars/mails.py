"""A mail that came to the address for replies: what it is, whose it seems, and the reply in it.

Pure, and never an exception: what cannot be read is a mail with a `fault`. Anybody can write to the address,
so size, lines, depth and parts are bounded before anything is taken apart.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import compat32

from app.calendars import itip
from app.calendars.itip import Reply, Unreadable
from app.calendars.vouching import is_vouched

MOST_BYTES = 1024 * 1024
MOST_HEADER_BYTES = 128 * 1024
MOST_LINES = 50_000
MOST_DEPTH = 8
MOST_PARTS = 50
LONGEST_HEADER = 4000
OUR_DOMAIN = "@meridian.invalid"
"""Of the Message-ID of every message that we write."""

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_BOUNDARY_LINES = re.compile(rb"[\r\n]--")
_TYPES = re.compile(rb"(?:^|[\r\n])content-type:[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*", re.IGNORECASE)
"""Whole fields, over all their lines: the email package takes very long over one with many parameters."""
_NESTING = re.compile(rb"multipart/|message/", re.IGNORECASE)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_ANGLE = re.compile(r'[^<>@,;:()"]*<([^<>\s,;:@()"]+@[^<>\s,;:@()"]+)>')
_BARE = re.compile(r'[^<>\s,;:@()"]+@[^<>\s,;:@()"]+')
_ADDRESS = re.compile(r"[^<>\s,;:@\"()]{1,320}@[^<>\s,;:@\"()]+")


@dataclass(frozen=True)
class Mail:
    """What is known of a mail before anybody asks the database."""

    key: str
    """Tells it from all others: a digest of its Message-ID, without one of its bytes."""
    recipients: tuple[str, ...] = ()
    """To whom it may have been sent, the likeliest first."""
    sender: str = ""
    """The one address of its From; empty unless there is exactly one."""
    is_vouched: bool = False
    """Whether the own mail server says that this From is true."""
    loop: str = ""
    """Why it must start nothing: it was written by a machine that writes to many, or by us."""
    is_automatic: bool = False
    """Whether it is not to be answered by a mail (RFC 3834, 2)."""
    reply: Reply | None = None
    fault: str = ""
    """Why there is no reply to read in it."""


def read(raw: bytes, trusted: str) -> Mail:
    """The mail in these bytes; `trusted` is the name of the own mail server, or empty."""
    if len(raw) > MOST_BYTES:
        return Mail(_digest(b"bytes", raw), fault="It is larger than 1 MB.")
    try:
        mail, head = _about(raw, trusted)
    except Exception:
        return Mail(_digest(b"bytes", raw), fault="Its header cannot be read.")
    if mail.loop or mail.fault:
        return mail
    try:
        return replace(mail, reply=_reply_in(raw))
    except Unreadable as fault:
        return replace(mail, fault=str(fault))
    except Exception:  # whatever the packages make of what strangers send
        return replace(mail, fault="It cannot be taken apart.")


def _about(raw: bytes, trusted: str) -> tuple[Mail, Message]:
    found = _BLANK_LINE.search(raw)
    header = raw[: found.end()] if found is not None else raw
    if len(header) > MOST_HEADER_BYTES:
        return Mail(_digest(b"bytes", raw), fault="Its header is too long."), Message()
    head = BytesHeaderParser(policy=compat32).parsebytes(header)
    number = _first(head, "Message-ID")
    key = _digest(b"id", number.encode(errors="surrogateescape")) if number else _digest(b"bytes", raw)
    sender = _sender(head)
    results = _all(head, "Authentication-Results")[:1]
    return Mail(
        key=key,
        recipients=_recipients(head),
        sender=sender,
        is_vouched=bool(sender and results) and is_vouched(results[0], trusted, sender),
        loop=_loop(head, number),
        is_automatic=_first(head, "Auto-Submitted").lower().partition(";")[0].strip() not in {"", "no"},
    ), head


def _loop(head: Message, number: str) -> str:
    if number.rstrip("> ").endswith(OUR_DOMAIN):
        return "It is a message of ours that came back."
    if any(one == "<>" for one in _all(head, "Return-Path")):
        return "It was sent by a machine that takes no answer."
    if _first(head, "Precedence").lower() in {"bulk", "list", "junk"} or _first(head, "List-Id"):
        return "It was sent to many."
    return ""


def _recipients(head: Message) -> tuple[str, ...]:
    fields = ("Delivered-To", "X-Original-To", "To", "Cc")
    texts = [text for field in fields for text in _all(head, field)[:10]]
    return tuple(address for text in texts for address in _ADDRESS.findall(text)[:50])


def _sender(head: Message) -> str:
    """The address of the From. What could be read in two ways is nobody's."""
    found = _all(head, "From")
    if len(found) != 1 or '"@' in found[0] or ('"' in found[0] and "(" in found[0]):
        return ""
    text = _COMMENT.sub(" ", _QUOTED.sub(" ", found[0])).strip()
    within = _ANGLE.fullmatch(text)
    if within is not None:
        return within[1]
    return text if _BARE.fullmatch(text) is not None else ""


def _all(head: Message, name: str) -> list[str]:
    """The values of a field, unfolded, each on one line; one that is far too long is none."""
    values = [str(one) for one in head.get_all(name, [])]  # compat32 wraps what is not ASCII
    return [" ".join(one.split()) if len(one) <= LONGEST_HEADER else "" for one in values]


def _first(head: Message, name: str) -> str:
    return next(iter(_all(head, name)), "")


def _reply_in(raw: bytes) -> Reply:
    if len(_LINE_ENDS.findall(raw)) > MOST_LINES or len(_BOUNDARY_LINES.findall(raw)) > 10 * MOST_PARTS:
        raise Unreadable("It has too many lines or parts.")
    if any(len(one) > LONGEST_HEADER for one in _TYPES.findall(raw)):
        raise Unreadable("One of its fields is too long.")
    if len(_NESTING.findall(raw)) > 4 * MOST_DEPTH:
        raise Unreadable("Its parts lie too deep in one another.")
    parts = _parts(BytesParser(policy=compat32).parsebytes(raw))
    calendars = [part for part in parts if part.get_content_type() == "text/calendar"]
    calendars = calendars or [part for part in parts if part.get_content_type() == "application/ics"]
    if not calendars:
        raise Unreadable("There is no calendar reply in it.")
    bodies = {_body(part) for part in calendars}
    if len(bodies) != 1:
        raise Unreadable("It holds several calendar objects that differ.")
    reply = itip.read(bodies.pop())
    for part in calendars:
        if str(part.get_param("method") or reply.method).upper() != reply.method:
            raise Unreadable("The mail and the object in it name different methods.")
    return reply


def _parts(mail: Message) -> list[Message]:
    """All parts that hold something, counted on the way down."""
    found: list[Message] = []
    waiting = [(mail, 0)]
    seen = 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if depth > MOST_DEPTH or seen > MOST_PARTS:
            raise Unreadable("It has too many parts, or they lie too deep in one another.")
        if part.is_multipart():
            inner = part.get_payload()
            waiting += [(one, depth + 1) for one in inner if isinstance(one, Message)]
        else:
            found.append(part)
    return found


def _body(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or len(payload) > itip.LONGEST:
        raise Unreadable("The calendar object in it is too large.")
    charset = part.get_content_charset("utf-8")
    try:
        text = payload.decode("utf-8-sig" if charset in {"utf-8", "us-ascii"} else charset)
    except (LookupError, UnicodeError) as fault:
        raise Unreadable("The letters of the calendar object cannot be read.") from fault
    return text.strip().replace("\r\n", "\n")


def _digest(kind: bytes, content: bytes) -> str:
    return hashlib.sha256(kind + b"\0" + content).hexdigest()

"""From composed words to a mail: headers, parts, and the same bytes however often it is tried."""

import base64
import re
import unicodedata
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.policy import EmailPolicy
from email.utils import parseaddr
from functools import lru_cache
from typing import Any

from app.messages.composed import CalendarObject, Composed
from app.messages.models import OutboxMessage

FILE_NAME = "invite.ics"
JOINERS = "\u200c\u200d"
"""Invisible, and part of the spelling of words in Persian and in many scripts of India."""
LONGEST = 400
"""Longer texts are cut in headers, whose lines have 998 octets at most (RFC 5322, 2.1.1)."""
LONGEST_QUOTED = 40
LONGEST_LINE = 78
SPECIALS = frozenset('()<>[]:;@\\,."=?')
"""What a name has between quotation marks only (RFC 5322, 3.2.3)."""
NO_TEXT = re.compile("[\0\ud800-\udfff]")
ALIKE = frozenset(
    {"from", "auto-submitted", "content-type", "content-transfer-encoding", "content-language",
     "list-unsubscribe-post", "mime-version"}
)  # fmt: skip
"""Headers that are the same in thousands of mails, and are read and written once."""
AS_THEY_ARE = frozenset({"list-unsubscribe"})


class AsSent(EmailPolicy):
    """Headers as mail servers take them, seven bits; addresses of pages unbroken, as programs must read them.

    Left to itself, a long address would be put into encoded words, which no program follows (RFC 2047, 5),
    and a subject would lose blanks between its words.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if name.lower() in ALIKE and isinstance(value, str):
            return _parsed(name, str(value))
        return super().header_store_parse(name, value)

    def fold(self, name: str, value: Any) -> str:
        return self._whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in ALIKE:
            return _folded(name, value)
        whole = self._whole(name, value)
        return whole.encode("ascii") if whole else super().fold_binary(name, value)

    def _whole(self, name: str, value: Any) -> str:
        if name.lower() in AS_THEY_ARE:
            return f"{name}: {value}{self.linesep}"
        if name.lower() != "subject":
            return ""
        if "=?" in value or not str(value).isascii():
            return f"{name}: {_in_encoded_words(str(value), name, self.linesep)}{self.linesep}"
        return _folded_at_blanks(f"{name}: {value}", self.linesep) + self.linesep


def _in_encoded_words(text: str, name: str, linesep: str) -> str:
    """All of a text in encoded words: where only some words are, blanks between two of them are lost, since
    readers drop these (RFC 2047, 6.2).
    """
    return Header(text, "utf-8", maxlinelen=76, header_name=name).encode(linesep=linesep)


def _folded_at_blanks(header: str, linesep: str) -> str:
    """A header on lines of at most 78 signs, where its words allow it (RFC 5322, 2.2.3); never broken before
    its first word, where a reader would see a blank more.
    """
    name, *words = header.split(" ")
    lines = [name]
    for number, word in enumerate(words):
        if number and len(lines[-1]) + 1 + len(word) > LONGEST_LINE:
            lines.append("")
        lines[-1] += f" {word}"
    return linesep.join(lines)


def _as_typed(text: str) -> str:
    """A text that a header takes over as it stands. One that holds an encoded word itself is read as what
    that stands for (by the email package), which may be the end of the line and a header more.
    """
    return Header(text, "utf-8", maxlinelen=LONGEST * 100).encode() if "=?" in text else text


AS_SENT = AsSent(linesep="\r\n", cte_type="7bit")
_PLAIN = EmailPolicy(linesep="\r\n", cte_type="7bit")


@lru_cache(maxsize=128)
def _parsed(name: str, value: str) -> tuple[str, Any]:
    return _PLAIN.header_store_parse(name, value)


@lru_cache(maxsize=128)
def _folded(name: str, value: Any) -> bytes:
    return _PLAIN.fold_binary(name, value)


def mail_of(message: OutboxMessage, words: Composed, mail_from: str, stop_link: str) -> EmailMessage:
    """The message as mail to one person; its Message-ID is stable, so that mailboxes fold a second copy.

    `stop_link`: where its kind is switched off (RFC 8058); empty where it cannot be.
    """
    mail = EmailMessage(policy=AS_SENT)
    mail["From"] = mail_from
    local, _, domain = message.to_address.rpartition("@")
    mail["To"] = str(Address(display_name(message.to_name), local, domain))
    mail["Subject"] = _as_typed(one_line(words.subject))
    mail["Date"] = message.created_at
    mail["Message-ID"] = message.message_id
    mail["Auto-Submitted"] = "auto-generated"
    if words.reply_to:
        mail["Reply-To"] = _address(words.reply_to)
    if stop_link:
        mail["List-Unsubscribe"] = f"<{stop_link}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    written = words.words(stop_link)
    mail.set_content(NO_TEXT.sub("\ufffd", written.text))
    if written.html:
        mail.add_alternative(NO_TEXT.sub("\ufffd", written.html), subtype="html")
    if words.calendar is not None:
        attach(mail, words.calendar)
    elif mail.is_multipart():
        mail.set_boundary(f"words-{mark_of(mail)}")
    mail["Content-Language"] = words.language  # last: setting and moving content drops such fields
    return mail


def attach(mail: EmailMessage, calendar: CalendarObject) -> EmailMessage:
    """Put the object into a message that has its words already, once to be read in place and once as a file.

    The part's `method=` is that of the object, else programs refuse it or show no buttons; it comes last of
    the alternatives, without Content-Disposition, which would hide it. The same message gives the same bytes.
    """
    if mail.get_content_type() != "multipart/alternative":
        mail.make_alternative()
    mail.attach(_inline(calendar))  # type: ignore[arg-type]  # any message can be a part
    mail.set_boundary(f"words-{mark_of(mail)}")
    mail.make_mixed()
    mail.set_boundary(f"whole-{mark_of(mail)}")
    mail.add_attachment(
        calendar.body, maintype="application", subtype="ics", filename=FILE_NAME, params={"name": FILE_NAME}
    )
    return mail


def mark_of(mail: EmailMessage) -> str:
    """What boundaries are made of: the left part of the Message-ID."""
    return str(mail["Message-ID"] or "").strip("<>").partition("@")[0] or "meridian"


def one_line(text: str, most: int = LONGEST) -> str:
    """Text as a header can hold it: no line ends or other control signs, nothing that turns its direction;
    of at most so many signs.
    """
    if not text.isprintable():
        text = "".join(mark if mark.isprintable() or mark in JOINERS else _instead(mark) for mark in text)
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _instead(mark: str) -> str:
    return "" if unicodedata.category(mark) in {"Cf", "Cn", "Co"} else " "


def named_address(name: str, address: str) -> str:
    """An address with a name, as a header has it. Raises ValueError or MessageError for a wrong address."""
    return str(Address(display_name(name), addr_spec=address))


def display_name(name: str) -> str:
    """A name as it can stand before an address.

    A long name that is put on several lines loses its quotation marks, and what is an address in it would
    count as one (a fault of the email package): so a long one is without the signs that mean something. So
    is one that holds the beginning of an encoded word, which would be read as what that stands for.
    """
    name = one_line(name)
    if len(name) + name.count('"') + name.count("\\") <= LONGEST_QUOTED and "=?" not in name:
        return name
    return one_line("".join(" " if mark in SPECIALS else mark for mark in name))


def _address(text: str) -> str:
    """One address with its name, written anew out of its parts."""
    name, address = parseaddr(one_line(text, 2 * LONGEST))
    return named_address(name, address)


def _inline(calendar: CalendarObject) -> Message:
    """The part to be read in place; its parameters without quotes, as programs write them themselves."""
    part = Message()
    part["Content-Type"] = f"text/calendar; method={calendar.method}; charset=UTF-8"
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(base64.encodebytes(calendar.body).decode())
    return part

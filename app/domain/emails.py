"""What can be an e-mail address."""

import re
import unicodedata
from email.errors import HeaderDefect, HeaderParseError
from email.headerregistry import Address

LONGEST_EMAIL = 254
EMAIL = re.compile(r"[^@\s,;<>()\[\]\"]+@[^@\s,;<>()\[\]\"]+\.[^@\s,;<>()\[\]\".]+")
"""The shape alone; `can_be_email` looks closer."""
_USUAL = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+")
"""Nearly all are written with these signs; no closer look is needed then."""


def can_be_email(text: str) -> bool:
    """Whether `text` has the shape of an address; whether it is one only a letter to it can tell."""
    if _USUAL.fullmatch(text):
        return True
    odd = any(unicodedata.category(letter) in {"Cc", "Cf"} for letter in text)
    odd = odd or "=?" in text  # would be read as an encoded word (RFC 2047)
    return not odd and EMAIL.fullmatch(text) is not None and _can_be_written_to(text)


def _can_be_written_to(text: str) -> bool:
    """Whether a message can carry it (RFC 5322, 3.4.1), in ASCII before the @ as mail servers want it."""
    try:
        return Address(addr_spec=text).username.isascii()
    except (HeaderParseError, HeaderDefect, IndexError, ValueError):
        return False

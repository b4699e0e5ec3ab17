"""Invitations to a journey: how codes, e-mail domains and addresses are written and compared."""

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.domain.dates import plain_day
from app.domain.emails import LONGEST_EMAIL, can_be_email
from app.domain.errors import DomainError
from app.domain.text import fold_text
from app.domain.timezones import city, wall_of

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of generated codes: none that is taken for another when read aloud or copied by hand."""
GROUPS, OF_LETTERS = 3, 4
"""Twelve letters of 32: 60 bits, more than anybody can try."""
LEAST_OWN, LONGEST_CODE = 6, 60
LONGEST_DOMAIN = 253
LONGEST_NOTE = 200
NOT_A_CODE = f"A code of your own has at least {LEAST_OWN} letters or figures, and at most {LONGEST_CODE}."
NOT_A_DOMAIN = "Write what stands behind the @ of their addresses, such as health.example.org."

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def new_code() -> str:
    """A code nobody guesses, in groups that can be read aloud: "7KQM-2HXA-94TB"."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(OF_LETTERS)) for _ in range(GROUPS))


def fold_code(text: str) -> str:
    """A code as it is compared: letters and figures alone, without case and accents. Twice is once."""
    return "".join(letter for letter in fold_text(text) if unicodedata.category(letter)[0] in "LNM")


def check_code(text: str) -> str:
    """A code as organisers write it, with single blanks. Raises DomainError for a too short one."""
    shown = " ".join(text.split())
    if len(shown) > LONGEST_CODE or len(fold_code(shown)) < LEAST_OWN:
        raise DomainError(NOT_A_CODE, "code")
    return shown


def fold_domain(text: str) -> str:
    """An e-mail domain as it is compared: small letters, in ASCII. Empty for what is none."""
    plain = unicodedata.normalize("NFKC", text).strip().casefold().removeprefix("@").removesuffix(".")
    try:
        return plain.encode("idna").decode() if not plain.isascii() else plain
    except UnicodeError:
        return ""


def check_domain(text: str) -> str:
    """An e-mail domain as it is kept. Raises DomainError for what mail cannot go to."""
    folded = fold_domain(text)
    labels = folded.split(".")
    is_whole = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if not is_whole or labels[-1].isdigit() or len(folded) > LONGEST_DOMAIN:
        raise DomainError(NOT_A_DOMAIN, "domain")
    return folded


def domain_of(address: str) -> str:
    """The domain of an e-mail address, as it is compared."""
    return fold_domain(address.rpartition("@")[2])


@dataclass(frozen=True)
class AddressLine:
    """One line of pasted addresses: its number from 1, what it says, the address and name found in it."""

    number: int
    typed: str
    address: str
    """Empty: the line holds none."""
    name: str = ""


class Judged(StrEnum):
    """What becomes of a pasted line."""

    ADDED = "added"
    AGAIN = "invited again"
    """It was withdrawn or had expired. Nobody is written to twice."""
    THERE = "already invited"
    TWICE = "stands above already"
    NO_ADDRESS = "not an e-mail address"


def read_addresses(text: str) -> list[AddressLine]:
    """The lines that say something: an address alone, or as in `Efua Mensah <efua@example.org>`."""
    lines = [(number, " ".join(line.split())) for number, line in enumerate(text.splitlines(), 1)]
    return [_read_address(number, line) for number, line in lines if line]


def end_of(last_on: date, timezone: str, now: datetime) -> datetime:
    """The instant at which a day ends in a zone. Raises DomainError (`last_on`) when it is over."""
    ends_at = wall_of(datetime.combine(last_on + timedelta(days=1), time()), timezone)
    if ends_at <= now:
        raise DomainError(f"{plain_day(last_on)} is over in {city(timezone)}. Give a later day.", "last_on")
    return ends_at


def _read_address(number: int, line: str) -> AddressLine:
    bare = line.rstrip(",;").strip()
    found = _NAMED.fullmatch(bare)
    name, address = (found["name"].strip("\"' "), found["address"]) if found else ("", bare)
    is_one = len(address) <= LONGEST_EMAIL and can_be_email(address)
    return AddressLine(number, line, address if is_one else "", name[:LONGEST_NOTE] if is_one else "")

"""Invitations to a journey: how codes, e-mail domains and addresses are written and compared."""

import re
import secrets
import unicodedata

from app.domain.errors import DomainError

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of generated codes: none that is taken for another when read aloud or copied by hand."""
GROUPS, OF_LETTERS = 3, 4
"""Twelve letters of 32: 60 bits, more than anybody can try."""
LEAST_OWN, LONGEST_CODE = 6, 60
LONGEST_DOMAIN = 253
NOT_A_CODE = f"A code of your own has at least {LEAST_OWN} letters or figures, and at most {LONGEST_CODE}."
NOT_A_DOMAIN = "Write what stands behind the @ of their addresses, such as health.example.org."

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")


def new_code() -> str:
    """A code nobody guesses, in groups that can be read aloud: "7KQM-2HXA-94TB"."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(OF_LETTERS)) for _ in range(GROUPS))


def fold_code(text: str) -> str:
    """A code as it is compared: letters and figures alone, without case. Folding twice changes nothing."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] in "LNM")


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

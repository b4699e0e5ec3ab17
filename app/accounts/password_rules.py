"""Which passwords may be chosen: long ones that are not among the first a guesser tries.

Twelve characters at least and two hundred at most, any of them; no rule asks for capitals or figures. Refused
are those on our list of usual ones (common_passwords.txt), and those of which little is left without what is
easy to guess: the person's own name and address, the site's name, rows of the keyboard, sequences.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from app.domain.errors import DomainError
from app.domain.text import fold_text

LEAST = 12
MOST = 200
LEAST_UNGUESSED = 6
"""Characters that must be left without what is easy to guess."""
LEAST_DIFFERENT = 5

ROWS = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop",
    "yxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm", "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
)  # fmt: skip
TRIED = ("meridian", "learning", "journey", "journeys", "password", "passwort", "passphrase")
_LOOKALIKES = str.maketrans("0134578@$!", "oleastbasi")


class Unsafe(DomainError):
    """The password is too short, too long or too easy to guess."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "password")


def check(password: str, *, email: str = "", name: str = "") -> None:
    """Raise Unsafe, with a sentence that says what to do, unless the password may be chosen."""
    length = len(unicodedata.normalize("NFKC", password))
    if length < LEAST:
        raise Unsafe(f"Use at least {LEAST} characters; this has {length}. A few words in a row do well.")
    if length > MOST:
        raise Unsafe(f"Use at most {MOST} characters.")
    plain = fold_text(password).replace(" ", "")
    if _is_common(plain):
        raise Unsafe("This password is among those tried first by guessers. Choose another.")
    if len(set(plain)) < LEAST_DIFFERENT or _is_repetition(plain):
        raise Unsafe("This password repeats itself too much. Choose one with more in it.")
    if len(_without_runs(plain)) < LEAST_UNGUESSED:
        raise Unsafe("This password is a row of neighbouring keys, letters or figures. Choose another.")
    if len(_without_runs(_without(plain, (*_personal(email, name), *TRIED)))) < LEAST_UNGUESSED:
        raise Unsafe(
            "This password is little more than your name, your address or a word that everybody tries. "
            "Choose another."
        )


@cache
def common_passwords() -> frozenset[str]:
    """Our list of usual passwords of twelve characters and more, folded."""
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(fold_text(line).replace(" ", "") for line in lines if line and not line.startswith("#"))


def _is_common(plain: str) -> bool:
    """Also with figures for letters, and with figures and signs put at its ends."""
    bare = {plain, re.sub(r"^[\W_]+|[\W_]+$", "", plain), re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)}
    spellings = bare | {one.translate(_LOOKALIKES) for one in bare}
    return not spellings.isdisjoint(common_passwords())


def _is_repetition(plain: str) -> bool:
    """Whether one short piece, over and over, makes the whole or nearly."""
    sizes = range(1, min(LEAST, len(plain) // 2 + 1))
    return any(
        plain.startswith(plain[:size] * (len(plain) // size)) and len(plain) % size < LEAST_UNGUESSED
        for size in sizes
    )


def _personal(email: str, name: str) -> list[str]:
    local, _, domain = fold_text(email).partition("@")
    words = [local, *re.split(r"[\W\d_]+", local), *domain.split("."), *re.split(r"[\W_]+", fold_text(name))]
    joined = fold_text(name).replace(" ", "")
    return [word for word in {joined, *words} if len(word) >= 3]


def _without(plain: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        plain = plain.replace(word, "")
    return re.sub(r"(19|20)\d\d", "", plain)


def _without_runs(plain: str) -> str:
    """What is left without pieces of four and more that lie side by side on a keyboard or in the alphabet."""
    kept, at = [], 0
    while at < len(plain):
        length = _run_at(plain, at)
        if length >= 4:
            at += length
        else:
            kept.append(plain[at])
            at += 1
    return "".join(kept)


def _run_at(plain: str, at: int) -> int:
    longest = 1
    for row in (*ROWS, *(row[::-1] for row in ROWS)):
        length = longest
        while at + length < len(plain) and plain[at : at + length + 1] in row:
            length += 1
        longest = max(longest, length)
    same = re.match(r"(.)\1*", plain[at:], re.DOTALL)
    return max(longest, len(same.group()) if same else 1)

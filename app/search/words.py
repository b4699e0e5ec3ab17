"""What a text is found by: its folded words; for scripts without blanks, characters by ones and twos."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby, pairwise

from app.domain.text import fold_text

LONGEST = 64
"""Longer words are found by their beginning; an index entry has little room on either engine."""
MOST_ASKED = 16

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # 々 〆 〇
    (0x3040, 0x30FF),  # kana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Chinese characters
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def index_terms(text: str) -> frozenset[str]:
    """Every term that `text` is found by."""
    found: set[str] = set()
    for word, unspaced in _pieces(fold_text(text)):
        if unspaced:
            found.update(word)
            found.update(_pairs(word))
        else:
            found.add(word[:LONGEST])
    return frozenset(found)


def query_terms(text: str) -> list[str]:
    """The beginnings that must all occur, the longest first; at most MOST_ASKED of them.

    Several characters of an unspaced script are asked for by twos, which comes close to asking for the run.
    """
    asked: set[str] = set()
    for word, unspaced in _pieces(fold_text(text)):
        asked.update(_pairs(word) or [word] if unspaced else [word[:LONGEST]])
    longest_first = sorted(asked, key=lambda word: (-len(word), word))
    return [
        word
        for place, word in enumerate(longest_first)
        if not any(longer.startswith(word) for longer in longest_first[:place])
    ][:MOST_ASKED]


def _pairs(run: str) -> list[str]:
    return [first + second for first, second in pairwise(run)]


def _pieces(folded: str) -> Iterator[tuple[str, bool]]:
    """(word, whether its script has no blanks) in the order of the text."""
    if folded.isascii():
        yield from ((word, False) for word in _ASCII_WORD.findall(folded))
        return
    for kind, letters in groupby(folded, _kind):
        if kind:
            yield "".join(letters), kind == 2


def _kind(letter: str) -> int:
    """0 between words, 1 of a word, 2 of a run without blanks. Vowel signs belong to their word."""
    if unicodedata.category(letter)[0] not in "LMN":
        return 0
    return 2 if letter > "\u0dff" and any(low <= ord(letter) <= high for low, high in _UNSPACED) else 1

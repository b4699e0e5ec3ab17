"""Slugs: the part of an address that is made once from a title and then stored."""

import re
from collections.abc import Callable
from itertools import count

from app.domain.errors import AlreadyTaken, DomainError
from app.domain.text import fold_text

LONGEST = 80

_SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OTHER = re.compile(r"[^a-z0-9]+")


def slug_for(title: str, is_taken: Callable[[str], bool], fallback: str) -> str:
    """A free slug for `title`: its folded Latin letters and figures, joined by hyphens, at most LONGEST.

    A title without Latin letters gets `fallback`, a plain word, instead of them. A number is added when the
    slug is taken.
    """
    stem = _stem(title, fallback)
    if not is_taken(stem):
        return stem
    return next(slug for slug in (_numbered(stem, number) for number in count(2)) if not is_taken(slug))


def check_slug(slug: str, is_taken: Callable[[str], bool]) -> str:
    """`slug` as it stands, if it has the shape of one and is free. Refuses it otherwise."""
    if len(slug) > LONGEST or not _SHAPE.fullmatch(slug):
        raise DomainError(
            f"An address has at most {LONGEST} small letters a to z and figures, joined by single hyphens.",
            "slug",
        )
    if is_taken(slug):
        raise AlreadyTaken(f"The address “{slug}” is in use. Please choose another.", "slug")
    return slug


def _stem(title: str, fallback: str) -> str:
    words = _OTHER.sub("-", fold_text(title.replace("'", "").replace("’", ""))).strip("-")
    if not re.search("[a-z]", words):
        words = f"{fallback}-{words}".strip("-")
    return _cut(words, LONGEST)


def _numbered(stem: str, number: int) -> str:
    ending = f"-{number}"
    return _cut(stem, LONGEST - len(ending)) + ending


def _cut(words: str, longest: int) -> str:
    """At most `longest` characters, cut between words where there is a word to keep."""
    if len(words) <= longest:
        return words
    kept = words[: longest + 1].rpartition("-")[0] or words[:longest]
    return kept.strip("-")

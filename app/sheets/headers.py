"""Which column of an uploaded table is meant for which field. A proposal: a person confirms it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from app.domain.text import fold_text

_NOT_A_WORD = re.compile(r"[\W_]+")
_ALIKE = 0.85  # one slip of the finger in a word of seven letters

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A thing a column may hold: `name` in the code, `label` on the page, `aliases` elsewhere."""

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    required: bool = False


def match(headers: Sequence[str], fields: Sequence[Field]) -> dict[str, int]:
    """The index of its column for each field's name; a field without a clear best column is left out.

    Case, accents, blanks and punctuation do not count. A header that is the field's label or name comes
    before one that is an alias, that before one that contains either, that before one with a slip in it.
    A column serves one field; one that two fields claim equally serves neither.
    """
    columns = [_words(header) for header in headers]
    worths = {
        (field.name, index): worth
        for field in fields
        for index, column in enumerate(columns)
        if column and (worth := _worth(column, field))
    }
    matched: dict[str, int] = {}
    while worths:
        best = max(worths.values())
        pairs = [pair for pair, worth in worths.items() if worth == best]
        names, places = [name for name, _ in pairs], [index for _, index in pairs]
        matched |= {
            name: index for name, index in pairs if names.count(name) == 1 and places.count(index) == 1
        }
        # what was contested is not given to a second best: that would be a guess
        worths = {
            pair: worth for pair, worth in worths.items() if pair[0] not in names and pair[1] not in places
        }
    return matched


def missing(mapping: Mapping[str, int], fields: Iterable[Field]) -> list[Field]:
    """The required fields for which there is no column, in their order."""
    return [field for field in fields if field.required and field.name not in mapping]


def _words(text: str) -> Words:
    return tuple(_NOT_A_WORD.sub(" ", fold_text(text)).split())


def _worth(column: Words, field: Field) -> int:
    own = [words for words in (_words(field.label), _words(field.name)) if words]
    known = own + [words for alias in field.aliases if (words := _words(alias))]
    header = "".join(column)
    if header in map("".join, own):
        return 4
    if header in map("".join, known):
        return 3
    if any(_contains(column, words) for words in known):
        return 2
    return 1 if any(_alike(header, "".join(words)) for words in known) else 0


def _contains(column: Words, words: Words) -> bool:
    """Whether `words` stand in `column` one after the other, in whatever way they are hyphenated."""
    wanted = "".join(words)
    runs = (
        "".join(column[start:end])
        for start in range(len(column))
        for end in range(start + 1, len(column) + 1)
    )
    return len(wanted) >= 4 and wanted in runs


def _alike(one: str, other: str) -> bool:
    return (
        min(len(one), len(other)) >= 5 and SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE
    )

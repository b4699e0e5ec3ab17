"""The language a message is written in: sentences by their English words, from catalogues beside this file.

A catalogue is a gettext file (`catalogues/fr.po`). What it does not know is said in English.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from gettext import c2py
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from app.accounts.queries import fold_email
from app.messages import queries as messages

CATALOGUES = Path(__file__).parent / "catalogues"
ENGLISH = "en"
ISOLATE, END_ISOLATE = "\u2068", "\u2069"


@dataclass(frozen=True)
class Language:
    """Says sentences in one language. Usually named `_`, so that tools find what is to be translated."""

    code: str

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return _direction(self.code)

    @property
    def colon(self) -> str:
        """As it stands behind a word: in French after a blank where no line breaks."""
        return "\u00a0:" if self.code == "fr" else ":"

    def __call__(self, sentence: str, /, **values: object) -> str:
        """The sentence with the values in its places `{name}`, each on one line."""
        return self._known(sentence).format(**self._values(values))

    def n(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The sentence for so many: `{number}` is the number."""
        said = _plurals(self.code, one, number) or (one if number == 1 else many)
        return said.format(number=number, **self._values(values))

    def _values(self, values: Mapping[str, object]) -> dict[str, object]:
        """What people typed cannot make a line of its own in a letter, nor turn the sentence round."""
        return {
            name: isolated(" ".join(value.split()), self.direction) if isinstance(value, str) else value
            for name, value in values.items()
        }

    def _known(self, sentence: str) -> str:
        catalogue = catalogue_of(self.code)
        found = catalogue.get(sentence) if catalogue is not None else None
        return (
            found.string if found is not None and isinstance(found.string, str) and found.string else sentence
        )


@cache
def _direction(code: str) -> str:
    try:
        return Locale.parse(code).text_direction
    except UnknownLocaleError:  # then everything is said in English
        return "ltr"


def isolated(text: str, direction: str) -> str:
    """Text that holds letters of the other direction, marked as a whole of its own (UAX 9, FSI and PDI)."""
    other = {"R", "AL"} if direction == "ltr" else {"L"}
    turns = any(unicodedata.bidirectional(mark) in other for mark in text)
    return f"{ISOLATE}{text}{END_ISOLATE}" if turns else text


@cache
def catalogue_of(code: str) -> Catalog | None:
    """The catalogue of a language; None for English and for what there is none of."""
    path = CATALOGUES / f"{code}.po"
    if code == ENGLISH or not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=code)


def _plurals(code: str, one: str, number: int) -> str:
    catalogue = catalogue_of(code)
    found = catalogue.get(one) if catalogue is not None else None
    if catalogue is None or found is None or not isinstance(found.string, (tuple, list)):
        return ""
    return str(found.string[_form_of(catalogue.plural_expr)(number)])


@cache
def _form_of(expression: str) -> Callable[[int], int]:
    """Which form goes with a number, by the rule in the head of a catalogue."""
    return c2py(expression)


def languages() -> list[str]:
    """The languages there are, English first."""
    return [ENGLISH, *sorted(path.stem for path in CATALOGUES.glob("*.po"))]


def language_of(address: str) -> Language:
    """The language somebody wants mail in, by their address; English where they said nothing."""
    wishes = messages.recipient(fold_email(address))
    code = wishes.language if wishes is not None else ENGLISH
    return Language(code if code in languages() else ENGLISH)

"""Countries and languages as people write them in tables: a name in one of a few languages, or a code.

Loose about case, accents and punctuation; never a guess. Names are read at the first question.
"""

import re
from difflib import get_close_matches
from functools import cache, lru_cache

from babel.core import Locale, get_global

from app.domain.languages import languages
from app.domain.text import fold_text
from app.domain.zone_directory import countries
from app.domain.zone_tables import ALSO_COUNTRY

_SPOKEN = ("en", "fr", "es", "pt", "ar")
_NOT_A_WORD = re.compile(r"[\W_]+")
_WORDS_APART = {"st": "saint", "dr": "democratic republic", "rep": "republic"}
_OFFICIAL = {
    "BN": "Brunei Darussalam",
    "CD": "Democratic Republic of Congo|D R Congo|D.R.C.|RD Congo|RDC",
    "CG": "Congo Republic",
    "FM": "Federated States of Micronesia",
    "GB": "United Kingdom of Great Britain and Northern Ireland|Northern Ireland|U.K.",
    "HK": "Hong Kong",
    "KG": "Kyrgyz Republic",
    "KP": "Democratic People’s Republic of Korea|DPRK",
    "KR": "Republic of Korea",
    "MO": "Macao|Macau",
    "RU": "Russian Federation",
    "SY": "Syrian Arab Republic",
    "US": "U.S.A.|U.S.",
    "VA": "Holy See|Vatican",
}
_UNCLEAR = ("Congo", "Republic of China", "Virgin Islands")
_ASIDE = re.compile(r"\s*[(\[].*?[)\]]")
_STATE = re.compile(
    r"^(the )?((united |federal |federative |islamic |democratic |socialist |people s |plurinational |"
    r"cooperative |co operative )*(republic|kingdom|state|states|sultanate|commonwealth) of )?(the )?"
)


@lru_cache(maxsize=4096)
def country_written(text: str) -> str | None:
    """The ISO code of the country that `text` names, or is the code of; None when that is not clear."""
    name = _plain(text)
    found = _countries().get(name)
    if found is None:
        found = _countries().get(_STATE.sub("", name)) or _countries().get(_plain(_ASIDE.sub("", text)))
    return found or None


def country_alike(text: str) -> str | None:
    """The English name of a country that is spelt almost like `text`, to propose it."""
    names = {_plain(name): name for _, name in countries()}
    found = get_close_matches(_plain(text)[:60], names, n=1, cutoff=0.75)
    return names[found[0]] if found else None


@lru_cache(maxsize=4096)
def language_written(text: str) -> str | None:
    """The tag of the language that `text` names in English or in itself, or is the tag of; else None."""
    return _languages().get(_plain(text)) or None


def _plain(text: str) -> str:
    words = _NOT_A_WORD.sub(" ", fold_text(text.replace("&", " and ").replace("'", "’"))).split()
    return " ".join(_WORDS_APART.get(word, word) for word in words)


@cache
def _countries() -> dict[str, str]:
    """What is written → code; empty where two countries share it. English names count before all others."""
    known: dict[str, str] = {}
    codes = {code for code, _ in countries()}
    for code, name in countries():
        for one in (code, name, *_ASIDE.sub("|", name).split("|"), *_also(code)):
            known.setdefault(_plain(one), code)
    for old, (new, *others) in get_global("territory_aliases").items():
        if old.isalpha() and not others and new in codes:
            known.setdefault(_plain(old), new)
    spoken: dict[str, str] = {}
    for language in _SPOKEN:
        for code, name in Locale(language).territories.items():
            if code in codes and _plain(name) not in known:
                same = spoken.setdefault(_plain(name), code) == code
                spoken[_plain(name)] = code if same else ""
    known |= spoken | dict.fromkeys(map(_plain, _UNCLEAR), "")
    known.pop("", None)
    return known


def _also(code: str) -> list[str]:
    return [*ALSO_COUNTRY.get(code, "").split("|"), *_OFFICIAL.get(code, "").split("|")]


@cache
def _languages() -> dict[str, str]:
    known: dict[str, str] = {}
    for tag, name in languages():
        known.setdefault(_plain(tag), tag)
        known.setdefault(_plain(name), tag)
    for tag, _ in languages():
        own = Locale(tag.partition("-")[0]).get_language_name() if tag in _WRITTEN_THEMSELVES else None
        if own:
            known.setdefault(_plain(own), tag)
    known.pop("", None)
    return known


_WRITTEN_THEMSELVES = frozenset(
    ["am", "ar", "bn", "de", "en", "es", "fil", "fr", "hi", "id", "it", "ja", "km", "ko", "lo", "mn", "ms",
     "my", "ne", "nl", "pt", "ru", "si", "sw", "ta", "th", "tr", "ur", "vi", "zh"]
)  # fmt: skip

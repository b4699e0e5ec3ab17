"""Words such as {name} in a text that is written once and read by many, each with their own.

`{{` and `}}` stand for the braces themselves. Blanks within, and the case of letters, do not matter.
"""

import re
from collections.abc import Collection, Iterable, Mapping

_PARTS = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")


def fields_in(text: str) -> list[str]:
    """The names of the fields that a text uses, in order, each once; whatever names they are."""
    names = (_name(found) for found in _PARTS.finditer(text) if found[1] is not None)
    return list(dict.fromkeys(names))


def what_is_wrong(text: str, known: Collection[str]) -> str:
    """Why a text cannot be merged with fields of these names, as sentences; empty where it can."""
    sentences = []
    unknown = [name for name in fields_in(text) if name not in known]
    if unknown:
        there_are = _in_words(f"{{{name}}}" for name in known)
        named = _in_words((f"“{{{name}}}”" for name in unknown), "or")
        sentences.append(f"There is no field {named} here. There {_are(known)} {there_are}.")
    single = next((found[0] for found in _PARTS.finditer(text) if found[0] in ("{", "}")), "")
    if single:
        sentences.append(f"A “{single}” stands alone. For the brace itself write “{single * 2}”.")
    return " ".join(sentences)


def merged(text: str, values: Mapping[str, str]) -> str:
    """The text with the value of each field in its place; what is no field of these stays as it is.

    A value is put in as it stands: braces in it are no fields.
    """

    def put(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        return values.get(_name(found), found[0]) if found[1] is not None else found[0]

    return _PARTS.sub(put, text)


def _name(found: re.Match[str]) -> str:
    return found[1].strip().lower()


def _are(names: Collection[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _in_words(names: Iterable[str], last_by: str = "and") -> str:
    """`{name}, {journey} and {time}`."""
    *others, last = names
    return f"{', '.join(others)} {last_by} {last}" if others else last

"""The text of one cell: tidied on its way in, made harmless on its way out."""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LINE_END = re.compile(r"\r\n?")

# What a spreadsheet takes for a formula: the signs, also full-width and small ones, after blanks of any kind.
# A tab or a line end in front may start a cell of its own. Apostrophes are counted as blanks, so that one
# that is put in front by `harmless` is always told apart from one that the text began with.
_FORMULA = re.compile(r"[\s'\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫]|[ ']*[\t\r\n]")


def plain(text: str) -> str:
    """`text` in NFC, its lines ended by a line feed, without NUL and other control characters; tabs stay."""
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    text = _CONTROL.sub("", text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """`text` as a cell is read: `plain`, without blanks around it and the apostrophe of `harmless`."""
    text = plain(text).strip()
    if text.startswith("'") and _FORMULA.match(text, 1):
        return text[1:].strip()
    return text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might take `text`, as `plain` gives it, for more than text."""
    return bool(_FORMULA.match(text.rstrip()))


def harmless(text: str) -> str:
    """`text` for a CSV cell: `plain`, with an apostrophe before what might be taken for a formula."""
    text = plain(text)
    if not text.strip():
        return ""
    return f"'{text}" if is_formula(text) else text

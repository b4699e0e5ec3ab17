"""Which bytes are which letters, told by the bytes alone."""

import codecs
from typing import NamedTuple

from app.domain.errors import DomainError

LAST_RESORT = "Windows-1252 (guessed)"

_SAMPLE = 4096
_STEP = 1 << 16
_FOREIGN = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"{\\rtf": "a text document",
    b"\x1f\x8b": "a packed archive",
    b"7z\xbc\xaf": "a packed archive",
    b"Rar!": "a packed archive",
}
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table")


class Encoding(NamedTuple):
    """`codec` for Python and `words` for the page."""

    codec: str
    words: str


def encoding_of(content: bytes, name: str) -> Encoding:
    """How `content` is encoded; refuses what is no text, calling the file `name`."""
    _refuse_foreign(content, name)
    if content.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8-sig", "UTF-8 with byte-order mark")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16", "UTF-16 with byte-order mark")
    if codec := _unmarked_utf16(content[:_SAMPLE]):
        return Encoding(codec, "UTF-16 without byte-order mark")
    if _is_utf8(content) and _share_of_controls(content) <= 0.3:
        return Encoding("utf-8", "UTF-8")
    if _share_of_controls(content) > 0.02:
        raise _no_table(name)
    return Encoding("cp1252", LAST_RESORT)


def _refuse_foreign(content: bytes, name: str) -> None:
    for magic, what in _FOREIGN.items():
        if content.startswith(magic):
            raise _no_table(name, f" but {what}")
    if content[:64].removeprefix(codecs.BOM_UTF8).lstrip().lower().startswith(_MARKUP):
        raise _no_table(name, " but a web page or an XML document, whatever its name says")


def _no_table(name: str, but: str = "") -> DomainError:
    return DomainError(f"{name} is not a table{but}. Save it as CSV or XLSX and choose that file.", "file")


def _unmarked_utf16(sample: bytes) -> str | None:
    """Latin letters leave every second byte NUL, on the side that tells the order."""
    pairs = len(sample) // 2
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    if pairs < 4 or max(first, second) < pairs / 4 or min(first, second) > max(first, second) / 10:
        return None
    return "utf-16-be" if first > second else "utf-16-le"


def _is_utf8(content: bytes) -> bool:
    """Piece by piece, so that the whole text never stands in memory."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(content)
    try:
        for start in range(0, len(content), _STEP):
            decoder.decode(view[start : start + _STEP])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _share_of_controls(content: bytes) -> float:
    """Of a sample, how much are control characters that no text has; a stray one in a short file is none."""
    sample = content[: _SAMPLE * 4]
    found = len(sample) - len(sample.translate(None, bytes(set(range(32)) - {9, 10, 13}) + b"\x7f"))
    return max(0, found - 2) / max(1, len(sample))

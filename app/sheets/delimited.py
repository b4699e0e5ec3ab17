"""Records of a CSV file, in whatever encoding and with whatever separator it came."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from app.domain.errors import DomainError
from app.sheets.encodings import Encoding, encoding_of
from app.sheets.limits import MOST_BYTES

# From the least to the most likely to stand in a text: of two as frequent the first is taken.
SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "vertical bars", ",": "commas"}

_DECLARED = re.compile(r'"?sep=([^\w\s"]|\t)"?\s*', re.IGNORECASE)
_LINES_OF_A_HEADER = 50
_END = "\0"  # no line of the file holds one

# The limit is there for readers that trust their input. A cell that is too long is told of by its row, and
# no cell is longer than a file.
csv.field_size_limit(MOST_BYTES)


@dataclass(frozen=True, slots=True)
class Delimited:
    """A CSV file whose encoding and separator are known; `skipped` lines stand before its first record."""

    content: bytes
    encoding: Encoding
    separator: str
    skipped: int

    @property
    def separator_words(self) -> str:
        """The separator in words, in the plural."""
        return SEPARATORS.get(self.separator, f"“{self.separator}”")

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Each record with the number of the line on which it begins, counting from 1, empty ones too."""
        lines = chain(islice(_lines(self.content, self.encoding), self.skipped, None), (_END,))
        reader = csv.reader(lines, delimiter=self.separator)
        begins = self.skipped + 1
        for cells in reader:
            if cells == [_END]:
                return
            if cells and cells[-1].endswith(_END):
                raise DomainError(
                    f"Line {begins}: a quotation mark is opened there and never closed, so that the rest of "
                    "the file would be one cell. Close it, or write it twice if it belongs to the text.",
                    "file",
                )
            yield begins, cells
            begins = self.skipped + reader.line_num + 1


def delimited(content: bytes, name: str) -> Delimited:
    """Finds out how `content` is written; refuses what is no text, calling the file `name`."""
    encoding = encoding_of(content, name)
    first = next(_lines(content, encoding), "")
    if declared := _DECLARED.fullmatch(first):
        return Delimited(content, encoding, declared[1], skipped=1)
    return Delimited(content, encoding, _separator_of(_header_text(content, encoding)), skipped=0)


def _lines(content: bytes, encoding: Encoding) -> Iterator[str]:
    """With their ends, whether LF, CRLF or CR, as `csv` wants them."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding.codec, errors="replace", newline="")
    for line in text:
        yield line.replace(_END, "")


def _header_text(content: bytes, encoding: Encoding) -> str:
    """The first record that is not empty, up to the line end that no quotation marks enclose."""
    text = ""
    for line in islice(_lines(content, encoding), _LINES_OF_A_HEADER):
        text += line if text or line.strip(' \t\r\n;,|"') else ""
        if text and text.count('"') % 2 == 0:
            break
    return text


def _separator_of(header: str) -> str:
    """The most frequent one outside quotation marks; commas if there is none."""
    outside = Counter("".join(header.split('"')[0::2]))
    best = max(SEPARATORS, key=lambda separator: outside[separator])
    return best if outside[best] else ","

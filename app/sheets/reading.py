"""Reading a table that somebody uploads, CSV or XLSX, told apart by what is in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from app.domain.errors import DomainError
from app.domain.text import fold_text
from app.sheets.cells import tidy
from app.sheets.delimited import Delimited, delimited
from app.sheets.limits import MOST_BYTES, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS
from app.sheets.workbook import Workbook, workbook

_ZIP = b"PK"
_COMPOUND = b"\xd0\xcf\x11\xe0"  # what .xls was, and what Excel wraps an encrypted .xlsx in
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
# A table whose rows are mostly empty is refused before it is walked through to the last.
_MOST_RECORDS = 1_048_576


@dataclass(frozen=True, slots=True)
class Row:
    """One record. `line` is where it begins in the file, counting from 1: the line of a CSV file (line ends
    within quotation marks counted), the row of an XLSX sheet. There is one cell per header. `problem` is a
    sentence for the reader, without the line, if the row cannot be trusted.
    """

    line: int
    cells: list[str]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with at least one header and one row. `kind` is "CSV" or "XLSX"; `encoding` and `delimiter` are
    words for the page, empty for XLSX; an encoding that is `encodings.LAST_RESORT` deserves a warning.
    """

    headers: list[str]
    kind: str
    encoding: str
    delimiter: str
    _source: Delimited | Workbook = field(repr=False)

    def rows(self) -> Iterator[Row]:
        """The rows that are not empty, one at a time and from the first at each call.

        Raises DomainError when a part not read before turns out to be unreadable, or there are too many.
        """
        records = _filled(self._source)
        next(records, None)
        for count, (line, cells) in enumerate(records):
            if count == MOST_ROWS:
                raise DomainError(
                    f"The table has more than {MOST_ROWS:,} rows. Split it into several files.", "file"
                )
            yield _row(line, cells, self.headers)


def read(content: bytes, filename: str) -> Sheet:
    """The table in `content`; `filename` is only used to name it. Raises DomainError for what cannot be read.

    Cells are tidied (see `cells.tidy`), headers too. Columns at the right that have no header are left out
    when they are empty.
    """
    name = f"“{PurePath(filename.replace(chr(92), '/')).name}”" if filename.strip() else "The file"
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise DomainError(f"{name} is empty.", "file")
    if len(content) > MOST_BYTES:
        raise DomainError(
            f"{name} is larger than {MOST_BYTES // 1024 // 1024} MB. Split it into several files.", "file"
        )
    if content.startswith(_COMPOUND):
        raise DomainError(
            f"{name} is an old .xls workbook or protected by a password. "
            "Save it as XLSX without a password, or as CSV.",
            "file",
        )
    source = workbook(content, name) if content.startswith(_ZIP) else delimited(content, name)
    headers = _headers(source, name)
    if isinstance(source, Workbook):
        return Sheet(headers, "XLSX", "", "", source)
    return Sheet(headers, "CSV", source.encoding.words, source.separator_words, source)


def _filled(source: Delimited | Workbook) -> Iterator[tuple[int, list[str]]]:
    """The records in which something is written, tidied, without what is empty at their right."""
    for count, (line, raw) in enumerate(source.records()):
        if line > _MOST_RECORDS or count > _MOST_RECORDS:
            raise DomainError(
                "The table goes on over more than a million lines. Remove the empty ones.", "file"
            )
        cells = [tidy(cell) for cell in raw]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield line, cells


def _headers(source: Delimited | Workbook, name: str) -> list[str]:
    records = _filled(source)
    _, headers = next(records, (0, []))
    if not headers:
        raise DomainError(f"{name} is empty: there is no row in which something is written.", "file")
    if len(headers) > MOST_COLUMNS:
        raise DomainError(f"{name} has more than {MOST_COLUMNS} columns. Leave out those not needed.", "file")
    _refuse_headers(headers, name)
    if next(records, None) is None:
        raise DomainError(f"{name} has headers (“{headers[0]}” …) but no rows below them.", "file")
    return headers


def _refuse_headers(headers: list[str], name: str) -> None:
    seen: dict[str, str] = {}
    for header in filter(None, headers):
        if len(header) > MOST_CHARACTERS:
            raise DomainError(f"{name} does not begin with a row of headers: one is far too long.", "file")
        folded = fold_text(header)
        if folded in seen:
            both = f"“{header}”" if seen[folded] == header else f"“{seen[folded]}” and “{header}”"
            raise DomainError(f"Two columns are called {both}. Rename or remove one of them.", "file")
        seen[folded] = header


def _row(line: int, cells: list[str], headers: list[str]) -> Row:
    width = len(headers)
    problem = None
    if len(cells) > width:
        problem = f"This row has {len(cells)} cells, but there are {width} headers: a separator too many?"
        cells = cells[:width]
    for index, cell in enumerate(cells):
        column = headers[index] or f"column {index + 1}"
        if len(cell) > MOST_CHARACTERS:
            problem = f"“{column}” has {len(cell):,} characters; at most {MOST_CHARACTERS:,} are allowed."
            cells[index] = cell[:MOST_CHARACTERS]
        elif cell in _ERRORS:
            problem = f"“{column}” holds the error {cell} of a formula."
    return Row(line, cells + [""] * (width - len(cells)), problem)

"""Writing tables that open right in a spreadsheet and do nothing there."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from app.sheets.cells import harmless, is_formula, plain

type_of_csv = "text/csv; charset=utf-8"
type_of_xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | float | Decimal | None

_PIECE = 64 * 1024
_NARROWEST, _WIDEST = 8, 60
_MOST_DIGITS = 15  # a spreadsheet rounds what is longer
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
_MADE_AT = datetime(2000, 1, 1)  # noqa: DTZ001  no zone in the format; the same table gives the same bytes


def csv_bytes(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A CSV file in pieces: UTF-8 with byte-order mark, commas, CRLF, as Excel expects it.

    Texts that a spreadsheet might take for a formula get an apostrophe in front, which `reading` removes
    again; numbers stay numbers. Times are given as text.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([harmless(header) for header in headers])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        if buffer.tell() >= _PIECE:
            yield _taken(buffer)
    yield _taken(buffer)


def xlsx_bytes(headers: Sequence[str], rows: Iterable[Sequence[Cell]], sheet_name: str) -> bytes:
    """An XLSX file of one sheet, its headers bold and kept in sight; rows pass through one at a time.

    Texts are texts, whatever they begin with; numbers are numbers. Times are given as text.
    """
    # 90 ms that only those who ask for a workbook should wait for
    from xlsxwriter import Workbook  # noqa: PLC0415

    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        book.set_properties({"created": _MADE_AT})
        sheet = book.add_worksheet(_sheet_name(sheet_name))
        sheet.freeze_panes(1, 0)
        widths = [0] * len(headers)
        _write_row(sheet, 0, headers, widths, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            _write_row(sheet, number, row, widths)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(max(width + 2, _NARROWEST), _WIDEST))
    return file.getvalue()


def _taken(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode("utf-8", errors="replace")
    buffer.seek(0)
    buffer.truncate()
    return piece


def _csv_cell(cell: Cell) -> Cell:
    match cell:
        case str():
            return harmless(cell)
        case bool():
            return _yes_or_no(cell)
        case _:
            return cell


def _yes_or_no(answer: bool) -> str:
    return "yes" if answer else "no"


def _write_row(sheet: Any, number: int, row: Sequence[Cell], widths: list[int], *look: Any) -> None:
    for column, cell in enumerate(row):
        if cell is None or cell == "":
            continue
        if _is_number(cell):
            sheet.write_number(number, column, cell, *look)
            text = str(cell)
        else:
            text = _xlsx_text(cell)
            sheet.write_string(number, column, text, *look)
        if column < len(widths):
            widths[column] = max(widths[column], *map(len, text.split("\n")))


def _is_number(cell: Cell) -> bool:
    """Whether a spreadsheet can hold it as one without rounding it."""
    if isinstance(cell, bool | str) or cell is None:
        return False
    if isinstance(cell, int):
        return len(str(abs(cell))) <= _MOST_DIGITS
    return Decimal(cell).is_finite()


def _xlsx_text(cell: Cell) -> str:
    """As it is; only an apostrophe before a sign is doubled, because `reading` takes one away."""
    text = plain(_yes_or_no(cell) if isinstance(cell, bool) else str(cell))
    return f"'{text}" if text.lstrip().startswith("'") and is_formula(text) else text


def _sheet_name(name: str) -> str:
    """What Excel accepts: 31 characters, some not allowed, no apostrophe at either end, and not History."""
    name = " ".join(_NOT_IN_A_NAME.sub(" ", name).split())[:31].strip("' ")
    return "Table" if name.lower() in ("", "history") else name

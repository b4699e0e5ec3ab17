"""Records of the first visible sheet of an XLSX file, one row of it in memory at a time."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError, iterparse  # noqa: S405  DTDs are refused in `packing`

from app.domain.errors import DomainError
from app.sheets.limits import MOST_COLUMNS
from app.sheets.packing import open_package

_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DATA, _ROW = f"{_NAMESPACE}sheetData", f"{_NAMESPACE}row"
# Cells far to the right are looked at only to be told of: a column number is not to be trusted with memory.
_FARTHEST = 2 * MOST_COLUMNS
_MOST_KEPT = 200_000  # XML elements at a time: a row of the widest sheet, each cell with all that it may hold
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)|_x00([01][0-9A-Fa-f])_")
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, ParseError, EOFError, OSError, NotImplementedError),
    *(ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
)


@dataclass(frozen=True, slots=True)
class Workbook:
    """An XLSX file that is safe to open."""

    content: bytes
    name: str

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that is in the file with its number, counting from 1; those never used are not."""
        try:
            yield from self._records()
        except _DAMAGE as error:
            raise DomainError(
                f"{self.name} is damaged or was not made by a spreadsheet. Open it, save it again as XLSX "
                "or CSV, and choose that file.",
                "file",
            ) from error

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        # 100 ms that only those who upload a workbook should wait for
        from openpyxl import load_workbook  # noqa: PLC0415

        book = load_workbook(io.BytesIO(self.content), read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if sheets:
                yield from _rows(sheets[0])
        finally:
            book.close()


def workbook(content: bytes, name: str) -> Workbook:
    """Refuses what cannot be opened safely, calling the file `name`."""
    open_package(content, name).close()
    return Workbook(content, name)


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """openpyxl understands cells; its own walk over the rows keeps a remnant of each of them and believes the
    widths and gaps it is told.
    """
    from openpyxl.worksheet._reader import WorkSheetParser  # noqa: PLC0415  see above

    book = sheet.parent
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for row in _row_elements(source):
            number, cells = parser.parse_row(row)
            parser.row_dimensions.clear()
            yield number, _in_columns(cells)


def _row_elements(source: IO[bytes]) -> Iterator[Element]:
    """Each row once it is complete; forgotten as soon as the next is asked for."""
    data: Element | None = None
    kept = 0
    for event, element in iterparse(source, ("start", "end")):  # noqa: S314  see the import
        if event == "start":
            data = element if element.tag == _DATA else data
            kept += 1
            if kept > _MOST_KEPT:
                raise ValueError("a row, or what stands before the rows, does not end")
        elif element.tag == _ROW and data is not None:
            yield element
            data.clear()
            kept = 0
        elif element is data:
            return


def _in_columns(cells: list[dict[str, Any]]) -> list[str]:
    columns: list[str] = []
    for cell in cells:
        if cell["value"] is None:
            continue
        place = min(cell["column"], _FARTHEST)
        columns.extend([""] * (place - len(columns)))
        columns[place - 1] = _text(cell["value"])
    return columns


def _text(value: object) -> str:
    """As a person would type it: 5 for 5.0, dates and times in ISO 8601, yes and no."""
    match value:
        case str():
            return _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else "_", value)
        case bool():
            return "yes" if value else "no"
        case float():
            # fifteen digits are what a spreadsheet shows; the others are remnants of binary fractions
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
        case datetime():
            return _moment(value)
        case time():
            return _moment(datetime.combine(date.min, value)).partition("T")[2] or "00:00"
        case date():
            return value.isoformat()
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
        case _:
            return str(value)


def _moment(value: datetime) -> str:
    """A spreadsheet's days are fractions, so that a minute may be off by some microseconds."""
    if value.microsecond >= 500_000 and value < datetime.max - timedelta(seconds=1):  # noqa: DTZ901  no zone in a cell
        value += timedelta(seconds=1)
    value = value.replace(microsecond=0)
    if value.time() == time():
        return value.date().isoformat()
    return value.isoformat(timespec="seconds" if value.second else "minutes")

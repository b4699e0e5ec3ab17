"""Files as people's programs make them."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook

from app.sheets.reading import Sheet, read


def csv_text(rows: Iterable[Sequence[str]], separator: str = ",", line_end: str = "\r\n") -> str:
    """Every cell in quotation marks, save those of the first row."""
    first, *others = rows
    lines = [
        separator.join(first),
        *(separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in others),
    ]
    return line_end.join(lines) + line_end


def read_text(text: str) -> Sheet:
    return read(text.encode(), "people.csv")


def table(sheet: Sheet) -> list[list[str]]:
    return [sheet.headers, *(row.cells for row in sheet.rows())]


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xlsx(rows: Iterable[Sequence[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The archive with some of its parts replaced, or added."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name])
    return file.getvalue()


def sheet_xml(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read("xl/worksheets/sheet1.xml").decode()

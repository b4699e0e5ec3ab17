import io
import zipfile
from functools import partial

import pytest

from app.domain.errors import DomainError
from app.sheets.limits import MOST_BYTES, MOST_CHARACTERS, MOST_COLUMNS, MOST_ROWS, MOST_UNPACKED
from app.sheets.reading import read
from app.sheets.writing import csv_bytes, xlsx_bytes
from tests.sheets.files import read_text, sheet_xml, with_parts, xlsx

BOOK = xlsx([["Name"], ["Ada"]])
SHEET = "xl/worksheets/sheet1.xml"
BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>"""


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def protected(content: bytes) -> bytes:
    """Every entry of the directory says that it is encrypted."""
    changed = bytearray(content)
    place = changed.find(b"PK\x01\x02")
    while place >= 0:
        changed[place + 8] |= 1
        place = changed.find(b"PK\x01\x02", place + 1)
    return bytes(changed)


def with_sheet(prologue: bytes) -> bytes:
    return with_parts(BOOK, {SHEET: prologue + sheet_xml(BOOK).encode()})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (b'"",\n,,\n', "no row in which something is written"),
        (b"Name,E-mail\r\n\r\n,,\r\n", "no rows below them"),
        (xlsx([["Name"]]), "no rows below them"),
        (xlsx([]), "no row in which something is written"),
        (b"%PDF-1.7 ...", "not a table but a PDF"),
        (b"\x89PNG\r\n\x1a\n....", "not a table but a picture"),
        (b"\n<html><table><tr><td>Name", "not a table but a web page"),
        (bytes(range(256)) * 20, "is not a table."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old .xls workbook or protected by a password"),
        (protected(BOOK), "protected by a password"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "archive and not an XLSX"),
        (BOOK[: len(BOOK) // 2], "damaged"),
        (b"Name,n a m e,NAME\nx,y,z", "called “Name” and “NAME”"),
        (b"A,A\nx,y", "Two columns are called “A”."),
        (xlsx([["Città", "citta"], ["x", "y"]]), "called “Città” and “citta”"),
        (",".join(f"c{n}" for n in range(MOST_COLUMNS + 1)).encode() + b"\n1", "more than 100 columns"),
        (b"N\n" + b"x" * MOST_BYTES, "larger than 10 MB"),
        (with_sheet(BOMB), "XML declarations"),
        (with_sheet(b"<!--" + b"x" * 100_000 + b"-->" + BOMB), "XML declarations"),
        (with_parts(BOOK, {"xl/media/a.png": BOMB + b"<x>&b;</x>"}), "XML declarations"),
        (with_parts(BOOK, {SHEET: b" " * (MOST_UNPACKED + 1)}), "unpacks to far more"),
        (with_parts(BOOK, {"xl/styles.xml": b" " * (MOST_BYTES + 1)}), "unpacks to far more"),
        (archive(**{"[Content_Types].xml": b"<x/>"}), "damaged"),
    ],
)
def test_a_file_is_refused_in_words(content, said):
    with pytest.raises(DomainError) as refusal:
        read(content, "C:\\lists\\people.csv")
    assert said in refusal.value.message
    assert refusal.value.field == "file"
    assert "“people.csv”" in refusal.value.message or "Two columns" in refusal.value.message


def test_a_quotation_mark_that_is_never_closed():
    with pytest.raises(DomainError, match=r"^Line 3: a quotation mark is opened"):
        list(read_text('Name,Note\nAda,x\nBo,"open\nCy,y\nDi,z\n').rows())


@pytest.mark.parametrize(
    "write", [lambda *table: b"".join(csv_bytes(*table)), partial(xlsx_bytes, sheet_name="x")]
)
def test_too_many_rows(write):
    sheet = read(write(["Name"], ([f"n{number}"] for number in range(MOST_ROWS + 1))), "long")
    rows = sheet.rows()
    for _ in range(MOST_ROWS):
        assert next(rows).problem is None
    with pytest.raises(DomainError, match="more than 50,000 rows"):
        next(rows)


def test_a_cell_that_is_too_long_is_its_rows_problem():
    much, far_too_much = "x" * MOST_CHARACTERS, "y\n" * 100_000 + "y"
    text = f'Name,Note\nAda,{much}\nBo,"{far_too_much}"\nCy,z\n'
    first, second, third = read_text(text).rows()
    assert (first.problem, third.problem, third.line) == (None, None, 100_004)
    assert second.problem == "“Note” has 200,001 characters; at most 10,000 are allowed."
    assert len(second.cells[1]) == MOST_CHARACTERS


def test_a_table_of_a_million_empty_lines():
    with pytest.raises(DomainError, match="more than a million lines"):
        list(read(b"Name\nAda\n" + b"\n" * 1_100_000, "long.csv").rows())


def test_a_stray_nul_in_a_text_is_no_reason():
    assert [row.cells for row in read(b"Name\nA\0da\x01\n", "n.csv").rows()] == [["Ada"]]
    assert [row.cells for row in read(b"Name\nZo\xeb\0\n", "n.csv").rows()] == [["Zoë"]]

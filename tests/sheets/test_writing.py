import csv
import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from app.sheets.reading import read
from app.sheets.writing import csv_bytes, xlsx_bytes
from tests.sheets.files import sheet_xml

DANGEROUS = [
    '=HYPERLINK("http://x.invalid","x")',
    "+49 30 1234",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\tx",
    "\nx",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "\0=1+1",
    "'=1+1",
]


def cells_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_is_harmless_in_csv_and_reads_as_it_was(text):
    content = b"".join(csv_bytes(["=A", "B"], [[text, "x"]]))
    header, row = cells_of(content)
    assert header[0] == "'=A"
    assert row[0].startswith("'")
    assert row[0][1:] == text.replace("\r", "\n").replace("\0", "")
    sheet = read(content, "out.csv")
    assert sheet.headers == ["=A", "B"]
    assert [row.cells for row in sheet.rows()] == [[text.strip("\0 \r\t\n\u00a0"), "x"]]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_is_a_text_in_a_workbook(text):
    content = xlsx_bytes(["=A", "B"], [[text, "https://example.org"]], "People")
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.data_type for row in sheet.rows for cell in row] == ["s"] * 4
    assert "<f>" not in sheet_xml(content)
    assert "<hyperlink" not in sheet_xml(content)
    assert [row.cells[0] for row in read(content, "out.xlsx").rows()] == [text.strip("\0 \r\t\n\u00a0")]


@pytest.mark.parametrize("text", ["", "Ada", "a=b", "x-y", "it's", "'quoted'", "5 - 3", "ada@example.org"])
def test_other_texts_stay_as_they_are(text):
    assert cells_of(b"".join(csv_bytes(["A", "B"], [[text, "x"]])))[1] == [text, "x"]


def test_csv_opens_right_in_excel():
    rows = [["Zoë", 5, -2.5, None, True], ['a "b", c', "d\r\ne", Decimal("-1.50"), "", False]]
    assert (
        b"".join(csv_bytes(["Name", "B", "C", "D", "E"], rows))
        == ('\ufeffName,B,C,D,E\r\nZoë,5,-2.5,,yes\r\n"a ""b"", c","d\ne",-1.50,,no\r\n').encode()
    )


def test_csv_comes_in_pieces_while_the_rows_do():
    taken = []

    def rows():
        for number in range(20_000):
            taken.append(number)
            yield [f"person {number}", number]

    pieces = csv_bytes(["Name", "Number"], rows())
    next(pieces)
    assert len(taken) < 10_000
    assert max(map(len, pieces)) < 100_000
    assert len(taken) == 20_000


def test_a_workbook_is_ready_to_be_looked_at():
    rows = [["Ada", 5, -2.5, None, Decimal("1.5")], ["B" * 200, 12345678901234567890, float("nan"), "", True]]
    book = load_workbook(io.BytesIO(xlsx_bytes(["Name", "No.", "C", "D", "E"], rows, "Waiting: list/2 [x]")))
    sheet = book.active
    assert [cell.value for cell in sheet[2]] == ["Ada", 5, -2.5, None, 1.5]
    assert [cell.value for cell in sheet[3]] == ["B" * 200, "12345678901234567890", "nan", None, "yes"]
    assert sheet.title == "Waiting list 2 x"
    assert sheet.freeze_panes == "A2"
    assert [cell.font.bold for cell in (*sheet[1], sheet["A2"])] == [True] * 5 + [False]
    assert sheet.column_dimensions["A"].width > 55
    assert sheet.column_dimensions["B"].width > 20 > sheet.column_dimensions["C"].width


@pytest.mark.parametrize(
    ("name", "title"), [("", "Table"), ("History", "Table"), ("'Ana's'", "Ana's"), ("x" * 40, "x" * 31)]
)
def test_the_sheet_has_a_name_that_excel_accepts(name, title):
    assert load_workbook(io.BytesIO(xlsx_bytes(["A"], [], name))).sheetnames == [title]


def test_the_same_table_gives_the_same_bytes():
    first, second = (xlsx_bytes(["A"], [["x"], [5]], "T") for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert b"2000-01-01T00:00:00Z" in package.read("docProps/core.xml")

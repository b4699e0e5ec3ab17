from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook

from app.domain.errors import DomainError
from app.sheets.reading import Row, read
from app.sheets.writing import xlsx_bytes
from tests.sheets.files import saved, sheet_xml, table, with_parts, xlsx


def test_a_workbook_of_openpyxl_whatever_its_name():
    sheet = read(xlsx([["Name", "E-mail"], ["José", "jose@example.org"]]), "people.csv")
    assert table(sheet) == [["Name", "E-mail"], ["José", "jose@example.org"]]
    assert (sheet.kind, sheet.encoding, sheet.delimiter) == ("XLSX", "", "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (5.0, "5"),
        (-2.5, "-2.5"),
        (0.1 + 0.2, "0.3"),
        (123456789012, "123456789012"),
        (True, "yes"),
        (False, "no"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 9, 30), "2026-03-01T09:30"),
        (datetime(2026, 3, 1, 9, 30, 7), "2026-03-01T09:30:07"),
        (time(9, 30), "09:30"),
        (time(0, 0), "00:00"),
        (timedelta(hours=36, minutes=5), "36:05"),
        (" a\r\nb ", "a\nb"),
        ("two_x000D_\nlines", "two\nlines"),
        ("'=1+1", "=1+1"),
    ],
)
def test_values_read_as_a_person_would_type_them(value, text):
    [row] = read(xlsx([["Value", "Next"], [value, "x"]]), "v.xlsx").rows()
    assert row.cells == [text, "x"]


def test_rows_keep_their_numbers_and_gaps_are_filled():
    book = Workbook()
    for place, value in {"A2": "Name", "B2": "E-mail", "D2": "Country", "A5": "Ada", "D7": "Ghana"}.items():
        book.active[place] = value
    sheet = read(saved(book), "gaps.xlsx")
    assert sheet.headers == ["Name", "E-mail", "", "Country"]
    assert list(sheet.rows()) == [Row(5, ["Ada", "", "", ""]), Row(7, ["", "", "", "Ghana"])]


def test_the_first_visible_sheet_is_read():
    book = Workbook()
    book.active.append(["Hidden"])
    book.active.sheet_state = "hidden"
    for row in (["Name"], ["Ada"]):
        book.create_sheet("People").append(row) if "People" not in book else book["People"].append(row)
    assert table(read(saved(book), "b.xlsx")) == [["Name"], ["Ada"]]


def test_errors_of_formulas_and_cells_too_far_are_told_of():
    book = Workbook()
    for row in (["Name", "Sum"], ["Ada", "#REF!"], ["Bo", "1"]):
        book.active.append(row)
    book.active["XFD3"] = "far"
    error, far = read(saved(book), "e.xlsx").rows()
    assert error.problem == "“Sum” holds the error #REF! of a formula."
    assert far.cells == ["Bo", "1"]
    assert far.problem is not None


def test_no_memory_is_given_to_a_column_that_does_not_exist():
    content = xlsx([["Name"], ["Ada"]])
    lying = sheet_xml(content).replace('r="A2"', 'r="ZZZ2"').replace('ref="A1:A2"', 'ref="A1:ZZZ9999999"')
    with_lies = with_parts(content, {"xl/worksheets/sheet1.xml": lying.encode()})
    [row] = read(with_lies, "far.xlsx").rows()
    assert row.problem is not None


def test_rows_without_numbers_are_counted():
    content = xlsx([["Name"], ["Ada"], ["Bo"]])
    bare = sheet_xml(content)
    for number in (1, 2, 3):
        bare = bare.replace(f' r="{number}"', "").replace(f' r="A{number}"', "")
    sheet = read(with_parts(content, {"xl/worksheets/sheet1.xml": bare.encode()}), "bare.xlsx")
    assert [(row.line, row.cells) for row in sheet.rows()] == [(2, ["Ada"]), (3, ["Bo"])]


@pytest.mark.parametrize("filler", ['<row r="2">{}</row>', "{}"], ids=["in a row", "outside"])
def test_no_memory_is_given_to_a_row_that_never_ends(filler):
    content = xlsx([["Name"], ["Ada"]])
    endless = sheet_xml(content).replace('<row r="2">', filler.format("<c/>" * 250_000) + '<row r="2">', 1)
    assert len(endless) > 1_000_000
    with pytest.raises(DomainError, match="damaged"):
        read(with_parts(content, {"xl/worksheets/sheet1.xml": endless.encode()}), "endless.xlsx")


def test_a_damaged_sheet_is_refused_in_words():
    content = xlsx([["Name"], *([f"Ada {number}"] for number in range(20))])
    broken = sheet_xml(content)[:-200].encode()
    sheet_of_damage = with_parts(content, {"xl/worksheets/sheet1.xml": broken})
    with pytest.raises(DomainError, match=r"“d.xlsx” is damaged"):
        list(read(sheet_of_damage, "d.xlsx").rows())


def test_what_xlsxwriter_writes_is_read():
    rows = [["=1+1", 5, "", None], ["'=x", 2.5, "_x0041_ _x000D_", "Zoë\nB"]]
    headers = ["A", "B", "C", "D"]
    assert table(read(xlsx_bytes(headers, rows, "People"), "x.xlsx")) == [
        headers,
        ["=1+1", "5", "", ""],
        ["'=x", "2.5", "_x0041_ _x000D_", "Zoë\nB"],
    ]

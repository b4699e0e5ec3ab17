import codecs

import pytest

from app.sheets.encodings import LAST_RESORT
from app.sheets.reading import Row, read
from tests.sheets.files import csv_text, read_text, table

PEOPLE = [
    ["Name", "E-mail", "Organisation"],
    ["Müller, Zoë", "zoe@example.org", "Ministère; Santé"],
    ["Nguyễn Ân", "an@example.org", 'The "Blue" | Office'],
]
WESTERN = [*PEOPLE[:2], ["Ñoño", "n@example.org", "€uro – “works”"]]
ENCODINGS = [
    ("utf-8", b"", "UTF-8"),
    ("utf-8", codecs.BOM_UTF8, "UTF-8 with byte-order mark"),
    ("utf-16-le", codecs.BOM_UTF16_LE, "UTF-16 with byte-order mark"),
    ("utf-16-be", codecs.BOM_UTF16_BE, "UTF-16 with byte-order mark"),
    ("utf-16-le", b"", "UTF-16 without byte-order mark"),
    ("utf-16-be", b"", "UTF-16 without byte-order mark"),
    ("cp1252", b"", LAST_RESORT),
]


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"], ids=["CRLF", "LF", "CR"])
@pytest.mark.parametrize(
    ("separator", "words"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")]
)
@pytest.mark.parametrize(("codec", "mark", "encoding"), ENCODINGS)
def test_every_encoding_separator_and_line_end(codec, mark, encoding, separator, words, line_end):
    people = WESTERN if codec == "cp1252" else PEOPLE
    sheet = read(mark + csv_text(people, separator, line_end).encode(codec), "people.csv")
    assert table(sheet) == people
    assert (sheet.kind, sheet.encoding, sheet.delimiter) == ("CSV", encoding, words)
    assert [row.line for row in sheet.rows()] == [2, 3]


def test_lines_are_where_a_record_begins():
    sheet = read_text(
        'Name,Note\r\n"Ada","one\r\ntwo\r\nthree"\r\n\r\n , \r\nBo,plain\r\n"Cy","a\nb"\nDi,end'
    )
    assert list(sheet.rows()) == [
        Row(2, ["Ada", "one\ntwo\nthree"]),
        Row(7, ["Bo", "plain"]),
        Row(8, ["Cy", "a\nb"]),
        Row(10, ["Di", "end"]),
    ]


def test_a_header_of_two_lines_and_empty_lines_before_it():
    sheet = read_text('\n;;\n"Name\n(family name, first name)";"E-mail"\nLovelace;ada@example.org\n')
    assert sheet.headers == ["Name\n(family name, first name)", "E-mail"]
    assert list(sheet.rows()) == [Row(5, ["Lovelace", "ada@example.org"])]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=; "])
def test_excels_own_line_names_the_separator(first):
    sheet = read_text(f"{first}\r\nName, first and last, in full;E-mail\r\nAda;ada@example.org\r\n")
    assert sheet.headers == ["Name, first and last, in full", "E-mail"]
    assert list(sheet.rows()) == [Row(3, ["Ada", "ada@example.org"])]
    assert sheet.delimiter == "semicolons"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ('"a;b;c;d",e', "commas"),
        ("Name (family, first);E-mail", "semicolons"),
        ("Name", "commas"),
        ("a,b\tc, d\te", "tabs"),
    ],
)
def test_the_separator_is_guessed_outside_quotation_marks(header, words):
    assert read_text(f"{header}\nx").delimiter == words


def test_the_same_rows_can_be_read_again():
    sheet = read_text("Name\nAda\nBo\n")
    assert list(sheet.rows()) == list(sheet.rows())


def test_cells_are_tidied():
    sheet = read_text("Name,Note\n \u00a0Jose\u0301\t,a\0b\x07c\x85d\n'=1+1,'plain\n'\u00a0+49,''=x\n'-,'\n")
    assert [row.cells for row in sheet.rows()] == [
        ["José", "abcd"],
        ["=1+1", "'plain"],
        ["+49", "'=x"],
        ["-", "'"],
    ]


def test_short_rows_are_filled_up_and_long_ones_are_told_of():
    sheet = read_text("Name,E-mail,,\nAda\nBo,b@example.org,,,\nCy,c@example.org,more\n")
    short, long_but_empty, long = sheet.rows()
    assert short == Row(2, ["Ada", ""])
    assert long_but_empty == Row(3, ["Bo", "b@example.org"])
    assert long.cells == ["Cy", "c@example.org"]
    assert long.problem == "This row has 3 cells, but there are 2 headers: a separator too many?"


def test_a_column_without_a_header_in_between_stays_where_it_is():
    assert table(read_text("Name,,E-mail,\nAda,x,ada@example.org,\n")) == [
        ["Name", "", "E-mail"],
        ["Ada", "x", "ada@example.org"],
    ]

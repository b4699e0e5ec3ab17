"""What is written is read as it was, save that blanks around a text go and its letters are composed."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.sheets.cells import harmless, is_formula, plain, tidy
from app.sheets.reading import read
from app.sheets.writing import csv_bytes, xlsx_bytes
from tests.sheets.files import table

TRICKY = st.text(
    st.sampled_from("'=+-@＝\t\r\n \u00a0\u200b\",;|ae\u0301\u0338_x05F\0\x85\u2028"), max_size=8
)
TEXTS = st.one_of(TRICKY, st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
ROWS = st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=6)
HEADERS = ["Name", "E-mail", "=Note"]


def expected(rows: list[list[str]]) -> list[list[str]]:
    bare = [[plain(cell).strip() for cell in row] for row in rows]
    return [HEADERS, *(row for row in bare if any(row))]


@given(ROWS)
@example([["x", "'", "''"], ["'\t", "\t'", "' '="], ["=\u0338", "'=\u0338", "x"]])
def test_csv(rows):
    content = b"".join(csv_bytes(HEADERS, [["x", "y", "z"], *rows]))
    assert table(read(content, "t.csv")) == expected([["x", "y", "z"], *rows])


@given(ROWS)
@example([["_x005F_", "_x000D_", "_x0041_"], ["_x005F_x0041_", " x ", "'=1"]])
@settings(max_examples=40, deadline=None)
def test_xlsx(rows):
    content = xlsx_bytes(HEADERS, [["x", "y", "z"], *rows], "T")
    assert table(read(content, "t.xlsx")) == expected([["x", "y", "z"], *rows])


@given(TEXTS)
@example("\u200b\t")
def test_nothing_harmless_is_a_formula(text):
    written = harmless(text)
    assert written == "" or written[0] == "'" or not is_formula(written)
    assert written.rstrip().lstrip("\u200b")[:1] not in {*"=+-@＝＋－＠\t\r"} - {""}
    assert tidy(written) == plain(text).strip()

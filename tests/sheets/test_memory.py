"""Rows pass through: what is held does not grow with their number."""

import tracemalloc
from functools import partial

import pytest

from app.sheets.reading import read
from app.sheets.writing import csv_bytes, xlsx_bytes

HEADERS = ["Name", "E-mail"]
FEW, MANY, MOST = 2_000, 10_000, 50_000


def people(count):
    for number in range(count):
        yield [f"Zoë Müller {number}", f"zoe{number}@example.org"]


def csv_whole(headers, rows):
    return b"".join(csv_bytes(headers, rows))


xlsx_whole = partial(xlsx_bytes, sheet_name="People")


@pytest.mark.parametrize(
    ("write", "many"),
    [
        pytest.param(csv_whole, MOST, id="CSV"),
        pytest.param(xlsx_whole, MANY, id="XLSX"),
        pytest.param(xlsx_whole, MOST, id="XLSX of full size", marks=pytest.mark.long),
    ],
)
def test_memory_stays_flat_while_rows_are_read(write, many):
    sheet = read(write(HEADERS, people(many)), "people")
    tracemalloc.start()
    try:
        count = early = 0
        for count, row in enumerate(sheet.rows(), start=1):
            assert row.problem is None
            if count == FEW:
                early = tracemalloc.get_traced_memory()[0]
                tracemalloc.reset_peak()
        late, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == many
    assert late - early < 300_000
    assert peak - early < 600_000


def test_memory_stays_flat_while_a_workbook_is_written():
    tracemalloc.start()
    try:
        size = len(xlsx_bytes(HEADERS, people(MANY), "People"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * size + 1_000_000

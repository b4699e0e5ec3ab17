"""Ten thousand people at once: how long it takes, and what is held meanwhile."""

import time
import tracemalloc

import pytest
from sqlalchemy import func, select

from app.database import db
from app.enrolments.bulk import Import, ImportState
from app.enrolments.models import Enrolment
from tests.enrolments.importing import working

pytestmark = pytest.mark.long


@pytest.mark.parametrize("table", [working.csv_table, working.xlsx_table], ids=["CSV", "XLSX"])
def test_ten_thousand_people_are_in_within_a_minute(app, real_database, table):
    journey_id, user_id = working.prepare()
    content = table(10_000)
    began = time.monotonic()
    import_id = working.upload(journey_id, user_id, content)
    working.work_off()
    checked = time.monotonic()
    working.ask_to_apply(import_id, user_id)
    working.work_off()
    applied = time.monotonic()
    print(f"dry run {checked - began:.1f} s, applied {applied - checked:.1f} s")
    assert db.get_one(Import, import_id, populate_existing=True).state is ImportState.APPLIED
    assert db.scalar(select(func.count()).select_from(Enrolment)) == 10_000
    assert applied - began < 60, "on a machine that does nothing else"


def test_what_is_held_does_not_grow_with_the_rows(app, real_database):
    journey_id, user_id = working.prepare()
    working.upload(journey_id, user_id, working.csv_table(10))
    working.work_off()  # what is read once is read
    peaks = [_peak(journey_id, user_id, count) for count in (2_000, 10_000)]
    assert peaks[1] < peaks[0] + 8 * 1024 * 1024  # the file, and the addresses that are looked at for twins


def _peak(journey_id, user_id, count):
    content = working.csv_table(count)
    tracemalloc.start()
    try:
        import_id = working.upload(journey_id, user_id, content)
        working.work_off()
        working.ask_to_apply(import_id, user_id)
        working.work_off()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

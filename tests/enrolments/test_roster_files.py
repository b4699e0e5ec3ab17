"""A roster taken along as a file: the filters and the order of the list, harmless cells, a stated zone."""

import csv
import io

import pytest

from app.domain.attendance import Attendance
from app.sheets.reading import read
from tests.enrolments.rosters import fill
from tests.factories import NOW, make_learning_session, make_offering, make_participant
from tests.people import ada, browser_of, cast, pat, seat


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def at(offering, kind: str = "csv", query: str = "") -> str:
    return f"/organise/offerings/{offering.id}/roster.{kind}{query}"


def table(answer) -> list[dict[str, str]]:
    """The rows of a CSV answer by their heads."""
    text = answer.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_sitting_as_csv(app, database):
    offering = make_offering(make_learning_session(), capacity_online=1)
    people = cast(offering)

    answer = browser_of(app, people.ada).get(at(offering))

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="roster-what-capitation-pays-for-2027-03-01.csv"'
    )
    rows = table(answer)
    assert [(one["Name"], one["Status"], one["Position in line"]) for one in rows] == [
        ("Pat Asante", "Confirmed", ""),
        ("Will Rahman", "Waiting", "1"),
    ]
    assert rows[1]["E-mail"] == "will@example.org"
    assert rows[1]["Country"] == "Bangladesh"
    assert rows[1]["Begins there"] == "Dhaka, 18:00 UTC+6"
    assert rows[1]["Asked at (Europe/London)"] == "2027-03-01 09:00"
    assert rows[0]["Confirmed at (Europe/London)"] == "2027-03-01 09:00"


def test_times_are_in_the_zone_that_the_heads_name(app, database):
    offering = make_offering()
    seat(pat(), offering)
    browser = browser_of(app, ada(offering.learning_session.journey))

    row = table(browser.get(at(offering, query="?zone=Asia/Calcutta")))[0]

    assert row["Asked at (Asia/Kolkata)"] == "2027-03-01 14:30"
    assert browser.get(at(offering, query="?zone=Nowhere/Never")).status_code == 422


def test_filters_and_order_count_and_pages_do_not(app, database):
    offering = make_offering()
    fill(offering, 120)
    seat(make_participant("Aaron First", country="VN"), offering)
    browser = browser_of(app, ada(offering.learning_session.journey))

    everybody = table(browser.get(at(offering, query="?page=2&sort=name")))
    one = table(browser.get(at(offering, query="?q=aaron&country=VN")))

    assert len(everybody) == 121
    assert everybody[0]["Name"] == "Aaron First"
    assert [row["Name"] for row in one] == ["Aaron First"]


def test_cells_do_nothing_in_a_spreadsheet(app, database):
    offering = make_offering()
    for name in ("=2+5", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://example.org")'):
        seat(make_participant(name, organisation="=cmd|' /C calc'!A0"), offering)
    browser = browser_of(app, ada(offering.learning_session.journey))

    rows = table(browser.get(at(offering)))

    assert {row["Name"][:2] for row in rows} == {"'=", "'+", "'-", "'@"}
    assert {row["Organisation"][:2] for row in rows} == {"'="}


def test_a_workbook_reads_as_it_was_written(app, database):
    offering = make_offering(make_learning_session(), attendance=Attendance.ONLINE)
    seat(make_participant("سارة الخطيب", country="JO"), offering)
    seat(make_participant("=2+5"), offering)
    browser = browser_of(app, ada(offering.learning_session.journey))

    answer = browser.get(at(offering, "xlsx"))

    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    assert answer.headers["Cache-Control"] == "no-store"
    found = read(answer.data, "roster.xlsx")
    names = {row.cells[0] for row in found.rows()}
    assert names >= {"سارة الخطيب", "=2+5"}


def test_readers_get_no_addresses(app, database):
    offering = make_offering(make_learning_session(), capacity_online=1)
    people = cast(offering)

    heads = table(browser_of(app, people.cora).get(at(offering)))[0]

    assert "E-mail" not in heads
    assert browser_of(app, people.fran).get(at(offering)).status_code == 403
    assert browser_of(app).get(at(offering)).status_code == 303


def test_a_journey_as_csv(app, database):
    offering = make_offering(make_learning_session(), capacity_online=1)
    people = cast(offering)
    path = f"/organise/journeys/{offering.learning_session.journey.slug}/roster.csv"

    answer = browser_of(app, people.ada).get(path)

    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="roster-financing-and-payment-models-2027-03-01.csv"'
    )
    rows = table(answer)
    assert {row["Name"]: row["Status"] for row in rows} == {
        "Pat Asante": "Enrolled",
        "Will Rahman": "Enrolled",
    }
    assert "Answer" in rows[0]


def test_a_file_costs_as_many_queries_for_many_as_for_one(app, database, query_counter):
    offering = make_offering()
    browser = browser_of(app, ada(offering.learning_session.journey))
    fill(offering, 1)
    with query_counter() as few:
        browser.get(at(offering)).get_data()
    fill(offering, 600, first=1)

    with query_counter() as many:
        rows = table(browser.get(at(offering)))

    assert len(rows) == 601
    assert many.count == few.count

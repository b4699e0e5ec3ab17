"""What happens between the dry run and its applying, and to whom it is not their business."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.database import db, writing
from app.enrolments import operations
from app.enrolments.bulk import Import, ImportRow, ImportState
from app.enrolments.importing import uploads
from app.enrolments.models import Enrolment, Place
from app.jobs import worker
from app.jobs.models import Job, JobState
from app.journeys import operations as journeys
from app.journeys.models import Journey, JourneyStatus
from app.participants.models import Participant
from tests.enrolments.importing.tables import HEADERS, ONE, Importer
from tests.enrolments.importing.test_who import fresh, without_account
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import browser_of, cora, make_account, root
from tests.reader import CSRF

TWO = f"{ONE}Kofi Mensah,kofi@example.org,Ghana,,,,,\n"


def enrolled():
    return db.scalar(select(func.count()).select_from(Enrolment))


def close(journey):
    journeys.close(db.get_one(Journey, journey.id), "It is over.", date(2027, 3, 1), NOW)
    db.commit()


def test_what_changed_since_the_dry_run_stops_it(importer, journey):
    importer.dry_run(TWO)
    operations.enrol(fresh(journey), without_account("Kofi Mensah", "kofi@example.org"), NOW)
    shown = importer.apply()
    assert "Nothing was applied" in shown.text
    assert "one row is judged otherwise" in shown.text
    assert "New 1" in shown.text
    assert "Already there 1" in shown.text
    assert enrolled() == 1
    assert importer.apply().title == "The table is applied"
    assert enrolled() == 2


def test_a_dry_run_that_is_no_longer_the_one_seen_is_not_applied(importer):
    importer.dry_run(ONE)
    answer = importer.send_apply(run="99")
    assert answer.status_code == 303
    assert "no longer the dry run you looked at" in " ".join(importer.look().notices)
    assert enrolled() == 0


def test_two_organisers_with_the_same_table_enrol_everybody_once(app, importer, journey):
    other = Importer(browser_of(app, root()), journey, importer.clock)
    importer.dry_run(TWO)
    other.dry_run(TWO)
    assert importer.send_apply().status_code == other.send_apply().status_code == 303
    importer.work()
    assert importer.look().title == "The table is applied"
    late = other.look()
    assert "2 rows are judged otherwise" in late.text
    assert "Already there 2" in late.text
    assert enrolled() == 2
    assert db.scalar(select(func.count()).select_from(Participant).where(Participant.user_id.is_(None))) == 2


def test_a_journey_that_is_closed_refuses_at_every_step(importer, journey):
    importer.upload(ONE)
    close(journey)
    assert importer.upload(ONE, page=f"{importer.here}columns").status_code == 403
    assert importer.columns().status_code == 403
    assert "nobody can be enrolled in it any more" in Page(importer.browser.get(importer.home)).text


def test_a_journey_closed_during_the_dry_run_fails_it(importer, journey):
    importer.upload(ONE)
    importer.columns()
    close(journey)
    importer.work()
    assert "is closed" in " ".join(importer.look().notices)


def test_a_journey_closed_before_the_worker_applies_stays_as_it_is(importer, journey):
    importer.dry_run(ONE)
    importer.send_apply()
    close(journey)
    importer.work()
    shown = importer.look()
    assert "is closed" in shown.text
    assert "Nothing was written." in shown.text
    assert enrolled() == 0
    assert importer.send_apply().status_code == 303
    assert db.scalar(select(Import.state)) is ImportState.CHECKED


def test_a_draft_takes_nobody(app, database, journey, importer):
    draft = make_journey("A draft", status=JourneyStatus.DRAFT)
    other = Importer(browser_of(app, root()), draft, importer.clock)
    assert "once the journey takes enrolments" in Page(other.browser.get(other.home)).text


def test_the_same_press_twice_is_one(importer):
    shown = importer.browser.get(importer.home).text
    token = CSRF.search(shown).group(1)
    for _ in range(2):
        data = {"csrf_token": token, "once": "the same", "file": _file(ONE)}
        assert (
            importer.browser.post(importer.home, data=data, content_type="multipart/form-data").status_code
            == 303
        )
    assert db.scalar(select(func.count()).select_from(Import)) == 1
    importer.here = f"{importer.home}/{db.scalar(select(Import.id))}/"
    assert importer.columns(once="again").status_code == 303
    again = {"csrf_token": token, "once": "again", **importer.proposal}
    assert importer.browser.post(f"{importer.here}columns", data=again).status_code == 303
    importer.work()
    assert importer.browser.post(f"{importer.here}columns", data=again).status_code == 303
    assert importer.look().title == "What would happen"
    for _ in range(2):
        pressed = {"csrf_token": token, "once": "and again", "run": "1"}
        assert importer.browser.post(f"{importer.here}apply", data=pressed).status_code == 303
    importer.work()
    assert importer.browser.post(f"{importer.here}apply", data=pressed | {"once": "x"}).status_code == 303
    importer.work()
    assert enrolled() == 1


def test_a_form_without_its_token_comes_back(importer):
    importer.dry_run(ONE)
    importer.browser.get(importer.here)
    for path in ("columns", "apply", "discard"):
        assert importer.browser.post(f"{importer.here}{path}").status_code == 422
    importer.apply()
    for path in ("columns", "apply", "discard"):
        assert importer.browser.post(f"{importer.here}{path}").status_code == 422
    assert importer.browser.post(importer.home, data={"file": _file(ONE)}).status_code == 422


def test_thrown_away_is_gone_with_its_rows_and_its_jobs_do_nothing(importer):
    importer.dry_run(ONE)
    importer.send_apply()
    importer.browser.submit(f"{importer.here}discard", page=importer.home)
    importer.work()
    assert importer.browser.get(importer.here).status_code == 404
    assert db.scalar(select(func.count()).select_from(ImportRow)) == 0
    assert enrolled() == 0
    assert db.scalars(select(Job.state).where(Job.kind.like("imports.%"))).all() == [JobState.DONE] * 2


def test_applied_is_not_thrown_away(importer):
    importer.dry_run(ONE)
    importer.apply()
    importer.browser.submit(f"{importer.here}discard", page=importer.home)
    assert "This table has been applied." in " ".join(importer.look().notices)


def test_what_was_uploaded_is_forgotten_after_a_week(importer):
    importer.dry_run(ONE)
    importer.apply()
    applied = importer.here
    importer.dry_run(TWO)
    with writing():
        uploads.forget_old(NOW + timedelta(days=6))
    assert importer.look().status == 200
    with writing():
        uploads.forget_old(NOW + timedelta(days=8))
    assert importer.browser.get(importer.here).status_code == 404
    assert "The rows were deleted a week after" in Page(importer.browser.get(f"{applied}?verdict=new")).text
    assert db.scalar(select(func.count()).select_from(ImportRow)) == 0
    assert enrolled() == 1


def test_a_fault_that_stays_is_told_instead_of_waiting_for_ever(importer, monkeypatch):
    importer.dry_run(ONE)
    importer.send_apply()
    import_row = db.scalars(select(ImportRow)).one()
    import_row.record = {"name": "Ama", "email": "ama@example.org", "country": 7}  # no dry run writes that
    db.commit()
    moments = [NOW + timedelta(hours=number) for number in range(12)]
    for moment in moments:
        worker.run_one(lambda moment=moment: moment)
    shown = importer.look()
    assert "Something unexpected went wrong, several times. Nothing was written." in shown.text
    assert db.scalar(select(Job.state).where(Job.kind == "imports.apply")) is JobState.DEAD


def test_all_sessions_gives_places_to_who_is_new(importer, journey):
    offering = make_offering(make_learning_session(journey), capacity_online=1)
    importer.dry_run(TWO, all_sessions="y")
    importer.apply()
    places = db.scalars(select(Place.status).where(Place.offering_id == offering.id).order_by(Place.id)).all()
    assert [str(one) for one in places] == ["confirmed", "waiting"]


def test_only_those_who_keep_the_people_may(app, importer, journey):
    importer.dry_run(ONE)
    other = make_journey("Another one")
    reader, owner_of_other = browser_of(app, cora(journey)), browser_of(app, make_account("Olga"))
    elsewhere = importer.here.replace(journey.slug, other.slug)
    draft = make_journey("A draft", status=JourneyStatus.DRAFT)
    for path in (importer.home, importer.here, f"{importer.here}columns", f"{importer.here}refused.csv"):
        assert reader.get(path).status_code == 403
        assert owner_of_other.get(path).status_code == 403
        assert app.test_client().get(path).status_code == 303
    for path in ("apply", "discard", "columns"):
        assert reader.post(f"{importer.here}{path}").status_code == 403
    assert browser_of(app, root()).get(elsewhere).status_code == 404
    assert owner_of_other.get(f"/organise/journeys/{draft.slug}/imports").status_code == 404


@pytest.mark.parametrize("count", [1, 60])
def test_pages_ask_as_much_for_one_row_as_for_many(importer, query_counter, count):
    rows = [f"Person {number},p{number}@example.org,Ghana,Institute {number},,,," for number in range(count)]
    importer.dry_run("\n".join([HEADERS, *(row.replace("Person", "Person x") for row in rows), ""]))
    importer.browser.get(importer.here)
    with query_counter() as counted:
        importer.browser.get(importer.here)
    assert counted.count <= 8
    with query_counter() as listed:
        importer.browser.get(importer.home)
    assert listed.count <= 8


def test_a_dry_run_at_work_shows_how_far_it_is_and_renews_itself(importer):
    importer.upload(ONE)
    importer.columns()
    waiting = importer.browser.get(importer.here)
    assert waiting.headers["Refresh"] == "10"
    assert "waits for its turn" in Page(waiting).text
    still = importer.browser.get(Page(waiting).links["Stop renewing this page"])
    assert "Refresh" not in still.headers
    assert "This page stays as it is" in Page(still).text
    assert importer.browser.get(Page(still).links["Let it renew itself"]).headers["Refresh"] == "10"
    imported = db.scalars(select(Import)).one()
    imported.rows_read, imported.rows_total = 500, 1000
    db.commit()
    assert "500 of 1,000 rows looked at." in importer.look().text


@pytest.mark.parametrize(("count", "words"), [(1, "1 row is being applied"), (2, "2 rows are being applied")])
def test_a_table_being_applied_counts_its_rows(importer, count, words):
    rows = [f"Person x{number},p{number}@example.org,Ghana,,,,," for number in range(count)]
    importer.dry_run("\n".join([HEADERS, *rows, ""]))
    importer.send_apply()
    assert words in importer.look().text


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({}, "Nobody is told."),
        ({"all_sessions": "y"}, "Nobody is told of the enrolment, but each is written to about every place"),
        ({"all_sessions": "y", "tell": "y"}, "Who is new is told by mail."),
    ],
)
def test_the_dry_run_says_who_is_written_to(importer, chosen, sentence):
    assert sentence in importer.dry_run(ONE, **chosen).text


def test_thrown_away_twice_leads_to_the_list(importer):
    importer.dry_run(ONE)
    for words in ("is thrown away; nobody was enrolled by it.", "is not there any more"):
        answer = importer.browser.submit(f"{importer.here}discard", page=importer.home)
        assert (answer.status_code, answer.headers["Location"]) == (303, importer.home)
        assert words in Page(importer.browser.get(importer.home)).text


def test_rows_come_in_pages(importer):
    rows = [f"Person x{number},p{number}@example.org,Ghana,,,,," for number in range(120)]
    first = importer.dry_run("\n".join([HEADERS, *rows, ""]))
    assert "Page 1 of 3" in first.text
    for asked in ("3", "99"):
        assert "Person x119" in importer.look(f"?verdict=new&page={asked}").text
    for odd in ("x", "-1", "", "99999999999999"):
        assert "Person x0" in importer.look(f"?verdict=new&page={odd}").text
    assert "Person x0" in importer.look("?verdict=nonsense").text


def _file(text):
    return io.BytesIO(text.encode()), "people.csv"

"""The worker is killed while it applies, and two workers apply at once. Real processes, real commits."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.database import db
from app.enrolments.bulk import Import, ImportState
from app.enrolments.models import Enrolment
from app.participants.models import Participant
from tests.enrolments.importing import working
from tests.processes import real_processes

COUNT = 800
AFTER_A_LOST_WORKER = timedelta(minutes=6)


@pytest.fixture
def url(app, real_database):
    return real_database.url.render_as_string(hide_password=False)


def begin(url, later):
    processes = real_processes()
    begun = processes.Event()
    process = processes.Process(target=working.be_a_worker, args=(url, later, begun))
    process.start()
    assert begun.wait(60)
    return process


def enrolled():
    db.rollback()
    return db.scalar(select(func.count()).select_from(Enrolment))


@pytest.mark.parametrize(
    "seconds", [0.15, *(pytest.param(one, marks=pytest.mark.long) for one in (0.05, 0.3, 0.5, 0.8))]
)
def test_a_worker_killed_in_the_middle_leaves_nothing_half_done(url, seconds):
    journey_id, user_id = working.prepare()
    import_id = working.upload(journey_id, user_id, working.csv_table(COUNT))
    working.work_off()
    working.ask_to_apply(import_id, user_id)
    process = begin(url, timedelta())
    time.sleep(seconds)
    process.kill()
    process.join()
    done = enrolled()
    assert done in (0, COUNT)
    state = db.get_one(Import, import_id, populate_existing=True).state
    assert state is (ImportState.APPLIED if done else ImportState.APPLYING)
    working.work_off(AFTER_A_LOST_WORKER)
    assert enrolled() == COUNT
    assert db.get_one(Import, import_id, populate_existing=True).state is ImportState.APPLIED


def test_a_dry_run_that_was_killed_begins_anew(url):
    journey_id, user_id = working.prepare()
    import_id = working.upload(journey_id, user_id, working.csv_table(COUNT))
    process = begin(url, timedelta())
    time.sleep(0.4)
    process.kill()
    process.join()
    working.work_off(AFTER_A_LOST_WORKER)
    db.rollback()
    imported = db.get_one(Import, import_id, populate_existing=True)
    assert (imported.state, imported.counts["new"]) == (ImportState.CHECKED, COUNT)


def test_the_same_people_imported_into_two_journeys_at_once_are_made_once(url):
    journey_id, user_id = working.prepare()
    other_id = working.another_journey()
    for one in (journey_id, other_id):
        working.upload(one, user_id, working.csv_table(COUNT))
    working.work_off()
    for import_id in db.scalars(select(Import.id)).all():
        working.ask_to_apply(import_id, user_id)
    both = [begin(url, timedelta()) for _ in range(2)]
    for process in both:
        process.join(120)
    working.work_off(AFTER_A_LOST_WORKER)
    assert enrolled() == 2 * COUNT
    assert db.scalar(select(func.count()).select_from(Participant)) == COUNT

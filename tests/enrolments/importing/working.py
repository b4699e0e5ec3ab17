"""A worker in a process of its own, and tables large enough to keep it busy."""

from datetime import datetime, timedelta

from app.accounts.models import User
from app.database import bind, db, make_engine, writing
from app.enrolments.bulk import Import
from app.enrolments.importing import uploads, work
from app.enrolments.importing.columns import Choices
from app.jobs import worker
from app.journeys.models import Journey
from app.sheets.writing import csv_bytes, xlsx_bytes
from app.web.clock import now
from tests.factories import make_journey
from tests.people import make_account

HEADERS = ["Name", "E-mail", "Country", "Organisation", "Stakeholder group", "Cadre"]
COUNTRIES = ("Ghana", "KE", "Viet Nam", "Côte d’Ivoire", "UK", "Bangladesh")

assert work.MOST_TRIES > 3  # its handlers are registered by importing it


def rows(count):
    for number in range(count):
        country = COUNTRIES[number % len(COUNTRIES)]
        yield [
            f"Zoë Müller {number}",
            f"zoe{number}@example.org",
            country,
            f"Institute {number % 700}",
            "Media",
            "Nurse",
        ]


def csv_table(count):
    return b"".join(csv_bytes(HEADERS, rows(count)))


def xlsx_table(count):
    return xlsx_bytes(HEADERS, rows(count), "People")


def prepare():
    """Numbers of an open journey and of who organises it."""
    with writing():
        return make_journey("For many", now=now()).id, make_account("Ada Owusu").id


def another_journey():
    with writing():
        return make_journey("For many others", now=now()).id


def upload(journey_id, user_id, content):
    """An import whose dry run is asked for; its number."""
    looked = uploads.look_at(content, "people")
    with writing():
        made = uploads.upload(db.get_one(Journey, journey_id), looked, db.get_one(User, user_id), now())
        uploads.check(made.id, looked.columns, Choices(), now())
        return made.id


def ask_to_apply(import_id, user_id):
    with writing():
        run = db.get_one(Import, import_id, populate_existing=True).options["run"]
        uploads.apply(import_id, run, leave_out=False, by=db.get_one(User, user_id), now=now())


def work_off(later: timedelta = timedelta()) -> None:
    """Do all imports that wait, as a worker would after so long."""
    while worker.run_one(lambda: now() + later):
        pass


def be_a_worker(url: str, later: timedelta, begun) -> None:
    """In a process of its own: one job."""
    worker.periodic.clear()
    bind(make_engine(url))

    def clock() -> datetime:
        return now() + later

    begun.set()
    worker.run_one(clock)

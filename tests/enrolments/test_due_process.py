"""A real worker does on time what is due, once, also when it is killed in the middle of it.

Its clock is set: it begins a few seconds before the draw, and the one after it a minute later.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.database import db
from app.domain.attendance import Way
from app.domain.decided import Decided
from app.domain.place_rules import RuleKind
from app.enrolments import due, operations
from app.enrolments.decisions import PlaceDecision
from app.enrolments.models import Place
from app.enrolments.rules import PlaceRule
from app.enrolments.ruling import NewRule, set_rule
from app.jobs.models import Job, JobState
from app.messages.models import OutboxMessage
from app.participants import operations as participants
from tests.enrolments.invariants import check_session
from tests.factories import NOW, make_offering

ROOT = Path(__file__).parents[2]
DRAW = datetime(2027, 4, 15, 11, 0, 8, tzinfo=UTC)
SEATS, PEOPLE = 40, 120
PATIENCE = 60
"""Seconds; nothing here takes nearly so long unless it hangs."""


@pytest.fixture
def lottery(real_database):
    """A sitting with 40 places, for which 120 people wait."""
    offering = make_offering(capacity_online=SEATS)
    set_rule(offering, NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW), NOW)
    journey = offering.learning_session.journey
    for number in range(PEOPLE):
        profile = participants.Profile(name=f"Person {number}", timezone="Africa/Accra", country="GH")
        participant = participants.create(profile, NOW, None, f"person{number}@example.org")
        operations.enrol(journey, participant, NOW)
        operations.take_place(offering, participant, Way.ONLINE, NOW)
    db.commit()
    return offering.id, offering.learning_session_id


@pytest.fixture
def worker(real_database, tmp_path):
    environment = os.environ | {
        "DATABASE_URL": real_database.url.render_as_string(hide_password=False),
        "SECRET_KEY": "a key of the test that is longer than thirty-two characters",
        "SITE_URL": "http://127.0.0.1:8000",
        "MAIL_URL": f"folder:{tmp_path / 'mail'}",
        "MERIDIAN_INSTANCE": str(tmp_path),
    }

    @contextmanager
    def at_work(begins_at, end_with=signal.SIGTERM):
        command = [sys.executable, "-m", "tests.scheduling.then", begins_at.isoformat(), "worker"]
        with subprocess.Popen(command, env=environment, cwd=ROOT) as process:
            try:
                yield process
            finally:
                process.send_signal(end_with)

    return at_work


def until(happened):
    """Wait for something in the database."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        db.rollback()
        db.expire_all()
        if happened():
            return
        time.sleep(0.03)
    pytest.fail("It did not happen.")


def drawn_at(offering_id):
    return db.scalar(select(PlaceRule.drawn_at).where(PlaceRule.offering_id == offering_id))


def check_drawn_once(offering_id, learning_session_id, now):
    decided = Counter(
        (one, what) for one, what in db.execute(select(PlaceDecision.place_id, PlaceDecision.what))
    )
    assert set(decided.values()) == {1}
    assert Counter(what for _, what in decided) == {
        Decided.ASKED: PEOPLE, Decided.DRAWN: PEOPLE, Decided.CONFIRMED: SEATS,
    }  # fmt: skip
    told = db.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == "promoted")).all()
    confirmed = db.scalars(select(Place.id).where(Place.status == "confirmed")).all()
    assert sorted(one["place_id"] for one in told) == sorted(confirmed)
    assert len(confirmed) == SEATS
    check_session(learning_session_id, now)


def test_a_draw_happens_to_the_second(lottery, worker):
    offering_id, learning_session_id = lottery
    with worker(DRAW - timedelta(seconds=3)):
        until(lambda: drawn_at(offering_id) is not None)
    first_round = db.scalar(select(func.min(Job.run_at)).where(Job.kind == due.DUE))
    at_work = max(DRAW, first_round)  # a machine that is busy begins late
    assert DRAW <= drawn_at(offering_id) < at_work + timedelta(seconds=4)
    check_drawn_once(offering_id, learning_session_id, DRAW + timedelta(minutes=1))


LONG = pytest.mark.long


@pytest.mark.parametrize(
    "late", [0.05, *(pytest.param(late, marks=LONG) for late in (0, 0.02, 0.1, 0.15, 0.2, 0.3))]
)
def test_a_draw_whose_worker_is_killed_happens_once(lottery, worker, late):
    offering_id, learning_session_id = lottery
    with worker(DRAW - timedelta(seconds=3), signal.SIGKILL) as process:
        until(lambda: is_begun() or drawn_at(offering_id) is not None)
        time.sleep(late)
        process.kill()
        process.wait(PATIENCE)
    with worker(DRAW + timedelta(minutes=1)):
        until(lambda: drawn_at(offering_id) is not None and is_round_done())
    check_drawn_once(offering_id, learning_session_id, DRAW + timedelta(minutes=2))


def is_begun():
    """Whether the worker has the job of the draw in hand."""
    return db.scalar(select(Job.id).where(Job.kind == due.SETTLE, Job.state == JobState.RUNNING)) is not None


def is_round_done():
    """Whether the round after the draw is over."""
    minute = f"enrolments.due:{DRAW + timedelta(minutes=1):%Y-%m-%dT%H:%M}"
    done = select(Job.id).where(Job.unique_key.startswith(minute), Job.state == JobState.DONE)
    return db.scalar(done) is not None

"""The worker killed in the middle of what time alone changes in places: the next one does the rest, once."""

import os
import random
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select, update

from app.database import db, writing
from app.domain.place_rules import Giving, RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments import operations, reserving
from app.enrolments.decisions import Decided, PlaceDecision
from app.enrolments.due import learning_sessions_due
from app.enrolments.models import Place
from app.enrolments.reserved import ReservedBlock
from app.enrolments.rules import PlaceRule
from app.jobs.models import Job, JobState
from app.learning_sessions.models import Offering
from bench.servers import ROOT
from tests.enrolments.aftermath import check_aftermath
from tests.enrolments.grouping import wanted
from tests.enrolments.racing import coming_sitting, enrol_all, people, seat_all
from tests.enrolments.repeating import sizes

PATIENCE = 90
OFFERED = PlaceStatus.OFFERED


@sizes("sittings, deaths", (3, 1), (60, 5))
def test_what_is_due_is_done_once_however_often_the_worker_is_killed(racing, sittings, deaths):
    with writing():
        everybody = people(1, 9)
        due = [one for number in range(sittings) for one in _a_due_sitting(number, everybody)]
    with writing():
        _let_it_be_due()
    chance = random.Random(secrets.randbits(32))  # noqa: S311  # chance, not secrecy
    before = _decisions()
    to_come = 4 * sittings
    moments = sorted(chance.sample(range(1, to_come), deaths))

    for moment in moments:
        with _worker(racing) as worker:
            _until(lambda moment=moment: _decisions() >= before + moment)
            worker.kill()
        _let_leases_end()
    with _worker(racing):
        _until(_all_is_done)

    for offering in due:
        check_aftermath(offering.learning_session_id)
    told = dict(db.execute(select(PlaceDecision.what, func.count()).group_by(PlaceDecision.what)).all())
    assert told[Decided.OFFER_LAPSED] == sittings
    assert told[Decided.DRAWN] == 9 * sittings
    returned = db.scalars(select(ReservedBlock.returned_at)).all()
    assert len(returned) == sittings
    assert None not in returned


def _a_due_sitting(number: int, everybody: list) -> Iterator[Offering]:
    """A sitting with an offer, one with a lottery, one with reserved places; their moments are set later."""
    now = datetime.now(UTC)
    later = now + timedelta(days=1)
    offers = coming_sitting(1, f"Offers {number}", giving=Giving.OFFER, offer_hours=24)
    held, *_ = seat_all(offers, everybody[:3])
    operations.release_place(held, now)
    lottery = coming_sitting(3, f"Lottery {number}", kind=RuleKind.LOTTERY, draw_at=later, seed=f"{number}")
    seat_all(lottery, everybody)
    group = coming_sitting(3, f"Group {number}")
    enrol_all(group, everybody)
    reserving.reserve(group, wanted(2, release_at=later), None, now)
    seat_all(group, everybody[:4])
    yield from (offers, lottery, group)


def _let_it_be_due() -> None:
    past = datetime.now(UTC) - timedelta(minutes=1)
    db.execute(update(Place).where(Place.status == OFFERED).values(offer_ends_at=past))
    db.execute(update(PlaceRule).where(PlaceRule.kind == RuleKind.LOTTERY).values(draw_at=past))
    db.execute(update(ReservedBlock).values(release_at=past))
    db.execute(delete(Job))  # letters would be written first


def _let_leases_end() -> None:
    """As after the five minutes in which nobody heard of the worker."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    with writing():
        db.execute(update(Job).where(Job.state == JobState.RUNNING).values(leased_until_at=past))


def _decisions() -> int:
    db.remove()
    return db.scalar(select(func.count(PlaceDecision.id))) or 0


def _all_is_done() -> bool:
    db.remove()
    return not learning_sessions_due(datetime.now(UTC))


def _until(holds) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "the worker does nothing"
        time.sleep(0.005)
    db.remove()


@contextmanager
def _worker(racing) -> Iterator[subprocess.Popen]:
    """`flask worker` on the same database, for the length of a `with` block."""
    environment = {
        **os.environ, "DATABASE_URL": racing.database_url, "SECRET_KEY": racing.secret_key,
        "SITE_URL": racing.site_url, "MAIL_URL": racing.mail_url, "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait(PATIENCE)

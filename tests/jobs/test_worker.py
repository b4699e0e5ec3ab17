import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from app.database import db, writing
from app.jobs import operations, queries, worker
from app.jobs.models import Job, JobState
from app.jobs.operations import Claim

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """Payloads of the jobs of kind `greet` that were run; nothing else is registered."""
    payloads: list[dict[str, object]] = []

    def greet(claim: Claim, _now: datetime) -> None:
        payloads.append(dict(claim.payload))

    monkeypatch.setattr(worker, "handlers", {"greet": greet})
    monkeypatch.setattr(worker, "periodic", {})
    return payloads


def only_job() -> Job:
    return db.query(Job).populate_existing().one()


def test_a_due_job_is_run_once_and_done(database, clock, done):
    operations.add("greet", {"name": "Ada"}, NOON)
    operations.add("greet", {"name": "Will"}, NOON, run_at=NOON + timedelta(minutes=1))
    db.commit()
    assert worker.run_until_idle(clock) == 1
    assert worker.run_until_idle(clock) == 0
    assert done == [{"name": "Ada"}]
    clock.now += timedelta(minutes=1)
    assert worker.run_until_idle(clock) == 1
    assert done == [{"name": "Ada"}, {"name": "Will"}]
    assert queries.counts()[JobState.DONE] == 2


def test_what_is_urgent_goes_before_what_has_waited_for_longer(database, clock, monkeypatch):
    order: list[str] = []

    def note(claim: Claim, _now: datetime) -> None:
        order.append(claim.kind)

    monkeypatch.setattr(worker, "handlers", {"mail": note, "draw": note})
    monkeypatch.setattr(worker, "periodic", {})
    monkeypatch.setattr(worker, "urgent", {"draw"})
    for minutes, kind in ((9, "mail"), (8, "mail"), (1, "draw"), (-1, "draw")):
        operations.add(kind, {}, NOON, run_at=NOON - timedelta(minutes=minutes))
    db.commit()
    assert worker.run_until_idle(clock) == 3
    assert order == ["draw", "mail", "mail"]


def test_a_unique_key_admits_one_job(database, clock, done):
    assert operations.add("greet", {}, NOON, unique_key="greet:1")
    assert not operations.add("greet", {}, NOON, unique_key="greet:1")
    db.commit()
    assert worker.run_until_idle(clock) == 1


def test_a_failing_job_is_tried_again_with_growing_pauses_and_then_dead(database, clock, monkeypatch):
    def fail(_claim: Claim, _now: datetime) -> None:
        raise ValueError("no luck")

    monkeypatch.setattr(worker, "handlers", {"unlucky": fail})
    monkeypatch.setattr(worker, "periodic", {})
    operations.add("unlucky", {}, NOON)
    db.commit()
    pauses = []
    for tries in range(1, operations.MOST_TRIES):
        assert worker.run_until_idle(clock) == 1
        job = only_job()
        assert (job.state, job.tries, job.last_error) == (JobState.READY, tries, "ValueError: no luck")
        pauses.append(job.run_at - clock.now)
        clock.now = job.run_at
    assert worker.run_until_idle(clock) == 1
    assert only_job().state == JobState.DEAD
    assert pauses[:3] == [timedelta(seconds=10), timedelta(seconds=40), timedelta(seconds=160)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == operations.LONGEST_PAUSE
    clock.now += timedelta(days=30)
    assert worker.run_until_idle(clock) == 0


def test_a_dead_job_can_be_revived(database, clock, done):
    operations.add("nobody.knows", {}, NOON)
    db.commit()
    worker.run_until_idle(clock)
    job = only_job()
    assert job.state == JobState.DEAD  # at once: trying again would not bring a handler
    assert job.last_error == "Hopeless: No handler is registered for nobody.knows."
    assert operations.revive(job.id, NOON)
    assert not operations.revive(job.id, NOON)
    assert only_job().state == JobState.READY


def test_a_lost_worker_s_job_is_run_again_after_its_lease(database, clock, done):
    operations.add("greet", {}, NOON)
    db.commit()
    with writing():
        lost = operations.claim(NOON)
    assert lost is not None
    clock.now = NOON + operations.LEASE
    assert worker.run_until_idle(clock) == 0
    clock.now += timedelta(seconds=1)
    assert worker.run_until_idle(clock) == 1
    assert not operations.complete(lost, clock.now)  # too late: another worker had it
    assert not operations.renew(lost, clock.now)
    assert only_job().tries == 2


def test_a_job_whose_worker_is_lost_each_time_ends_dead(database, clock, done):
    operations.add("greet", {}, NOON)
    db.commit()
    for _ in range(operations.MOST_TRIES):
        with writing():
            assert operations.claim(clock.now) is not None
        clock.now += operations.LEASE + timedelta(seconds=1)
    assert worker.run_until_idle(clock) == 0
    assert only_job().state == JobState.DEAD


def test_long_work_keeps_its_lease_by_renewing_it(database):
    operations.add("greet", {}, NOON)
    held = operations.claim(NOON)
    assert held is not None
    later = NOON + operations.LEASE - timedelta(seconds=1)
    assert operations.renew(held, later)
    assert operations.claim(later + timedelta(seconds=2)) is None
    assert operations.complete(held, later + timedelta(seconds=2))


def test_periodic_work_comes_up_once_in_every_slot(database, clock, done, monkeypatch):
    monkeypatch.setattr(worker, "periodic", {"greet": timedelta(hours=1)})
    assert worker.run_until_idle(clock) == 1
    clock.now += timedelta(minutes=59)
    assert worker.run_until_idle(clock) == 0
    clock.now += timedelta(minutes=1)
    assert worker.run_until_idle(clock) == 1
    assert done == [{"slot": "2027-03-01T12:00:00+00:00"}, {"slot": "2027-03-01T13:00:00+00:00"}]


def test_a_job_is_undone_with_the_change_that_caused_it(database, clock, done):
    operations.add("greet", {}, NOON)
    db.rollback()
    assert worker.run_until_idle(clock) == 0


def test_jobs_done_long_ago_are_removed_and_dead_ones_kept(database, clock, done):
    operations.add("greet", {}, NOON)
    operations.add("nobody.knows", {}, NOON)
    db.commit()
    worker.run_until_idle(clock)
    assert operations.tidy(NOON + operations.KEPT) == 0
    assert operations.tidy(NOON + operations.KEPT + timedelta(seconds=1)) == 1
    assert only_job().state == JobState.DEAD


def test_several_workers_share_the_jobs_without_running_one_twice(real_database: Engine, monkeypatch):
    seen: list[int] = []
    lock = threading.Lock()

    def note(claim: Claim, _now: datetime) -> None:
        with lock:
            seen.append(claim.payload["number"])

    monkeypatch.setattr(worker, "handlers", {"note": note})
    monkeypatch.setattr(worker, "periodic", {})
    with writing():
        for number in range(60):
            operations.add("note", {"number": number}, NOON)

    def work() -> None:
        try:
            worker.run_until_idle(lambda: NOON)
        finally:
            db.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    assert sorted(seen) == list(range(60))


def test_the_worker_stops_when_told(real_database: Engine, done):
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop, lambda: NOON))
    with writing():
        operations.add("greet", {"name": "Pat"}, NOON)
    thread.start()
    deadline = threading.Event()
    for _ in range(600):
        if done:
            break
        deadline.wait(0.05)
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    assert done == [{"name": "Pat"}]

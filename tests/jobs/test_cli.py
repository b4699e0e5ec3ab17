from datetime import UTC, datetime

from app.database import db
from app.jobs import operations, worker
from app.jobs.models import Job

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_worker_once_does_what_is_due_and_stops(app, database, monkeypatch):
    done = []
    monkeypatch.setattr(worker, "handlers", {"greet": lambda claim, now: done.append(claim.kind)})
    monkeypatch.setattr(worker, "periodic", {})
    operations.add("greet", {}, NOON)
    db.commit()
    result = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert (result.exit_code, result.output) == (0, "1 piece of work done.\n")
    assert done == ["greet"]


def test_dead_jobs_are_shown_and_revived(app, database, monkeypatch):
    monkeypatch.setattr(worker, "handlers", {})
    monkeypatch.setattr(worker, "periodic", {})
    operations.add("greet", {}, NOON)
    db.commit()
    runner = app.test_cli_runner()
    runner.invoke(args=["worker", "--once"])
    number = db.query(Job.id).scalar()
    shown = runner.invoke(args=["jobs", "show"]).output.splitlines()
    assert shown == [
        "ready: 0",
        "running: 0",
        "done: 0",
        "dead: 1",
        f"dead {number} greet: Hopeless: No handler is registered for greet.",
    ]
    assert runner.invoke(args=["jobs", "revive", str(number)]).output == f"Job {number} is ready again.\n"
    refused = runner.invoke(args=["jobs", "revive", str(number)])
    assert refused.exit_code == 1
    assert refused.output == f"Error: No dead job has the number {number}.\n"

"""The command that runs the worker."""

import signal
import threading
from types import FrameType

import click
from flask.cli import with_appcontext

from app.database import writing
from app.jobs import operations, queries, worker
from app.jobs.alone import database_file, the_only_one
from app.web.clock import now


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due and stop.")
@with_appcontext
def work(once: bool) -> None:
    """Send messages and do other work that waits.

    Several may run on PostgreSQL. SQLite takes one: a second waits until the first has ended.
    """
    stop = threading.Event()
    if once:
        with the_only_one(database_file(), stop, patience=0) as is_alone:
            if not is_alone:
                raise click.ClickException(
                    "Another worker runs on this SQLite database and does what is due."
                )
            count = worker.run_until_idle(now)
        click.echo(f"{count} piece{'' if count == 1 else 's'} of work done.")
        return

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    with the_only_one(database_file(), stop, say=click.echo) as is_alone:
        if is_alone:
            click.echo("The worker runs; it stops after the job in hand on Ctrl-C or SIGTERM.")
            worker.run(stop, now)


@click.group("jobs")
def jobs() -> None:
    """Look after the jobs table."""


@jobs.command("show")
@with_appcontext
def show() -> None:
    """How many jobs stand in each state, and those that failed for good."""
    for state, count in queries.counts().items():
        click.echo(f"{state}: {count}")
    for job in queries.dead():
        click.echo(f"dead {job.id} {job.kind}: {job.last_error}")


@jobs.command("revive")
@click.argument("job_id", type=click.IntRange(1, 2**31 - 1))
@with_appcontext
def revive(job_id: int) -> None:
    """Give a dead job all its tries again."""
    with writing():
        revived = operations.revive(job_id, now())
    if not revived:
        raise click.ClickException(f"No dead job has the number {job_id}.")
    click.echo(f"Job {job_id} is ready again.")

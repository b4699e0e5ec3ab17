"""Work done later: one table, leases, retries with growing pauses, periodic work. Knows no noun."""

from flask import Flask

from app.jobs.cli import jobs, work


def init_app(app: Flask) -> None:
    """Register the slice."""
    app.cli.add_command(work)
    app.cli.add_command(jobs)

"""The command for zone data: what new rules make of coming sittings."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from flask.cli import AppGroup

from app.database import Busy, db, writing
from app.scheduling import zone_words, zones
from app.scheduling.zone_findings import Checked, Progress, count_coming
from app.web.clock import now

MANY = 2000
"""Coming sittings from which on progress is shown: they take longer than a second."""

WAITS = 3
"""The exit status that says that something waits to be applied."""

commands = AppGroup("zones", help="The zone data, and the sittings derived with it.")


@commands.command("check")
@click.option(
    "--apply", "applies", is_flag=True, help="Move what differs, in one transaction, and record it."
)
@click.option("--exit-code", "tells", is_flag=True, help="Exit with 3 when something differs and waits.")
def check(applies: bool, tells: bool) -> None:
    """List coming sittings whose instant differs under the zone data in use.

    Past sittings are left alone. Where new rules make a promised time unclear, the sitting is flagged for a
    person to look at: a time that clocks now skip, one that now comes twice, a zone that is gone.

    \b
    Exit status:
      0  it was checked, or applied
      1  it could not be done; one line says why
      2  the command was given wrongly
      3  with --exit-code: something differs and waits for --apply
    """
    moment = now()
    found = _applied(moment) if applies else _checked(moment)
    for line in zone_words.lines(found):
        click.echo(line)
    click.echo(zone_words.total(found, applies))
    if not applies and not found.says_nothing:
        click.echo("Nothing was written. `flask --app wsgi zones check --apply` moves and flags them.")
        if tells:
            sys.exit(WAITS)


def _checked(moment: datetime) -> Checked:
    with _progress(moment) as progress:
        return zones.check(moment, progress)


def _applied(moment: datetime) -> Checked:
    try:
        with _progress(moment) as progress, writing():
            return zones.apply(moment, progress)
    except Busy as busy:
        raise click.ClickException("The database is busy; nothing was written. Try again.") from busy


@contextmanager
def _progress(moment: datetime) -> Iterator[Progress | None]:
    """A bar on the error stream when there are many sittings."""
    count = count_coming(moment)
    db.rollback()
    if count < MANY:
        yield None
        return
    with click.progressbar(length=count, label=f"Reading {count:,} coming sittings", file=sys.stderr) as bar:
        yield bar.update

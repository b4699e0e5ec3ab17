"""The command for the index."""

import click
from flask.cli import AppGroup

from app.database import writing
from app.search import queries
from app.search.operations import BATCH, reindex

commands = AppGroup("search", help="The index that the catalogue is searched by.")


@commands.command("reindex")
def reindex_everything() -> None:
    """Write the index anew from every journey's texts; needed only after changes made by hand."""
    journey_ids = list(queries.all_journey_ids())
    label = f"Indexing {len(journey_ids):,} journeys"
    with click.progressbar(length=len(journey_ids), label=label) as progress:
        for begins in range(0, len(journey_ids), BATCH):
            some = journey_ids[begins : begins + BATCH]
            with writing():
                reindex(some)
            progress.update(len(some))
    click.echo("The index is in step with the journeys.")

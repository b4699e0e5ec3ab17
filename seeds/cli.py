"""The command that loads the demonstration data."""

from datetime import datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from app import schema
from app.accounts.passwords import hash_password
from app.config import Settings
from app.database import db, writing
from app.domain.errors import DomainError
from app.web import clock
from seeds import load, people, sign_ins
from seeds.story import Story


@click.command("seed")
@click.argument("story", required=False, type=click.Choice(list(load.STORIES)), metavar="[STORY]")
@click.option("--redate", is_flag=True, help="Move the demonstration dates on to the weeks around today.")
@click.option("--once", is_flag=True, help="No list of sign-ins, and no word when all is there.")
@click.option("--demonstration", is_flag=True, help="Load on a site that others can reach, all the same.")
@with_appcontext
def seed(story: str | None, redate: bool, once: bool, demonstration: bool) -> None:
    """Load the demonstration programmes, all or one STORY. What is there already stays as it is.

    Stories: k4d, jln, cracking-the-nut, communities-of-solution, mixed-health-systems.
    """
    _check_site(demonstration)
    now = clock.now()
    wanted = [load.STORIES[story]] if story else list(load.STORIES.values())
    if redate:
        _redate(wanted, now)
        return
    if once and people.is_loaded() and all(load.is_story_loaded(one) for one in wanted):
        return
    _load(wanted, now)
    if not once:
        _say_sign_ins()


def _check_site(demonstration: bool) -> None:
    if not schema.is_at_head(db.connection()):
        raise click.ClickException("The database is not ready. First run: flask --app wsgi db upgrade")
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.is_loopback and not demonstration:
        raise click.ClickException(
            f"{settings.site_url} can be reached by others; demonstration accounts do not belong there. "
            "If this is a demonstration site, say --demonstration."
        )


def _redate(wanted: list[Story], now: datetime) -> None:
    with writing():
        moved = load.redate(now, wanted)
    click.echo(f"{moved} sitting{'' if moved == 1 else 's'} moved on.")


def _load(wanted: list[Story], now: datetime) -> None:
    _load_people(now)
    for number, one in enumerate(wanted, start=1):
        try:
            with writing():
                loaded = load.load_story(one, now)
        except DomainError as refused:
            raise click.ClickException(f"{one.title} was not loaded: {refused.message}") from refused
        click.echo(f"{number} of {len(wanted)}  {one.title}{'' if loaded else ': there already'}")


def _say_sign_ins() -> None:
    passwords = sign_ins.read()
    if passwords:
        click.echo(f"Sign-ins for trying things out (kept in {sign_ins.path()}):")
        for line in sign_ins.lines(passwords):
            click.echo(f"  {line}")


def _load_people(now: datetime) -> None:
    """The passwords are hashed, which is slow, before the turn to write is taken."""
    if people.is_loaded():
        return
    click.echo("Inventing people …")
    passwords = sign_ins.make()
    hashes = {email: hash_password(password) for email, password in passwords.items()}
    with writing():
        load.load_people(hashes, now)

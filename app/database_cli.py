"""Commands for the operator: migrations, backup, moving to another engine, and the check of everything."""

from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app import schema, transfer
from app.config import ConfigError, Settings, database_url
from app.database import Busy, db
from app.domain.mail_server import mail_server


@click.group("db")
def database() -> None:
    """Migrations, backup and moving of the database."""


@database.command("upgrade")
@click.argument("revision", default="head")
@with_appcontext
def upgrade(revision: str) -> None:
    """Bring the database to the newest (or the given) version."""
    with_one_line(lambda: schema.upgrade(current_url(), revision, click.echo))
    click.echo("The database is at the newest version." if revision == "head" else f"Now at {revision}.")


@database.command("downgrade")
@click.argument("revision")
@with_appcontext
def downgrade(revision: str) -> None:
    """Take the database back to an older version (`base` empties it)."""
    with_one_line(lambda: schema.downgrade(current_url(), revision, click.echo))
    click.echo(f"Now at {revision}.")


@database.command("check")
@with_appcontext
def check_schema() -> None:
    """Say whether the models and the migrated schema agree; exit status 1 when not."""
    with_one_line(lambda: schema.check(current_url()))
    click.echo("Models and schema agree.")


@database.command("current")
@with_appcontext
def current() -> None:
    """Print the version the database has and the one the code wants."""
    with_one_line(lambda: click.echo(f"{schema.current(db.connection()) or 'empty'} (code: {schema.head()})"))


@database.command("backup")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def backup(path: Path) -> None:
    """Write a consistent copy of the SQLite database to PATH while the site runs."""
    with_one_line(lambda: transfer.backup(current_url(), path))
    click.echo(f"Written to {path} and checked.")


@database.command("copy")
@click.argument("source")
@click.argument("target")
@with_appcontext
def copy(source: str, target: str) -> None:
    """Copy all rows from SOURCE into the empty database TARGET (both database URLs)."""
    with_one_line(lambda: click.echo(f"{transfer.copy(_url(source), _url(target), click.echo)} rows copied."))


@click.command("check")
@with_appcontext
def check() -> None:
    """Check configuration, database and migrations; exit status 1 when anything is wrong."""
    click.echo("Configuration: read without a complaint.")  # else create_app would have refused
    click.echo(f"Answers to invitations: {_answers(current_app.config['SETTINGS'])}.")
    click.echo(f"Mail: {_mail(current_app.config['SETTINGS'])}.")
    with_one_line(_check_database)
    click.echo("Database: answers, migrations at head.")


def init_app(app: Flask) -> None:
    """Offer the commands."""
    app.cli.add_command(database)
    app.cli.add_command(check)


def current_url() -> str:
    """The URL of the database this process is bound to."""
    return db.get_bind().engine.url.render_as_string(hide_password=False)


def with_one_line(work: Callable[[], None]) -> None:
    """Do the work; what goes wrong becomes one clear line and exit status 1."""
    try:
        work()
    except (schema.MigrationRefused, transfer.TransferRefused, ConfigError) as refused:
        raise click.ClickException(str(refused)) from refused
    except Busy as busy:
        raise click.ClickException("The database is busy: nobody else may write meanwhile.") from busy
    except (SQLAlchemyError, OSError) as failed:
        current_app.logger.debug("database command failed", exc_info=failed)
        raise click.ClickException(f"The database does not do it: {str(failed).splitlines()[0]}") from failed


def _answers(settings: Settings) -> str:
    if not settings.reply_to:
        return "none are asked for (REPLY_TO is empty)"
    server = settings.trusted_authserv
    whom = f"senders vouched for by {server}" if server else "no sender is vouched for"
    return f"taken at {settings.reply_to.replace('@', '+…@')}, {whom}"


def _mail(settings: Settings) -> str:
    """Where mail goes, without the login."""
    if not settings.mail_url.startswith("smtp"):
        return f"goes to {settings.mail_url}; nothing leaves this machine"
    server = mail_server(settings.mail_url)
    way = {"tls": "over TLS", "starttls": "with STARTTLS", "none": "without encryption"}[server.encryption]
    login = f", as {server.username}" if server.username else ", without a login"
    return f"is handed to {server} {way}{login}, from {settings.mail_from}; `outbox try ADDRESS` sends one"


def _check_database() -> None:
    if not schema.is_at_head(db.connection()):
        has = schema.current(db.connection()) or "no migration at all"
        raise click.ClickException(
            f"Migrations: the database has {has}, the code wants {schema.head()}; run `db upgrade`."
        )


def _url(text: str) -> str:
    return database_url({"DATABASE_URL": text})

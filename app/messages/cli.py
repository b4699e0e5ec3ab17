"""The commands about mail: trying the way it goes, seeing what stands where, trying dead messages again."""

from email.message import EmailMessage
from email.policy import SMTP
from uuid import uuid4

import click
from flask import current_app
from flask.cli import with_appcontext

from app.database import db, writing
from app.domain.emails import can_be_email
from app.messages import operations, queries
from app.messages.transports import NotDelivered, Withheld
from app.messages.way import transport_for
from app.web.clock import now

TEXT = (
    "This message was sent with `flask --app wsgi outbox try` by those who run {site}, to see whether mail\n"
    "from there arrives. There is nothing to do.\n"
)
MOST_SHOWN = 50


@click.group("outbox")
def outbox() -> None:
    """Try the way mail goes, and look after what waits to go."""


@outbox.command("try")
@click.argument("address")
@with_appcontext
def try_it(address: str) -> None:
    """Send one message to ADDRESS at once, the way MAIL_URL says, and tell what the mail server answers."""
    if not can_be_email(address):
        raise click.ClickException(f"{address!r} is no address.")
    settings = current_app.config["SETTINGS"]
    transport = transport_for(settings.mail_url, settings.mail_from)
    try:
        transport.send(_letter(address, settings.mail_from, settings.site_url), address)
    except Withheld as withheld:
        raise click.ClickException(f"Not handed over: {withheld}.") from withheld
    except NotDelivered as failed:
        code = f"{failed.code} " if failed.code is not None else ""
        raise click.ClickException(f"Not accepted: {code}{failed}") from failed
    except OSError as failed:
        raise click.ClickException(f"Not written: {failed}.") from failed
    finally:
        transport.close()
    click.echo("Accepted by the mail server." if transport.is_real else "Written; nothing left this machine.")


@outbox.command("show")
@with_appcontext
def show() -> None:
    """How many messages stand in each state, and why those died that did."""
    for state, count in queries.counts().items():
        click.echo(f"{state}: {count}")
    dead = queries.latest_dead(MOST_SHOWN)
    for one in dead:
        code = f"{one.answer_code} " if one.answer_code is not None else ""
        click.echo(f"dead {one.id} {one.kind}: {code}{one.last_error}")
    if len(dead) == MOST_SHOWN:
        click.echo(f"Only the latest {MOST_SHOWN} are shown.")


@outbox.command("revive")
@click.argument("numbers", type=click.IntRange(1, 2**31 - 1), nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every dead message.")
@with_appcontext
def revive(numbers: tuple[int, ...], everything: bool) -> None:
    """Give dead messages all their tries again: those of these NUMBERS, or --all."""
    if bool(numbers) == everything:
        raise click.ClickException("Name the numbers of dead messages, or say --all.")
    with writing():
        revived = operations.revive(numbers or None, now())
    db.remove()
    if not revived:
        raise click.ClickException("There is no such dead message.")
    click.echo(f"{revived} message{' is' if revived == 1 else 's are'} queued again.")
    if missing := len(set(numbers)) - revived if numbers else 0:
        click.echo(f"{missing} of the numbers {'names' if missing == 1 else 'name'} no dead message.")


def _letter(address: str, mail_from: str, site_url: str) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = mail_from, address, "Meridian: does mail arrive?"
    made["Message-ID"] = f"<{uuid4()}@meridian.invalid>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(TEXT.format(site=site_url))
    return made

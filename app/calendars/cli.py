"""Invitations and their answers from the command line, for the mail server and for whoever looks after it."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from app.calendars import heard, receiving
from app.calendars.inviting import written
from app.calendars.mailboxes import message_in, messages_in
from app.calendars.receiving import Came
from app.config import Settings
from app.database import Busy, db
from app.domain.errors import DomainError
from app.web.clock import now

USAGE, NO_INPUT, TRY_AGAIN = 64, 66, 75
"""Exit statuses as mail servers read them (sysexits.h)."""
BETWEEN_LINES = 100


class _Misused(click.ClickException):
    exit_code = USAGE


class _TryAgain(click.ClickException):
    exit_code = TRY_AGAIN


class _MailCommand(click.Command):
    """Wrong usage ends with the status that a mail server knows."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as misuse:
            raise _Misused(misuse.format_message()) from misuse


class _MailGroup(click.Group):
    """As its commands: also where there is no such command."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as misuse:
            raise _Misused(misuse.format_message()) from misuse


@click.group("mail", cls=_MailGroup)
def mail() -> None:
    """Write invitations, and read the answers to them."""


@mail.command("invitation", cls=_MailCommand)
@click.argument("place_number", type=click.IntRange(1, 2**31 - 1))
@click.option("--cancel", is_flag=True, help="The cancellation instead.")
@with_appcontext
def invitation(place_number: int, cancel: bool) -> None:
    """Print the invitation mail for a place, to try it in a mail program; nothing is sent."""
    place = heard.place_of(place_number)
    if place is None:
        raise _Misused(f"There is no place {place_number}.")
    try:
        message = written(place, _settings(), now(), is_cancellation=cancel)
    except DomainError as refusal:
        raise _Misused(str(refusal)) from refusal
    click.echo(message.as_bytes(), nl=False)


@mail.command("receive", cls=_MailCommand)
@click.option("--recipient", default=None, help="The address of the envelope; else the header is asked.")
@click.option(
    "--mailbox",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    help="Read all messages of this mbox file instead of one from standard input.",
)
@with_appcontext
def receive(recipient: str | None, mailbox: Path | None) -> None:
    """Hear an answer to an invitation, from standard input.

    Ends with 0 whatever came of it, with 75 when it should be delivered again, with 64 when called wrongly.
    """
    if not _settings().reply_to:
        raise _Misused("REPLY_TO is not set: no answers are asked for.")
    if mailbox is None:
        came = _hear(message_in(sys.stdin.buffer), recipient)
        click.echo(f"{came.outcome or 'heard before'}: {came.detail}")
        return
    counts: Counter[str] = Counter()
    try:
        with mailbox.open("rb") as file:
            for raw in messages_in(file):
                counts[str(_hear(raw, recipient).outcome or "heard before")] += 1
                if counts.total() % BETWEEN_LINES == 0:
                    click.echo(f"{counts.total():,} read …", err=True)
    except OSError as failed:
        raise _TryAgain(f"{mailbox} cannot be read: {failed.strerror}") from failed
    if not counts and mailbox.stat().st_size:
        raise _Misused(f"{mailbox} is not an mbox file: no line in it begins a message with “From ”.")
    told = ", ".join(f"{number} {what}" for what, number in sorted(counts.items())) or "nothing in it"
    click.echo(f"{counts.total():,} message{'' if counts.total() == 1 else 's'}: {told}.")


def _hear(raw: bytes, recipient: str | None) -> Came:
    """Hear one mail; whatever goes wrong here and not in the mail is a reason to deliver it again."""
    try:
        return receiving.receive(raw, recipient, _settings(), now())
    except Busy as busy:
        raise _TryAgain("The database is busy; deliver it again later.") from busy
    except SQLAlchemyError as failed:
        reason = str(getattr(failed, "orig", None) or failed).splitlines()[0]
        raise _TryAgain(f"The database does not do it; deliver it again later: {reason}") from failed
    except Exception as failed:
        current_app.logger.exception("A mail could not be heard.")
        what = type(failed).__name__
        raise _TryAgain(f"It could not be heard ({what}); deliver it again later.") from failed
    finally:
        db.remove()


def _settings() -> Settings:
    found: Settings = current_app.config["SETTINGS"]
    return found

"""Accounts from the command line: the first administrator is made here."""

import sys

import click
from flask.cli import with_appcontext

from app.accounts import operations, password_rules, passwords, queries
from app.accounts.forms import EMAIL, LONGEST_EMAIL
from app.database import writing
from app.domain.errors import DomainError
from app.web.clock import now


@click.group("user")
def user() -> None:
    """Make accounts, organisers and administrators."""


@user.command("create")
@click.argument("email")
@click.option("--name", required=True, help="The person's name, as others see it.")
@click.option("--administrator", is_flag=True, help="May do everything.")
@click.option("--organiser", is_flag=True, help="May start journeys.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)
@with_appcontext
def create(email: str, name: str, administrator: bool, organiser: bool, password_stdin: bool) -> None:
    """Make an account for EMAIL; asks for the password."""
    email = email.strip()
    if not EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL:
        raise click.ClickException(f"{email!r} is not an e-mail address.")
    if queries.by_email(email) is not None:
        raise click.ClickException(
            f"{email} has an account already; `user promote` makes it an organiser's or an administrator's."
        )
    password = _password(password_stdin)
    try:
        password_rules.check(password, email=email, name=name)
        hashed = passwords.hash_password(password)
        with writing():
            operations.create_account(
                name, email, hashed, now(), is_administrator=administrator, is_organiser=organiser,
                is_confirmed=True,
            )  # fmt: skip
    except DomainError as refused:
        raise click.ClickException(str(refused)) from refused
    extra = " and administers this site" if administrator else " and start journeys" if organiser else ""
    click.echo(f"{email} can sign in{extra}.")


@user.command("promote")
@click.argument("email")
@click.option("--organiser", is_flag=True, help="Let it start journeys, and no more than that.")
@with_appcontext
def promote(email: str, organiser: bool) -> None:
    """Make the account of EMAIL an administrator's, or an organiser's."""
    with writing():
        found = queries.by_email(email)
        if found is None:
            raise click.ClickException(f"{email} has no account; `user create` makes one.")
        if organiser:
            operations.let_organise(found)
        else:
            operations.promote(found)
    click.echo(f"{found.email} {'can start journeys' if organiser else 'administers this site'}.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="Once more"))

"""Accounts: signing up, in and out, and what slows guessing down."""

import hmac
import re

from flask import Flask
from flask_login import LoginManager

from app.accounts import passwords, queries
from app.accounts.blueprint import bp
from app.accounts.cli import user as user_commands
from app.accounts.models import User
from app.accounts.views import forgotten as forgotten  # the views are registered by importing them
from app.accounts.views import signing_in as signing_in
from app.accounts.views.confirming import confirm_first
from app.domain.errors import NotConfirmed

NUMBER = re.compile(r"[0-9]{1,9}")

login_manager = LoginManager()
login_manager.session_protection = None  # people change networks on their way; the cookie alone is signed


def init_app(app: Flask) -> None:
    """Register the slice."""
    passwords.use_cost(app.config["SETTINGS"].password_cost)
    login_manager.init_app(app)
    app.register_blueprint(bp)
    app.register_error_handler(NotConfirmed, confirm_first)
    app.cli.add_command(user_commands)


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(remembered: str) -> User | None:
    """The account a sign-in cookie names, unless its password has changed since."""
    number, _, stamp = remembered.partition(":")
    found = queries.by_id(int(number)) if NUMBER.fullmatch(number) else None
    if found is None or not hmac.compare_digest(found.stamp.encode(), stamp.encode()):
        return None
    return found

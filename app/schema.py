"""The schema's versions: what the database has, what the code wants, and the way between them."""

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

ROOT = Path(__file__).resolve().parent.parent


def upgrade(url: str, to: str = "head", tell: Callable[[str], None] | None = None) -> None:
    """Bring the database at `url` up to a version; `tell` hears of every step."""
    command.upgrade(_config(url, tell), to)


def downgrade(url: str, to: str, tell: Callable[[str], None] | None = None) -> None:
    """Take the database at `url` back to a version; `base` is the empty database."""
    command.downgrade(_config(url, tell), to)


def check(url: str) -> None:
    """Raise alembic.util.CommandError when models and migrated schema differ, or migrations are missing."""
    command.check(_config(url))


def current(connection: Connection) -> str | None:
    """The version the database has; None before the first migration."""
    return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str | None:
    """The version the code wants."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def is_at_head(connection: Connection) -> bool:
    """Whether the database has the version the code wants."""
    return current(connection) == head()


def _config(url: str | None = None, tell: Callable[[str], None] | None = None) -> Config:
    config = Config(toml_file=ROOT / "pyproject.toml", stdout=io.StringIO())
    config.attributes["url"] = url
    config.attributes["tell"] = tell
    return config

"""The schema's versions: what the database has, what the code wants, and the way between them.

Alembic is imported only to go that way. A web worker asks where the database stands and never moves it, and
is smaller by a sixth without.
"""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

if TYPE_CHECKING:
    from alembic.config import Config

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ROOT / "migrations" / "versions"
REVISION = re.compile(r"""^(revision|down_revision)\b[^=]*= ["']?(\w+)""", re.MULTILINE)


class MigrationRefused(Exception):
    """There is no such version or no way to it, or models and schema differ; the message says which."""


def upgrade(url: str, to: str = "head", tell: Callable[[str], None] | None = None) -> None:
    """Bring the database at `url` up to a version; `tell` hears of every step."""
    with _alembic() as command:
        command.upgrade(_config(url, tell), to)


def downgrade(url: str, to: str, tell: Callable[[str], None] | None = None) -> None:
    """Take the database at `url` back to a version; `base` is the empty database."""
    with _alembic() as command:
        command.downgrade(_config(url, tell), to)


def check(url: str) -> None:
    """Raise MigrationRefused when models and migrated schema differ, or migrations are missing."""
    with _alembic() as command:
        command.check(_config(url))


def current(connection: Connection) -> str | None:
    """The version the database has; None before the first migration."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


@cache
def head() -> str | None:
    """The version the code wants."""
    migrations = [dict(REVISION.findall(path.read_text(encoding="utf-8"))) for path in VERSIONS.glob("*.py")]
    built_upon = {one["down_revision"] for one in migrations}
    return next((one["revision"] for one in migrations if one["revision"] not in built_upon), None)


def is_at_head(connection: Connection) -> bool:
    """Whether the database has the version the code wants."""
    return current(connection) == head()


@contextmanager
def _alembic() -> Iterator[Any]:
    from alembic import command, util  # noqa: PLC0415 - heavy, see above

    try:
        yield command
    except util.CommandError as refused:
        raise MigrationRefused(str(refused)) from refused


def _config(url: str | None = None, tell: Callable[[str], None] | None = None) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - heavy, see above

    config = Config(toml_file=ROOT / "pyproject.toml", stdout=io.StringIO())
    config.attributes["url"] = url
    config.attributes["tell"] = tell
    return config

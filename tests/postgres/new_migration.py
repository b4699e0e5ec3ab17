"""Generate a migration against a throw-away PostgreSQL: python -m tests.postgres.new_migration "add tags"

Generated against SQLite, the default of a boolean would be 0, which PostgreSQL refuses.
"""

import sys

from alembic import command
from alembic.config import Config

from app import schema
from tests.postgres.server import TemporaryPostgres


def main(message: str) -> None:
    with TemporaryPostgres() as server:
        url = server.create("meridian")
        schema.upgrade(url)
        config = Config(toml_file=schema.ROOT / "pyproject.toml")
        config.attributes["url"] = url
        command.revision(config, message, autogenerate=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit('usage: python -m tests.postgres.new_migration "what it does"')
    main(sys.argv[1])

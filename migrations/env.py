"""How Alembic meets our database: which tables, which types, one transaction for the whole way.

New migrations are generated against PostgreSQL (docs/operations.md says how): generated against SQLite, the
default of a boolean comes out as 0, which PostgreSQL refuses.
"""

import importlib
import os
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.runtime.migration import MigrationContext, MigrationInfo

import app
from app.config import database_url
from app.database import Base, UtcDateTime, WallDateTime, make_engine


def import_models() -> None:
    """Import every slice's models.py, so that `Base.metadata` is whole."""
    for path in sorted(Path(app.__file__).parent.glob("*/models.py")):
        importlib.import_module(f"app.{path.parent.name}.models")


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as what they are in the database: a migration outlives the code around it."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, WallDateTime):
        return "sa.DateTime()"
    return False


def tell(ctx: MigrationContext, step: MigrationInfo, heads: Any, run_args: Any) -> None:
    """Let the caller hear of a step made."""
    listener = context.config.attributes.get("tell")
    if listener is not None:
        listener(f"{'up to' if step.is_upgrade else 'down from'} {step.up_revision_id}")


def run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
        compare_server_default=False,
        transactional_ddl=True,
        on_version_apply=tell,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration leaves rows that refer to nothing: {broken[:5]}")


def without_foreign_keys(connection: Any, _record: Any) -> None:
    """SQLite changes a table by copying and dropping it; the drop must not delete what refers to it."""
    connection.execute("PRAGMA foreign_keys=off")


def main() -> None:
    import_models()
    url = context.config.attributes.get("url") or database_url(os.environ)
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", without_foreign_keys)
    try:
        with engine.connect().execution_options(writes=True) as connection:
            run(connection)
    finally:
        engine.dispose()


if context.is_offline_mode():
    raise SystemExit("Migrations run against a database; --sql is not offered.")
main()

"""Taking the whole database elsewhere: a copy on the other engine, a backup file of SQLite."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text, update

from app import schema
from app.database import Base, make_engine

BATCH = 500


class TransferRefused(Exception):
    """The copy or backup cannot be made as asked; nothing was written. The message says why."""


def copy(source_url: str, target_url: str, tell: Callable[[str], None]) -> int:
    """Copy every row into an empty database, which is migrated first; give the number of rows.

    All or nothing: the target stays empty when anything fails. Stop web server and worker before, or what
    they write meanwhile is left behind.
    """
    if source_url == target_url:
        raise TransferRefused("Source and target are the same database.")
    source_engine, target_engine = make_engine(source_url), make_engine(target_url)
    try:
        with source_engine.connect() as source:
            if source.dialect.name == "postgresql":
                source = source.execution_options(isolation_level="REPEATABLE READ")
            if not schema.is_at_head(source):
                raise TransferRefused(
                    "The source is not at the newest migration: run `db upgrade` on it first."
                )
            schema.upgrade(target_url)
            with target_engine.connect().execution_options(writes=True) as target, target.begin():
                return _copy_tables(source, target, tell)
    finally:
        source_engine.dispose()
        target_engine.dispose()


def backup(url: str, path: Path) -> None:
    """Write a consistent copy of a SQLite database in use to a new file, readable by its owner only."""
    if not url.startswith("sqlite:///"):
        raise TransferRefused("This database is no SQLite file: use pg_dump.")
    if path.exists():
        raise TransferRefused(f"{path} exists already; backups are never overwritten.")
    if not path.parent.is_dir():
        raise TransferRefused(f"There is no folder {path.parent}.")
    origin = Path(url.removeprefix("sqlite:///"))
    if not origin.exists():
        raise TransferRefused(f"There is no database at {origin}.")
    path.touch(mode=0o600)  # VACUUM INTO accepts an empty file and keeps its mode
    try:
        with closing(sqlite3.connect(origin, isolation_level=None)) as connection:
            connection.execute("VACUUM INTO ?", (str(path),))
        with closing(sqlite3.connect(path)) as written:
            verdict = written.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise TransferRefused(f"The backup is damaged and was removed: {verdict}")
    except BaseException:
        path.unlink()
        raise


def _copy_tables(source: Connection, target: Connection, tell: Callable[[str], None]) -> int:
    tables = Base.metadata.sorted_tables
    full = [table.name for table in tables if target.scalar(select(func.count()).select_from(table))]
    if full:
        raise TransferRefused(f"The target is not empty: it has rows in {', '.join(full)}.")
    total = 0
    for table in tables:
        count = _copy_table(source, target, table)
        if count:
            tell(f"{table.name}: {count}")
        total += count
    if target.dialect.name == "postgresql":
        for table in tables:
            _advance_sequence(target, table)
    return total


def _copy_table(source: Connection, target: Connection, table: Table) -> int:
    """Copy one table. References to the table's own rows follow when all its rows are there."""
    own = {key.parent.name for key in table.foreign_keys if key.column.table is table}
    columns = [column for column in table.columns if column.computed is None]
    count = 0
    result = source.execute(select(*columns).order_by(*table.primary_key.columns))
    for part in result.mappings().partitions(BATCH):
        rows: list[dict[str, Any]] = [{**row, **dict.fromkeys(own)} for row in part]
        target.execute(insert(table), rows)
        count += len(rows)
    for name in own:
        key = [*table.primary_key.columns]
        linked = select(*key, table.c[name]).where(table.c[name].is_not(None))
        for row in source.execute(linked).mappings():
            here = [column == row[column.name] for column in key]
            target.execute(update(table).where(*here).values({name: row[name]}))
    return count


def _advance_sequence(target: Connection, table: Table) -> None:
    """Let new rows get numbers above the copied ones."""
    column = table.autoincrement_column
    if column is None:
        return
    sequence = target.scalar(
        text("select pg_get_serial_sequence(:table, :column)"),
        {"table": f'"{table.name}"', "column": column.name},
    )
    highest = target.scalar(select(func.max(column)))
    if sequence is not None and highest is not None:
        target.execute(text("select setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})

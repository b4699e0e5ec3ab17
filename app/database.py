"""The database: base class, column types, the scoped session `db`, engines. No Flask here.

Two engines behave alike behind this module. PostgreSQL locks rows. SQLite has one writer at a time, so
writing transactions queue here first (in the process, then on one lock file) and take the write lock at
their beginning: left to `busy_timeout`, a few per cent of many simultaneous writers are refused.
"""

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Engine, Enum, MetaData, Select, String, create_engine, event
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, scoped_session, sessionmaker
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.types import TypeDecorator

QUEUE_SECONDS = 30.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.0002, 0.002
"""Seconds between two looks at the lock file: most writers are done sooner than the longest."""


TRUSTED_SECONDS = 2.0
"""So long after its last use a connection is used again without asking whether it still lives."""


class Busy(Exception):
    """No turn to write came within QUEUE_SECONDS; nothing was written, the request may be repeated."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Takes aware datetimes only and always gives back UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone; got a naive datetime")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WallDateTime(TypeDecorator[datetime]):
    """What a clock on the wall shows. Takes naive datetimes only; the zone stands in its own column."""

    impl = DateTime(timezone=False)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is not None:
            raise ValueError("a wall time has no time zone; got an aware datetime")
        return value


class Base(DeclarativeBase):
    """Every table of Meridian."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, str: String}


def enum_column(kind: type[StrEnum], name: str | None = None) -> Enum:
    """A column of a StrEnum, stored by value and checked by the schema; `name` tells two of a table apart."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        create_constraint=True,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
        name=f"legal_{name or kind.__name__.lower()}",
    )


Facts = Select[str, int, str]
"""A query of facts about a user, for permission rules: (kind, id, text)."""

db: scoped_session[OrmSession] = scoped_session(sessionmaker(expire_on_commit=False))


def connect(url: str) -> Engine:
    """Make the engine for `url` and let `db` use it."""
    engine = make_engine(url)
    bind(engine)
    return engine


def bind(engine: Engine | Connection) -> None:
    """Let `db` use this engine from now on."""
    db.remove()
    db.configure(bind=engine)


def begin_writing(keep: bool = False) -> None:
    """Begin the writing transaction of `db`; on SQLite, wait for the turn to write first.

    What was read before in the same transaction is given up and will be read anew; with `keep` it stays as
    it was read, for callers who read anew, under their locks, all that their decision rests on. Raises Busy
    after QUEUE_SECONDS.
    """
    active = db()
    if active.get_bind().dialect.name != "sqlite" or active.in_nested_transaction():
        return
    if active.in_transaction():
        if active.connection().get_execution_options().get("writes"):
            return
        if not isinstance(active.get_bind(), Engine):
            return  # a test holds the outer transaction
        if keep:
            active.commit()
        else:
            active.rollback()
    if isinstance(active.get_bind(), Engine):
        active.connection(execution_options={"writes": True})


@contextmanager
def writing() -> Iterator[None]:
    """A writing transaction for commands and the worker: committed at the end, given up on an exception."""
    begin_writing()
    try:
        yield
        db.commit()
    except BaseException:
        db.rollback()
        raise


def make_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL with the habits the rest of the code relies on."""
    if not url.startswith("sqlite"):
        engine = create_engine(
            url,
            pool_size=16,
            max_overflow=0,  # one that is closed after use is opened again for the next in a crowd
            pool_timeout=QUEUE_SECONDS,
            connect_args={"options": f"-c lock_timeout={QUEUE_SECONDS:.0f}s"},
        )
        _ask_the_idle(engine)
        return engine
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=32, max_overflow=0, pool_timeout=QUEUE_SECONDS)
    event.listen(engine, "connect", _prepare_sqlite)
    queue = _WriterQueue(Path(f"{path}.writer") if path and path != ":memory:" else None)
    event.listen(engine, "begin", queue.begin)
    event.listen(engine.pool, "reset", queue.released)
    return engine


def _ask_the_idle(engine: Engine) -> None:
    """Ask a connection that has rested whether it still lives: the server may have been started again.

    One in use a moment ago is not asked, which every request would wait for.
    """

    @event.listens_for(engine, "checkin")
    def rests(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def wakes(connection: Any, record: Any, _proxy: Any) -> None:
        rested = time.monotonic() - record.info.get("rests_since", time.monotonic())
        if rested <= TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as gone:
            raise InvalidatePoolError from gone  # the pool makes new ones and goes on


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in ("journal_mode=wal", "busy_timeout=30000", "synchronous=normal", "foreign_keys=on"):
        connection.execute(f"PRAGMA {pragma}")


class _WriterQueue:
    """The queue of SQLite's writers: one lock in the process, then one lock file between processes."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._turn = threading.Lock()
        self._holder: Any = None
        self._file: int | None = None

    def begin(self, connection: Connection) -> None:
        if not connection.get_execution_options().get("writes"):
            connection.exec_driver_sql("BEGIN")
            return
        deadline = time.monotonic() + QUEUE_SECONDS
        if not self._turn.acquire(timeout=QUEUE_SECONDS):
            raise Busy
        try:
            self._lock_file(deadline)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            self._give_up_turn()
            raise
        self._holder = connection.connection.dbapi_connection

    def released(self, dbapi_connection: Any, *_: Any) -> None:
        """After COMMIT or ROLLBACK, when the connection goes back to the pool: the next one's turn."""
        if self._holder is not None and dbapi_connection is self._holder:
            if dbapi_connection.in_transaction:
                dbapi_connection.rollback()
            self._give_up_turn()

    def _lock_file(self, deadline: float) -> None:
        if self._path is None:
            return
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        pause = SHORTEST_PAUSE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(handle)
                    raise Busy from None
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                self._file = handle
                return

    def _give_up_turn(self) -> None:
        self._holder = None
        if self._file is not None:
            os.close(self._file)
            self._file = None
        self._turn.release()

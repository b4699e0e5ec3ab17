"""The ground under every test: a real database on either engine, made by the migrations, given back clean.

A test that touches the database runs once on SQLite and once on PostgreSQL (`--engine` narrows that); all it
writes, commits included, is inside an outer transaction that is rolled back.
"""

import gc
import os
import shutil
import socket
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import scoped_session

from app import create_app, schema
from app.config import Settings
from app.database import bind, db, make_engine
from app.messages import delivery
from tests.postgres.server import TemporaryPostgres
from tests.reader import Client, QueryCounter

ENGINES = ("sqlite", "postgres")
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
SITE_URL = "http://127.0.0.1:8000"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine", choices=[*ENGINES, "both"], default="both", help="the database engines to test"
    )
    parser.addoption("--no-skips", action="store_true", help="count a skipped test as failed, as with CI set")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "engine(name): this test is about one engine")
    _close_the_network()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_name" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("engine")
        chosen = only.args[0] if only else metafunc.config.getoption("--engine")
        names = ENGINES if chosen == "both" else (chosen,)
        metafunc.parametrize("engine_name", names, scope="session")


def pytest_collection_finish() -> None:
    """Keep the collector of cycles off what stays until the end: the code, and thousands of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return _without_skips(item.config, report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return _without_skips(collector.config, report)


def _without_skips(config: pytest.Config, report: Report) -> Report:
    strict = config.getoption("--no-skips") or os.environ.get("CI")
    if strict and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped in a run that allows no skips: {report.longrepr}"
    return report


def _close_the_network() -> None:
    """Let tests reach this machine only."""
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise RuntimeError(f"A test tried to reach {address!r}; tests stay on this machine.")
        connect(self, address)

    def guarded_resolve(host: Any, *rest: Any, **more: Any) -> Any:
        if not _is_here(host):
            raise RuntimeError(f"A test tried to look up {host!r}; tests stay on this machine.")
        return resolve(host, *rest, **more)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign, assignment]
    socket.getaddrinfo = guarded_resolve


def _is_here(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    return name in (None, "", "localhost", "::1", "0.0.0.0") or str(name).startswith("127.")  # noqa: S104


@pytest.fixture(scope="session")
def postgres() -> Iterator[TemporaryPostgres]:
    """The server of this test process."""
    with TemporaryPostgres() as server:
        yield server


class Databases:
    """Makes databases on one engine; migrated ones are copies of one that the migrations made."""

    def __init__(self, folder: Path, server: TemporaryPostgres | None) -> None:
        self._folder = folder
        self._server = server
        self._count = 0
        self._template: str | None = None

    def empty(self) -> str:
        """The URL of a new database without tables."""
        self._count += 1
        name = f"meridian_{self._count}"
        return self._server.create(name) if self._server else f"sqlite:///{self._folder / name}.db"

    def migrated(self) -> str:
        """The URL of a new database at the newest migration."""
        if self._template is None:
            self._template = self.empty()
            schema.upgrade(self._template)
        self._count += 1
        name = f"meridian_{self._count}"
        if self._server:
            return self._server.create(name, template="meridian_1")
        shutil.copyfile(self._template.removeprefix("sqlite:///"), self._folder / f"{name}.db")
        return f"sqlite:///{self._folder / name}.db"

    def drop(self, url: str) -> None:
        """Give back the room of a database that is not needed any more."""
        if self._server:
            self._server.drop(make_url(url).database or "")


@pytest.fixture(scope="session")
def databases(
    engine_name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Databases:
    """Where tests get databases of their own from."""
    server = request.getfixturevalue("postgres") if engine_name == "postgres" else None
    made = Databases(tmp_path_factory.mktemp("databases"), server)
    made.migrated()  # so that the template is the first
    return made


@pytest.fixture(scope="session")
def settings(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the application under test."""
    return Settings(
        secret_key="a fixed key for the tests, of more than 32 characters",
        database_url=databases.migrated(),
        site_url=SITE_URL,
        mail_url=f"folder:{tmp_path_factory.mktemp('mail')}",
        password_cost=1,
    )


class Compiled(BytecodeCache):
    """Templates compiled by one application, for the others of this process; known by what they say."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get((bucket.key, bucket.checksum))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


COMPILED = Compiled()


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """The application, made once per engine; use `client` or `database` to reach it."""
    made = create_app(settings)
    made.testing = True
    made.test_client_class = Client
    made.jinja_env.bytecode_cache = COMPILED
    yield made
    db.remove()
    made.extensions["engine"].dispose()


@pytest.fixture
def database(app: Flask) -> Iterator[scoped_session[Any]]:
    """`db` inside an outer transaction: what is committed in the test is gone after it."""
    connection = app.extensions["engine"].connect()
    outer = connection.begin()
    bind(connection)
    db.configure(join_transaction_mode="create_savepoint")
    mail = app.config["SETTINGS"]  # another application, made by a test before, has said its own
    delivery.configure(mail.mail_url, mail.mail_from, mail.site_url, mail.secret_key)
    yield db
    db.remove()
    outer.rollback()
    connection.close()
    db.configure(join_transaction_mode="conditional_savepoint")
    bind(app.extensions["engine"])


@pytest.fixture
def client(app: Flask, database: scoped_session[Any]) -> Client:
    """A browser without JavaScript; `app.test_client()` gives a second one."""
    made = app.test_client()
    assert isinstance(made, Client)
    return made


@pytest.fixture
def real_database(databases: Databases) -> Iterator[Engine]:
    """A migrated database of this test's own, to which `db` commits for real: for threads and processes."""
    url = databases.migrated()
    engine = make_engine(url)
    previous = db.session_factory.kw.get("bind")
    bind(engine)
    yield engine
    db.remove()
    db.configure(bind=previous)
    engine.dispose()
    databases.drop(url)


@pytest.fixture
def query_counter(app: Flask) -> Callable[[], QueryCounter]:
    """`with query_counter() as counted: …` and then `counted.count` or `counted.statements`."""
    return lambda: QueryCounter(app.extensions["engine"])

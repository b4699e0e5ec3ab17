"""gunicorn with two workers as docs/operations.md runs it, for the length of a `with` block."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from bench import processes

ROOT = Path(__file__).parent.parent
WORKERS = 2
START_SECONDS = 60.0
SECRET_KEY = "the benchmarks keep no secrets: " + "x" * 16
OPTIONS = ("--no-control-socket", "--worker-class", "gthread", "--threads", "4", "--keep-alive", "60")
BARE_OPTIONS = ("--config", os.devnull)
"""Without our gunicorn.conf.py, which would load Meridian."""


class Server:
    """One application behind gunicorn. `database_pid` is the database's own process, if it has one."""

    def __init__(
        self, application: str, url: str, database_pid: int | None = None, options: tuple[str, ...] = (),
        **environment: str,
    ) -> None:  # fmt: skip
        self.port = _free_port()
        self._options = options
        self._application = application
        self._database_pid = database_pid
        self._folder = tempfile.TemporaryDirectory(prefix="bench-")
        self._environment = {
            **os.environ,
            "DATABASE_URL": url,
            "SECRET_KEY": SECRET_KEY,
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "MAIL_URL": f"folder:{self._folder.name}/mail",
            "LOG_LEVEL": "ERROR",
            **environment,
        }

    def __enter__(self) -> "Server":
        self.start()
        return self

    def start(self) -> None:
        """Start it, also after `kill`; it answers when this returns."""
        command = [
            *(sys.executable, "-m", "gunicorn", *OPTIONS, *self._options, "--workers", str(WORKERS)),
            *("--bind", f"127.0.0.1:{self.port}", "--log-level", "error", f"{self._application}:application"),
        ]
        self._process = subprocess.Popen(command, cwd=ROOT, env=self._environment)
        self._wait()

    def kill(self) -> None:
        """End all its processes at once, in the middle of whatever they do."""
        for pid in self.pids():
            self.kill_one(pid)
        self._process.wait(START_SECONDS)

    def kill_one(self, pid: int) -> None:
        """End one of its processes so; the master starts another worker by itself."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(START_SECONDS)
        self._folder.cleanup()

    def cpu_seconds(self) -> float:
        """CPU time used so far by gunicorn's processes and by those of the database."""
        database = processes.family(self._database_pid) if self._database_pid else []
        return processes.cpu_seconds([*self.pids(), *database])

    def pids(self) -> list[int]:
        """The master and the workers."""
        return processes.family(self._process.pid)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"{self._application} did not start under gunicorn")


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])

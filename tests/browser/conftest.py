"""A real Chromium on the running site: its own process, its own migrated and seeded database."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app import schema
from tests.browser.watching import watch

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
PATIENCE = 30_000
"""Milliseconds until something is not going to happen on a page; a busy machine takes its time."""

expect.set_options(timeout=PATIENCE)
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True)
class LiveServer:
    """The running site."""

    url: str
    folder: Path
    """Its working folder; everything it keeps is in `instance` below it."""
    environment: dict[str, str]

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder / 'instance' / 'meridian.db'}"

    @property
    def sign_ins(self) -> dict[str, tuple[str, str]]:
        """E-mail and password of each demonstration role."""
        lines = (self.folder / "instance" / "demonstration-sign-ins.txt").read_text(encoding="utf-8")
        pairs = (line.split(": ", 1) for line in lines.splitlines() if ": " in line)
        return {role.strip(): tuple(rest.split(None, 1)) for role, rest in pairs}  # type: ignore[misc]

    def flask(self, *command: str, told: str = "") -> str:
        """Run a `flask` command against the site's database; what it printed."""
        return run_flask(self.folder, self.environment, *command, told=told)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = f"{Path(__file__).parent}{os.sep}"
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The site with its demonstration data, served by waitress on a free port."""
    with serving(tmp_path_factory.mktemp("site"), ("seed",)) as server:
        yield server


@contextmanager
def serving(folder: Path, *commands: Sequence[str]) -> Iterator[LiveServer]:
    """A site of its own in `folder`, served while the block runs; `commands` of `flask` are run first."""
    port = free_port()
    environment = {
        **os.environ,
        "SECRET_KEY": "a fixed key for the browser tests, long enough",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": "sqlite:///instance/meridian.db",
        "MAIL_URL": "folder:instance/mail",
        "PASSWORD_COST": "1",
        "PYTHONPATH": str(ROOT),
    }
    (folder / "instance").mkdir()
    schema.upgrade(f"sqlite:///{folder / 'instance' / 'meridian.db'}")
    for one in commands:
        run_flask(folder, environment, *one)
    listen = ["--listen", f"127.0.0.1:{port}", "--threads", "8", "wsgi:app"]
    with ExitStack() as closing:
        log = closing.enter_context((folder / "log").open("wb"))
        process = subprocess.Popen(
            [sys.executable, "-m", "waitress", *listen], env=environment, cwd=folder, stdout=log, stderr=log
        )
        closing.callback(process.wait, START_SECONDS)
        closing.callback(process.terminate)
        server = LiveServer(f"http://127.0.0.1:{port}", folder, environment)
        wait_for(server, process)
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("No Chromium: install the package chromium, or name it in CHROMIUM.")
    arguments = [*QUIET, "--no-sandbox"] if os.getuid() == 0 else QUIET
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=arguments)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Gives pages of new readers: `open_page(timezone_id="Asia/Dhaka", java_script_enabled=False, …)`.

    Paths are taken from the site. A script's error, a refusal by the security policy or a part that does
    not arrive fails the test.
    """
    complaints: list[str] = []
    with ExitStack() as closing:

        def make(**reader: Any) -> Page:
            settings = {
                "base_url": live_server.url,
                "locale": "en-GB",
                "timezone_id": "Europe/London",
            } | reader
            context = browser.new_context(**settings)
            closing.callback(context.close)
            made = context.new_page()
            made.set_default_timeout(PATIENCE)
            return watch(made, complaints)

        yield make
    assert complaints == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """The page of a new reader in London."""
    return open_page()


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """`axe(page)`: what axe finds wrong on the page, one line each; empty when it is silent.

    `axe(page, ["color-contrast"])` asks for these rules alone.
    """
    script = Axe().axe_script

    def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
        is_wide = page.viewport_size is not None and page.viewport_size["width"] >= 1000
        options: dict[str, Any] = {
            "resultTypes": ["violations"],
            "preload": is_wide and not rules,  # the style sheet is the same at every width
        }
        if rules:
            options["runOnly"] = {"type": "rule", "values": list(rules)}
        if page.evaluate("!window.axe"):  # half a megabyte: once for each page
            page.evaluate(script)
        found = page.evaluate("options => axe.run(options).then(all => all.violations)", options)
        return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]

    return violations


def run_flask(folder: Path, environment: dict[str, str], *command: str, told: str = "") -> str:
    """Run a `flask` command in `folder`, `told` on its standard input; fails with what it printed."""
    whole = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
    done = subprocess.run(
        whole, env=environment, cwd=folder, input=told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"flask {' '.join(command)}: {done.stdout}{done.stderr}"
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(server: LiveServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert process.poll() is None, (server.folder / "log").read_text()
        try:
            with urllib.request.urlopen(f"{server.url}/health", timeout=5) as answer:  # noqa: S310
                assert answer.status == 200
                return
        except OSError:
            assert time.monotonic() < deadline, (server.folder / "log").read_text()
            time.sleep(0.1)

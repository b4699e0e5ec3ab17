"""`make run`, `wsgi.py` and what they say when something is wrong."""

import os
import runpy
import shutil
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from app import start

ROOT = Path(__file__).parents[2]
KEY = "a key of more than thirty-two characters"


def flask(tmp_path: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in {"SECRET_KEY", "DATABASE_URL"}}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), *command],
        env=clean | {"PYTHONPATH": str(ROOT)} | environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_wrong_setting_stops_the_start_with_a_sentence(tmp_path):
    stopped = flask(tmp_path, "check")
    assert stopped.returncode == 3
    (line,) = stopped.stderr.splitlines()
    assert line.startswith("Meridian does not start: SECRET_KEY must ")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"SECRET_KEY": KEY, "DATABASE_URL": "mysql://somewhere"}, "DATABASE_URL"),
        ({"SECRET_KEY": KEY, "MAIL_URL": "smtp:localhost"}, "MAIL_URL"),
        ({"SECRET_KEY": KEY, "PORT": "many"}, "PORT"),
    ],
)
def test_what_a_server_loads_names_the_wrong_setting(monkeypatch, capsys, wrong, said):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        runpy.run_path(str(ROOT / "wsgi.py"))
    assert stopped.value.code == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"Meridian does not start: {said} must ")


def test_check_says_that_migrations_are_missing(tmp_path):
    behind = flask(tmp_path, "check", SECRET_KEY=KEY)
    assert behind.returncode == 1
    assert behind.stderr.startswith(
        "Error: Migrations: the database has no migration at all, the code wants "
    )
    assert flask(tmp_path, "db", "upgrade", SECRET_KEY=KEY).returncode == 0
    well = flask(tmp_path, "check", SECRET_KEY=KEY)
    assert (well.returncode, well.stderr) == (0, "")


def test_a_database_that_does_not_answer_is_one_line(tmp_path):
    url = "postgresql+psycopg://nobody@/nothing?host=/nowhere"
    refused = flask(tmp_path, "check", SECRET_KEY=KEY, DATABASE_URL=url)
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: The database does not do it: ")
    assert len(refused.stderr.splitlines()) == 1


def test_a_port_in_use_is_one_clear_line(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(SystemExit, match=f"^Port {port} cannot be used .* PORT=8080 make run$"):
            start._port()


def test_a_port_that_is_no_number_is_one_clear_line(monkeypatch):
    monkeypatch.setenv("PORT", "web")
    with pytest.raises(SystemExit, match="^PORT must be a whole number from 1 to 65535, not 'web'\\.$"):
        start._port()


def test_the_secret_key_is_made_once_and_only_for_its_owner(tmp_path, monkeypatch):
    monkeypatch.setattr(start, "INSTANCE", tmp_path)
    first = start._environment(8000)
    assert len(first["SECRET_KEY"]) >= 32
    assert start._environment(8000)["SECRET_KEY"] == first["SECRET_KEY"]
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert first["DATABASE_URL"].startswith("sqlite:///")


def test_the_caller_s_own_database_is_never_seeded(tmp_path, monkeypatch):
    monkeypatch.setattr(start, "INSTANCE", tmp_path)
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://real/meridian")
    monkeypatch.setenv("SITE_URL", "https://learn.example.org")
    ours = start._environment(8123)
    assert ours["DATABASE_URL"] == "sqlite:///instance/meridian.db"
    assert ours["SITE_URL"] == "http://127.0.0.1:8123"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what `make run` needs, so that the developer's own instance/ is left alone."""
    for name in ("app", "migrations", "seeds", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("pyproject.toml", "wsgi.py"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def run_and_stop(checkout: Path, port: int, stop_with: signal.Signals) -> str:
    """Start everything, read the first page, stop; what was printed."""
    command = [sys.executable, "-u", "-m", "app.start"]
    environment = os.environ | {"PORT": str(port), "PYTHONPATH": str(checkout), "PASSWORD_COST": "1"}
    with subprocess.Popen(
        command, env=environment, cwd=checkout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        said = ""
        try:
            while "A second `make run`" not in said:
                line = process.stdout.readline()
                assert line, said
                said += line
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:  # noqa: S310
                assert answer.status == 200
        finally:
            process.send_signal(stop_with)
        said += process.stdout.read()
        status = process.wait(30)
    assert status == 0, said
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0, "the web server is still there"
    return said


def test_make_run_prints_what_is_needed_and_a_second_run_keeps_the_data(checkout):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = run_and_stop(checkout, port, signal.SIGINT)
    assert f"Meridian runs at http://127.0.0.1:{port}" in said
    assert "Demonstration sign-ins" in said
    assert "@" in said
    assert f"Mail is written to {checkout / 'instance' / 'mail'}" in said
    assert f"An administrator reads it at http://127.0.0.1:{port}/organise/outbox" in said
    key = (checkout / "instance" / "secret-key").read_text()
    again = run_and_stop(checkout, port, signal.SIGTERM)
    assert (checkout / "instance" / "secret-key").read_text() == key
    assert what_is_where(again) == what_is_where(said)


def what_is_where(said: str) -> str:
    """From the address to the last line of advice, without the worker: it speaks at its own moment."""
    own = [line for line in said.splitlines() if not line.startswith("The worker runs")]
    text = "\n".join(own)
    return text[text.index("Meridian runs at") : text.index("A second `make run`")]

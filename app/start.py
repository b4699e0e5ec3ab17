"""`make run`: the whole of Meridian on one machine, with demonstration data: `python -m app.start`.

Keeps everything under `instance/`. Migrates, loads the demonstration programmes once, then runs worker and
web server until Ctrl-C.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"
SIGN_INS = INSTANCE / "demonstration-sign-ins.txt"
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
THREADS = 8
START_SECONDS = 120.0
PATIENCE_SECONDS = 15.0
"""Until a process that was asked to stop is stopped."""


def main() -> int:
    """Run until told to stop; the exit status."""
    port = _port()
    INSTANCE.mkdir(mode=0o700, exist_ok=True)
    environment = _environment(port)
    print("Preparing the database under instance/ …", flush=True)
    for step in (["db", "upgrade"], ["seed", "--once"]):
        if subprocess.run([*FLASK, *step], env=environment, cwd=ROOT, check=False).returncode != 0:
            print(f"Meridian was not started: `flask --app wsgi {' '.join(step)}` failed (see above).")
            return 1
    return _serve(port, environment)


def _port() -> int:
    """The port to bind, free at this moment; else one clear line."""
    text = os.environ.get("PORT", "").strip() or "8000"
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise SystemExit(f"PORT must be a whole number from 1 to 65535, not {text!r}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as refused:
            raise SystemExit(
                f"Port {text} cannot be used ({refused.strerror}): something else may run there. "
                "Stop it, or choose another: PORT=8080 make run"
            ) from refused
    return int(text)


def _environment(port: int) -> dict[str, str]:
    """What the commands are started with: the caller's settings, but never the caller's database or mail."""
    return {
        **os.environ,
        "DATABASE_URL": "sqlite:///instance/meridian.db",
        "SECRET_KEY": _secret_key(),
        "MAIL_URL": "folder:instance/mail",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }


def _secret_key() -> str:
    """A random key made at the first start and kept in a file that only its owner can read."""
    path = INSTANCE / "secret-key"
    if not path.exists():
        partial = path.with_suffix(".part")
        partial.unlink(missing_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        partial.rename(path)
    return path.read_text().strip()


def _serve(port: int, environment: dict[str, str]) -> int:
    """Web server and worker, until one of them ends or a signal comes; then both are ended cleanly."""
    listen = ["--listen", f"127.0.0.1:{port}", "--threads", str(THREADS)]
    web = [sys.executable, "-m", "waitress", *listen, "wsgi:app"]
    for stop in (signal.SIGINT, signal.SIGTERM):  # a shell's background jobs ignore the first unless told
        signal.signal(stop, _interrupt)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in (("web server", web), ("worker", [*FLASK, "worker"])):
            # in a session of its own: Ctrl-C reaches this process alone, which then ends them in order
            running[name] = subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)
        if _answers(port, running):
            _say_what_is_where(environment["SITE_URL"])
        while True:
            for name, process in running.items():
                if process.poll() is not None:
                    print(f"The {name} ended by itself (status {process.returncode}); stopping.")
                    return 1
            time.sleep(0.3)
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
        return 0
    finally:
        _stop(list(running.values()))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _answers(port: int, running: dict[str, subprocess.Popen[bytes]]) -> bool:
    """Wait for the web server to accept a connection; on a busy machine that takes a while."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if running["web server"].poll() is not None:
            return False
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for impatience in (signal.SIGINT, signal.SIGTERM):
        signal.signal(impatience, signal.SIG_IGN)
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _say_what_is_where(address: str) -> None:
    print(f"\nMeridian runs at {address}\n")
    if SIGN_INS.exists():
        print("Demonstration sign-ins (invented people):")
        for line in SIGN_INS.read_text(encoding="utf-8").splitlines():
            print(f"  {line}")
    print(f"\nMail is written to {INSTANCE / 'mail'} and never leaves this machine.")
    print(f"An administrator reads it at {address}/organise/outbox")
    print("Next: open the address, look at a journey, sign up, open the link in the letter that then lies in")
    print("that folder, and take a place. Ctrl-C stops everything.")
    print("A second `make run` keeps the data; removing the folder instance/ begins afresh.", flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""ical.js, with which Thunderbird and Nextcloud read calendars, run by node."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from tests.calendars.readers.seen import Reader, Seen, by_uid

PACKAGE = Path(sys.prefix) / "readers" / "node_modules" / "ical.js"
"""Where `make readers` puts it."""
SCRIPT = Path(__file__).with_name("ical_js.mjs")
START_SECONDS = 60


def lack() -> str:
    if shutil.which("node") is None:
        return "No node: install the package nodejs."
    if not (PACKAGE / "package.json").exists():
        return "No ical.js: run `make readers` with npm installed."
    return ""


def version() -> str:
    return str(json.loads((PACKAGE / "package.json").read_text())["version"])


def read(files: Sequence[bytes]) -> list[list[Seen]]:
    done = subprocess.run(
        [shutil.which("node") or "node", str(SCRIPT), str(PACKAGE / "dist" / "ical.js")],
        input=json.dumps([body.decode() for body in files]),
        capture_output=True, text=True, encoding="utf-8", timeout=START_SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [by_uid([seen(one) for one in events]) for events in json.loads(done.stdout)]


def seen(told: dict[str, Any]) -> Seen:
    """From JSON, where an instant is its seconds and a day is a text."""
    return Seen(**told | {name: _moment(told[name]) for name in ("starts", "ends")})


def _moment(told: str | int) -> datetime | date:
    return date.fromisoformat(told) if isinstance(told, str) else datetime.fromtimestamp(told, UTC)


READER = Reader("ical.js (Thunderbird)", version, lack, read)

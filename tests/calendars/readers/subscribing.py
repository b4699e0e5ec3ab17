"""A subscriber: vdirsyncer fetches calendars over HTTP into folders, khal shows what is in them.

Both run as their users run them, as commands with files of settings, and keep what they have between runs.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

BIN = Path(sys.executable).parent
RUN_SECONDS = 60

STORAGES = """
[pair {name}]
a = "{name}_here"
b = "{name}_there"
collections = null
conflict_resolution = "b wins"

[storage {name}_here]
type = "filesystem"
path = "{folder}/{name}"
fileext = ".ics"

[storage {name}_there]
type = "http"
url = "{url}"
"""

KHAL = """
[calendars]
{calendars}
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
highlight_event_days = False
[sqlite]
path = {folder}/khal.db
"""


class Subscriber:
    """Somebody in UTC who follows the calendars at these addresses, each under a name."""

    def __init__(self, folder: Path, addresses: Mapping[str, str]) -> None:
        self.folder = folder
        self._calendars = list(addresses)
        pairs = "".join(STORAGES.format(name=name, folder=folder, url=url) for name, url in addresses.items())
        for name in addresses:
            (folder / name).mkdir()
        (folder / "vdirsyncer.conf").write_text(f'[general]\nstatus_path = "{folder}/status"\n{pairs}')
        calendars = "".join(f"[[{name}]]\npath = {folder}/{name}\nreadonly = True\n" for name in addresses)
        (folder / "khal.conf").write_text(KHAL.format(calendars=calendars, folder=folder))
        found = self._run("vdirsyncer", "discover")
        assert found.returncode == 0, found.stderr

    def synchronise(self, *options: str) -> str:
        """Fetch; what vdirsyncer complains of, empty when it is content."""
        done = self._run("vdirsyncer", "sync", *options)
        complaints = [one for one in done.stderr.splitlines() if one.startswith(("error", "critical"))]
        assert (done.returncode == 0) == (not complaints), done.stderr
        return "\n".join(complaints)

    def khal(self, *command: str) -> str:
        """What khal prints."""
        done = self._run("khal", *command)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def script(self, path: Path, *arguments: str) -> str:
        """What a script prints that reads with khal's own code and these settings."""
        done = self._command([sys.executable, str(path), str(self.folder / "khal.conf"), *arguments])
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _run(self, program: str, *command: str) -> subprocess.CompletedProcess[str]:
        settings = self.folder / f"{program}.conf"
        return self._command([str(BIN / program), "-c", str(settings), *command])

    def _command(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        home = {
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder),
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
        }
        return subprocess.run(
            command,
            env={**os.environ, **home, "PYTHONWARNINGS": "ignore", "NO_COLOR": "1"},
            cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
            timeout=RUN_SECONDS, check=False,
        )  # fmt: skip

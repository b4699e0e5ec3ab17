"""Real editions of the zone data: the `tzdata` packages of their day, fetched once and kept under .cache/."""

import subprocess
import sys
import zipfile
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest

CACHE = Path(__file__).parents[2] / ".cache" / "zone-data"
BEFORE, AFTER = "2022.5", "2022.7"
"""2022e has summer time in Mexico; 2022g knows that it was abolished on 30 October 2022."""


def zone_data(edition: str) -> Path:
    """A directory for PYTHONTZPATH. Fails the test, naming the packages, when the edition cannot be had."""
    kept = CACHE / edition
    if not kept.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        fetched = Path(mkdtemp(prefix="fetching-", dir=CACHE))
        try:
            _unpack(_fetch(edition, fetched), fetched / "unpacked")
            if not kept.is_dir():
                (fetched / "unpacked").rename(kept)
        except OSError:
            if not kept.is_dir():  # else another test process was quicker
                raise
        finally:
            rmtree(fetched, ignore_errors=True)
    return kept / "tzdata" / "zoneinfo"


def _fetch(edition: str, folder: Path) -> Path:
    command = [
        sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet",
        "download", "--no-deps", "--only-binary", ":all:", "--dest", str(folder), f"tzdata=={edition}",
    ]  # fmt: skip
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    wheels = list(folder.glob("tzdata-*.whl"))
    if told.returncode != 0 or not wheels:
        why = (told.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        pytest.fail(
            f"This test needs the packages tzdata=={BEFORE} and tzdata=={AFTER} once, through pip; "
            f"tzdata=={edition} could not be had: {why}",
            pytrace=False,
        )
    return wheels[0]


def _unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        rules = [name for name in packed.namelist() if name.startswith("tzdata/zoneinfo/")]
        packed.extractall(folder, rules)

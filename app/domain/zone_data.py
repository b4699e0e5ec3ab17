"""Where zone rules come from: one source, the same for instants, lists of zones and the version shown to
administrators.
"""

import os
import zoneinfo
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from app.domain.errors import DomainError

__all__ = [
    "UnknownZone",
    "readable_zone",
    "source_text",
    "use_packaged_zone_data",
    "zone_data_version",
    "zone_rules",
]

UTC = "Etc/UTC"


class UnknownZone(DomainError):
    """No zone of this name in the zone data."""

    def __init__(self, name: str, message: str | None = None, field: str | None = "timezone") -> None:
        super().__init__(message or f"There is no time zone called “{name}”.", field)
        self.name = name


def use_packaged_zone_data() -> None:
    """Read zones from the `tzdata` package alone, unless PYTHONTZPATH names other directories.

    The rules of the operating system would make two machines disagree about the same promise. Called once, at
    start.
    """
    if "PYTHONTZPATH" in os.environ:
        zoneinfo.reset_tzpath()
    else:
        zoneinfo.reset_tzpath(to=())
    ZoneInfo.clear_cache()
    zone_rules.cache_clear()
    source_text.cache_clear()


@cache
def source_text(name: str) -> str:
    """The text of a table (`zone.tab`, `tzdata.zi`) of the source that zones are read from; empty if it has
    none.
    """
    directories = _directories()
    for directory in directories:
        if (directory / name).is_file():
            return (directory / name).read_text(encoding="utf-8")
    packaged = resources.files("tzdata").joinpath("zoneinfo", name)
    return "" if directories and name == "tzdata.zi" else packaged.read_text(encoding="utf-8")


def zone_data_version() -> str:
    """The version of the zone data in use, such as `2026f`; `unknown` when its source does not say."""
    return _version_in(source_text("tzdata.zi")[:80].partition("\n")[0])


def _version_in(first_line: str) -> str:
    marker, _, version = first_line.partition("# version ")
    return version.strip() if not marker and version else "unknown"


@lru_cache(maxsize=1024)
def zone_rules(name: str) -> ZoneInfo:
    """The rules of the zone called `name`, exactly as written. Refuses names that the zone data lacks."""
    try:
        rules = ZoneInfo(name)
    except (
        KeyError,
        ValueError,
        OSError,
    ) as missing:  # ZoneInfoNotFoundError is a KeyError; odd names raise the others
        raise UnknownZone(name) from missing
    directories = _directories()
    if directories and not any((directory / name).is_file() for directory in directories):
        raise UnknownZone(name)  # ZoneInfo would take it from the package: of another edition
    return rules


def readable_zone(name: str) -> str:
    """The zone in whose time to show what belongs to zone `name`: UTC for one that the zone data lost."""
    try:
        zone_rules(name)
    except UnknownZone:
        return UTC
    return name


def _directories() -> list[Path]:
    """The directories that PYTHONTZPATH names; none where the package is read."""
    return [Path(directory) for directory in zoneinfo.TZPATH if Path(directory).is_dir()]

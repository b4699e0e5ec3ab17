"""What any reader of a calendar says of one event, in one plain form; and what a reader is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True)
class Seen:
    """An event as one reader understands it."""

    uid: str
    page: str
    """Its URL. A subscriber that gives events identifiers of its own (vdirsyncer) leaves this as it is."""
    starts: datetime | date
    """An instant in UTC; a date when it is known by its days only."""
    ends: datetime | date
    """The instant, or the first day after it."""
    title: str
    status: str
    sequence: int | None
    """None: this reader does not tell."""
    location: str
    description: str


@dataclass(frozen=True)
class Reader:
    """A program, or a library, that reads calendars and is none of ours."""

    name: str
    version: Callable[[], str]
    lack: Callable[[], str]
    """What is missing to run it and how to get it, as a sentence; empty when nothing is."""
    read: Callable[[Sequence[bytes]], list[list[Seen]]]
    """The events of each of these files, by UID. All at once, because some are slow to start."""
    keeps_uids: bool = True
    counts_changes: bool = True


def instant(value: datetime | date) -> datetime | date:
    """`value` in UTC; a date stays one. A time without a zone is an error: no file of ours has one."""
    if not isinstance(value, datetime):
        return value
    assert value.tzinfo is not None, f"{value} floats"
    return value.astimezone(UTC)


def by_uid(events: Sequence[Seen]) -> list[Seen]:
    return sorted(events, key=lambda one: (one.uid, str(one.starts)))


def installed() -> str:
    """Of packages that `make` installs nothing is ever missing."""
    return ""

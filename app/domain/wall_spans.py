"""Lengths and moves reckoned from what clocks show: until a wall time, and into another zone."""

from datetime import date, datetime

from app.domain.dates import short_day
from app.domain.errors import DomainError
from app.domain.timezones import (
    Promise,
    TimeDoesNotExist,
    TimeHappensTwice,
    check_wall,
    local,
    wall_of,
    zone_phrase,
)
from app.domain.zone_names import city

__all__ = ["instant_of", "minutes_until", "promised_at", "said_in"]


def instant_of(wall: datetime, timezone: str, fold: int | None = None) -> datetime:
    """The UTC instant of a wall time. Refuses one that does not exist; asks about one that comes twice."""
    return wall_of(wall, timezone, check_wall(wall, timezone, fold))


def minutes_until(starts_at: datetime, ends_wall: datetime, timezone: str) -> int:
    """Elapsed minutes from an instant until a clock in the zone shows `ends_wall`; negative when it is past.

    Raises DomainError, at the field `ends`, for a time that the clocks skip or show twice.
    """
    try:
        ends_at = instant_of(ends_wall, timezone)
    except TimeDoesNotExist as gap:
        raise DomainError(gap.message, "ends") from gap
    except TimeHappensTwice as twice:
        raise DomainError(
            f"{ends_wall:%H:%M} comes twice in {city(timezone)} that day. "
            "Give the length in minutes instead.",
            "ends",
        ) from twice
    return int((ends_at - starts_at).total_seconds() // 60)


def promised_at(instant: datetime, timezone: str, length_minutes: int) -> Promise:
    """The promise, in the time of a zone, that begins at an instant."""
    there = local(instant, timezone)
    return Promise(there.replace(tzinfo=None, fold=0), timezone, there.fold, length_minutes)


def said_in(instant: datetime, timezone: str, beside: date | None = None) -> str:
    """`10:00 in London (BST, UTC+1)`; with the weekday when the day is not the one it stands beside."""
    at = local(instant, timezone)
    day = f"{short_day(at.date())}, " if beside is not None and at.date() != beside else ""
    return f"{day}{at:%H:%M} in {city(timezone)} ({zone_phrase(at)})"

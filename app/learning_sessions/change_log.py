"""The public record of what changed at a sitting, in words and in the reader's time; no queries here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from app.domain.attendance import Attendance
from app.domain.moves import Move
from app.domain.timezones import Flag, city
from app.learning_sessions.models import Offering
from app.web.moves import reads_the_promise
from app.web.reader import Reader
from app.web.sittings import Shown, shown

CANCELLED = "cancelled"


class Change(Protocol):
    """What is read of a change record, which a later slice keeps."""

    id: int
    offering_id: int
    kind: Any
    """`moved`, `relocated`, `cancelled` or `restored`."""
    reason: Any
    """`organiser` or `zone-rules`."""
    note: str
    changed_at: datetime
    flag: Flag | None
    before_starts_wall: datetime | None
    before_timezone: str
    before_starts_at: datetime | None
    before_ends_at: datetime | None
    before_first_on: date | None
    before_last_on: date | None
    before_place: str
    after_starts_wall: datetime | None
    after_timezone: str
    after_starts_at: datetime | None
    after_ends_at: datetime | None
    after_first_on: date | None
    after_last_on: date | None
    after_place: str


@dataclass(frozen=True)
class ChangeShown:
    """A change as this reader sees it. `before` and `after` are set where the time reads differently."""

    id: int
    what: str
    changed_at: datetime
    before: Shown | None = None
    after: Shown | None = None
    in_one_zone: bool = False
    """Only the reader's own time is to be told: that of the promise is the same before and after."""
    place_before: str = ""
    place_after: str = ""
    remarks: tuple[str, ...] = ()
    note: str = ""


def log(
    changes: Iterable[Change], offerings: Sequence[Offering], reader: Reader, now: datetime
) -> dict[int, list[ChangeShown]]:
    """Offering id → its changes in the order in which they come."""
    attendances = {one.id: one.attendance for one in offerings}
    found: dict[int, list[ChangeShown]] = {}
    for change in changes:
        attendance = attendances.get(change.offering_id, Attendance.ONLINE)
        its = found.setdefault(change.offering_id, [])
        one = change_shown(change, attendance, reader, now)
        if one.what == _last(its) == CANCELLED:  # newest first: the one after it says it again
            its[-1] = replace(its[-1], what="another reason was given for cancelling it")
        its.append(one)
    return found


def _last(changes: Sequence[ChangeShown]) -> str:
    return changes[-1].what if changes else ""


def change_shown(change: Change, attendance: Attendance, reader: Reader, now: datetime) -> ChangeShown:
    """Arrange one change for this reader."""
    before, after = _before(change, attendance), _after(change, attendance)
    if change.kind == "cancelled":
        return ChangeShown(change.id, CANCELLED, change.changed_at, note=change.note)
    if change.kind == "restored":
        return ChangeShown(change.id, "takes place after all", change.changed_at, note=change.note)
    if change.kind == "relocated":
        return ChangeShown(
            change.id, "held elsewhere", change.changed_at, place_before=change.before_place,
            place_after=change.after_place, note=change.note,
        )  # fmt: skip
    if change.reason == "zone-rules":
        return _by_zone_rules(change, before, after, reader, now)
    reads_otherwise = _instants(before) != _instants(after)
    places = (change.before_place, change.after_place)
    place_before, place_after = places if places[0] != places[1] else ("", "")
    return ChangeShown(
        change.id,
        _what(before, after),
        change.changed_at,
        shown(before, reader, now) if reads_otherwise else None,
        shown(after, reader, now) if reads_otherwise else None,
        place_before=place_before,
        place_after=place_after,
        remarks=_remarks(before, after),
        note=change.note,
    )


def moves_of(changes: Iterable[Change], since: datetime) -> dict[int, tuple[Move, ...]]:
    """Offering id → how its time moved since then, first things first, of changes that come newest first."""
    found: dict[int, tuple[Move, ...]] = {}
    for change in changes:
        if change.kind == "moved" and change.changed_at > since:
            before = _before(change, None)
            found[change.offering_id] = (before, *found.get(change.offering_id, ()))
    return found


def _what(before: Move, after: Move) -> str:
    if before.starts_at is None or before.starts_at != after.starts_at:
        return "moved"
    if before.ends_at is None or after.ends_at is None or before.ends_at == after.ends_at:
        return "promised in another zone"
    return "longer" if after.ends_at > before.ends_at else "shorter"


def _remarks(before: Move, after: Move) -> tuple[str, ...]:
    if before.timezone == after.timezone or before.starts_at is None:
        return ()
    said = f"It is promised in the time of {city(after.timezone)} now, no longer of {city(before.timezone)}"
    same = "; the moment is the same" if before.starts_at == after.starts_at else ""
    return (f"{said}{same}.",)


def _by_zone_rules(change: Change, before: Move, after: Move, reader: Reader, now: datetime) -> ChangeShown:
    """In its own zone it stays at its hour: the old instant read by the new rules would show a false one."""
    place = city(after.timezone)
    hour = f" {after.starts_wall:%H:%M}" if after.starts_wall else ""
    remarks = [f"The rules for clocks in {place} were changed. It stays at{hour} there, as it was promised"]
    own, moved = reads_the_promise(after, reader), before.starts_at != after.starts_at
    remarks[0] += "; in other places its hour is another now." if own and moved else "."
    if change.flag is Flag.NOW_IN_GAP:
        remarks = [
            f"The rules for clocks in {place} were changed, and{hour} is left out there on that day. "
            "The organisers will look at it."
        ]
    elif change.flag is Flag.NOW_TWICE:
        remarks.append("That hour comes twice there on that day now; the organisers will look at it.")
    elif change.flag is Flag.ZONE_GONE:
        remarks = [f"The zone data no longer know the zone of {place}. The moment is the same."]
    tells_times = moved and not own
    return ChangeShown(
        change.id,
        "moved by a change of clock rules" if moved else "looked at after a change of clock rules",
        change.changed_at,
        shown(before._replace(attendance=Attendance.ONLINE), reader, now) if tells_times else None,
        shown(after._replace(attendance=Attendance.ONLINE), reader, now) if tells_times else None,
        in_one_zone=True,
        remarks=tuple(remarks),
        note=change.note,
    )


def _instants(side: Move) -> tuple[object, ...]:
    return side.starts_at, side.ends_at, side.first_on, side.last_on


def _before(change: Change, attendance: Attendance | None) -> Move:
    return Move(
        change.offering_id, change.reason == "zone-rules", change.before_timezone, change.before_starts_wall,
        change.before_starts_at, change.before_ends_at, change.before_first_on, change.before_last_on,
        attendance,
    )  # fmt: skip


def _after(change: Change, attendance: Attendance | None) -> Move:
    return Move(
        change.offering_id, change.reason == "zone-rules", change.after_timezone, change.after_starts_wall,
        change.after_starts_at, change.after_ends_at, change.after_first_on, change.after_last_on,
        attendance,
    )  # fmt: skip

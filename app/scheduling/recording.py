"""The record of a change of a sitting: what stood before, what stands after. One for every change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Attendance
from app.domain.timezones import Flag
from app.learning_sessions.models import Offering
from app.learning_sessions.operations import refresh_next_at
from app.learning_sessions.sittings import NewOffering
from app.scheduling.announcing import announce
from app.scheduling.models import ChangeKind, ChangeReason, OfferingChange

_STORED = (
    "starts_wall", "timezone", "fold", "length_minutes", "starts_at", "ends_at", "first_on", "last_on",
    "zone_data_version",
)  # fmt: skip


def stand_of(offering: Offering) -> dict[str, Any]:
    """When and where a sitting is, to be kept before it is changed."""
    return {name: getattr(offering, name) for name in _STORED} | {"place": place_in_words(offering)}


def place_in_words(offering: Offering | NewOffering) -> str:
    """Attendance and venue: `online`; `in person, Training centre, Accra`."""
    venue = offering.venue if offering.attendance is not Attendance.ONLINE else None
    city = venue.city if venue is not None and venue.city not in venue.name else ""
    return ", ".join(part for part in (offering.attendance.label, venue.name if venue else "", city) if part)


def record_change(
    offering: Offering, before: Mapping[str, Any], kind: ChangeKind, now: datetime, *,
    by: User | None = None, note: str = "", is_told: bool = True,
) -> OfferingChange:  # fmt: skip
    """Write down a change that an organiser has made, and bring the journey's next date.

    Its people are told of it in a while, together with what follows; not where `is_told` is False.
    """
    change = add_record(offering, before, kind, now, by=by, note=note)
    db.flush()
    if is_told:
        announce(offering, change, now)
    refresh_next_at(offering.learning_session.journey, now)
    return change


def add_record(
    offering: Offering, before: Mapping[str, Any], kind: ChangeKind, now: datetime, *,
    by: User | None = None, note: str = "", reason: ChangeReason = ChangeReason.ORGANISER,
    flag: Flag | None = None,
) -> OfferingChange:  # fmt: skip
    """The record of a change that has been made: calendars notice it (RFC 5546, 2.1.4), others tell of it.

    `before` is what `stand_of` gave before it. Raises the calendar sequence. Does not flush: there may be
    thousands.
    """
    offering.sequence += 1
    offering.updated_at = offering.learning_session.updated_at = now
    change = OfferingChange(
        offering_id=offering.id,
        learning_session_id=offering.learning_session_id,
        kind=kind,
        reason=reason,
        sequence=offering.sequence,
        note=note.strip(),
        changed_by_id=by.id if by is not None else None,
        changed_at=now,
        flag=flag,
        **{f"before_{name}": value for name, value in before.items()},
        **{f"after_{name}": value for name, value in stand_of(offering).items()},
    )
    db.add(change)
    return change

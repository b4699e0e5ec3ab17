"""Changing what a sitting's form says, all at once: its time, where it is, who fits in, who leads it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.domain.errors import Refused
from app.domain.timezones import Flag, Promise, comes_twice
from app.enrolments import all_sessions, moving, reserving, rooms, seating, standing
from app.enrolments.models import Place
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import Days, NewOffering, check_agenda_fits, check_new, end_of
from app.learning_sessions.storing import days_of, promise_of, time_columns
from app.scheduling.holding import hold
from app.scheduling.models import ChangeKind, OfferingChange
from app.scheduling.recording import record_change, stand_of
from app.scheduling.refusals import WouldUnseat
from app.scheduling.rewriting import rewrite_agenda, rewrite_facilitators

PLAIN = (
    "attendance", "venue", "join_url", "join_from_minutes", "capacity_online", "capacity_in_person",
    "registration_opens_at", "registration_closes_at",
)  # fmt: skip
"""What a sitting stores as it is told."""


def revise(
    offering: Offering, new: NewOffering, now: datetime, *,
    by: User | None = None, note: str = "", may_unseat: bool | Collection[int] = False,
) -> OfferingChange | None:  # fmt: skip
    """Make a sitting what `new` says. The instants are derived only from another wall time, zone or fold.

    Another time or place raises the calendar sequence and is recorded once, with the note for participants;
    None when neither has changed. Who can be seated afterwards is. Raises WouldUnseat when fewer places
    are left than are taken, unless that is allowed: then the last lead the waiting list. Where it is allowed
    for certain places, by their ids, others are not lost. Refuses to move what is cancelled or over, and to
    end a way of attending that people count on.
    """
    hold(offering)
    before, columns = stand_of(offering), moved_columns(offering, new.when)
    check_new(new, columns.get("ends_at", offering.ends_at))
    relocates = (offering.attendance, offering.venue) != (new.attendance, new.venue)
    _check_standing(offering, new.when, columns, relocates, now)
    moving.check_draw_before(offering, columns.get("starts_at"))
    _check_ways(offering, new)
    _make_room(offering, new, now, may_unseat)
    _write(offering, new, columns, now)
    moving.shorten_offers(offering)
    seating.settle_learning_session(offering.learning_session_id, now)
    all_sessions.expect(offering, now)
    if not columns and not relocates:
        return None
    kind = ChangeKind.MOVED if columns else ChangeKind.RELOCATED
    return record_change(offering, before, kind, now, by=by, note=note)


def redate(offering: Offering, when: Promise | Days, now: datetime, note: str) -> OfferingChange | None:
    """Give a demonstration's sitting another time, also one that is over; nobody is told.

    None when it stands there.
    """
    hold(offering)
    if offering.is_cancelled:
        raise Refused("This sitting has been cancelled; restore it before you move it.")
    check_agenda_fits((item.length_minutes for item in offering.agenda), when)
    before, columns = stand_of(offering), moved_columns(offering, when)
    if not columns:
        return None
    ended_at = ends_at(offering)
    move(offering, columns)
    reserving.move_releases(offering, ends_at(offering) - ended_at)
    seating.settle_learning_session(offering.learning_session_id, now)
    return record_change(offering, before, ChangeKind.MOVED, now, note=note, is_told=False)


def moved_columns(offering: Offering, when: Promise | Days) -> dict[str, Any]:
    """What is stored of another time; nothing when the sitting stands there.

    Another length alone leaves the beginning where it was derived, whatever the zone data say today.
    """
    stored = promise_of(offering)
    if isinstance(when, Days) or stored is None or offering.starts_at is None:
        return {} if when == days_of(offering) else time_columns(when)
    if _is_promised_anew(stored, when):
        return time_columns(when)
    if when.length_minutes == stored.length_minutes:
        return {}
    ends_at = offering.starts_at + timedelta(minutes=when.length_minutes)
    return {"length_minutes": when.length_minutes, "ends_at": ends_at}


def move(offering: Offering, columns: dict[str, Any]) -> None:
    """Store another time; registration and draw are as long before the end as they were."""
    ended_at = ends_at(offering)
    for name, value in columns.items():
        setattr(offering, name, value)
    later = ends_at(offering) - ended_at
    if offering.registration_opens_at is not None:
        offering.registration_opens_at += later
    if offering.registration_closes_at is not None:
        offering.registration_closes_at += later
    db.flush()
    moving.move_moments(offering, later)


def ends_at(offering: Offering) -> datetime:
    """The instant a sitting ends; one known by its days ends with the last, in its own zone."""
    days = days_of(offering)
    if days is not None:
        return end_of(days)
    assert offering.ends_at is not None  # noqa: S101  # the schema has it: a promise or days
    return offering.ends_at


def losing_places(offering: Offering, new: NewOffering, now: datetime) -> dict[Way, Sequence[Place]]:
    """The last who took a place and would lose it to smaller capacities, by way of attending."""
    found: dict[Way, Sequence[Place]] = {}
    for way in offering.attendance.ways:
        capacity = new.capacity_online if way is Way.ONLINE else new.capacity_in_person
        taken = standing.taken(offering, way)
        if way in new.attendance.ways and capacity is not None and taken > capacity:
            found[way] = seating.last_taken(offering.id, way, taken - capacity, now)
            _check_reserved(way, taken - capacity - len(found[way]))
    return found


def _check_reserved(way: Way, too_many: int) -> None:
    if too_many > 0:
        raise Refused(
            f"{too_many} more of these places {way.label} are reserved for groups than would be left. Make "
            "their blocks smaller first.",
            f"capacity_{way.name.lower()}",
        )


def _is_promised_anew(stored: Promise, new: Promise) -> bool:
    if (stored.starts_wall, stored.timezone) != (new.starts_wall, new.timezone):
        return True
    return stored.fold != new.fold and comes_twice(new.starts_wall, new.timezone)


def _check_standing(
    offering: Offering, when: Promise | Days, columns: dict[str, Any], relocates: bool, now: datetime
) -> None:
    if offering.is_cancelled and (columns or relocates):
        raise Refused(
            "This sitting has been cancelled; restore it before you move it.",
            "starts_wall" if columns else "attendance",
        )
    if not columns or offering.learning_session.journey.status is JourneyStatus.DRAFT:
        return
    if rooms.is_over(offering, now):
        raise Refused("This sitting is over; its time stays as it was.", "starts_wall")
    if (columns["ends_at"] or end_of(when)) <= now:
        raise Refused(
            "By then the sitting would be over. Move it to a time that is still to come.", "starts_wall"
        )


def _check_ways(offering: Offering, new: NewOffering) -> None:
    gone = [way for way in offering.attendance.ways if way not in new.attendance.ways]
    if not gone:
        return
    counting_on_it = db.scalar(
        select(func.count(Place.id)).where(
            Place.offering_id == offering.id, Place.way.in_(gone), Place.status.in_(seating.LIVE)
        )
    )
    if counting_on_it:
        people = "1 person counts" if counting_on_it == 1 else f"{counting_on_it} people count"
        raise Refused(
            f"{people} on a place {gone[0].label} here. Keep that way of attending, or cancel this sitting "
            "and add another.",
            "attendance",
        )
    if any(standing.held(offering, way) for way in gone):
        raise Refused(
            f"Places {gone[0].label} are reserved for a group. Hand them back first, or keep that way of "
            "attending.",
            "attendance",
        )


def _make_room(
    offering: Offering, new: NewOffering, now: datetime, may_unseat: bool | Collection[int]
) -> None:
    losing = losing_places(offering, new, now)
    if not losing:
        return
    if rooms.has_begun(offering, now):
        field = f"capacity_{next(iter(losing)).name.lower()}"
        raise Refused("This sitting has begun or is over; its places stay as they were.", field)
    ids = {one.id for places in losing.values() for one in places}
    if not (may_unseat if isinstance(may_unseat, bool) else set(may_unseat) == ids):
        raise WouldUnseat(
            {way: [one.participant.name for one in places] for way, places in losing.items()}, ids
        )
    for way, places in losing.items():
        seating.unseat_last(offering, way, len(places), now)


def _write(offering: Offering, new: NewOffering, columns: dict[str, Any], now: datetime) -> None:
    values = columns | {name: getattr(new, name) for name in PLAIN}
    if offering.zone_flag is Flag.NOW_TWICE:
        values["zone_flag"] = None  # whoever saves the form has said which of the two is meant
    changed = {name: value for name, value in values.items() if getattr(offering, name) != value}
    for name, value in changed.items():
        setattr(offering, name, value)
    led = rewrite_facilitators(offering, new.facilitators)
    told = rewrite_agenda(offering, new.agenda)
    if changed or led or told:
        offering.updated_at = now
    db.flush()

"""Writing down that people are to be told of a change: haste is held back, so that changes go out together.

A change joins the one announcement of its sitting that waits, else begins one, in the transaction of the
change. It is due 10 minutes after the latest of its changes and at most 30 after the first; at once where the
sitting begins, or was to begin, within 24 hours, and when an organiser says so. Then `telling` tells.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.database import db
from app.domain.day_hours import day_start
from app.domain.timezones import readable_zone
from app.jobs import operations as jobs
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import Days, end_of
from app.scheduling.models import Announcement, AnnouncementState, OfferingChange

PAUSE = timedelta(minutes=10)
LONGEST = timedelta(minutes=30)
SOON = timedelta(hours=24)

TELL = "scheduling.announce"
"""The job that tells an announcement when it is due."""

TOLD_OF = (JourneyStatus.PUBLISHED, JourneyStatus.OPEN)
"""Nobody has read a draft, and a closed journey is over."""


def announce(offering: Offering, change: OfferingChange, now: datetime) -> None:
    """Let people be told of a change that was just made and has its number.

    The caller holds the sitting. Nothing for a draft, and for what is over before and after.
    """
    if not _concerns_anybody(offering, change, now):
        return
    waiting = waiting_of(offering.id)
    if waiting is None:
        waiting = Announcement(
            offering_id=offering.id, first_change_id=change.id, began_at=now, due_at=now + PAUSE
        )
        db.add(waiting)
    was_due = waiting.id is not None and waiting.due_at <= now
    waiting.last_change_id = change.id
    waiting.due_at = now if was_due or _is_near(waiting, change, now) else _due(waiting, now)
    db.flush()
    _plan(waiting, now)


def announce_all(changes: Sequence[tuple[Offering, OfferingChange]], now: datetime) -> None:
    """The same for many at once, which have their numbers; one query for all that wait.

    The next round finds what is due: there is no job for each, as for what an organiser has just changed.
    """
    told = [(offering, change) for offering, change in changes if _concerns_anybody(offering, change, now)]
    of_these = Announcement.offering_id.in_([offering.id for offering, _ in told])
    its_waiting = select(Announcement).where(of_these, Announcement.state == AnnouncementState.WAITING)
    found = db.scalars(
        its_waiting.order_by(Announcement.id).with_for_update().execution_options(populate_existing=True)
    )
    waiting = {one.offering_id: one for one in found}
    for offering, change in told:
        one = waiting.get(offering.id)
        if one is None:
            one = waiting[offering.id] = Announcement(
                offering_id=offering.id, first_change_id=change.id, began_at=now, due_at=now + PAUSE
            )
            db.add(one)
        one.last_change_id = change.id
        one.due_at = now if one.due_at <= now or _is_near(one, change, now) else _due(one, now)
    db.flush()


def waiting_of(offering_id: int) -> Announcement | None:
    """The announcement of a sitting that waits, locked; one that is being told takes no more changes."""
    return db.scalar(
        select(Announcement)
        .where(Announcement.offering_id == offering_id, Announcement.state == AnnouncementState.WAITING)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def tell_now(offering: Offering, now: datetime) -> bool:
    """Let what waits be told at once. False when nothing waits, or it is being told already."""
    waiting = waiting_of(offering.id)
    if waiting is None:
        return False
    waiting.due_at = min(waiting.due_at, now)
    db.flush()
    _plan(waiting, now)
    return True


def _plan(waiting: Announcement, now: datetime) -> None:
    """A job at the very moment; of one that was put off meanwhile, the job of the earlier moment finds so."""
    due_at = waiting.due_at
    key = f"{TELL}:{waiting.id}:{due_at:%Y-%m-%dT%H:%M:%S.%f}"
    jobs.add(TELL, {"announcement_id": waiting.id}, now, run_at=due_at, unique_key=key)


def _due(waiting: Announcement, now: datetime) -> datetime:
    return min(now + PAUSE, waiting.began_at + LONGEST)


def _is_near(waiting: Announcement, change: OfferingChange, now: datetime) -> bool:
    """Whether the sitting begins within a day, or did before any of these changes."""
    first = (
        change
        if waiting.first_change_id == change.id
        else db.get_one(OfferingChange, waiting.first_change_id)
    )
    sides = (
        (first.before_starts_at, first.before_first_on, first.before_timezone),
        (change.before_starts_at, change.before_first_on, change.before_timezone),
        (change.after_starts_at, change.after_first_on, change.after_timezone),
    )
    return any(is_soon(*side, now) for side in sides)


def is_soon(starts_at: datetime | None, first_on: date | None, timezone: str, now: datetime) -> bool:
    """Whether a sitting begins within a day, or has begun: its changes are told at once."""
    at = _start(starts_at, first_on, timezone)
    return at is not None and at <= now + SOON


def _start(starts_at: datetime | None, first_on: date | None, timezone: str) -> datetime | None:
    if starts_at is not None or first_on is None:
        return starts_at
    return day_start(first_on, readable_zone(timezone))


def _concerns_anybody(offering: Offering, change: OfferingChange, now: datetime) -> bool:
    return offering.learning_session.journey.status in TOLD_OF and ends_of(change) > now


def ends_of(change: OfferingChange) -> datetime:
    """When the sitting is over, as it was and as it is: the later of the two."""
    sides = (
        (change.before_ends_at, change.before_first_on, change.before_last_on, change.before_timezone),
        (change.after_ends_at, change.after_first_on, change.after_last_on, change.after_timezone),
    )
    return max(
        ends_at or end_of(Days(first_on, last_on, timezone))  # type: ignore[arg-type]  # hours or days
        for ends_at, first_on, last_on, timezone in sides
    )

"""What the desk shows of the telling of changes. Asked through `queries`."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.database import db
from app.domain.difference import what_changed
from app.domain.moments import Moment, moment
from app.learning_sessions.models import Offering
from app.scheduling.course import after_of, before_of
from app.scheduling.hearers import how_many, silent
from app.scheduling.models import Announcement, AnnouncementState, ChangeKind


@dataclass(frozen=True)
class Announced:
    """One announcement of a sitting's changes, as an organiser sees it now."""

    id: int
    state: AnnouncementState
    people: int
    """How many are to be told, or were."""
    at: Moment
    """When they are told, or were."""
    minutes: int
    """Until then; 0 once it is due."""
    is_undone: bool
    """Whether the sitting stands again as it stood before all of these changes."""
    silent: int = 0
    """How many with a place cannot be told: they have given no address."""

    @property
    def is_told(self) -> bool:
        return self.state is AnnouncementState.TOLD

    @property
    def can_wait(self) -> bool:
        """Whether it may be told earlier than it would be."""
        return self.state is AnnouncementState.WAITING and self.minutes > 0


@dataclass(frozen=True)
class Announcements:
    """Those of one sitting: what is to be told, and what was told last."""

    coming: tuple[Announced, ...] = ()
    last: Announced | None = None


NONE = Announcements()


def announcements_in(learning_session_id: int, timezone: str, now: datetime) -> dict[int, Announcements]:
    """Offering id → its announcements, with times in a zone; three queries, one where nothing waits."""
    newest = (
        select(func.max(Announcement.id))
        .join(Offering, Offering.id == Announcement.offering_id)
        .where(
            Offering.learning_session_id == learning_session_id,
            Announcement.state == AnnouncementState.TOLD,
        )
        .group_by(Announcement.offering_id)
    )
    found = db.scalars(
        select(Announcement)
        .join(Offering, Offering.id == Announcement.offering_id)
        .where(
            Offering.learning_session_id == learning_session_id,
            or_(Announcement.state != AnnouncementState.TOLD, Announcement.id.in_(newest)),
        )
        .order_by(Announcement.id)
        .options(
            joinedload(Announcement.offering),
            joinedload(Announcement.first_change),
            joinedload(Announcement.last_change),
        )
    ).all()
    untold = sorted({one.offering_id for one in found if one.told_at is None})
    people, unreached = how_many(untold, now), silent(untold)
    arranged: dict[int, Announcements] = {}
    for one in found:
        known = arranged.get(one.offering_id, NONE)
        said = _announced(one, people.get(one.offering_id, 0), timezone, now)
        if not said.is_told:
            said = replace(said, silent=unreached.get(one.offering_id, 0))
        arranged[one.offering_id] = (
            Announcements(known.coming, said)
            if said.is_told
            else Announcements((*known.coming, said), known.last)
        )
    return arranged


def announcement(offering_id: int, announcement_id: int) -> Announcement | None:
    """One of a sitting."""
    its = select(Announcement).where(Announcement.id == announcement_id)
    return db.scalar(its.where(Announcement.offering_id == offering_id))


def _announced(one: Announcement, people: int, timezone: str, now: datetime) -> Announced:
    left = max(timedelta(), one.due_at - now)
    return Announced(
        one.id,
        one.state,
        one.people if one.told_at is not None else people,
        moment(one.told_at or max(one.due_at, now), timezone),
        -(-int(left.total_seconds()) // 60),
        _is_undone(one),
    )


def _is_undone(one: Announcement) -> bool:
    """What is cancelled is only restored or cancelled, so the first change tells what it was before."""
    before = before_of(one.first_change, one.first_change.kind is ChangeKind.RESTORED)
    after = after_of(one.last_change, one.offering.is_cancelled)
    return what_changed(before, after) is None

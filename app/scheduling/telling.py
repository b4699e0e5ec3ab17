"""Telling announcements that are due: everybody whom they concern gets a message into the outbox.

In chunks, each a transaction of its own: a worker that is lost leaves whole chunks, and whoever goes on
writes no second message to anybody, since each has a key of its own. The announcement's row is locked in
each, so two workers take turns. The first step closes it: a change that comes later begins another.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from app.database import db, writing
from app.domain.difference import What, what_changed
from app.jobs import operations as jobs
from app.jobs.operations import LEASE, Claim
from app.jobs.worker import every, handles, urgent
from app.learning_sessions.models import LearningSession, Offering
from app.messages.bulk import Letter, queue_all
from app.messages.models import OutboxMessage
from app.messages.operations import KEPT, wait_no_longer
from app.scheduling.announcing import TELL, ends_of
from app.scheduling.course import Range, Step, Told, course_of, known, stand_after
from app.scheduling.hearers import GROUPS, Chunk, Hearer, leaders
from app.scheduling.models import Announcement, AnnouncementState
from app.web import clock

SWEEP = "scheduling.announce_due"
urgent.update((TELL, SWEEP))

log = logging.getLogger(__name__)

REMEMBERED = KEPT - timedelta(days=1)
"""How long it is known what became of a message."""

MOST_OTHERS = 20
"""Of more announcements of one sitting than these, the older ones no longer matter."""


@handles(TELL)
def tell_at_its_moment(claim: Claim, now: datetime) -> None:
    """Tell the announcement whose moment has come."""

    def still_ours() -> bool:
        return jobs.renew(claim, clock.now())

    tell(int(claim.payload["announcement_id"]), now, still_ours)


@every(timedelta(minutes=1), SWEEP)
def tell_all_due(_claim: Claim, now: datetime) -> None:
    """Tell what is due and no job has told: nothing is lost, whatever becomes of the jobs.

    One that cannot be told holds up no other, and is tried again in the next round.
    """
    due = or_(
        and_(Announcement.state == AnnouncementState.WAITING, Announcement.due_at <= now),
        and_(Announcement.state == AnnouncementState.TELLING, Announcement.due_at <= now - 2 * LEASE),
    )
    numbers = db.scalars(select(Announcement.id).where(due).order_by(Announcement.due_at)).all()
    db.rollback()
    for number in numbers:
        try:
            tell(number, now)
        except Exception:
            db.rollback()
            log.exception("Announcement %s could not be told.", number)


def tell(announcement_id: int, now: datetime, on_chunk: Callable[[], bool] = lambda: True) -> None:
    """Tell one announcement, or go on where somebody left off; nothing where it is not due or was told.

    Commits after each chunk. `on_chunk` is called in each of these transactions; False leaves the rest to
    others.
    """
    with writing():
        opened = _opened(announcement_id, now)
    if opened is None:
        return
    for group in GROUPS:
        after = 0
        while after >= 0:
            with writing():
                if not on_chunk():
                    return
                after = _tell_chunk(opened, group, after, now)
    with writing():
        announcement = _locked(announcement_id)
        if announcement is not None and announcement.state is AnnouncementState.TELLING:
            announcement.state, announcement.told_at = AnnouncementState.TOLD, now


class Opened:
    """An announcement that takes no more changes, with all that its messages are decided by."""

    def __init__(self, announcement: Announcement, course: Sequence[Step], others: Sequence[Range]) -> None:
        self.own = Range.of(announcement)
        self.offering_id = announcement.offering_id
        self.course = course
        self.others = others
        self.ends_at = max(ends_of(announcement.first_change), ends_of(announcement.last_change))
        self.journey_id = db.scalars(
            select(LearningSession.journey_id)
            .join(Offering, Offering.learning_session_id == LearningSession.id)
            .where(Offering.id == self.offering_id)
        ).one()
        self.changed_by = announcement.last_change.changed_by_id

    def what_for(self, one: Hearer, others: Sequence[Told]) -> What | None:
        """What somebody is told; None where nothing is otherwise, whatever became of other messages."""
        now = stand_after(self.course, self.own.last)
        stands = known(self.course, self.own, others, one.since)
        return next(
            (what for stand in stands if (what := what_changed(stand, now, minds_venue=one.minds_venue))),
            None,
        )


def key_of(announcement_id: int, who: str) -> str:
    """What makes the message of an announcement to one person the only one."""
    return f"change:{announcement_id}:{who}"


def told_of(others: Sequence[Range], who: Sequence[str]) -> dict[str, list[Told]]:
    """Who → what became of their messages of these announcements; one query, none for none."""
    keys = {key_of(one.announcement_id, each): (each, one) for one in others for each in who}
    if not keys:
        return {}
    columns = OutboxMessage.unique_key, OutboxMessage.state, OutboxMessage.sent_at
    found: dict[str, list[Told]] = {}
    for key, state, sent_at in db.execute(select(*columns).where(OutboxMessage.unique_key.in_(keys))):
        each, one = keys[str(key)]
        found.setdefault(each, []).append(Told(one, state, sent_at))
    return found


def other_ranges(announcement: Announcement, now: datetime) -> list[Range]:
    """The other announcements of its sitting of which something may have been told lately; one query."""
    found = db.scalars(
        select(Announcement)
        .where(
            Announcement.offering_id == announcement.offering_id,
            Announcement.id != announcement.id,
            Announcement.state != AnnouncementState.WAITING,
            Announcement.began_at > now - REMEMBERED,
        )
        .order_by(Announcement.id.desc())
        .limit(MOST_OTHERS)
    )
    return [Range.of(one) for one in found]


def _opened(announcement_id: int, now: datetime) -> Opened | None:
    announcement = _locked(announcement_id)
    if announcement is None or announcement.state is AnnouncementState.TOLD:
        return None
    if announcement.state is AnnouncementState.WAITING:
        if announcement.due_at > now:
            return None
        announcement.state = AnnouncementState.TELLING
        db.flush()
    course = [
        one for one in course_of(announcement.offering_id) if one.change_id <= announcement.last_change_id
    ]
    return Opened(announcement, course, other_ranges(announcement, now))


def _tell_chunk(opened: Opened, group: Chunk, after: int, now: datetime) -> int:
    """Write the messages of one chunk; where the next begins, or −1 after the last."""
    announcement = _locked(opened.own.announcement_id)
    if announcement is None or announcement.state is not AnnouncementState.TELLING:
        return -1
    people = group(opened.offering_id, after, now)
    if not people:
        return -1
    told = told_of(opened.others, [one.who for one in people])
    kinds: dict[What, list[Letter]] = {}
    for one in people:
        what = opened.what_for(one, told.get(one.who, []))
        if what is not None and not (group is leaders and one.user_id == opened.changed_by):
            kinds.setdefault(what, []).append(_letter(opened, one))
    for what, letters in kinds.items():
        announcement.people += queue_all(what, letters, now)
    wait_no_longer([_order_key(opened, one) for one in people], now)
    db.flush()
    return people[-1].number


def _letter(opened: Opened, one: Hearer) -> Letter:
    about, number = one.about
    return Letter(
        one.address,
        one.name,
        {"announcement_id": opened.own.announcement_id, about: number, **_account(one)},
        order_key=_order_key(opened, one),
        unique_key=key_of(opened.own.announcement_id, one.who),
        scope=f"journey:{opened.journey_id}",
        expires_at=opened.ends_at,
    )


def _account(one: Hearer) -> dict[str, int]:
    """Whose the page was that a leader is found by; another account's address is not theirs."""
    leads = one.about[0] == "facilitator_id"
    return {"user_id": one.user_id} if leads and one.user_id is not None else {}


def _order_key(opened: Opened, one: Hearer) -> str:
    """That of every message to somebody about the sitting; some of them waited for what is told now."""
    return f"{one.who}:offering:{opened.offering_id}"


def _locked(announcement_id: int) -> Announcement | None:
    return db.scalar(
        select(Announcement)
        .where(Announcement.id == announcement_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )

"""What a change of a sitting is when its letter is sent: what stood before as its reader knew it, and now.

What has changed again since is told by the message of the announcement that follows, which looks at what its
reader was really told; so nobody misses a change, and nobody is told one twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from app.database import db
from app.domain.difference import Difference, Shape, Stand, What, difference, what_changed
from app.domain.moves import Move
from app.domain.timezones import local
from app.enrolments.roster.messages import KIND as ROSTER
from app.learning_sessions.models import Offering
from app.messages.composed import NoLongerNeeded
from app.messages.operations import LEASE
from app.notices import queries
from app.notices.changes_hearing import Hearing, hearing
from app.scheduling.announcing import is_soon
from app.scheduling.course import Range, Step, Told, course_of, known, stand_after
from app.scheduling.models import Announcement
from app.scheduling.telling import other_ranges, told_of
from app.web.sittings import Shown, shown

TRAVEL = 2 * LEASE
"""Longer than a letter is on its way from being composed to being accepted."""


@dataclass(frozen=True)
class Changed:
    """A change as one reader is told of it."""

    to: Hearing
    what: What
    before: Stand
    after: Stand
    steps: tuple[Step, ...]
    """Its changes, in order; of one that is cancelled also what was said of that later."""
    now: datetime

    @property
    def offering(self) -> Offering:
        return self.to.offering

    @property
    def zone(self) -> str:
        """The reader's; the session's own for who goes there, and where nothing is known of the reader."""
        own = self.after.timezone
        return own if self.to.is_there else self.to.reader.timezone or own

    @cached_property
    def difference(self) -> Difference | None:
        """What it does to their clock; None where the time is the same."""
        if self.what in (What.CANCELLED, What.RELOCATED) or self.before.when == self.after.when:
            return None
        found = difference(self.before, self.after, self.zone)
        if self.what is What.ZONE_RULES and self._reads_the_promise:
            return Difference(Shape.SAME, found.now, found.now, True, found.minutes, found.minutes)
        return found

    @property
    def has_other_ways(self) -> bool:
        """Whether it meets where it met, and is attended in other ways."""
        return self.before.way != self.after.way and self.before.venue == self.after.venue

    @property
    def _reads_the_promise(self) -> bool:
        """Whether their clock shows what was promised: then it shows what it showed."""
        at = self.after.starts_at
        return at is not None and local(at, self.zone).replace(tzinfo=None) == self.after.starts_wall

    @cached_property
    def shown_before(self) -> Shown:
        return self._shown(self.before)

    @cached_property
    def shown(self) -> Shown:
        return self._shown(self.after)

    def _shown(self, stand: Stand) -> Shown:
        """After new zone rules the old instant reads wrong in its own zone: only the reader's is told."""
        attendance = None if self.what is What.ZONE_RULES else self.offering.attendance
        facts = Move(
            self.offering.id, False, stand.timezone, stand.starts_wall, stand.starts_at, stand.ends_at,
            stand.first_on, stand.last_on, attendance,
        )  # fmt: skip
        return shown(facts, self.to.reader, self.now, self.to.is_there)

    @property
    def is_near(self) -> bool:
        """Whether it begins, or was to begin, within a day: told at any hour."""
        sides = (self.before, self.after)
        return any(is_soon(one.starts_at, one.first_on, one.timezone, self.now) for one in sides)


def changed(payload: Mapping[str, Any], now: datetime) -> Changed:
    """What one reader is to be told now. Raises NoLongerNeeded where nothing, or a later one tells it."""
    announcement = db.get(Announcement, int(payload["announcement_id"]), populate_existing=True)
    if announcement is None:
        raise NoLongerNeeded("the sitting is gone")
    to = hearing({**payload, "offering_id": announcement.offering_id}, now)
    course, own = course_of(announcement.offering_id), Range.of(announcement)
    told, after = stand_after(course, own.last), course[-1].after
    if what_changed(told, after, minds_venue=to.minds_venue) is not None:
        raise NoLongerNeeded("it has changed again; another message tells that")
    others = told_of(other_ranges(announcement, now), [to.who]).get(to.who, [])
    before = known(course, own, others, to.since)[0]
    what = what_changed(before, after, minds_venue=to.minds_venue)
    if what is None:
        before, what = _as_read_since(to, course, others)
    if what is None:
        raise NoLongerNeeded("it stands as they know it")
    last = course[-1].change_id if what is What.CANCELLED else own.last
    steps = tuple(one for one in course if own.first <= one.change_id <= last)
    found = Changed(to, what, before, after, steps, now)
    if found.shown_before.is_over and (what is What.CANCELLED or found.shown.is_over):
        raise NoLongerNeeded("the session is over")
    return found


def _as_read_since(to: Hearing, course: Sequence[Step], others: Sequence[Told]) -> tuple[Stand, What | None]:
    """What their latest letter about their place told them, where that is not how it stands now.

    It may have gone out at night, before the message about the change, which waited for the morning, and
    had nothing to tell any more when that came. A letter tells how it stood a little before it was sent.
    """
    now = course[-1].after
    sent_at = queries.letter_sent_at(to.address, f"{to.who}:offering:{to.offering.id}", (*What, ROSTER))
    told_at = max((one.sent_at for one in others if one.sent_at is not None), default=to.since)
    if sent_at is None or (told_at is not None and sent_at < told_at):
        return now, None
    on_its_way = [one for one in course if sent_at - TRAVEL < one.changed_at <= sent_at]
    afterwards = [one for one in course if one.changed_at > sent_at]
    for one in (*on_its_way, *afterwards[:1]):
        what = what_changed(one.before, now, minds_venue=to.minds_venue)
        if what is not None:
            return one.before, what
    return now, None

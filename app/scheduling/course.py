"""How a sitting stood before and after each of its changes, and what one person knows of that.

A person knows what they were told last; who was told nothing yet, how it stood when they asked for their
place. What was queued for them and has not left was not told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from app.database import db
from app.domain.difference import Stand
from app.messages.models import MessageState
from app.scheduling.models import Announcement, ChangeKind, OfferingChange

UNREAD = (MessageState.QUEUED, MessageState.SENDING, MessageState.EXPIRED)
"""What such a message was to tell, another letter may have told."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change: when it was made, by whom, and how the sitting stood on either side of it."""

    change_id: int
    changed_at: datetime
    by_id: int | None
    note: str
    before: Stand
    after: Stand


class Range(NamedTuple):
    """The changes of one announcement, by the numbers of the first and the last."""

    announcement_id: int
    first: int
    last: int

    @classmethod
    def of(cls, announcement: Announcement) -> "Range":
        """That of an announcement."""
        return cls(announcement.id, announcement.first_change_id, announcement.last_change_id)


class Told(NamedTuple):
    """What became of the message that tells somebody of other changes of the same sitting."""

    of: Range
    state: MessageState
    sent_at: datetime | None


def course_of(offering_id: int) -> tuple[Step, ...]:
    """Every change of a sitting, in order; one query."""
    query = select(OfferingChange).where(OfferingChange.offering_id == offering_id)
    steps: list[Step] = []
    is_cancelled = False
    for one in db.scalars(query.order_by(OfferingChange.id)):
        before = before_of(one, is_cancelled)
        if one.kind is ChangeKind.CANCELLED:
            is_cancelled = True
        elif one.kind is ChangeKind.RESTORED:
            is_cancelled = False
        after = after_of(one, is_cancelled)
        steps.append(Step(one.id, one.changed_at, one.changed_by_id, one.note, before, after))
    return tuple(steps)


def stand_after(course: Sequence[Step], change_id: int) -> Stand:
    """How it stood after a change."""
    return next(one.after for one in reversed(course) if one.change_id <= change_id)


def known(
    course: Sequence[Step], own: Range, others: Sequence[Told], since: datetime | None
) -> tuple[Stand, ...]:
    """How the sitting stands as far as one person knows; more than one where messages to them are unsent.

    The first is what they know if none of those leaves. `own` is what they are to be told of, `others` what
    became of messages about other changes, `since` when they asked for their place.
    """
    sent = [one for one in others if one.sent_at is not None and (since is None or one.sent_at >= since)]
    if sent:
        last = max(sent, key=lambda one: (one.sent_at, one.of.last))
        surely = stand_after(course, last.of.last)
    else:
        first = min([own.first, *(one.of.first for one in others if one.sent_at is None)])
        made = [
            one for one in course if one.change_id >= first and (since is None or one.changed_at >= since)
        ]
        surely = made[0].before if made else stand_after(course, own.last)
    perhaps = [stand_after(course, one.of.last) for one in others if one.state in UNREAD]
    return (surely, *perhaps)


def before_of(one: OfferingChange, is_cancelled: bool) -> Stand:
    """How the sitting stood before a change; a record does not say whether it took place."""
    return Stand(
        one.before_timezone, one.before_starts_wall, one.before_starts_at, one.before_ends_at,
        one.before_first_on, one.before_last_on, one.before_place, is_cancelled, one.before_fold,
    )  # fmt: skip


def after_of(one: OfferingChange, is_cancelled: bool) -> Stand:
    """How it stood after it, likewise."""
    return Stand(
        one.after_timezone, one.after_starts_wall, one.after_starts_at, one.after_ends_at,
        one.after_first_on, one.after_last_on, one.after_place, is_cancelled, one.after_fold,
    )  # fmt: skip

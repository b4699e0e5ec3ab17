"""Putting the briefings of who leads soon into the outbox: once three days before, again the day before where
the numbers or the time changed. Who leads later than that is told in the next round.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from app.database import db, writing
from app.jobs.operations import Claim
from app.jobs.worker import every
from app.messages.bulk import Letter, queue_all
from app.messages.kinds import Choice
from app.notices import briefing_rows as rows
from app.notices.briefing_rows import Before, Counts, Leading, Told
from app.notices.standing_down import queue_stood_down

BRIEF = "notices.brief"
KIND = "facilitator-briefing"

REMEMBERED = timedelta(days=30)
"""How far back what somebody was told is looked for."""


class Brief(StrEnum):
    """How long before the start."""

    FIRST = "3-days"
    AGAIN = "1-day"


FIRST, AGAIN = timedelta(days=3), timedelta(days=1)
LONG_AGO = timedelta(days=4)
"""Who was told earlier than that, because it was to be sooner, is told anew."""
OPEN = timedelta(hours=6)
"""How long the moment of the second lasts: what changes later the desk and the run sheet tell."""


@every(timedelta(minutes=5), BRIEF)
def brief(_claim: Claim, now: datetime) -> None:
    """Tell who was briefed and leads no more; then brief whoever leads soon."""
    queue_stood_down(KIND, now - LONG_AGO, now)
    queue_briefings(now)


def queue_briefings(now: datetime) -> int:
    """Put the briefings that are due into the outbox; how many.

    Ends the transaction in hand, and commits each chunk. The queries of a chunk are four.
    """
    count, after = 0, (0, 0)
    while True:
        people, more = rows.leading_between(now, now + FIRST, after)
        count += _queue(people, now)
        if more is None:
            return count
        after = more


def which(begins_at: datetime, counts: Counts, told: Sequence[Told], now: datetime) -> Brief | None:
    """The briefing that is due for a sitting that begins within three days; None: they know.

    `told`: what they were told of it before, the latest last.
    """
    if not told:
        return Brief.FIRST
    last, again = told[-1], begins_at - AGAIN
    if last.written_at >= again:
        return None
    if again <= now < again + OPEN and (last.begins_at, last.counts) != (begins_at, counts):
        return Brief.AGAIN
    return Brief.FIRST if last.written_at < begins_at - LONG_AGO else None


def _queue(people: Sequence[Leading], now: datetime) -> int:
    people = [one for one in people if Choice.BRIEFINGS not in one.muted.split()]
    if not people:
        return 0
    addresses, keys = {one.address for one in people}, {_key(one, what) for one in people for what in Brief}
    known = rows.told_before(KIND, addresses, keys, now - REMEMBERED)
    counts = rows.counts_of([one.offering_id for one in people])
    letters = []
    for one in people:
        before = known.get((one.facilitator_id, one.user_id, one.offering_id), Before())
        what = which(one.begins_at, counts[one.offering_id], before.told, now)
        letter = _letter(one, what, counts[one.offering_id], before.times) if what is not None else None
        if letter is not None and letter.unique_key not in before.keys:
            letters.append(letter)
    db.rollback()
    if not letters:
        return 0
    with writing():
        return queue_all(KIND, letters, now)


def _letter(one: Leading, what: Brief, counts: Counts, times: int) -> Letter:
    return Letter(
        to_address=one.address,
        to_name=one.name,
        payload={
            "facilitator_id": one.facilitator_id,
            "user_id": one.user_id,
            "offering_id": one.offering_id,
            "begins_at": one.begins_at.isoformat(),
            "counts": list(counts),
            "what": what,
        },
        order_key=f"{one.who}:offering:{one.offering_id}",
        unique_key=_key(one, what, times),
        scope=f"journey:{one.journey_id}",
        expires_at=one.begins_at,
    )


def _key(one: Leading, what: Brief, times: int = 0) -> str:
    """Once for each account, which the page of who leads may change; again for who leads once more after
    having been told, so many times, that they do not.
    """
    again = f":{times}" if times else ""
    who = f"facilitator:{one.facilitator_id}:user:{one.user_id}"
    return f"briefing:{what}:{who}:offering:{one.offering_id}:{one.begins_at:%Y-%m-%dT%H:%M:%SZ}{again}"

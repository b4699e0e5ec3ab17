"""Putting the digests of organisers into the outbox: at seven in the morning of each, where something is new.

Each round looks at whose seven o'clock has come since the last round that was finished. What is new is what
came after the seven o'clock before that, so a worker that was down leaves nothing out.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from app.database import db, writing
from app.domain.timezones import local, readable_zone, zone_rules
from app.jobs.operations import Claim
from app.jobs.worker import every
from app.messages.bulk import Letter, queue_all
from app.messages.kinds import Choice
from app.notices import digest_rows as rows
from app.notices.digest_rows import Organiser
from app.notices.rounds import last_round

DIGEST = "notices.digest"
KIND = "organiser-digest"

MORNING = time(7)
ROUND = timedelta(minutes=15)
"""Every zone has its seven o'clock at a quarter of an hour of UTC."""
LONGEST_AGO = timedelta(days=8)


@every(ROUND, DIGEST)
def digest(claim: Claim, now: datetime) -> None:
    """Tell organisers for whom it is seven what is new."""
    queue_digests(last_round(claim, now, LONGEST_AGO) or now - ROUND, now)


def queue_digests(since: datetime, now: datetime) -> int:
    """Put the digests whose moment came after `since` into the outbox; how many.

    Ends the transaction in hand, and commits each chunk. The queries of a chunk are as many for one organiser
    as for all.
    """
    count, after = 0, 0
    while True:
        people = rows.organisers(after)
        count += _queue(people, since, now)
        if len(people) < rows.CHUNK:
            return count
        after = people[-1].user_id


def last_morning(at: datetime, timezone: str) -> datetime:
    """The latest seven o'clock of a zone that is not after an instant."""
    today = local(at, readable_zone(timezone)).date()
    morning = _morning(today, timezone)
    return morning if morning <= at else _morning(today - timedelta(days=1), timezone)


def _morning(day: date, timezone: str) -> datetime:
    return datetime.combine(day, MORNING, zone_rules(readable_zone(timezone))).astimezone(UTC)


def _queue(people: Sequence[Organiser], since: datetime, now: datetime) -> int:
    due: dict[datetime, list[Organiser]] = {}
    for one in people:
        if Choice.DIGEST not in one.muted.split() and last_morning(now, one.timezone) > since:
            due.setdefault(last_morning(since, one.timezone), []).append(one)
    letters: list[Letter] = []
    for before, theirs in due.items():  # the same for nearly all: only a change of clocks makes a difference
        new = rows.news({number for one in theirs for number in one.journey_ids}, before, now)
        letters += [_letter(one, before, now) for one in theirs if not new.keys().isdisjoint(one.journey_ids)]
    db.rollback()
    if not letters:
        return 0
    with writing():
        return queue_all(KIND, letters, now)


def _letter(one: Organiser, before: datetime, now: datetime) -> Letter:
    morning = last_morning(now, one.timezone)
    today = local(morning, readable_zone(one.timezone)).date()
    return Letter(
        to_address=one.address,
        to_name=one.name,
        payload={"user_id": one.user_id, "after": before.isoformat(), "morning": morning.isoformat()},
        unique_key=f"digest:user:{one.user_id}:{today}",
        expires_at=morning + timedelta(days=1),
    )

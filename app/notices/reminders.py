"""Putting reminders into the outbox when their moment comes, and letters about an hour that changed.

Each round looks at the moments since the last round that was finished, so that a worker that was down misses
none. Reading is done in chunks; the writing transaction of a chunk is short.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from app.database import db, writing
from app.domain.attendance import Way
from app.domain.hour_changes import Held, hour_change, time_to_tell
from app.domain.reminders import Reminder, wanted
from app.jobs.operations import Claim
from app.jobs.worker import every
from app.messages.bulk import Letter, queue_all
from app.messages.kinds import Choice
from app.notices import reminding_rows as rows
from app.notices.reminding_rows import Person, Sitting
from app.notices.rounds import last_round

REMIND, TELL_HOURS = "notices.remind", "notices.tell_hours"
REMINDER, REMINDER_SOON, HOUR_CHANGED = "reminder", "reminder-soon", "hour-changed"
KINDS = {Reminder.WEEK: REMINDER, Reminder.DAY: REMINDER, Reminder.HOUR: REMINDER_SOON}

OVERLAP = timedelta(minutes=3)
"""How far a round looks back behind the one before: what was decided earlier may be committed later."""
LONGEST_AGO = timedelta(days=8)
"""What came earlier is of no use any more."""

MakeLetter = Callable[[Person, Sitting], Letter | None]


@every(timedelta(minutes=1), REMIND)
def remind(claim: Claim, now: datetime) -> None:
    """Remind whose moment has come."""
    queue_reminders(_since(claim, now), now)


@every(timedelta(minutes=5), TELL_HOURS)
def tell_hours(claim: Claim, now: datetime) -> None:
    """Tell whose hour is another the next time."""
    queue_hour_changes(_since(claim, now), now)


def queue_reminders(since: datetime, now: datetime) -> int:
    """Put the reminders whose moment came after `since` into the outbox, the nearest first; how many.

    Ends the transaction in hand, and commits each chunk.
    """
    count = 0
    for reminder in (Reminder.HOUR, Reminder.DAY, Reminder.WEEK):
        sittings = [
            one
            for one in rows.reminded_of(reminder, since, now)
            if one.changed_at is None or one.changed_at < reminder.moment(one.begins_at)
        ]
        by_id = {one.offering_id: one for one in sittings}
        db.rollback()
        for people in rows.chunks(sittings):
            letters = [letter_for(reminder, one, by_id[one.offering_id]) for one in people]
            count += _queue(KINDS[reminder], [one for one in letters if one is not None], now)
    return count


def letter_for(reminder: Reminder, person: Person, sitting: Sitting) -> Letter | None:
    """The reminder; None for who does not want it, or got the place after its moment."""
    moment = reminder.moment(sitting.begins_at)
    is_late = person.confirmed_at is None or person.confirmed_at >= moment
    is_muted = Choice.REMINDERS in (person.muted or "").split()
    if is_late or is_muted or not person.address:
        return None
    if reminder not in wanted(person.reminders, sitting.reminders):
        return None
    return _letter(person, sitting, f"reminder:{reminder}", reminder.useless_from(sitting.begins_at))


def queue_hour_changes(since: datetime, now: datetime) -> int:
    """Put letters about hours that change into the outbox, where the time to tell came after `since`."""
    count = 0
    for sitting in rows.hours_told_of(since, now):
        if sitting.promise is None:
            continue
        db.rollback()
        for people in rows.chunks([sitting]):
            numbers = [one.participant_id for one in people]
            before = rows.sittings_before(sitting.journey_id, numbers, sitting.begins_at)
            letters = [
                hour_letter(one, sitting, sitting.promise, before.get(one.participant_id), now)
                for one in people
            ]
            count += _queue(HOUR_CHANGED, [one for one in letters if one is not None], now)
    return count


def hour_letter(
    person: Person, sitting: Sitting, promise: Held, before: Held | None, now: datetime
) -> Letter | None:
    """The letter about another hour; None where none changes, or it is not the time, or reminders tell it."""
    muted = (person.muted or "").split()
    if before is None or person.way is Way.IN_PERSON or Choice.HOURS in muted or not person.address:
        return None
    if hour_change(before, promise, person.timezone) is None:
        return None
    reminders = wanted(person.reminders, sitting.reminders) if Choice.REMINDERS not in muted else ()
    window = time_to_tell(before, promise, reminders)
    if window is None or not window[0] <= now < window[1]:
        return None
    told = max(filter(None, (person.confirmed_at, sitting.changed_at)), default=window[0])
    if told >= window[0]:
        return None  # the place was taken, or the sitting moved, with the hour in sight
    return _letter(person, sitting, HOUR_CHANGED, window[1])


def _letter(person: Person, sitting: Sitting, what: str, useless_from: datetime) -> Letter:
    about = f"participant:{person.participant_id}:offering:{sitting.offering_id}"
    return Letter(
        to_address=person.address,
        to_name=person.name,
        payload={
            "place_id": person.number,
            "what": what.removeprefix("reminder:"),
            "begins_at": sitting.begins_at.isoformat(),
        },
        order_key=about,
        unique_key=f"{what}:{about}:{sitting.begins_at:%Y-%m-%dT%H:%M:%SZ}",
        scope=f"journey:{sitting.journey_id}",
        expires_at=useless_from,
    )


def _queue(kind: str, letters: Sequence[Letter], now: datetime) -> int:
    """Write those that were not written before; nothing is locked where all were."""
    known = rows.written_already([one.unique_key or "" for one in letters]) if letters else set()
    db.rollback()
    new = [one for one in letters if one.unique_key not in known]
    if not new:
        return 0
    with writing():
        return queue_all(kind, new, now)


def _since(claim: Claim, now: datetime) -> datetime:
    """From when on moments are looked at: from the last round before this that was finished."""
    last = last_round(claim, now, LONGEST_AGO - OVERLAP)
    return last - OVERLAP if last is not None else now - LONGEST_AGO

"""Whose reminder has come: sittings first, then their people in chunks."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.domain.hour_changes import AHEAD, Held
from app.domain.reminders import Reminder, begins_at
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession, Offering, OfferingStatus
from app.messages.models import OutboxMessage, Recipient
from app.participants.models import Participant
from app.scheduling.models import Announcement, AnnouncementState, ChangeKind, OfferingChange

CHUNK = 500
UNDONE = timedelta(hours=1)
"""Longer than a change waits to be told, and the telling takes."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A sitting that people may be told of now."""

    offering_id: int
    journey_id: int
    begins_at: datetime
    people: int
    """How many places are confirmed, about."""
    reminders: str
    """As its journey has them."""
    changed_at: datetime | None
    """When it was last moved or restored so that its people are told, or were."""
    promise: Held | None
    """None where only days are known."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a confirmed place; `number` is the place's."""

    number: int
    offering_id: int
    participant_id: int
    way: Way
    queue_number: int
    confirmed_at: datetime | None
    name: str
    timezone: str
    address: str
    muted: str | None
    reminders: str | None
    """Their own choice; None: as the journey has it."""


def reminded_of(reminder: Reminder, since: datetime, now: datetime) -> list[Sitting]:
    """The sittings for which the moment of a reminder came after `since`, while it is of use still.

    Where a change was taken back before anybody was told of it, also the moments that lay in between: the
    sitting stood at another time then, or was cancelled.
    """
    begins, undone = Offering.starts_at, _undone(since, now)
    after = max(since - UNDONE + reminder.before, now + reminder.until)
    is_looked_at = or_(begins > since + reminder.before, Offering.id.in_(undone))
    found = _sittings(and_(begins > after, begins <= now + reminder.before, is_looked_at))
    if reminder is not Reminder.HOUR:
        day = (now + reminder.before).date()
        near = Offering.first_on.between(day - timedelta(days=8), day + timedelta(days=2))
        found += _sittings(and_(Offering.starts_at.is_(None), near))
    return [
        one
        for one in found
        if _since(one, since, undone) < reminder.moment(one.begins_at) <= now
        and now < reminder.useless_from(one.begins_at)
    ]


def _since(one: Sitting, since: datetime, undone: Collection[int]) -> datetime:
    return since - UNDONE if one.offering_id in undone else since


def _undone(since: datetime, now: datetime) -> list[int]:
    """The sittings of which it turned out after `since` that nobody need be told anything."""
    ended = and_(Announcement.told_at > since, Announcement.told_at <= now)
    found = select(Announcement.offering_id).where(
        Announcement.state == AnnouncementState.TOLD, Announcement.people == 0, ended
    )
    return list(db.scalars(found.distinct()))


def hours_told_of(since: datetime, now: datetime) -> list[Sitting]:
    """The sittings within a week whose people may have to be told of another hour: the week before them has
    begun after `since`, or an earlier sitting of their journey has ended.
    """
    earlier, its_session = aliased(Offering), aliased(LearningSession)
    ended = (
        select(its_session.journey_id)
        .join(earlier, earlier.learning_session_id == its_session.id)
        .where(earlier.ends_at > since, earlier.ends_at <= now)
    )
    is_near = and_(Offering.starts_at > now, Offering.starts_at <= now + AHEAD)
    has_begun = Offering.starts_at > since + AHEAD
    is_undone = Offering.id.in_(_undone(since, now))
    return _sittings(and_(is_near, or_(has_begun, is_undone, LearningSession.journey_id.in_(ended))))


def _sittings(condition: ColumnElement[bool]) -> list[Sitting]:
    is_told = (
        exists()
        .where(Announcement.offering_id == OfferingChange.offering_id)
        .where(OfferingChange.id.between(Announcement.first_change_id, Announcement.last_change_id))
        .where(or_(Announcement.state != AnnouncementState.TOLD, Announcement.people > 0))
    )
    last_change = (
        select(func.max(OfferingChange.changed_at))
        .where(OfferingChange.offering_id == Offering.id, is_told)
        .where(OfferingChange.kind.in_((ChangeKind.MOVED, ChangeKind.RESTORED)))
        .scalar_subquery()
    )
    rows = db.execute(
        select(Offering, LearningSession.journey_id, Journey.reminders, last_change.label("changed_at"))
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .where(condition, Offering.status == OfferingStatus.SCHEDULED)
        .where(Offering.confirmed_online + Offering.confirmed_in_person > 0)
        .where(Journey.status.in_((JourneyStatus.PUBLISHED, JourneyStatus.OPEN)))
        .order_by(Offering.starts_at, Offering.id)
    )
    return [_sitting(*row) for row in rows]


def _sitting(offering: Offering, journey_id: int, reminders: str, changed_at: datetime | None) -> Sitting:
    return Sitting(
        offering_id=offering.id,
        journey_id=journey_id,
        begins_at=begins_at(offering.starts_at, offering.first_on, offering.timezone),
        people=offering.confirmed_online + offering.confirmed_in_person,
        reminders=reminders,
        changed_at=changed_at,
        promise=held(offering),
    )


def held(offering: Offering) -> Held | None:
    """The promise of a sitting; None where only its days are known."""
    if offering.starts_wall is None or offering.starts_at is None or offering.ends_at is None:
        return None
    return Held(offering.starts_wall, offering.timezone, offering.starts_at, offering.ends_at)


def chunks(sittings: Sequence[Sitting]) -> Iterator[list[Person]]:
    """The people of sittings, a limited number at a time: small sittings together, a large one in parts.

    Between two chunks the transaction may end.
    """
    small: list[Sitting] = []
    for one in sittings:
        if one.people > CHUNK:
            yield from _parts_of(one)
            continue
        if sum(other.people for other in small) + one.people > CHUNK:
            yield _people(Place.offering_id.in_([other.offering_id for other in small]))
            small = []
        small.append(one)
    if small:
        yield _people(Place.offering_id.in_([other.offering_id for other in small]))


def _parts_of(sitting: Sitting) -> Iterator[list[Person]]:
    """By way and place in the queue, as the index has them."""
    for way in Way:
        last = (-1, -1)
        while True:
            behind = or_(
                Place.queue_number > last[0], and_(Place.queue_number == last[0], Place.id > last[1])
            )
            part = _people(Place.offering_id == sitting.offering_id, Place.way == way, behind, most=CHUNK)
            if part:
                yield part
                last = (part[-1].queue_number, part[-1].number)
            if len(part) < CHUNK:
                break


def _people(*conditions: ColumnElement[bool], most: int | None = None) -> list[Person]:
    address = func.coalesce(User.email, Participant.email)
    folded = func.coalesce(User.email_folded, Participant.email_folded)
    found = (
        select(
            Place.id, Place.offering_id, Place.participant_id, Place.way, Place.queue_number,
            Place.confirmed_at, Participant.name, Participant.timezone, address, Recipient.muted,
            Recipient.reminders,
        )
        .join(Participant, Participant.id == Place.participant_id)
        .outerjoin(User, User.id == Participant.user_id)
        .outerjoin(Recipient, Recipient.address_folded == folded)
        .where(*conditions, Place.status == PlaceStatus.CONFIRMED, Place.cannot_come_at.is_(None))
    )  # fmt: skip
    found = found.order_by(Place.queue_number, Place.id)  # always: workers side by side write in one order
    return [Person(*row) for row in db.execute(found.limit(most) if most is not None else found)]


def written_already(unique_keys: Sequence[str]) -> set[str]:
    """Those of the keys under which a message was written before."""
    found = select(OutboxMessage.unique_key).where(OutboxMessage.unique_key.in_(unique_keys))
    return {key for key in db.scalars(found) if key is not None}


def sittings_before(journey_id: int, participant_ids: Sequence[int], before: datetime) -> dict[int, Held]:
    """Of each of these people the last sitting of a journey, before an instant, in which they have a place;
    without those who have it in person: the clock of the venue counts for them.
    """
    rows = db.execute(
        select(
            Place.participant_id, Place.way, Offering.starts_wall, Offering.timezone, Offering.starts_at,
            Offering.ends_at,
        )
        .join(Offering, Offering.id == Place.offering_id)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .where(LearningSession.journey_id == journey_id, Offering.status == OfferingStatus.SCHEDULED)
        .where(Place.status == PlaceStatus.CONFIRMED, Place.cannot_come_at.is_(None))
        .where(Place.participant_id.in_(participant_ids), Offering.starts_at < before)
        .order_by(Offering.starts_at, Offering.id)
    )  # fmt: skip
    last = {row.participant_id: row for row in rows}
    return {
        number: Held(row.starts_wall, row.timezone, row.starts_at, row.ends_at)
        for number, row in last.items()
        if row.way is Way.ONLINE
    }


def sitting_before(journey_id: int, participant_id: int, before: datetime) -> Held | None:
    """The same of one person."""
    return sittings_before(journey_id, [participant_id], before).get(participant_id)

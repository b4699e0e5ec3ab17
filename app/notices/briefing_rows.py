"""Who leads what soon, what they were told of it before, and who comes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, func, or_, select

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.domain.reminders import begins_at
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from app.facilitators.models import Facilitator
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession, Offering, OfferingFacilitator, OfferingStatus
from app.messages.models import MessageState, OutboxMessage, Recipient
from app.participants.models import Participant

CHUNK = 500

STOOD_DOWN = "facilitator-stood-down"

HELD_IN = (JourneyStatus.PUBLISHED, JourneyStatus.OPEN)
"""Nobody leads in a draft, and a closed journey is over."""


class Leading(NamedTuple):
    """Somebody with an account, and a sitting they lead."""

    offering_id: int
    facilitator_id: int
    journey_id: int
    begins_at: datetime
    name: str
    address: str
    user_id: int
    participant_id: int | None
    muted: str

    @property
    def who(self) -> str:
        """As `scheduling.hearers` has it."""
        return f"participant:{self.participant_id}" if self.participant_id else f"user:{self.user_id}"


class Counts(NamedTuple):
    """How many come, by way, and how many wait."""

    online: int = 0
    in_person: int = 0
    waiting: int = 0


@dataclass
class Before:
    """What an account was told of a sitting it leads, since it was last told that it leads it no more."""

    told: list["Told"] = field(default_factory=list)
    """The latest last, without those given up."""
    keys: set[str] = field(default_factory=set)
    """Of all that were written, also before that."""
    times: int = 0
    """How often it was told that it leads it no more."""


class Told(NamedTuple):
    """A briefing that was written before, and not given up."""

    begins_at: datetime
    counts: Counts
    written_at: datetime


@dataclass(frozen=True)
class Guest:
    """Somebody who comes."""

    name: str
    country: str | None
    timezone: str
    way: Way


def leading_between(
    now: datetime, until: datetime, after: tuple[int, int]
) -> tuple[list[Leading], tuple[int, int] | None]:
    """Who leads a sitting that begins between two instants: at most CHUNK, those behind `after` (sitting,
    facilitator); and behind whom the next come, None after the last. One query.
    """
    days = Offering.first_on.between((now - timedelta(days=2)).date(), (until + timedelta(days=2)).date())
    behind = or_(
        OfferingFacilitator.offering_id > after[0],
        and_(OfferingFacilitator.offering_id == after[0], OfferingFacilitator.facilitator_id > after[1]),
    )
    rows = db.execute(
        select(
            OfferingFacilitator.offering_id, OfferingFacilitator.facilitator_id, LearningSession.journey_id,
            Offering.starts_at, Offering.first_on, Offering.timezone, Facilitator.name, User.email, User.id,
            Participant.id, Recipient.muted,
        )
        .join(Offering, Offering.id == OfferingFacilitator.offering_id)
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .join(Facilitator, Facilitator.id == OfferingFacilitator.facilitator_id)
        .join(User, User.id == Facilitator.user_id)
        .outerjoin(Participant, Participant.user_id == User.id)
        .outerjoin(Recipient, Recipient.address_folded == User.email_folded)
        .where(or_(and_(Offering.starts_at > now, Offering.starts_at <= until), days), behind)
        .where(Offering.status == OfferingStatus.SCHEDULED, Journey.status.in_(HELD_IN))
        .order_by(OfferingFacilitator.offering_id, OfferingFacilitator.facilitator_id)
        .limit(CHUNK)
    ).all()  # fmt: skip
    found = [
        Leading(
            offering_id, facilitator_id, journey_id, begins_at(starts_at, first_on, timezone), name, address,
            user_id, profile, muted or "",
        )
        for offering_id, facilitator_id, journey_id, starts_at, first_on, timezone, name, address, user_id,
        profile, muted in rows
    ]  # fmt: skip
    more = (rows[-1][0], rows[-1][1]) if len(rows) == CHUNK else None
    return [one for one in found if now < one.begins_at <= until], more


def told_before(
    kind: str, addresses: Collection[str], keys: Collection[str], since: datetime
) -> dict[tuple[int, int, int], Before]:
    """(facilitator, account, sitting) → the briefings written to these addresses since, or of these keys, and
    whether they were said to lead it no more. One query.
    """
    rows = db.execute(
        select(
            OutboxMessage.kind, OutboxMessage.payload, OutboxMessage.created_at, OutboxMessage.state,
            OutboxMessage.unique_key,
        )
        .where(or_(OutboxMessage.to_address.in_(addresses), OutboxMessage.unique_key.in_(keys)))
        .where(OutboxMessage.kind.in_((kind, STOOD_DOWN)), OutboxMessage.created_at > since)
        .order_by(OutboxMessage.id)
    )  # fmt: skip
    found: dict[tuple[int, int, int], Before] = {}
    for which, payload, written_at, state, key in rows:
        who = payload["facilitator_id"], payload.get("user_id", 0), payload["offering_id"]
        before, is_over = found.setdefault(who, Before()), state is MessageState.EXPIRED
        if which != STOOD_DOWN:
            before.keys.add(key)
        if is_over:
            continue
        if which == STOOD_DOWN:
            before.told.clear()
            before.times += 1
        else:
            begins = datetime.fromisoformat(payload["begins_at"])
            before.told.append(Told(begins, Counts(*payload["counts"]), written_at))
    return found


def counts_of(offering_ids: Sequence[int]) -> dict[int, Counts]:
    """Sitting → how many come and wait; who said that they cannot come does not count. One query."""
    rows = db.execute(
        select(Place.offering_id, Place.status, Place.way, func.count())
        .where(Place.offering_id.in_(set(offering_ids)), Place.cannot_come_at.is_(None))
        .where(Place.status.in_((PlaceStatus.CONFIRMED, PlaceStatus.WAITING)))
        .group_by(Place.offering_id, Place.status, Place.way)
    )
    found: dict[int, Counts] = dict.fromkeys(offering_ids, Counts())
    for offering_id, status, way, count in rows:
        one = found[offering_id]
        if status is PlaceStatus.WAITING:
            found[offering_id] = one._replace(waiting=one.waiting + count)
        elif way is Way.ONLINE:
            found[offering_id] = one._replace(online=count)
        else:
            found[offering_id] = one._replace(in_person=count)
    return found


def guests_of(offering_id: int) -> tuple[list[Guest], int]:
    """Who comes, by name; and how many hold a place but said that they cannot come. One query."""
    rows = db.execute(
        select(Participant.name, Participant.country, Participant.timezone, Place.way, Place.cannot_come_at)
        .join(Participant, Participant.id == Place.participant_id)
        .where(Place.offering_id == offering_id, Place.status == PlaceStatus.CONFIRMED)
        .order_by(Participant.name_folded, Participant.id)
    ).all()
    coming = [Guest(one[0], one[1], one[2], one[3]) for one in rows if one[4] is None]
    return coming, len(rows) - len(coming)

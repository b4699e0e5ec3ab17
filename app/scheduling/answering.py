"""Dating a session answers those who said they would come: with places, or with an invitation."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.domain.dates import listed
from app.domain.errors import Refused
from app.domain.seats import PlaceStatus
from app.domain.timezones import Span
from app.enrolments.interested import availability_of, interested
from app.enrolments.models import EnrolmentStatus, Interest, Place
from app.enrolments.operations import take_place
from app.enrolments.queries import enrolment
from app.enrolments.seating import LIVE
from app.learning_sessions.models import Offering, OfferingStatus
from app.learning_sessions.operations import lock
from app.messages import operations as messages

INVITATION = "session-dated"
"""The kind of message that says that the session has a date now."""


class Answer(StrEnum):
    """What becomes of those who said they would come."""

    PLACES = "places"
    """Whoever is enrolled and can come then has a place, or waits; the others are invited."""
    INVITE = "invite"
    """Everybody is told the date and asked to take a place."""
    NOTHING = "nothing"
    """Nobody is told, and who has no place goes on waiting for an answer."""

    @property
    def label(self) -> str:
        return {
            Answer.PLACES: "Give places to those who are enrolled and can come then, and invite the others",
            Answer.INVITE: "Invite everybody to take a place",
            Answer.NOTHING: "Not yet: tell nobody",
        }[self]


@dataclass(frozen=True)
class Answered:
    """How many had which answer."""

    confirmed: int = 0
    waiting: int = 0
    invited: int = 0

    @property
    def people(self) -> int:
        return self.confirmed + self.waiting + self.invited

    @property
    def in_words(self) -> str:
        """`3 people have a place, 1 person waits and 2 people are invited.`; empty for nobody."""
        said = [
            f"{'1 person' if count == 1 else f'{count:,} people'} {one if count == 1 else many}"
            for count, one, many in (
                (self.confirmed, "has a place", "have a place"),
                (self.waiting, "waits for one", "wait for one"),
                (self.invited, "is invited", "are invited"),
            )
            if count
        ]
        return f"Of those who said they would come, {listed(said)}." if said else ""


def usual_answer(learning_session_id: int) -> Answer:
    """What a form offers first: nothing beside a sitting that takes place, which people may have chosen."""
    its = select(Offering.id).filter_by(
        learning_session_id=learning_session_id, status=OfferingStatus.SCHEDULED
    )
    return Answer.PLACES if db.scalar(its.limit(1)) is None else Answer.NOTHING


def answer_interest(offering: Offering, how: Answer, now: datetime) -> Answered:
    """Answer everybody who waits for a date of the session, in the order in which they said so; once each.

    Places are taken through the routine everybody asks through, so that capacity, the line and the journey's
    state count; whom it refuses is invited. Where a sitting is held both ways, a place is one online.

    Who has a place in a sitting of the session, or waits for one, has their answer: they keep it and are told
    nothing. If that sitting is cancelled, they are invited, and choose for themselves.
    """
    lock(offering.learning_session_id)
    counts = dict.fromkeys(("confirmed", "waiting", "invited"), 0)
    placed = _placed(offering.learning_session_id)
    for one in interested(offering.learning_session_id):
        sittings = placed[one.participant_id]
        if OfferingStatus.SCHEDULED in sittings:
            one.answered_at = now
        elif how is not Answer.NOTHING:
            became = _place(offering, one, now) if how is Answer.PLACES and not sittings else None
            if became is None:
                became = "invited"
                _invite(offering, one, now)
            counts[became] += 1
            one.answered_at = now
    db.flush()
    return Answered(**counts)


def _placed(learning_session_id: int) -> defaultdict[int, set[OfferingStatus]]:
    """By participant, how the sittings stand in which they have a place or wait for one; one query."""
    rows = db.execute(
        select(Place.participant_id, Offering.status)
        .join(Offering, Offering.id == Place.offering_id)
        .where(Place.learning_session_id == learning_session_id, Place.status.in_(LIVE))
    )
    found: defaultdict[int, set[OfferingStatus]] = defaultdict(set)
    for participant_id, status in rows:
        found[participant_id].add(status)
    return found


def _place(offering: Offering, interest: Interest, now: datetime) -> str | None:
    """What asking for a place came to; None where there is nothing to ask for."""
    if not _can_come(offering, interest) or not _is_enrolled(offering, interest):
        return None
    if _awaits_confirmation(interest):
        return None
    way = Way.ONLINE if Way.ONLINE in offering.attendance.ways else offering.attendance.ways[0]
    try:
        place = take_place(offering, interest.participant, way, now)
    except Refused:
        return None
    return "confirmed" if place.status is PlaceStatus.CONFIRMED else "waiting"


def _can_come(offering: Offering, interest: Interest) -> bool:
    """Whether the time is one of those they named; a sitting without hours suits everybody."""
    if offering.starts_at is None or offering.ends_at is None:
        return True
    span = Span(offering.starts_at, offering.ends_at)
    return availability_of(interest).fits(span, interest.participant.timezone)


def _is_enrolled(offering: Offering, interest: Interest) -> bool:
    found = enrolment(offering.learning_session.journey_id, interest.participant_id)
    return found is not None and found.status is EnrolmentStatus.ACTIVE


def _awaits_confirmation(interest: Interest) -> bool:
    """Whether the address of the person's account has yet to be confirmed: until then nobody takes places."""
    user_id = interest.participant.user_id
    user = db.get(User, user_id) if user_id is not None else None
    return user is not None and user.email_confirmed_at is None


def _invite(offering: Offering, interest: Interest, now: datetime) -> None:
    """Who has no account is told by whoever named them."""
    user = db.get(User, interest.participant.user_id) if interest.participant.user_id is not None else None
    if user is None:
        return
    about = {"offering_id": offering.id, "participant_id": interest.participant_id}
    messages.queue(
        INVITATION, user.email, interest.participant.name, about, now, expires_at=offering.starts_at,
        scope=f"journey:{offering.learning_session.journey_id}",
    )  # fmt: skip

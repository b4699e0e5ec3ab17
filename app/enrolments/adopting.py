"""Making people who were kept without an account one with the account that confirmed their address.

An imported or named person has a participant without an account. Once somebody shows that the address is
theirs, all of it becomes theirs: rows change hands as they are, with their log, queue number and seat. Where
both have something, the better one stays: what is confirmed before what is offered, asked for or waited for,
then the earlier; of two tickets in one lottery the account's own. The other is given up through the seat
routine, so nothing is confirmed twice. What is over stays as it was.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.database import Busy, db, writing
from app.domain.dates import listed
from app.domain.seats import PlaceStatus
from app.enrolments import all_sessions, queries, seating, steps
from app.enrolments.blocks import last_enrolment_decision
from app.enrolments.decisions import Decided, EnrolmentDecided, Ground, PlaceDecision
from app.enrolments.models import Enrolment, EnrolmentStatus, Interest, Place
from app.enrolments.passing import pass_time
from app.enrolments.recording import forget_words, record_enrolment
from app.enrolments.standing import Standing, is_over, stand
from app.jobs.operations import Claim
from app.jobs.worker import every
from app.journeys.locking import lock
from app.journeys.models import Journey, JourneyStatus
from app.learning_sessions.models import LearningSession
from app.participants import operations as participants
from app.participants import queries as known_people
from app.participants.links import relink
from app.participants.models import Participant

ROUND = timedelta(hours=1)
LIVE_ENROLMENTS = (EnrolmentStatus.ACTIVE, EnrolmentStatus.REQUESTED)
RANK = {
    PlaceStatus.CONFIRMED: 4, PlaceStatus.OFFERED: 3, PlaceStatus.WAITING: 2, PlaceStatus.REQUESTED: 1,
    PlaceStatus.RELEASED: 0,
}  # fmt: skip
"""Which of two places in one sitting stays: the higher."""

log = logging.getLogger(__name__)


@dataclass
class Joining:
    """One participant without an account becomes one with the account's own."""

    old: Participant
    own: Participant
    now: datetime
    nobody: Participant | None = None
    """Takes what the account had and gives up for something better; made when it is needed."""
    enrolments: int = 0
    places: int = 0


def adopt(user: User, now: datetime) -> list[str]:
    """Give the account with a confirmed address what is kept under it; a sentence that says what it was.

    Does not commit.
    """
    found = list(_without_account(user.email_folded))
    if not found:
        return []
    own = known_people.of_user(user.id)
    enrolments = places = 0
    if own is None:
        own = found.pop(0)
        enrolments = sum(one.status in LIVE_ENROLMENTS for one in _enrolments(own))
        places = len(queries.live_places(own.id))
        participants.give_account(own, user)
    for old in found:
        joining = Joining(old, own, now)
        _join(joining)
        enrolments, places = enrolments + joining.enrolments, places + joining.places
    counted = ((enrolments, "enrolment"), (places, "place"))
    kept = [f"{number} {word}{'s' * (number > 1)}" for number, word in counted if number]
    return [f"What organisers kept under {user.email} is yours now: {listed(kept)}."] if kept else []


@every(ROUND, "enrolments.adopt")
def adopt_late(_claim: Claim, now: datetime) -> None:
    """Adopt whom somebody added under a confirmed address in the very moment in which it was confirmed."""
    holder = aliased(User)
    is_kept = exists().where(Participant.user_id.is_(None), Participant.email_folded == holder.email_folded)
    waiting = db.scalars(select(holder.id).where(holder.email_confirmed_at.is_not(None), is_kept)).all()
    db.rollback()
    for user_id in waiting:
        try:
            with writing():
                user = db.get(User, user_id)
                if user is not None:
                    adopt(user, now)
        except Busy:
            raise
        except Exception:
            log.exception("What is kept under the address of account %s could not be adopted.", user_id)


def _without_account(email_folded: str) -> Sequence[Participant]:
    if not email_folded:
        return []
    return db.scalars(
        select(Participant)
        .where(Participant.user_id.is_(None), Participant.email_folded == email_folded)
        .order_by(Participant.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def _join(joining: Joining) -> None:
    """Journey after journey and session after session, in the order in which everybody locks them."""
    places = _journeys_of(Place, joining.old)
    interests = _journeys_of(Interest, joining.old)
    enrolments = {one.journey_id for one in _enrolments(joining.old)}
    for journey_id in sorted({*places, *interests, *enrolments}):
        lock(db.get_one(Journey, journey_id))
        is_in = _join_enrolments(joining, journey_id)
        for number in sorted({*places.get(journey_id, ()), *interests.get(journey_id, ())}):
            _join_session(joining, number, is_in)
    relink(joining.old.id, joining.own.id)
    if joining.nobody is not None:
        forget_words(joining.nobody)
    _end(joining.old)
    db.flush()
    db.expire_all()


def _join_enrolments(joining: Joining, journey_id: int) -> bool:
    """Leave one enrolment of the two; whether the person is in the journey then."""
    kept = queries.enrolment(journey_id, joining.old.id)
    own = queries.enrolment(journey_id, joining.own.id)
    for one in (kept, own):
        if one is not None:
            db.refresh(one)
    if kept is None:
        return own is not None and own.status is EnrolmentStatus.ACTIVE
    if own is None or _is_better(kept, own):
        joining.enrolments += kept.status in LIVE_ENROLMENTS
        if own is not None:
            _end_enrolment(own, joining.now)
        _change_hands(joining, kept, own)
        return kept.status is EnrolmentStatus.ACTIVE
    is_in = own.status is EnrolmentStatus.ACTIVE
    is_open = db.get_one(Journey, journey_id).status is JourneyStatus.OPEN
    if is_open and is_in and kept.wants_all and kept.status is EnrolmentStatus.ACTIVE and not own.wants_all:
        all_sessions.follow(own, joining.now, kept.way)
    _end_enrolment(kept, joining.now)
    return is_in


def _is_better(kept: Enrolment, own: Enrolment) -> bool:
    """Whether what organisers made stands instead of what the account has: not against a no of theirs, nor
    against somebody who left since.
    """
    if kept.status is not EnrolmentStatus.ACTIVE or own.status is EnrolmentStatus.ACTIVE:
        return False
    if own.status is EnrolmentStatus.DECLINED:
        return False
    if own.status is EnrolmentStatus.LEFT:
        is_removed = last_enrolment_decision(own.id) is EnrolmentDecided.REMOVED
        return not is_removed and own.left_at is not None and own.left_at < kept.enrolled_at
    return True


def _end_enrolment(enrolment: Enrolment, now: datetime) -> None:
    if enrolment.status in LIVE_ENROLMENTS:
        enrolment.status, enrolment.left_at, enrolment.wants_all = EnrolmentStatus.LEFT, now, False
        record_enrolment(enrolment, EnrolmentDecided.LEFT, now)
        db.flush()


def _join_session(joining: Joining, learning_session_id: int, is_in: bool) -> None:
    standing = stand(learning_session_id)
    pass_time(standing, joining.now)
    for place in _places(learning_session_id, joining.old):
        _join_place(joining, standing, place, is_in)
    _join_interest(joining, learning_session_id)
    seating.seat(standing, joining.now)


def _join_place(joining: Joining, standing: Standing, kept: Place, is_in: bool) -> None:
    mine = _places(standing.learning_session_id, joining.own)
    own = next((one for one in mine if one.offering_id == kept.offering_id), None)
    holds_twin = any(one is not own and one.status is PlaceStatus.CONFIRMED for one in mine)
    collides = kept.status is PlaceStatus.CONFIRMED and holds_twin
    is_over_now = is_over(standing.sittings[kept.offering_id], joining.now)
    is_lost = kept.status.is_live and not is_in and not is_over_now
    is_second = own is not None and not is_over_now and _were_both_drawn(standing, kept, own)
    if collides or is_lost or is_second or (own is not None and not _goes_before(kept, own)):
        _give_up(joining, standing, kept, Ground.TWIN if is_in else Ground.LEFT)
        if own is not None:
            own.sequence = max(own.sequence, kept.sequence) + 1  # one event to their calendar
        return
    joining.places += kept.status.is_live
    if own is not None:
        _give_up(joining, standing, own, Ground.TWIN)
        kept.sequence = max(own.sequence, kept.sequence) + 1
    kept.updated_at = joining.now
    _change_hands(joining, kept, own)


def _were_both_drawn(standing: Standing, kept: Place, own: Place) -> bool:
    """Whether somebody had two tickets in one lottery: then their own counts, whichever came first."""
    rule = standing.rules.get(own.offering_id)
    if rule is None or rule.drawn_at is None or not own.status.is_live:
        return False
    drawn = select(func.count(PlaceDecision.place_id.distinct())).where(
        PlaceDecision.place_id.in_((kept.id, own.id)),
        PlaceDecision.what == Decided.DRAWN,
        PlaceDecision.decided_at == rule.drawn_at,
    )
    return db.scalar(drawn) == 2


def _goes_before(kept: Place, own: Place) -> bool:
    """Whether what organisers made stands instead of what the account has: not against a no of theirs."""
    if not kept.status.is_live or own.status is PlaceStatus.DECLINED:
        return False
    if RANK[kept.status] != RANK[own.status]:
        return RANK[kept.status] > RANK[own.status]
    return kept.status is not PlaceStatus.CONFIRMED and kept.queue_number < own.queue_number


def _give_up(joining: Joining, standing: Standing, place: Place, ground: Ground) -> None:
    if place.status.is_live and not is_over(standing.sittings[place.offering_id], joining.now):
        steps.give_up(place, Decided.RELEASED, ground, joining.now)


def _join_interest(joining: Joining, learning_session_id: int) -> None:
    kept = queries.own_interest(joining.old.id, learning_session_id)
    if kept is None:
        return
    own = queries.own_interest(joining.own.id, learning_session_id, also_withdrawn=True)
    if own is None or own.withdrawn_at is not None:
        _change_hands(joining, kept, own)
    else:
        kept.withdrawn_at = joining.now
    db.flush()


Row = Enrolment | Place | Interest


def _change_hands(joining: Joining, kept: Row, own: Row | None) -> None:
    """Give a row to the account's participant; what that had in its stead goes to nobody."""
    if own is not None:
        if joining.nobody is None:
            joining.nobody = participants.make_nobody(joining.own, joining.now)
        own.participant_id = joining.nobody.id
        db.flush()
    kept.participant_id = joining.own.id
    db.flush()


def _end(old: Participant) -> None:
    """Forget who they were; with nothing left to their name they go."""
    left = [
        db.scalar(select(kind.id).where(kind.participant_id == old.id).limit(1))
        for kind in (Enrolment, Place, Interest)
    ]
    if any(number is not None for number in left):
        forget_words(old)
        participants.anonymise(old)
    else:
        db.delete(old)


def _enrolments(participant: Participant) -> Sequence[Enrolment]:
    return db.scalars(select(Enrolment).where(Enrolment.participant_id == participant.id)).all()


def _places(learning_session_id: int, participant: Participant) -> Sequence[Place]:
    return db.scalars(
        select(Place)
        .where(Place.learning_session_id == learning_session_id, Place.participant_id == participant.id)
        .order_by(Place.offering_id)
        .execution_options(populate_existing=True)
    ).all()


def _journeys_of(kind: type[Place] | type[Interest], participant: Participant) -> dict[int, list[int]]:
    """Journey id → the sessions of it in which a participant has something of a kind."""
    rows = db.execute(
        select(LearningSession.journey_id, LearningSession.id)
        .join(kind, kind.learning_session_id == LearningSession.id)
        .where(kind.participant_id == participant.id)
        .distinct()
    )
    found: dict[int, list[int]] = {}
    for journey_id, learning_session_id in rows:
        found.setdefault(journey_id, []).append(learning_session_id)
    return found

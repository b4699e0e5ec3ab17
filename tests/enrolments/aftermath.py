"""What holds after people, organisers and clocks have fought over the places of a session."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlalchemy import select

from app.database import QUEUE_SECONDS, db, writing
from app.domain.seats import PlaceStatus
from app.enrolments.decisions import Decided, Ground, PlaceDecision
from app.enrolments.models import Place
from app.enrolments.seating import settle_learning_session
from app.learning_sessions.models import Offering
from app.messages.models import OutboxMessage
from tests.enrolments.crowd import Answer
from tests.enrolments.invariants import check_session

CONFIRMED, WAITING, REQUESTED = PlaceStatus.CONFIRMED, PlaceStatus.WAITING, PlaceStatus.REQUESTED
OFFERED = PlaceStatus.OFFERED

TOLD_OF = {
    Decided.OFFERED: "offered",
    Decided.ACCEPTED: "place-confirmed",
    Decided.OFFER_LAPSED: "offer-lapsed",
    Decided.UNSEATED: "waiting",
    Decided.DECLINED: "place-declined",
    Decided.NAMED: "named",
    Decided.MOVED: "place-moved",
    Decided.APPROVAL_WITHDRAWN: "place-back-to-request",
    Decided.CANNOT_COME: "place-released",
    Decided.OFFER_DECLINED: "place-released",
}
"""A decision → the message that tells its person, where the decision alone says which."""

RELEASED_BY = {
    Ground.ORGANISER: "place-removed",
    Ground.BLOCK: "place-removed",
    Ground.OWN_WISH: "place-released",
}
"""Whose wish ended a place → the message; leaving a journey is told in a letter of its own."""

PLACE_MESSAGES = {*TOLD_OF.values(), *RELEASED_BY.values(), "promoted", "calendar-update"}


def check_aftermath(learning_session_id: int, answers: Sequence[Answer] = ()) -> None:
    """Everything promised about places, asked past the code under test; and nobody saw an error page."""
    assert [one for one in answers if one.status >= 500] == []
    now = datetime.now(UTC)
    with writing():
        settle_learning_session(learning_session_id, now)
    db.remove()
    check_session(learning_session_id, now, timedelta(seconds=QUEUE_SECONDS))
    check_messages(learning_session_id)
    db.remove()


def check_first_come(offering_id: int) -> None:
    """Who waits came later than everybody who has a place; for sittings of this rule without groups."""
    rows = db.execute(select(Place.status, Place.queue_number).where(Place.offering_id == offering_id)).all()
    last = max((number for status, number in rows if status is CONFIRMED), default=0)
    assert all(number > last for status, number in rows if status is WAITING)


def check_messages(learning_session_id: int) -> None:
    """The outbox tells each decision once, and nothing else."""
    decided = db.scalars(
        select(PlaceDecision)
        .join(Offering, Offering.id == PlaceDecision.offering_id)
        .where(Offering.learning_session_id == learning_session_id)
        .order_by(PlaceDecision.place_id, PlaceDecision.id)
    ).all()
    its_places = {one.place_id for one in decided}
    queued = db.execute(
        select(OutboxMessage.kind, OutboxMessage.payload).where(OutboxMessage.kind.in_(PLACE_MESSAGES))
    )
    left = {one.place_id for one in decided if one.ground is Ground.LEFT}
    after = [*decided[1:], None]
    seated = {one.place_id for one, then in zip(decided, after, strict=True) if _is_seated(one, then)}
    told = Counter(
        (kind, about["place_id"])
        for kind, about in queued
        if about["place_id"] in its_places
        and (kind, about["place_id"] in left) != ("calendar-update", True)
        and not (about.get("drawn") and about["place_id"] in seated)
    )
    assert told == Counter(_to_tell(decided))


def _to_tell(decided: Sequence[PlaceDecision]) -> Iterator[tuple[str, int]]:
    for one, following in pairwise([*decided, None]):
        assert one is not None
        kind = _message(one, following)
        if kind:
            yield kind, one.place_id


def _message(one: PlaceDecision, following: PlaceDecision | None) -> str | None:
    if one.what is Decided.CONFIRMED:
        return "promoted" if one.status_before is WAITING else "place-confirmed"
    if one.what is Decided.RELEASED:
        return RELEASED_BY.get(one.ground)
    if one.what is Decided.SWAPPED:
        return "calendar-update" if one.status_before in (CONFIRMED, OFFERED) else None
    if one.what is Decided.ASKED:
        return "waiting" if one.status_after is WAITING else None
    if one.what is Decided.APPROVED:  # told of once it is known what came of it
        return None if _is_seated(one, following) else "waiting"
    if one.what is Decided.DRAWN:  # so is this
        return "waiting" if one.status_after is WAITING and not _is_seated(one, following) else None
    return TOLD_OF.get(one.what)


def _is_seated(one: PlaceDecision, following: PlaceDecision | None) -> bool:
    """Whether a request that was approved, or drawn, got a seat in the same step."""
    return (
        following is not None
        and following.place_id == one.place_id
        and following.decided_at == one.decided_at
        and following.what in (Decided.CONFIRMED, Decided.OFFERED)
    )


def in_words(what: str, answers: Sequence[Answer]) -> str:
    """The figures of a race, for whoever runs it with `-rP`."""
    slowest = sorted(one.seconds for one in answers)
    ninety_nine = slowest[int(len(slowest) * 0.99) - 1]
    return f"{what}: {len(answers)} answers, 99 % within {ninety_nine:.1f} s, all within {slowest[-1]:.1f} s"

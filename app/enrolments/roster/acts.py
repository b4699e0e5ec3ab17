"""What organisers do with many people at once, and what came of it for each of them.

Each person is decided about by the same operations as alone. Whoever is refused keeps what they had; the
others are done. The callers commit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.errors import DomainError
from app.domain.seats import PlaceStatus
from app.enrolments import approving, entering
from app.enrolments.models import Enrolment, Place
from app.enrolments.standing import stand
from app.journeys.locking import lock
from app.journeys.models import Journey
from app.learning_sessions.models import Offering

TAKEN = frozenset({"confirmed", "offered"})
LIVE = frozenset({*TAKEN, "waiting", "requested"})


@dataclass(frozen=True)
class Act:
    """Something to do with the chosen people."""

    name: str
    label: str
    """In the list to choose from."""
    button: str
    """With "{}" for how many people, in words."""
    concerns: frozenset[str]
    """Statuses in which it does something."""
    wants: str = ""
    """What is asked for with it: a reason, a note, or the other sitting."""
    frees: bool = False
    """Whether it takes seats away."""


WITH_PLACES: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("approve", "Approve", "Approve {}", frozenset({"requested", "declined"}), "note"),
        Act("decline", "Decline …", "Decline {}", LIVE, "reason", frees=True),
        Act("move", "Move to another sitting …", "Move {}", LIVE, "sitting", frees=True),
        Act("take-out", "Take out …", "Take {} out", LIVE, "reason", frees=True),
        Act("withdraw", "Withdraw the approval", "Withdraw the approval of {}", LIVE - {"requested"}, "note",
            frees=True),
    )
}  # fmt: skip
"""What can be done about places, in the order of the list."""

WITH_PEOPLE: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("approve", "Approve", "Approve {}", frozenset({"requested", "declined"}), "note"),
        Act("decline", "Decline …", "Decline {}", frozenset({"requested"}), "reason"),
        Act("remove", "Remove from the journey …", "Remove {}", frozenset({"requested", "active"}), "reason",
            frees=True),
        Act("withdraw", "Withdraw the approval", "Withdraw the approval of {}", frozenset({"active"}), "note",
            frees=True),
    )
}  # fmt: skip
"""What can be done about enrolments, in the order of the list."""


@dataclass(frozen=True)
class Order:
    """What is to be done, by whom, with which words, and into which sitting."""

    act: str
    text: str = ""
    to_id: int | None = None
    by_id: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of it for one person: the status they have then, "same", or "refused" and why."""

    id: int
    became: str
    why: str = ""


REFUSED, SAME = "refused", "same"


def act_on_places(offering_id: int, order: Order, ids: Sequence[int], now: datetime) -> list[Outcome]:
    """Do it to each of these places of a sitting, in this order. The learning session is locked once."""
    offering = db.get_one(Offering, offering_id)
    stand(offering.learning_session_id)
    found = db.scalars(
        select(Place)
        .where(Place.offering_id == offering_id, Place.id.in_(ids))
        .execution_options(populate_existing=True)
    )
    places = {place.id: place for place in found.all()}
    step = _step_with_place(order)
    had = {number: place.status for number, place in places.items()}
    concerned = WITH_PLACES[order.act].concerns
    outcomes = [
        tried(number, partial(step, places[number], now))
        if places[number].status in concerned
        else Outcome(number, SAME)
        for number in ids
        if number in places
    ]
    return list(_as_they_are_now(outcomes, had, order))


def act_on_people(journey_id: int, order: Order, ids: Sequence[int], now: datetime) -> list[Outcome]:
    """Do it to each of these enrolments of a journey, in this order, under the journey's lock."""
    lock(db.get_one(Journey, journey_id))
    found = db.scalars(
        select(Enrolment)
        .where(Enrolment.journey_id == journey_id, Enrolment.id.in_(ids))
        .execution_options(populate_existing=True)
    )
    enrolments = {one.id: one for one in found.all()}
    step = _step_with_enrolment(order)
    outcomes = []
    for number in (one for one in ids if one in enrolments):
        enrolment = enrolments[number]
        had = enrolment.status
        if had not in WITH_PEOPLE[order.act].concerns:
            outcomes.append(Outcome(number, SAME))
            continue
        outcome = tried(number, partial(step, enrolment, now))
        if outcome.became != REFUSED:
            outcome = Outcome(number, SAME if enrolment.status is had else enrolment.status.value)
        outcomes.append(outcome)
    return outcomes


def _step_with_enrolment(order: Order) -> Callable[[Enrolment, datetime], Any]:
    by = db.get(User, order.by_id) if order.by_id is not None else None
    steps: dict[str, Callable[[Enrolment, datetime], Any]] = {
        "approve": lambda one, now: entering.approve_enrolment(one, by, now, order.text),
        "withdraw": lambda one, now: entering.withdraw_enrolment_approval(one, by, now, order.text),
        "decline": lambda one, now: entering.decline_enrolment(one, order.text, by, now),
        "remove": lambda one, now: entering.remove(one, order.text, by, now),
    }
    return steps[order.act]


def _step_with_place(order: Order) -> Callable[[Place, datetime], Any]:
    by = db.get(User, order.by_id) if order.by_id is not None else None
    if order.act == "move":
        to = db.get_one(Offering, order.to_id)
        return lambda place, now: approving.move(place, to, by, now, order.text)
    steps: dict[str, Callable[[Place, datetime], Any]] = {
        "approve": lambda place, now: approving.approve(place, by, now, order.text),
        "withdraw": lambda place, now: approving.withdraw_approval(place, by, now, order.text),
        "decline": lambda place, now: approving.decline(place, order.text, by, now),
        "take-out": lambda place, now: approving.take_out(place, order.text, by, now),
    }
    return steps[order.act]


def _as_they_are_now(
    outcomes: Sequence[Outcome], had: Mapping[int, PlaceStatus], order: Order
) -> Iterator[Outcome]:
    """Whoever waited after their own turn may have a place after the turns of the others."""
    now_are = dict(db.execute(select(Place.id, Place.status).where(Place.id.in_(list(had)))).all())
    for one in outcomes:
        status = now_are[one.id]
        if one.became in (REFUSED, SAME):
            yield one
        elif order.act == "move" and status is PlaceStatus.RELEASED:
            yield Outcome(one.id, "moved")
        else:
            yield Outcome(one.id, SAME if status is had[one.id] else status.value)


def tried(number: int, step: Callable[[], Any]) -> Outcome:
    """One person's turn: whole, or not at all."""
    try:
        with db.begin_nested():
            step()
    except DomainError as refusal:
        return Outcome(number, REFUSED, str(refusal))
    return Outcome(number, "")

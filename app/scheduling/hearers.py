"""Who is told of the changes of a sitting: who has a place in it or asks for one, who leads it, who names its
people for a group. In chunks, however many there are; one person is one of them, the first that fits.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, or_, select, union

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place, ReservedBlock
from app.facilitators.models import Facilitator
from app.learning_sessions.models import OfferingFacilitator
from app.participants.models import Participant

CHUNK = 500

LIVE = [status for status in PlaceStatus if status.is_live]


class Hearer(NamedTuple):
    """One person, and as what they are told."""

    number: int
    """Of the row they are found by."""
    who: str
    """`participant:12`, or `user:3` for an account without a profile: the same person has the same."""
    address: str
    name: str
    about: tuple[str, int]
    """What the message is composed from: (`place_id`, 7), (`facilitator_id`, 2) or (`block_id`, 5)."""
    since: datetime | None
    """When they asked for their place; None: what they were told is all that is known."""
    minds_venue: bool
    user_id: int | None
    timezone: str | None


Chunk = Callable[[int, int, datetime], Sequence[Hearer]]
"""(offering id, after which row, now) → those that come next; at most CHUNK."""


def holders(offering_id: int, after: int, _now: datetime) -> Sequence[Hearer]:
    """Who has a place, is offered one, waits or asks; who gave no address is left out."""
    rows = db.execute(
        select(
            Place.id, Place.participant_id, _address(), Participant.name, Place.requested_at, Place.way,
            Participant.user_id, Participant.timezone,
        )
        .join(Participant, Participant.id == Place.participant_id)
        .outerjoin(User, User.id == Participant.user_id)
        .where(Place.offering_id == offering_id, Place.status.in_(LIVE), Place.id > after, _address() != "")
        .order_by(Place.id)
        .limit(CHUNK)
    )  # fmt: skip
    return [
        Hearer(
            number, f"participant:{participant_id}", address, name, ("place_id", number), requested_at,
            way is not Way.ONLINE, user_id, timezone,
        )
        for number, participant_id, address, name, requested_at, way, user_id, timezone in rows
    ]  # fmt: skip


def leaders(offering_id: int, after: int, _now: datetime) -> Sequence[Hearer]:
    """Its facilitators that have an account."""
    rows = db.execute(
        select(
            Facilitator.id, User.id, User.email, Facilitator.name, Participant.id,
            func.coalesce(Participant.timezone, Facilitator.timezone),
        )
        .join(OfferingFacilitator, OfferingFacilitator.facilitator_id == Facilitator.id)
        .join(User, User.id == Facilitator.user_id)
        .outerjoin(Participant, Participant.user_id == User.id)
        .where(OfferingFacilitator.offering_id == offering_id, Facilitator.id > after)
        .order_by(Facilitator.id)
        .limit(CHUNK)
    )  # fmt: skip
    return [
        Hearer(
            number, f"participant:{profile}" if profile else f"user:{user_id}", address, name,
            ("facilitator_id", number), None, True, user_id, timezone,
        )
        for number, user_id, address, name, profile, timezone in rows
    ]  # fmt: skip


def focal_persons(offering_id: int, after: int, now: datetime) -> Sequence[Hearer]:
    """Who names the people of the groups that places are still reserved for."""
    rows = db.execute(
        select(
            ReservedBlock.id, Participant.id, _address(), Participant.name, ReservedBlock.created_at,
            Participant.user_id, Participant.timezone,
        )
        .join(Participant, Participant.id == ReservedBlock.focal_participant_id)
        .outerjoin(User, User.id == Participant.user_id)
        .where(
            ReservedBlock.offering_id == offering_id, ReservedBlock.id > after, _stands(now), _address() != ""
        )
        .order_by(ReservedBlock.id)
        .limit(CHUNK)
    )  # fmt: skip
    return [
        Hearer(
            number, f"participant:{participant_id}", address, name, ("block_id", number), created_at, True,
            user_id, timezone,
        )
        for number, participant_id, address, name, created_at, user_id, timezone in rows
    ]  # fmt: skip


GROUPS: tuple[Chunk, ...] = (holders, leaders, focal_persons)
"""The richest message first: whoever is two of these is told as the first."""


def everybody(offering_id: int, now: datetime) -> Iterator[Hearer]:
    """All of them, one after the other; somebody may come twice."""
    for group in GROUPS:
        after = 0
        while found := group(offering_id, after, now):
            yield from found
            after = found[-1].number


def how_many(offering_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Offering id → how many people hear of its changes, each counted once; one query, none for none."""
    if not offering_ids:
        return {}
    place = (
        select(Place.offering_id.label("offering"), Place.participant_id.label("who"))
        .join(Participant, Participant.id == Place.participant_id)
        .outerjoin(User, User.id == Participant.user_id)
        .where(Place.offering_id.in_(offering_ids), Place.status.in_(LIVE), _address() != "")
    )
    lead = (
        select(
            OfferingFacilitator.offering_id,
            case((Participant.id.is_(None), -User.id), else_=Participant.id),
        )
        .join(Facilitator, Facilitator.id == OfferingFacilitator.facilitator_id)
        .join(User, User.id == Facilitator.user_id)
        .outerjoin(Participant, Participant.user_id == User.id)
        .where(OfferingFacilitator.offering_id.in_(offering_ids))
    )
    focal = (
        select(ReservedBlock.offering_id, Participant.id)
        .join(Participant, Participant.id == ReservedBlock.focal_participant_id)
        .outerjoin(User, User.id == Participant.user_id)
        .where(ReservedBlock.offering_id.in_(offering_ids), _stands(now), _address() != "")
    )
    found = union(place, lead, focal).subquery()
    counted = select(found.c.offering, func.count()).group_by(found.c.offering)
    return dict(db.execute(counted).all())


def silent(offering_ids: Sequence[int]) -> dict[int, int]:
    """Offering id → how many with a place have given no address; one query, none for none."""
    if not offering_ids:
        return {}
    counted = (
        select(Place.offering_id, func.count())
        .join(Participant, Participant.id == Place.participant_id)
        .outerjoin(User, User.id == Participant.user_id)
        .where(Place.offering_id.in_(offering_ids), Place.status.in_(LIVE), _address() == "")
        .group_by(Place.offering_id)
    )
    return dict(db.execute(counted).all())


def _address() -> ColumnElement[str]:
    return func.coalesce(User.email, Participant.email)


def _stands(now: datetime) -> ColumnElement[bool]:
    return or_(ReservedBlock.returned_at.is_(None), ReservedBlock.returned_at > now) & (
        ReservedBlock.release_at > now
    )

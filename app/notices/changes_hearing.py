"""Who a letter about a change is written to: the holder of a place, a facilitator, or a focal person.

Found anew when it is sent: who is none of these any more is told nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.enrolments.blocks import block as reserved_block
from app.enrolments.models import Place, ReservedBlock
from app.facilitators.models import Facilitator
from app.learning_sessions.models import Offering, OfferingFacilitator
from app.messages.composed import NoLongerNeeded
from app.notices import queries
from app.notices.language import Language, language_of
from app.notices.people import address_of_person, language_for, reader_of
from app.participants.models import Participant
from app.web.reader import Reader


@dataclass(frozen=True)
class Hearing:
    """One reader, and what they are to the sitting: exactly one of `place`, `leads` and `block` is so."""

    offering: Offering
    who: str
    """As `scheduling.hearers` has it."""
    address: str
    name: str
    reader: Reader
    language: Language
    since: datetime | None
    person: Participant | None = None
    place: Place | None = None
    leads: bool = False
    block: ReservedBlock | None = None

    @property
    def minds_venue(self) -> bool:
        """Whether it matters to them where it meets."""
        return self.place is None or self.place.way is not Way.ONLINE

    @property
    def is_there(self) -> bool:
        """Whether they attend at the venue, so that its time leads."""
        return self.place is not None and self.place.way is Way.IN_PERSON

    @property
    def knows_hours(self) -> bool:
        """Whether their day is known, and not only their zone."""
        return self.person is not None and self.reader.timezone is not None


def hearing(payload: Mapping[str, Any], now: datetime) -> Hearing:
    """The reader that a message was queued for. Raises NoLongerNeeded where they are none any more."""
    if "place_id" in payload:
        return _holder(int(payload["place_id"]))
    if "block_id" in payload:
        return _focal(int(payload["block_id"]), now)
    return _leader(int(payload["facilitator_id"]), int(payload["offering_id"]), payload.get("user_id"))


def _holder(place_id: int) -> Hearing:
    place = queries.place(place_id)
    if place is None or not place.status.is_live:
        raise NoLongerNeeded("they have no place there any more")
    person = place.participant
    return Hearing(
        place.offering, f"participant:{person.id}", address_of_person(person), person.name,
        reader_of(person), language_for(person), place.requested_at, person=person, place=place,
    )  # fmt: skip


def _focal(block_id: int, now: datetime) -> Hearing:
    block = reserved_block(block_id)
    if block is None or block.focal is None or not block.stands_at(now):
        raise NoLongerNeeded("the places went back, or nobody names the people")
    person = block.focal
    return Hearing(
        block.offering, f"participant:{person.id}", address_of_person(person), person.name,
        reader_of(person), language_for(person), block.created_at, person=person, block=block,
    )  # fmt: skip


def _leader(facilitator_id: int, offering_id: int, user_id: int | None) -> Hearing:
    row = db.execute(
        select(Facilitator, User)
        .join(OfferingFacilitator, OfferingFacilitator.facilitator_id == Facilitator.id)
        .join(User, User.id == Facilitator.user_id)
        .where(Facilitator.id == facilitator_id, OfferingFacilitator.offering_id == offering_id)
    ).one_or_none()
    offering = queries.offering(offering_id)
    if row is None or offering is None:
        raise NoLongerNeeded("they do not lead it any more")
    facilitator, user = row
    if user_id not in (None, user.id):
        raise NoLongerNeeded("the leader's page has another account now")
    person = db.scalar(select(Participant).where(Participant.user_id == user.id))
    who = f"participant:{person.id}" if person is not None else f"user:{user.id}"
    reader = reader_of(person) if person is not None else Reader(facilitator.timezone)
    return Hearing(
        offering, who, user.email, facilitator.name, reader, language_of(user.email), None, person=person,
        leads=True,
    )  # fmt: skip

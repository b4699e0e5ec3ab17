"""The roster of a sitting: everybody who holds, waits for, asks for or had a place in it."""

from collections.abc import Sequence

from sqlalchemy import String, and_, case, func, select, type_coerce

from app.accounts.models import User
from app.database import db
from app.domain.seats import PlaceStatus
from app.enrolments.models import Enrolment, Place, ReservedBlock
from app.enrolments.roster.listing import Entry
from app.enrolments.roster.statements import Join, Roster
from app.learning_sessions.models import Offering
from app.organisations.models import Organisation
from app.participants.models import Participant

CANNOT_COME = "cannot-come"

STATUSES = {
    "confirmed": "Confirmed",
    "offered": "Offered",
    "waiting": "Waiting",
    "requested": "Asks to join",
    CANNOT_COME: "Could not come",
    "released": "Released",
    "declined": "Declined",
}

_gave_up_late = and_(Place.status == PlaceStatus.RELEASED, Place.cannot_come_at.is_not(None))
_status = case((_gave_up_late, CANNOT_COME), else_=type_coerce(Place.status, String))
_since = case(
    (Place.status == PlaceStatus.CONFIRMED, func.coalesce(Place.confirmed_at, Place.updated_at)),
    (Place.status.in_((PlaceStatus.WAITING, PlaceStatus.REQUESTED)), Place.requested_at),
    else_=Place.updated_at,
)


def places_roster(offering: Offering, journey_id: int, sees_addresses: bool) -> Roster:
    """The roster of a sitting. Country and organisation are those of the enrolment."""
    enrolled = and_(Enrolment.journey_id == journey_id, Enrolment.participant_id == Place.participant_id)
    return Roster(
        key=Place.id,
        here=Place.offering_id == offering.id,
        table=Place.__table__,
        joins={
            "participant": Join(Participant, Participant.id == Place.participant_id),
            "enrolment": Join(Enrolment, enrolled),
            "organisation": Join(Organisation, Organisation.id == Enrolment.organisation_id, "enrolment"),
            "account": Join(User, User.id == Participant.user_id, "participant"),
            "block": Join(ReservedBlock, ReservedBlock.id == Place.block_id),
        },
        status=_status,
        statuses=STATUSES,
        since=_since,
        line=Place.queue_number,
        columns={
            "way": Place.way,
            "asked_at": Place.requested_at,
            "confirmed_at": Place.confirmed_at,
            "offer_ends_at": Place.offer_ends_at,
            "block": ReservedBlock.name,
        },
        sees_addresses=sees_addresses,
        block=Place.block_id,
        block_name=ReservedBlock.name,
    )


def positions(offering_id: int, entries: Sequence[Entry] | None = None) -> dict[int, int]:
    """Place id → position in its line, from 1, of those who wait; of these entries or of all. One query."""
    waiting = [one.id for one in entries or () if one.status == PlaceStatus.WAITING]
    if entries is not None and not waiting:
        return {}
    in_line = func.row_number().over(partition_by=Place.way, order_by=Place.queue_number)
    line = (
        select(Place.id, in_line.label("position"))
        .where(Place.offering_id == offering_id, Place.status == PlaceStatus.WAITING)
        .subquery()
    )
    found = select(line.c.id, line.c.position)
    rows = db.execute(found.where(line.c.id.in_(waiting)) if entries is not None else found)
    return dict(rows.all())

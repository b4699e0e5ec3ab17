"""Reserving places of a sitting for a group, changing how many, and giving the rest back to everybody.

Reserved places count as held, so nobody else can have them; they come out of free room only, so nobody who
waits is passed over. What goes back goes through the one seat routine. None of these commits.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Way
from app.domain.errors import AlreadyTaken, DomainError, NotFound, NotOpen, Refused
from app.domain.moments import moment
from app.domain.seats import PlaceStatus
from app.domain.text import fold_text
from app.enrolments import passing, seating, steps
from app.enrolments.decisions import Decided, PlaceDecision
from app.enrolments.models import Place
from app.enrolments.reserved import ReservedBlock
from app.enrolments.standing import Standing, capacity_and_confirmed, is_held, taken
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import LARGEST_CAPACITY, end_of
from app.learning_sessions.storing import days_of
from app.participants.models import Participant

LIVING = (JourneyStatus.PUBLISHED, JourneyStatus.OPEN)


@dataclass(frozen=True)
class Wanted:
    """What is reserved: for whom, how many places of one way of attending, until when."""

    name: str
    """Of the group."""
    way: Way
    places: int
    release_at: datetime
    """When places without a name go back to everybody."""
    timezone: str
    """In which the release is told."""
    focal: Participant | None = None
    """Who names the people, besides the organisers: somebody with an account."""
    country_group_id: int | None = None
    organisation_id: int | None = None


def reserve(offering: Offering, wanted: Wanted, by: User | None, now: datetime) -> ReservedBlock:
    """Hold places for a group, out of those that nobody has or waits for; the focal person is told.

    Raises NotOpen when the sitting or its journey takes nobody, Refused without a limit to reserve from or
    without enough room (saying how much there is), DomainError for what is wrong with the wish itself.
    """
    standing = seating.current(offering.learning_session_id, now)
    seating.seat(standing, now)
    sitting = standing.sittings[offering.id]
    _check_takes_groups(standing, sitting, now)
    _check_wanted(sitting, wanted, now)
    _check_room(sitting, wanted.way, wanted.places)
    block = ReservedBlock(
        offering_id=sitting.id,
        learning_session_id=sitting.learning_session_id,
        way=wanted.way,
        places=wanted.places,
        created_at=now,
        created_by_id=by.id if by is not None else None,
        **_columns(wanted),
    )
    db.add(block)
    steps.count(sitting.id, wanted.way, held=wanted.places)
    db.flush()
    _tell_focal(block, wanted.focal, now)
    return block


def hold(block: ReservedBlock, now: datetime) -> Standing:
    """Lock what a block belongs to, let time pass, and read the block as it is then."""
    standing = seating.current(block.learning_session_id, now)
    db.refresh(block)
    return standing


def revise(block: ReservedBlock, wanted: Wanted, now: datetime) -> None:
    """Change a block that stands: its size, release, focal person, name. Its way of attending stays.

    Fewer places go back to everybody, more come out of free room. The name is what people were told, so it
    stays once somebody has been named. Raises as `reserve` does, and NotOpen once it is handed back.
    """
    standing = hold(block, now)
    check_stands(block, now)
    sitting = standing.sittings[block.offering_id]
    _check_takes_groups(standing, sitting, now)
    _check_wanted(sitting, wanted, now, block)
    if wanted.places < block.named:
        raise Refused(
            f"{_places(block.named)} of this group {'has' if block.named == 1 else 'have'} a name already. "
            "Take names out first, or reserve at least as many.",
            "places",
        )
    seating.seat(standing, now)
    if wanted.places > block.places:
        _check_room(sitting, block.way, wanted.places - block.places)
    steps.count(block.offering_id, block.way, held=wanted.places - block.places)
    before, block.places = block.focal_participant_id, wanted.places
    for name, value in _columns(wanted).items():
        setattr(block, name, value)
    db.flush()
    if block.focal_participant_id != before:
        _tell_focal(block, wanted.focal, now)
    seating.seat(standing, now)


def hand_back(block: ReservedBlock, now: datetime) -> int:
    """Give the places without a name back to everybody, now; how many there were. Twice is once.

    Never more people move up than places come back: the routine counts each.
    """
    standing = hold(block, now)
    if block.returned_at is not None:
        return 0
    rest = block.unnamed
    passing.return_block(block, now)
    seating.seat(standing, now)
    return rest


def check_stands(block: ReservedBlock, now: datetime) -> None:
    """Raises NotOpen when the places of a block are no longer the group's."""
    if block.stands_at(now):
        return
    ended = moment(min(block.release_at, block.returned_at or block.release_at), block.timezone)
    raise NotOpen(f"The places of “{block.name}” without a name went back to everybody on {ended.text}.")


def free_for_groups(sitting: Offering, way: Way) -> int | None:
    """Places nobody has and nobody waits for; None without a limit. A rule may let people wait while there
    is room: before a lottery, or for the sake of a balance.
    """
    capacity, _ = capacity_and_confirmed(sitting, way)
    if capacity is None:
        return None
    waiting = db.scalar(
        select(func.count(Place.id)).where(
            Place.offering_id == sitting.id, Place.way == way, Place.status == PlaceStatus.WAITING
        )
    )
    return max(0, capacity - taken(sitting, way) - (waiting or 0))


def check_none_stands(offering: Offering) -> None:
    """Raises Refused while places of a sitting that is to be deleted are reserved; forgets ended blocks."""
    standing_block = db.scalar(
        select(ReservedBlock).where(
            ReservedBlock.offering_id == offering.id, ReservedBlock.returned_at.is_(None)
        )
    )
    if standing_block is not None:
        raise Refused(
            f"{_places(standing_block.places)} in this sitting {_are(standing_block.places)} reserved for "
            f"“{standing_block.name}”, so it is not deleted. Hand them back first."
        )
    db.execute(delete(ReservedBlock).where(ReservedBlock.offering_id == offering.id))


def move_releases(offering: Offering, later: timedelta) -> None:
    """Move the releases of a demonstration's blocks with their sitting."""
    blocks = select(ReservedBlock).where(
        ReservedBlock.offering_id == offering.id, ReservedBlock.returned_at.is_(None)
    )
    for block in db.scalars(blocks.execution_options(populate_existing=True)).all():
        block.release_at += later
    db.flush()


def forget_focal(participant: Participant) -> None:
    """Leave the blocks of a focal person to the organisers: their account is being closed."""
    mine = update(ReservedBlock).where(ReservedBlock.focal_participant_id == participant.id)
    db.execute(mine.values(focal_participant_id=None, version=ReservedBlock.version + 1))


def latest_release(sitting: Offering) -> datetime:
    """Until when places of a sitting can be kept for a group: its start, or the end of its last day."""
    if sitting.starts_at is not None:
        return sitting.starts_at
    days = days_of(sitting)
    if days is None:
        raise NotFound("This sitting has no date.")
    return end_of(days)


def _check_takes_groups(standing: Standing, sitting: Offering, now: datetime) -> None:
    if standing.journey_status not in LIVING:
        raise NotOpen("Places are reserved in journeys that are published or open; this one is neither.")
    if not is_held(sitting, now):
        raise NotOpen("This sitting is cancelled, has begun or is over; nothing can be reserved in it.")


def _check_wanted(
    sitting: Offering, wanted: Wanted, now: datetime, block: ReservedBlock | None = None
) -> None:
    if not wanted.name.strip():
        raise DomainError("Say for which group the places are.", "name")
    _check_name(sitting, wanted, block)
    if wanted.way not in sitting.attendance.ways:
        raise Refused(f"This sitting cannot be attended {wanted.way.label}.", "way")
    if not 1 <= wanted.places <= LARGEST_CAPACITY:
        raise DomainError(f"Reserve from 1 to {LARGEST_CAPACITY:,} places.", "places")
    if wanted.release_at <= now:
        raise DomainError("Release them at a moment that is still to come.", "release")
    latest = latest_release(sitting)
    if wanted.release_at > latest:
        begins = moment(latest, wanted.timezone)
        raise DomainError(f"Release the places by the beginning of the sitting: {begins.text}.", "release")
    if wanted.focal is not None and wanted.focal.user_id is None:
        raise Refused(
            f"{wanted.focal.name} has no account and could not sign in to name people. Ask them to sign up.",
            "focal",
        )


def _check_name(sitting: Offering, wanted: Wanted, block: ReservedBlock | None) -> None:
    """Two groups of one name in a sitting would be confused, on pages and in the log."""
    if block is not None and block.name == wanted.name:
        return
    others = db.execute(
        select(ReservedBlock.id, ReservedBlock.name).where(ReservedBlock.offering_id == sitting.id)
    )
    own = block.id if block is not None else None
    if any(fold_text(name) == fold_text(wanted.name) for number, name in others if number != own):
        raise AlreadyTaken(
            f"There are places for “{wanted.name}” in this sitting already. Change how many, or say which "
            "part of the group these are for.",
            "name",
        )
    if block is not None and _has_named(block):
        raise Refused("People have been told this name with their place, so it stays.", "name")


def _has_named(block: ReservedBlock) -> bool:
    named = select(PlaceDecision.id).where(
        PlaceDecision.offering_id == block.offering_id,
        PlaceDecision.what == Decided.NAMED,
        PlaceDecision.note == block.name,
    )
    return db.scalar(named.limit(1)) is not None


def _check_room(sitting: Offering, way: Way, places: int) -> None:
    free = free_for_groups(sitting, way)
    if free is None:
        raise Refused(
            f"There is no limit to the places {way.label}: everybody who asks gets one, so none needs to be "
            "reserved. Set a limit first to keep places for a group.",
            "places",
        )
    if places > free:
        less = "Reserve fewer, or raise the capacity first."
        if free == 0:
            raise Refused(f"No place {way.label} is free that nobody waits for. Raise the capacity first.",
                          "places")  # fmt: skip
        raise Refused(f"Only {_places(free)} {way.label} {_are(free)} free. {less}", "places")


def _columns(wanted: Wanted) -> dict[str, object]:
    return {
        "name": wanted.name,
        "country_group_id": wanted.country_group_id,
        "organisation_id": wanted.organisation_id,
        "focal_participant_id": wanted.focal.id if wanted.focal is not None else None,
        "release_at": wanted.release_at,
        "timezone": wanted.timezone,
    }


def _tell_focal(block: ReservedBlock, focal: Participant | None, now: datetime) -> None:
    if focal is not None:
        steps.tell(
            focal, "block-reserved", {"block_id": block.id}, now, block.offering.learning_session.journey_id,
            offering_id=block.offering_id, expires_at=block.release_at,
        )  # fmt: skip
        db.flush()


def _places(count: int) -> str:
    return f"{count:,} {'place' if count == 1 else 'places'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"

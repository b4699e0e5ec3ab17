"""Making invitations and taking them back. None of these commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import ColumnElement, Select, Table, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.accounts.models import User
from app.accounts.queries import fold_email
from app.database import db
from app.domain.errors import AlreadyTaken, DomainError, NotOpen
from app.domain.invitations import (
    AddressLine,
    Judged,
    check_code,
    check_domain,
    end_of,
    fold_code,
    new_code,
    read_addresses,
)
from app.enrolments.rules import Invitation, InvitationKind
from app.journeys.models import Journey, JourneyStatus
from app.messages.bulk import Letter, queue_all

MOST_LINES = 1000
"""Addresses at a time."""
STEP = 500

Row = Mapping[str, object]
Verdicts = Sequence[tuple[AddressLine, Judged]]


@dataclass(frozen=True)
class Terms:
    """Under which an invitation is given."""

    note: str = ""
    """For whom; only organisers read it."""
    most_uses: int | None = None
    last_on: date | None = None
    """The last day on which it is good, in the journey's zone."""


def make_code(journey: Journey, text: str, terms: Terms, by: User, now: datetime) -> Invitation:
    """A code, made up when no text is given. Raises AlreadyTaken when this journey has, or had, the same."""
    shown = check_code(text) if text.strip() else new_code()
    taken = (
        "This journey has, or had, the same code; blanks, hyphens, accents and capitals count for nothing."
    )
    return _add_one(journey, InvitationKind.CODE, shown, fold_code(shown), terms, by, now, taken)


def add_domain(journey: Journey, text: str, terms: Terms, by: User, now: datetime) -> Invitation:
    """Invite everybody with a confirmed address in a domain; one withdrawn, expired or used up is good again.

    Whom it has let in before counts towards the new limit.
    """
    domain = check_domain(text)
    _check_limit(journey, domain, terms, now)
    again = _renew(journey, InvitationKind.DOMAIN, [domain], terms, now)
    if again:
        fresh = _of(journey, InvitationKind.DOMAIN, again).execution_options(populate_existing=True)
        return db.scalars(fresh).one()
    taken = f"{domain} is invited already."
    return _add_one(journey, InvitationKind.DOMAIN, domain, domain, terms, by, now, taken)


def judge(journey: Journey, text: str, now: datetime) -> Verdicts:
    """What adding pasted addresses would do, line by line. Raises DomainError for none, or too many."""
    lines = read_addresses(text)
    if not lines:
        raise DomainError("Give at least one e-mail address.", "addresses")
    if len(lines) > MOST_LINES:
        raise DomainError(
            f"Give at most {MOST_LINES:,} lines at a time; these are {len(lines):,}.", "addresses"
        )
    known = _known(journey, [fold_email(one.address) for one in lines if one.address])
    above: set[str] = set()
    judged = []
    for one in lines:
        folded = fold_email(one.address)
        verdict = _verdict(one, folded, above, known.get(folded), now)
        above.add(folded)
        judged.append((one, verdict))
    return judged


def add_addresses(journey: Journey, verdicts: Verdicts, terms: Terms, by: User, now: datetime) -> None:
    """Invite the addresses that were judged to be new, or good again, and write to the new ones once.

    Raises NotOpen while nobody could follow the invitation.
    """
    _check_life(journey)
    if journey.status is JourneyStatus.DRAFT:
        raise NotOpen("Publish the journey before you invite people by name: the letter leads to its page.")
    _renew(journey, InvitationKind.ADDRESS, _folded(verdicts, Judged.AGAIN), terms, now)
    rows = [
        {"value": line.address, "note": line.name} | _row(journey, InvitationKind.ADDRESS, terms, by, now)
        | {"value_folded": fold_email(line.address)}
        for line, verdict in verdicts if verdict is Judged.ADDED
    ]  # fmt: skip
    for first in range(0, len(rows), STEP):
        added = _insert(rows[first : first + STEP])
        letters = [
            Letter(one.value, one.note, {"invitation_id": one.id}, scope=f"journey:{journey.id}")
            for one in added
        ]
        queue_all("invitation", letters, now)
    db.flush()


def withdraw(invitation: Invitation, now: datetime) -> None:
    """Let nobody in by it any more; those whom it let in stay. Twice is once."""
    not_yet = Invitation.withdrawn_at.is_(None)
    db.execute(update(Invitation).where(Invitation.id == invitation.id, not_yet).values(withdrawn_at=now))
    db.flush()


def forget_address(email: str) -> None:
    """Remove the invitations to an address, whose owner goes."""
    by_name = Invitation.kind == InvitationKind.ADDRESS
    db.execute(delete(Invitation).where(by_name, Invitation.value_folded == fold_email(email)))


def _verdict(
    line: AddressLine, folded: str, above: set[str], known: Invitation | None, now: datetime
) -> Judged:
    if not line.address:
        return Judged.NO_ADDRESS
    if folded in above:
        return Judged.TWICE
    if known is None:
        return Judged.ADDED
    return Judged.AGAIN if _is_over(known, now) else Judged.THERE


def _is_over(known: Invitation, now: datetime) -> bool:
    """Lets nobody in as it stands."""
    has_ended = known.expires_at is not None and known.expires_at <= now
    is_used_up = known.most_uses is not None and known.uses >= known.most_uses
    return known.withdrawn_at is not None or has_ended or is_used_up


def _check_limit(journey: Journey, domain: str, terms: Terms, now: datetime) -> None:
    """Refuse to invite a domain again that would be used up at once."""
    known = db.scalar(_of(journey, InvitationKind.DOMAIN, [domain]))
    if known is None or terms.most_uses is None or not _is_over(known, now):
        return
    if known.uses >= terms.most_uses:
        people = "1 person" if known.uses == 1 else f"{known.uses:,} people"
        raise DomainError(
            f"{domain} has let in {people} already, who count. Give a larger number, or none.", "most_uses"
        )


def _check_life(journey: Journey) -> None:
    if journey.status in (JourneyStatus.CLOSED, JourneyStatus.ARCHIVED):
        raise NotOpen(f"“{journey.title}” is closed: nobody can be invited any more.")


def _known(journey: Journey, folded: Sequence[str]) -> dict[str, Invitation]:
    found: dict[str, Invitation] = {}
    for first in range(0, len(folded), STEP):
        some = _of(journey, InvitationKind.ADDRESS, folded[first : first + STEP])
        found |= {one.value_folded: one for one in db.scalars(some)}
    return found


def _of(journey: Journey, kind: InvitationKind, folded: Sequence[str]) -> Select[Invitation]:
    return select(Invitation).where(
        Invitation.journey_id == journey.id, Invitation.kind == kind, Invitation.value_folded.in_(folded)
    )


def _folded(verdicts: Verdicts, wanted: Judged) -> list[str]:
    return [fold_email(line.address) for line, verdict in verdicts if verdict is wanted]


def _row(journey: Journey, kind: InvitationKind, terms: Terms, by: User, now: datetime) -> dict[str, object]:
    return {
        "journey_id": journey.id,
        "kind": kind,
        "most_uses": terms.most_uses,
        "uses": 0,
        "expires_at": _expiry(journey, terms, now),
        "created_at": now,
        "created_by_id": by.id,
    }


def _expiry(journey: Journey, terms: Terms, now: datetime) -> datetime | None:
    return end_of(terms.last_on, journey.timezone, now) if terms.last_on is not None else None


def _add_one(
    journey: Journey, kind: InvitationKind, shown: str, folded: str, terms: Terms, by: User, now: datetime,
    taken: str,
) -> Invitation:  # fmt: skip
    _check_life(journey)
    row = _row(journey, kind, terms, by, now) | {"value": shown, "value_folded": folded, "note": terms.note}
    added = _insert([row])
    if not added:
        raise AlreadyTaken(taken, kind.value)
    return added[0]


def _insert(rows: Sequence[Row]) -> Sequence[Invitation]:
    """Those that were not there yet; two organisers who add the same at once add it once."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    unless_there = insert(Invitation).values(list(rows)).on_conflict_do_nothing()
    return db.scalars(unless_there.returning(Invitation)).all()


def _renew(
    journey: Journey, kind: InvitationKind, folded: Iterable[str], terms: Terms, now: datetime
) -> list[str]:
    """Make withdrawn, expired and used up ones good again, under new terms; which ones they were."""
    _check_life(journey)
    table = cast(Table, Invitation.__table__)
    new: Row = {"withdrawn_at": None, "expires_at": _expiry(journey, terms, now)}
    leaves_room: list[ColumnElement[bool]] = []
    if kind is InvitationKind.DOMAIN:  # the note of an address is the name of whose it is
        new = {**new, "most_uses": terms.most_uses, "note": terms.note}
        if terms.most_uses is not None:
            leaves_room = [table.c.uses < terms.most_uses]
    renewed: list[str] = []
    wanted = list(folded)
    for first in range(0, len(wanted), STEP):
        again = (
            update(table)
            .where(
                table.c.journey_id == journey.id,
                table.c.kind == kind,
                table.c.value_folded.in_(wanted[first : first + STEP]),
                or_(
                    table.c.withdrawn_at.is_not(None),
                    table.c.expires_at <= now,
                    table.c.uses >= table.c.most_uses,
                ),
                *leaves_room,
            )
            .values(**new)
            .returning(table.c.value_folded)
        )
        renewed += db.scalars(again)
    return renewed

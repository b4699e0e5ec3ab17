"""Who of the people in a table is known already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, RowMapping, and_, case, exists, literal, select, union_all
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.database import db
from app.enrolments.models import Enrolment, EnrolmentStatus
from app.organisations.models import Organisation
from app.participants.models import Participant


@dataclass(frozen=True, slots=True)
class Known:
    """A participant whom an address reaches, and how they stand to the journey."""

    participant_id: int
    has_account: bool
    is_elsewhere: bool
    """In another journey too, or once was."""
    address: str
    name: str
    cadre: str
    timezone: str
    language: str
    enrolment_id: int | None
    status: EnrolmentStatus | None
    left_at: datetime | None
    decided_at: datetime | None
    country: str
    organisation: str
    group: str
    """These three as the enrolment keeps them; of somebody not enrolled, as they are now."""
    organisation_id: int | None

    @property
    def is_own(self) -> bool:
        """Whether organisers may change more than the enrolment: nobody else speaks for this person."""
        return not self.has_account and not self.is_elsewhere


def known_people(journey_id: int, addresses: Sequence[str]) -> dict[str, Known]:
    """By folded address, as `participants.queries.by_email` finds each; one query."""
    if not addresses:
        return {}
    reached, other = _reached(addresses).subquery(), aliased(Enrolment)
    is_enrolled = Enrolment.id.is_not(None)
    organisation_id = case((is_enrolled, Enrolment.organisation_id), else_=Participant.organisation_id)
    elsewhere = exists().where(other.participant_id == Participant.id, other.journey_id != journey_id)
    statement = (
        select(
            reached.c.address.label("folded"),
            Participant.id.label("participant_id"),
            Participant.user_id.is_not(None).label("has_account"),
            elsewhere.label("is_elsewhere"),
            case((User.id.is_not(None), User.email), else_=Participant.email).label("address"),
            Participant.name,
            Participant.cadre,
            Participant.timezone,
            Participant.language,
            Enrolment.id.label("enrolment_id"),
            Enrolment.status,
            Enrolment.left_at,
            Enrolment.decided_at,
            case((is_enrolled, Enrolment.country), else_=Participant.country).label("country"),
            case((is_enrolled, Enrolment.stakeholder_group), else_=Participant.stakeholder_group).label(
                "group"
            ),
            organisation_id.label("organisation_id"),
            Organisation.name.label("organisation"),
        )
        .join(Participant, Participant.id == reached.c.participant_id)
        .outerjoin(User, User.id == Participant.user_id)
        .outerjoin(
            Enrolment, and_(Enrolment.participant_id == Participant.id, Enrolment.journey_id == journey_id)
        )
        .outerjoin(Organisation, Organisation.id == organisation_id)
        .order_by(reached.c.rank, Participant.id)
    )
    return _by_address(db.execute(statement).mappings())


def _by_address(rows: Iterable[RowMapping]) -> dict[str, Known]:
    """The first of each address."""
    found: dict[str, Known] = {}
    for row in rows:
        facts = dict(row)
        folded = facts.pop("folded")
        if folded not in found:
            texts = {name: facts[name] or "" for name in ("country", "organisation", "group")}
            found[folded] = Known(**facts | texts)
    return found


def _reached(addresses: Sequence[str]) -> CompoundSelect[Any]:
    """Participants of accounts that confirmed their address come before those without one."""
    of_account = (
        select(
            User.email_folded.label("address"),
            Participant.id.label("participant_id"),
            literal(1).label("rank"),
        )
        .join(Participant, Participant.user_id == User.id)
        .where(User.email_folded.in_(addresses), User.email_confirmed_at.is_not(None))
    )
    without = select(Participant.email_folded, Participant.id, literal(2)).where(
        Participant.email_folded.in_(addresses), Participant.user_id.is_(None)
    )
    return union_all(of_account, without)

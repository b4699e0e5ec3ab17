"""Many participants without an account at once, for tables of people. Does not commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert

from app.accounts.queries import fold_email
from app.database import db
from app.domain.text import fold_text
from app.domain.zone_directory import weekend_of
from app.participants.models import Participant
from app.participants.operations import days_as_text


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody without an account, whose facts have been looked at: the zone is one to store, the country a
    code.
    """

    name: str
    email: str
    timezone: str
    country: str | None
    organisation_id: int | None
    cadre: str
    stakeholder_group: str
    language: str


def create_all(newcomers: Sequence[Newcomer], now: datetime) -> list[int]:
    """A new participant for each, in one statement; their ids in the same order."""
    if not newcomers:
        return []
    statement = insert(Participant).returning(Participant.id, sort_by_parameter_order=True)
    return list(db.scalars(statement, [_row(one, now) for one in newcomers]))


def _row(one: Newcomer, now: datetime) -> dict[str, object]:
    return {
        "name": one.name,
        "name_folded": fold_text(one.name),
        "email": one.email,
        "email_folded": fold_email(one.email),
        "timezone": one.timezone,
        "country": one.country,
        "organisation_id": one.organisation_id,
        "cadre": one.cadre,
        "stakeholder_group": one.stakeholder_group,
        "language": one.language,
        "days_off": days_as_text(weekend_of(one.country)),
        "created_at": now,
    }

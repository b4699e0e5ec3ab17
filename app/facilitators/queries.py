"""What is asked about facilitators."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from app.database import db
from app.facilitators.models import Absence, Facilitator


def facilitator(slug: str) -> Facilitator | None:
    """The facilitator at an address, with the organisation."""
    return db.scalar(
        select(Facilitator).where(Facilitator.slug == slug).options(joinedload(Facilitator.organisation))
    )


def of_user(user_id: int) -> Facilitator | None:
    """The facilitator's page of an account, if it has one."""
    return db.scalar(select(Facilitator).where(Facilitator.user_id == user_id))


def absences(facilitator_id: int, since: datetime) -> Sequence[Absence]:
    """The absences of a facilitator that end after an instant, in order of time; one query."""
    return db.scalars(
        select(Absence)
        .where(Absence.facilitator_id == facilitator_id, Absence.ends_at > since)
        .order_by(Absence.starts_at, Absence.id)
    ).all()


def own_absence(absence_id: int, user_id: int) -> Absence | None:
    """An absence of the facilitator whose account this is; nobody else's."""
    return db.scalar(
        select(Absence)
        .join(Absence.facilitator)
        .where(Absence.id == absence_id, Facilitator.user_id == user_id)
    )


def everybody() -> Sequence[Facilitator]:
    """All facilitators by name, each with what a list of them shows; one query."""
    shown = load_only(Facilitator.slug, Facilitator.name, Facilitator.name_folded)
    return db.scalars(
        select(Facilitator).options(shown).order_by(Facilitator.name_folded, Facilitator.id)
    ).all()

"""Organisations, as others ask for them."""

from collections.abc import Sequence

from sqlalchemy import select

from app.database import db
from app.domain.text import fold_text
from app.organisations.models import Organisation


def by_name(name: str) -> Organisation | None:
    """The organisation of this name, without regard to case, accents and spacing."""
    found = select(Organisation).where(Organisation.name_folded == fold_text(name))
    return db.scalar(found.order_by(Organisation.id).limit(1))


def is_slug_taken(slug: str) -> bool:
    """Whether an organisation has this slug."""
    return db.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None


def names(limit: int = 1000) -> Sequence[str]:
    """What organisations are called, by name."""
    return db.scalars(
        select(Organisation.name).order_by(Organisation.name_folded, Organisation.id).limit(limit)
    ).all()

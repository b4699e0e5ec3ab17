"""Keeping facilitators. None of these commits."""

from dataclasses import asdict, dataclass

from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.errors import AlreadyTaken, DomainError
from app.domain.slugs import slug_for
from app.domain.text import fold_text
from app.domain.timezones import zone_rules
from app.facilitators.models import Facilitator
from app.organisations.models import Organisation


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a facilitator's page tells; only the name is needed."""

    name: str
    biography: str = ""
    affiliation: str = ""
    country: str | None = None
    timezone: str | None = None
    language: str = "en"
    photograph: str = ""
    is_demonstration: bool = False


def create(
    profile: Profile, *, user: User | None = None, organisation: Organisation | None = None
) -> Facilitator:
    """A facilitator with a page; an account is not needed, and has one such page at most."""
    name = " ".join(profile.name.split())
    if not name:
        raise DomainError("Give the facilitator a name.", "name")
    if profile.timezone is not None:
        zone_rules(profile.timezone)
    if user is not None and _has_page(user):
        raise AlreadyTaken("This account has a facilitator's page already.", "user")
    facilitator = Facilitator(
        **(asdict(profile) | {"name": name}),
        slug=slug_for(name, _is_slug_taken, "facilitator"),
        name_folded=fold_text(name),
        user_id=user.id if user else None,
        organisation=organisation,
    )
    db.add(facilitator)
    db.flush()
    return facilitator


def _has_page(user: User) -> bool:
    return db.scalar(select(Facilitator.id).where(Facilitator.user_id == user.id)) is not None


def _is_slug_taken(slug: str) -> bool:
    return db.scalar(select(Facilitator.id).where(Facilitator.slug == slug)) is not None

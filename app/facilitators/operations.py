"""Keeping facilitators. None of these commits."""

from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.accounts.queries import by_email
from app.database import db
from app.domain.errors import AlreadyTaken, DomainError, NotFound
from app.domain.slugs import slug_for
from app.domain.text import fold_text
from app.domain.timezones import zone_rules
from app.facilitators.models import Facilitator
from app.organisations.models import Organisation
from app.organisations.operations import find_or_create


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


@dataclass(frozen=True, kw_only=True)
class About:
    """What people write on a facilitator's page. An organisation is named; it is found or made."""

    name: str
    biography: str = ""
    affiliation: str = ""
    organisation: str = ""
    country: str | None = None
    timezone: str | None = None
    language: str = "en"
    text_direction: str = "ltr"


def create(
    profile: Profile, *, user: User | None = None, organisation: Organisation | None = None
) -> Facilitator:
    """A facilitator with a page; an account is not needed, and has one such page at most."""
    name = _checked_name(profile.name)
    if profile.timezone is not None:
        zone_rules(profile.timezone)
    if user is not None and _page_of(user) is not None:
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


def lock(facilitator: Facilitator) -> None:
    """Lock the page until the transaction ends, and read it anew. Raises NotFound."""
    its_row = select(Facilitator.id).where(Facilitator.id == facilitator.id)
    if db.scalar(its_row.with_for_update(key_share=True)) is None:
        raise NotFound("This facilitator's page is no longer there.")
    db.refresh(facilitator)


def revise(facilitator: Facilitator, about: About) -> None:
    """Make the page say this; its address stays. Lock it first."""
    name = _checked_name(about.name)
    if about.timezone is not None:
        zone_rules(about.timezone)
    facilitator.name, facilitator.name_folded = name, fold_text(name)
    facilitator.biography, facilitator.affiliation = about.biography, about.affiliation
    facilitator.organisation = find_or_create(about.organisation) if about.organisation.strip() else None
    facilitator.country, facilitator.timezone = about.country, about.timezone
    facilitator.language, facilitator.text_direction = about.language, about.text_direction
    db.flush()


def link(facilitator: Facilitator, email: str) -> User | None:
    """Say whose account the page is; an empty address: nobody's. Lock the page first.

    The account sees from now on what facilitators see. Refuses an address without an account, and an account
    that has another page.
    """
    if not email.strip():
        facilitator.user_id = None
        db.flush()
        return None
    user = by_email(email)
    if user is None:
        complaint = f"No account has the address {email.strip()}. Ask them to sign up first, then name it."
        raise DomainError(complaint, "account")
    other = AlreadyTaken(f"The account {user.email} has another facilitator's page already.", "account")
    if _page_of(user) not in (None, facilitator.id):
        raise other
    try:
        with db.begin_nested():
            facilitator.user_id = user.id
    except IntegrityError as collision:  # somebody else was quicker
        raise other from collision
    return user


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise DomainError("Give the facilitator a name.", "name")
    return name


def _page_of(user: User) -> int | None:
    return db.scalar(select(Facilitator.id).where(Facilitator.user_id == user.id))


def _is_slug_taken(slug: str) -> bool:
    return db.scalar(select(Facilitator.id).where(Facilitator.slug == slug)) is not None

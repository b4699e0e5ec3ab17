"""Keeping organisations. None of these commits."""

from sqlalchemy.exc import IntegrityError

from app.database import db
from app.domain.errors import DomainError
from app.domain.slugs import slug_for
from app.domain.text import fold_text
from app.organisations import queries
from app.organisations.models import Organisation


def find_or_create(
    name: str, *, short_name: str = "", country: str | None = None, url: str = ""
) -> Organisation:
    """The organisation of this name, made if there is none; one that exists stays as it is."""
    name = " ".join(name.split())
    if not name:
        raise DomainError("Give the organisation a name.", "organisation")
    found = queries.by_name(name)
    if found is not None:
        return found
    made = Organisation(
        slug=slug_for(name, queries.is_slug_taken, "organisation"),
        name=name,
        name_folded=fold_text(name),
        short_name=short_name,
        country=country,
        url=url,
    )
    try:
        with db.begin_nested():
            db.add(made)
    except IntegrityError:  # somebody else made one at the same moment
        return find_or_create(name, short_name=short_name, country=country, url=url)
    return made

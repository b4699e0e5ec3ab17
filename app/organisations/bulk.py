"""Many organisations at once, for tables of people. Does not commit."""

from collections.abc import Iterable

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.database import db
from app.domain.slugs import slug_for
from app.domain.text import fold_text
from app.organisations.models import Organisation
from app.organisations.operations import find_or_create


def ids_of(names: Iterable[str]) -> dict[str, int]:
    """The id of the organisation of each name, by the folded name; made where there is none.

    As `operations.find_or_create`, with a few queries for all of them; at most about a thousand names.
    """
    wanted = {folded: name for name in names if (folded := fold_text(name))}
    known = _known(wanted)
    new = {folded: " ".join(name.split()) for folded, name in wanted.items() if folded not in known}
    if not new:
        return known
    try:
        with db.begin_nested():
            made = db.execute(
                insert(Organisation).returning(Organisation.name_folded, Organisation.id), _rows(new)
            )
            return known | {row.name_folded: row.id for row in made}
    except IntegrityError:  # somebody else made one at the same moment
        return known | {folded: find_or_create(name).id for folded, name in new.items()}


def _known(wanted: Iterable[str]) -> dict[str, int]:
    """The first one where several have the same name."""
    found = select(Organisation.name_folded, Organisation.id).where(
        Organisation.name_folded.in_(list(wanted))
    )
    return {row.name_folded: row.id for row in db.execute(found.order_by(Organisation.id.desc()))}


def _rows(new: dict[str, str]) -> list[dict[str, str]]:
    stems = {slug_for(name, lambda _slug: False, "organisation") for name in new.values()}
    taken = set(db.scalars(select(Organisation.slug).where(Organisation.slug.in_(stems))))

    def is_taken(slug: str) -> bool:
        """Of the numbered ones each is asked for; there are few."""
        if slug in taken:
            return True
        return (
            slug not in stems
            and db.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None
        )

    rows = []
    for folded, name in new.items():
        slug = slug_for(name, is_taken, "organisation")
        taken.add(slug)
        rows.append({"slug": slug, "name": name, "name_folded": folded, "short_name": "", "url": ""})
    return rows

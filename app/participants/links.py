"""What leads to a participant without being theirs: credits, memberships, the focal person of a group."""

from collections.abc import Iterator

from sqlalchemy import Column, update

from app.database import Base, db


def relink(participant_id: int, to: int | None) -> None:
    """Let whatever leads to a participant lead to another, or to nobody. Does not commit.

    Enrolments, places and the like, which cannot be without a participant, are left as they are.
    """
    for column in _links():
        db.execute(update(column.table).where(column == participant_id).values({column.name: to}))


def _links() -> Iterator[Column[int]]:
    """Every column that may refer to a participant and may be empty, in whichever slice."""
    for table in Base.metadata.sorted_tables:
        for column in table.c:
            refers = any(key.target_fullname == "participants.id" for key in column.foreign_keys)
            if refers and column.nullable:
                yield column

"""What the screens of importing show."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, select

from app.accounts.models import User
from app.database import db
from app.enrolments.bulk import Import, ImportRow, Verdict

PAGE = 50
MOST_LISTED = 30


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of one verdict; pages count from 1."""

    rows: Sequence[ImportRow]
    number: int
    last: int


def import_of(journey_id: int, import_id: int) -> Import | None:
    """An import of this journey and no other, without its file."""
    wanted = select(Import).where(Import.id == import_id, Import.journey_id == journey_id)
    return db.scalar(wanted.execution_options(populate_existing=True))


def imports_of(journey_id: int) -> Sequence[Row[Import, str | None]]:
    """The latest imports of a journey, each with the name of who uploaded it."""
    wanted = select(Import, User.name).outerjoin(User, User.id == Import.created_by_id)
    found = wanted.where(Import.journey_id == journey_id).order_by(Import.id.desc()).limit(MOST_LISTED)
    return db.execute(found).all()


def rows_of(imported: Import, verdict: Verdict, number: int) -> Page:
    """One page of the rows of a verdict, in the order of the file; a page there is not is the nearest."""
    count = imported.counts.get(verdict.value, 0)
    last = max(1, -(-count // PAGE))
    number = min(max(number, 1), last)
    wanted = select(ImportRow).where(ImportRow.import_id == imported.id, ImportRow.verdict == verdict)
    rows = db.scalars(wanted.order_by(ImportRow.line).offset((number - 1) * PAGE).limit(PAGE)).all()
    return Page(rows, number, last)


def refused_of(imported: Import) -> Sequence[Row[int, str, dict[str, str]]]:
    """Line, reason and record of every refused row."""
    wanted = select(ImportRow.line, ImportRow.reason, ImportRow.record).where(
        ImportRow.import_id == imported.id, ImportRow.verdict == Verdict.REFUSED
    )
    return db.execute(wanted.order_by(ImportRow.line)).all()

"""What organisers do with an import. None of these commits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, func, select

from app.accounts.models import User
from app.database import db
from app.domain.errors import DomainError, NotFound, Refused, Stale
from app.enrolments.bulk import Import, ImportRow, ImportState
from app.enrolments.importing.columns import FIELDS, LABELS, Choices
from app.enrolments.importing.stored import check_open, locked
from app.jobs import operations as jobs
from app.journeys.models import Journey
from app.sheets.cells import plain
from app.sheets.headers import match, missing
from app.sheets.reading import read

CHECK, APPLY = "imports.check", "imports.apply"
KEPT = timedelta(days=7)
AHEAD = timedelta(hours=1)
"""Somebody looks at a page that waits; thousands of messages, which nobody waits for, come after it."""
MOST_OPEN = 20
"""Uploads of a journey that are neither applied nor thrown away."""

_SAMPLES = 3
_LONGEST_SAMPLE = 80
_LONGEST_NAME = 120
_WAITING = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)


@dataclass(frozen=True, slots=True)
class Looked:
    """An uploaded file that is a table: what the page shows of it."""

    filename: str
    content: bytes
    facts: Mapping[str, Any]
    columns: Mapping[str, int]


def look_at(content: bytes, filename: str) -> Looked:
    """Read the beginning of a file. Raises DomainError for what is no table; touches no tables of ours."""
    filename = " ".join(plain(filename).split())[-_LONGEST_NAME:] or "table"
    sheet = read(content, filename)
    rows = [row.cells for row in islice(sheet.rows(), _SAMPLES)]
    samples = [[cells[index][:_LONGEST_SAMPLE] for cells in rows] for index in range(len(sheet.headers))]
    facts = {
        "headers": [header[:_LONGEST_NAME] for header in sheet.headers],
        "samples": samples,
        "kind": sheet.kind,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "run": 0,
    }
    return Looked(filename, content, facts, match(sheet.headers, FIELDS))


def upload(journey: Journey, looked: Looked, by: User, now: datetime) -> Import:
    """Keep an uploaded table until it is applied, thrown away or forgotten. Raises NotOpen or Refused."""
    check_open(journey)
    waiting = select(func.count()).select_from(Import).where(Import.journey_id == journey.id)
    if (db.scalar(waiting.where(Import.state != ImportState.APPLIED)) or 0) >= MOST_OPEN:
        raise Refused(f"{MOST_OPEN} uploaded files wait already. Throw away those you do not need.", "file")
    made = Import(
        journey_id=journey.id,
        created_by_id=by.id,
        created_at=now,
        updated_at=now,
        filename=looked.filename,
        content=looked.content,
        columns=dict(looked.columns),
        options=dict(looked.facts),
    )
    db.add(made)
    db.flush()
    return made


def check(import_id: int, columns: Mapping[str, int], choices: Choices, now: datetime) -> None:
    """Ask for a dry run with these columns and choices; one made before is replaced.

    Raises DomainError naming the field, NotOpen, or Stale when something else is being done with it.
    """
    imported = _found(import_id)
    if imported.state not in _WAITING:
        raise Stale("This import is at work, or applied already. Look at where it stands now.")
    check_open(db.get_one(Journey, imported.journey_id))
    _check_columns(imported, columns)
    run = imported.options["run"] + 1
    imported.columns = dict(columns)
    imported.options = {**imported.options, **choices.as_options(), "run": run}
    imported.state, imported.error, imported.updated_at = ImportState.CHECKING, "", now
    imported.rows_read, imported.rows_total, imported.counts = 0, None, {}
    db.flush()
    jobs.add(CHECK, {"import_id": imported.id, "run": run}, now, run_at=now - AHEAD)


def apply(import_id: int, run: int, leave_out: bool, by: User, now: datetime) -> None:
    """Ask for the dry run of this number to be applied; asking twice is asking once.

    Refused rows must be left out expressly. Raises DomainError, NotOpen, or Stale when the dry run is
    another one by now.
    """
    imported = _found(import_id)
    if imported.state in (ImportState.APPLYING, ImportState.APPLIED):
        return
    if imported.state is not ImportState.CHECKED or imported.options["run"] != run:
        raise Stale("This is no longer the dry run you looked at. Look at the new one, then apply it.")
    check_open(db.get_one(Journey, imported.journey_id))
    if not imported.counts.get("new") and not imported.counts.get("changed"):
        raise Refused("There is nothing to apply: nobody is new, and nothing has changed.")
    if imported.counts.get("refused") and not leave_out:
        raise DomainError(
            "Some rows are refused. Mend the file and upload it again, or choose to leave them out.",
            "leave_out",
        )
    imported.state, imported.error, imported.updated_at = ImportState.APPLYING, "", now
    imported.options = {**imported.options, "by": by.id}
    db.flush()
    jobs.add(APPLY, {"import_id": imported.id}, now, run_at=now - AHEAD)


def throw_away(import_id: int) -> None:
    """Remove an import that was not applied, with its file. Gone before is gone; raises Refused."""
    imported = locked(import_id)
    if imported is None:
        return
    if imported.state is ImportState.APPLIED:
        raise Refused("This table has been applied. Take people out in the roster, one by one or many.")
    db.delete(imported)
    db.flush()


def forget_old(now: datetime) -> None:
    """Remove what was not applied in time, and what the dry runs of applied ones kept of people."""
    old = Import.created_at < now - KEPT
    db.execute(delete(Import).where(old, Import.state != ImportState.APPLIED))
    applied = select(Import.id).where(old, Import.state == ImportState.APPLIED)
    db.execute(delete(ImportRow).where(ImportRow.import_id.in_(applied)))


def _found(import_id: int) -> Import:
    imported = locked(import_id)
    if imported is None:
        raise NotFound("This import has been thrown away.")
    return imported


def _check_columns(imported: Import, columns: Mapping[str, int]) -> None:
    absent = missing(columns, FIELDS)
    if absent:
        raise DomainError(f"Say which column holds the {absent[0].label.lower()}.", absent[0].name)
    headers = imported.options["headers"]
    by_column: dict[int, str] = {}
    for name, index in columns.items():
        if name not in LABELS or not 0 <= index < len(headers):
            raise DomainError("Choose a column of the file.", name)
        if index in by_column:
            other = LABELS[by_column[index]].lower()
            raise DomainError(f"“{headers[index]}” is chosen for the {other} already.", name)
        by_column[index] = name

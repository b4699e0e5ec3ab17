"""The dry run: reads an uploaded table row by row and notes what applying would do with each.

A few hundred rows are in memory at a time. Each batch is a transaction of its own, so that the page can show
how far it is; a run that ended in the middle begins anew.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, insert

from app.accounts.queries import fold_email
from app.database import db, writing
from app.domain.dates import listed
from app.domain.errors import DomainError
from app.enrolments.bulk import Import, ImportRow, ImportState, Verdict
from app.enrolments.importing.columns import LONGEST_KEPT, Choices
from app.enrolments.importing.judging import PROBLEM
from app.enrolments.importing.stored import BATCH, check_open, judge_all, judge_for, locked
from app.jobs import operations as jobs
from app.jobs.operations import Claim
from app.journeys.models import Journey
from app.sheets.reading import Row, Sheet, read

_MOST_LINES_NAMED = 5

Lines = Mapping[str, list[int]]


class _Overtaken(Exception):
    """The import was thrown away, or somebody else makes its dry run."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What a dry run needs of the import; nothing of it is looked at again."""

    import_id: int
    run: int
    journey_id: int
    content: bytes
    filename: str
    columns: Mapping[str, int]
    choices: Choices


def check(claim: Claim, now: datetime) -> None:
    """Make the dry run that a job asks for; one that cannot be read fails with the reason."""
    import_id, run = int(claim.payload["import_id"]), int(claim.payload["run"])
    try:
        work = _begin(import_id, run)
        _check(work, claim, now)
    except _Overtaken:
        db.rollback()
    except DomainError as problem:
        db.rollback()
        give_up(import_id, str(problem), now)


def give_up(import_id: int, sentence: str, now: datetime) -> None:
    """The dry run could not be made: say why, and forget what it had found."""
    with writing():
        imported = locked(import_id)
        if imported is not None and imported.state is ImportState.CHECKING:
            db.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
            imported.state, imported.error = ImportState.FAILED, sentence
            imported.counts, imported.updated_at = {}, now


def record_of(row: Row, columns: Mapping[str, int], lines: Lines) -> dict[str, str]:
    """The record that the dry run keeps of a row: its fields, and what is wrong with the row itself."""
    record = {name: row.cells[index] for name, index in columns.items()}
    same = lines.get(fold_email(record["email"]), [])
    cut = {name: f"{text[:LONGEST_KEPT]} …" for name, text in record.items() if len(text) > LONGEST_KEPT}
    if row.problem:
        return record | cut | {PROBLEM: row.problem}
    if len(same) > 1:
        return record | cut | {PROBLEM: _said_twice(same)}
    if cut:
        name = next(iter(cut))
        return record | cut | {PROBLEM: f"A cell has {len(record[name]):,} characters; nobody’s {name} has."}
    return record


def _begin(import_id: int, run: int) -> _Work:
    with writing():
        imported = _mine(import_id, run)
        db.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
        imported.rows_read, imported.rows_total, imported.counts = 0, None, {}
        check_open(db.get_one(Journey, imported.journey_id, populate_existing=True))
        return _Work(
            import_id, run, imported.journey_id, imported.content or b"", imported.filename,
            dict(imported.columns), Choices.of(imported.options),
        )  # fmt: skip


def _check(work: _Work, claim: Claim, now: datetime) -> None:
    sheet = read(work.content, work.filename)
    total, lines = _lines_by_address(sheet, work.columns["email"])
    judge = judge_for(db.get_one(Journey, work.journey_id), work.choices, now)
    counts: Counter[Verdict] = Counter()
    read_so_far = 0
    for rows in _batches(sheet):
        records = [record_of(row, work.columns, lines) for row in rows]
        judgements = judge_all(judge, work.journey_id, records)
        counts.update(one.verdict for one in judgements)
        read_so_far += len(rows)
        with writing():
            imported = _mine(work.import_id, work.run)
            imported.rows_read, imported.rows_total, imported.updated_at = read_so_far, total, now
            db.execute(insert(ImportRow), [
                {"import_id": work.import_id, "line": row.line, "verdict": judged.verdict,
                 "reason": judged.reason, "record": record}
                for row, judged, record in zip(rows, judgements, records, strict=True)
            ])  # fmt: skip
            if not jobs.renew(claim, now):
                raise _Overtaken
    with writing():
        imported = _mine(work.import_id, work.run)
        imported.state, imported.error, imported.updated_at = ImportState.CHECKED, "", now
        imported.counts = {verdict.value: counts[verdict] for verdict in Verdict}


def _mine(import_id: int, run: int) -> Import:
    """The import, if it still waits for this dry run."""
    imported = locked(import_id)
    if imported is None or imported.state is not ImportState.CHECKING or imported.options["run"] != run:
        raise _Overtaken
    return imported


def _lines_by_address(sheet: Sheet, email: int) -> tuple[int, dict[str, list[int]]]:
    """How many rows there are, and the lines of the addresses that stand more than once."""
    first: dict[str, int] = {}
    repeated: dict[str, list[int]] = {}
    total = 0
    for row in sheet.rows():
        total += 1
        address = fold_email(row.cells[email])
        if not address or len(address) > LONGEST_KEPT:
            continue
        if address in first:
            repeated.setdefault(address, [first[address]]).append(row.line)
        else:
            first[address] = row.line
    return total, repeated


def _said_twice(lines: list[int]) -> str:
    named = [str(line) for line in lines[:_MOST_LINES_NAMED]]
    more = len(lines) - len(named)
    words = listed([*named, f"{more} more"] if more else named)
    return f"Lines {words} have the same address. Leave one of them."


def _batches(sheet: Sheet) -> Iterator[list[Row]]:
    rows = sheet.rows()
    while batch := list(islice(rows, BATCH)):
        yield batch

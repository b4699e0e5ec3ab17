"""Applying a dry run: all of it in one transaction, or nothing.

The file is not read again: the rows that the dry run kept are judged anew under the journey's lock. If any of
them is judged otherwise now, nothing is written, and the new dry run is shown instead.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from app.database import db, writing
from app.domain.errors import DomainError
from app.enrolments.bulk import Import, ImportRow, ImportState, Verdict
from app.enrolments.importing.columns import Choices
from app.enrolments.importing.enrolling import Enroller
from app.enrolments.importing.judging import Judgement
from app.enrolments.importing.stored import check_open, judge_all, judge_for, locked, row_batches
from app.jobs.operations import Claim
from app.journeys.locking import lock
from app.journeys.models import Journey
from app.participants.models import Participant

_ONE_AT_A_TIME = 4_821_007
"""PostgreSQL's lock for making people out of tables: two for different journeys may name the same person."""


class _Differs(Exception):
    """A row is judged otherwise than in the dry run."""


def apply(claim: Claim, now: datetime) -> None:
    """Apply the import that a job asks for; done before, or thrown away: nothing."""
    import_id = int(claim.payload["import_id"])
    try:
        with writing():
            _apply(import_id, now)
    except _Differs:
        _judge_anew(import_id, now)
    except DomainError as problem:
        hand_back(import_id, f"{problem} Nothing was written.", now)


def hand_back(import_id: int, sentence: str, now: datetime) -> None:
    """Nothing was applied: say why; the dry run stands as before."""
    with writing():
        imported = locked(import_id)
        if imported is not None and imported.state is ImportState.APPLYING:
            imported.state, imported.error, imported.updated_at = ImportState.CHECKED, sentence, now


def _apply(import_id: int, now: datetime) -> None:
    journey = _locked_journey(import_id)
    imported = locked(import_id)
    if journey is None or imported is None or imported.state is not ImportState.APPLYING:
        return
    check_open(journey)
    choices = Choices.of(imported.options)
    judge = judge_for(journey, choices, now)
    enroller = Enroller(journey, choices, imported.options.get("by"), now)
    for rows in row_batches(import_id):
        judgements = judge_all(judge, journey.id, [row.record for row in rows])
        for row, judged in zip(rows, judgements, strict=True):
            if (row.verdict, row.reason) != (judged.verdict, judged.reason):
                raise _Differs
        _hold(judgements)
        enroller.enrol_all(judgements)
    enroller.finish()
    imported.state, imported.error, imported.content = ImportState.APPLIED, "", None
    imported.applied_at = imported.updated_at = now


def _locked_journey(import_id: int) -> Journey | None:
    """The journey's lock comes before all others, as everywhere."""
    wanted = select(Journey).join(Import, Import.journey_id == Journey.id).where(Import.id == import_id)
    journey = db.scalar(wanted)
    if journey is None:
        return None
    lock(journey)
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    return journey


def _hold(judgements: Sequence[Judgement]) -> None:
    """Keep those without an account from becoming an account's until this is over.

    What is locked for that at this moment is not waited for, since they are locked before journeys there: the
    job is tried again.
    """
    numbers = {one.known.participant_id for one in judgements if one.known and not one.known.has_account}
    if not numbers:
        return
    wanted = select(Participant.id).where(
        Participant.id.in_(numbers), Participant.user_id.is_(None), Participant.email_folded != ""
    )
    if len(db.scalars(wanted.with_for_update(key_share=True, nowait=True)).all()) < len(numbers):
        raise _Differs


def _judge_anew(import_id: int, now: datetime) -> None:
    """The dry run once more, of the rows it kept; what it says is what applying would do now."""
    with writing():
        imported = locked(import_id)
        if imported is None or imported.state is not ImportState.APPLYING:
            return
        journey = db.get_one(Journey, imported.journey_id)
        judge = judge_for(journey, Choices.of(imported.options), now)
        counts: Counter[Verdict] = Counter()
        other = 0
        for rows in row_batches(import_id):
            judgements = judge_all(judge, journey.id, [row.record for row in rows])
            counts.update(one.verdict for one in judgements)
            changed = [
                {"id": row.id, "verdict": judged.verdict, "reason": judged.reason}
                for row, judged in zip(rows, judgements, strict=True)
                if (row.verdict, row.reason) != (judged.verdict, judged.reason)
            ]
            other += len(changed)
            if changed:
                db.execute(update(ImportRow), changed)
        imported.state, imported.updated_at = ImportState.CHECKED, now
        imported.counts = {verdict.value: counts[verdict] for verdict in Verdict}
        imported.options = imported.options | {"run": imported.options["run"] + 1}
        rows_are = "one row is" if other == 1 else f"{other:,} rows are"
        imported.error = (
            f"Nothing was applied: something has changed meanwhile, and {rows_are} judged otherwise. "
            "This is the new dry run; look at it, then apply it."
        )

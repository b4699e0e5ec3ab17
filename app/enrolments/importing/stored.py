"""An import as it lies in the tables: its rows in batches, each judged as things stand now."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from app.database import db
from app.domain.errors import NotOpen
from app.enrolments import operations, policies
from app.enrolments.bulk import Import, ImportRow, Verdict
from app.enrolments.importing.columns import Choices
from app.enrolments.importing.judging import Judge, Judgement
from app.enrolments.importing.known import known_people
from app.enrolments.importing.persons import Person, ZoneRule
from app.journeys.models import Journey, JourneyStatus

BATCH = 500


def locked(import_id: int) -> Import | None:
    """The import, for this transaction alone, as it is now; None when it was thrown away."""
    wanted = select(Import).where(Import.id == import_id).with_for_update()
    return db.scalar(wanted.execution_options(populate_existing=True))


def check_open(journey: Journey) -> None:
    """Raises NotOpen unless people can be enrolled in the journey."""
    if journey.status is not JourneyStatus.OPEN:
        raise NotOpen(operations.why_closed(journey))


def judge_for(journey: Journey, choices: Choices, now: datetime) -> Judge:
    """A judge who knows how much room the journey has now."""
    fallback = journey.timezone if choices.guess_zone else ""
    most_people = policies.policy_of(journey.id).most_people
    return Judge(choices, ZoneRule(now, fallback), most_people, policies.people_in(journey.id))


def judge_all(judge: Judge, journey_id: int, records: Sequence[Mapping[str, str]]) -> list[Judgement]:
    """What would become of each of some records, in their order; one query for all of them."""
    understood = [judge.understood(record) for record in records]
    addresses = [one.folded for one in understood if isinstance(one, Person)]
    known = known_people(journey_id, addresses)
    return [judge.judge(one, known.get(one.folded)) if isinstance(one, Person) else one for one in understood]


def row_batches(import_id: int) -> Iterator[Sequence[Row[int, Any, Verdict, str]]]:
    """The rows of a dry run in the order of the file: id, record, verdict, reason."""
    after = 0
    while True:
        wanted = select(ImportRow.id, ImportRow.record, ImportRow.verdict, ImportRow.reason).where(
            ImportRow.import_id == import_id, ImportRow.id > after
        )
        rows = db.execute(wanted.order_by(ImportRow.id).limit(BATCH)).all()
        if not rows:
            return
        yield rows
        after = rows[-1].id

"""Reading coming promises again under the zone data in use: what would change. Writes nothing.

Sittings are read in batches and as plain rows, since a site may have thousands and most do not change.
Cancelled ones are read like the others, because they can be restored.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.database import db
from app.domain.errors import DomainError
from app.domain.timezones import Flag, Promise, Rederived, Span, rederive
from app.facilitators.absences import instants
from app.facilitators.models import Absence, Facilitator
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering

BATCH = 500

Progress = Callable[[int], None]
"""Told how many more sittings have been read."""


@dataclass(frozen=True)
class Finding:
    """A coming sitting that new rules move or make unclear; unclear only: `before` and `after` are equal."""

    offering_id: int
    learning_session_id: int
    learning_session: str
    journey_id: int
    journey: str
    timezone: str
    starts_wall: datetime
    before: Span
    after: Span
    fold: int
    """To be stored with the wall time from now on."""
    flag: Flag | None
    """What a person should look at from now on."""

    @property
    def is_moved(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class AbsenceFinding:
    """A facilitator's absence whose instants new rules move; the wall times stand."""

    absence_id: int
    facilitator: str
    timezone: str
    starts_wall: datetime
    ends_wall: datetime
    before: Span
    after: Span


@dataclass(frozen=True)
class Checked:
    """What a look at all coming sittings and absences saw, and under which version of the zone data."""

    version: str
    examined: int
    findings: tuple[Finding, ...]
    """In the order of the sittings' times."""
    absences: tuple[AbsenceFinding, ...]

    @property
    def moved(self) -> int:
        return sum(one.is_moved for one in self.findings)

    @property
    def flagged(self) -> int:
        return sum(one.flag is not None for one in self.findings)

    @property
    def says_nothing(self) -> bool:
        return not self.findings and not self.absences


def is_coming(now: datetime) -> ColumnElement[bool]:
    """Sittings with an hour that have not begun; a past one keeps its instants whatever rules become."""
    return Offering.starts_at > now


def count_coming(now: datetime) -> int:
    """How many sittings there are to read."""
    return db.scalar(select(func.count()).select_from(Offering).where(is_coming(now))) or 0


def read_all(now: datetime, progress: Progress | None = None) -> tuple[int, tuple[Finding, ...]]:
    """(how many coming sittings there are, what would change)."""
    examined, last_id = 0, 0
    changed: dict[int, Rederived] = {}
    while rows := db.execute(_promises(now).where(Offering.id > last_id).limit(BATCH)).all():
        changed |= _changed(rows)
        examined, last_id = examined + len(rows), rows[-1].id
        if progress is not None:
            progress(len(rows))
    return examined, _findings(changed)


def read_some(offering_ids: Iterable[int], now: datetime) -> tuple[Finding, ...]:
    """What would change among some sittings; those that began or were moved meanwhile are left out."""
    changed: dict[int, Rederived] = {}
    for some in in_batches(sorted(offering_ids)):
        changed |= _changed(db.execute(_promises(now).where(Offering.id.in_(some))).all())
    return _findings(changed)


def read_absences(now: datetime) -> tuple[AbsenceFinding, ...]:
    """The absences not yet over whose instants would change; what has begun keeps its beginning."""
    rows = db.execute(
        select(Absence, Facilitator.name).join(Absence.facilitator).where(Absence.ends_at > now)
        .order_by(Absence.starts_at, Absence.id)
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    read = ((absence, name, _absent(absence, now)) for absence, name in rows)
    return tuple(
        AbsenceFinding(
            absence.id, name, absence.timezone, absence.starts_wall, absence.ends_wall,
            Span(absence.starts_at, absence.ends_at), span,
        )
        for absence, name, span in read
        if span is not None and span != Span(absence.starts_at, absence.ends_at)
    )  # fmt: skip


def in_batches(numbers: Sequence[int]) -> Iterator[list[int]]:
    """The numbers in their order, as many at a time as a statement takes well."""
    rest = iter(numbers)
    while some := list(islice(rest, BATCH)):
        yield some


def _promises(now: datetime) -> Any:
    return (
        select(
            Offering.id, Offering.timezone, Offering.starts_wall, Offering.fold, Offering.length_minutes,
            Offering.starts_at, Offering.ends_at, Offering.zone_flag,
        )
        .where(is_coming(now))
        .order_by(Offering.id)
    )  # fmt: skip


def _changed(rows: Iterable[Any]) -> dict[int, Rederived]:
    read = ((row.id, _reread(row)) for row in rows)
    return {number: reread for number, reread in read if reread is not None}


def _reread(row: Any) -> Rederived | None:
    """The promise under the rules in force; None when its instants stay and there is nothing new to flag."""
    held = Span(row.starts_at, row.ends_at)
    found = rederive(Promise(row.starts_wall, row.timezone, row.fold, row.length_minutes), held)
    if found.span != held:
        return found
    if found.flag is not None and found.flag is not row.zone_flag:
        return found
    if row.zone_flag in (Flag.ZONE_GONE, Flag.NOW_IN_GAP) and found.flag is None:
        return Rederived(held, row.fold)  # the zone is back, or the gap is gone: it says what it said
    return None


def _findings(changed: Mapping[int, Rederived]) -> tuple[Finding, ...]:
    found = [
        Finding(**row, before=Span(starts_at, ends_at), after=reread.span, fold=reread.fold, flag=reread.flag)
        for some in in_batches(sorted(changed))
        for row, starts_at, ends_at, reread in _described(some, changed)
    ]
    return tuple(sorted(found, key=lambda one: (one.before.starts_at, one.offering_id)))


def _described(
    numbers: Sequence[int], changed: Mapping[int, Rederived]
) -> Iterator[tuple[dict[str, Any], datetime, datetime, Rederived]]:
    rows = db.execute(
        select(
            Offering.id.label("offering_id"), Offering.learning_session_id, Offering.timezone,
            Offering.starts_wall, LearningSession.title.label("learning_session"), LearningSession.journey_id,
            Journey.title.label("journey"), Offering.starts_at, Offering.ends_at,
        )
        .join(LearningSession, LearningSession.id == Offering.learning_session_id)
        .join(Journey, Journey.id == LearningSession.journey_id)
        .where(Offering.id.in_(numbers))
    )  # fmt: skip
    for row in rows:
        facts = dict(row._mapping)
        yield facts, facts.pop("starts_at"), facts.pop("ends_at"), changed[row.offering_id]


def _absent(absence: Absence, now: datetime) -> Span | None:
    try:
        read = instants(absence.starts_wall, absence.ends_wall, absence.timezone)
        starts_at = read["starts_at"] if absence.starts_at > now else absence.starts_at
        return Span(starts_at, read["ends_at"])
    except (DomainError, ValueError):
        return None  # the zone is gone, or clocks skip the whole of it now: it stays what it was

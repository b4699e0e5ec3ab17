"""The zones check: a new edition of the zone data, and the coming sittings whose promise it reads otherwise.

The promise stands (wall time, zone, length); its instants are derived anew. Past sittings are left alone, and
an unchanged instant changes nothing else. Registration windows are instants and stay.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, exists, select, update
from sqlalchemy.orm import joinedload

from app.database import db
from app.domain.timezones import zone_data_version
from app.facilitators.models import Absence
from app.journeys.locking import lock_all
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering
from app.learning_sessions.operations import refresh_next_at
from app.scheduling.announcing import announce_all
from app.scheduling.models import ChangeKind, ChangeReason, OfferingChange, ZoneCheck
from app.scheduling.recording import add_record, stand_of
from app.scheduling.zone_findings import (
    AbsenceFinding,
    Checked,
    Finding,
    Progress,
    in_batches,
    is_coming,
    read_absences,
    read_all,
    read_some,
)

OFFERINGS = cast(Table, Offering.__table__)
"""The table itself: what is written to it raises no version."""


def check(now: datetime, progress: Progress | None = None) -> Checked:
    """What applying would change; writes nothing."""
    examined, findings = read_all(now, progress)
    return Checked(zone_data_version(), examined, findings, read_absences(now))


def apply(now: datetime, progress: Progress | None = None) -> Checked:
    """Write down what the check finds, and that it was made; applying again changes nothing.

    A moved sitting gets a change record with both versions and a higher calendar sequence. Decides on what
    stands there once the locks are had, which are taken in the one order.
    """
    examined, seen = read_all(now, progress)
    _lock(seen)
    findings = read_some((one.offering_id for one in seen), now)
    done = Checked(zone_data_version(), examined, findings, read_absences(now))
    _move_all([one for one in findings if one.is_moved], done.version, now)
    for finding in findings:
        if not finding.is_moved:
            _flag(finding)
    for absence in done.absences:
        _move_absence(absence)
    db.add(
        ZoneCheck(
            version=done.version,
            checked_at=now,
            examined=done.examined,
            moved=done.moved,
            flagged=done.flagged,
        )
    )
    db.flush()
    return done


def is_due(now: datetime) -> bool:
    """Whether the sittings were last checked under another version of the zone data than the one in use.

    Also when a process that still had other rules has dated or moved a sitting since.
    """
    version = zone_data_version()
    last = db.execute(
        select(ZoneCheck.version, ZoneCheck.checked_at).order_by(ZoneCheck.id.desc()).limit(1)
    ).first()
    if last is None or last.version != version:
        return True
    since = exists().where(
        is_coming(now), Offering.zone_data_version != version, Offering.updated_at > last.checked_at
    )
    return bool(db.scalar(select(since)))


def _lock(findings: tuple[Finding, ...]) -> None:
    """Journeys, learning sessions, offerings, each by id: the order of everybody who locks these."""
    for some in in_batches(sorted({one.journey_id for one in findings})):
        lock_all(some)
    for some in in_batches(sorted({one.learning_session_id for one in findings})):
        its = select(LearningSession.id).where(LearningSession.id.in_(some)).order_by(LearningSession.id)
        db.execute(its.with_for_update())
    for some in in_batches(sorted(one.offering_id for one in findings)):
        held = select(Offering.id).where(Offering.id.in_(some)).order_by(Offering.id)
        db.execute(held.with_for_update())


def _move_all(findings: Sequence[Finding], version: str, now: datetime) -> None:
    """The promises stay, their instants move: changes like any other, made by nobody on the site."""
    by_id = {one.offering_id: one for one in findings}
    journeys: dict[int, Journey] = {}
    for some in in_batches(sorted(by_id)):
        offerings = db.scalars(
            select(Offering)
            .where(Offering.id.in_(some))
            .options(
                joinedload(Offering.venue),
                joinedload(Offering.learning_session).joinedload(LearningSession.journey),
            )
            .execution_options(populate_existing=True)
        )
        moved = []
        for offering in offerings:
            moved.append((offering, _move(offering, by_id[offering.id], version, now)))
            journeys[offering.learning_session.journey_id] = offering.learning_session.journey
        db.flush()
        announce_all(moved, now)
    for journey_id in sorted(journeys):
        refresh_next_at(journeys[journey_id], now)


def _move(offering: Offering, finding: Finding, version: str, now: datetime) -> OfferingChange:
    before = stand_of(offering)
    offering.starts_at, offering.ends_at = finding.after.starts_at, finding.after.ends_at
    offering.fold, offering.zone_flag = finding.fold, finding.flag
    offering.zone_data_version = version
    rules = ChangeReason.ZONE_RULES
    return add_record(offering, before, ChangeKind.MOVED, now, reason=rules, flag=finding.flag)


def _flag(finding: Finding) -> None:
    """The instants stay: nothing is noted but what a person should look at, and which of two it was."""
    table = OFFERINGS
    values = {"zone_flag": finding.flag, "fold": finding.fold}
    db.execute(update(table).where(table.c.id == finding.offering_id).values(values))


def _move_absence(finding: AbsenceFinding) -> None:
    its = update(Absence).where(Absence.id == finding.absence_id)
    db.execute(its.values(starts_at=finding.after.starts_at, ends_at=finding.after.ends_at))

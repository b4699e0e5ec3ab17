"""Mexico abolished summer time on 30 October 2022; two editions of the zone data stand on either side.

What was planned for 10:00 in April 2023 under the old one was an hour too early under the new one.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.database import db
from app.learning_sessions.models import LearningSession, Offering
from app.scheduling.models import ChangeKind, ChangeReason, OfferingChange, ZoneCheck
from tests.scheduling.editions import AFTER, BEFORE, zone_data
from tests.scheduling.then import BETWEEN

ROOT = Path(__file__).parents[2]
MEXICO, LONDON, PAST = "Pagar por resultados", "Paying for results", "Lo que fue"
OLD, NEW = "2022e", "2022g"
AT_15, AT_16 = datetime(2023, 4, 12, 15, 0, tzinfo=UTC), datetime(2023, 4, 12, 16, 0, tzinfo=UTC)
CALENDAR = "/journeys/sesiones-de-otono/sessions/pagar-por-resultados/calendar.ics"

Site = Callable[..., list[str]]


@pytest.fixture
def site(real_database, tmp_path) -> Site:
    """Does things on the site, with an edition of the zone data, from a moment on; what each printed."""

    def do(edition: str, moment: str, *commands: str) -> list[str]:
        environment = os.environ | {
            "PYTHONTZPATH": str(zone_data(edition)),
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": real_database.url.render_as_string(hide_password=False),
            "SECRET_KEY": "a fixed key for the tests, of more than 32 characters",
            "MAIL_URL": f"folder:{tmp_path / 'mail'}",
        }
        command = [sys.executable, "-m", "tests.scheduling.then", moment, *commands]
        told = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=180
        )
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout.split(f"{BETWEEN}\n")[:-1]

    return do


def standing() -> dict[str, tuple[object, ...]]:
    """Title → what is stored of its sitting, as far as time goes."""
    db.rollback()
    rows = db.execute(
        select(
            LearningSession.title, Offering.starts_wall, Offering.timezone, Offering.starts_at,
            Offering.ends_at, Offering.zone_data_version, Offering.sequence, Offering.updated_at,
            Offering.version,
        ).join(LearningSession, LearningSession.id == Offering.learning_session_id)
    )  # fmt: skip
    return {title: tuple(facts) for title, *facts in rows}


def checks() -> list[tuple[str, int, int]]:
    db.rollback()
    return [
        (one.version, one.examined, one.moved) for one in db.scalars(select(ZoneCheck).order_by(ZoneCheck.id))
    ]


def the_change() -> OfferingChange:
    db.rollback()
    (change,) = db.scalars(select(OfferingChange)).all()
    return change


def test_ten_in_the_morning_stays_ten_in_the_morning(site: Site) -> None:
    _, nothing = site(BEFORE, "2022-11-20T12:00Z", "plan", "zones check")
    assert nothing == f"2 coming sittings read under zone data {OLD}: nothing changes.\n"
    planned = standing()
    assert planned[MEXICO][2:6] == (AT_15, datetime(2023, 4, 12, 16, 30, tzinfo=UTC), OLD, 0)

    listed, before = site(AFTER, "2022-12-05T12:00Z", "zones check", f"get {CALENDAR}")
    shown = listed.splitlines()
    assert shown[0].startswith(f"Sesiones de otoño / {MEXICO} (sitting ")
    assert shown[1:] == [
        "  promised  Wed 12 April 2023, 10:00, America/Mexico_City",
        "  before    2023-04-12 15:00Z, 09:00 there (CST, UTC−6)",
        "  after     2023-04-12 16:00Z, 10:00 there (CST, UTC−6), 1 hour later",
        f"2 coming sittings read under zone data {NEW}: 1 would be moved, 0 would be flagged.",
        "Nothing was written. `flask --app wsgi zones check --apply` moves and flags them.",
    ]
    assert standing() == planned
    assert ("SEQUENCE:0" in before, "DTSTART:20230412T150000Z" in before) == (True, True)

    site(AFTER, "2022-12-05T12:05Z", "zones check --apply")
    moved = standing()
    assert moved[MEXICO][:6] == (
        datetime(2023, 4, 12, 10, 0), "America/Mexico_City",
        AT_16, datetime(2023, 4, 12, 17, 30, tzinfo=UTC), NEW, 1,
    )  # fmt: skip
    assert [moved[title] for title in (LONDON, PAST)] == [planned[title] for title in (LONDON, PAST)]
    change = the_change()
    assert (change.kind, change.reason, change.sequence) == (ChangeKind.MOVED, ChangeReason.ZONE_RULES, 1)
    assert (change.before_starts_at, change.before_zone_data_version) == (AT_15, OLD)
    assert (change.after_starts_at, change.after_zone_data_version) == (AT_16, NEW)

    again, after = site(AFTER, "2022-12-05T12:10Z", "zones check --apply", f"get {CALENDAR}")
    assert again == f"2 coming sittings read under zone data {NEW}: nothing changes.\n"
    assert standing() == moved
    assert the_change().id == change.id
    assert ("SEQUENCE:1" in after, "DTSTART:20230412T160000Z" in after) == (True, True)


def test_a_restart_of_the_worker_with_the_new_edition_is_enough(site: Site) -> None:
    site(BEFORE, "2022-11-20T12:00Z", "plan", "worker --once")
    assert standing()[MEXICO][2] == AT_15
    site(AFTER, "2022-12-05T12:00Z", "worker --once")
    moved = standing()
    assert moved[MEXICO][2] == AT_16
    assert the_change().reason is ChangeReason.ZONE_RULES
    site(AFTER, "2022-12-05T13:00Z", "worker --once")
    assert standing() == moved
    assert the_change().sequence == 1
    assert checks() == [(OLD, 2, 0), (NEW, 2, 1)]

"""The zones check. What an older edition of the zone data derived is written by hand here; two real editions
meet in test_mexico.py.
"""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.database import db
from app.domain.timezones import Flag, zone_data_version
from app.facilitators.absences import Away, add_absence
from app.jobs import worker
from app.learning_sessions.models import Offering, OfferingStatus
from app.scheduling import zone_findings, zone_words, zones
from app.scheduling.models import ChangeKind, ChangeReason, OfferingChange, ZoneCheck
from app.scheduling.queries import is_old_edition, zone_data_status
from tests.factories import NOW, make_facilitator, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import browser_of, cast

HOUR = timedelta(hours=1)
LATER = NOW + timedelta(minutes=10)
OLD = "2022e"

pytestmark = pytest.mark.usefixtures("database")


def wall(*parts):
    return datetime(*parts)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def derived_otherwise(offering, by=-HOUR, **facts):
    """As if an older edition had given it other instants: `by` before or after those of today's rules."""
    values = {
        "starts_at": offering.starts_at + by,
        "ends_at": offering.ends_at + by,
        "zone_data_version": OLD,
    } | facts
    store(offering, **values)
    return offering


def store(offering, **values):
    db.execute(update(Offering.__table__).where(Offering.__table__.c.id == offering.id).values(values))
    db.refresh(offering)


def standing(offering):
    """Everything that is stored about a sitting."""
    table = Offering.__table__
    return dict(db.execute(select(table).where(table.c.id == offering.id)).one()._mapping)


def changes():
    return db.scalars(select(OfferingChange).order_by(OfferingChange.id)).all()


def checks():
    return db.scalars(select(ZoneCheck).order_by(ZoneCheck.id)).all()


def test_nothing_is_found_and_nothing_written_where_rules_are_the_same():
    offering = make_offering()
    before = standing(offering)
    found = zones.check(LATER)
    assert (found.version, found.examined, found.findings, found.absences) == (zone_data_version(), 1, (), ())
    zones.apply(LATER)
    assert standing(offering) == before
    assert changes() == []
    assert [(one.version, one.examined, one.moved, one.flagged) for one in checks()] == [
        (zone_data_version(), 1, 0, 0)
    ]


def test_checking_writes_nothing():
    offering = derived_otherwise(make_offering())
    before = standing(offering)
    (finding,) = zones.check(LATER).findings
    assert (finding.is_moved, finding.before.starts_at, finding.after.starts_at) == (
        True,
        utc(2027, 4, 22, 11),
        utc(2027, 4, 22, 12),
    )
    assert standing(offering) == before
    assert changes() == []
    assert checks() == []


def test_a_coming_sitting_moves_once_and_leaves_a_record():
    offering = derived_otherwise(make_offering())
    before = standing(offering)
    assert zones.apply(LATER).moved == 1
    db.expire_all()
    after = standing(offering)
    assert (after["starts_at"], after["ends_at"]) == (utc(2027, 4, 22, 12), utc(2027, 4, 22, 13, 30))
    assert {name for name in after if after[name] != before[name]} == {
        "starts_at", "ends_at", "zone_data_version", "sequence", "updated_at", "version",
    }  # fmt: skip
    assert after["sequence"] == before["sequence"] + 1
    (change,) = changes()
    assert (change.kind, change.reason, change.sequence) == (ChangeKind.MOVED, ChangeReason.ZONE_RULES, 1)
    assert (change.before_starts_at, change.after_starts_at) == (utc(2027, 4, 22, 11), utc(2027, 4, 22, 12))
    assert change.before_starts_wall == change.after_starts_wall == wall(2027, 4, 22, 13)
    assert (change.before_zone_data_version, change.after_zone_data_version) == (OLD, zone_data_version())
    assert (change.changed_by_id, change.note, change.flag) == (None, "", None)
    assert offering.learning_session.journey.next_at == utc(2027, 4, 22, 12)

    assert zones.apply(LATER + HOUR).says_nothing
    assert standing(offering) == after
    assert len(changes()) == 1
    assert [(one.moved, one.flagged) for one in checks()] == [(1, 0), (0, 0)]


def test_what_has_begun_or_is_over_is_left_alone():
    begun = derived_otherwise(make_offering(wall=wall(2027, 3, 1, 8, 30), timezone="UTC"), timedelta(0))
    over = make_offering(begun.learning_session, wall=wall(2027, 2, 1, 8, 30))
    for one in (begun, over):
        derived_otherwise(one, timedelta(minutes=5))
    before = [standing(begun), standing(over)]
    done = zones.apply(NOW)
    assert (done.examined, done.says_nothing) == (0, True)
    assert [standing(begun), standing(over)] == before


def test_a_cancelled_sitting_is_read_again_too_since_it_can_be_restored():
    offering = derived_otherwise(make_offering())
    store(offering, status=OfferingStatus.CANCELLED, cancelled_at=NOW)
    assert zones.apply(LATER).moved == 1
    db.refresh(offering)
    assert (offering.starts_at, offering.is_cancelled) == (utc(2027, 4, 22, 12), True)
    assert offering.learning_session.journey.next_at is None


def test_registration_windows_are_instants_and_stay():
    window = {"registration_opens_at": utc(2027, 4, 1), "registration_closes_at": utc(2027, 4, 22, 11)}
    offering = derived_otherwise(make_offering(), **window)
    zones.apply(LATER)
    after = standing(offering)
    assert {name: after[name] for name in window} == window


GAP = wall(2027, 3, 28, 1, 30)


def in_a_gap(by):
    """Promised for half past one in London; clocks skip that hour, which the older edition did not know."""
    offering = make_offering(wall=GAP + HOUR)
    return derived_otherwise(offering, by, starts_wall=GAP)


def test_a_promise_now_in_a_gap_takes_the_offset_before_it_and_is_flagged():
    offering = in_a_gap(-HOUR)  # 00:30Z, as if London had been at UTC+1 that night already
    zones.apply(LATER)
    db.refresh(offering)
    assert (offering.starts_at, offering.zone_flag) == (utc(2027, 3, 28, 1, 30), Flag.NOW_IN_GAP)
    assert offering.starts_wall == GAP
    (change,) = changes()
    assert change.flag is Flag.NOW_IN_GAP
    assert zones.check(LATER).says_nothing


def test_one_that_keeps_its_instant_in_a_gap_is_flagged_and_nothing_else():
    offering = in_a_gap(timedelta(0))  # 01:30Z, as if London had stayed at UTC
    before = standing(offering)
    done = zones.apply(LATER)
    assert (done.moved, done.flagged) == (0, 1)
    after = standing(offering)
    assert {name for name in after if after[name] != before[name]} == {"zone_flag"}
    assert after["zone_flag"] is Flag.NOW_IN_GAP
    assert changes() == []
    assert zones.check(LATER).says_nothing


TWICE = wall(2027, 10, 31, 1, 30)
FIRST, SECOND = utc(2027, 10, 31, 0, 30), utc(2027, 10, 31, 1, 30)


def twice_now(starts_at):
    offering = make_offering(wall=TWICE)
    store(offering, starts_at=starts_at, ends_at=starts_at + HOUR, length_minutes=60, zone_data_version=OLD)
    return offering


def test_a_promise_now_double_takes_the_fold_that_keeps_its_instant_and_is_flagged():
    offering = twice_now(SECOND)
    before = standing(offering)
    zones.apply(LATER)
    after = standing(offering)
    assert {name for name in after if after[name] != before[name]} == {"zone_flag", "fold"}
    assert (after["zone_flag"], after["fold"]) == (Flag.NOW_TWICE, 1)
    assert changes() == []
    assert zones.check(LATER).says_nothing


def test_a_promise_now_double_takes_the_first_where_neither_keeps_its_instant():
    offering = twice_now(FIRST - HOUR)
    zones.apply(LATER)
    db.refresh(offering)
    assert (offering.starts_at, offering.fold, offering.zone_flag) == (FIRST, 0, Flag.NOW_TWICE)
    assert len(changes()) == 1
    assert zones.check(LATER).says_nothing


def test_a_zone_that_is_gone_keeps_its_instant_and_is_flagged_until_it_is_back():
    offering = make_offering()
    store(offering, timezone="Europe/Atlantis")
    before = standing(offering)
    zones.apply(LATER)
    gone = standing(offering)
    assert {name for name in gone if gone[name] != before[name]} == {"zone_flag"}
    assert gone["zone_flag"] is Flag.ZONE_GONE
    assert zones.check(LATER).says_nothing
    store(offering, timezone="Europe/London")
    zones.apply(LATER)
    assert standing(offering)["zone_flag"] is None


def test_a_gap_that_is_no_more_takes_its_flag_along():
    offering = make_offering()
    store(offering, zone_flag=Flag.NOW_IN_GAP)
    before = standing(offering)
    zones.apply(LATER)
    after = standing(offering)
    assert {name for name in after if after[name] != before[name]} == {"zone_flag"}
    assert after["zone_flag"] is None
    assert changes() == []


def test_a_promise_in_a_zone_that_is_gone_is_still_read_everywhere(app):
    offering = make_offering()
    people = cast(offering)
    store(offering, timezone="Europe/Atlantis")
    zones.apply(NOW)
    here = "/journeys/financing-and-payment-models/"
    page, desk, number = f"{here}sessions/what-capitation-pays-for/", f"/organise{here}", offering.id
    pages = {
        None: ["/", here, page, f"{page}calendar.ics", "/facilitators/fran-moyo/"],
        people.pat: ["/me/", page, "/me/agenda?on=2027-04-20"],
        people.fran: ["/me/", f"/offerings/{number}/run-sheet"],
        people.ada: ["/organise/", desk, f"/organise{page}", f"/organise/offerings/{number}/cancel"],
    }
    for who, paths in pages.items():
        browser = browser_of(app, who)
        assert [path for path in paths if browser.get(path).status_code != 200] == []
    stranger, pat = (Page(browser_of(app, who).get(page)).text for who in (None, people.pat))
    assert "Thursday 22 April 2027 13:00–14:30 in Atlantis (UTC+1), the session’s own time" in stranger
    assert "12:00–13:30 in Accra (GMT, UTC), your time" in pat


def test_another_flag_stands_until_the_time_is_promised_anew():
    offering = make_offering()
    store(offering, zone_flag=Flag.NOW_TWICE)
    assert zones.apply(LATER).says_nothing
    assert standing(offering)["zone_flag"] is Flag.NOW_TWICE


def test_sittings_known_by_their_days_have_no_instant_to_move():
    offering = make_offering()
    days = {"starts_wall": None, "length_minutes": None, "starts_at": None, "ends_at": None}
    day = offering.starts_at.date()
    store(offering, **days, first_on=day, last_on=day, timezone="Europe/Atlantis")
    assert zones.apply(LATER).examined == 0


def test_absences_are_derived_anew_unless_they_are_over():
    fran = make_facilitator()
    coming = add_absence(fran, Away(utc(2027, 5, 3).date(), utc(2027, 5, 4).date(), "Europe/London"))
    running = add_absence(fran, Away(utc(2027, 2, 1).date(), utc(2027, 5, 4).date(), "Europe/London"))
    over = add_absence(fran, Away(utc(2027, 2, 1).date(), utc(2027, 2, 4).date(), "Europe/London"))
    lost = add_absence(fran, Away(utc(2027, 5, 3).date(), utc(2027, 5, 4).date(), "Europe/London"))
    for one in (coming, running, over, lost):
        one.starts_at, one.ends_at = one.starts_at - HOUR, one.ends_at - HOUR
    lost.timezone = "Europe/Atlantis"
    db.flush()
    before = [(one.starts_at, one.ends_at) for one in (coming, running, over, lost)]
    found = zones.check(NOW)
    assert [one.absence_id for one in found.absences] == [running.id, coming.id]
    zones.apply(NOW)
    for one in (coming, running, over, lost):
        db.refresh(one)
    assert (coming.starts_at, coming.ends_at) == (utc(2027, 5, 2, 23), utc(2027, 5, 4, 23))
    assert (running.starts_at, running.ends_at) == (before[1][0], utc(2027, 5, 4, 23))
    assert [(one.starts_at, one.ends_at) for one in (over, lost)] == before[2:]
    assert zones.check(NOW).says_nothing


def test_many_sittings_are_read_in_batches(monkeypatch, query_counter):
    learning_session = make_learning_session()
    offerings = [make_offering(learning_session, wall=wall(2027, 4, day, 13)) for day in range(1, 11)]
    derived_otherwise(offerings[3])
    derived_otherwise(offerings[8])
    monkeypatch.setattr(zone_findings, "BATCH", 4)
    looked_at = []
    with query_counter() as counted:
        found = zones.check(LATER, looked_at.append)
    assert [one.offering_id for one in found.findings] == [offerings[3].id, offerings[8].id]
    assert (found.examined, looked_at) == (10, [4, 4, 2])
    assert counted.count == 4 + 1 + 1  # batches and the empty last one, titles, absences
    assert zones.apply(LATER).moved == 2
    assert zones.check(LATER).says_nothing


def test_all_or_nothing(monkeypatch):
    first = derived_otherwise(make_offering())
    second = derived_otherwise(make_offering(make_learning_session(make_journey("Another journey"))))
    before = [standing(first), standing(second)]
    db.commit()
    record, done = zones.add_record, []

    def fails_at_the_second(*facts, **more):
        done.append(facts)
        if len(done) == 2:
            raise RuntimeError("the disk is full")
        return record(*facts, **more)

    monkeypatch.setattr(zones, "add_record", fails_at_the_second)
    with pytest.raises(RuntimeError):
        zones.apply(LATER)
    db.rollback()
    assert [standing(first), standing(second)] == before
    assert (changes(), checks()) == ([], [])


def test_a_check_is_due_when_the_version_is_another_than_last_time():
    offering = make_offering()
    assert zones.is_due(LATER)
    zones.apply(LATER)
    assert not zones.is_due(LATER)
    db.add(ZoneCheck(version=OLD, checked_at=LATER, examined=0, moved=0, flagged=0))
    db.flush()
    assert zones.is_due(LATER)  # somebody has gone back, and forth again
    zones.apply(LATER)
    assert not zones.is_due(LATER)
    store(offering, zone_data_version=OLD, updated_at=LATER + HOUR)
    assert zones.is_due(LATER + 2 * HOUR)  # dated since by a process with other rules


def test_the_worker_applies_it_once_for_each_version(monkeypatch):
    kind = "scheduling.zones_check"
    assert worker.periodic[kind] == HOUR
    monkeypatch.setattr(worker, "periodic", {kind: HOUR})
    offering = derived_otherwise(make_offering())
    db.commit()
    clock = [LATER]
    assert worker.run_until_idle(lambda: clock[0]) == 1
    db.refresh(offering)
    assert (offering.starts_at, offering.sequence) == (utc(2027, 4, 22, 12), 1)
    clock[0] += HOUR
    assert worker.run_until_idle(lambda: clock[0]) == 1
    assert [one.checked_at for one in checks()] == [LATER]


@pytest.fixture
def zones_command(app, time_machine):
    time_machine.move_to(LATER, tick=False)
    db.commit()
    return lambda *words: app.test_cli_runner().invoke(args=["zones", "check", *words])


def test_the_command_lists_what_differs_and_writes_nothing(zones_command):
    offering = derived_otherwise(make_offering())
    db.commit()
    shown = zones_command()
    assert shown.exit_code == 0
    assert shown.output.splitlines() == [
        f"Financing and Payment Models / What capitation pays for (sitting {offering.id})",
        "  promised  Thu 22 April 2027, 13:00, Europe/London",
        "  before    2027-04-22 11:00Z, 12:00 there (BST, UTC+1)",
        "  after     2027-04-22 12:00Z, 13:00 there (BST, UTC+1), 1 hour later",
        f"1 coming sitting read under zone data {zone_data_version()}: 1 would be moved, 0 would be flagged.",
        "Nothing was written. `flask --app wsgi zones check --apply` moves and flags them.",
    ]
    assert standing(offering)["sequence"] == 0
    assert zones_command("--exit-code").exit_code == 3


def test_the_command_applies_and_then_has_nothing_to_say(zones_command):
    derived_otherwise(make_offering())
    db.commit()
    version = zone_data_version()
    applied = zones_command("--apply")
    assert applied.exit_code == 0
    assert (
        applied.output.splitlines()[-1]
        == f"1 coming sitting read under zone data {version}: 1 moved, 0 flagged."
    )
    again = zones_command("--exit-code")
    assert (again.exit_code, again.output) == (
        0,
        f"1 coming sitting read under zone data {version}: nothing changes.\n",
    )


def test_the_command_says_what_to_look_at(zones_command):
    in_a_gap(timedelta(0))
    store(make_offering(make_learning_session(make_journey("Second"))), timezone="Europe/Atlantis")
    db.commit()
    shown = zones_command()
    assert (
        "  look      Under new rules clocks in London skip 01:30 on Sun 28 March 2027. The sitting begins as "
        "long after the change as was promised; choose a time that exists." in shown.output
    )
    assert "  look      The zone data no longer knows “Europe/Atlantis”." in shown.output
    assert "2 coming sittings read" in shown.output
    assert "0 would be moved, 2 would be flagged." in shown.output


def test_the_command_explains_itself(zones_command):
    told = zones_command("--help")
    assert told.exit_code == 0
    assert "Exit status:" in told.output
    assert zones_command("--aply").exit_code == 2


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (utc(2027, 1, 1, 12), utc(2027, 1, 1, 11), "1 hour earlier"),
        (utc(2027, 1, 1, 12), utc(2027, 1, 1, 12, 30), "30 minutes later"),
        (utc(2027, 1, 1, 12), utc(2027, 1, 1, 14, 15), "2 hours 15 minutes later"),
        (utc(2027, 1, 1, 12), utc(2027, 1, 2, 12), "24 hours later"),
    ],
)
def test_words_for_a_move(before, after, words):
    assert zone_words.moved_by(before, after) == words


def test_the_desk_knows_the_edition_and_what_to_look_at():
    offering = make_offering()
    assert zone_data_status(NOW).used_since is None
    zones.apply(NOW)
    store(offering, zone_flag=Flag.NOW_TWICE)
    zones.apply(LATER)
    status = zone_data_status(LATER)
    assert (status.version, status.used_since, status.checked_at) == (zone_data_version(), NOW, LATER)
    assert status.flagged == 1
    assert zone_data_status(utc(2027, 5, 1)).flagged == 0


@pytest.mark.parametrize(
    ("version", "is_old"),
    [("2027a", False), ("2026f", False), ("2025c", True), ("unknown", False), ("", False)],
)
def test_an_edition_of_the_year_before_last_is_old(version, is_old):
    assert is_old_edition(version, NOW) is is_old

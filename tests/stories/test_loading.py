"""Loading everything, once; moving the dates on; and whom nobody can write to."""

import stat
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts import passwords
from app.accounts.models import User
from app.accounts.queries import by_email
from app.database import Base, db
from app.facilitators.models import Facilitator
from app.journeys.matter import Contact
from app.journeys.models import Journey
from app.journeys.operations import rename
from app.learning_sessions.models import Offering
from app.messages.models import OutboxMessage
from app.participants.models import Participant
from app.scheduling.models import ChangeKind, OfferingChange
from app.scheduling.operations import cancel
from seeds import load, people, sign_ins
from seeds.cli import seed
from tests.factories import NOW
from tests.stories.reading import journey, sessions_of

RESERVED = ("@example.org", "@example.net")
IN_SIX_WEEKS = NOW + timedelta(weeks=6, days=3)


@pytest.fixture
def command(app, database, tmp_path, monkeypatch):
    """Run `flask seed` with these words, its files in a folder of the test's own."""
    monkeypatch.setenv("MERIDIAN_INSTANCE", str(tmp_path))
    return lambda *words: app.test_cli_runner().invoke(seed, words)


def row_counts():
    return {
        table.name: db.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }


def test_loading_twice_changes_nothing(everything):
    assert load.is_loaded()
    before = row_counts()

    load.load_all(IN_SIX_WEEKS)

    assert row_counts() == before


def test_a_renamed_journey_is_not_loaded_again(everything):
    rename(journey("communities-of-solution"), "A day in Oakland", NOW)

    assert not load.load_story(load.STORIES["communities-of-solution"], NOW)

    assert db.scalar(select(func.count(Journey.id))) == 8


def test_five_programmes_and_three_open_journeys(everything):
    by_status = db.execute(select(Journey.slug, Journey.status).order_by(Journey.slug)).all()

    assert [(slug, status.value) for slug, status in by_status] == [
        ("communities-of-solution", "closed"),
        ("costing-primary-care", "open"),
        ("cracking-the-nut-health-2016", "closed"),
        ("financing-and-payment", "open"),
        ("governance-of-health-care-quality", "closed"),
        ("health-systems-strengthening", "closed"),
        ("joint-learning-network", "closed"),
        ("mixed-health-systems", "open"),
    ]


def test_every_journey_with_invented_sessions_says_so(everything):
    planned = {one.journey for story in load.STORIES.values() for one in story.planned}

    for one in db.scalars(select(Journey)):
        assert bool(one.demonstration_note) is (one.slug in planned), one.slug


def test_nobody_real_can_be_written_to(everything):
    addresses = [
        *db.scalars(select(User.email)),
        *db.scalars(select(OutboxMessage.to_address)),
        *db.scalars(select(Contact.email).where(Contact.email != "")),
    ]

    assert addresses
    assert [address for address in addresses if not address.endswith(RESERVED)] == []
    links = db.scalars(select(Offering.join_url).where(Offering.join_url != "")).all()
    assert {link.split("/")[2] for link in links} == {"meet.example.org"}


def test_the_invented_people_come_from_many_countries_and_keep_their_weekends(everything):
    everybody = db.scalars(select(Participant)).all()
    by_name = {one.name: one for one in everybody}

    assert len(everybody) == len(people.MORE) + len(people.SIGN_INS) + 1  # named into a group by address
    assert len({one.country for one in everybody}) >= 20
    assert (by_name["Tahmina Sarker"].timezone, by_name["Tahmina Sarker"].days_off) == (
        "Asia/Dhaka",
        "fri sat",
    )
    assert [by_name[name].timezone for name in ("Efua Mensah", "Juan Camilo Ríos", "Maria Luz Santos")] == [
        "Africa/Accra",
        "America/Bogota",
        "Asia/Manila",
    ]
    assert "陳美玲 Tan Mei Ling" in by_name


def test_the_facilitator_in_nairobi_has_account_and_page(everything):
    wanjiru = db.scalars(select(Facilitator).where(Facilitator.slug == "wanjiru-kamau")).one()
    account = by_email("wanjiru@example.org")

    assert account is not None
    assert (wanjiru.user_id, wanjiru.timezone) == (account.id, "Africa/Nairobi")
    assert all(one.is_demonstration for one in db.scalars(select(Facilitator)))
    assert [user.name for user in db.scalars(select(User).where(User.is_administrator))] == ["Robin Castle"]


def test_moving_on_keeps_wall_times_and_tells_calendars(everything):
    planned = [one for story in load.STORIES.values() for one in story.planned]
    before = {one.uid: one for one in _facts()}
    real = [one for one in _facts() if one.starts_at and one.starts_at.year < 2022]

    moved = load.redate(IN_SIX_WEEKS)

    assert moved == len(planned)
    after = {one.uid: one for one in _facts()}
    assert after.keys() == before.keys()
    for uid, now_at in after.items():
        then = before[uid]
        if then in real or then.starts_wall is None:
            assert now_at == then
        else:
            assert (now_at.starts_wall - then.starts_wall, now_at.timezone) == (
                timedelta(weeks=6),
                then.timezone,
            )
            assert now_at.sequence == then.sequence + 1
    assert journey("financing-and-payment").next_at > IN_SIX_WEEKS
    changes = db.scalars(select(OfferingChange)).all()
    assert len(changes) == moved
    assert {(one.kind, one.sequence, one.note) for one in changes} == {(ChangeKind.MOVED, 1, load.MOVED_ON)}


def test_moving_on_in_the_same_week_changes_nothing(everything):
    before = _facts()

    assert load.redate(NOW + timedelta(days=2)) == 0
    assert _facts() == before


def test_moving_on_leaves_cancelled_sittings_and_renamed_sessions_alone(everything):
    sessions = {one.slug: one for one in sessions_of(journey("financing-and-payment"))}
    cancel(sessions["capitation"].offerings[0], "Ill", NOW)
    sessions["paying-teams"].slug = "teams"
    db.flush()

    moved = load.redate(IN_SIX_WEEKS, [load.STORIES["jln"]])

    assert moved == 13 - 2


def _facts():
    columns = (Offering.uid, Offering.starts_wall, Offering.timezone, Offering.starts_at, Offering.sequence)
    return db.execute(select(*columns).order_by(Offering.id)).all()


def test_the_command_loads_once_and_keeps_the_passwords(command, tmp_path):
    first = command()
    assert first.exit_code == 0, first.output
    file = tmp_path / "demonstration-sign-ins.txt"
    lines = file.read_text().splitlines()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [line.partition(": ")[0] for line in lines] == [sign_in.who for sign_in in people.SIGN_INS]
    assert all(f"  {line}" in first.output for line in lines)
    who, _, rest = lines[0].partition(": ")
    email, password = rest.split("  ")
    assert (who, email) == ("adviser in Accra", "efua@example.org")
    assert passwords.agrees(by_email(email).password_hash, password)

    again = command()
    assert "there already" in again.output
    assert file.read_text().splitlines() == lines
    assert command("--once").output == ""


def test_the_command_loads_one_story(command):
    done = command("k4d")

    assert "1 of 1  K4D Learning Journey on Health Systems Strengthening" in done.output
    assert db.scalars(select(Journey.slug)).all() == ["health-systems-strengthening"]


def test_passwords_of_the_file_serve_a_fresh_database(tmp_path, monkeypatch):
    monkeypatch.setenv("MERIDIAN_INSTANCE", str(tmp_path))

    made = sign_ins.make()

    assert sign_ins.make() == sign_ins.read() == made
    assert len(set(made.values())) == 7


def test_the_command_refuses_a_site_that_others_can_reach(app, command, monkeypatch):
    settings = app.config["SETTINGS"]
    open_site = type(settings)(secret_key=settings.secret_key, site_url="https://learn.example.org")
    monkeypatch.setitem(app.config, "SETTINGS", open_site)

    refused = command("cracking-the-nut")
    assert refused.exit_code == 1
    assert "say --demonstration" in refused.output
    assert db.scalar(select(func.count(Journey.id))) == 0

    assert command("cracking-the-nut", "--demonstration").exit_code == 0


def test_the_command_knows_its_stories_only(command):
    refused = command("nonsense")

    assert refused.exit_code == 2
    assert "nonsense" in refused.output


def test_the_command_moves_dates_on(command):
    command("mixed-health-systems")

    assert command("--redate").output == "0 sittings moved on.\n"

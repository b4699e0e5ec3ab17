"""What docs/operations.md says about backup, restore and moving to PostgreSQL, done."""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from app import transfer
from app.database import Base, bind, db, make_engine, writing
from app.jobs import operations as jobs
from app.journeys.models import Journey, JourneyKind
from app.messages import operations as messages
from app.messages.models import OutboxMessage

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


pytestmark = pytest.mark.engine("sqlite")  # PostgreSQL has its own tools for backups


def write_a_message(name: str) -> None:
    with writing():
        messages.queue("welcome", "phuong@example.org", name, {"day": "Thứ Hai"}, NOON)


def names_in(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [name for (name,) in connection.execute("select to_name from outbox_messages order by id")]
    finally:
        connection.close()


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_backup_while_others_write_and_restore(real_database: Engine, tmp_path: Path):
    write_a_message("Đặng Thị Phượng")
    db.remove()
    with real_database.connect().execution_options(writes=True) as writer:
        writer.execute(update(OutboxMessage).values(to_name="not committed"))
        transfer.backup(url_of(real_database), tmp_path / "backup.db")
        writer.rollback()
    assert (tmp_path / "backup.db").stat().st_mode & 0o777 == 0o600
    write_a_message("written after the backup")
    db.remove()
    real_database.dispose()

    place = Path(url_of(real_database).removeprefix("sqlite:///"))
    for leftover in (f"{place}-wal", f"{place}-shm"):
        Path(leftover).unlink(missing_ok=True)
    shutil.copyfile(tmp_path / "backup.db", place)
    assert names_in(place) == ["Đặng Thị Phượng"]
    write_a_message("life goes on")
    assert names_in(place) == ["Đặng Thị Phượng", "life goes on"]


def test_backup_refuses_to_overwrite_and_to_invent(real_database: Engine, tmp_path: Path):
    kept = tmp_path / "backup.db"
    kept.write_text("precious")
    with pytest.raises(transfer.TransferRefused, match="never overwritten"):
        transfer.backup(url_of(real_database), kept)
    assert kept.read_text() == "precious"
    with pytest.raises(transfer.TransferRefused, match="no folder"):
        transfer.backup(url_of(real_database), tmp_path / "nowhere" / "backup.db")
    with pytest.raises(transfer.TransferRefused, match="no database at"):
        transfer.backup(f"sqlite:///{tmp_path}/missing.db", tmp_path / "copy.db")
    with pytest.raises(transfer.TransferRefused, match="pg_dump"):
        transfer.backup("postgresql+psycopg://somewhere/meridian", tmp_path / "copy.db")


def test_the_backup_command(app, real_database: Engine, tmp_path: Path):
    runner = app.test_cli_runner()
    made = runner.invoke(args=["db", "backup", str(tmp_path / "copy.db")])
    assert (made.exit_code, made.output) == (0, f"Written to {tmp_path / 'copy.db'} and checked.\n")
    again = runner.invoke(args=["db", "backup", str(tmp_path / "copy.db")])
    assert again.exit_code == 1
    assert again.output == f"Error: {tmp_path / 'copy.db'} exists already; backups are never overwritten.\n"


def test_moving_to_postgres_copies_every_row_and_goes_on_counting(real_database: Engine, postgres):
    for number in range(3):
        write_a_message(f"Person {number}")
    db.remove()
    target = postgres.create("moved_here")
    heard: list[str] = []
    assert transfer.copy(url_of(real_database), target, heard.append) == 3
    assert heard == ["outbox_messages: 3"]
    moved = make_engine(target)
    with real_database.connect() as old, moved.connect() as new:
        for table in Base.metadata.sorted_tables:
            in_order = select(table).order_by(*table.primary_key.columns)
            assert new.execute(in_order).all() == old.execute(in_order).all(), table.name
    bind(moved)
    with writing():
        assert jobs.add("greet", {}, NOON)
    assert db.scalar(select(func.count()).select_from(Base.metadata.tables["jobs"])) == 1
    db.remove()
    moved.dispose()
    with pytest.raises(transfer.TransferRefused, match="not empty"):
        transfer.copy(url_of(real_database), target, heard.append)


def test_moving_keeps_rows_that_refer_to_later_rows_of_their_table(real_database: Engine, postgres):
    facts = {"kind": JourneyKind.NETWORK, "timezone": "Europe/London", "created_at": NOON, "updated_at": NOON}
    with writing():
        first = Journey(id=1, slug="first", title="First", **facts)
        db.add_all([first, Journey(id=2, slug="second", title="Second", **facts)])
        db.flush()
        first.parent_id = 2
    db.remove()
    target = postgres.create("moved_there")
    transfer.copy(url_of(real_database), target, lambda _line: None)
    moved = make_engine(target)
    with moved.connect() as connection:
        pairs = connection.execute(select(Journey.id, Journey.parent_id).order_by(Journey.id)).all()
    moved.dispose()
    assert [tuple(pair) for pair in pairs] == [(1, 2), (2, None)]

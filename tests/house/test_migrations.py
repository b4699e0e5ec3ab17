from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from app import schema
from app.database import Base


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_migrations_go_up_agree_with_the_models_and_go_down(databases):
    url = databases.empty()
    heard = []
    schema.upgrade(url, tell=heard.append)
    assert heard
    assert set(Base.metadata.tables) <= tables(url)
    schema.check(url)
    schema.downgrade(url, "base")
    assert tables(url) <= {"alembic_version"}
    schema.upgrade(url)
    schema.check(url)


def test_every_single_step_goes_down_and_up_again(databases):
    url = databases.migrated()
    count = len(list((schema.ROOT / "migrations" / "versions").glob("*.py")))
    for _ in range(count):
        schema.downgrade(url, "-1")
    for _ in range(count):
        schema.upgrade(url, "+1")
    schema.check(url)


def test_migrations_stand_alone():
    """They are history: what they need must not change with the code."""
    files = list((schema.ROOT / "migrations" / "versions").glob("*.py"))
    assert files
    for path in files:
        assert not [
            line for line in path.read_text().splitlines() if "import app" in line or "from app" in line
        ]


@pytest.mark.parametrize("args", [["db", "check"], ["db", "current"], ["check"]])
def test_commands_say_that_all_is_well(app, database, args):
    result = app.test_cli_runner().invoke(args=args)
    assert (result.exit_code, result.exception) == (0, None), result.output


def test_check_names_a_database_that_is_behind(app, databases, monkeypatch):
    runner = app.test_cli_runner()
    url = databases.empty()
    monkeypatch.setattr("app.database_cli.current_url", lambda: url)
    behind = runner.invoke(args=["db", "check"])
    assert behind.exit_code == 1
    assert behind.output.startswith("Error: Target database is not up to date")
    assert len(behind.output.splitlines()) == 1
    assert runner.invoke(args=["db", "upgrade"]).output.endswith("The database is at the newest version.\n")
    assert runner.invoke(args=["db", "check"]).exit_code == 0
    assert runner.invoke(args=["db", "downgrade", "base"]).exit_code == 0
    unknown = runner.invoke(args=["db", "downgrade", "nowhere"])
    assert unknown.exit_code == 1
    assert len(unknown.output.splitlines()) == 1


def test_models_are_all_found(tmp_path: Path):
    """env.py imports every slice's models.py; a model outside one would have no table."""
    folders = {path.parent.name for path in (schema.ROOT / "app").glob("*/models.py")}
    homes = {mapper.class_.__module__.split(".")[1] for mapper in Base.registry.mappers}
    assert homes <= folders

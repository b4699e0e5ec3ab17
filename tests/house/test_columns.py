import importlib
from pathlib import Path

import pytest
import sqlalchemy as sa

import app
from app.database import Base, UtcDateTime, WallDateTime

for models in sorted(Path(app.__file__).parent.glob("*/models.py")):
    importlib.import_module(f"app.{models.parent.name}.models")

COLUMNS = [column for table in Base.metadata.sorted_tables for column in table.columns]


def test_there_are_columns():
    assert len(COLUMNS) > 20


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_times_are_instants_or_wall_clock_times_and_named_so(column: sa.Column):
    if isinstance(column.type, UtcDateTime):
        assert column.name.endswith("_at")
    elif isinstance(column.type, WallDateTime):
        assert column.name.endswith("_wall")
    elif isinstance(column.type, sa.Date):
        assert column.name.endswith("_on")
    else:
        assert not isinstance(column.type, sa.DateTime | sa.TIMESTAMP), f"{column} is a bare date-time"
        assert not column.name.endswith(("_at", "_wall"))


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=str)
def test_constraints_have_names(table: sa.Table):
    unnamed = [
        constraint
        for constraint in table.constraints
        if not constraint.name and not isinstance(constraint, sa.PrimaryKeyConstraint)
    ]
    assert unnamed == []


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=str)
def test_foreign_keys_say_what_a_deletion_does(table: sa.Table):
    assert [str(key.parent) for key in table.foreign_keys if key.ondelete is None] == []

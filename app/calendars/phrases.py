"""Phrases of SQL: what the two engines say differently, and our own words."""

from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, String, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


def word(text: str) -> ColumnElement[str]:
    """One of our own words, written into the statement: SQLite compiles it anew for each value of a bound one
    that an index of some rows could depend on.
    """
    return literal_column(f"'{text}'", String())


def joined_text(*parts: Any) -> ColumnElement[str]:
    """The parts as one text."""
    return reduce(lambda first, second: first.op("||", return_type=String())(second), parts)


class latest(FunctionElement[str]):  # noqa: N801  # an SQL function
    """The latest of two or more instants, none of them missing, as `2027-01-05 08:00:00`, in UTC."""

    type = String()
    inherit_cache = True


@compiles(latest, "sqlite")
def _latest_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"substr(max({compiler.process(element.clauses, **kw)}), 1, 19)"


@compiles(latest)
def _latest(element: Any, compiler: Any, **kw: Any) -> str:
    instants = compiler.process(element.clauses, **kw)
    return f"to_char(greatest({instants}) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"


class all_of(FunctionElement[str]):  # noqa: N801  # an SQL function
    """The texts of all rows as one; `aggregate_strings` would have its statement compiled at every use."""

    type = String()
    inherit_cache = True


@compiles(all_of, "sqlite")
def _all_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **kw)})"


@compiles(all_of)
def _all(element: Any, compiler: Any, **kw: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **kw)}, ',')"

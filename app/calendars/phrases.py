"""Phrases of SQL: what the two engines say differently, and our own words."""

from collections.abc import Callable
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


class all_of(FunctionElement[str]):  # noqa: N801  # an SQL function
    """The texts of all rows as one; `aggregate_strings` would have its statement compiled at every use."""

    type = String()
    inherit_cache = True


def _say(phrase: type[FunctionElement[str]], on_sqlite: str, elsewhere: str) -> None:
    """How the engines say a phrase; `{}` stands for what it is said of."""

    def said(pattern: str) -> Callable[..., str]:
        return lambda element, compiler, **kw: pattern.format(compiler.process(element.clauses, **kw))

    compiles(phrase, "sqlite")(said(on_sqlite))
    compiles(phrase)(said(elsewhere))


_say(
    latest,
    "substr(max({}), 1, 19)",
    "to_char(greatest({}) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')",
)
_say(all_of, "group_concat({})", "string_agg({}, ',')")

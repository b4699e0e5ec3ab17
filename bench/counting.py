"""Counts the statements a request sends to its database and says so in a header; around both applications."""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Engine, event

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
BOUNDARIES = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
STATEMENTS, WORKER = "X-Statements", "X-Worker"


def counting(wsgi: Wsgi, engine: Engine) -> Wsgi:
    """`wsgi`, with the number of statements and the process in headers of every answer."""
    here = threading.local()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(BOUNDARIES):
            here.count = getattr(here, "count", 0) + 1

    event.listen(engine, "before_cursor_execute", note)

    def counted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        here.count = 0

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told = [(STATEMENTS, str(here.count)), (WORKER, str(os.getpid()))]
            return start_response(status, [*headers, *told], *rest)

        return wsgi(environ, start)

    return counted

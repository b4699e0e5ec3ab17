"""What stands for a reader in the tests: a client that behaves like a browser, and an eye on its queries."""

import re
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from app.database import db

SEEN = re.compile(r'name="seen"[^>]*?value="([^"]+)"')
CSRF = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')


class Client(FlaskClient):
    """A reader's browser. What the test prepared is committed before each request."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """As Flask's, at the site's own address, with an empty `db` as in a new request."""
        db.commit()
        db.remove()
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", self.application.config["SITE_URL"])
        return super().open(*args, **kwargs)

    def submit(
        self, path: str, fields: Mapping[str, Any] | None = None, page: str | None = None, **kwargs: Any
    ) -> TestResponse:
        """Send a form of `page` (the same path unless said) with the token found on it."""
        shown = self.get(page or path)
        found = CSRF.search(shown.text)
        assert found is not None, f"no form on {page or path} (status {shown.status_code})"
        seen = SEEN.search(shown.text)  # which version of the thing the form was opened on
        hidden = {"csrf_token": found.group(1)} | ({"seen": seen.group(1)} if seen else {})
        return self.post(path, data={**hidden, **(fields or {})}, **kwargs)


class QueryCounter:
    """Counts the statements that reach the database within a `with` block."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.statements: list[str] = []

    @property
    def count(self) -> int:
        return len(self.statements)

    def __enter__(self) -> "QueryCounter":
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "PRAGMA")):
            self.statements.append(statement)

"""A whole application on a database of its own, with a few views beside the real ones that do what no real
view may: write in a GET, forget the token, break.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, exists, func, select

from app import create_app
from app.accounts.models import Attempt
from app.config import Settings
from app.database import Base, bind, db, writing
from app.domain.errors import AlreadyTaken, DomainError, NotFound, NotOpen, Stale
from app.domain.permissions import Permission
from app.web.access import requires
from app.web.errors import Moved
from app.web.forms import ActionForm
from tests.conftest import COMPILED, Databases
from tests.factories import NOW
from tests.reader import CSRF, Client

REFUSALS = {
    "refused": DomainError("A rule said no."),
    "not-open": NotOpen("It is closed."),
    "not-found": NotFound("It has gone."),
    "stale": Stale("Somebody was quicker."),
    "taken": AlreadyTaken("There is one."),
}


@pytest.fixture(scope="session")
def assembled(databases: Databases, settings: Settings) -> Iterator[Flask]:
    """The application with those views, made once per engine; `site` gives it to a test."""
    previous = db.session_factory.kw.get("bind")
    made = create_app(replace(settings, database_url=databases.migrated()))
    made.testing = True
    made.test_client_class = Client
    made.jinja_env.bytecode_cache = COMPILED
    for name, view, methods in VIEWS:
        made.add_url_rule(f"/try/{name}", f"try_{name}", requires(Permission.PUBLIC)(view), methods=methods)
    made.add_url_rule(
        "/try/moved", "try_moved", requires(Permission.PUBLIC, of=_moved)(_checked), methods=["GET", "POST"]
    )
    db.configure(bind=previous)
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def site(assembled: Flask) -> Iterator[Flask]:
    """The application; what its requests commit is really committed, and is gone after the test."""
    previous = db.session_factory.kw.get("bind")
    engine = assembled.extensions["engine"]
    bind(engine)
    yield assembled
    db.remove()
    with writing():
        db.execute(delete(Attempt))
    left = {table.name for table in Base.metadata.sorted_tables if db.scalar(select(exists(select(table))))}
    db.remove()
    db.configure(bind=previous)
    assert left == set()


@pytest.fixture
def browser(site: Flask) -> Client:
    made = site.test_client()
    assert isinstance(made, Client)
    return made


def token(browser: Client) -> str:
    """A form token of this browser's visit."""
    found = CSRF.search(browser.get("/sign-in").text)
    assert found is not None
    return found.group(1)


def written() -> int:
    """How many rows the views of this file have left behind."""
    db.rollback()
    count = db.scalar(select(func.count(Attempt.id)).where(Attempt.kind == "try"))
    db.rollback()
    return count or 0


def _write() -> None:
    db.add(Attempt(kind="try", subject="x", attempted_at=NOW))
    db.flush()


def _write_and_say(words: str = "written") -> ResponseReturnValue:
    _write()
    return words


def _checked(status: int = 200) -> ResponseReturnValue:
    ActionForm().validate_on_submit()
    _write()
    return "done", status


def _break() -> ResponseReturnValue:
    ActionForm().validate_on_submit()
    _write()
    raise ZeroDivisionError("the secret of the house")


def _refuse(name: str) -> ResponseReturnValue:
    ActionForm().validate_on_submit()
    _write()
    raise REFUSALS[name]


def _collide() -> ResponseReturnValue:
    ActionForm().validate_on_submit()
    for _ in range(2):
        db.add(Attempt(id=77, kind="try", subject="x", attempted_at=NOW))
        db.flush()
        db.expunge_all()
    return "never"


def _moved() -> None:
    raise Moved("/try/here")


def _number(number: int) -> ResponseReturnValue:
    return str(number)


VIEWS: list[tuple[str, Callable[..., ResponseReturnValue], list[str]]] = [
    ("get-that-writes", _write_and_say, ["GET"]),
    ("forgot-the-token", _write_and_say, ["POST", "PUT", "DELETE"]),
    ("form", _checked, ["POST"]),
    ("form/<int:status>", _checked, ["POST"]),
    ("break", _break, ["GET", "POST"]),
    ("refuse/<name>", _refuse, ["POST"]),
    ("collide", _collide, ["POST"]),
    ("here", _checked, ["GET", "POST"]),
    ("number/<int:number>", _number, ["GET"]),
]

"""One transaction per request, ended here: an unsafe method that succeeds commits, all else rolls back.

It ends right after the view, inside Flask's dispatch: a commit that fails meets the same error handlers as
any other failure.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, request

from app.database import begin_writing, db
from app.web import csrf
from app.web.methods import SAFE_METHODS

T = TypeVar("T")


def init_app(app: Flask) -> None:
    """End every request's transaction."""
    app.teardown_request(_forget)


def in_its_own(work: Callable[[], T]) -> T:
    """Do work whose result must survive a refusal, in a new transaction after giving up the current one.

    What was loaded before is detached; load again what is still needed.
    """
    db.rollback()
    begin_writing()
    result = work()
    db.commit()
    return result


def end_transaction(response: Response) -> None:
    """Commit what a view did, if it may write and succeeded; else give it up."""
    if request.method not in SAFE_METHODS and response.status_code < 400:
        csrf.insist()
        db.commit()
    else:
        db.rollback()


def _forget(_error: BaseException | None) -> None:
    db.remove()

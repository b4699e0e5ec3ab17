"""Errors become pages in one place: what happened, to which thing, what to do next."""

import logging
import secrets

from flask import Flask, Response, make_response, redirect, render_template, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map, RequestRedirect

from app.database import Busy, db
from app.domain.errors import AlreadyTaken, DomainError, NotFound, NotOpen, Stale
from app.web.methods import SAFE_METHODS

log = logging.getLogger("meridian")

PASSING = frozenset({"40001", "40P01", "55P03", "57P01"})
"""PostgreSQL's codes for a lost race, a deadlock, a lock not had in time and a restart."""

PAGES = frozenset({403, 404, 405, 409, 413, 422, 429, 500, 503})


class Moved(Exception):
    """The thing asked for has a new address."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url


class SafeInteger(IntegerConverter):
    """A whole number in an address that a database column can hold; anything else is 404."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**31 - 1)


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.url_map.converters["int"] = SafeInteger
    app.before_request(_refuse_unkeepable)
    app.register_error_handler(Moved, _moved)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IntegrityError, _collision)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(PoolTimeout, _busy)
    app.register_error_handler(OperationalError, _operational)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, sentence: str = "", reference: str = "", is_rule: bool = False) -> Response:
    """The error page of a status. `sentence` says what is known about this case; `is_rule`: it is all there
    is to say, because a rule refused and not a right was missing."""
    name = status if status in PAGES else (404 if status < 500 else 500)
    html = render_template(
        f"errors/{name}.html", sentence=sentence, reference=reference, status=status, is_rule=is_rule
    )
    return make_response(html, status)


def give_up() -> None:
    """Roll back, and take back what was to be said of a success that did not come about."""
    db.rollback()
    cookie.pop("_flashes", None)


def _refuse_unkeepable() -> Response | None:
    """NUL and lone surrogates never reach a query: neither engine can keep them. Bytes that are no text (no
    page of ours leads to them) cannot even be read.
    """
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        return page(404)
    texts = [request.path, *request.args, *(v for values in request.args.listvalues() for v in values)]
    if any("\x00" in text or any("\ud800" <= c <= "\udfff" for c in text) for text in texts):
        return page(404)
    return None


def _moved(error: Moved) -> ResponseReturnValue:
    """To the new address with the same question; a form sent from a page opened before is sent on (308)."""
    query = request.query_string.decode("latin-1")
    url = f"{error.url}?{query}" if query else error.url
    return redirect(url, 301 if request.method in SAFE_METHODS else 308)


def _refused(error: DomainError) -> Response:
    give_up()
    statuses = {NotFound: 404, NotOpen: 403, Stale: 409, AlreadyTaken: 409}
    return page(statuses.get(type(error), 422), str(error), is_rule=True)


def _stale(_error: StaleDataError) -> Response:
    give_up()
    return page(409, "Somebody changed this while you had it open. Nothing of yours was saved.")


def _collision(error: IntegrityError) -> Response:
    give_up()
    log.warning("integrity: %s", error.orig)
    return page(409, "Something else was saved at the same moment that does not go together with this.")


def _busy(_error: Exception) -> Response:
    give_up()
    response = page(503)
    response.headers["Retry-After"] = "5"
    return response


def _operational(error: OperationalError) -> ResponseReturnValue:
    """Waiting too long and losing a race for locks pass; anything else is a fault."""
    state = getattr(error.orig, "sqlstate", None) or ""
    passes = "locked" in str(error.orig) or state in PASSING or state.startswith("08")
    return _busy(error) if passes else _unexpected(error)


def _http(error: HTTPException) -> ResponseReturnValue:
    if isinstance(error, RequestRedirect) or error.code is None or error.code < 400:
        return error.get_response()
    response = page(error.code)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    give_up()
    reference = secrets.token_hex(4)
    log.error(
        "unexpected error, reference %s, %s %s", reference, request.method, request.path, exc_info=error
    )
    return page(500, reference=reference)

"""Secret addresses stand on one page each: in no log line, no title, no other address, no cache."""

import logging
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from app.database import db
from app.web.logs import Redacted
from tests.factories import NOW, make_offering
from tests.people import browser_of, cast

PAGES = {
    "personal": ("pat", "/me/calendar", "/me/calendar"),
    "leading": ("fran", "/me/calendar/leading", "/me/calendar"),
    "journey": (
        "ada",
        "/organise/journeys/financing-and-payment-models/calendar",
        "/organise/journeys/financing-and-payment-models/calendar",
    ),
}
TOKEN = re.compile(r'value="http://127\.0\.0\.1:8000/calendar/([A-Za-z0-9_-]{32})\.ics"')


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(params=PAGES)
def opened(request, app, database):
    """(browser, page, token) of somebody who has an address of this kind."""
    people = cast(make_offering(capacity_online=1))
    who, make, page = PAGES[request.param]
    browser = browser_of(app, getattr(people, who))
    assert browser.submit(make, page=page).status_code == 303
    (token,) = TOKEN.findall(browser.get(page).text)
    return browser, page, token


def test_the_page_keeps_its_secret(opened):
    browser, page, token = opened

    answer = browser.get(page)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    head, _, body = answer.text.partition("</head>")
    assert token not in head
    assert token not in page
    outside = re.findall(r'(?:href|src|action)="(https?://[^"]+)"', answer.text)
    assert outside == []  # nothing is loaded from, or leads to, another site
    assert body.count(token) == 2  # to copy, and to press; the code holds it as squares
    assert re.findall(rf'href="([a-z]+)://[^"]*{token}', body) == ["webcal"]


def test_every_answer_on_the_way_is_kept_by_no_cache(opened):
    browser, page, _ = opened
    base = (
        "/me/calendar/leading"
        if "/me/" in page and browser.get("/me/calendar/leading").status_code == 200
        else page
    )
    for path in (f"{base}/reset", f"{base}/remove", f"{base}/choices"):
        assert browser.get(path).headers["Cache-Control"] == "no-store", path
        assert browser.post(path).headers["Cache-Control"] == "no-store", path


def test_the_feed_stays_with_its_reader(opened, app):
    _, _, token = opened
    answer = app.test_client().get(f"/calendar/{token}.ics")
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "private" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def test_another_site_is_told_nothing_of_where_one_comes_from(opened, app):
    """The session's page leads to other sites; its own address is public, and even that is not sent."""
    links = re.findall(r'<a href="https://[^"]+" rel="([^"]+)"', app.test_client().get(
        "/journeys/financing-and-payment-models/sessions/what-capitation-pays-for/"
    ).text)  # fmt: skip
    assert set(links) == {"noopener noreferrer"}


@pytest.mark.parametrize("server", ["gunicorn", "werkzeug", "waitress"])
def test_no_servers_log_holds_the_token(opened, server):
    _, _, token = opened
    lines = list(
        access_lines(server, f"/calendar/{token}.ics", f"http://127.0.0.1:8000/calendar/{token}.ics")
    )
    assert len(lines) == 1
    assert token not in lines[0]
    assert "/calendar/….ics" in lines[0]


def access_lines(server, path, referer):
    """What the server writes about a request: its own line, through the filters its logger has here."""
    name = {"gunicorn": "gunicorn.access"}.get(server, server)
    logger = logging.getLogger(name)
    assert any(isinstance(one, Redacted) for one in logger.filters)
    written = []
    handler = logging.Handler()
    handler.emit = lambda record: written.append(record.getMessage())
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        if server == "gunicorn":
            _gunicorn_line(path, referer)
        else:
            logger.info('%s - - [%s] "%s" %s -', "127.0.0.1", "01/Mar/2027", f"GET {path} HTTP/1.1", "200")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
    return written


def _gunicorn_line(path, referer):
    """Gunicorn's own format, which has the request line and the referer."""
    config = Config()
    config.set("accesslog", "-")
    filters = list(logging.getLogger("gunicorn.access").filters)
    kept = logging.getLogger("gunicorn.access").handlers[:]
    server = Logger(config)
    logging.getLogger("gunicorn.access").handlers = kept
    assert logging.getLogger("gunicorn.access").filters == filters
    environ = {
        "REQUEST_METHOD": "GET", "RAW_URI": path, "PATH_INFO": path, "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_REFERER": referer,
    }  # fmt: skip
    response = SimpleNamespace(status="200 OK", sent=1, response_length=1, headers=[])
    asked = SimpleNamespace(headers=[("REFERER", referer)])
    server.access(response, asked, environ, timedelta(milliseconds=3))


def test_what_an_unknown_address_leads_to_does_not_hold_it_in_the_log(opened, app):
    """Its 404 offers to sign in and to come back: an address within an address."""
    _, _, token = opened
    db.remove()
    page = app.test_client().get(f"/calendar/x{token}.ics")
    assert page.status_code == 404
    record = logging.LogRecord(
        "werkzeug", logging.INFO, "", 1, f"GET /sign-in?next=%2Fcalendar%2F{token}.ics", (), None
    )
    assert Redacted().filter(record)
    assert token not in record.getMessage()

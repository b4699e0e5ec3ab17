"""Static files: compressed once, kept for a year under an address that changes with their bytes."""

import gzip
import re
from pathlib import Path

import pytest

from app.web.static import static_url
from tests.people import browser_of, pat

FOLDER = Path(__file__).parents[2] / "app" / "static"
FILES = sorted(path.name for path in FOLDER.iterdir() if path.is_file())


def address(client, name: str) -> str:
    """Where a page asks for a file."""
    with client.application.test_request_context():
        made = static_url(name)
    assert re.fullmatch(rf"/static/{re.escape(name)}\?v=[0-9a-f]{{12}}", made)
    return made


@pytest.mark.parametrize("name", FILES)
def test_what_a_page_asks_for_may_be_kept_for_a_year(client, name):
    answer = client.get(address(client, name))

    assert answer.status_code == 200
    assert answer.data == (FOLDER / name).read_bytes()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("query", ["", "?v=", "?v=000000000000", "?v=健康"])
def test_another_version_is_kept_for_minutes_only(client, query):
    answer = client.get(f"/static/meridian.css{query}")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=300")


@pytest.mark.parametrize("name", FILES)
def test_a_file_comes_compressed_to_those_who_can_read_it(client, name):
    answer = client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.data) == (FOLDER / name).read_bytes()


def test_a_file_costs_no_query_and_carries_nobodys_cookie(app, database, query_counter):
    browser = browser_of(app, pat())
    assert "Set-Cookie" in browser.get("/me/").headers

    with query_counter() as counted:
        answer = browser.get("/static/meridian.css")

    assert counted.statements == []
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]


def test_who_has_it_already_is_told_so(client):
    for headers in ({}, {"Accept-Encoding": "gzip"}):
        first = client.get("/static/meridian.css", headers=headers)
        again = client.get("/static/meridian.css", headers=headers | {"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_the_two_encodings_have_two_etags(client):
    plain = client.get("/static/meridian.css").headers["ETag"]
    compressed = client.get("/static/meridian.css", headers={"Accept-Encoding": "gzip"}).headers["ETag"]

    assert plain != compressed


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("meridian.css", "text/css; charset=utf-8"),
        ("meridian.js", "text/javascript; charset=utf-8"),
        ("mark.svg", "image/svg+xml; charset=utf-8"),
    ],
)
def test_each_file_says_what_it_is(client, name, kind):
    assert client.get(f"/static/{name}").headers["Content-Type"] == kind


@pytest.mark.parametrize(
    "path",
    ["", "nothing.css", "../config.py", "..%2fconfig.py", "%2e%2e/config.py", "etc/passwd", "a" * 5000],
)
def test_nothing_else_is_served(client, path):
    assert client.get(f"/static/{path}").status_code == 404

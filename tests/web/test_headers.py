"""What every answer carries: headers of protection, compression, and how long it may be kept."""

import gzip
import re

import pytest

from tests.factories import make_journey
from tests.people import browser_of, pat
from tests.reader import Client

PAGES = ["/", "/journeys/", "/sign-in", "/nothing/here", "/health", "/static/meridian.css"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers_of_protection(client, path):
    headers = client.get(path, follow_redirects=True).headers

    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "manifest-src": "'self'",
    }
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_broken_view_carries_them_too(browser):
    assert "default-src 'none'" in browser.get("/try/break").headers["Content-Security-Policy"]


def test_only_a_secure_connection_is_told_to_stay_secure(client: Client):
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers
    secure = client.get("/sign-in", base_url="https://127.0.0.1:8000")
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_page_is_never_kept_by_those_in_between(client):
    assert client.get("/journeys/").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("accepts", ["gzip", "gzip, deflate, br", "gzip;q=0.5"])
def test_a_page_is_compressed_for_those_who_can_read_it(client, accepts):
    make_journey(summary="A long summary. " * 60)
    plain = client.get("/journeys/financing-and-payment-models/")
    answer = client.get("/journeys/financing-and-payment-models/", headers={"Accept-Encoding": accepts})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(plain.data) / 2
    assert without_tokens(gzip.decompress(answer.data).decode()) == without_tokens(plain.text)


def without_tokens(html: str) -> str:
    return re.sub(r'value="[0-9a-f]{80}"', "", html)


@pytest.mark.parametrize("accepts", ["", "identity", "br", "gzip;q=0"])
def test_a_page_is_plain_for_those_who_cannot(client, accepts):
    answer = client.get("/journeys/", headers={"Accept-Encoding": accepts})

    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "<!doctype html>" in answer.text


def test_what_is_short_stays_as_it_is(browser):
    answer = browser.get("/try/number/7", headers={"Accept-Encoding": "gzip"})

    assert (answer.data, answer.headers.get("Content-Encoding")) == (b"7", None)


def test_links_are_made_from_the_configured_address_never_from_the_host_header(client):
    make_journey()

    text = client.get("/journeys/financing-and-payment-models/", base_url="http://evil.example").text

    assert "evil.example" not in text


def test_a_calendar_that_anybody_may_keep_carries_nobodys_cookie(app, database):
    make_journey()
    browser = browser_of(app, pat())

    headers = browser.get("/journeys/financing-and-payment-models/calendar.ics").headers

    assert headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in headers


def test_the_cookie_is_for_this_site_and_not_for_scripts(client):
    make_journey()
    cookie = client.get("/sign-in").headers["Set-Cookie"]

    assert cookie.startswith("meridian=")
    assert {part.strip() for part in cookie.split(";")[1:]} >= {"HttpOnly", "Path=/", "SameSite=Lax"}
    assert "Secure" not in cookie

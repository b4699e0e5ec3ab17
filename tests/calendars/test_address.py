"""The secret address: how it is made, shown, replaced, and kept out of sight."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import Engine, select

from app.accounts.models import User
from app.calendars import operations, queries
from app.calendars.models import Feed, FeedKind
from app.config import Settings
from app.database import db, writing
from app.participants.models import Participant
from app.web.logs import Redacted, redact
from tests.calendars.people import make_feed, make_person, sign_in
from tests.factories import NOW
from tests.reader import Client

ADDRESS = re.compile(r'value="(http://127\.0\.0\.1:8000(/calendar/[A-Za-z0-9_-]{32}\.ics))"')
MADE = "Your private calendar address has been made."


@pytest.fixture
def person(client: Client) -> Participant:
    return make_person()


def shown_path(client: Client) -> str:
    found = ADDRESS.search(client.get("/me/calendar").text)
    assert found is not None
    return found.group(2)


def test_a_token_depends_on_user_nonce_and_key(settings: Settings):
    other = replace(settings, secret_key="another fixed key of more than 32 characters")
    tokens = {
        queries.token_of(user, FeedKind.PERSONAL, nonce, key)
        for user in (1, 2, 11)
        for nonce in ("a", "b", "1:a")
        for key in (settings, other)
    }
    assert len(tokens) == 18
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", one) for one in tokens)


def test_the_database_does_not_know_the_token(person: Participant, settings: Settings):
    feed = make_feed(person, settings)
    address = queries.feed_address(feed, settings) or ""
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert len(token) == 32
    assert all(token not in str(value) for value in db.execute(select(Feed.__table__)).one())


def test_making_twice_gives_the_same_address(person: Participant, settings: Settings):
    assert person.user_id is not None
    first = make_feed(person, settings)
    assert operations.make_feed(person.user_id, settings, NOW) is first
    assert len(db.scalars(select(Feed)).all()) == 1


def test_the_page_makes_shows_and_replaces_the_address(client: Client, person: Participant):
    sign_in(client, person)
    before = client.get("/me/calendar")
    assert before.headers["Cache-Control"] == "no-store"
    assert "There is no address yet." in before.text
    made = client.submit("/me/calendar")
    assert (made.status_code, made.headers["Location"]) == (303, "/me/calendar")
    page = client.get("/me/calendar").text
    assert MADE in page
    assert 'href="webcal://127.0.0.1:8000/calendar/' in page
    assert "data-needs-js" in page
    assert "This site runs on your own computer" in page
    old = shown_path(client)
    assert client.get(old).status_code == 200

    asked = client.get("/me/calendar/reset")
    assert asked.headers["Cache-Control"] == "no-store"
    assert "The address you have now stops working at once" in asked.text
    assert shown_path(client) == old  # a GET changes nothing
    assert client.submit("/me/calendar/reset").status_code == 303
    new = shown_path(client)
    assert new != old
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_the_form_without_its_token_comes_back(client: Client, person: Participant):
    make = "/me/calendar"
    sign_in(client, person)
    refused = client.post(make)
    assert (refused.status_code, refused.headers["Cache-Control"]) == (422, "no-store")
    assert "Nothing was changed" in refused.text
    assert db.scalars(select(Feed)).all() == []
    client.submit(make)
    old = shown_path(client)
    assert client.post("/me/calendar/reset").status_code == 422
    assert shown_path(client) == old


def test_reset_without_an_address_leads_to_the_page(client: Client, person: Participant):
    sign_in(client, person)
    response = client.get("/me/calendar/reset")
    assert (response.status_code, response.headers["Location"]) == (303, "/me/calendar")


def test_strangers_sign_in_first(client: Client):
    for path in ("/me/calendar", "/me/calendar/reset"):
        response = client.get(path)
        assert response.status_code == 303
        assert "/sign-in" in response.headers["Location"]


@pytest.mark.parametrize("token", ["x" * 32, "short", "%C3%A9" * 32, "a" * 5000, "..", "%27%20or%201=1"])
def test_an_unknown_token_is_not_found_and_no_hint_given(client: Client, token: str):
    unknown, nothing = client.get(f"/calendar/{token}.ics"), client.get("/no-such-page")
    assert unknown.status_code == nothing.status_code == 404
    assert "Set-Cookie" not in unknown.headers
    strip = re.compile(r"next=[^\"]*")
    assert strip.sub("", unknown.text) == strip.sub("", nothing.text)


def test_another_key_ends_the_address_and_the_page_offers_a_new_one(
    client: Client, person: Participant, settings: Settings
):
    other = replace(settings, secret_key="the key before, of more than 32 characters")
    feed = make_feed(person, other)
    old = (queries.feed_address(feed, other) or "").removeprefix(settings.site_url)
    assert queries.feed_address(feed, settings) is None
    assert client.get(old).status_code == 404
    sign_in(client, db.merge(person))
    assert "the address you had has stopped working" in client.get("/me/calendar").text
    assert client.submit("/me/calendar/reset").status_code == 303
    assert client.get(shown_path(client)).status_code == 200


def test_closing_an_account_ends_its_address(client: Client, person: Participant, settings: Settings):
    path = (queries.feed_address(make_feed(person, settings), settings) or "").removeprefix(settings.site_url)
    user = db.get_one(User, person.user_id)
    db.delete(user)
    assert client.get(path).status_code == 404


def test_no_log_line_holds_the_token():
    token = "k3v9" * 8
    for line in (
        f'127.0.0.1 "GET /calendar/{token}.ics HTTP/1.1" 200',
        f"unexpected error, GET /calendar/{token}.ics",
        f"http://127.0.0.1:8000/calendar/{token}.ics?x=1 webcal://host/calendar/{token}.ics",
    ):
        assert token not in redact(line)
    record = logging.LogRecord(
        "werkzeug", logging.INFO, "", 1, "%s %s", ("GET", f"/calendar/{token}.ics"), None
    )
    assert Redacted().filter(record)
    assert record.getMessage() == "GET /calendar/….ics"
    assert redact("GET /me/calendar and /me/calendar/reset") == "GET /me/calendar and /me/calendar/reset"


def test_a_token_is_blotted_out_whole_where_a_program_encodes_its_signs(
    client: Client, person: Participant, settings: Settings
):
    path = (queries.feed_address(make_feed(person, settings), settings) or "").removeprefix(settings.site_url)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    encoded = "".join(f"%{ord(sign):02X}" if place % 3 == 0 else sign for place, sign in enumerate(token))
    assert client.get(f"/calendar/{encoded}.ics").status_code == 200
    for line in (f"GET /calendar/{encoded}.ics HTTP/1.1", f"next=%2Fcalendar%2F{encoded}.ics"):
        assert redact(line) == line.replace(encoded, "…")


def test_our_own_log_is_redacted(client: Client, monkeypatch: pytest.MonkeyPatch):
    (handler,) = logging.getLogger("meridian").handlers
    lines: list[str] = []
    monkeypatch.setattr(handler, "emit", lambda record: lines.append(handler.format(record)))
    logging.getLogger("meridian").error("unexpected error, %s %s", "GET", f"/calendar/{'k3v9' * 8}.ics")
    (line,) = lines
    assert line.endswith("GET /calendar/….ics")


def test_two_clicks_at_the_same_moment_make_one_address(real_database: Engine, settings: Settings):
    with writing():
        number = make_person().user_id
    assert number is not None
    together = Barrier(6)

    def click() -> str:
        together.wait()
        with writing():
            feed = operations.make_feed(number, settings, NOW)
            address = queries.feed_address(feed, settings)
        db.remove()
        return address or ""

    with ThreadPoolExecutor(6) as pool:
        addresses = {future.result() for future in [pool.submit(click) for _ in range(6)]}
    assert len(addresses) == 1
    assert len(db.scalars(select(Feed)).all()) == 1

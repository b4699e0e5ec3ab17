"""One click stops mail (RFC 8058): from a mail program without a visit, or from the page with its button."""

from pathlib import Path

import pytest

from app.database import db
from app.messages import queries as messages
from app.messages.kinds import Choice
from app.messages.stopping import stop_link, token_for
from app.web.logs import redact
from tests.factories import NOW
from tests.page import Page
from tests.people import browser_of, make_account

APP = Path(__file__).parents[3] / "app"
ADDRESS = "zoe@example.org"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def link(app):
    return f"/stop/{token_for(ADDRESS, Choice.REMINDERS, app.config['SETTINGS'].secret_key)}"


def muted(address=ADDRESS):
    db.expire_all()
    found = messages.recipient(address)
    return found.muted if found is not None else ""


def test_a_mail_program_switches_it_off_without_a_visit(app, database, link):
    """As providers send it: one form field, no cookie, no referrer; answered without a redirect."""
    bare = app.test_client(use_cookies=False)
    answer = bare.post(
        link, data=b"List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200
    assert muted() == "reminders"


def test_also_as_a_multipart_form_and_twice(app, database, link):
    bare = app.test_client(use_cookies=False)
    for _ in range(2):
        answer = bare.post(link, data={"List-Unsubscribe": "One-Click"}, content_type="multipart/form-data")
        assert answer.status_code == 200
    assert muted() == "reminders"


def test_a_get_writes_nothing_and_asks(client, link):
    page = Page(client.get(link))
    assert page.status == 200
    assert page.title == "Switch this mail off?"
    assert "z…@example.org gets mail of this kind." in page.text
    assert ADDRESS not in page.source
    assert page.buttons == ["Switch it off"]
    assert muted() == ""


def test_the_button_switches_it_off_and_on_again(client, link):
    page = Page(client.post(link, data={"List-Unsubscribe": "One-Click"}))
    assert page.title == "This mail is switched off"
    assert page.buttons == ["Switch it on again"]
    assert page.links["everything else you are sent"] == "/me/messages"
    page = Page(client.post(link, data={"again": "1"}))
    assert (page.status, page.title) == (200, "This mail is switched on")
    assert muted() == ""


def test_only_what_the_link_names_is_switched_off(client, app, link):
    key = app.config["SETTINGS"].secret_key
    client.post(f"/stop/{token_for(ADDRESS, Choice.DATES, key)}", data={"List-Unsubscribe": "One-Click"})
    client.post(link, data={"again": "1"})
    assert muted() == "dates"
    assert messages.recipient("somebody@example.org") is None


@pytest.mark.parametrize("data", [{}, {"List-Unsubscribe": "Two-Click"}, {"nonsense": "1"}])
def test_a_post_that_asks_for_nothing_changes_nothing(client, link, data):
    assert client.post(link, data=data).status_code == 422
    assert muted() == ""


@pytest.mark.parametrize("end", ["x", "a.b", "x" * 700, "%F0%9F%92%A9"])
def test_a_link_that_is_not_ours_says_so(client, end):
    for answer in (client.get(f"/stop/{end}"), client.post(f"/stop/{end}", data={"again": "1"})):
        assert (answer.status_code, Page(answer).title) == (404, "This link does not work")


def test_a_link_of_another_key_or_altered_is_dead(client, link):
    other = token_for(ADDRESS, Choice.REMINDERS, "another key of more than thirty-two characters")
    for path in (f"/stop/{other}", f"{link[:-3]}abc", link.replace("/stop/", "/stop/W")):
        assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 404
    assert muted() == ""


def test_the_address_is_kept_from_others(client, link):
    for answer in (client.get(link), client.post(link, data={"List-Unsubscribe": "One-Click"})):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers.get("Set-Cookie") is None


def test_the_token_stands_in_no_log(app):
    made = stop_link(ADDRESS, Choice.REMINDERS, "https://meridian.example", "k" * 40)
    token = made.rpartition("/")[2]
    line = f'127.0.0.1 - "POST {made.removeprefix("https://meridian.example")} HTTP/1.1" 200'
    assert redact(line) == '127.0.0.1 - "POST /stop/… HTTP/1.1" 200'
    assert token not in redact(f"Referer: {made}")


def test_no_other_view_does_without_the_token_of_a_form():
    calls = [path.name for path in APP.rglob("*.py") if "csrf.is_not_of_a_visit()" in path.read_text("utf-8")]
    assert calls == ["preferences_views.py"]


POSTS = ("/me/messages", "/me/messages/works", "/me/messages/seen", "/me/password", "/sign-out")


@pytest.mark.parametrize("path", POSTS)
def test_every_other_post_needs_its_token(app, database, path):
    browser = browser_of(app, make_account("Zoe Ndlovu"))
    assert browser.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 422

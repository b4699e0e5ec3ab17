"""Errors are pages: what happened, what to do next, and a reference where it is our fault."""

import logging
import re

import pytest

from app.web.errors import PAGES
from tests.page import Page
from tests.web.conftest import token


def log_of(caplog) -> str:
    return "\n".join(record.getMessage() for record in caplog.records)


@pytest.fixture
def our_log(caplog):
    """What the application logs; its logger hands nothing on by itself."""
    logging.getLogger("meridian").addHandler(caplog.handler)
    yield caplog
    logging.getLogger("meridian").removeHandler(caplog.handler)


def test_an_address_without_anything_is_a_page_that_leads_on(browser):
    page = Page(browser.get("/nothing/here"))

    assert (page.status, page.title) == (404, "There is nothing at this address")
    assert page.links["All learning journeys"] == "/journeys/"


def test_the_wrong_method_says_which_would_do(browser):
    answer = browser.post("/journeys/")

    assert (answer.status_code, Page(answer).title) == (405, "This address cannot be used that way")
    assert set(re.split(r",\s*", answer.headers["Allow"])) == {"GET", "HEAD", "OPTIONS"}


def test_what_is_too_large_is_refused_with_the_limit(browser):
    answer = browser.post("/sign-in", data={"email": "x" * (3 * 1024 * 1024)})

    page = Page(answer)
    assert (page.status, page.title) == (413, "That is too large")
    assert "Send less than 2 MB at a time." in page.text


def test_our_own_fault_has_a_reference_that_is_also_in_the_log_and_tells_nothing_else(browser, our_log):
    answer = browser.get("/try/break")

    page = Page(answer)
    assert (page.status, page.title) == (500, "Something went wrong on our side")
    reference = re.search(r"Reference: ([0-9a-f]{8})\b", page.text)
    assert reference is not None
    assert f"reference {reference.group(1)}, GET /try/break" in log_of(our_log)
    assert "the secret of the house" not in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_two_faults_have_two_references(browser):
    found = {re.search(r"Reference: (\w+)", Page(browser.get("/try/break")).text).group(1) for _ in range(2)}

    assert len(found) == 2


@pytest.mark.parametrize(
    ("name", "status", "sentence"),
    [
        ("refused", 422, "A rule said no."),
        ("not-open", 403, "It is closed."),
        ("not-found", 404, "It has gone."),
        ("stale", 409, "Somebody was quicker."),
        ("taken", 409, "There is one."),
    ],
)
def test_a_refusal_by_the_domain_is_said_in_its_own_words(browser, name, status, sentence):
    page = Page(browser.post(f"/try/refuse/{name}", data={"csrf_token": token(browser)}))

    assert page.status == status
    assert sentence in page.text


def test_two_who_write_the_same_are_told_that_they_met(browser):
    page = Page(browser.post("/try/collide", data={"csrf_token": token(browser)}))

    assert (page.status, page.title) == (409, "Two changes met")


def test_every_error_page_stands_alone(site):
    for status in sorted(PAGES):
        with site.test_request_context("/"):
            html = site.jinja_env.get_template(f"errors/{status}.html").render(
                sentence="<b>", reference="r", status=status
            )
        assert f"Error {status}" in html
        assert "&lt;b&gt;" in html


@pytest.mark.parametrize(
    "path",
    [
        "/journeys/%00/",
        "/journeys/a%00b/sessions/c/",
        "/journeys/?q=%00",
        "/journeys/?%00=x",
        "/journeys/?q=ok&q=a%00",
        "/toolkits/%00/",
        "/calendar/%00.ics",
        "/static/%00",
    ],
)
def test_a_nul_in_an_address_is_not_found_on_either_engine(browser, path):
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/journeys/%ED%A0%80/", "/journeys/%FF%FE/", "/journeys/%F0%28/sessions/%80/", "/%C0%80"]
)
def test_bytes_that_are_no_text_are_not_found(browser, path):
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("query", ["q=%ED%A0%80", "q=%FF", "status=%80"])
def test_a_question_of_bytes_that_are_no_text_is_answered(browser, query):
    assert browser.get(f"/journeys/?{query}").status_code == 200


@pytest.mark.parametrize("number", ["2147483648", "9223372036854775808", "9" * 300, "-1", "1e3"])
def test_a_number_that_no_column_can_hold_is_not_found(browser, number):
    assert browser.get(f"/try/number/{number}").status_code == 404


def test_the_largest_number_a_column_can_hold_is_a_number(browser):
    assert browser.get("/try/number/2147483647").text == "2147483647"


def test_a_thing_that_moved_is_found_for_good_with_the_same_question(browser):
    answer = browser.get("/try/moved?step=open&note=a%20b")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/try/here?step=open&note=a%20b")


def test_a_form_sent_to_where_a_thing_was_arrives_where_it_is(browser):
    fields = {"csrf_token": token(browser)}

    first = browser.post("/try/moved", data=fields)
    arrived = browser.post("/try/moved", data=fields, follow_redirects=True)

    assert (first.status_code, first.headers["Location"]) == (308, "/try/here")
    assert (arrived.status_code, arrived.request.method, arrived.text) == (200, "POST", "done")


def test_a_missing_slash_is_added(browser):
    answer = browser.get("/journeys?q=x")

    assert answer.status_code == 308
    assert answer.headers["Location"].endswith("/journeys/?q=x")


def test_bytes_that_are_no_text_are_no_address(app, database):
    for path in ("/", "/journeys/", "/sign-in", "/organise/offerings/1/roster/act"):
        answer = app.test_client().get(path, environ_overrides={"QUERY_STRING": "q=\xff"})
        assert answer.status_code == 404, path
        assert "There is nothing at this address" in answer.text

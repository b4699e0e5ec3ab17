"""One transaction per request: what is kept, and what never is."""

import logging
import threading

import pytest
from sqlalchemy import func, select

from app import database as database_module
from app.accounts.models import Attempt
from app.database import db, make_engine
from app.web.transactions import in_its_own
from tests.factories import NOW
from tests.page import Page
from tests.web.conftest import REFUSALS, token, written


def test_a_get_cannot_write(browser):
    answer = browser.get("/try/get-that-writes")

    assert (answer.status_code, answer.text) == (200, "written")
    assert written() == 0


def test_a_head_request_cannot_write(browser):
    assert browser.head("/try/get-that-writes").status_code == 200
    assert written() == 0


def test_a_form_that_succeeds_is_kept(browser):
    answer = browser.post("/try/form", data={"csrf_token": token(browser)})

    assert (answer.status_code, answer.text) == (200, "done")
    assert written() == 1


@pytest.mark.parametrize("status", [201, 204, 302, 303])
def test_every_status_below_400_keeps_what_was_written(browser, status):
    assert browser.post(f"/try/form/{status}", data={"csrf_token": token(browser)}).status_code == status
    assert written() == 1


@pytest.mark.parametrize("status", [400, 403, 409, 422, 429, 500, 503])
def test_an_answer_of_refusal_keeps_nothing(browser, status):
    assert browser.post(f"/try/form/{status}", data={"csrf_token": token(browser)}).status_code == status
    assert written() == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_view_that_forgets_the_token_does_not_work_at_all(browser, caplog, method):
    caplog.set_level(logging.CRITICAL)

    answer = browser.open("/try/forgot-the-token", method=method, data={"csrf_token": token(browser)})

    assert answer.status_code == 500
    assert written() == 0


def test_a_wrong_token_keeps_nothing_even_if_the_view_goes_on(browser):
    assert browser.post("/try/form", data={"csrf_token": "00" * 40}).status_code == 500
    assert browser.post("/try/form").status_code == 500
    assert written() == 0


def test_the_token_has_no_time_limit(browser, time_machine):
    time_machine.move_to(NOW)
    old = token(browser)
    time_machine.move_to(NOW.replace(day=29))

    assert browser.post("/try/form", data={"csrf_token": old}).status_code == 200


def test_each_page_masks_the_token_anew_and_all_of_them_count(browser):
    tokens = [token(browser) for _ in range(3)]

    assert len(set(tokens)) == 3
    assert [browser.post("/try/form", data={"csrf_token": one}).status_code for one in tokens] == [200] * 3


def test_a_view_that_breaks_keeps_nothing(browser):
    assert browser.post("/try/break", data={"csrf_token": token(browser)}).status_code == 500
    assert written() == 0


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_by_the_domain_keeps_nothing(browser, name):
    browser.post(f"/try/refuse/{name}", data={"csrf_token": token(browser)})

    assert written() == 0


def test_what_must_survive_a_refusal_is_written_in_its_own_transaction(site, browser):
    def leave_a_trace() -> None:
        db.add(Attempt(kind="try", subject="trace", attempted_at=NOW))

    with site.test_request_context():
        db.add(Attempt(kind="try", subject="given up", attempted_at=NOW))
        db.flush()
        in_its_own(leave_a_trace)

    assert db.scalars(select(Attempt.subject).where(Attempt.kind == "try")).all() == ["trace"]


@pytest.mark.engine("sqlite")
def test_who_does_not_get_a_turn_to_write_is_asked_to_come_back(site, browser, monkeypatch):
    monkeypatch.setattr(database_module, "QUEUE_SECONDS", 0.3)
    fields = {"csrf_token": token(browser)}
    other = make_engine(site.config["SETTINGS"].database_url)  # as another process has it
    with other.connect().execution_options(writes=True) as writer:
        writer.exec_driver_sql("select 1")

        answer = browser.post("/try/form", data=fields)
        read = browser.get("/try/number/1")

    other.dispose()
    page = Page(answer)
    assert (page.status, page.title) == (503, "Meridian is very busy at this moment")
    assert answer.headers["Retry-After"] == "5"
    assert "Nothing was lost." in page.text
    assert read.status_code == 200
    assert written() == 0
    assert browser.post("/try/form", data=fields).status_code == 200


@pytest.mark.engine("sqlite")
def test_a_turn_that_breaks_is_given_back(browser):
    for _ in range(3):
        assert browser.post("/try/break", data={"csrf_token": token(browser)}).status_code == 500

    assert browser.post("/try/form", data={"csrf_token": token(browser)}).status_code == 200


def test_many_who_write_at_once_all_get_their_turn(site):
    browsers = [site.test_client() for _ in range(40)]
    fields = [{"csrf_token": token(browser)} for browser in browsers]
    answers = []
    start = threading.Barrier(len(browsers))

    def send(number: int) -> None:
        start.wait()
        answers.append(browsers[number].post("/try/form", data=fields[number]).status_code)
        db.remove()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(browsers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 40
    assert db.scalar(select(func.count(Attempt.id)).where(Attempt.kind == "try")) == 40

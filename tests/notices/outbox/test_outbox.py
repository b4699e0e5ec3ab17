"""The outbox of administrators."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app.accounts import letters
from app.accounts.models import User
from app.database import db
from app.jobs import operations as jobs
from app.jobs.models import Job, JobState
from app.messages import operations, recipients
from app.messages import queries as messages
from app.messages.delivery import compose
from app.messages.models import MessageState, OutboxMessage
from app.messages.operations import Held
from app.messages.transports import Folder
from app.notices.outbox_rows import PAGE
from app.notices.outbox_views import LETTER_POLICY
from app.scheduling.operations import cancel
from tests.factories import NOW, make_journey, make_offering
from tests.page import Page
from tests.people import ada, browser_of, pat, root, seat

HERE = "/organise/outbox"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def browser(app, database):
    return browser_of(app, root())


def queue(number=1, address="pat@example.org", kind="enrolled", **more):
    """Letters whose reader is not known; their numbers."""
    return [
        operations.queue(kind, address, "Pat Asante", {"journey_id": 0, "participant_id": 0}, NOW, **more)
        for _ in range(number)
    ]


def listed(page):
    """The numbers of the messages of a page, as they stand."""
    return [int(found) for found in re.findall(rf'href="{HERE}/(\d+)"', page.source)]


def kill(number, answer="550 5.1.1 no such user", code=550):
    message = db.get_one(OutboxMessage, number)
    message.state, message.last_error, message.answer_code, message.tries = MessageState.DEAD, answer, code, 1
    db.flush()


def confirmation():
    """The letter with which an address is confirmed, to be sent."""
    person = pat(is_confirmed=False)
    letters.send(letters.CONFIRM_ADDRESS, db.get_one(User, person.user_id), NOW)
    return db.scalars(select(OutboxMessage)).one()


def sent(app, message):
    """It goes the way of the tests, into the folder."""
    mail = compose(message, "Meridian <meridian@example.org>")
    folder = Folder(Path(app.config["SETTINGS"].mail_url.removeprefix("folder:")))
    folder.send(mail, message.to_address)
    message.state, message.tries = MessageState.SENDING, 1
    message.leased_until_at = NOW
    db.flush()
    operations.mark_sent(Held(message.id, 1), NOW, str(mail["Subject"]))
    return folder.folder / f"{message.message_id.strip('<>').partition('@')[0]}.eml"


def public(app, monkeypatch):
    """The site is one that people reach."""
    there = replace(app.config["SETTINGS"], site_url="https://learn.example.org")
    monkeypatch.setitem(app.config, "SETTINGS", there)


def test_who_may(app, database):
    journey = make_journey()
    assert browser_of(app, ada(journey)).get(HERE).status_code == 403
    assert browser_of(app).get(HERE).status_code == 303


def test_it_is_empty(browser):
    page = Page(browser.get(HERE))
    assert (page.status, page.title, page.sections) == (200, "Outbox", ["Nothing yet"])


def test_it_is_found_from_the_desk(browser):
    assert Page(browser.get("/organise/")).links["Outbox"] == HERE


def test_by_state_and_address_with_counts(browser):
    one, other = queue(), queue(address="Will@Example.org")
    kill(other[0])
    page = Page(browser.get(HERE))
    assert listed(page) == [other[0], one[0]]
    assert "All, 2 Waits, 1 Being sent, 0 Sent, 0 Not delivered, 1 Not sent any more, 0" in page.text
    assert "It is not tried again: 550 5.1.1 no such user." in page.text
    assert listed(Page(browser.get(f"{HERE}?q=will%40EXAMPLE"))) == other
    assert listed(Page(browser.get(f"{HERE}?state=dead"))) == other
    assert Page(browser.get(f"{HERE}?q=nobody_")).sections == ["Nothing like that"]
    assert browser.get(f"{HERE}?state=lost&before=x").status_code == 200


def test_older_ones_are_on_the_next_page(browser):
    numbers = queue(PAGE + 1)
    page = Page(browser.get(HERE))
    assert page.links["Older messages"] == f"{HERE}?before={numbers[1]}"
    older = Page(browser.get(page.links["Older messages"]))
    assert listed(older) == numbers[:1]
    assert older.links["The newest"] == HERE
    assert "Older messages" not in older.links


def test_the_queries_do_not_grow(browser, query_counter):
    counts = []
    for more in (1, 29):
        for number in queue(more):
            kill(number)
        with query_counter() as counted:
            assert browser.get(HERE).status_code == 200
        counts.append(counted.count)
    assert counts[0] == counts[1]


def test_a_newcomer_of_a_demonstration_reads_the_link(browser):
    message = confirmation()
    page = Page(browser.get(f"{HERE}/{message.id}"))
    assert page.title == "Confirm your address"
    assert "As it would be written now" in page.text
    assert any("/confirm-address/" in link for link in page.links.values())


@pytest.mark.parametrize("is_sent", [False, True])
def test_a_link_that_acts_is_hidden_where_people_reach_the_site(app, browser, monkeypatch, is_sent):
    message = confirmation()
    with app.app_context():
        mail = compose(message, "Meridian <meridian@example.org>")
    token = mail.get_body(("plain",)).get_content().partition("/confirm-address/")[2].split()[0]
    if is_sent:
        with app.app_context():
            sent(app, message)
    for path in (f"{HERE}/{message.id}", f"{HERE}/{message.id}/letter"):
        assert token in browser.get(path).text
    public(app, monkeypatch)
    for path in (f"{HERE}/{message.id}", f"{HERE}/{message.id}/letter"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert "/confirm-address/…" in answer.text
        assert token not in answer.text
        assert "It lies in" not in answer.text


def test_what_was_sent_is_read_from_its_file(app, browser):
    message = confirmation()
    with app.app_context():
        file = sent(app, message)
    page = Page(browser.get(f"{HERE}/{message.id}"))
    assert "As it was sent." in page.text
    assert f"It lies in {file}" in page.text
    file.unlink()
    assert "What was sent is not kept. Its file is not in the folder any more." in (
        Page(browser.get(f"{HERE}/{message.id}")).text
    )


@pytest.mark.parametrize("name", ["../../etc/passwd", "../secret", "/etc/passwd", "x"])
def test_no_other_file_is_read(app, browser, name):
    (number,) = queue()
    message = db.get_one(OutboxMessage, number)
    message.message_id, message.state, message.sent_at = f"<{name}@meridian.invalid>", MessageState.SENT, NOW
    page = Page(browser.get(f"{HERE}/{number}"))
    assert "What was sent is not kept." in page.text


def test_a_letter_is_a_page_of_its_own_in_which_nothing_runs(app, browser):
    message = confirmation()
    answer = browser.get(f"{HERE}/{message.id}/letter")
    assert answer.headers["Content-Security-Policy"] == LETTER_POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    page = browser.get(f"{HERE}/{message.id}")
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_what_has_nothing_to_tell_says_so(browser):
    (number,) = queue()
    page = Page(browser.get(f"{HERE}/{number}"))
    assert "There is nothing to tell any more: " in page.text
    assert browser.get(f"{HERE}/{number}/letter").status_code == 404
    (other,) = queue(kind="of-old-times")
    assert "Nothing here can write this kind" in Page(browser.get(f"{HERE}/{other}")).text
    (broken,) = [operations.queue("enrolled", "pat@example.org", "", {}, NOW)]
    assert "It cannot be composed at the moment" in Page(browser.get(f"{HERE}/{broken}")).text
    assert browser.get(f"{HERE}/{2**40}").status_code == 404


def test_what_waits_for_a_change_to_be_told_says_so(browser):
    offering = make_offering()
    seat(pat(), offering)
    cancel(offering, "", NOW)
    message = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "place-confirmed")).one()
    page = Page(browser.get(f"{HERE}/{message.id}"))
    assert "A change of its session has still to be told. This is written after that." in page.text


def test_one_is_tried_again_and_its_address_believed(browser):
    (number,) = queue()
    kill(number)
    recipients.mark_refused("pat@example.org", 550, "550 no", NOW)
    answer = browser.submit(f"{HERE}/{number}/retry", page=f"{HERE}/{number}")
    assert answer.status_code == 303
    assert db.get_one(OutboxMessage, number).state is MessageState.QUEUED
    assert messages.recipient("pat@example.org").refused_at is None
    again = browser.submit(f"{HERE}/{number}/retry", page="/organise/new-journey", follow_redirects=True)
    assert "Nothing was done" in again.text
    assert browser.post(f"{HERE}/{number}/retry").status_code == 422


def test_all_of_an_address_are_tried_again_after_a_question(browser):
    first, second = queue(2)
    (other,) = queue(address="will@example.org")
    for number in (first, second, other):
        kill(number)
    assert "Try all of them again …" in Page(browser.get(f"{HERE}?state=dead&q=pat")).links
    page = Page(browser.get(f"{HERE}/retry?q=pat"))
    assert page.title == "Try 2 messages again?"
    (late,) = queue()
    kill(late)
    answer = browser.submit(
        f"{HERE}/retry", {"q": "pat", "up_to": str(second)}, page=f"{HERE}/retry?q=pat", follow_redirects=True
    )
    assert "2 messages are tried again now." in answer.text
    db.expire_all()
    states = {one: db.get_one(OutboxMessage, one).state for one in (first, second, other, late)}
    assert [states[one].value for one in (first, second, other, late)] == ["queued", "queued", "dead", "dead"]
    assert browser.post(f"{HERE}/retry").status_code == 422
    assert db.get_one(OutboxMessage, late).state is MessageState.DEAD


def test_what_is_too_late_is_said_to_be(browser):
    (number,) = queue(expires_at=NOW)
    kill(number)
    told = browser.submit(f"{HERE}/{number}/retry", page=f"{HERE}/{number}", follow_redirects=True).text
    assert "Its time has passed, so it is not sent any more. Its address is believed again." in told
    message = db.get_one(OutboxMessage, number, populate_existing=True)
    assert (message.state, message.expires_at, message.answer_code) == (MessageState.EXPIRED, NOW, None)
    page = Page(browser.get(f"{HERE}/{number}"))
    assert "There was nothing to tell any more: its time had passed." in page.text
    assert "It was not sent, and is not written any more." in page.text
    assert "As it would be written now" not in page.text


def test_many_are_not_tried_again_unseen(browser):
    (number,) = queue()
    kill(number)
    for unsaid in ({}, {"up_to": "all"}):
        answer = browser.submit(f"{HERE}/retry", unsaid, page=f"{HERE}/retry")
        assert answer.status_code == 422
        page = Page(answer)
        assert page.title == "Try 1 message again?"
        assert "Look at which messages these are, and press once more." in page.text
        assert db.get_one(OutboxMessage, number, populate_existing=True).state is MessageState.DEAD


def test_work_that_failed_is_tried_again(browser):
    page = Page(browser.get(f"{HERE}/jobs"))
    assert page.sections == ["Nothing has failed"]
    jobs.add("calendars.tidy", {}, NOW, unique_key="once")
    job = db.scalars(select(Job).where(Job.unique_key == "once")).one()
    job.state, job.finished_at, job.last_error, number = JobState.DEAD, NOW, "it broke", job.id
    assert "1 piece of other work has failed for good." in Page(browser.get(HERE)).text
    assert "it broke" in Page(browser.get(f"{HERE}/jobs")).text
    assert browser.submit(f"{HERE}/jobs/{number}/retry", page=f"{HERE}/jobs").status_code == 303
    assert db.get_one(Job, number, populate_existing=True).state is JobState.READY
    assert browser.submit(f"{HERE}/jobs/99999/retry", page="/organise/new-journey").status_code == 404


def test_hostile_names_stay_text(browser):
    number = operations.queue("enrolled", "x@example.org", "<script>alert(1)</script>", {}, NOW)
    kill(number, "550 <img src=x onerror=alert(1)>")
    for path in (HERE, f"{HERE}/{number}"):
        text = browser.get(path).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_a_letter_of_a_place(app, browser):
    seat(pat(), make_offering())
    for message in db.scalars(select(OutboxMessage)).all():
        page = Page(browser.get(f"{HERE}/{message.id}"))
        assert page.status == 200
        assert "As it would be written now" in page.text

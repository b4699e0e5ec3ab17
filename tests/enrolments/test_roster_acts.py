"""Deciding about many people at once: who and what is said first, then what came of it for each."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.enrolments import operations
from app.enrolments.models import Place, RosterMessage
from app.enrolments.roster import runs
from app.enrolments.roster.acts import Order
from app.jobs import operations as jobs
from app.jobs.worker import run_until_idle
from app.learning_sessions.models import Offering
from app.messages.models import OutboxMessage
from tests.enrolments.rosters import fill, three_ask
from tests.factories import NOW, make_learning_session, make_offering, make_participant
from tests.page import Page
from tests.people import ada, browser_of, cast, pat, seat, will
from tests.reader import CSRF


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def asked(database):
    return three_ask()


def places(database, offering) -> dict[str, str]:
    """Who → the status of their place."""
    rows = database.scalars(select(Place).where(Place.offering_id == offering.id).order_by(Place.id)).all()
    return {one.participant.name: one.status.value for one in rows}


def numbers(database, offering) -> list[int]:
    return list(database.scalars(select(Place.id).where(Place.offering_id == offering.id).order_by(Place.id)))


def at(offering, what: str = "act") -> str:
    return f"/organise/offerings/{offering.id}/roster/{what}"


def ticked(ids, do: str) -> str:
    return "?" + "&".join([*(f"who={number}" for number in ids), f"do={do}"])


def carried(answer) -> dict[str, str]:
    """What the form of a page sends along unseen."""
    token = CSRF.search(answer.text)
    assert token is not None
    unseen = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    return {**unseen, "csrf_token": token.group(1)}


def work(app, later: timedelta = timedelta(minutes=1)) -> None:
    """The worker does what is due then."""
    db.commit()
    with app.app_context():
        run_until_idle(lambda: NOW + later)


def decide(browser, offering, query: str, **fields: str):
    """Continue with those chosen, then press the button of the page that says what it does."""
    page = at(offering) + query
    shown = browser.get(page)
    assert shown.status_code == 200, shown.headers.get("Location")
    hidden = carried(shown)
    return browser.submit(at(offering), {**hidden, **fields}, page=page)


def test_many_are_approved_and_each_result_is_said(app, database, asked):
    browser = browser_of(app, ada(asked.learning_session.journey))
    ids = numbers(database, asked)

    before = Page(browser.get(at(asked) + ticked(ids, "approve")))

    assert before.title == "Approve 3 people?"
    assert "Ana Ruiz Asks to join Ben Okri Asks to join Chi Eze Asks to join" in before.text
    assert "3 ask to join now." in before.text
    assert "2 places are free online now." in before.text
    assert set(places(database, asked).values()) == {"requested"}

    done = decide(browser, asked, ticked(ids, "approve"), text="Welcome!")
    after = Page(browser.get(done.headers["Location"]))

    assert done.status_code == 303
    assert after.title == "2 confirmed, 1 waiting"
    assert places(database, asked) == {"Ana Ruiz": "confirmed", "Ben Okri": "confirmed", "Chi Eze": "waiting"}
    undo = after.links["Withdraw these approvals …"]
    assert Page(browser.get(undo)).title == "Withdraw the approval of 3 people?"


def test_an_approval_just_given_is_withdrawn_again(app, database, asked):
    browser = browser_of(app, ada(asked.learning_session.journey))
    done = decide(browser, asked, ticked(numbers(database, asked), "approve"))
    undo = Page(browser.get(done.headers["Location"])).links["Withdraw these approvals …"]
    query = "?" + undo.partition("?")[2]

    back = Page(browser.get(decide(browser, asked, query).headers["Location"]))

    assert back.title == "3 to be decided about again"
    assert set(places(database, asked).values()) == {"requested"}
    assert database.get_one(Offering, asked.id).confirmed_online == 0


def test_the_same_form_sent_twice_decides_once(app, database, asked):
    browser = browser_of(app, ada(asked.learning_session.journey))
    page = at(asked) + ticked(numbers(database, asked), "take-out")
    hidden = carried(browser.get(page))

    first, second = (browser.post(at(asked), data={**hidden, "text": "Full."}) for _ in range(2))

    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    removed = database.scalars(select(OutboxMessage).where(OutboxMessage.kind == "place-removed")).all()
    assert len(removed) == 3


def test_a_reason_is_asked_for_and_what_was_chosen_is_kept(app, database, asked):
    browser = browser_of(app, ada(asked.learning_session.journey))

    refused = decide(browser, asked, ticked(numbers(database, asked)[:2], "decline"), text="  ")
    page = Page(refused)

    assert refused.status_code == 422
    assert "Say why: each of them reads it." in page.text
    assert page.title == "Decline 2 people?"
    assert set(places(database, asked).values()) == {"requested"}


def test_what_is_freed_is_said_before_and_goes_to_those_who_wait(app, database):
    offering = make_offering(make_learning_session(), capacity_online=2)
    for name in ("Ana Ruiz", "Ben Okri", "Chi Eze", "Dov Levi"):
        seat(make_participant(name), offering)
    browser = browser_of(app, ada(offering.learning_session.journey))
    ids = numbers(database, offering)

    before = Page(browser.get(at(offering) + ticked([ids[0], ids[3]], "take-out")))
    after = Page(
        browser.get(
            decide(browser, offering, ticked([ids[0], ids[3]], "take-out"), text="No-shows.").headers[
                "Location"
            ]
        )
    )

    assert "1 place becomes free online." in before.text
    assert "1 other person waits; the rule of this sitting says who gets it." in before.text
    assert after.title == "2 taken out"
    assert places(database, offering)["Chi Eze"] == "confirmed"


def test_who_does_not_fit_into_the_other_sitting_is_named_with_the_reason(app, database):
    learning_session = make_learning_session()
    offering = make_offering(learning_session)
    for name in ("Ana Ruiz", "Ben Okri"):
        seat(make_participant(name), offering)
    twin = make_offering(learning_session, capacity_online=1)
    browser = browser_of(app, ada(learning_session.journey))
    query = ticked(numbers(database, offering), "move")

    asked_for = Page(browser.get(at(offering) + query))
    after = Page(browser.get(decide(browser, offering, query, to=str(twin.id)).headers["Location"]))

    assert "1 free online" in asked_for.text
    assert after.title == "1 moved, 1 refused"
    assert (
        "The other sitting has no place online that its rule gives to them now. Nothing has changed for that "
        "person. Ben Okri" in after.text
    )
    assert places(database, offering) == {"Ana Ruiz": "released", "Ben Okri": "confirmed"}
    assert places(database, twin) == {"Ana Ruiz": "confirmed"}


def test_all_that_match_are_those_that_matched_when_the_page_was_opened(app, database, monkeypatch, asked):
    monkeypatch.setattr(runs, "AT_ONCE", 2)
    browser = browser_of(app, ada(asked.learning_session.journey))
    query = "?whom=all&status=requested&do=approve"
    shown = browser.get(at(asked) + query)
    hidden = carried(shown)
    assert "digest" in hidden
    operations.release_place(database.get_one(Place, numbers(database, asked)[0]), NOW)

    stale = browser.post(at(asked), data=hidden)

    assert stale.status_code == 409
    assert "Nothing was done" in Page(stale).text
    assert Page(stale).title == "Approve 2 people?"
    assert places(database, asked)["Ben Okri"] == "requested"


def test_very_many_are_done_by_the_worker_in_batches(app, database, monkeypatch, asked):
    monkeypatch.setattr(runs, "AT_ONCE", 2)
    monkeypatch.setattr(runs, "BATCH", 2)
    browser = browser_of(app, ada(asked.learning_session.journey))

    done = decide(browser, asked, "?whom=all&status=requested&do=approve")
    waiting = browser.get(done.headers["Location"])

    assert Page(waiting).title == "0 of 3 people done"
    assert waiting.headers["Refresh"] == "10"
    assert "Refresh" not in browser.get(Page(waiting).links["Stop renewing this page"]).headers
    assert set(places(database, asked).values()) == {"requested"}

    work(app)
    after = browser.get(done.headers["Location"])

    assert Page(after).title == "2 confirmed, 1 waiting"
    assert "Refresh" not in after.headers


def test_nobody_ticked_leads_back(app, database, asked):
    browser = browser_of(app, ada(asked.learning_session.journey))
    for query in ("?do=approve", "?do=approve&who=999999", "?do=approve&who=x&who=-1", "?who=1&do=nonsense"):
        answer = browser.get(at(asked) + query)
        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            f"/organise/offerings/{asked.id}/roster",
        ), query


def test_rows_of_another_sitting_are_not_touched(app, database, asked):
    other = make_offering(make_learning_session(asked.learning_session.journey, "Another"))
    seat(pat(), other)
    browser = browser_of(app, ada(asked.learning_session.journey))
    foreign = numbers(database, other)

    answer = browser.get(at(asked) + ticked(foreign, "take-out"))

    assert answer.status_code == 303
    assert places(database, other) == {"Pat Asante": "confirmed"}


def test_who_may_decide(app, database):
    offering = make_offering(make_learning_session(), capacity_online=1)
    people = cast(offering)
    found = {
        name: [
            browser_of(app, one).get(at(offering, what)).status_code for what in ("act", "message", "runs/99")
        ]
        for name, one in (
            ("nobody", None), ("holder", people.pat), ("facilitator", people.fran), ("reader", people.cora),
            ("owner", people.ada), ("administrator", people.root),
        )
    }  # fmt: skip

    assert found == {
        "nobody": [303, 303, 303], "holder": [403, 403, 403], "facilitator": [403, 403, 403],
        "reader": [403, 403, 403], "owner": [303, 303, 404], "administrator": [303, 303, 404],
    }  # fmt: skip


def write(browser, offering, ids, subject="Bring your case", text="Please read it."):
    page = at(offering, "message") + ticked(ids, "message")
    shown = browser.get(page)
    hidden = carried(shown)
    words = {**hidden, "subject": subject, "text": text}
    preview = browser.submit(at(offering, "message"), words, page=page)
    if preview.status_code != 200:
        return shown, preview
    sending = {**words, **carried(preview), "step": "send"}
    return shown, browser.submit(at(offering, "message"), sending, page=page)


def test_each_gets_the_message_alone_and_who_has_no_address_is_named(app, database):
    offering = make_offering()
    seat(pat(), offering)
    seat(make_participant("Nadia Noaddress"), offering)
    seat(will(), offering)
    browser = browser_of(app, ada(offering.learning_session.journey))
    before = set(database.scalars(select(OutboxMessage.id)))

    shown, sent = write(browser, offering, numbers(database, offering))
    after = Page(browser.get(sent.headers["Location"]))

    page = Page(shown)
    assert page.title == "Write to 2 people"
    assert "3 people: 1 has no address (Nadia Noaddress). 2 people are written to." in page.text
    assert after.title == "2 written to, 1 not reached"
    new = [one for one in database.scalars(select(OutboxMessage)).all() if one.id not in before]
    assert {(one.kind, one.to_address) for one in new} == {
        ("roster-message", "pat@example.org"), ("roster-message", "will@example.org")
    }  # fmt: skip
    assert database.scalars(select(RosterMessage)).one().people == 2


def test_a_message_needs_words_and_a_plain_subject(app, database):
    offering = make_offering()
    seat(pat(), offering)
    browser = browser_of(app, ada(offering.learning_session.journey))

    for subject, text in (("", "Words"), ("Subject", " "), ("Two\x07", "Words"), ("a" * 151, "Words")):
        _, answer = write(browser, offering, numbers(database, offering), subject, text)
        assert answer.status_code == 422, subject
        assert database.scalars(select(RosterMessage)).all() == []


def test_a_message_to_very_many_is_fanned_out_by_the_worker(app, database, monkeypatch):
    monkeypatch.setattr(runs, "AT_ONCE", 2)
    offering = make_offering()
    fill(offering, 5)
    browser = browser_of(app, ada(database.get_one(Offering, offering.id).learning_session.journey))
    page = at(offering, "message") + "?whom=all"
    words = {**carried(browser.get(page)), "subject": "S", "text": "T"}
    preview = browser.submit(at(offering, "message"), words, page=page)

    sending = {**words, **carried(preview), "step": "send"}
    sent = browser.submit(at(offering, "message"), sending, page=page)

    written = select(OutboxMessage).where(OutboxMessage.kind == "roster-message")
    assert database.scalars(written).all() == []
    work(app)
    assert {one.to_name for one in database.scalars(written).all()} != set()
    assert Page(browser.get(sent.headers["Location"])).title == "5 written to"


def test_those_whom_it_does_not_concern_are_left_as_they_are(app, database, asked):
    ids = numbers(database, asked)
    operations.release_place(database.get_one(Place, ids[0]), NOW)
    browser = browser_of(app, ada(asked.learning_session.journey))
    query = ticked(ids, "approve")

    before = Page(browser.get(at(asked) + query))
    after = Page(browser.get(decide(browser, asked, query).headers["Location"]))
    nothing = Page(browser.get(at(asked) + ticked(ids[:1], "approve")))

    assert before.title == "Approve 2 of 3 people?"
    assert "1 released: nothing changes for that person." in before.text
    assert after.title == "2 confirmed, 1 unchanged"
    assert "1 person was not concerned; nothing has changed for that person." in after.text
    assert "There is nothing to do" in nothing.text
    assert nothing.buttons == []


def test_a_lost_worker_leaves_nobody_decided_about_twice(app, database, monkeypatch, asked):
    monkeypatch.setattr(runs, "AT_ONCE", 0)
    monkeypatch.setattr(runs, "BATCH", 1)
    ids = numbers(database, asked)
    order = Order("decline", "Full.", by_id=ada(asked.learning_session.journey).id)
    number = runs.begin(order, asked.learning_session.journey_id, asked.id, ids, "", NOW)
    while (held := jobs.claim(NOW)) is not None and held.kind != runs.KIND:
        jobs.complete(held, NOW)
    assert held is not None
    jobs.keep(held, runs.advanced(held.payload, 1, NOW), NOW)
    database.commit()  # here the worker is lost; its lease ends

    work(app, later=timedelta(minutes=6))

    told = select(OutboxMessage).where(OutboxMessage.kind == "place-declined")
    assert len(database.scalars(told).all()) == 3
    found = runs.run(number)
    assert found is not None
    assert (found.done, found.counts, found.is_over) == (3, {"declined": 3}, True)

"""Deciding about many people when it has become impossible meanwhile; whom a page means, in words."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.enrolments.views.rosters import acting, writing
from app.learning_sessions.models import Offering, OfferingStatus
from app.organisations.models import Organisation
from tests.enrolments.test_roster_acts import asked, at, carried, numbers, places, ticked
from tests.factories import NOW, make_offering, make_participant
from tests.page import Page
from tests.people import ada, browser_of, seat

__all__ = ["asked"]


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def test_what_became_impossible_says_why_and_keeps_the_reason(app, database, asked, time_machine):
    time_machine.move_to(asked.starts_at - timedelta(hours=1))
    browser, ids = browser_of(app, ada(asked.learning_session.journey)), numbers(database, asked)
    approval = carried(browser.get(at(asked) + ticked(ids, "approve")))
    removal = carried(browser.get(at(asked) + ticked(ids, "take-out")))

    time_machine.move_to(asked.starts_at)
    begun = Page(browser.post(at(asked), data={**approval, "text": "Welcome to this!"}))
    time_machine.move_to(asked.ends_at)
    over = Page(browser.post(at(asked), data={**removal, "text": "We are full."}))

    assert (begun.status, begun.title) == (409, "Nothing was done")
    assert "This can no longer be done here: the sitting has begun, so nothing was done." in begun.text
    assert "Welcome to this!" in begun.source
    assert "Ana Ruiz" in begun.text
    assert (over.status, over.title) == (409, "Nothing was done")
    assert "the sitting is over" in over.text
    assert "We are full." in over.source
    assert set(places(database, asked).values()) == {"requested"}


def test_nobody_to_move_to_and_nobody_left_are_told_apart(app, database, asked):
    twin = make_offering(asked.learning_session, capacity_online=1)
    browser, ids = browser_of(app, ada(asked.learning_session.journey)), numbers(database, asked)
    hidden = carried(browser.get(at(asked) + ticked(ids, "move")))
    database.get_one(Offering, twin.id).status = OfferingStatus.CANCELLED
    database.commit()

    alone = Page(browser.post(at(asked), data={**hidden, "to": str(twin.id), "text": "Sorry!"}))
    none = Page(browser.post(at(asked), data={**hidden, "do": "take-out", "who": "999999", "text": "Out."}))
    unmatched = {**hidden, "do": "take-out", "whom": "all", "q": "zzzz", "text": "Out."}
    unmatched = Page(browser.post(at(asked), data=unmatched))
    unsaid = Page(browser.post(at(asked), data={**hidden, "do": "nonsense"}))

    assert "there is no other sitting that takes people" in alone.text
    assert "Sorry!" in alone.source
    assert "nobody of those you chose is on this roster any more" in none.text
    assert "Out." in none.source
    assert "nobody matches what you chose any more" in unmatched.text
    assert (unsaid.status, "It was not said what to do with them" in unsaid.text) == (422, True)


def test_what_matches_is_named_in_words(app, database, monkeypatch):
    monkeypatch.setattr(acting, "MOST_NAMED", 1)
    monkeypatch.setattr(writing, "MOST_NAMED", 1)
    offering = make_offering()
    for name in ("Ana Ruiz", "Ben Okri"):
        seat(make_participant(name, country="GH", organisation="Ministry of Health"), offering)
    organisation = database.scalars(select(Organisation.id)).one()
    browser = browser_of(app, ada(offering.learning_session.journey))
    query = f"?whom=all&status=confirmed&country=GH&organisation={organisation}"
    words = "who matches: status “Confirmed”, country “Ghana”, organisation “Ministry of Health”."

    assert words in Page(browser.get(at(offering) + query + "&do=take-out")).text
    assert words in Page(browser.get(at(offering, "message") + query)).text


def test_the_order_is_chosen_beside_the_filters(app, database):
    offering = make_offering()
    seat(make_participant("Ana Ruiz"), offering)
    browser = browser_of(app, ada(offering.learning_session.journey))

    page = Page(browser.get(f"/organise/offerings/{offering.id}/roster?sort=-name"))

    assert '<label for="roster-sort">Sorted by</label>' in page.source
    assert '<option value="-name" selected>Name, from the end</option>' in page.source
    assert '<option value="name">Name</option>' in page.source

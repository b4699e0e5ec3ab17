"""The page between the form of a sitting and its saving: what it says, and that nothing typed gets lost."""

from datetime import datetime

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.permissions import OrganiserRole
from app.enrolments.models import Place
from app.journeys.models import JourneyStatus
from app.journeys.operations import assign_organiser
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import Part
from app.scheduling.models import OfferingChange
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_participant,
    make_venue,
)
from tests.people import ada, browser_of, cora, lead, make_account, nora, pat, seat, will
from tests.scheduling.planning import edit_page, errors_of, read, send, send_again, typed_in

AWKWARD = "“Quotes” & <b>tags</b>, مرحبا 👋"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def offering(database):
    """On Thursday 22 April 2027, 13:00–14:30 in London; Pat in Accra holds the place, Will in Dhaka waits."""
    made = make_offering(
        capacity_online=1, agenda=(Part(10, "Welcome"), Part(60, AWKWARD, "Line one.\r\nLine two."))
    )
    lead(made, make_facilitator("Wanjiru Kamau", timezone="Africa/Nairobi", country="KE"), "Lead")
    seat(pat(), made)
    seat(will(), made)
    return made


@pytest.fixture
def browser(app, offering):
    return browser_of(app, ada(offering.learning_session.journey))


def the_sitting() -> Offering:
    db.expire_all()
    return db.scalars(select(Offering)).one()


def test_it_says_who_is_affected_and_for_whom_the_day_is_another(browser, offering):
    path = edit_page(offering.id)

    page = read(send(browser, path, {"begins": "20:00"}))

    assert (page.status, page.title) == (200, "Save this change?")
    assert "Nothing is saved yet. It concerns 2 people who count on this sitting." in page.text
    assert "It will stand in the public list of changes." in page.text
    assert "When Thu 22 April, 13:00–14:30 London, BST Thu 22 April, 20:00–21:30 London, BST" in page.text
    assert "1 person holds a place. 1 person waits for one. Led by Wanjiru Kamau." in page.text
    assert "For 1 person it would be another day of the week." in page.text
    assert (
        "Accra 1 Thu 22 April, 12:00–13:30 Thu 22 April, 19:00–20:30 evening instead of afternoon"
        in page.text
    )
    assert (
        "Dhaka 1 Thu 22 April, 18:00–19:30 Fri 23 April, 01:00–02:30 "
        "Friday instead of Thursday, night instead of evening"
    ) in page.text
    assert page.buttons == ["Save the change", "Back to the form"]


def test_nothing_typed_gets_lost_on_the_way_to_saving(browser, offering):
    path = edit_page(offering.id)
    typed = {
        "begins": "15:00",
        "join_url": "https://meet.example.org/?a=1&b=%22",
        "facilitators-1-name": "Farid Rahman",
        "names_asked": "farid rahman",
        "facilitators-1-role": AWKWARD,
        "agenda-2-title": AWKWARD,
        "agenda-2-minutes": "5",
    }

    asked = send(browser, path, typed)
    saved = send_again(browser, path, asked, {"confirmed": "1", "change_note": f"{AWKWARD}\r\nSorry."})

    assert saved.status_code == 303
    one = the_sitting()
    assert one.starts_wall == datetime(2027, 4, 22, 15)  # noqa: DTZ001  # a wall time
    assert one.join_url == typed["join_url"]
    assert [(row.facilitator.name, row.role) for row in one.facilitators] == [
        ("Wanjiru Kamau", "Lead"),
        ("Farid Rahman", AWKWARD),
    ]
    assert [(row.title, row.length_minutes) for row in one.agenda] == [
        ("Welcome", 10),
        (AWKWARD, 60),
        (AWKWARD, 5),
    ]
    assert one.agenda[1].summary.splitlines() == ["Line one.", "Line two."]
    assert db.scalars(select(OfferingChange)).one().note.splitlines() == [AWKWARD, "Sorry."]


def test_back_gives_the_form_with_everything_in_it_and_forward_again_the_note(browser, offering):
    path = edit_page(offering.id)
    typed = {
        "begins": "15:00", "agenda-0-title": AWKWARD,
        "facilitators-1-name": "Farid Rahman", "names_asked": "farid rahman",
    }  # fmt: skip
    asked = send(browser, path, typed)

    back = send_again(browser, path, asked, {"back": "1", "change_note": f"{AWKWARD}\nSorry."})
    forward = send_again(browser, path, back)

    fields = typed_in(back)
    assert (back.status_code, read(back).title) == (200, "Change this sitting")
    assert {name: fields[name] for name in typed} == typed
    assert fields["agenda-1-summary"].splitlines() == ["Line one.", "Line two."]
    assert read(forward).title == "Save this change?"
    assert typed_in(forward)["change_note"] == f"{AWKWARD}\nSorry."
    assert the_sitting().sequence == 0


def test_a_form_that_lost_its_token_on_the_page_between_keeps_everything(browser, offering):
    path = edit_page(offering.id)
    asked = send(browser, path, {"begins": "15:00"})

    answer = browser.post(path, data=typed_in(asked) | {"csrf_token": "gone", "confirmed": "1"})

    assert answer.status_code == 422
    assert typed_in(answer)["begins"] == "15:00"
    assert the_sitting().sequence == 0


def test_another_organiser_saves_while_one_looks_at_the_page_between(app, browser, offering):
    path, journey = edit_page(offering.id), offering.learning_session.journey
    other = make_account("Eddy Editor")
    assign_organiser(journey, other, OrganiserRole.EDITOR, NOW)
    second = browser_of(app, other)
    asked = send(browser, path, {"begins": "15:00"})
    theirs = send(second, path, {"join_url": "https://meet.example.org/theirs"})

    late = send_again(browser, path, asked, {"confirmed": "1", "change_note": "The room was taken."})

    assert (theirs.status_code, late.status_code) == (303, 409)
    assert "https://meet.example.org/theirs" in read(late).text
    assert typed_in(late)["begins"] == "15:00"
    assert typed_in(late)["change_note"] == "The room was taken."
    assert the_sitting().sequence == 0


def test_another_organiser_cancels_while_one_looks_at_the_page_between(app, browser, offering):
    path = edit_page(offering.id)
    asked = send(browser, path, {"begins": "15:00"})
    browser.submit(path.replace("edit", "cancel"), {"reason": "The speaker is ill."})

    late = send_again(browser, path, asked, {"confirmed": "1"})

    assert late.status_code == 422
    assert "This sitting has been cancelled; restore it before you move it." in read(late).text
    assert typed_in(late)["begins"] == "15:00"
    assert the_sitting().starts_wall == datetime(2027, 4, 22, 13)  # noqa: DTZ001  # a wall time


def test_who_would_lose_a_place_is_named_and_asked_about(browser, offering, database):
    path, one = edit_page(offering.id), database.get_one(Offering, offering.id)
    one.capacity_online = 3
    database.flush()
    seat(nora(), one)
    refused = send(browser, path, {"capacity_online": "2"})

    asked = send_again(browser, path, refused, {"may_unseat": "y"})

    page = read(asked)
    assert page.title == "Save this change?"
    assert "1 person would lose a place Online: Nora Ilunga." in page.text
    assert ("input", True) in [
        (tag, "checked" in facts) for tag, facts in page.tags if facts.get("id") == "may_unseat"
    ]
    assert "change_note" not in page.source
    withdrawn = typed_in(asked) | {"confirmed": "1"}
    del withdrawn["may_unseat"]
    assert browser.post(path, data=withdrawn).status_code == 422
    assert the_sitting().capacity_online == 3


def test_consent_holds_for_those_who_were_named(browser, offering, database):
    path, one = edit_page(offering.id), database.get_one(Offering, offering.id)
    one.capacity_online = 4
    database.flush()
    seat(nora(), one)
    refused = send(browser, path, {"capacity_online": "2"})
    asked = send_again(browser, path, refused, {"may_unseat": "y", "begins": "15:00"})
    assert read(asked).title == "Save this change?"
    seat(make_participant("Late Comer"), database.get_one(Offering, offering.id))

    again = send_again(browser, path, asked, {"confirmed": "1", "change_note": "A smaller room."})

    assert (again.status_code, list(errors_of(again))) == (422, ["capacity_online"])
    assert "In this order: Nora Ilunga, Late Comer." in read(again).text
    assert "may_unseat" not in typed_in(again)
    assert typed_in(again)["change_note"] == "A smaller room."
    assert the_sitting().capacity_online == 4
    agreed = send_again(browser, path, again, {"may_unseat": "y"})
    assert send_again(browser, path, agreed, {"confirmed": "1"}).status_code == 303
    assert db.scalars(select(Place.status).order_by(Place.id)).all() == [
        "confirmed", "confirmed", "waiting", "waiting",
    ]  # fmt: skip


def test_a_note_that_cannot_be_kept_comes_back_beside_it(browser, offering):
    path = edit_page(offering.id)
    asked = send(browser, path, {"begins": "15:00"})

    answer = send_again(browser, path, asked, {"confirmed": "1", "change_note": "be\x00fore"})

    assert (answer.status_code, list(errors_of(answer))) == (422, ["change_note"])
    assert read(answer).title == "Save this change?"
    assert the_sitting().sequence == 0


def test_another_place_is_told_in_words(app, database):
    venue = make_venue("Training centre", "Africa/Accra", city="Accra", country="GH")
    other = make_venue("Old school", "Africa/Accra", city="Tema", country="GH")
    offering = make_offering(attendance=Attendance.IN_PERSON, timezone="Africa/Accra", venue=venue)
    seat(pat(), offering, Way.IN_PERSON)
    browser, path = browser_of(app, ada(offering.learning_session.journey)), edit_page(offering.id)

    page = read(send(browser, path, {"venue": str(other.id)}))

    assert "Where in person, Training centre, Accra in person, Old school, Tema" in page.text
    assert "When it is for them" not in page.text


def test_what_comes_up_at_the_new_time_is_said_with_a_link(app, database):
    journey = make_journey()
    offering = make_offering(make_learning_session(journey))
    make_offering(make_learning_session(journey, "The other"), wall=datetime(2027, 4, 29, 13, 0))  # noqa: DTZ001
    browser, path = browser_of(app, ada(journey)), edit_page(offering.id)

    page = read(send(browser, path, {"day": "2027-04-29"}))

    assert "What comes up then" in page.sections
    assert "/journeys/financing-and-payment-models/sessions/the-other/" in page.links.values()


def test_in_a_draft_nobody_is_asked(app, database):
    offering = make_offering(make_learning_session(make_journey(status=JourneyStatus.DRAFT)))
    browser, path = browser_of(app, ada(offering.learning_session.journey)), edit_page(offering.id)

    assert send(browser, path, {"begins": "15:00"}).status_code == 303


def test_who_may_only_read_cannot_confirm(app, browser, offering):
    path, journey = edit_page(offering.id), offering.learning_session.journey
    reader = cora(journey)
    asked = send(browser, path, {"begins": "15:00"})
    fields = typed_in(asked) | {"confirmed": "1"}

    assert browser_of(app, reader).post(path, data=fields).status_code == 403
    assert browser_of(app).post(path, data=fields).status_code == 303
    assert the_sitting().sequence == 0

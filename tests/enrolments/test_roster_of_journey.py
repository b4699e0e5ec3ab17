"""The list of a journey's people: who asks to join, who is in, and what organisers decide about them."""

import re

import pytest
from sqlalchemy import select

from app.enrolments import entering, operations
from app.enrolments.models import Enrolment, EnrolmentPolicy, EnrolmentStatus, Place
from app.enrolments.rules import Admission
from app.journeys import operations as journeys
from app.journeys.models import Journey
from tests.enrolments.rosters import fill
from tests.enrolments.test_roster import HOSTILE, names
from tests.enrolments.test_roster_acts import carried
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_participant
from tests.page import Page
from tests.people import ada, browser_of, cast, cora, make_account, pat, root, seat


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def asked(database):
    """A journey that its organisers let people into; three ask, one of them is in."""
    journey = make_journey()
    policy = EnrolmentPolicy(
        journey_id=journey.id, admission=Admission.APPROVAL, question="Why you?", timezone="Europe/London"
    )
    database.add(policy)
    database.flush()
    for name in ("Ana Ruiz", "Ben Okri", "Chi Eze"):
        person = make_participant(name, user=make_account(name), organisation="Ministry of Health")
        entering.ask_to_join(journey, person, NOW, answer=f"Because I am {name}.")
    return journey


def at(journey, what: str = "") -> str:
    return f"/organise/journeys/{journey.slug}/roster{what}"


def statuses(database, journey) -> dict[str, str]:
    rows = database.scalars(select(Enrolment).where(Enrolment.journey_id == journey.id)).all()
    return {one.participant.name: one.status.value for one in rows}


def numbers(database, journey) -> list[int]:
    found = select(Enrolment.id).where(Enrolment.journey_id == journey.id).order_by(Enrolment.id)
    return list(database.scalars(found))


def decide(browser, journey, query: str, **fields: str):
    page = at(journey, "/act") + query
    return browser.submit(at(journey, "/act"), {**carried(browser.get(page)), **fields}, page=page)


def test_the_roster_of_a_journey_tells_who_asks_and_what_they_answered(app, database, asked):
    page = Page(browser_of(app, ada(asked)).get(at(asked)))

    assert page.title == "Roster"
    assert "3 ask to join. Showing 1–3 of 3, sorted by status." in page.text
    assert names(page) == ["Ana Ruiz", "Ben Okri", "Chi Eze"]
    assert "Because I am Ben Okri." in page.text
    assert "Ministry of Health ana@example.org Ghana Accra" in page.text


def test_requests_are_approved_and_declined_with_a_reason(app, database, asked):
    browser, ids = browser_of(app, ada(asked)), numbers(database, asked)

    yes = decide(browser, asked, f"?do=approve&who={ids[0]}&who={ids[1]}", text="Welcome!")
    no = decide(browser, asked, f"?do=decline&who={ids[2]}", text="We are full of economists.")
    page = Page(browser.get(at(asked)))

    assert Page(browser.get(yes.headers["Location"])).title == "2 enrolled"
    assert Page(browser.get(no.headers["Location"])).title == "1 declined"
    assert statuses(database, asked) == {"Ana Ruiz": "active", "Ben Okri": "active", "Chi Eze": "declined"}
    assert "told: We are full of economists." in page.text


def test_an_approval_is_withdrawn_from_the_page_that_told_of_it(app, database, asked):
    browser, ids = browser_of(app, ada(asked)), numbers(database, asked)
    yes = decide(browser, asked, f"?do=approve&who={ids[0]}")

    undo = Page(browser.get(yes.headers["Location"])).links["Withdraw these approvals …"]
    back = decide(browser, asked, "?" + undo.partition("?")[2])

    assert Page(browser.get(back.headers["Location"])).title == "1 to be decided about again"
    assert statuses(database, asked)["Ana Ruiz"] == "requested"


def test_removing_says_what_it_frees_and_frees_it(app, database):
    offering = make_offering(make_learning_session(), capacity_online=1)
    people = cast(offering)
    journey = offering.learning_session.journey
    browser = browser_of(app, people.ada)
    number = database.scalar(select(Enrolment.id).where(Enrolment.participant_id == people.pat.id))
    query = f"?do=remove&who={number}"

    before = Page(browser.get(at(journey, "/act") + query))
    done = decide(browser, journey, query, text="Asked to leave.")

    assert before.title == "Remove 1 person?"
    assert "1 coming place in its sessions becomes free" in before.text
    assert Page(browser.get(done.headers["Location"])).title == "1 removed"
    held = database.scalars(select(Place).where(Place.participant_id == people.will.id)).one()
    assert held.status.value == "confirmed"
    assert statuses(database, journey)["Pat Asante"] == "left"


def test_in_a_closed_journey_nobody_is_let_in(app, database, asked):
    browser, ids = browser_of(app, ada(asked)), numbers(database, asked)
    query = f"?do=approve&who={ids[0]}"
    hidden = carried(browser.get(at(asked, "/act") + query))
    journeys.close(database.get_one(Journey, asked.id), "Over.", NOW.date(), NOW)

    answer = browser.post(at(asked, "/act"), data={**hidden, "text": "Welcome, Ana!"})

    assert answer.status_code == 409
    page = Page(answer)
    assert "This can no longer be done here: the journey is not open, so nothing was done." in page.text
    assert "Welcome, Ana!" in page.source
    assert statuses(database, asked)["Ana Ruiz"] == "requested"
    assert '<option value="approve"' not in browser.get(at(asked)).text


def test_an_approval_that_is_no_longer_asked_for_says_so(app, database, asked):
    browser, ids = browser_of(app, ada(asked)), numbers(database, asked)
    hidden = carried(browser.get(at(asked, "/act") + f"?do=decline&who={ids[0]}"))
    policy = database.get_one(EnrolmentPolicy, asked.id)
    policy.admission = Admission.OPEN
    for enrolment in database.scalars(select(Enrolment).where(Enrolment.journey_id == asked.id)):
        enrolment.status = EnrolmentStatus.ACTIVE
    database.commit()

    page = Page(browser.post(at(asked, "/act"), data={**hidden, "text": "Too late."}))

    assert (page.status, page.title) == (409, "Nothing was done")
    assert "nobody asks to join any more, and people join without approval" in page.text
    assert "Ana Ruiz" in page.text
    assert "Too late." in page.source


def test_who_sees_and_who_decides(app, database):
    offering = make_offering(make_learning_session(), capacity_online=1)
    people, journey = cast(offering), offering.learning_session.journey
    paths = ("", ".csv", ".xlsx", "/act", "/message", "/runs/9")
    found = {
        name: [browser_of(app, who).get(at(journey, path)).status_code for path in paths]
        for name, who in (
            ("nobody", None), ("participant", people.pat), ("facilitator", people.fran),
            ("reader", people.cora), ("owner", people.ada), ("administrator", people.root),
        )
    }  # fmt: skip

    assert found == {
        "nobody": [303] * 6, "participant": [403] * 6, "facilitator": [403] * 6,
        "reader": [200, 200, 200, 403, 403, 403], "owner": [200, 200, 200, 303, 303, 404],
        "administrator": [200, 200, 200, 303, 303, 404],
    }  # fmt: skip
    reading = browser_of(app, people.cora).get(at(journey)).text
    assert "pat@example.org" not in reading
    assert "pat@example.org" in browser_of(app, people.ada).get(at(journey)).text


def test_what_was_done_elsewhere_is_not_told_here(app, database, asked):
    browser, ids = browser_of(app, ada(asked)), numbers(database, asked)
    done = decide(browser, asked, f"?do=approve&who={ids[0]}").headers["Location"]
    other = make_journey("Another")
    number = re.search(r"/runs/(\d+)", done).group(1)

    answer = browser_of(app, root()).get(at(other, f"/runs/{number}"))

    assert answer.status_code == 404


def test_hostile_answers_stand_as_they_are(app, database, asked):
    person = make_participant("Mallory", user=make_account("Mallory"))
    entering.ask_to_join(asked, person, NOW, answer=HOSTILE)

    answer = browser_of(app, ada(asked)).get(at(asked))

    assert HOSTILE not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_thirty_people_cost_as_many_queries_as_one(app, database, query_counter):
    offering = make_offering()
    journey = offering.learning_session.journey
    fill(offering, 1)
    browser = browser_of(app, ada(journey))
    with query_counter() as few:
        assert browser.get(at(journey)).status_code == 200
    fill(offering, 30, first=1)

    with query_counter() as many:
        page = Page(browser.get(at(journey)))

    assert "31 enrolled. Showing 1–31 of 31" in page.text
    assert many.count == few.count
    assert many.count <= 14


def test_the_desk_of_the_journey_leads_to_its_people(app, database, asked):
    operations.enrol(asked, pat(), NOW)

    page = Page(browser_of(app, ada(asked)).get(f"/organise/journeys/{asked.slug}/"))

    assert "People" in page.sections
    assert page.links["3 ask to join"] == at(asked) + "?status=requested"
    assert page.links["Roster"] == at(asked)
    reading = Page(browser_of(app, cora(asked)).get(f"/organise/journeys/{asked.slug}/"))
    assert "Roster" in reading.links
    assert "Invitations" not in reading.links


def test_seats_are_not_needed_to_stand_here(app, database):
    offering = make_offering()
    seat(pat(), offering)
    journey = offering.learning_session.journey

    page = Page(browser_of(app, ada(journey)).get(at(journey)))

    assert names(page) == ["Pat Asante"]
    assert "Enrolled" in page.text

"""The organisers' desk: what one runs, and the steps of a journey's life."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.permissions import OrganiserRole
from app.domain.timezones import Flag, zone_data_version
from app.journeys.models import Journey, JourneyStatus
from app.journeys.operations import assign_organiser
from app.learning_sessions.models import Offering
from app.scheduling.models import ZoneCheck
from app.scheduling.operations import cancel
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import ada, browser_of, cora, fran, make_account, nora, pat, root, seat

HUB = "/organise/journeys/financing-and-payment-models/"
STATUS = f"{HUB}status"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def status_of(slug: str = "financing-and-payment-models") -> JourneyStatus | None:
    return db.scalar(select(Journey.status).where(Journey.slug == slug))


def test_an_organiser_finds_her_journeys_with_counts_and_steps(app, database):
    offering = make_offering()
    journey = offering.learning_session.journey
    seat(pat(), offering)
    organiser = ada(journey)
    make_journey("Somebody else's")

    page = Page(browser_of(app, organiser).get("/organise/"))

    assert (page.status, page.title) == (200, "Organise")
    assert "1 journey" in page.text
    assert "Financing and Payment Models Learning exchange Open 1 in 1 country" in page.text
    assert page.links["Financing and Payment Models"] == HUB
    assert page.links["1 sitting without a facilitator in Financing and Payment Models"] == f"{HUB}#h-missing"
    assert page.links["Close … Financing and Payment Models"] == f"{STATUS}?step=close"
    assert "Somebody else's" not in page.links


def test_the_desk_says_which_zone_data_is_in_use_and_since_when(app, database):
    browser = browser_of(app, ada(make_journey()))
    assert "not been checked against it yet" in Page(browser.get("/organise/")).text
    database.add(ZoneCheck(version=zone_data_version(), checked_at=NOW, examined=1, moved=0, flagged=0))

    text = Page(browser.get("/organise/")).text

    assert (
        f"edition {zone_data_version()} of the time zone data, in use here since 1 March 2027 (UTC)." in text
    )
    assert "last checked against it on 1 March 2027 (UTC)." in text


def test_what_waits_is_named_on_the_desk_and_leads_to_the_journey(app, database):
    offering = make_offering()
    journey = offering.learning_session.journey
    make_learning_session(journey, "Without a date")
    offering.zone_flag = Flag.NOW_IN_GAP

    page = Page(browser_of(app, ada(journey)).get("/organise/"))

    waits = "1 time to look at, 1 session without a date, 1 sitting without a facilitator"
    assert page.links[f"{waits} in Financing and Payment Models"] == f"{HUB}#h-missing"
    assert "New rules made the time of 1 coming sitting unclear" in page.text


def test_what_is_over_waits_for_nobody(app, database, time_machine):
    journey = make_offering().learning_session.journey
    organiser = ada(journey)
    time_machine.move_to(datetime(2027, 4, 23, tzinfo=UTC))

    assert "Waits" not in Page(browser_of(app, organiser).get("/organise/")).text
    assert "has no facilitator" not in Page(browser_of(app, organiser).get(HUB)).text


def test_an_administrator_finds_every_journey(app, database):
    make_journey("One")
    make_journey("Two", status=JourneyStatus.ARCHIVED)

    page = Page(browser_of(app, root()).get("/organise/"))

    assert "2 journeys" in page.text
    assert "Archived; nothing more to do" in page.text


def test_an_administrator_of_an_empty_site_reads_how_journeys_come(app, database):
    page = Page(browser_of(app, root()).get("/organise/"))

    assert "No journeys yet" in page.text


def test_a_co_organiser_who_may_only_read_is_offered_no_step(app, database):
    reader = cora(make_journey())

    page = Page(browser_of(app, reader).get("/organise/"))

    assert "You may read it" in page.text
    assert [text for text in page.links if "…" in text] == []


def test_the_desk_is_closed_to_those_who_organise_nothing(app, database):
    offering = make_offering()

    answers = {
        name: browser_of(app, who).get("/organise/").status_code
        for name, who in {"nora": nora(), "fran": fran(offering), "stan": None}.items()
    }

    assert answers == {"nora": 403, "fran": 403, "stan": 303}
    assert browser_of(app).get("/organise/").headers["Location"] == "/sign-in?next=/organise/"


LIFE = [
    (JourneyStatus.DRAFT, "publish", "Publish it", JourneyStatus.PUBLISHED),
    (JourneyStatus.PUBLISHED, "open", "Open it", JourneyStatus.OPEN),
    (JourneyStatus.OPEN, "close", "Close it", JourneyStatus.CLOSED),
    (JourneyStatus.CLOSED, "open", "Open it", JourneyStatus.OPEN),
    (JourneyStatus.CLOSED, "archive", "Archive it", JourneyStatus.ARCHIVED),
]


@pytest.mark.parametrize(("before", "step", "button", "after"), LIFE)
def test_each_step_is_explained_and_then_taken(app, database, before, step, button, after):
    browser = browser_of(app, ada(make_journey(status=before)))
    page = Page(browser.get(f"{STATUS}?step={step}"))
    assert page.title == f"{step.capitalize()} “Financing and Payment Models”?"
    assert page.buttons == [button]

    answer = browser.submit(STATUS, {"step": step}, page=f"{STATUS}?step={step}")

    assert (answer.status_code, answer.headers["Location"]) == (303, HUB)
    assert status_of() is after
    assert Page(browser.get("/organise/")).notices == [
        f"“Financing and Payment Models” is {after.value} now."
    ]


def test_closing_keeps_the_note_and_the_day_and_shows_them_on_the_page(app, database):
    browser = browser_of(app, ada(make_journey()))

    browser.submit(STATUS, {"step": "close", "note": "Thank you *all*."}, page=f"{STATUS}?step=close")

    page = Page(browser.get("/journeys/financing-and-payment-models/"))
    assert "closed on 1 March 2027 Thank you all." in page.notices[1]


def test_a_closed_journey_that_opens_again_forgets_that_it_was_closed(app, database):
    browser = browser_of(app, ada(make_journey(status=JourneyStatus.CLOSED)))

    browser.submit(STATUS, {"step": "open"}, page=f"{STATUS}?step=open")

    assert "closed" not in Page(browser.get("/journeys/financing-and-payment-models/")).text


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (JourneyStatus.DRAFT, "close"),
        (JourneyStatus.DRAFT, "open"),
        (JourneyStatus.OPEN, "publish"),
        (JourneyStatus.ARCHIVED, "open"),
    ],
)
def test_a_step_that_is_not_next_is_refused_beside_the_form(app, database, status, step):
    browser = browser_of(app, ada(make_journey(status=status)))

    page = Page(browser.submit(STATUS, {"step": step}, page="/sign-out"))

    assert page.status == 422
    assert f"A journey that is {status.value} cannot become" in page.text
    assert status_of() is status


@pytest.mark.parametrize(("before", "step", "_button", "after"), LIFE)
def test_a_step_taken_twice_says_that_it_is_done_already(app, database, before, step, _button, after):
    browser = browser_of(app, ada(make_journey(status=before)))

    said = []
    for note in ("The first.", "The second."):
        answer = browser.submit(STATUS, {"step": step, "note": note}, page=f"{STATUS}?step={step}")
        assert answer.status_code == 303
        said += Page(browser.get(HUB)).notices

    assert said == [
        f"“Financing and Payment Models” is {after.value} now.",
        f"“Financing and Payment Models” is {after.value} already; nothing changed.",
    ]
    assert database.scalar(select(Journey.closing_note)) in ("The first.", "", "It is over.")


@pytest.mark.parametrize("step", ["", "explode", "健康", "close\x00"])
def test_a_step_that_is_none_is_refused_and_changes_nothing(app, database, step):
    browser = browser_of(app, ada(make_journey()))

    assert browser.submit(STATUS, {"step": step}, page="/sign-out").status_code == 422
    assert browser.post(STATUS, data={"step": step}).status_code == 422
    assert status_of() is JourneyStatus.OPEN


@pytest.mark.parametrize("query", ["", "?step=", "?step=explode", "?step=%E5%81%A5"])
def test_an_address_that_names_no_step_leads_back_to_the_journey(app, database, query):
    answer = browser_of(app, ada(make_journey())).get(f"{STATUS}{query}")

    assert (answer.status_code, answer.headers["Location"]) == (303, HUB)


def test_a_step_without_its_token_is_refused_with_what_was_typed(app, database):
    browser = browser_of(app, ada(make_journey()))

    answer = browser.post(STATUS, data={"step": "close", "note": "Thank <you>"})

    assert answer.status_code == 422
    assert "Thank &lt;you&gt;</textarea>" in answer.text
    assert status_of() is JourneyStatus.OPEN


def test_who_may_only_read_cannot_change_the_status(app, database):
    reader = cora(make_journey())
    browser = browser_of(app, reader)

    assert browser.get(f"{STATUS}?step=close").status_code == 403
    assert browser.submit(STATUS, {"step": "close"}, page="/sign-out").status_code == 403
    assert status_of() is JourneyStatus.OPEN


def test_the_status_is_changed_by_owners_editors_and_administrators_only(app, database):
    journey = make_journey()
    people = {"ada": ada(journey), "cora": cora(journey), "root": root(), "nora": nora()}
    for name, role in (("Eddy Editor", OrganiserRole.EDITOR), ("Petra People", OrganiserRole.PEOPLE)):
        people[name] = make_account(name)
        assign_organiser(journey, people[name], role, NOW)

    answers = {
        name: browser_of(app, who).get(f"{STATUS}?step=close").status_code for name, who in people.items()
    }

    assert answers == {
        "ada": 200,
        "Eddy Editor": 200,
        "root": 200,
        "Petra People": 403,
        "cora": 403,
        "nora": 403,
    }
    assert (
        browser_of(app).get(f"{STATUS}?step=close").headers["Location"].startswith("/sign-in?next=/organise/")
    )


def test_the_organiser_of_one_journey_does_not_find_the_draft_of_another(app, database):
    organiser = ada(make_journey("Hers"))
    make_journey(status=JourneyStatus.DRAFT)

    assert browser_of(app, organiser).get(f"{STATUS}?step=publish").status_code == 404


def test_closing_says_who_is_told_and_what_is_still_to_come(app, database):
    journey = make_journey()
    offering, _ = (make_offering(make_learning_session(journey, f"Session {n}")) for n in (1, 2))
    browser, number = browser_of(app, ada(journey)), offering.id
    text = Page(browser.get(f"{STATUS}?step=close")).text
    assert "gets a mail about it, with your note, 10 minutes after you close it" in text
    assert "2 sittings are still to come. They keep their places" in text

    cancel(db.get_one(Offering, number), "", NOW)
    assert "1 sitting is still to come. It keeps its places" in Page(browser.get(f"{STATUS}?step=close")).text
    assert "still to come" not in Page(browser.get(f"{STATUS}?step=open")).text

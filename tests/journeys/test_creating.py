"""Starting a journey from nothing."""

import pytest
from sqlalchemy import func, select

from app.database import db
from app.domain.permissions import OrganiserRole
from app.journeys.models import Journey, JourneyKind, JourneyStatus, OrganiserAssignment
from app.journeys.operations import assign_organiser
from tests.factories import NOW, make_journey
from tests.page import Page
from tests.people import ada, browser_of, cora, make_account, nora, root

NEW = "/organise/new-journey"
SOUND = {
    "kind": "learning-exchange",
    "title": "Paying for care",
    "timezone": "London",
    "language": "en",
    "text_direction": "ltr",
}


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def browser(app, database):
    return browser_of(app, make_account("Olga Organiser", is_organiser=True))


def test_an_account_that_may_organise_starts_a_journey_and_owns_it(browser):
    page = Page(browser.get("/organise/"))
    assert "No journeys yet" in page.text
    assert page.links["Start a journey"] == NEW

    answer = browser.submit(NEW, SOUND | {"summary": "About money."})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/organise/journeys/paying-for-care/")
    made = db.scalars(select(Journey)).one()
    assert (made.title, made.slug, made.kind) == ("Paying for care", "paying-for-care", "learning-exchange")
    assert (made.status, made.timezone, made.summary) == (
        JourneyStatus.DRAFT,
        "Europe/London",
        "About money.",
    )
    assert db.scalars(select(OrganiserAssignment.role)).all() == [OrganiserRole.OWNER]
    hub = Page(browser.get(answer.headers["Location"]))
    assert hub.notices == [
        "“Paying for care” is a draft now; only you see it. Below stands what it still lacks."
    ]
    assert hub.links["Choose the organisers"] == "/organise/journeys/paying-for-care/organisers"


def test_it_begins_in_the_zone_of_whoever_starts_it(app, database):
    organiser = make_account("Olga Organiser", is_organiser=True)
    browser = browser_of(app, organiser)
    browser.set_cookie("zone", "Asia/Kathmandu", domain="127.0.0.1")

    assert 'value="Kathmandu, Nepal (Asia/Kathmandu)"' in browser.get(NEW).text


TITLES = [
    "نظم الصحة في السودان",
    "保健システム",
    "Care ❤️‍🔥 for 👩🏾‍⚕️",
    "Ƒɔ̃",
    "a" * 200,
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("title", TITLES)
def test_titles_of_every_script_are_kept_as_they_are(browser, title):
    answer = browser.submit(NEW, SOUND | {"title": title})

    assert answer.status_code == 303
    assert db.scalar(select(Journey.title)) == title
    assert Page(browser.get(answer.headers["Location"])).title == title


BAD = [
    ("title", "", "Give the journey a title."),
    ("title", "   ", "Give the journey a title."),
    ("title", "x" * 10_000, "Use at most 200 characters."),
    ("title", "One\nTwo", "Use one line of ordinary characters."),
    ("title", "nul\x00here", "This holds a character that cannot be kept (NUL); remove it."),
    ("kind", "circus", "Not a valid choice."),
    ("kind", "", "Not a valid choice."),
    ("slug", "No Slug", "An address has at most 80 small letters"),
    ("slug", "../me", "An address has at most 80 small letters"),
    ("slug", "taken", "The address “taken” is in use."),
    ("slug", "x" * 81, "An address has at most 80 small letters"),
    ("parent", "999999", "Not a valid choice"),
    ("parent", "x", "Not a valid choice"),
    ("summary", "x" * 1_001, "Use at most 1,000 characters."),
    ("summary", "a\x00b", "This holds a character that cannot be kept (NUL); remove it."),
    ("timezone", "", "Give a city, such as Accra."),
    ("timezone", "Atlantis", "No city, country or time zone is called “Atlantis”."),
    ("timezone", "United States", "“United States” can mean several places."),
    ("timezone", "x" * 10_000, "Use at most 200 characters."),
    ("language", "tlh-xx-nonsense", "Not a valid choice"),
    ("text_direction", "up", "Not a valid choice"),
]


@pytest.mark.parametrize(("field", "value", "said"), BAD)
def test_bad_input_comes_back_beside_its_field_with_nothing_lost(browser, field, value, said):
    make_journey("Taken", slug="taken")
    sent = SOUND | {"title": "Paying for care", "summary": "About money."} | {field: value}

    answer = browser.submit(NEW, sent)

    assert answer.status_code == 422
    page = Page(answer)
    errors = [facts["id"] for tag, facts in page.tags if tag == "p" and facts.get("class") == "error"]
    assert errors == [f"{field}-error"]
    assert said in page.text
    assert "your attention" in page.notices[0]
    if field != "summary":
        assert "About money.</textarea>" in answer.text
    assert db.scalar(select(func.count()).select_from(Journey)) == 1


def test_a_journey_begins_as_part_of_a_network_that_one_runs(app, database):
    network, other = make_journey("A network", kind=JourneyKind.NETWORK), make_journey("Another's network")
    organiser = ada(network)
    browser = browser_of(app, organiser)
    assert "Another's network" not in Page(browser.get(NEW)).text

    refused = browser.submit(NEW, SOUND | {"parent": str(other.id)})
    made = browser.submit(NEW, SOUND | {"parent": str(network.id)})

    assert (refused.status_code, made.status_code) == (422, 303)
    assert db.scalar(select(Journey.parent_id).where(Journey.slug == "paying-for-care")) == network.id


def test_who_may_start_a_journey(app, database):
    journey = make_journey()
    people = {"ada": ada(journey), "cora": cora(journey), "root": root(), "nora": nora(), "stan": None}
    people["olga"] = make_account("Olga Organiser", is_organiser=True)
    people["eddy"] = make_account("Eddy Editor")
    assign_organiser(journey, people["eddy"], OrganiserRole.EDITOR, NOW)

    seen = {name: browser_of(app, who).get(NEW).status_code for name, who in people.items()}
    sent = {
        name: browser_of(app, who).submit(NEW, SOUND, page="/sign-out" if who else "/sign-in").status_code
        for name, who in people.items()
    }

    assert seen == {"ada": 200, "olga": 200, "root": 200, "eddy": 403, "cora": 403, "nora": 403, "stan": 303}
    assert sent == seen | {"ada": 303, "olga": 303, "root": 303}


def test_without_its_token_nothing_is_made(browser):
    assert browser.post(NEW, data=SOUND).status_code == 422
    assert db.scalar(select(func.count()).select_from(Journey)) == 0

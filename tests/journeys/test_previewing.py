"""The page as somebody else would see it: the same page, and nothing on it acts."""

import re

import pytest

from app.domain.attendance import Attendance
from app.enrolments.operations import enrol
from app.journeys.models import JourneyStatus
from app.journeys.operations import open_journey, place_under, publish
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import ada, browser_of, cora, nora, pat, root

DESK = "/organise/journeys/financing-and-payment-models/"
PREVIEW = f"{DESK}preview"
PUBLIC = "/journeys/financing-and-payment-models/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def make_rich(**facts):
    journey = make_journey(summary="About money.", purpose="To *pay* well.", **facts)
    make_offering(
        make_learning_session(journey, "One"), capacity_online=5, join_url="https://example.org/room"
    )
    make_learning_session(journey, "Two")
    make_offering(make_learning_session(journey, "Three"), attendance=Attendance.IN_PERSON)
    return journey


def main_of(text: str) -> str:
    """The main part, without what lets it lead away or act."""
    inner = text[text.index("<main") : text.index("</main>")]
    inner = re.sub(r'<form[^>]*>| href="[^"]*"| disabled|name="(?:csrf_token|once)"[^>]*>', "", inner)
    return " ".join(inner.split())


@pytest.mark.parametrize("status", [one for one in JourneyStatus if one is not JourneyStatus.DRAFT])
def test_a_stranger_s_preview_is_what_a_stranger_sees(app, database, status):
    organiser = ada(make_rich(status=status))

    preview = browser_of(app, organiser).get(f"{PREVIEW}?as=stranger")
    page = browser_of(app).get(PUBLIC)

    assert preview.status_code == 200
    assert main_of(preview.text) == main_of(page.text)


def test_a_draft_s_preview_is_what_a_stranger_sees_once_it_is_published(app, database):
    journey = make_rich(status=JourneyStatus.DRAFT)
    organiser = ada(journey)
    preview = browser_of(app, organiser).get(f"{PREVIEW}?as=stranger")
    assert database.get_one(type(journey), journey.id).status is JourneyStatus.DRAFT

    publish(database.get_one(type(journey), journey.id), NOW)

    assert main_of(preview.text) == main_of(browser_of(app).get(PUBLIC).text)
    assert "once it is published" in Page(preview).source


def test_an_adviser_s_preview_is_what_somebody_enrolled_sees_in_their_zone(app, database):
    journey = make_rich(status=JourneyStatus.DRAFT)
    organiser = ada(journey)
    preview = browser_of(app, organiser).get(f"{PREVIEW}?as=adviser&zone=Africa/Accra")
    assert "You are enrolled" in Page(preview).text

    journey = database.get_one(type(journey), journey.id)
    publish(journey, NOW)
    open_journey(journey, NOW)
    enrolled = pat("Africa/Accra")
    enrol(journey, enrolled, NOW)
    assert main_of(preview.text) == main_of(browser_of(app, enrolled).get(PUBLIC).text)
    assert "12:00–13:30 Accra, GMT" in " ".join(Page(preview).text.split())


@pytest.mark.parametrize("who", ["stranger", "adviser"])
@pytest.mark.parametrize("status", list(JourneyStatus))
@pytest.mark.parametrize("where", ["", "sessions/one/", "sessions/two/", "sessions/three/"])
def test_nothing_on_a_preview_acts(app, database, who, status, where):
    page = Page(browser_of(app, ada(make_rich(status=status))).get(f"{DESK}{where}preview?as={who}"))

    assert page.status == 200
    forms = [facts for tag, facts in page.tags if tag == "form"]
    assert [facts for facts in forms if facts] == [{"method": "get", "class": "row"}]
    controls = [facts for tag, facts in page.tags if tag in {"button", "input", "select"}]
    assert [facts.get("name") for facts in controls if "disabled" not in facts] == ["as", "zone", None]
    inner = page.source[page.source.index("<main") :]
    away = set(re.findall(r' href="([^#"][^"]*)"', inner[: inner.index("</main>")]))
    assert {href.partition("?")[0] for href in away} <= {
        PREVIEW, *(f"{DESK}sessions/{one}/preview" for one in ("one", "two", "three"))
    }  # fmt: skip
    assert page.links["Back to the desk"] == DESK
    assert "example.org/room" not in page.source


def test_from_a_preview_one_goes_on_to_previews_in_the_same_zone(app, database):
    browser = browser_of(app, ada(make_rich(status=JourneyStatus.DRAFT)))

    page = Page(browser.get(f"{PREVIEW}?as=adviser&zone=Asia/Kathmandu"))
    one = Page(browser.get(page.links["One"]))

    assert (one.status, one.title) == (200, "One")
    assert "in Kathmandu" in one.text
    assert browser.get(one.links["Financing and Payment Models"]).status_code == 200


@pytest.mark.parametrize("one", ["one", "two", "three"])
def test_the_preview_of_a_session_is_what_others_see(app, database, one):
    journey = make_rich()
    organiser, enrolled = ada(journey), pat("Africa/Accra")
    enrol(journey, enrolled, NOW)
    browser, preview = browser_of(app, organiser), f"{DESK}sessions/{one}/preview"

    for query, who in (("as=stranger", None), ("as=adviser&zone=Africa/Accra", enrolled)):
        seen = browser_of(app, who).get(f"{PUBLIC}sessions/{one}/")
        assert main_of(browser.get(f"{preview}?{query}").text) == main_of(seen.text)


def test_what_strangers_may_not_see_is_not_in_their_preview(app, database):
    network = make_journey("A hidden network", status=JourneyStatus.DRAFT)
    journey = make_rich()
    place_under(journey, network, NOW)
    browser = browser_of(app, ada(journey))

    assert "A hidden network" not in browser.get(f"{PREVIEW}?as=stranger").text
    assert "A hidden network" not in browser.get(f"{PREVIEW}?as=adviser").text
    assert "On the desk" not in browser.get(PREVIEW).text


def test_strangers_see_the_sessions_own_time_unless_a_zone_is_chosen(app, database):
    organiser = ada(make_rich())
    browser = browser_of(app, organiser)
    browser.set_cookie("zone", "Asia/Kathmandu", domain="127.0.0.1")

    assert "Kathmandu" not in Page(browser.get(PREVIEW)).text
    assert "Kathmandu" in Page(browser.get(f"{PREVIEW}?zone=Asia/Kathmandu")).text
    assert "Kathmandu" in Page(browser.get(f"{PREVIEW}?as=adviser")).text


@pytest.mark.parametrize("query", ["as=root", "as=", "as=%F0%9F%92%A9"])
def test_nobody_else_is_previewed(app, database, query):
    assert browser_of(app, ada(make_rich())).get(f"{PREVIEW}?{query}").status_code == 404


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc", "x" * 5_000])
def test_a_zone_that_is_none_is_passed_over(app, database, zone):
    assert browser_of(app, ada(make_rich())).get(PREVIEW, query_string={"zone": zone}).status_code == 200


def test_who_may_preview_a_draft(app, database):
    journey = make_rich(status=JourneyStatus.DRAFT)
    people = {"ada": ada(journey), "cora": cora(journey), "root": root(), "nora": nora(), "stan": None}

    answers = {name: browser_of(app, who).get(PREVIEW).status_code for name, who in people.items()}

    assert answers == {"ada": 200, "cora": 200, "root": 200, "nora": 404, "stan": 404}
    one = {
        name: browser_of(app, who).get(f"{DESK}sessions/one/preview").status_code
        for name, who in people.items()
    }
    assert one == answers

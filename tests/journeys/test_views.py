"""The page of a journey, read as a person would, in every state it can be in."""

from datetime import date, datetime, timedelta

import pytest

from app.domain.attendance import Attendance
from app.journeys import composing, operations
from app.journeys.crediting import Named
from app.journeys.matter import ActivityKind, PartnerRole
from app.journeys.models import Journey, JourneyKind, JourneyStatus
from app.learning_sessions.sittings import Days
from app.scheduling.operations import cancel
from app.toolkits.operations import link_journey
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_organisation,
    make_toolkit,
    make_venue,
)
from tests.page import Page
from tests.people import ada, browser_of, cora, lead, nora, pat, root, seat, will

HERE = "/journeys/financing-and-payment-models/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def full_journey() -> Journey:
    """A journey with something in every section."""
    journey = make_journey(
        summary="How providers are paid, and what that does.",
        purpose="To pay **well**.",
        audience="For those who decide.",
        approach="Four sessions.",
        outcomes_lead="You can:",
        sessions_note="All in English.",
        starts_on=date(2027, 4, 1),
        ends_on=date(2027, 6, 30),
    )
    composing.add_outcome(journey, "tell capitation from fees", NOW)
    composing.add_outcome(journey, "choose between them", NOW)
    composing.set_topics(journey, ("Health financing",), NOW, throughout=("Leave no one behind",))
    theme = composing.add_theme(journey, "Primary care", NOW)
    first = make_learning_session(
        journey, "What capitation pays for", themes=[theme], summary="A first look."
    )
    offering = make_offering(first, capacity_online=20)
    make_learning_session(journey, "To be dated")
    lead(offering, make_facilitator(affiliation="Strathmore University"))
    composing.add_activity(
        journey,
        ActivityKind.VIDEO,
        "An interview",
        NOW,
        url="https://example.org/v",
        credits=(Named("Ama Serwaa"),),
    )
    composing.add_partner(journey, make_organisation("FCDO", country="GB"), PartnerRole.COMMISSIONER, NOW)
    composing.add_contact(journey, "Kerry Millington", NOW, institution="LSTM")
    composing.add_publication(
        journey, composing.NewPublication(title="A paper"), NOW, when=composing.When(2027, 2)
    )
    link_journey(make_toolkit(), journey, NOW)
    return journey


def test_a_stranger_reads_everything_there_is_about_a_journey(app, database):
    full_journey()

    page = Page(browser_of(app).get(HERE))

    assert (page.status, page.title) == (200, "Financing and Payment Models")
    assert page.sections == [
        "Taking part",
        "What it is for",
        "What you take away",
        "How it works",
        "Themes",
        "Two sessions",
        "Besides the sessions",
        "Toolkit",
        "People",
        "Partners",
        "Publications",
    ]
    for words in (
        "How providers are paid, and what that does.",
        "tell capitation from fees",
        "Thu 22 April 2027",
        "13:00–14:30 London, BST",
        "20 places left",
        "No date yet",
        "Ama Serwaa",
        "Commissioned by FCDO United Kingdom",
        "Kerry Millington",
        "February 2027",
        "Wanjiru Kamau",
        "Strathmore University",
    ):
        assert words in page.text
    assert page.links["Sign up to enrol"] == f"/sign-up?next={HERE}"
    assert page.links["Sign in"] == "/sign-in"
    assert page.links["Read the toolkit"] == "/toolkits/capitation-step-by-step/"
    assert page.links["Calendar file of all sessions (.ics)"] == f"{HERE}calendar.ics"
    assert page.links["What capitation pays for"] == f"{HERE}sessions/what-capitation-pays-for/"


def test_an_empty_journey_has_no_empty_sections_and_says_that_sessions_will_come(app, database):
    make_journey()

    page = Page(browser_of(app).get(HERE))

    assert page.sections == ["Taking part", "Sessions"]
    assert "No sessions are planned yet" in page.text


def test_an_empty_closed_journey_does_not_promise_sessions(app, database):
    make_journey(status=JourneyStatus.CLOSED)

    page = Page(browser_of(app).get(HERE))

    assert page.sections == ["This learning exchange closed on 26 February 2027", "Sessions"]
    assert "No sessions are recorded here" in page.text
    assert "as soon as the organisers have set them" not in page.text


@pytest.mark.parametrize("status", [JourneyStatus.CLOSED, JourneyStatus.ARCHIVED])
def test_a_closed_journey_says_so_first_and_stays_readable(app, database, status):
    journey = make_journey(status=status, purpose="To pay well.")
    make_offering(make_learning_session(journey), wall=datetime(2027, 2, 1, 13, 0))

    page = Page(browser_of(app, nora()).get(HERE))

    assert page.notices[0].startswith("This learning exchange closed on 26 February 2027 It is over.")
    assert "Nobody can enrol any more." in page.notices[0]
    assert "Taking part" not in page.sections
    assert page.buttons == []
    assert "To pay well." in page.text
    assert "What capitation pays for" in page.links


def test_a_published_journey_can_be_read_and_not_yet_entered(app, database):
    make_offering(make_learning_session(make_journey(status=JourneyStatus.PUBLISHED)), capacity_online=3)

    page = Page(browser_of(app, nora()).get(HERE))

    assert "Enrolment has not opened yet." in page.text
    assert page.buttons == []
    assert "3 places left" not in page.text


def test_a_draft_is_there_for_its_organisers_and_administrators_only(app, database):
    journey = make_journey(status=JourneyStatus.DRAFT)
    seen = {
        name: Page(browser_of(app, who).get(HERE)).status
        for name, who in {
            "ada": ada(journey),
            "cora": cora(journey),
            "root": root(),
            "nora": nora(),
            "stan": None,
        }.items()
    }

    assert seen == {"ada": 200, "cora": 200, "root": 200, "nora": 404, "stan": 404}


def test_a_draft_says_that_it_is_one(app, database):
    journey = make_journey(status=JourneyStatus.DRAFT)

    page = Page(browser_of(app, cora(journey)).get(HERE))

    assert page.notices == ["This is a draft Only its organisers see it."]
    assert "Taking part" not in page.sections


def test_a_journey_that_is_not_there_is_not_found(app, database):
    page = Page(browser_of(app).get("/journeys/no-such-thing/"))

    assert (page.status, page.title) == (404, "There is nothing at this address")


def test_an_old_address_leads_to_the_new_one_for_good(app, database):
    journey = make_journey()
    operations.rename(journey, "Paying for Care", NOW)

    answer = browser_of(app).get(HERE)

    assert (answer.status_code, answer.headers["Location"]) == (301, "/journeys/paying-for-care/")
    assert Page(browser_of(app).get("/journeys/paying-for-care/")).title == "Paying for Care"


def test_an_old_address_of_a_draft_tells_nothing(app, database):
    journey = make_journey(status=JourneyStatus.DRAFT)
    operations.rename(journey, "A Secret Title", NOW)

    answer = browser_of(app).get(HERE, follow_redirects=True)

    assert answer.status_code == 404
    assert "secret" not in answer.text.lower()
    assert "secret" not in str(browser_of(app).get(HERE).headers).lower()


def test_a_network_lists_its_journeys_that_the_reader_may_see_open_ones_first(app, database):
    network = make_journey("Joint Network", kind=JourneyKind.NETWORK)
    make_journey("A closed exchange", status=JourneyStatus.CLOSED, parent=network)
    make_journey("B open exchange", parent=network)
    make_journey("C draft exchange", status=JourneyStatus.DRAFT, parent=network)
    here = "/journeys/joint-network/"

    seen = Page(browser_of(app).get(here))

    assert "Journeys of this network" in seen.sections
    assert [text for level, text in seen.headings if level == "h3"] == [
        "B open exchange",
        "A closed exchange",
    ]
    assert "Sessions" not in seen.sections
    by_administrator = Page(browser_of(app, root()).get(here))
    assert [text for level, text in by_administrator.headings if level == "h3"] == [
        "B open exchange",
        "C draft exchange",
        "A closed exchange",
    ]


def test_a_child_leads_back_to_its_network(app, database):
    network = make_journey("Joint Network", kind=JourneyKind.NETWORK)
    make_journey(parent=network)

    page = Page(browser_of(app).get(HERE))

    assert page.links["Joint Network"] == "/journeys/joint-network/"


def test_enrolling_in_a_network_is_not_enrolling_in_its_child(app, database):
    network = make_journey("Joint Network", kind=JourneyKind.NETWORK)
    make_offering(make_learning_session(make_journey(parent=network)))
    person = nora()
    browser = browser_of(app, person)
    browser.submit("/journeys/joint-network/enrolment", page="/journeys/joint-network/")

    assert "Enrol in this journey" in Page(browser.get(HERE)).buttons


def test_the_timeline_marks_what_comes_next_and_shows_own_places(app, database):
    journey = make_journey()
    full = make_offering(make_learning_session(journey, "First"), capacity_online=1)
    make_offering(
        make_learning_session(journey, "Second"), wall=datetime(2027, 5, 20, 13, 0), capacity_online=9
    )
    first, second = pat(), will()
    seat(first, full)
    seat(second, full)

    holder, waiter = Page(browser_of(app, first).get(HERE)), Page(browser_of(app, second).get(HERE))

    assert "First Next" in holder.text
    assert "Second Next" not in holder.text
    assert "Full Confirmed" in holder.text
    assert "Full 1st of 1 in line" in waiter.text
    assert "9 places left" in waiter.text
    assert "You are enrolled" in holder.text


def test_a_cancelled_sitting_is_crossed_out_and_never_comes_next(app, database):
    journey = make_journey()
    cancelled = make_offering(make_learning_session(journey, "First"), capacity_online=7)
    make_offering(make_learning_session(journey, "Second"), wall=datetime(2027, 5, 20, 13, 0))
    cancel(cancelled, "The speaker is ill.", NOW)

    page = Page(browser_of(app).get(HERE))

    assert "First Cancelled Thu 22 April 2027" in page.text
    assert "7 places left" not in page.text
    assert "Second Next" in page.text


def test_twin_sittings_stand_side_by_side(app, database):
    learning_session = make_learning_session(make_journey())
    make_offering(learning_session)
    make_offering(learning_session, wall=datetime(2027, 4, 22, 19, 0))

    page = Page(browser_of(app).get(HERE))

    assert (
        "Take a place in What capitation pays for or Thu 22 April 2027 19:00–20:30 London, BST" in page.text
    )


@pytest.mark.parametrize(
    ("window", "leads"),
    [
        ({"registration_opens_at": NOW + timedelta(days=1)}, False),
        ({"registration_closes_at": NOW}, False),
        ({"registration_opens_at": NOW, "registration_closes_at": NOW + timedelta(days=1)}, True),
    ],
)
def test_a_sitting_leads_to_a_place_while_registration_is_open(app, database, time_machine, window, leads):
    time_machine.move_to(NOW, tick=False)
    make_offering(make_learning_session(make_journey()), **window)

    assert ("Take a place in What capitation pays for" in Page(browser_of(app).get(HERE)).links) is leads


def test_an_in_person_sitting_shows_its_venue_and_its_clock_first(app, database):
    make_offering(
        make_learning_session(make_journey()),
        attendance=Attendance.IN_PERSON,
        timezone="Africa/Accra",
        venue=make_venue(city="Accra", country="GH"),
        capacity_in_person=1,
    )

    page = Page(browser_of(app, will()).get(HERE))  # whose clock is Dhaka's

    assert "13:00–14:30 Accra, GMT 19:00–20:30 Dhaka" in page.text
    assert "In person, Training centre, Accra" in page.text
    assert "1 place left" in page.text


def test_a_sitting_known_by_its_days_shows_no_hours(app, database):
    make_offering(
        make_learning_session(make_journey()), when=Days(date(2027, 5, 11), date(2027, 5, 12), "Africa/Accra")
    )

    page = Page(browser_of(app).get(HERE))

    assert "11–12 May 2027" in page.text
    assert "00:00" not in page.text


def test_sessions_side_by_side_have_a_day_view_by_theme(app, database):
    journey = make_journey("Event", kind=JourneyKind.LEARNING_EVENT)
    for title, theme in (("Buying", "Finance"), ("Caring", "Quality")):
        row = composing.add_theme(journey, theme, NOW)
        make_offering(make_learning_session(journey, title, themes=[row]))

    page = Page(browser_of(app).get("/journeys/event/"))

    assert [facts["data-label"] for tag, facts in page.tags if tag == "td"] == ["Finance:", "Quality:"]


def test_only_who_may_run_the_journey_is_offered_its_next_steps(app, database):
    journey = make_journey()
    offered = {
        name: "Close …" in Page(browser_of(app, who).get(HERE)).links
        for name, who in {"ada": ada(journey), "cora": cora(journey), "root": root(), "stan": None}.items()
    }

    assert offered == {"ada": True, "cora": False, "root": True, "stan": False}


AWKWARD = [
    "<script>alert(1)</script>",
    "\"quotes\" & 'apostrophes' </title>",
    "الرعاية الصحية للجميع",
    "健康",
    "🩺 care 👩🏾‍⚕️",
    "Donaudampfschifffahrtsgesellschaftskapitän" * 8,
    "{{ 7 * 7 }} {% raw %}",
    "\u202eright to left\u202c",
]


@pytest.mark.parametrize("text", AWKWARD)
def test_titles_names_and_texts_are_shown_as_they_are_and_never_run(app, database, text):
    journey = make_journey(text, summary=text, purpose=text, place=text, sessions_note=text, short_title=text)
    learning_session = make_learning_session(journey, text, summary=text)
    offering = make_offering(learning_session)
    lead(offering, make_facilitator(text, affiliation=text))
    composing.add_outcome(journey, text, NOW)
    composing.set_topics(journey, (text,), NOW)
    composing.add_contact(journey, text, NOW, institution=text)
    make_journey(f"{text} 2", parent=journey)

    page = Page(browser_of(app).get(f"/journeys/{journey.slug}/"))

    assert (page.status, page.title) == (200, text)
    assert len([1 for tag, _ in page.tags if tag == "script"]) == 1
    assert text in page.links
    assert f"{text} 2" in page.links
    assert page.text.count(text) >= 6


def test_markdown_of_authors_cannot_run_or_load_anything(app, database):
    make_journey(
        purpose="<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![p](https://example.org/p.png)"
    )

    page = Page(browser_of(app).get(HERE))

    assert [facts for tag, facts in page.tags if tag == "img"] == []
    assert "javascript:alert(1)" not in page.links.values()

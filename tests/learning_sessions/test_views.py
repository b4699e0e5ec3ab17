"""The page of a learning session: when, where, who, and what this reader has to do now."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.accounts.models import User
from app.domain.attendance import Attendance, Way
from app.journeys.crediting import Named
from app.journeys.models import JourneyStatus
from app.journeys.operations import expect_zone, rename
from app.learning_sessions.models import LearningSessionSlug, Offering
from app.learning_sessions.sittings import Days, Part
from app.participants.models import Participant
from app.scheduling.operations import cancel
from seeds import k4d
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_participant,
    make_venue,
)
from tests.page import Page
from tests.people import browser_of, cast, fran, lead, make_account, nora, pat, seat, will
from tests.reader import Client

HERE = "/journeys/financing-and-payment-models/sessions/what-capitation-pays-for/"
LINK = "https://meet.example.org/capitation"
STARTS = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def in_zone(browser: Client, zone: str) -> Client:
    """The browser of a stranger who has chosen a zone."""
    browser.set_cookie("zone", zone, domain="127.0.0.1")
    return browser


def read(app, who=None) -> Page:
    return Page(browser_of(app, who).get(HERE))


# When


def test_a_stranger_reads_the_session_in_its_own_time_and_is_asked_to_sign_in(app, database):
    offering = make_offering(
        capacity_online=20,
        agenda=(
            Part(30, "Opening", people=(Named("Ama Serwaa", "GHS"),)),
            Part(60, "Group work", "In threes."),
        ),
    )
    lead(offering, make_facilitator(affiliation="Strathmore University"), "Lead facilitator")

    page = read(app)

    assert (page.status, page.title) == (200, "What capitation pays for")
    assert "Thursday 22 April 2027 13:00–14:30 in London (BST, UTC+1), the session’s own time" in page.text
    assert "0 of 20 places are taken." in page.text
    assert "Places go first come, first served." in page.text
    assert "13:00 Opening Ama Serwaa (GHS) 30 minutes" in page.text
    assert "13:30 Group work In threes. 60 minutes" in page.text
    assert "Lead facilitator Wanjiru Kamau Strathmore University" in page.text
    assert page.links["Sign in to take a place"] == f"/sign-in?next={HERE}"
    assert page.links["Calendar file (.ics)"] == f"{HERE}calendar.ics"
    assert page.buttons == []


def test_a_reader_elsewhere_reads_her_own_time_first_and_the_sessions_beside_it(app, database):
    make_offering()

    page = Page(in_zone(browser_of(app), "Asia/Dhaka").get(HERE))

    assert "Thursday 22 April 2027 18:00–19:30 in Dhaka (UTC+6), your time" in page.text
    assert "13:00–14:30 in London (BST, UTC+1), the session’s own time" in page.text


def test_the_other_day_is_named_where_it_differs(app, database):
    make_offering(wall=datetime(2027, 4, 22, 20, 0))

    page = Page(in_zone(browser_of(app), "Asia/Dhaka").get(HERE))

    assert "Friday 23 April 2027 01:00–02:30 in Dhaka" in page.text
    assert "Thu 22 April, 20:00–21:30 in London" in page.text


def test_the_profile_goes_before_the_cookie(app, database):
    make_offering()

    page = Page(in_zone(browser_of(app, will()), "America/New_York").get(HERE))

    assert "18:00–19:30 in Dhaka" in page.text
    assert "New York" not in page.text


@pytest.mark.parametrize("zone", ["Nowhere/Land", "健康", "../../etc/passwd", "x" * 4000, "Asia/Dhaka%00"])
def test_a_cookie_that_names_no_zone_is_as_none(app, database, zone):
    make_offering()

    page = Page(in_zone(browser_of(app), zone).get(HERE))

    assert page.status == 200
    assert "13:00–14:30 in London (BST, UTC+1), the session’s own time" in page.text


def test_the_last_k4d_session_is_at_six_in_the_morning_for_a_reader_in_new_york(app, database):
    k4d.load(NOW)
    here = f"/journeys/{k4d.SLUG}/sessions/complexity-of-health-systems/"

    page = Page(in_zone(browser_of(app), "America/New_York").get(here))

    assert (page.status, page.title) == (200, "Complexity of Health Systems")
    assert "Thursday 25 March 2021 06:00–08:30 in New York (EDT, UTC−4), your time" in page.text
    assert "10:00–12:30 in London (GMT, UTC), the session’s own time" in page.text
    assert ("time", {"class": "clock", "datetime": "2021-03-25T10:00Z"}) in page.tags
    assert page.buttons == []


def test_in_person_the_clock_of_the_venue_goes_first(app, database):
    make_offering(
        attendance=Attendance.IN_PERSON,
        timezone="Africa/Accra",
        venue=make_venue(address="12 Ridge Road", city="Accra", country="GH"),
    )

    page = Page(in_zone(browser_of(app), "Asia/Dhaka").get(HERE))

    assert page.text.index("13:00–14:30 in Accra") < page.text.index("19:00–20:30 in Dhaka")
    assert "the venue’s time" in page.text
    assert "Training centre, 12 Ridge Road, Accra, Ghana" in page.text


def test_both_ways_the_venue_goes_first_only_for_holders_of_an_in_person_place(app, database):
    offering = make_offering(
        attendance=Attendance.BOTH, timezone="Africa/Accra", venue=make_venue(city="Accra")
    )
    there, here = will(), pat("America/Bogota")
    seat(there, offering, Way.IN_PERSON)
    seat(here, offering, Way.ONLINE)

    in_the_room, at_home = read(app, there).text, read(app, here).text

    assert in_the_room.index("13:00–14:30 in Accra") < in_the_room.index("19:00–20:30 in Dhaka")
    assert at_home.index("08:00–09:30 in Bogotá") < at_home.index("13:00–14:30 in Accra")


def test_a_sitting_known_by_its_days_shows_no_hours_and_no_band(app, database):
    make_offering(when=Days(date(2027, 5, 11), date(2027, 5, 12), "Africa/Accra"))

    page = read(app)

    assert "11–12 May 2027 in Accra" in page.text
    assert "One moment" not in page.text
    assert "Sign in to take a place" in page.links


def test_a_session_without_a_date_says_so(app, database):
    make_learning_session(summary="What it is about.")

    page = read(app)

    assert "No date yet" in page.text
    assert "What it is about." in page.text
    assert page.buttons == []


def test_a_session_of_a_closed_journey_without_a_date_promises_none(app, database):
    make_learning_session(make_journey(status=JourneyStatus.CLOSED))

    page = read(app)

    assert "The date is not recorded" in page.text
    assert "The organisers have not dated this session" not in page.text


def test_the_sessions_before_and_after_are_a_step_away(app, database):
    journey = make_journey()
    for title in ("One", "Two", "Three"):
        make_learning_session(journey, title)

    page = Page(browser_of(app).get("/journeys/financing-and-payment-models/sessions/two/"))

    assert "Session 2 of 3" in page.text
    assert page.links["Before: One"] == "/journeys/financing-and-payment-models/sessions/one/"
    assert page.links["After: Three"] == "/journeys/financing-and-payment-models/sessions/three/"


# What to do now


def test_a_newcomer_enrols_and_takes_a_place_with_one_press(app, database):
    make_offering(capacity_online=2)

    assert read(app, nora()).buttons == ["Enrol and take a place"]


def test_who_is_enrolled_takes_a_place(app, database):
    offering = make_offering()
    other = make_offering(make_learning_session(offering.learning_session.journey, "Other"))
    person = pat()
    seat(person, other)

    assert read(app, person).buttons == ["Take a place"]


def test_a_full_sitting_offers_the_line(app, database):
    everybody = cast(make_offering(capacity_online=1))

    page = read(app, everybody.nora)

    assert page.buttons == ["Enrol and join the waiting list"]
    assert "1 of 1 place is taken; 1 waiting." in page.text


def test_who_waits_reads_where_in_line_and_can_leave_it(app, database):
    everybody = cast(make_offering(capacity_online=1))

    page = read(app, everybody.will)

    assert "1st of 1 in line" in page.text
    assert "You are 1st of 1; first come, first served, and nobody is before you." in page.text
    assert "You asked on 1 March 2027." in page.text
    assert page.links["Leave the line"].startswith("/me/places/")
    assert page.buttons == []


def test_who_holds_a_place_reads_since_when_and_can_give_it_up(app, database):
    everybody = cast(make_offering(capacity_online=1))

    page = read(app, everybody.pat)

    assert "Confirmed since 1 March 2027" in page.text
    assert page.links["Give up the place"].startswith("/me/places/")
    assert page.buttons == []


def test_two_ways_of_attending_are_two_buttons_with_their_own_counts(app, database):
    offering = make_offering(attendance=Attendance.BOTH, capacity_online=5, capacity_in_person=1)
    seat(pat(), offering, Way.IN_PERSON)

    page = read(app, nora())

    assert page.buttons == ["Enrol and take a place online", "Enrol and join the waiting list in person"]
    assert "0 of 5 places online are taken." in page.text
    assert "1 of 1 place in person is taken." in page.text


def test_twin_sittings_stand_one_under_the_other_and_a_holder_may_swap(app, database):
    learning_session = make_learning_session()
    morning = make_offering(learning_session)
    make_offering(learning_session, wall=datetime(2027, 4, 22, 19, 0), capacity_online=5)
    person = pat("Europe/London")
    seat(person, morning)

    page = read(app, person)

    assert page.text.index("First sitting, online") < page.text.index("Second sitting, online")
    assert page.text.index("13:00–14:30") < page.text.index("19:00–20:30")
    assert page.buttons == ["Swap to this sitting"]
    assert "Taking one here gives that one up in the same step." in page.text


def test_a_cancelled_sitting_says_so_and_gives_nothing_to_press(app, database):
    offering = make_offering(join_url=LINK)
    everybody = cast(offering)
    cancel(offering, "The speaker is ill.", NOW)

    for who in (everybody.nora, everybody.pat, None):
        page = read(app, who)
        assert page.notices[0].startswith(
            "This sitting is cancelled Nobody needs to come. The speaker is ill."
        )
        assert page.buttons == []
        assert "Calendar file (.ics)" not in page.links
        assert "A freed place is yours at once" not in page.text


def test_who_waits_for_a_cancelled_sitting_is_promised_nothing(app, database):
    offering = make_offering(capacity_online=1)
    everybody = cast(offering)
    cancel(offering, "", NOW)

    page = read(app, everybody.will)

    assert "A freed place is yours at once" not in page.text
    assert "in line" not in page.text


def test_once_it_has_begun_its_places_are_as_they_are(app, database, time_machine):
    make_offering()
    person = nora()
    time_machine.move_to(STARTS + timedelta(minutes=1))

    page = read(app, person)

    assert "It has begun; its places are as they are." in page.text
    assert page.buttons == []


def test_when_it_is_over_it_says_so(app, database, time_machine):
    offering = make_offering(capacity_online=1)
    everybody = cast(offering)
    time_machine.move_to(STARTS + timedelta(hours=2))

    for who in (everybody.nora, everybody.pat, everybody.will, None):
        page = read(app, who)
        assert "This sitting is over." in page.text
        assert page.buttons == []
        assert "Give up the place" not in page.links
        assert "A freed place is yours at once" not in page.text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (JourneyStatus.PUBLISHED, "Enrolment has not opened yet."),
        (JourneyStatus.CLOSED, "nobody can take a place in it"),
        (JourneyStatus.ARCHIVED, "nobody can take a place in it"),
    ],
)
def test_where_nobody_can_enrol_there_is_nothing_to_press(app, database, status, words):
    make_offering(make_learning_session(make_journey(status=status)))

    page = read(app, nora())

    assert page.status == 200
    assert words in page.text
    assert page.buttons == []


def test_a_session_of_a_draft_is_there_for_its_organisers_only(app, database):
    journey = make_journey()
    everybody = cast(make_offering(make_learning_session(journey)))
    journey.status = JourneyStatus.DRAFT
    database.flush()

    seen = {
        name: read(app, who).status
        for name, who in {
            "ada": everybody.ada,
            "cora": everybody.cora,
            "root": everybody.root,
            "pat": everybody.pat,
            "nora": everybody.nora,
            "stan": None,
        }.items()
    }

    assert seen == {"ada": 200, "cora": 200, "root": 200, "pat": 404, "nora": 404, "stan": 404}


@pytest.mark.parametrize("path", ["/journeys/nope/sessions/nope/", HERE.replace("what", "which")])
def test_what_is_not_there_is_not_found(app, database, path):
    make_learning_session()

    assert browser_of(app).get(path).status_code == 404


def test_old_addresses_of_journey_and_session_lead_to_the_new_one(app, database):
    learning_session = make_learning_session()
    rename(learning_session.journey, "Paying for Care", NOW)
    database.add(
        LearningSessionSlug(
            journey_id=learning_session.journey_id, slug="older", learning_session_id=learning_session.id
        )
    )
    database.flush()

    answer = browser_of(app).get("/journeys/paying-for-care/sessions/older/")
    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        "/journeys/paying-for-care/sessions/what-capitation-pays-for/",
    )
    arrived = browser_of(app).get(HERE, follow_redirects=True)
    assert (arrived.status_code, arrived.request.path) == (
        200,
        "/journeys/paying-for-care/sessions/what-capitation-pays-for/",
    )


# The join link


Readers = dict[str, User | Participant | None]


def link_seen_by(app, people: Readers) -> dict[str, bool]:
    return {name: LINK in browser_of(app, who).get(HERE).text for name, who in people.items()}


def everybody_around(offering: Offering) -> Readers:
    everybody = cast(offering)
    return {
        "ada": everybody.ada,
        "cora": everybody.cora,
        "fran": everybody.fran,
        "root": everybody.root,
        "pat": everybody.pat,
        "will": everybody.will,
        "nora": everybody.nora,
        "stan": None,
    }


ALWAYS = {"ada": True, "cora": True, "fran": True, "root": True, "will": False, "nora": False, "stan": False}


@pytest.mark.parametrize(
    ("now", "pat_sees_it"),
    [
        (NOW, False),
        (STARTS - timedelta(minutes=30, seconds=2), False),
        (STARTS - timedelta(minutes=30), True),
        (STARTS + timedelta(minutes=5), True),
    ],
)
def test_the_join_link_is_there_for_its_holder_in_time_and_for_those_who_run_it(
    app, database, time_machine, now, pat_sees_it
):
    people = everybody_around(make_offering(capacity_online=1, join_url=LINK, join_from_minutes=30))
    time_machine.move_to(now)

    assert link_seen_by(app, people) == ALWAYS | {"pat": pat_sees_it}


def test_its_holder_reads_when_the_link_will_appear(app, database):
    everybody = cast(make_offering(capacity_online=1, join_url=LINK, join_from_minutes=30))

    assert "The join link appears here on the day, at 11:30 Accra" in read(app, everybody.pat).text
    assert "The join link appears" not in read(app, everybody.will).text


def test_a_facilitator_sees_the_links_of_all_sittings_of_the_session(app, database):
    learning_session = make_learning_session()
    make_offering(learning_session, join_url=LINK)
    twin = make_offering(
        learning_session, wall=datetime(2027, 4, 22, 19, 0), join_url="https://meet.example.org/2"
    )

    text = browser_of(app, fran(twin)).get(HERE).text

    assert LINK in text
    assert "https://meet.example.org/2" in text


def test_who_gave_the_place_up_does_not_see_the_link(app, database, time_machine):
    everybody = cast(make_offering(capacity_online=1, join_url=LINK))
    browser = browser_of(app, everybody.pat)
    path = Page(browser.get(HERE)).links["Give up the place"]
    browser.submit(path)
    time_machine.move_to(STARTS)

    assert LINK not in browser.get(HERE).text
    assert LINK in browser_of(app, everybody.will).get(HERE).text


# Who is coming


def test_names_are_for_organisers_and_facilitators_only(app, database):
    everybody = cast(make_offering(capacity_online=1))
    people = {
        "ada": everybody.ada,
        "cora": everybody.cora,
        "fran": everybody.fran,
        "root": everybody.root,
        "will": everybody.will,
        "nora": everybody.nora,
        "stan": None,
    }

    assert {name: "Pat Asante" in browser_of(app, who).get(HERE).text for name, who in people.items()} == {
        "ada": True,
        "cora": True,
        "fran": True,
        "root": True,
        "will": False,
        "nora": False,
        "stan": False,
    }
    page = read(app, everybody.fran)
    assert "Who is coming" in page.sections
    assert "Pat Asante Ghana online" in page.text
    assert "Will Rahman" not in page.text


def test_a_facilitator_sees_the_names_of_all_sittings_of_the_session(app, database):
    learning_session = make_learning_session()
    morning = make_offering(learning_session)
    evening = make_offering(learning_session, wall=datetime(2027, 4, 22, 19, 0))
    seat(pat(), morning)
    seat(will(), evening)

    page = read(app, fran(evening))

    assert "Will Rahman" in page.text
    assert "Pat Asante" in page.text


def zones_on_the_band(app, who=None) -> set[str]:
    text = read(app, who).text
    return {city for city in ("Accra", "Dhaka", "Bogotá", "Manila", "Lima") if city in text}


def enrol_from(offering: Offering, zone: str, count: int) -> list[Participant]:
    return [
        make_participant(f"{zone[-3:]}{n} Test", user=make_account(f"{zone[-3:]}{n} Test"), timezone=zone)
        for n in range(count)
    ]


def test_strangers_see_only_well_filled_zones_and_those_the_organisers_expect(app, database):
    offering = make_offering()
    everybody = cast(offering)  # pat is in Accra, will in Dhaka
    for zone, count in (("America/Bogota", 5), ("Asia/Manila", 4)):
        for person in enrol_from(offering, zone, count):
            seat(person, offering)
    expect_zone(offering.learning_session.journey, "America/Lima", NOW, people=3)

    assert zones_on_the_band(app) == {"Bogotá", "Lima"}
    assert zones_on_the_band(app, everybody.nora) - {"Kinshasa"} == {"Bogotá", "Lima"}
    assert zones_on_the_band(app, everybody.pat) == {"Accra", "Dhaka", "Bogotá", "Manila"}
    assert zones_on_the_band(app, everybody.ada) == {"Accra", "Dhaka", "Bogotá", "Manila"}


# Text


AWKWARD = [
    "<script>alert(1)</script>",
    "\"quotes\" & 'apostrophes' </title>",
    "الرعاية الصحية للجميع",
    "健康",
    "🩺 care 👩🏾‍⚕️",
    "Donaudampfschifffahrtsgesellschaftskapitän" * 8,
    "{{ 7 * 7 }} {% raw %}",
]


@pytest.mark.parametrize("text", AWKWARD)
def test_titles_and_names_are_shown_as_they_are_and_never_run(app, database, text):
    learning_session = make_learning_session(title=text, summary=text)
    venue = make_venue(text, address=text, city=text)
    offering = make_offering(
        learning_session,
        attendance=Attendance.BOTH,
        venue=venue,
        agenda=(Part(10, text, text, (Named(text, text),)),),
    )
    leader = make_account("Leader Test")
    lead(offering, make_facilitator(text, affiliation=text, user=leader), text)
    seat(make_participant(text, user=make_account("Holder Test")), offering)
    cancel(offering, text, NOW)

    page = Page(
        browser_of(app, leader).get(
            f"/journeys/financing-and-payment-models/sessions/{learning_session.slug}/"
        )
    )

    assert (page.status, page.title) == (200, text)
    assert len([1 for tag, _ in page.tags if tag == "script"]) == 1
    assert text in page.notices[0]
    assert text in page.links
    assert page.text.count(text) >= 10

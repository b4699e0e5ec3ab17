"""My learning: what is next, what is waited for, what was, and how far one has come."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.admission import Admission, Policy
from app.domain.attendance import Attendance, Way
from app.enrolments import admitting, entering
from app.enrolments.learning import countdown
from app.enrolments.operations import release_place
from app.journeys import operations as journeys
from app.journeys.models import JourneyStatus
from app.learning_sessions.sittings import Days
from app.scheduling.operations import cancel, revise
from app.toolkits.operations import link_journey
from tests.enrolments.ruled import BY_COUNTRY, OFFERS, lottery, ruled
from tests.factories import (
    NOW,
    make_journey,
    make_learning_session,
    make_offering,
    make_participant,
    make_toolkit,
    make_venue,
)
from tests.page import Page
from tests.people import browser_of, cast, fran, make_account, nora, pat, root, seat, will
from tests.scheduling.telling import as_it_is

STARTS = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def read(app, who) -> Page:
    return Page(browser_of(app, who).get("/me/"))


def section(page: Page, heading: str) -> str:
    """The words of one section."""
    assert heading in page.sections
    following = page.sections[page.sections.index(heading) + 1 :]
    text = page.text.split(f"{heading} ", 1)[1]
    return text.split(f" {following[0]} ", 1)[0] if following else text


def test_a_stranger_signs_in_first(app, database):
    answer = browser_of(app).get("/me/")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/me/")


def test_a_newcomer_reads_how_to_begin(app, database):
    page = read(app, nora())

    assert (page.status, page.title) == (200, "My learning")
    assert page.sections == ["Nothing is coming up", "My journeys", "Calendar"]
    assert "Find a journey, enrol and take a place in a session" in page.text
    assert "You are not enrolled anywhere yet" in page.text
    assert page.links["Make your calendar address"] == "/me/calendar"
    assert page.notices == []


@pytest.mark.parametrize("who", [root, lambda: make_account("Organiser Only")])
def test_an_account_without_a_profile_is_told_to_complete_it(app, database, who):
    page = read(app, who())

    assert page.notices == [
        "Your account has no profile as a participant yet. Complete it to enrol in journeys."
    ]
    assert page.links["Complete it"] == "/me/profile"


def test_what_is_next_stands_first_in_the_readers_own_time_with_the_countdown(app, database):
    journey = make_journey()
    first = make_offering(make_learning_session(journey, "First"))
    second = make_offering(make_learning_session(journey, "Second"), wall=datetime(2027, 5, 20, 13, 0))
    person = pat()
    seat(person, second)
    seat(person, first)

    page = read(app, person)

    assert page.sections[:2] == ["Next, in 52 days", "After that"]
    assert "Thursday 22 April 2027 12:00–13:30 in Accra (GMT, UTC), your time" in page.text
    assert "13:00–14:30 in London (BST, UTC+1), the session’s own time" in page.text
    assert page.links["First"] == "/journeys/financing-and-payment-models/sessions/first/"
    assert page.links["Give up the place"].startswith("/me/places/")
    assert section(page, "After that").endswith("Second Confirmed Online How this came about with Second")
    assert "0 of 2 sessions behind you, a place in 2 Financing and Payment Models Open" in page.text


def test_a_place_in_person_says_where(app, database):
    offering = make_offering(
        attendance=Attendance.BOTH, timezone="Africa/Accra", venue=make_venue(city="Accra")
    )
    person = will()
    seat(person, offering, Way.IN_PERSON)

    page = read(app, person)

    assert "In person, Training centre, Accra" in page.text
    assert page.text.index("13:00–14:30 in Accra") < page.text.index("19:00–20:30 in Dhaka")


def test_who_waits_reads_the_position(app, database):
    everybody = cast(make_offering(capacity_online=1))

    page = read(app, everybody.will)

    assert page.sections == ["Nothing is coming up", "Waiting", "My journeys", "Calendar"]
    words = section(page, "Waiting")
    assert words.startswith("1st of 1 in line What capitation pays for Thu 22 April")
    assert "18:00–19:30" in words
    assert page.links["Leave the line of What capitation pays for"].startswith("/me/places/")
    assert "0 of 1 session behind you, a place in 0" in page.text


def test_a_wait_for_a_cancelled_sitting_is_no_wait_any_more(app, database):
    offering = make_offering(capacity_online=1)
    everybody = cast(offering)
    cancel(offering, "", NOW)

    page = read(app, everybody.will)

    assert "Waiting" not in page.sections
    assert "A freed place is yours at once" not in page.text
    assert "What capitation pays for Cancelled" in section(page, "Cancelled")


def test_a_cancelled_sitting_is_never_next_and_is_crossed_out(app, database):
    journey = make_journey()
    cancelled = make_offering(make_learning_session(journey, "First"))
    coming = make_offering(make_learning_session(journey, "Second"), wall=datetime(2027, 5, 20, 13, 0))
    person = pat()
    seat(person, cancelled)
    seat(person, coming)
    cancel(cancelled, "The speaker is ill.", NOW)

    page = read(app, person)

    assert page.sections[:2] == ["Next, in 80 days", "Cancelled"]
    assert "First Cancelled Online “The speaker is ill.”" in section(page, "Cancelled")
    assert "a place in 1" in section(page, "My journeys")


def test_a_sitting_known_by_its_days_comes_after_those_with_hours(app, database):
    offering = make_offering(when=Days(date(2027, 5, 11), date(2027, 5, 12), "Africa/Accra"))
    person = pat()
    seat(person, offering)

    page = read(app, person)

    assert page.sections[:2] == ["No session with an hour is coming up", "After that"]
    assert section(page, "After that").startswith("11–12 May 2027 What capitation pays for Confirmed")


def test_what_was_stands_behind_and_counts_as_progress(app, database, time_machine):
    journey = make_journey()
    held = make_offering(make_learning_session(journey, "Held"))
    gone = make_offering(make_learning_session(journey, "Called off"), wall=datetime(2027, 4, 23, 13, 0))
    make_learning_session(journey, "To be dated")
    person = pat()
    for offering in (held, gone):
        seat(person, offering)
    cancel(gone, "", NOW)
    time_machine.move_to(STARTS + timedelta(days=5))

    page = read(app, person)

    assert page.sections == ["Nothing is coming up", "My journeys", "Calendar", "Behind you"]
    assert "Held Financing and Payment Models" in section(page, "Behind you")
    assert "Called off" not in page.text
    assert "1 of 3 sessions behind you" in page.text


def test_who_waited_in_vain_was_not_there(app, database, time_machine):
    everybody = cast(make_offering(capacity_online=1))
    time_machine.move_to(STARTS + timedelta(days=5))

    page = read(app, everybody.will)

    assert page.sections == ["Nothing is coming up", "My journeys", "Calendar"]
    assert "0 of 1 session behind you" in page.text


def test_during_a_sitting_it_is_now(app, database, time_machine):
    offering, person = make_offering(), pat()
    seat(person, offering)
    time_machine.move_to(STARTS + timedelta(minutes=10))

    assert read(app, person).sections[0] == "Next, now"


def test_a_facilitator_reads_what_she_leads_and_how_many_come(app, database, time_machine):
    offering = make_offering(capacity_online=1)
    leader = fran(offering)
    seat(pat(), offering)

    page = read(app, leader)
    time_machine.move_to(STARTS + timedelta(days=1))
    afterwards = read(app, leader)

    assert section(page, "You lead").endswith(
        "What capitation pays for Financing and Payment Models 1 person coming "
        "Run sheet of What capitation pays for"
    )
    assert "You lead" not in afterwards.sections


def test_toolkits_of_my_journeys_are_at_hand(app, database):
    offering, person = make_offering(), pat()
    link_journey(make_toolkit(), offering.learning_session.journey, NOW)
    seat(person, offering)

    assert read(app, person).links["Capitation, step by step"] == "/toolkits/capitation-step-by-step/"


def test_a_journey_that_has_closed_stays_among_mine(app, database):
    offering, person = make_offering(), pat()
    seat(person, offering)
    offering.learning_session.journey.status = JourneyStatus.CLOSED
    database.flush()

    page = read(app, person)

    assert "Financing and Payment Models Closed" in section(page, "My journeys")


def test_an_offer_stands_on_top_with_its_deadline_and_is_accepted_there(app, database):
    offering, person = ruled(OFFERS, capacity_online=1), will()
    held, mine = seat(pat(), offering), seat(person, offering)
    release_place(held, NOW)
    browser, number = browser_of(app, person), mine.id

    page = Page(browser.get("/me/"))
    browser.submit(f"/me/places/{number}/accept", page="/me/")
    after = Page(browser.get("/me/"))

    assert page.sections[0] == "Offered to you"
    words = section(page, "Offered to you")
    assert "A place is kept for you until Wednesday 3 March 2027, 15:00 in Dhaka (UTC+6)." in words
    assert page.buttons == ["Accept the place"]
    assert page.links["Decline the place in What capitation pays for"] == f"/me/places/{number}/release"
    assert after.sections[0] == "Next, in 52 days"


def test_an_offer_that_has_ended_is_none_any_more(app, database, time_machine):
    offering, person = ruled(OFFERS, capacity_online=1), will()
    held = seat(pat(), offering)
    seat(person, offering)
    release_place(held, NOW)
    time_machine.move_to(NOW + timedelta(hours=48))

    page = read(app, person)

    assert page.sections[0] == "Nothing is coming up"
    assert page.buttons == []


def test_requests_and_lotteries_wait_with_their_reasons(app, database):
    journey, person = make_journey(), pat()
    draw = NOW + timedelta(days=3)
    asked = ruled({"needs_approval": True}, make_learning_session(journey, "Approved"))
    drawn = ruled(lottery(draw), make_learning_session(journey, "Drawn"), capacity_online=1)
    kept = ruled(BY_COUNTRY, make_learning_session(journey, "Kept"), capacity_online=4)
    seat(make_participant("Kofi Test"), kept)
    for offering in (asked, drawn, kept):
        seat(person, offering)

    words = section(read(app, person), "Waiting")

    assert "Approved Asked for; the organisers decide" in words
    assert "You asked on 1 March 2027. We write to you when the organisers have decided." in words
    assert "Withdraw the request of Approved" in words
    assert "Drawn Takes part in the lottery" in words
    assert "The lottery is drawn on Thursday 4 March 2027, 09:00 in Accra (GMT, UTC); everybody" in words
    assert "Ghana has its 1 of 4 places; while that is so you can be passed over." in words


def test_requests_to_join_stand_among_the_journeys_with_what_became_of_them(app, database):
    person = pat()
    for title, reason in (("One", ""), ("Two", "It is for finance officers.")):
        journey = make_journey(title)
        admitting.change_policy(journey, Policy("Europe/London", Admission.APPROVAL), NOW)
        asked = entering.ask_to_join(journey, person, NOW)
        if reason:
            entering.decline_enrolment(asked, reason, None, NOW + timedelta(days=1))

    page = read(app, person)
    words = section(page, "My journeys")

    assert "Asked to join One Open You asked on 1 March 2027. The organisers decide, and we write" in words
    assert "Declined Two Open The organisers declined your request to join on 2 March 2027." in words
    assert "“It is for finance officers.”" in words
    assert page.links["Two"] == "/journeys/two/"
    assert page.links["Withdraw your request to join One"] == "/journeys/one/leave"
    assert "You are not enrolled anywhere yet" not in page.text
    assert "You have asked to join a journey; once its organisers say yes" in page.text


def test_a_request_to_join_what_has_closed_says_that_nobody_decides(app, database):
    person, journey = pat(), make_journey("One")
    admitting.change_policy(journey, Policy("Europe/London", Admission.APPROVAL), NOW)
    entering.ask_to_join(journey, person, NOW)
    journeys.close(journey, "", NOW.date(), NOW)
    words = section(read(app, person), "My journeys")
    assert "The journey has closed; nobody decides about requests unless it opens again." in words
    assert "we write to you" not in words


def test_the_page_costs_the_same_for_one_request_and_for_thirty(app, database, query_counter):
    first, second = pat(), will()
    for number in range(30):
        journey = make_journey(f"Number {number}")
        admitting.change_policy(journey, Policy("Europe/London", Admission.APPROVAL), NOW)
        entering.ask_to_join(journey, second, NOW)
        if number == 0:
            entering.ask_to_join(journey, first, NOW)
    counts = []
    for person in (first, second):
        browser = browser_of(app, person)
        browser.get("/me/")
        with query_counter() as counted:
            assert browser.get("/me/").status_code == 200
        counts.append(counted.count)

    assert counts[0] == counts[1]
    assert counts[0] <= 17


def test_inside_the_window_one_cannot_come(app, database):
    offering, person = ruled({"cancel_hours": 720}, wall=datetime(2027, 3, 5, 13, 0)), pat()
    seat(person, offering)

    assert "I can’t come" in read(app, person).links


def test_a_move_is_told_with_what_the_organisers_wrote(app, database):
    offering, person = make_offering(), pat()
    seat(person, offering)
    there = as_it_is(offering, wall=datetime(2027, 4, 29, 13, 0))
    revise(offering, there, NOW, note="The hall is taken.")

    text = read(app, person).text

    assert "Moved. It was Thu 22 April, 12:00–13:30 Accra, GMT. “The hall is taken.”" in text


def test_the_page_costs_the_same_for_one_place_and_for_thirty(app, database, query_counter):
    journey = make_journey()
    first, second = pat(), will()
    for number in range(30):
        offering = make_offering(make_learning_session(journey, f"Number {number}"), capacity_online=2)
        seat(second, offering)
        if number == 0:
            seat(first, offering)
    counts = []
    for person in (first, second):
        browser = browser_of(app, person)
        browser.get("/me/")
        with query_counter() as counted:
            assert browser.get("/me/").status_code == 200
        counts.append(counted.count)

    assert counts[0] == counts[1]
    assert counts[0] <= 16


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(days=52, hours=3), "in 52 days"),
        (timedelta(days=1), "in 1 day"),
        (timedelta(hours=23, minutes=59), "in 23 hours"),
        (timedelta(hours=1), "in 1 hour"),
        (timedelta(minutes=59, seconds=59), "in 59 minutes"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(seconds=59), "in less than a minute"),
        (timedelta(0), "now"),
        (timedelta(minutes=-30), "now"),
    ],
)
def test_the_countdown_counts_whole_units_of_elapsed_time(ahead, words):
    assert countdown(NOW, NOW + ahead) == words

"""Enrolling, leaving, taking and giving up places with the buttons of the pages."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.database import db
from app.domain.attendance import Attendance
from app.domain.seats import PlaceStatus
from app.enrolments import queries
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.journeys.models import Journey, JourneyStatus
from app.journeys.operations import rename
from app.scheduling.operations import cancel
from tests.enrolments.reading import several, statuses
from tests.enrolments.ruled import lottery, ruled
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import browser_of, make_account, nora, pat, seat, will
from tests.reader import CSRF

CONFIRMED, WAITING, RELEASED = PlaceStatus.CONFIRMED, PlaceStatus.WAITING, PlaceStatus.RELEASED
JOURNEY = "/journeys/financing-and-payment-models/"
HERE = f"{JOURNEY}sessions/what-capitation-pays-for/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def token(browser, page: str) -> str:
    """A form token as it stands on a page that the browser has open."""
    return token_of(browser.get(page))


def token_of(answer: TestResponse) -> str:
    found = CSRF.search(answer.text)
    assert found is not None
    return found.group(1)


def rows(kind: type) -> int:
    return db.scalar(select(func.count()).select_from(kind)) or 0


# Enrolling


def test_a_newcomer_enrols_and_reads_that_it_worked(app, database):
    make_offering()
    browser = browser_of(app, nora())
    before = Page(browser.get(JOURNEY))
    assert "Enrol in this journey" in before.buttons

    answer = browser.submit(f"{JOURNEY}enrolment", page=JOURNEY)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{JOURNEY}")
    after = Page(browser.get(JOURNEY))
    assert after.notices == ["You are enrolled in “Financing and Payment Models”. Now choose your sessions."]
    assert "You are enrolled" in after.text
    assert "Enrol in this journey" not in after.buttons
    assert Page(browser.get(JOURNEY)).notices == []


def test_two_presses_of_the_same_button_enrol_once(app, database):
    make_journey()
    browser = browser_of(app, nora())
    fields = {"csrf_token": token(browser, JOURNEY)}

    answers = [browser.post(f"{JOURNEY}enrolment", data=fields).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert rows(Enrolment) == 1


@pytest.mark.parametrize("path", [f"{JOURNEY}enrolment", f"{JOURNEY}leave"])
def test_a_stranger_who_sends_a_form_is_asked_to_sign_in_first_and_comes_back(app, database, path):
    make_journey()
    browser = browser_of(app)

    answer = browser.post(path, data={}, headers={"Referer": f"http://127.0.0.1:8000{JOURNEY}"})

    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/sign-in?next={JOURNEY}"
    assert rows(Enrolment) == 0


def test_the_address_to_come_back_to_is_never_another_site(app, database):
    make_journey()

    answer = browser_of(app).post(
        f"{JOURNEY}enrolment", headers={"Referer": "https://elsewhere.example/trap"}
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/me/")


@pytest.mark.parametrize("path", ["enrolment", "leave"])
@pytest.mark.parametrize("who", [None, nora])
def test_a_draft_is_not_there_for_those_who_may_not_see_it(app, database, path, who):
    make_journey(status=JourneyStatus.DRAFT)

    assert browser_of(app, who() if who else None).post(f"{JOURNEY}{path}").status_code == 404


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (JourneyStatus.CLOSED, "“Financing and Payment Models” is closed."),
        (JourneyStatus.ARCHIVED, "“Financing and Payment Models” is closed."),
        (JourneyStatus.PUBLISHED, "“Financing and Payment Models” does not take enrolments yet."),
    ],
)
def test_a_request_to_enrol_where_nobody_can_is_refused_with_the_reason(app, database, status, sentence):
    make_journey(status=status)
    browser = browser_of(app, nora())

    answer = browser.submit(f"{JOURNEY}enrolment", page="/sign-out")

    page = Page(answer)
    assert (page.status, page.title) == (403, "That is not open")
    assert sentence in page.text
    assert rows(Enrolment) == 0


def test_a_form_without_its_token_comes_back_as_a_button_that_works(app, database):
    make_journey()
    browser = browser_of(app, nora())

    refused = browser.post(f"{JOURNEY}enrolment")

    page = Page(refused)
    assert (page.status, page.title) == (422, "Enrol in “Financing and Payment Models”")
    assert "This form had lost its link to your visit" in page.text
    assert rows(Enrolment) == 0
    again = browser.post(f"{JOURNEY}enrolment", data={"csrf_token": token_of(refused)})
    assert again.status_code == 303
    assert rows(Enrolment) == 1


@pytest.mark.parametrize("forged", ["", "00" * 40, "zz", "健康", "a\x00b", "0" * 100_000])
def test_a_forged_token_is_refused(app, database, forged):
    make_journey()
    browser = browser_of(app, nora())
    browser.get(JOURNEY)

    assert browser.post(f"{JOURNEY}enrolment", data={"csrf_token": forged}).status_code == 422
    assert rows(Enrolment) == 0


def test_the_token_of_somebody_elses_visit_is_refused(app, database):
    make_journey()
    first, second = several(2)
    theirs = token(browser_of(app, first), JOURNEY)
    browser = browser_of(app, second)
    browser.get(JOURNEY)

    assert browser.post(f"{JOURNEY}enrolment", data={"csrf_token": theirs}).status_code == 422
    assert rows(Enrolment) == 0


def test_an_account_without_a_profile_is_led_to_it_first(app, database):
    offering = make_offering()
    browser = browser_of(app, make_account("Organiser Only"))

    for path in (f"{JOURNEY}enrolment", f"/offerings/{offering.id}/places"):
        answer = browser.submit(path, page=JOURNEY)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/me/profile")
    assert Page(browser.get("/me/")).notices[0].startswith("Complete your profile first")
    assert rows(Enrolment) == rows(Place) == 0


def test_a_form_sent_from_the_old_address_of_a_journey_still_arrives(app, database):
    journey = make_journey()
    browser = browser_of(app, nora())
    fields = {"csrf_token": token(browser, JOURNEY)}
    rename(database.get_one(Journey, journey.id), "Paying for Care", NOW)

    answer = browser.post(f"{JOURNEY}enrolment", data=fields, follow_redirects=True)

    assert Page(answer).notices == ["You are enrolled in “Paying for Care”. Now choose your sessions."]
    assert rows(Enrolment) == 1


# Leaving


def test_leaving_says_what_it_frees_and_then_does_it(app, database):
    offering, person = make_offering(), pat()
    seat(person, offering)
    browser = browser_of(app, person)

    page = Page(browser.get(f"{JOURNEY}leave"))
    assert page.title == "Leave “Financing and Payment Models”?"
    assert "Your coming places in it, and your waits, end at once: 1 place." in page.text
    assert "Leave this journey" in page.buttons

    answer = browser.submit(f"{JOURNEY}leave")

    assert (answer.status_code, answer.headers["Location"]) == (303, JOURNEY)
    after = Page(browser.get(JOURNEY))
    assert after.notices == [
        "You have left “Financing and Payment Models”. Your coming places in it are free for others."
    ]
    assert "Enrol in this journey" in after.buttons
    assert statuses(offering) == [RELEASED]


def test_leaving_counts_only_the_places_that_come(app, database, time_machine):
    first = make_offering()
    person = pat()
    seat(person, first)
    later = make_offering(
        make_learning_session(first.learning_session.journey, "Later"), wall=datetime(2027, 6, 1, 13, 0)
    )
    seat(person, later)
    time_machine.move_to(first.ends_at)

    page = Page(browser_of(app, person).get(f"{JOURNEY}leave"))

    assert "end at once: 1 place." in page.text


def test_who_holds_nothing_reads_so_before_leaving(app, database):
    make_journey()
    browser = browser_of(app, nora())
    browser.submit(f"{JOURNEY}enrolment", page=JOURNEY)

    assert "You hold no place in its sessions." in Page(browser.get(f"{JOURNEY}leave")).text


def test_leaving_from_a_second_tab_is_no_error(app, database):
    offering, person = make_offering(), pat()
    seat(person, offering)
    browser = browser_of(app, person)
    fields = {"csrf_token": token(browser, f"{JOURNEY}leave")}

    answers = [browser.post(f"{JOURNEY}leave", data=fields).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert db.scalar(select(Enrolment.status)) is EnrolmentStatus.LEFT
    assert browser.get(f"{JOURNEY}leave").headers["Location"] == JOURNEY


def test_leaving_without_a_token_shows_the_page_again(app, database):
    offering, person = make_offering(), pat()
    seat(person, offering)

    answer = browser_of(app, person).post(f"{JOURNEY}leave")

    assert (answer.status_code, Page(answer).title) == (422, "Leave “Financing and Payment Models”?")
    assert statuses(offering) == [CONFIRMED]


# Taking a place


def test_one_press_enrols_and_takes_the_place(app, database):
    offering = make_offering(capacity_online=12)
    browser = browser_of(app, nora())
    assert "Enrol and take a place" in Page(browser.get(HERE)).buttons

    answer = browser.submit(f"/offerings/{offering.id}/places", {"way": "online"}, page=HERE)

    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    page = Page(browser.get(HERE))
    assert page.notices == [
        "You have a place. It stands in My learning, and in your calendar if you subscribe to it."
    ]
    assert "Confirmed since 1 March 2027" in page.text
    assert "1 of 12 places is taken." in page.text
    assert page.links["Give up the place"] == f"/me/places/{db.scalar(select(Place.id))}/release"
    assert (rows(Enrolment), rows(Place)) == (1, 1)


def test_who_comes_too_late_reads_the_position_in_line(app, database):
    offering = make_offering(capacity_online=1)
    first, second, third = several(3)
    seat(first, offering)
    seat(second, offering)
    browser = browser_of(app, third)
    assert "Enrol and join the waiting list" in Page(browser.get(HERE)).buttons

    browser.submit(f"/offerings/{offering.id}/places", {"way": "online"}, page=HERE)

    page = Page(browser.get(HERE))
    assert page.notices == ["You do not have a place yet. Below you read where you stand, and why."]
    assert "2nd of 2 in line" in page.text
    assert "Leave the line" in page.links


def test_the_way_need_not_be_sent_where_there_is_only_one(app, database):
    offering = make_offering()

    browser = browser_of(app, nora())

    assert browser.submit(f"/offerings/{offering.id}/places", page=HERE).status_code == 303
    assert statuses(offering) == [CONFIRMED]


@pytest.mark.parametrize("way", ["", "by-post", "in-person", "online\x00", "健康", "ONLINE", "a" * 10_000])
def test_a_way_that_is_none_comes_back_with_the_choice(app, database, way):
    offering = make_offering()
    browser = browser_of(app, nora())

    answer = browser.submit(f"/offerings/{offering.id}/places", {"way": way}, page=HERE)

    page = Page(answer)
    assert (page.status, page.title) == (422, "Take a place in “What capitation pays for”")
    assert [facts["value"] for tag, facts in page.tags if facts.get("type") == "radio"] == ["online"]
    assert rows(Enrolment) == rows(Place) == 0


def test_where_there_are_two_ways_one_must_be_chosen(app, database):
    offering = make_offering(attendance=Attendance.BOTH)
    browser = browser_of(app, nora())

    page = Page(browser.submit(f"/offerings/{offering.id}/places", page=HERE))

    assert page.status == 422
    assert [facts["value"] for tag, facts in page.tags if facts.get("type") == "radio"] == [
        "online",
        "in-person",
    ]
    assert rows(Place) == 0


def test_a_double_click_two_tabs_and_the_back_button_make_one_place(app, database):
    offering = make_offering(capacity_online=5)
    person = nora()
    here = f"/offerings/{offering.id}/places"
    browser = browser_of(app, person)
    first_tab, second_tab = token(browser, HERE), token(browser, HERE)
    other_device = browser_of(app, person)
    elsewhere = token(other_device, HERE)

    answers = [
        browser.post(here, data={"way": "online", "csrf_token": first_tab}),
        browser.post(here, data={"way": "online", "csrf_token": first_tab}),
        browser.post(here, data={"way": "online", "csrf_token": second_tab}),
        other_device.post(here, data={"way": "online", "csrf_token": elsewhere}),
    ]

    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(303, HERE)] * 4
    assert (rows(Place), rows(Enrolment)) == (1, 1)
    assert db.scalar(select(Place.queue_number)) == 1


def test_a_stranger_who_wants_a_place_signs_in_and_comes_back_to_the_session(app, database):
    offering = make_offering()

    answer = browser_of(app).post(
        f"/offerings/{offering.id}/places",
        data={"way": "online"},
        headers={"Referer": f"http://127.0.0.1:8000{HERE}"},
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?next={HERE}")
    assert rows(Place) == 0


@pytest.mark.parametrize("number", ["0", "999999", str(2**31), str(2**63), "9" * 400, "-1", "one", "1.5"])
def test_an_offering_that_is_not_there_is_not_found(app, database, number):
    browser = browser_of(app, nora())

    assert browser.post(f"/offerings/{number}/places").status_code == 404


def test_a_sitting_of_a_draft_is_not_found(app, database):
    offering = make_offering(make_learning_session(make_journey(status=JourneyStatus.DRAFT)))

    assert browser_of(app, nora()).post(f"/offerings/{offering.id}/places").status_code == 404
    assert browser_of(app).post(f"/offerings/{offering.id}/places").status_code == 404


def test_a_place_in_a_closed_journey_is_refused_with_the_reason(app, database):
    offering = make_offering(make_learning_session(make_journey(status=JourneyStatus.CLOSED)))
    browser = browser_of(app, nora())

    page = Page(browser.submit(f"/offerings/{offering.id}/places", {"way": "online"}, page="/sign-out"))

    assert page.status == 403
    assert "“Financing and Payment Models” is closed." in page.text
    assert rows(Place) == rows(Enrolment) == 0


def test_a_refused_place_leaves_no_enrolment_behind(app, database):
    offering = make_offering()
    cancel(offering, "", NOW)
    browser = browser_of(app, nora())

    page = Page(browser.submit(f"/offerings/{offering.id}/places", {"way": "online"}, page="/sign-out"))

    assert page.status == 403
    assert "This sitting has been cancelled; nobody can take a place in it." in page.text
    assert rows(Enrolment) == rows(Place) == 0


def test_asking_the_other_way_while_holding_one_says_what_to_do(app, database):
    offering = make_offering(attendance=Attendance.BOTH)
    person = pat()
    seat(person, offering)
    browser = browser_of(app, person)

    answer = browser.submit(f"/offerings/{offering.id}/places", {"way": "in-person"}, page="/sign-out")

    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    assert "You hold a place online. Give it up first to ask for one in person." in browser.get(HERE).text


def test_taking_a_place_without_a_token_asks_once_more_and_remembers_the_way(app, database):
    offering = make_offering(attendance=Attendance.BOTH)
    browser = browser_of(app, nora())

    answer = browser.post(f"/offerings/{offering.id}/places", data={"way": "in-person"})

    page = Page(answer)
    assert page.status == 422
    assert ("input", {"type": "hidden", "name": "way", "value": "in-person"}) in page.tags
    again = browser.post(
        f"/offerings/{offering.id}/places", data={"way": "in-person", "csrf_token": token_of(answer)}
    )
    assert again.headers["Location"] == HERE


# Giving a place up


def test_giving_a_place_up_says_who_gets_it_and_then_does_it(app, database):
    offering = make_offering(capacity_online=1)
    first, second = pat(), will()
    place = seat(first, offering)
    seat(second, offering)
    here = f"/me/places/{place.id}/release"
    browser = browser_of(app, first)

    page = Page(browser.get(here))
    assert page.title == "Give up your place in “What capitation pays for”?"
    assert "1 person is waiting; the first of them has your place at once." in page.text
    assert page.links["Keep it"] == HERE

    answer = browser.submit(here)

    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    after = Page(browser.get(HERE))
    assert after.notices == ["Your place is free for somebody else."]
    assert "Join the waiting list" in after.buttons
    assert "1 of 1 place is taken." in after.text
    assert statuses(offering) == [RELEASED, CONFIRMED]
    assert "Confirmed since 1 March 2027" in Page(browser_of(app, second).get(HERE)).text


def test_leaving_the_line_says_what_coming_back_means(app, database):
    offering = make_offering(capacity_online=1)
    first, second = pat(), will()
    seat(first, offering)
    place = seat(second, offering)
    browser = browser_of(app, second)

    page = Page(browser.get(f"/me/places/{place.id}/release"))
    assert page.title == "Leave the line for “What capitation pays for”?"
    assert "If you come back later you stand at the end of the line." in page.text
    assert "Leave the line" in page.buttons

    browser.submit(f"/me/places/{place.id}/release")

    assert Page(browser.get(HERE)).notices == ["You have left the line."]
    assert statuses(offering) == [CONFIRMED, RELEASED]


def test_leaving_a_lottery_says_until_when_one_comes_back(app, database, time_machine):
    offering = ruled(lottery(NOW + timedelta(days=3)), registration_closes_at=NOW + timedelta(days=2))
    first, second = pat(), will()
    here, there = (f"/me/places/{seat(one, offering).id}/release" for one in (first, second))
    browser, other = browser_of(app, first), browser_of(app, second)

    page = Page(browser.get(here))
    assert page.title == "Leave the lottery for “What capitation pays for”?"
    again = "You can take part again until Wednesday 3 March 2027, 09:00 in Accra (GMT, UTC), with the same"
    assert again in page.text
    assert "line" not in page.text
    browser.submit(here)
    assert Page(browser.get(HERE)).notices == ["You no longer take part in the lottery."]

    time_machine.move_to(NOW + timedelta(days=2))
    assert "and cannot come back: nobody can ask for a place here" in Page(other.get(there)).text
    time_machine.move_to(NOW + timedelta(days=3))
    assert "Leave the line for" in Page(other.get(there)).text  # the draw is due, and comes first


def test_giving_up_twice_is_no_error_and_tells_the_truth(app, database):
    offering, person = make_offering(), pat()
    place = seat(person, offering)
    here = f"/me/places/{place.id}/release"
    browser = browser_of(app, person)
    fields = {"csrf_token": token(browser, here)}

    answers = [browser.post(here, data=fields) for _ in range(2)]

    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(303, HERE)] * 2
    assert Page(browser.get(HERE)).notices == [
        "Your place is free for somebody else.",
        "You had given this place up already.",
    ]
    again = browser.get(here)
    assert (again.status_code, again.headers["Location"]) == (303, HERE)


def test_nobody_sees_or_gives_up_the_place_of_somebody_else(app, database):
    offering = make_offering()
    place = seat(pat(), offering)
    here = f"/me/places/{place.id}/release"
    other = browser_of(app, nora())
    administrator = browser_of(app, make_account("Root Admin", is_administrator=True))

    assert other.get(here).status_code == 404
    assert other.submit(here, page="/sign-out").status_code == 404
    assert administrator.get(here).status_code == 404
    assert browser_of(app).get(here).headers["Location"] == f"/sign-in?next={here}"
    assert statuses(offering) == [CONFIRMED]


def test_a_place_in_a_sitting_that_is_over_stays_and_the_page_says_why(app, database, time_machine):
    offering, person = make_offering(), pat()
    place = seat(person, offering)
    time_machine.move_to(offering.ends_at + timedelta(minutes=1))

    page = Page(browser_of(app, person).submit(f"/me/places/{place.id}/release"))

    assert page.status == 422
    assert "This session is over; its places stay as they were." in page.text
    assert statuses(offering) == [CONFIRMED]


def test_the_counts_on_the_page_follow(app, database):
    offering = make_offering(attendance=Attendance.BOTH, capacity_online=3, capacity_in_person=None)
    people = several(4)
    for person in people[:2]:
        seat(person, offering)

    page = Page(browser_of(app).get(HERE))

    assert "2 of 3 places online are taken." in page.text
    assert queries.waiting_counts(offering.learning_session_id) == {}

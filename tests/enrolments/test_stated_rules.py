"""The session's page says by which rule places are given, before and after one has asked."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.database import db
from app.domain.lottery import commitment
from app.domain.place_rules import Giving
from app.enrolments import approving, operations
from app.enrolments.models import Place
from app.enrolments.rules import Admission, EnrolmentPolicy
from tests.enrolments.reading import several
from tests.enrolments.ruled import BY_COUNTRY, OFFERS, SEED, let_time_pass, lottery, place_of, ruled
from tests.factories import NOW, make_learning_session, make_offering, make_participant
from tests.page import Page
from tests.people import browser_of, make_account, nora, pat, seat, will

JOURNEY = "/journeys/financing-and-payment-models/"
HERE = f"{JOURNEY}sessions/what-capitation-pays-for/"
DRAW = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
STARTS = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def read(app, who=None) -> Page:
    return Page(browser_of(app, who).get(HERE))


# Before one asks


def test_a_stranger_reads_what_becomes_of_a_freed_place(app, database):
    make_offering(capacity_online=12)

    text = read(app).text

    assert (
        "0 of 12 places are taken. Places go first come, first served. A place that becomes free goes at "
        "once to the next in line, who is told by e-mail."
    ) in text


def test_a_lottery_is_announced_with_its_moment_in_the_readers_zone_and_what_it_is_bound_to(app, database):
    offering = ruled(lottery(DRAW), capacity_online=2)

    page = read(app, will())

    assert "Places are drawn by lot on Thursday 1 April 2027, 15:00 in Dhaka (UTC+6)." in page.text
    assert commitment(SEED) in page.text
    assert SEED not in page.source
    assert page.links["How the draw can be checked"] == f"{HERE}draw/{offering.id}"
    assert "Enrol and take part in the lottery" in page.buttons
    assert "Sign in to take part in the lottery" in read(app).links


def test_a_balance_is_announced_and_the_reader_told_what_her_country_has(app, database):
    offering = ruled({**BY_COUNTRY, "balanced_until_at": DRAW}, capacity_online=12)
    seat(pat(), offering)
    ghanaian = make_participant("Kofi Test", user=make_account("Kofi Test"))

    text = read(app, ghanaian).text

    assert (
        "until Thursday 1 April 2027, 09:00 in Accra (GMT, UTC) at most 3 of the 12 places go to one" in text
    )
    assert "1 of 12 places is taken. Ghana has 1 of the 3 places it can have until" in text
    assert "Ghana has" not in read(app).text


def test_who_is_of_a_country_with_its_full_share_joins_the_line_though_there_is_room(app, database):
    offering = ruled(BY_COUNTRY, capacity_online=4)
    seat(pat(), offering)
    ghanaian = make_participant("Kofi Test", user=make_account("Kofi Test"))
    browser = browser_of(app, ghanaian)
    assert "Enrol and join the waiting list" in Page(browser.get(HERE)).buttons
    assert "Enrol and take a place" in read(app, nora()).buttons

    browser.submit(f"/offerings/{offering.id}/places", {"way": "online"}, page=HERE)

    page = Page(browser.get(HERE))
    passed_over = "You are 1st of 1. Ghana has its 1 of 4 places; while that is so you can be passed over."
    assert passed_over in page.text
    assert passed_over in page.text


def test_who_is_not_passed_over_takes_a_place_though_others_wait(app, database):
    offering = ruled(BY_COUNTRY, capacity_online=4)
    for person in several(2):
        seat(person, offering)
    browser = browser_of(app, nora())

    browser.submit(f"/offerings/{offering.id}/places", {"way": "online"}, page=HERE)

    assert "Confirmed since" in Page(browser.get(HERE)).text


def test_approval_and_the_time_to_give_up_freely_are_announced(app, database):
    ruled({"needs_approval": True, "cancel_hours": 48, "giving": Giving.OFFER}, capacity_online=3)

    page = read(app, nora())

    assert "The organisers decide about each request" in page.text
    assert "who has 2 days to accept it" in page.text
    assert "freely until Tuesday 20 April 2027, 13:00 in Kinshasa (WAT, UTC+1), 2 days before" in page.text
    assert page.buttons == ["Enrol and ask for a place"]


def test_reserved_and_offered_places_are_told_apart_from_taken_ones(app, database):
    offering = ruled(OFFERS, capacity_online=4)
    first, second, third, fourth = several(4)
    places = [seat(one, offering) for one in (first, second, third, fourth)]
    waiter = will()
    seat(waiter, offering)
    operations.release_place(places[0], NOW)
    database.commit()

    assert "4 of 4 places are taken, 1 on offer." in read(app).text


def test_places_kept_for_a_group_are_told(app, database):
    offering = make_offering(capacity_online=10)
    offering.held_online = 3
    database.flush()

    assert "3 of 10 places are taken, 3 of them reserved for groups." in read(app).text


# What stands between


def test_a_request_waits_for_the_organisers(app, database):
    offering = ruled({"needs_approval": True}, capacity_online=3)
    person = pat()
    browser = browser_of(app, person)

    browser.submit(f"/offerings/{offering.id}/places", {"way": "online"}, page=HERE)

    page = Page(browser.get(HERE))
    assert page.notices == ["Your request is with the organisers. We write to you when they have decided."]
    assert "Asked for; the organisers decide" in page.text
    assert "The organisers decide. You asked on 1 March 2027; we write to you when they have." in page.text
    assert page.links["Withdraw the request"].startswith("/me/places/")
    assert "0 of 3 places are taken." in page.text


def test_who_is_declined_reads_the_reason_and_is_not_asked_again(app, database):
    offering = ruled({"needs_approval": True}, capacity_online=3)
    person = pat()
    approving.decline(seat(person, offering), "It is for finance officers.", None, NOW)

    page = read(app, person)

    assert "Declined The organisers have declined your request. 1 March 2027" in page.text
    assert "“It is for finance officers.”" in page.text
    assert page.buttons == []


def test_who_was_taken_out_reads_why_and_may_ask_again(app, database):
    offering, person = make_offering(capacity_online=3), pat()
    approving.take_out(seat(person, offering), "You told us that you are ill.", None, NOW)

    page = read(app, person)

    assert "The organisers have taken you out of this sitting. 1 March 2027" in page.text
    assert "“You told us that you are ill.”" in page.text
    assert page.buttons == ["Take a place"]


def test_who_takes_part_in_a_lottery_has_no_position_before_the_draw(app, database):
    offering = ruled(lottery(DRAW), capacity_online=1)
    first, second = pat(), will()
    seat(first, offering)
    browser = browser_of(app, second)

    browser.submit(f"/offerings/{offering.id}/places", {"way": "online"}, page=HERE)

    page = Page(browser.get(HERE))
    assert "The lottery is drawn on Thursday 1 April 2027, 15:00 in Dhaka (UTC+6)" in page.text
    assert "Takes part in the lottery" in page.text
    assert "of 2 in line" not in page.text
    assert "2 people take part in the draw so far." in page.text
    assert "Leave the lottery" in page.links


def test_after_the_draw_one_has_a_place_or_a_position_in_its_order(app, database, time_machine):
    offering = ruled(lottery(DRAW), capacity_online=1)
    people = several(3)
    number = offering.id
    for person in people:
        seat(person, offering)
    time_machine.move_to(DRAW)
    let_time_pass(number, DRAW)

    texts = [read(app, person).text for person in people]

    assert sum("Confirmed since" in text for text in texts) == 1
    waiting = [text for text in texts if "Confirmed since" not in text]
    assert sorted(re.findall(r"You are (1st|2nd) of 2; the lottery was drawn", " ".join(waiting))) == [
        "1st",
        "2nd",
    ]
    assert sum(SEED in text for text in texts) == 0


# Giving up


def test_before_the_window_a_place_is_given_up_and_inside_it_one_cannot_come(app, database, time_machine):
    offering = ruled({"cancel_hours": 48}, capacity_online=2)
    person = pat()
    place = seat(person, offering)
    number, browser = place.id, browser_of(app, person)
    assert "Give up the place" in Page(browser.get(HERE)).links
    assert Page(browser.get(f"/me/places/{number}/release")).title.startswith("Give up your place in")

    time_machine.move_to(STARTS - timedelta(hours=47))
    browser = browser_of(app, person)  # the earlier visit is too long ago
    assert "I can’t come" in Page(browser.get(HERE)).links
    asked = Page(browser.get(f"/me/places/{number}/release"))
    assert asked.title == "Can’t you come to “What capitation pays for”?"
    assert "it is recorded that you said so after that time" in asked.text
    browser.submit(f"/me/places/{number}/release")

    page = Page(browser.get(HERE))
    assert page.notices == ["It is noted that you can’t come. Your place is free for somebody else."]
    assert "You said that you can’t come. 20 April 2027" in page.text
    assert db.get_one(Place, number).cannot_come_at is not None


def test_a_late_repeat_of_giving_up_leaves_the_new_place_alone(app, database):
    offering, person = make_offering(capacity_online=2), pat()
    number = seat(person, offering).id
    browser = browser_of(app, person)
    form = Page(browser.get(f"/me/places/{number}/release"))
    fields = {facts["name"]: facts["value"] for tag, facts in form.tags if tag == "input"}
    address = f"/me/places/{number}/release"

    browser.post(address, data=fields)
    browser.submit(f"/offerings/{offering.id}/places", {"way": "online"}, page=HERE)
    answer = browser.post(address, data=fields)

    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    assert "Confirmed since" in Page(browser.get(HERE)).text


def test_a_late_repeat_of_asking_does_nothing_more(app, database):
    offering, person = make_offering(capacity_online=2), pat()
    browser = browser_of(app, person)
    form = Page(browser.get(HERE))
    fields = {facts["name"]: facts["value"] for tag, facts in form.tags if facts.get("type") == "hidden"}
    assert fields["once"]

    browser.post(f"/offerings/{offering.id}/places", data=fields)
    browser.submit(f"/me/places/{place_of(offering.id, person.id).id}/release")
    answer = browser.post(f"/offerings/{offering.id}/places", data=fields)

    assert answer.status_code == 303
    assert "You gave up what you had here." in Page(browser.get(HERE)).text


# Journeys that ask something first


@pytest.mark.parametrize(
    ("admission", "words", "link"),
    [
        (Admission.APPROVAL, "is approved by its organisers", "Ask to join the journey"),
        (Admission.INVITATION, "is invited", "Enrol in the journey"),
    ],
)
def test_where_not_everybody_gets_in_the_page_leads_to_the_form(app, database, admission, words, link):
    offering = make_offering()
    journey = offering.learning_session.journey
    db.add(EnrolmentPolicy(journey_id=journey.id, admission=admission, timezone="Europe/London"))
    browser = browser_of(app, nora())

    page = Page(browser.get(HERE))
    assert words in page.text
    assert page.links[link] == f"{JOURNEY}enrolment"
    assert page.buttons == []

    answer = browser.submit(f"/offerings/{offering.id}/places", {"way": "online"}, page="/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{JOURNEY}enrolment")
    assert db.query(Place).count() == 0


# What it costs


def test_the_page_costs_the_same_whatever_the_rules_and_however_many_wait(app, database, query_counter):
    def cost(offering_rule, count):
        learning_session = make_learning_session(journey, f"Session {offering_rule.get('kind')} {count}")
        offering = ruled(offering_rule, learning_session, capacity_online=4)
        for number in range(count):
            seat(make_participant(f"Person {number}"), offering)
        seat(person, offering)
        page = f"{JOURNEY}sessions/{learning_session.slug}/"
        browser = browser_of(app, person)
        browser.get(page)
        with query_counter() as counted:
            assert browser.get(page).status_code == 200
        return counted.count

    person = pat()
    journey = make_offering().learning_session.journey
    plain = cost({}, 1)
    few = [cost(rule, 1) for rule in (OFFERS, lottery(DRAW), BY_COUNTRY)]
    many = [cost(rule, 30) for rule in (OFFERS, lottery(DRAW), BY_COUNTRY)]

    assert few == many == [plain, plain, plain + 2]

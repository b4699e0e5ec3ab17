"""How one gets into a journey, on the screens of those who join and of those who organise."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.admission import Admission, Policy
from app.domain.attendance import Attendance
from app.enrolments import admitting, entering, policies
from app.enrolments.models import Enrolment, EnrolmentStatus, Invitation, Place
from app.enrolments.operations import enrol
from app.enrolments.rules import InvitationKind
from app.journeys.models import Journey, JourneyStatus
from tests.enrolments.reading import several
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import ada, browser_of, cora, nora, pat, will

JOURNEY = "/journeys/financing-and-payment-models/"
ENROL = f"{JOURNEY}enrolment"
POLICY = "/organise/journeys/financing-and-payment-models/enrolment"
QUESTION = "What do you work on?"
ONCE = re.compile(r'name="once" value="([^"]+)"')


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def journey_with(status: JourneyStatus = JourneyStatus.OPEN, **facts):
    journey = make_journey(status=status)
    admitting.change_policy(journey, Policy(**{"timezone": "Europe/London"} | facts), NOW)
    return journey


def page(browser, path: str = JOURNEY) -> Page:
    return Page(browser.get(path))


def enrolled() -> list[EnrolmentStatus]:
    return list(db.scalars(select(Enrolment.status).order_by(Enrolment.id)))


def test_the_page_says_how_one_gets_in_before_anybody_does(app, database):
    journey_with(
        most_people=40,
        eligibility="For **advisers** of ministries.",
        opens_at=datetime(2027, 4, 1, 9, 0, tzinfo=UTC),
        closes_at=datetime(2027, 4, 8, 9, 0, tzinfo=UTC),
    )

    seen = page(browser_of(app, pat("Asia/Dhaka")))

    assert "For advisers of ministries." in seen.text
    assert "Open to everybody. Enrolling is free and takes one step" in seen.text
    assert "At most 40 people at a time; there is room for 40 more." in seen.text
    assert (
        "Enrolment opens Thursday 1 April 2027, 10:00 in London (BST, UTC+1); for you that is "
        "Thursday 1 April 2027, 15:00 in Dhaka (UTC+6)." in seen.text
    )
    assert "Enrolment closes Thursday 8 April 2027, 10:00 in London (BST, UTC+1)" in seen.text
    assert "Enrol in this journey" not in seen.buttons
    assert "Come back then." in seen.text


def test_a_full_journey_says_what_to_do(app, database):
    journey = journey_with(most_people=1)
    entering.ask_to_join(journey, will(), NOW)
    browser = browser_of(app, nora())

    seen = page(browser)
    refused = Page(browser.submit(ENROL, page="/sign-out"))

    assert "full" in seen.text
    assert seen.buttons.count("Enrol in this journey") == 0
    assert refused.status == 422
    assert "come back later, or write to the organisers" in refused.text
    assert enrolled() == [EnrolmentStatus.ACTIVE]


def test_a_request_with_its_answer_is_decided_and_each_step_is_told(app, database):
    journey = journey_with(admission=Admission.APPROVAL, question=QUESTION)
    browser = browser_of(app, pat())

    before = page(browser)
    form = page(browser, before.links["Ask to join"])
    empty = Page(browser.submit(ENROL))
    asked = browser.submit(ENROL, {"answer": "Capitation in Ghana"})
    after = Page(browser.get(asked.headers["Location"]))

    assert "By approval. You ask, with an answer to a question of the organisers" in before.text
    assert QUESTION in form.text
    assert (empty.status, "Answer the question" in empty.text) == (422, True)
    assert "is with its organisers. They decide, and we write to you." in after.text
    assert "You asked on 1 March 2027. The organisers decide" in after.text
    assert "“Capitation in Ghana”" in after.text
    again = page(browser, ENROL)
    assert again.title == "Change your request to join “Financing and Payment Models”"
    assert "Capitation in Ghana" in again.text

    one = db.scalars(select(Enrolment)).one()
    entering.decline_enrolment(one, "It is for advisers.", None, NOW)
    declined = page(browser)
    assert "The organisers declined your request on 1 March 2027: “It is for advisers.”" in declined.text
    assert "Ask to join" not in declined.links
    assert Page(browser.submit(ENROL, {"answer": "Please"}, page="/sign-out")).status == 422
    assert journey.id


def test_a_request_can_be_withdrawn(app, database):
    entering.ask_to_join(journey_with(admission=Admission.APPROVAL), person := pat(), NOW)
    browser = browser_of(app, person)

    leave = page(browser, page(browser).links["Withdraw your request"])
    answer = browser.submit(f"{JOURNEY}leave", follow_redirects=True)

    assert leave.title == "Withdraw your request to join “Financing and Payment Models”?"
    assert "Your request to join “Financing and Payment Models” is withdrawn." in Page(answer).text
    assert enrolled() == [EnrolmentStatus.LEFT]


def test_a_request_is_not_changed_where_nobody_can_ask(app, database, time_machine):
    closes = NOW + timedelta(days=1)
    entering.ask_to_join(journey_with(admission=Admission.APPROVAL, closes_at=closes), person := pat(), NOW)
    browser = browser_of(app, person)
    assert "Change your request" in page(browser).links

    time_machine.move_to(closes)

    assert "Change your request" not in page(browser).links
    assert "Withdraw your request" in page(browser).links


def test_a_link_with_a_code_keeps_it_for_who_has_asked_before(app, database):
    journey = journey_with(admission=Admission.APPROVAL)
    entering.ask_to_join(journey, person := pat(), NOW)
    admitting.change_policy(journey, Policy("Europe/London", Admission.INVITATION), NOW)

    form = browser_of(app, person).get(f"{ENROL}?code=ACCRA-27").text

    assert 'value="ACCRA-27"' in form


@pytest.mark.parametrize("admission", list(Admission))
def test_leaving_promises_no_way_back_that_the_journey_does_not_give(app, database, admission):
    journey = journey_with(admission=admission)
    enrol(journey, person := pat(), NOW)

    text = page(browser_of(app, person), f"{JOURNEY}leave").text

    assert "To come back you join again, in the way the journey’s page says then." in text
    assert "You can enrol again" not in text


def test_one_press_asks_where_nothing_is_asked(app, database):
    journey_with(admission=Admission.APPROVAL)
    browser = browser_of(app, pat())

    assert "Ask to join" in page(browser).buttons
    assert browser.submit(ENROL, page=JOURNEY).status_code == 303
    assert enrolled() == [EnrolmentStatus.REQUESTED]


def test_a_code_lets_in(app, database):
    journey = journey_with(admission=Admission.INVITATION)
    db.add(
        Invitation(
            journey_id=journey.id, kind=InvitationKind.CODE, value="ACCRA-27", value_folded="accra27",
            created_at=NOW,
        )
    )  # fmt: skip
    browser = browser_of(app, pat())

    form = browser.get(f"{ENROL}?code=ACCRA-27")
    wrong = Page(browser.submit(ENROL, {"code": "ACCRA-72"}))
    answer = browser.submit(ENROL, {"code": "accra 27"}, follow_redirects=True)

    assert 'value="ACCRA-27"' in form.text
    assert (wrong.status, "This code lets nobody in" in wrong.text) == (422, True)
    assert "You are enrolled" in Page(answer).text


def test_enrolling_with_every_session_takes_the_places(app, database):
    journey = make_journey()
    offering = make_offering(make_learning_session(journey, "One"), attendance=Attendance.BOTH)
    make_offering(make_learning_session(journey, "Two"))
    browser = browser_of(app, pat())

    form = page(browser, page(browser).links["Enrol with a place in every session"])
    answer = browser.submit(
        ENROL, {"wants_all": "y", "way": "in-person"}, page=f"{ENROL}?all=1", follow_redirects=True
    )

    assert "2 sessions are to come." in form.text
    assert 'aria-describedby="wants_all-hint"' in form.source
    assert '<p class="hint" id="wants_all-hint">2 sessions' in form.source
    assert "How you attend where there is a choice" in form.text
    seen = Page(answer)
    assert "You are enrolled in “Financing and Payment Models”. You have a place in 2 sessions." in seen.text
    assert "You take part in every session" in seen.text
    ways = dict(db.execute(select(Place.offering_id, Place.way)).all())
    assert len(ways) == 2
    assert ways[offering.id] == "in-person"


def test_every_session_can_be_chosen_later_and_stopped(app, database):
    journey, person = make_journey(), pat()
    make_offering(make_learning_session(journey, "One"))
    entering.ask_to_join(journey, person, NOW)
    browser = browser_of(app, person)

    offered = page(browser, page(browser).links["Take part in every session"])
    began = Page(browser.submit(f"{ENROL}/all", {"wish": "all"}, follow_redirects=True))
    stops = page(browser, began.links["Choose sessions yourself"])
    ended = Page(browser.submit(f"{ENROL}/all", {"wish": "chosen"}, follow_redirects=True))

    assert offered.title == "Take part in every session?"
    assert "You take part in every session. You have a place in 1 session." in began.text
    assert stops.title == "Choose sessions yourself?"
    assert "From now on you choose your sessions. The places you have stay yours." in ended.text
    assert db.scalars(select(Place.status)).all() == ["confirmed"]
    assert not db.scalars(select(Enrolment.wants_all)).one()


def test_the_very_same_form_sent_twice_counts_once(app, database):
    journey_with(admission=Admission.APPROVAL)
    browser = browser_of(app, pat())
    shown = browser.get(JOURNEY).text
    fields = {
        "once": ONCE.findall(shown)[0],
        "csrf_token": re.findall(r'csrf_token" value="([^"]+)"', shown)[0],
    }

    first = browser.post(ENROL, data=fields)
    browser.submit(f"{JOURNEY}leave")
    second = browser.post(ENROL, data=fields)

    assert (first.status_code, second.status_code) == (303, 303)
    assert enrolled() == [EnrolmentStatus.LEFT]  # the repeated form did not ask again


def test_the_form_is_not_shown_where_it_would_be_refused(app, database):
    journey_with(opens_at=datetime(2027, 4, 1, 9, 0, tzinfo=UTC))
    answer = browser_of(app, pat()).get(ENROL)
    assert (answer.status_code, answer.headers["Location"]) == (303, JOURNEY)


@pytest.mark.parametrize("path", [ENROL, f"{ENROL}/all"])
def test_who_has_nothing_to_say_there_is_led_to_the_journey(app, database, path):
    journey, person = make_journey(), pat()
    if path == ENROL:
        entering.ask_to_join(journey, person, NOW)
    answer = browser_of(app, person).get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, JOURNEY)


def fields(**changed) -> dict[str, str]:
    return {
        "admission": "approval",
        "question": QUESTION,
        "eligibility": "For advisers.",
        "opens": "2027-04-01T10:00",
        "closes": "2027-04-08T10:00",
        "zone": "London",
        "most_people": "40",
    } | changed


def test_organisers_set_the_policy(app, database):
    journey = make_journey()
    browser = browser_of(app, ada(journey))

    form = page(browser, POLICY)
    answer = browser.submit(POLICY, fields())

    assert form.title == "How people get in"
    assert answer.status_code == 303
    assert policies.policy_of(journey.id) == Policy(
        timezone="Europe/London",
        admission=Admission.APPROVAL,
        question=QUESTION,
        eligibility="For advisers.",
        opens_at=datetime(2027, 4, 1, 9, 0, tzinfo=UTC),
        closes_at=datetime(2027, 4, 8, 9, 0, tzinfo=UTC),
        most_people=40,
    )
    assert 'value="2027-04-01T10:00"' in browser.get(POLICY).text
    assert browser.submit(POLICY, fields()).status_code == 303  # as it stood


def test_opening_to_everybody_says_what_becomes_of_requests_and_does_it(app, database):
    journey = journey_with(admission=Admission.APPROVAL)
    for person in several(2):
        entering.ask_to_join(journey, person, NOW)
    browser = browser_of(app, ada(journey))

    form = page(browser, POLICY)
    answer = browser.submit(POLICY, fields(admission="open", opens="", closes=""), follow_redirects=True)

    assert "If you open the journey to everybody, those who have asked are enrolled" in form.text
    assert "2 people who had asked are enrolled now." in Page(answer).text
    assert enrolled() == [EnrolmentStatus.ACTIVE] * 2


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (2, "1 person who had asked is enrolled now. 1 more follows within minutes."),
        (3, "1 person who had asked is enrolled now. 2 more follow within minutes."),
    ],
)
def test_how_many_are_let_in_is_said_in_the_right_number(monkeypatch, app, database, asked, sentence):
    monkeypatch.setattr(admitting, "BATCH", 1)
    journey = journey_with(admission=Admission.APPROVAL)
    for person in several(asked):
        entering.ask_to_join(journey, person, NOW)
    answer = browser_of(app, ada(journey)).submit(
        POLICY, fields(admission="open", opens="", closes=""), follow_redirects=True
    )
    assert sentence in Page(answer).text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"admission": ""}, "Choose one of these."),
        ({"closes": "2027-03-20T10:00"}, "Enrolment cannot close before it opens."),
        ({"opens": "2027-03-28T01:30"}, "02:00"),  # skipped by the clocks of London
        ({"closes": "2027-10-31T01:30"}, "Which of the two?"),
        ({"zone": "Nowhereville"}, "Nowhereville"),
        ({"zone": ""}, "Say in whose time"),
        ({"most_people": "0"}, "Give a number of people from 1"),
        ({"most_people": "many"}, "Give a whole number"),
        ({"most_people": "99999999999999999999"}, "Give a number of people from 1"),
        ({"question": "a\x00b"}, "a character that cannot be kept"),
        ({"eligibility": "x" * 4001}, "Use at most 4,000 characters."),
        ({"opens": "soon"}, "Give a day and a time"),
    ],
)
def test_bad_input_comes_back_with_what_was_typed(app, database, changed, sentence):
    journey = make_journey()
    refused = Page(browser_of(app, ada(journey)).submit(POLICY, fields(**changed)))

    assert refused.status == 422
    assert sentence in refused.text
    assert "For advisers." in refused.source or "eligibility" in changed
    assert policies.policy_of(journey.id).admission is Admission.OPEN


def test_a_time_that_comes_twice_is_asked_about(app, database):
    journey = make_journey()
    browser = browser_of(app, ada(journey))
    twice = fields(closes="2027-10-31T01:30")
    asked = browser.submit(POLICY, twice).text
    about = re.findall(r'name="closes_asked"[^>]*value="([^"]*)"', asked)[0]

    answer = browser.submit(POLICY, twice | {"closes_fold": "1", "closes_asked": about})

    assert answer.status_code == 303
    assert policies.policy_of(journey.id).closes_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_who_saves_second_sees_both_versions(app, database):
    journey = make_journey()
    browser = browser_of(app, ada(journey))
    opened = browser.get(POLICY).text
    other = Policy(timezone="Europe/London", most_people=12)
    admitting.change_policy(db.get_one(Journey, journey.id), other, NOW)
    hidden = {
        name: re.findall(rf'name="{name}"[^>]*value="([^"]+)"', opened)[0] for name in ("seen", "csrf_token")
    }

    stale = Page(browser.post(POLICY, data=fields() | hidden))

    assert stale.status == 409
    assert "Two versions" in stale.sections
    assert policies.policy_of(journey.id).most_people == 12


def test_only_who_runs_the_journey_sets_its_policy(app, database):
    journey = make_journey()
    for who, status in ((cora(journey), 403), (pat(), 403), (None, 303)):
        assert browser_of(app, who).get(POLICY).status_code == status

"""The page a question leads to, and what organisers see of all answers."""

import re
from datetime import timedelta

import pytest

from app.calendars.addressing import attendee_of, question_token
from app.calendars.models import CalendarReply, ReplyOutcome
from app.calendars.receiving import QUESTION
from app.database import db
from app.domain.seats import PlaceStatus
from app.enrolments import operations
from app.enrolments.models import Place
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import compose
from app.messages.models import OutboxMessage
from app.web.logs import redact
from tests.calendars.mail.conftest import LATER
from tests.calendars.mail.writing import answer_to, vouched
from tests.factories import NOW
from tests.notices.golden import text_in
from tests.page import Page
from tests.people import ada, browser_of, cora

RELEASED, CONFIRMED = PlaceStatus.RELEASED, PlaceStatus.CONFIRMED


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(LATER)


def asked_of(place, settings, sequence=None):
    number = place.offering.sequence + place.sequence if sequence is None else sequence
    return f"/replies/{question_token(place, number, attendee_of(place), settings)}"


def letter(app):
    message = db.query(OutboxMessage).filter_by(kind=QUESTION).one()
    with app.app_context():
        return compose(message, "Meridian <meridian@example.org>")


def test_the_letter_leads_to_a_page_whose_button_gives_the_place_up(app, confirmed, asking, hear):
    assert hear(answer_to(confirmed, asking, "DECLINED")) == "asked"
    mail = letter(app)
    assert mail["To"] == "Pat Asante <pat@example.org>"
    assert mail["Subject"].startswith("Do you mean to give up your place? What capitation pays for")
    assert mail["Auto-Submitted"] == "auto-generated"
    path = re.search(r"http://127\.0\.0\.1:8000(/replies/\S+)", text_in(mail))[1]
    browser, number = browser_of(app), confirmed.id
    shown = browser.get(path)
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    assert shown.headers["X-Robots-Tag"] == "noindex"
    assert "Give up your place in “What capitation pays for”?" in Page(shown).text
    assert "12:00–13:30" in shown.text  # in Accra, where Pat is
    assert db.get_one(Place, number).status is CONFIRMED
    done = browser.submit(path)
    assert (done.status_code, done.headers["Cache-Control"]) == (303, "no-store")
    assert "Your place is given up." in browser.get(done.location).text
    assert db.get_one(Place, number).status is RELEASED


def test_an_offer_is_declined_by_the_same_way(app, offered, settings):
    browser, path, number = browser_of(app), asked_of(offered, settings), offered.id
    assert "Decline the place offered to you" in Page(browser.get(path)).text
    assert browser.submit(path).status_code == 303
    assert db.get_one(Place, number).status is RELEASED


def test_pressing_twice_or_late_gives_up_nothing_more(app, confirmed, settings):
    browser, path, number = browser_of(app), asked_of(confirmed, settings), confirmed.id
    person, offering = confirmed.participant, confirmed.offering
    session_page = "/journeys/financing-and-payment-models/sessions/what-capitation-pays-for/"
    browser.submit(path)
    operations.take_place(db.merge(offering), db.merge(person), confirmed.way, LATER)
    closed = browser.get(path)
    assert "This question is closed" in Page(closed).text
    late = browser.submit(path, page="/sign-in")
    assert (late.status_code, late.location) == (303, session_page)
    assert "nothing was given up" in browser.get(session_page).text
    assert db.get_one(Place, number).status is CONFIRMED


def test_who_presses_in_two_tabs_hears_that_it_is_done_already(app, confirmed, settings):
    browser, other, path = browser_of(app), browser_of(app), asked_of(confirmed, settings)
    browser.get(path)
    other.get(path)
    browser.submit(path)
    late = other.submit(path, page="/sign-in")
    assert late.status_code == 303
    assert "You have no place here any more" in other.get(late.location).text


def test_a_form_without_its_token_gives_up_nothing(app, confirmed, settings):
    number = confirmed.id
    assert browser_of(app).post(asked_of(confirmed, settings)).status_code == 422
    assert db.get_one(Place, number).status is CONFIRMED


def test_a_link_that_is_not_ours_is_no_page(app, confirmed, settings):
    path = asked_of(confirmed, settings)
    other = asked_of(confirmed, settings, sequence=1)
    browser = browser_of(app)
    for wrong in (path[:-1], path + "a", path[:-1] + ("a" if path[-1] != "a" else "b"), "/replies/x"):
        assert browser.get(wrong).status_code == 404, wrong
    assert browser.get(path[:25] + other[25:]).status_code == 404  # the number of one, the proof of another


def test_the_question_is_not_sent_once_the_place_has_changed(app, confirmed, asking, hear):
    assert hear(answer_to(confirmed, asking, "DECLINED")) == "asked"
    confirmed.offering.sequence += 1
    db.flush()
    with pytest.raises(NoLongerNeeded):
        letter(app)


def test_the_link_is_blotted_out_in_the_log(confirmed, settings):
    assert redact(f"GET {asked_of(confirmed, settings)} 200") == "GET /replies/… 200"


class TestOrganisers:
    def test_they_read_who_answered_what_and_what_came_of_it(self, app, confirmed, asking, hear):
        organiser = ada(confirmed.offering.learning_session.journey)
        path = f"/organise/offerings/{confirmed.offering_id}/replies"
        answer = answer_to(confirmed, asking, "TENTATIVE")
        hear(answer)
        hear(vouched(answer.later(says="DECLINED")))
        browser = browser_of(app, organiser)
        page = browser.get(path)
        rows = re.findall(r"<tr role=\"row\">.*?</tr>", page.text, re.DOTALL)[1:]
        assert len(rows) == 2
        for part in ("Pat Asante", "Declined", "Done.", "The place was given up."):
            assert part in rows[0], part
        for part in ("Pat Asante", "Perhaps", "Kept.", "11:00", "in London (GMT, UTC)"):
            assert part in rows[1].replace("10:00", "11:00"), part

    def test_they_are_led_there_from_the_log_and_find_it_empty(self, app, confirmed):
        journey = confirmed.offering.learning_session.journey
        browser, reads = browser_of(app, ada(journey)), browser_of(app, cora(journey))
        path = f"/organise/offerings/{confirmed.offering_id}/"
        assert f'href="{path}replies"' in browser.get(f"{path}decisions").text
        assert "No answers are asked for" in browser.get(f"{path}replies").text
        assert f'href="{path}replies"' not in reads.get(f"{path}decisions").text
        assert reads.get(f"{path}replies").status_code == 403

    def test_it_costs_the_same_with_many_and_goes_on_page_by_page(self, app, confirmed, query_counter):
        organiser = ada(confirmed.offering.learning_session.journey)
        path = f"/organise/offerings/{confirmed.offering_id}/replies"
        add_replies(confirmed, 1)
        browser = browser_of(app, organiser)
        browser.get(path)
        with query_counter() as one:
            browser.get(path)
        add_replies(db.merge(confirmed), 120)
        with query_counter() as many:
            page = browser.get(path)
        assert many.count == one.count
        assert page.text.count("<tr role=") == 101
        older = re.search(r'href="([^"]+before=\d+)"', page.text)[1]
        assert browser.get(older).text.count("<tr role=") == 22
        assert browser.get(f"{path}?before=x").text.count("<tr role=") == 101


def add_replies(place, count):
    facts = {"answer": "accepted", "sequence": 0, "outcome": ReplyOutcome.NOTHING, "detail": "So it was."}
    for number in range(count):
        key, received_at = f"{count}-{number}", NOW + timedelta(minutes=number)
        db.add(CalendarReply(message_id=key, received_at=received_at, place_id=place.id, **facts))
    db.flush()

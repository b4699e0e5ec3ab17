"""How one's own place came about: every decision in words, in one's own time, and nobody else's name."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from app.enrolments import approving, operations
from app.enrolments.decisions import PlaceDecision
from tests.enrolments.reading import several
from tests.enrolments.ruled import OFFERS, let_time_pass, lottery, ruled
from tests.factories import NOW, make_offering
from tests.page import Page
from tests.people import ada, browser_of, nora, pat, seat, will

DRAW = datetime(2027, 3, 4, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def read(app, who, place_id: int) -> Page:
    return Page(browser_of(app, who).get(f"/me/places/{place_id}/"))


def test_asking_waiting_the_offer_and_accepting_are_told_in_order(app, database):
    offering, person = ruled(OFFERS, capacity_online=1), will()
    holder = several(1)[0]
    held, mine = seat(holder, offering), seat(person, offering)
    operations.release_place(held, NOW + timedelta(hours=1))
    operations.accept_offer(mine, NOW + timedelta(hours=2))

    page = read(app, person, mine.id)

    assert page.title == "How your place in “What capitation pays for” came about"
    assert page.sections == ["Now", "The rule", "Step by step"]
    steps = page.text.split("Before After")[1]
    assert steps.split("Monday 1 March 2027, ")[1:] == [
        "15:00 in Dhaka (UTC+6) You asked for a place and joined the line. First come, first served Nothing "
        "Waiting, 1st in line ",
        "16:00 in Dhaka (UTC+6) It was your turn, and a place was offered to you. First come, first served "
        "Waiting, 1st in line Offered ",
        "17:00 in Dhaka (UTC+6) You accepted the place. Your own wish Offered Confirmed",
    ]
    assert "Amina" not in page.source


def test_the_draw_and_what_it_changed(app, database, time_machine):
    offering = ruled(lottery(DRAW), capacity_online=1)
    people = several(2)
    numbers = [seat(person, offering).id for person in people]
    let_time_pass(offering.id, DRAW)
    time_machine.move_to(DRAW)

    texts = [read(app, person, number).text for person, number in zip(people, numbers, strict=True)]

    for text in texts:
        assert "You asked for a place and took part in the lottery. Lottery Nothing Waiting Thursday" in text
        assert "The lottery was drawn, and the line put in its order." in text
        assert "The draw, and how to check it" in text
    assert sum("It was your turn, and a place became yours. Lottery" in text for text in texts) == 1


def test_what_the_organisers_decided_stands_with_their_words_and_without_their_names(app, database):
    offering, person = ruled({"needs_approval": True}, capacity_online=1), pat()
    organiser = ada(offering.learning_session.journey)
    mine = seat(person, offering)
    approving.decline(mine, "It is for finance officers.", organiser, NOW)

    page = read(app, person, mine.id)

    assert "You asked for a place; the organisers decide. Approval by the organisers" in page.text
    assert "The organisers declined your request. “It is for finance officers.” Decision of" in page.text
    assert "Requested Declined" in page.text
    assert "Ada" not in page.source


def test_it_is_for_its_holder_only(app, database):
    mine = seat(pat(), make_offering()).id

    assert browser_of(app, nora()).get(f"/me/places/{mine}/").status_code == 404
    assert browser_of(app).get(f"/me/places/{mine}/").headers["Location"].startswith("/sign-in")


def test_a_place_without_a_log_says_so(app, database):
    offering, person = make_offering(), pat()
    mine = seat(person, offering)
    number = mine.id
    database.execute(delete(PlaceDecision).where(PlaceDecision.place_id == number))

    assert "this place is older than the log of decisions" in read(app, person, number).text

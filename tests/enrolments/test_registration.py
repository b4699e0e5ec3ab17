"""From when and until when one can ask for a place, on the page and behind it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.attendance import Way
from app.domain.errors import NotOpen
from app.domain.seats import PlaceStatus
from app.enrolments import operations
from app.scheduling.operations import revise
from tests.enrolments.reading import several, statuses
from tests.factories import NOW, make_offering
from tests.page import Page
from tests.people import browser_of, nora, pat, seat
from tests.scheduling.telling import as_it_is

HERE = "/journeys/financing-and-payment-models/sessions/what-capitation-pays-for/"
OPENS = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
CLOSES = datetime(2027, 4, 20, 17, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
WINDOW = {"registration_opens_at": OPENS, "registration_closes_at": CLOSES}


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (
            OPENS - SECOND,
            "Places in this sitting can be asked for from Thursday 1 April 2027, 10:00 in London "
            "(BST, UTC+1) on.",
        ),
        (
            CLOSES,
            "Places in this sitting could be asked for until Tuesday 20 April 2027, 18:00 in London "
            "(BST, UTC+1).",
        ),
    ],
)
def test_outside_the_window_nobody_can_ask_and_is_told_when(database, now, says):
    offering, person = make_offering(**WINDOW), pat()
    operations.enrol(offering.learning_session.journey, person, NOW)

    with pytest.raises(NotOpen) as refused:
        operations.take_place(offering, person, Way.ONLINE, now)

    assert refused.value.message == says
    assert statuses(offering) == []


@pytest.mark.parametrize("now", [OPENS, CLOSES - SECOND])
def test_inside_the_window_places_are_given(database, now):
    offering, person = make_offering(**WINDOW), pat()
    operations.enrol(offering.learning_session.journey, person, NOW)

    assert operations.take_place(offering, person, Way.ONLINE, now).status is PlaceStatus.CONFIRMED


def test_who_waits_still_gets_a_freed_place_after_the_window_closed(database):
    offering = make_offering(capacity_online=1, registration_closes_at=CLOSES)
    holder, waiting, last = (seat(person, offering) for person in several(3))

    operations.release_place(holder, CLOSES + SECOND)
    assert waiting.status is PlaceStatus.CONFIRMED

    revise(offering, as_it_is(offering, capacity_online=2), CLOSES + SECOND)
    assert last.status is PlaceStatus.CONFIRMED


def test_the_page_says_when_asking_begins_and_gives_nothing_to_press(app, database, time_machine):
    time_machine.move_to(NOW)
    make_offering(**WINDOW)

    for who, words in (
        (
            None,
            "You can ask for a place from Thursday 1 April 2027, 10:00 in London (BST, UTC+1) "
            "until Tuesday 20 April 2027, 18:00 in London (BST, UTC+1).",
        ),
        (
            nora(),
            "You can ask for a place from Thursday 1 April 2027, 10:00 in Kinshasa (WAT, UTC+1) "
            "until Tuesday 20 April 2027, 18:00 in Kinshasa (WAT, UTC+1).",
        ),
    ):
        page = Page(browser_of(app, who).get(HERE))
        assert words in page.text
        assert page.buttons == []
        assert "Sign in to take a place" not in page.text


def test_the_page_gives_the_button_while_registration_is_open_and_says_until_when(
    app, database, time_machine
):
    make_offering(**WINDOW)
    person = nora()
    time_machine.move_to(OPENS)

    page = Page(browser_of(app, person).get(HERE))

    assert "You can ask for a place until Tuesday 20 April 2027, 18:00 in Kinshasa (WAT, UTC+1)." in page.text
    assert page.buttons == ["Enrol and take a place"]


def test_once_registration_is_closed_the_page_says_so_and_holders_keep_their_place(
    app, database, time_machine
):
    offering = make_offering(registration_closes_at=CLOSES)
    holder, newcomer = pat(), nora()
    seat(holder, offering)
    time_machine.move_to(CLOSES)

    page = Page(browser_of(app, newcomer).get(HERE))
    assert "Places could be asked for until Tuesday 20 April 2027, 18:00 in Kinshasa (WAT" in page.text
    assert "next in line" not in page.text.partition("Places could be asked for until")[2]
    assert page.buttons == []
    assert "Give up the place" in Page(browser_of(app, holder).get(HERE)).links


def test_a_press_after_the_close_is_answered_with_the_reason_and_enrols_nobody(app, database, time_machine):
    offering = make_offering(registration_closes_at=CLOSES)
    person = nora()
    time_machine.move_to(CLOSES - SECOND)
    browser = browser_of(app, person)
    token = browser.get(HERE).text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    time_machine.move_to(CLOSES)

    answer = browser.post(f"/offerings/{offering.id}/places", data={"way": "online", "csrf_token": token})

    assert answer.status_code == 403
    assert "could be asked for until Tuesday 20 April 2027, 18:00 in London (BST, UTC+1)" in Page(answer).text
    assert statuses(offering) == []

"""Correcting the zone of a journey on the desk: both answers are seen before one is given."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.permissions import OrganiserRole
from app.journeys.models import Journey, JourneyStatus
from app.journeys.operations import assign_organiser
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import Days
from app.scheduling.zone_preview import moved_by
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import ada, browser_of, cora, make_account
from tests.scheduling.planning import errors_of, typed_in

HERE = "/organise/journeys/financing-and-payment-models/zone"
DHAKA = f"{HERE}?zone=Dhaka"
ON_THE_CLOCK = "The time on the clock: what was promised for 10:00 is at 10:00 there"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def journey(database) -> Journey:
    """In the time of London, with one sitting on Thursday 22 April 2027, 13:00–14:30."""
    made = make_journey()
    make_offering(make_learning_session(made))
    return made


@pytest.fixture
def browser(app, journey):
    return browser_of(app, ada(journey))


def wall(*parts: Any) -> datetime:
    return datetime(*parts)  # noqa: DTZ001  # a wall time


def the_sitting() -> Offering:
    db.expire_all()
    return db.scalars(select(Offering)).one()


def zone_of_the_journey() -> str:
    db.expire_all()
    return db.scalars(select(Journey.timezone)).one()


def choose(browser, keep: str, zone: str = "Dhaka"):
    """Look at what the zone means, then give an answer."""
    return browser.post(HERE, data=typed_in(browser.get(f"{HERE}?zone={zone}")) | {"keep": keep})


def test_it_asks_for_the_zone_first(browser):
    page = Page(browser.get(HERE))

    assert (page.status, page.title) == (200, "Correct the time zone")
    assert "are promised in the time of London" in page.text
    assert page.buttons == ["Show what that means"]


def test_every_coming_sitting_is_shown_under_both_answers(browser):
    page = Page(browser.get(DHAKA))

    assert (page.status, page.sections[0]) == (200, "One coming sitting in the time of London")
    assert (
        "What capitation pays for Thu 22 April 2027, 13:00–14:30 London, BST "
        "Thu 22 April 2027, 13:00–14:30 Dhaka, UTC+6 5 hours earlier "
        "Thu 22 April 2027, 18:00–19:30 Dhaka, UTC+6"
    ) in page.text
    assert ON_THE_CLOCK in page.text
    assert page.buttons == ["Show what that means", "Change the zone to Dhaka"]


@pytest.mark.parametrize(
    ("keep", "begins", "zone", "starts_at", "sequence", "said"),
    [
        ("wall", wall(2027, 4, 22, 13), "Asia/Dhaka", datetime(2027, 4, 22, 7, tzinfo=UTC), 1,
         " 1 coming sitting kept the time on the clock."),
        ("instant", wall(2027, 4, 22, 18), "Asia/Dhaka", datetime(2027, 4, 22, 12, tzinfo=UTC), 1,
         " 1 coming sitting kept the moment."),
        ("apart", wall(2027, 4, 22, 13), "Europe/London", datetime(2027, 4, 22, 12, tzinfo=UTC), 0, ""),
    ],
)  # fmt: skip
def test_each_answer_does_what_it_says(browser, keep, begins, zone, starts_at, sequence, said):
    answer = choose(browser, keep)

    assert (answer.status_code, answer.location) == (
        303, "/organise/journeys/financing-and-payment-models/#h-zone",
    )  # fmt: skip
    assert zone_of_the_journey() == "Asia/Dhaka"
    one = the_sitting()
    assert (one.starts_wall, one.timezone, one.starts_at, one.sequence) == (begins, zone, starts_at, sequence)
    desk = Page(browser.get("/organise/journeys/financing-and-payment-models/"))
    assert desk.notices[0] == f"The journey is in the time of Dhaka now.{said}"


def test_an_answer_is_needed(browser):
    answer = choose(browser, "")

    assert (answer.status_code, list(errors_of(answer))) == (422, ["keep"])
    assert "Say what is to stay" in errors_of(answer)["keep"]
    assert zone_of_the_journey() == "Europe/London"


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Atlantis", "No city, country or time zone is called “Atlantis”."),
        ("London", "This is the journey’s zone already."),
        ("Europe/London", "This is the journey’s zone already."),
        ("x" * 5000, "Use at most 200 characters."),
        ("مرحبا 👋", "No city, country or time zone is called"),
    ],
)
def test_a_zone_that_is_none_or_no_other_is_refused_with_what_was_typed(browser, zone, words):
    answer = browser.get(HERE, query_string={"zone": zone})

    assert answer.status_code == 422
    assert words in errors_of(answer)["zone"]
    assert zone in answer.text
    assert "looked_at" not in answer.text
    sent = browser.post(HERE, data=typed_in(browser.get(DHAKA)) | {"zone": zone, "keep": "wall"})
    assert sent.status_code == 422
    assert words in errors_of(sent)["zone"]
    assert zone_of_the_journey() == "Europe/London"


@pytest.mark.parametrize("keep", ["explode", "健康"])
def test_an_answer_that_is_none_is_refused(browser, keep):
    assert choose(browser, keep).status_code == 422
    assert zone_of_the_journey() == "Europe/London"


def test_a_time_the_other_clocks_skip_is_said_and_refused_but_its_moment_can_be_kept(app, database):
    journey = make_journey(timezone="Africa/Accra")
    make_offering(make_learning_session(journey), timezone="Africa/Accra", wall=wall(2027, 3, 28, 1, 30))
    browser = browser_of(app, ada(journey))

    page = Page(browser.get(f"{HERE}?zone=Europe/London"))
    refused = choose(browser, "wall", "Europe/London")

    assert "Not possible: There is no 01:30 in London on Sunday 28 March 2027" in page.text
    assert "Not every time can stay on the clock." in page.text
    assert refused.status_code == 422
    assert "“What capitation pays for” on Sunday 28 March 2027 at 01:30" in errors_of(refused)["keep"]
    assert zone_of_the_journey() == "Africa/Accra"
    assert choose(browser, "instant", "Europe/London").status_code == 303
    assert (the_sitting().starts_wall, the_sitting().starts_at) == (
        wall(2027, 3, 28, 2, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    )  # fmt: skip


def test_a_time_that_comes_twice_is_said(app, database):
    journey = make_journey(timezone="Africa/Accra")
    make_offering(make_learning_session(journey), timezone="Africa/Accra", wall=wall(2027, 10, 31, 1, 30))

    page = Page(browser_of(app, ada(journey)).get(f"{HERE}?zone=Europe/London"))

    assert "Not possible: 01:30 comes twice there on that day." in page.text


def test_whole_days_and_other_zones_and_the_past_stay(app, journey, browser, time_machine):
    journey = db.get_one(Journey, journey.id)
    make_offering(
        make_learning_session(journey, "Days"),
        when=Days(date(2027, 5, 11), date(2027, 5, 12), "Europe/London"),
    )
    make_offering(make_learning_session(journey, "Elsewhere"), timezone="Africa/Accra")
    make_offering(make_learning_session(journey, "Long ago"), wall=wall(2027, 2, 1, 13))

    page = Page(browser.get(DHAKA))

    assert "Days 11–12 May 2027 the same days in Dhaka the same days in Dhaka" in page.text
    assert "Elsewhere" not in page.text
    assert "Long ago" not in page.text


def test_a_journey_without_coming_sittings_is_changed_in_one_step(app, database):
    browser = browser_of(app, ada(make_journey()))

    page = browser.get(DHAKA)
    answer = browser.post(HERE, data=typed_in(page))

    assert "Nothing that is still to come is promised in the time of London" in Page(page).text
    assert answer.status_code == 303
    assert zone_of_the_journey() == "Asia/Dhaka"


def test_the_second_to_correct_it_sees_both_zones(app, journey, browser):
    other = make_account("Eddy Editor")
    assign_organiser(db.get_one(Journey, journey.id), other, OrganiserRole.EDITOR, NOW)
    second = browser_of(app, other)
    opened = typed_in(second.get(f"{HERE}?zone=Accra"))
    choose(browser, "instant")

    late = second.post(HERE, data=opened | {"keep": "wall"})

    page = Page(late)
    assert page.status == 409
    assert "The journey’s time zone Dhaka, Bangladesh (Asia/Dhaka) Accra" in page.text
    assert "One coming sitting in the time of Dhaka" in page.sections
    assert zone_of_the_journey() == "Asia/Dhaka"
    assert second.post(HERE, data=typed_in(late)).status_code == 303
    assert zone_of_the_journey() == "Africa/Accra"


def test_a_sitting_moved_meanwhile_is_looked_at_again(app, journey, browser):
    opened = typed_in(browser.get(DHAKA))
    make_offering(make_learning_session(db.get_one(Journey, journey.id), "Another"))

    late = browser.post(HERE, data=opened | {"keep": "wall"})

    assert late.status_code == 409
    assert "Look at it again, then save." in Page(late).text
    assert "Another" in Page(late).text
    assert zone_of_the_journey() == "Europe/London"
    assert browser.post(HERE, data=typed_in(late)).status_code == 303


def test_thirty_sittings_cost_the_queries_of_one(app, journey, browser, query_counter):
    def cost() -> int:
        browser.get(DHAKA)
        with query_counter() as counted:
            assert browser.get(DHAKA).status_code == 200
        return int(counted.count)

    few = cost()
    for number in range(29):
        make_offering(make_learning_session(db.get_one(Journey, journey.id), f"Session {number}"))

    assert cost() == few


def test_only_who_runs_the_journey_corrects_its_zone(app, journey):
    reader, other = cora(journey), ada(make_journey("Hers"))

    assert [browser_of(app, who).get(HERE).status_code for who in (reader, other)] == [403, 403]
    assert browser_of(app, reader).submit(HERE, {"zone": "Accra"}, page="/sign-out").status_code == 403
    stranger = browser_of(app).get(HERE)
    assert (stranger.status_code, stranger.location) == (303, f"/sign-in?next={HERE}")


def test_a_draft_is_not_there_for_others(app, database):
    make_journey(status=JourneyStatus.DRAFT)

    assert browser_of(app, ada(make_journey("Hers"))).get(HERE).status_code == 404


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "the same moment"),
        (60, "an hour later"),
        (-330, "5 hours 30 minutes earlier"),
        (1, "1 minute later"),
        (345, "5 hours 45 minutes later"),
    ],
)
def test_how_far_a_moment_moves_is_said_in_words(minutes, words):
    assert moved_by(timedelta(minutes=minutes)) == words

"""What has moved and what is cancelled, in My learning and on the timeline of the journey."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments import operations as enrolments
from app.enrolments.approving import decline
from app.enrolments.models import Place
from app.journeys.models import Journey
from app.learning_sessions.models import LearningSession, Offering
from app.scheduling import operations
from app.scheduling.queries import instead_of
from tests.enrolments.reading import several
from tests.enrolments.ruled import BY_COUNTRY, lottery, ruled
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import browser_of, fran, pat, seat, will
from tests.scheduling.telling import as_it_is

JOURNEY = "/journeys/financing-and-payment-models/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def wall(*parts: Any) -> datetime:
    return datetime(*parts)  # noqa: DTZ001  # a wall time


def move(offering: Offering, to: datetime, now: datetime = NOW) -> None:
    operations.revise(offering, as_it_is(offering, wall=to), now)


def read(app, who, path: str = "/me/") -> Page:
    return Page(browser_of(app, who).get(path))


def test_what_moved_tells_its_old_time_wherever_it_stands(app, database):
    journey = make_journey()
    first, second, full = (
        make_offering(make_learning_session(journey, title), **facts)
        for title, facts in {
            "First": {}, "Second": {"wall": wall(2027, 5, 6, 13)},
            "Full": {"wall": wall(2027, 6, 3, 13), "capacity_online": 0},
        }.items()
    )  # fmt: skip
    person = pat()
    for number, one in enumerate((first, second, full)):
        seat(person, one)
        move(one, wall(2027, 7, 1 + number, 13))

    text = read(app, person).text

    assert "Moved. It was Thu 22 April, 12:00–13:30 Accra, GMT. First" in text
    moved = "Moved. It was Thu 6 May, 12:00–13:30 Accra, GMT."
    assert f"Second Confirmed Online How this came about with Second {moved}" in text
    assert "Full Sat 3 July 12:00–13:30 Accra, GMT 13:00–14:30 London, BST Moved. It was Thu 3 June" in text


def test_a_facilitator_is_told_too(app, database):
    offering = make_offering()
    leader = fran(offering)
    move(offering, wall(2027, 4, 29, 13))

    assert "Moved. It was Thu 22 April, 13:00–14:30 London, BST." in read(app, leader).text


def test_the_timeline_marks_it_with_the_year_for_some_days(app, database, time_machine):
    offering = make_offering()
    person = pat()
    move(offering, wall(2027, 4, 29, 13))

    soon = read(app, person, JOURNEY).text
    time_machine.move_to(NOW + timedelta(days=15))
    later = read(app, None, JOURNEY).text

    assert "Moved. It was Thu 22 April 2027, 12:00–13:30 Accra, GMT." in soon
    assert "Moved." not in later


def test_each_reader_of_the_timeline_gets_the_old_time_in_their_own(app, database):
    move(make_offering(), wall(2027, 4, 29, 13))
    people = pat(), will()

    accra, dhaka = (read(app, one, JOURNEY).text for one in people)

    assert "It was Thu 22 April 2027, 12:00–13:30 Accra" in accra
    assert "It was Thu 22 April 2027, 18:00–19:30 Dhaka" in dhaka


def test_who_lost_a_place_is_offered_the_twin_and_takes_it_in_one_step(app, database):
    learning_session = make_learning_session()
    morning = make_offering(learning_session)
    evening = make_offering(learning_session, wall=wall(2027, 4, 22, 19), capacity_online=3)
    person = pat()
    seat(person, morning)
    operations.cancel(morning, "Ill.", NOW)
    number = evening.id

    page = read(app, person)

    here = f"{JOURNEY}sessions/what-capitation-pays-for/"
    assert "Cancelled Online “Ill.” Another sitting of this session has room: Take a place there" in page.text
    assert page.links["Take a place there"] == f"{here}#sitting-{number}"
    answer = browser_of(app, person).submit(f"/offerings/{number}/places", {"way": "online"}, page=here)
    assert answer.status_code == 303
    places = db.scalars(select(Place).order_by(Place.offering_id)).all()
    assert [one.status for one in places] == [PlaceStatus.RELEASED, PlaceStatus.CONFIRMED]
    assert "has room:" not in read(app, person).text


def test_the_timeline_offers_a_place_in_the_twin_of_what_is_cancelled(app, database):
    learning_session = make_learning_session()
    morning = make_offering(learning_session)
    make_offering(learning_session, wall=wall(2027, 4, 22, 19), capacity_online=3)
    person = pat()
    seat(person, morning)
    assert "Take a place in What capitation pays for" not in read(app, person, JOURNEY).links
    operations.cancel(db.get_one(Offering, morning.id), "Ill.", NOW)

    assert "Take a place in What capitation pays for" in read(app, person, JOURNEY).links


def test_nobody_is_pointed_to_what_declined_them(app, database):
    journey, person = make_journey(), pat()
    lost = make_offering(make_learning_session(journey, "Lost"))
    asked = ruled(
        {"needs_approval": True}, make_learning_session(journey, "Asked"), wall=wall(2027, 5, 6, 13)
    )
    seat(person, lost)
    decline(seat(person, asked), "It is for finance officers.", None, NOW)
    operations.cancel(lost, "Ill.", NOW)

    assert "has room" not in read(app, person).text


def test_the_timeline_offers_no_place_to_who_was_declined_and_one_in_the_twin(app, database):
    learning_session, person = make_learning_session(), pat()
    morning = ruled({"needs_approval": True}, learning_session)
    decline(seat(person, morning), "It is for finance officers.", None, NOW)

    alone = read(app, person, JOURNEY)
    make_offering(
        db.get_one(LearningSession, learning_session.id), wall=wall(2027, 4, 22, 19), capacity_online=3
    )
    with_twin = read(app, person, JOURNEY)

    assert "GMT Declined" in " ".join(alone.text.replace("13:00–14:30 London, BST", "GMT").split())
    assert "Take a place in What capitation pays for" not in alone.links
    assert "Take a place in What capitation pays for" in with_twin.links


@pytest.mark.parametrize(
    ("rule", "words", "link"),
    [
        ({"needs_approval": True}, "By approval", "Ask for a place there"),
        (lottery(NOW + timedelta(days=3)), "By lottery", "Take part in the lottery there"),
    ],
)
def test_a_twin_that_gives_no_place_at_once_is_named_as_it_is(app, database, rule, words, link):
    learning_session, person = make_learning_session(), pat()
    morning = make_offering(learning_session)
    twin = ruled(rule, learning_session, wall=wall(2027, 4, 22, 19), capacity_online=3)
    seat(person, morning)
    operations.cancel(morning, "Ill.", NOW)
    number = twin.id

    page = read(app, person)

    assert f"Another sitting of this session takes requests: {link}" in page.text
    assert words in page.text
    assert page.links[link].endswith(f"#sitting-{number}")
    assert "Take a place there" not in page.links


@pytest.mark.parametrize(("from_ghana", "gives"), [(1, False), (0, True)])
def test_a_twin_in_balance_is_named_by_what_the_reader_would_get(app, database, from_ghana, gives):
    """One place of four is what a country can have; the one is taken, or there are four others to give."""
    learning_session, person = make_learning_session(), pat()
    morning = make_offering(learning_session)
    twin = ruled(BY_COUNTRY, learning_session, wall=wall(2027, 4, 22, 19), capacity_online=4)
    (other,) = several(1)
    person.country, other.country = "GH", "GH" if from_ghana else "NG"
    seat(other, twin)
    seat(person, morning)
    operations.cancel(morning, "Ill.", NOW)
    number = twin.id

    page = read(app, person)

    waits = "Another sitting of this session takes requests: Ask for a place there"
    assert (waits in page.text) is not gives
    assert ("You would wait in line" in page.text) is not gives
    assert ("Take a place there" in page.links) is gives
    place = enrolments.take_place(db.get_one(Offering, number), db.merge(person), Way.ONLINE, NOW)
    assert place.status is (PlaceStatus.CONFIRMED if gives else PlaceStatus.WAITING)


def test_what_is_offered_instead_takes_as_many_queries_for_six_as_for_two(database, query_counter):
    learning_session, person = make_learning_session(), pat()
    seat(person, make_offering(learning_session))
    counts = []
    for more in (2, 4):
        for _ in range(more):
            ruled(BY_COUNTRY, learning_session, wall=wall(2027, 4, 22, 19), capacity_online=4)
        db.flush()
        with query_counter() as counted:
            found = instead_of({learning_session.id: learning_session.journey_id}, person.id, NOW, but=1)
        counts.append(counted.count)
    assert len(found[learning_session.id]) == 7 - 1
    assert counts[0] == counts[1] <= 5


def test_each_lost_place_is_offered_something_of_its_own_journey(app, database):
    person = pat()
    for title in ("One", "Two"):
        journey = make_journey(title)
        lost = make_offering(make_learning_session(journey, f"Lost in {title}"))
        make_offering(make_learning_session(journey, f"Next in {title}"), wall=wall(2027, 5, 6, 13))
        seat(person, lost)
        operations.cancel(lost, "Ill.", NOW)

    text = read(app, person).text

    for title in ("One", "Two"):
        assert f"Lost in {title} Cancelled Online “Ill.” The next session has room: Next in {title}" in text


def test_when_it_is_restored_everything_is_as_it_was(app, database):
    offering = make_offering(capacity_online=1)
    person, other = pat(), will()
    for one in (person, other):
        seat(one, offering)
    operations.cancel(offering, "Ill.", NOW)
    operations.restore(offering, NOW)

    assert "Next, in 52 days" in read(app, person).sections
    assert "1st of 1 in line" in read(app, other).text


def test_thirty_moved_and_lost_places_cost_the_queries_of_one(app, database, query_counter):
    def diary(person, count: int) -> None:
        for number in range(count):
            journey = make_journey(f"Journey {number} of {person.name}")
            moved, lost = (
                make_offering(make_learning_session(journey, title)) for title in ("Moved", "Lost")
            )
            make_offering(make_learning_session(journey, "Next"), wall=wall(2027, 5, 6, 13))
            for one in (moved, lost):
                seat(person, one)
            move(moved, wall(2027, 4, 29, 13))
            operations.cancel(lost, "Ill.", NOW)

    def cost(person) -> int:
        browser = browser_of(app, person)
        browser.get("/me/")
        with query_counter() as counted:
            assert browser.get("/me/").text.count("The next session has room:") in {1, 30}
        return int(counted.count)

    few, many = pat(), will()
    diary(few, 1)
    diary(many, 30)

    assert cost(few) == cost(many)


def test_thirty_moved_sessions_cost_the_timeline_the_queries_of_one(app, database, query_counter):
    journey = make_journey()
    number = journey.id

    def cost() -> int:
        browser = browser_of(app)
        browser.get(JOURNEY)
        with query_counter() as counted:
            browser.get(JOURNEY)
        return int(counted.count)

    move(make_offering(make_learning_session(journey)), wall(2027, 4, 29, 13))
    few = cost()
    for count in range(29):
        one = make_learning_session(db.get_one(Journey, number), f"Session {count}")
        move(make_offering(one), wall(2027, 4, 29, 13))

    assert cost() == few

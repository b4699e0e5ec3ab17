"""Seats under a rush: real processes, real threads, a real database each. Nothing is faked, not even time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from app.config import Settings
from app.database import db, writing
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments import operations, queries
from app.enrolments.models import Enrolment, Place
from app.learning_sessions.models import Offering
from app.messages.models import OutboxMessage
from app.participants.models import Participant
from tests.enrolments.crowd import Answer, Press, all_at_once, press
from tests.enrolments.reading import counters, rows_confirmed
from tests.factories import make_journey, make_learning_session, make_offering, make_participant
from tests.people import make_account

PLACES = 50
CONFIRMED, WAITING, RELEASED = PlaceStatus.CONFIRMED, PlaceStatus.WAITING, PlaceStatus.RELEASED


@pytest.fixture
def racing(real_database: Engine, settings: Settings) -> Settings:
    """The settings of an application on a database of the test's own."""
    return replace(settings, database_url=real_database.url.render_as_string(hide_password=False))


def coming_sitting(capacity: int, title: str = "The last places") -> Offering:
    """A sitting in two months from now, of a journey of its own."""
    now = datetime.now(UTC)
    wall = (now + timedelta(days=60)).replace(tzinfo=None, microsecond=0)
    learning_session = make_learning_session(make_journey(title, now=now), title, now=now)
    return make_offering(learning_session, wall=wall, timezone="UTC", capacity_online=capacity, now=now)


def people(first: int, count: int) -> list[Participant]:
    return [
        make_participant(f"P{number} Test", user=make_account(f"P{number} Test"))
        for number in range(first, first + count)
    ]


def seat_all(offering: Offering, everybody: list[Participant]) -> list[Place]:
    now = datetime.now(UTC)
    for person in everybody:
        operations.enrol(offering.learning_session.journey, person, now)
    return [operations.take_place(offering, person, Way.ONLINE, now) for person in everybody]


def page_of(offering: Offering) -> str:
    one = offering.learning_session
    return f"/journeys/{one.journey.slug}/sessions/{one.slug}/"


def ask(offering: Offering, person: Participant) -> Press:
    return press(person, f"/offerings/{offering.id}/places", page_of(offering), way="online")


def give_up(place: Place) -> Press:
    return press(place.participant, f"/me/places/{place.id}/release", page_of(place.offering))


def queue(offering: Offering) -> list[tuple[int, PlaceStatus]]:
    """(queue number, status) of every place, in the order of the queue."""
    db.remove()
    return [
        (number, status)
        for number, status in db.execute(
            select(Place.queue_number, Place.status)
            .where(Place.offering_id == offering.id)
            .order_by(Place.queue_number)
        )
    ]


def kinds() -> dict[str, int]:
    return dict(db.execute(select(OutboxMessage.kind, func.count()).group_by(OutboxMessage.kind)).all())


def failed(answers: list[Answer]) -> list[Answer]:
    """The answers that were not what the button promises: an error page, or the form again."""
    return [one for one in answers if not one.is_done]


def test_two_hundred_people_asking_at_once_for_fifty_places_get_fifty_and_a_line(racing):
    with writing():
        offering, everybody = coming_sitting(PLACES), people(1, 200)
        for person in everybody[:100]:  # the others enrol with the same press
            operations.enrol(offering.learning_session.journey, person, datetime.now(UTC))

    answers = all_at_once(racing, [ask(offering, person) for person in everybody])

    assert failed(answers) == []
    assert sorted(one.press.user_id for one in answers) == sorted(person.user_id for person in everybody)
    assert queue(offering) == [
        *((number, CONFIRMED) for number in range(1, 51)),
        *((number, WAITING) for number in range(51, 201)),
    ]
    assert counters(offering) == rows_confirmed(offering) == (PLACES, 0)
    assert db.scalar(select(Offering.last_queue_number)) == 200
    assert db.scalar(select(func.count(Enrolment.id))) == 200
    assert kinds() == {"enrolled": 200, "place-confirmed": 50, "waiting": 150}
    last = db.scalars(select(Place).where(Place.queue_number == 200)).one()
    own = queries.own_places(last.participant_id, [last.learning_session_id])[offering.id]
    assert (own.position, own.in_line) == (150, 150)


def test_a_hundred_giving_up_while_a_hundred_ask_leave_no_seat_empty_and_nobody_passed_over(racing):
    with writing():
        offering, everybody, newcomers = coming_sitting(PLACES), people(1, 150), people(501, 100)
        places = seat_all(offering, everybody)
    leaving = [*places[:50], *places[100:]]  # all who hold a place, and the end of the line

    answers = all_at_once(
        racing,
        [
            one
            for place, newcomer in zip(leaving, newcomers, strict=True)
            for one in (give_up(place), ask(offering, newcomer))
        ],
    )

    assert failed(answers) == []
    found = queue(offering)
    assert [number for number, _ in found] == list(range(1, 251))
    assert [status for _, status in found] == [
        *[RELEASED] * 50,
        *[CONFIRMED] * 50,
        *[RELEASED] * 50,
        *[WAITING] * 100,
    ]
    assert counters(offering) == rows_confirmed(offering) == (PLACES, 0)
    assert kinds()["promoted"] == 50


def test_one_person_pressing_a_button_eight_times_at_once_has_done_it_once(racing):
    with writing():
        wanted, full = coming_sitting(PLACES), coming_sitting(1, "Full")
        asker, giver, *others = people(1, 5)
        place, *_ = seat_all(full, [giver, *others])

    presses = [ask(wanted, asker)] * 8 + [give_up(place)] * 8
    answers = all_at_once(racing, presses, processes=2)

    assert (len(answers), failed(answers)) == (16, [])
    assert queue(wanted) == [(1, CONFIRMED)]
    assert queue(full) == [(1, RELEASED), (2, CONFIRMED), (3, WAITING), (4, WAITING)]
    assert (counters(wanted), counters(full)) == ((1, 0), (1, 0))
    assert db.get_one(Place, place.id).sequence == 1
    assert db.scalar(select(func.count(Enrolment.id)).where(Enrolment.participant_id == asker.id)) == 1
    assert kinds() == {"enrolled": 5, "place-confirmed": 2, "waiting": 3, "promoted": 1}


def test_eighty_people_changing_to_the_twin_sitting_at_once_all_get_there(racing):
    """Each swap touches both sittings, in either order: locks taken in another order would meet head-on."""
    with writing():
        morning = coming_sitting(PLACES)
        wall = morning.starts_wall + timedelta(hours=6)
        evening = make_offering(
            morning.learning_session, wall=wall, timezone="UTC", capacity_online=PLACES, now=datetime.now(UTC)
        )
        early, late = people(1, 40), people(501, 40)
        seat_all(morning, early)
        seat_all(evening, late)

    presses = [ask(evening, one) for one in early] + [ask(morning, one) for one in late]
    answers = all_at_once(racing, presses, processes=2)

    assert (len(answers), failed(answers)) == (80, [])
    assert [status for _, status in queue(morning)] == [RELEASED] * 40 + [CONFIRMED] * 40
    assert [status for _, status in queue(evening)] == [RELEASED] * 40 + [CONFIRMED] * 40
    assert counters(morning) == rows_confirmed(morning) == (40, 0)
    assert counters(evening) == rows_confirmed(evening) == (40, 0)

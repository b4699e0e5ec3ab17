"""Twin sittings: one seat per person and learning session; promotion while holding the other is the swap."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments import operations
from app.learning_sessions.models import Offering
from tests.enrolments.reading import counters, messages, rows_confirmed, several, statuses
from tests.factories import NOW, make_learning_session, make_offering
from tests.people import pat, seat

LATER = NOW + timedelta(hours=1)
CONFIRMED, WAITING, RELEASED = PlaceStatus.CONFIRMED, PlaceStatus.WAITING, PlaceStatus.RELEASED


def twins(morning: int | None, evening: int | None) -> tuple[Offering, Offering]:
    """Two sittings of one learning session with so many places each."""
    learning_session = make_learning_session()
    return (
        make_offering(learning_session, capacity_online=morning),
        make_offering(learning_session, capacity_online=evening, wall=datetime(2027, 4, 22, 19, 0)),
    )


def test_taking_a_place_in_the_twin_gives_the_first_one_up_in_the_same_step(database):
    morning, evening = twins(1, 1)
    person = pat()
    first = seat(person, morning)

    second = operations.take_place(evening, person, Way.ONLINE, LATER)

    assert (first.status, second.status) == (RELEASED, CONFIRMED)
    assert (first.released_at, first.sequence) == (LATER, 1)
    assert (counters(morning), counters(evening)) == ((0, 0), (1, 0))


def test_a_full_twin_is_waited_for_while_the_first_place_is_kept(database):
    morning, evening = twins(1, 1)
    first, second = several(2)
    held = seat(first, morning)
    seat(second, evening)

    wanted = operations.take_place(evening, first, Way.ONLINE, LATER)

    assert (held.status, wanted.status) == (CONFIRMED, WAITING)


def test_the_swap_happens_by_itself_when_the_twin_becomes_free_and_its_seat_goes_on_to_the_next(database):
    morning, evening = twins(1, 1)
    first, second, third = several(3)
    held = seat(first, morning)
    in_the_way = seat(second, evening)
    wanted = seat(first, evening)
    next_one = seat(third, morning)
    before = messages()

    operations.release_place(in_the_way, LATER)

    assert (held.status, wanted.status, next_one.status) == (RELEASED, CONFIRMED, CONFIRMED)
    assert (counters(morning), counters(evening)) == ((1, 0), (1, 0))
    assert messages()[len(before) :] == [
        ("place-released", "Bashir"),
        ("calendar-update", "Amina"),
        ("promoted", "Amina"),
        ("promoted", "Chipo"),
    ]


def test_the_asker_who_sets_a_chain_going_hears_that_the_place_is_confirmed_and_the_others_that_they_moved(
    database,
):
    morning, evening = twins(1, 1)
    first, second = several(2)
    seat(first, morning)
    waiting = seat(second, morning)
    before = messages()

    seat(first, evening)

    assert waiting.status is CONFIRMED
    assert messages()[len(before) :] == [
        ("calendar-update", "Amina"),
        ("place-confirmed", "Amina"),
        ("promoted", "Bashir"),
    ]


def test_two_who_hold_each_others_wish_keep_what_they_have(database):
    morning, evening = twins(1, 1)
    first, second = several(2)
    seat(first, morning)
    seat(second, evening)

    seat(first, evening)
    seat(second, morning)

    assert statuses(morning) == statuses(evening) == [CONFIRMED, WAITING]


def test_the_schema_itself_refuses_two_confirmed_places_in_one_learning_session(database):
    morning, evening = twins(1, 1)
    person = pat()
    first = seat(person, morning)
    seat(person, evening)

    first.status = CONFIRMED
    with pytest.raises(IntegrityError):
        database.flush()


def test_counters_and_rows_agree_after_a_long_to_and_fro(database):
    morning, evening = twins(2, 3)
    people = several(9)
    for number, person in enumerate(people):
        seat(person, (morning, evening)[number % 2])
    for number, person in enumerate(people):
        seat(person, (evening, morning)[number % 2])
    for person in people[::2]:
        for offering in (morning, evening):
            place = operations.queries.place(offering.id, person.id)
            assert place is not None
            operations.release_place(place, LATER)

    for offering, capacity in ((morning, 2), (evening, 3)):
        assert counters(offering) == rows_confirmed(offering)
        assert counters(offering)[0] <= capacity
        if counters(offering)[0] < capacity:
            assert WAITING not in statuses(offering)

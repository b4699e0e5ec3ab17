"""Seats under a rush: real processes, real threads, a real database each. Nothing is faked, not even time."""

from sqlalchemy import func, select

from app.database import db, writing
from app.enrolments import queries
from app.enrolments.models import Enrolment, Place
from app.learning_sessions.models import Offering
from tests.enrolments.aftermath import check_aftermath, check_first_come, in_words
from tests.enrolments.crowd import all_at_once
from tests.enrolments.racing import (
    CONFIRMED,
    RELEASED,
    WAITING,
    ask,
    coming_sitting,
    enrol_all,
    failed,
    give_up,
    kinds,
    people,
    queue,
    seat_all,
    twin_of,
)
from tests.enrolments.reading import counters, rows_confirmed
from tests.enrolments.repeating import sizes

PLACES = 50


@sizes("count, processes", (120, 4), (500, 8))
def test_people_asking_at_once_for_fifty_places_get_fifty_and_a_line(racing, count, processes):
    with writing():
        offering, everybody = coming_sitting(PLACES), people(1, count)
        enrol_all(offering, everybody[: count // 2])  # the others enrol with the same press

    answers = all_at_once(racing, [ask(offering, person) for person in everybody], processes)

    assert failed(answers) == []
    assert sorted(one.user_id for one in answers) == sorted(person.user_id for person in everybody)
    assert queue(offering) == [
        *((number, CONFIRMED) for number in range(1, 51)),
        *((number, WAITING) for number in range(51, count + 1)),
    ]
    assert counters(offering) == rows_confirmed(offering) == (PLACES, 0)
    assert db.scalar(select(Offering.last_queue_number)) == count
    assert db.scalar(select(func.count(Enrolment.id))) == count
    assert kinds() == {"enrolled": count, "place-confirmed": 50, "waiting": count - 50}
    last = db.scalars(select(Place).where(Place.queue_number == count)).one()
    own = queries.own_places(last.participant_id, [last.learning_session_id])[offering.id]
    assert (own.position, own.in_line) == (count - 50, count - 50)
    check_aftermath(offering.learning_session_id, answers)
    print(in_words(f"{count} at once for {PLACES} places", answers))


@sizes("each, processes", (40, 4), (200, 8))
def test_as_many_giving_up_as_ask_leave_no_seat_empty_and_nobody_passed_over(racing, each, processes):
    half = each // 2
    with writing():
        offering, everybody, newcomers = coming_sitting(half), people(1, 3 * half), people(1001, each)
        places = seat_all(offering, everybody)
    leaving = [*places[:half], *places[2 * half :]]  # all who hold a place, and the end of the line

    presses = [
        one
        for place, newcomer in zip(leaving, newcomers, strict=True)
        for one in (give_up(place), ask(offering, newcomer))
    ]
    answers = all_at_once(racing, presses, processes)

    assert failed(answers) == []
    found = queue(offering)
    assert [number for number, _ in found] == list(range(1, 3 * half + each + 1))
    assert [status for _, status in found] == [
        *[RELEASED] * half,
        *[CONFIRMED] * half,
        *[RELEASED] * half,
        *[WAITING] * each,
    ]
    assert counters(offering) == rows_confirmed(offering) == (half, 0)
    assert kinds()["promoted"] == half
    check_aftermath(offering.learning_session_id, answers)
    check_first_come(offering.id)
    print(in_words(f"{each} giving up and {each} asking at once", answers))


@sizes("each, processes", (20, 2), (100, 8))
def test_people_changing_to_the_twin_sitting_at_once_all_get_there(racing, each, processes):
    """Each swap touches both sittings, in either order: locks taken in another order would meet head-on."""
    with writing():
        morning = coming_sitting(each + 10)
        evening = twin_of(morning, each + 10)
        early, late = people(1, each), people(501, each)
        seat_all(morning, early)
        seat_all(evening, late)

    presses = [ask(evening, one) for one in early] + [ask(morning, one) for one in late]
    answers = all_at_once(racing, presses, processes)

    assert (len(answers), failed(answers)) == (2 * each, [])
    for sitting in (morning, evening):
        assert [status for _, status in queue(sitting)][:each] == [RELEASED] * each
        assert counters(sitting) == rows_confirmed(sitting)
    assert sum(counters(morning)) + sum(counters(evening)) == 2 * each
    check_aftermath(morning.learning_session_id, answers)
    print(in_words(f"{2 * each} swaps crossing", answers))


@sizes("each, processes", (12, 2), (60, 8))
def test_two_full_twins_change_over_as_far_as_seats_come_free(racing, each, processes):
    """Everybody wants the other sitting and two give up: each free seat starts a chain of swaps."""
    with writing():
        morning = coming_sitting(each)
        evening = twin_of(morning, each)
        early, late = people(1, each), people(501, each)
        held = [*seat_all(morning, early), *seat_all(evening, late)]

    presses = [ask(evening, one) for one in early] + [ask(morning, one) for one in late]
    leaving = [give_up(held[0]), give_up(held[-1])]
    answers = all_at_once(racing, [*presses, *leaving], processes)

    assert failed(answers) == []
    check_aftermath(morning.learning_session_id, answers)
    print(in_words(f"{2 * each} swaps between full twins", answers))

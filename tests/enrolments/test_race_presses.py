"""The same button pressed several times: at once, late, with the form's token and without one."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from app.database import db, writing
from app.domain.place_rules import Giving
from app.enrolments import operations
from app.enrolments.decisions import Decided, PlaceDecision
from app.enrolments.models import Enrolment, Place
from tests.enrolments.aftermath import check_aftermath
from tests.enrolments.crowd import all_at_once
from tests.enrolments.racing import (
    CONFIRMED,
    RELEASED,
    WAITING,
    accept,
    ask,
    coming_sitting,
    failed,
    give_up,
    kinds,
    people,
    queue,
    seat_all,
)
from tests.enrolments.reading import counters
from tests.enrolments.repeating import sizes, ten_times

PRESSES = 8
with_and_without = pytest.mark.parametrize("once", [{}, {"once": "t0ken"}], ids=["no token", "token"])


def decided(place_id: int) -> list[Decided]:
    rows = select(PlaceDecision.what).where(PlaceDecision.place_id == place_id).order_by(PlaceDecision.id)
    return list(db.scalars(rows))


@with_and_without
@ten_times
def test_one_person_pressing_a_button_eight_times_at_once_has_done_it_once(racing, once, run):
    with writing():
        wanted, full = coming_sitting(50), coming_sitting(1, "Full")
        asker, giver, *others = people(1, 5)
        place, *_ = seat_all(full, [giver, *others])

    presses = [ask(wanted, asker, **once)] * PRESSES + [give_up(place, **once)] * PRESSES
    answers = all_at_once(racing, presses, processes=2)

    assert (len(answers), failed(answers)) == (2 * PRESSES, [])
    assert queue(wanted) == [(1, CONFIRMED)]
    assert queue(full) == [(1, RELEASED), (2, CONFIRMED), (3, WAITING), (4, WAITING)]
    assert (counters(wanted), counters(full)) == ((1, 0), (1, 0))
    assert db.get_one(Place, place.id).sequence == 1
    assert db.scalar(select(func.count(Enrolment.id)).where(Enrolment.participant_id == asker.id)) == 1
    told = {"enrolled": 5, "place-confirmed": 2, "waiting": 3, "promoted": 1, "place-released": 1}
    assert kinds() == told
    check_aftermath(wanted.learning_session_id, answers)
    check_aftermath(full.learning_session_id, answers)


@with_and_without
@ten_times
def test_an_offer_accepted_by_eight_presses_is_accepted_once(racing, once, run):
    with writing():
        offering = coming_sitting(1, giving=Giving.OFFER, offer_hours=24)
        holder, wanting, third = people(1, 3)
        held, offered, waits = seat_all(offering, [holder, wanting, third])
        operations.release_place(held, datetime.now(UTC))

    answers = all_at_once(racing, [accept(offered, **once)] * PRESSES, processes=2)

    assert (len(answers), failed(answers)) == (PRESSES, [])
    assert queue(offering) == [(1, RELEASED), (2, CONFIRMED), (3, WAITING)]
    assert decided(offered.id) == [Decided.ASKED, Decided.OFFERED, Decided.ACCEPTED]
    told = {"enrolled": 3, "place-confirmed": 2, "waiting": 2, "offered": 1, "place-released": 1}
    assert kinds() == told
    check_aftermath(offering.learning_session_id, answers)


@sizes("count, processes", (8, 2), (60, 8))
def test_late_duplicates_of_a_request_do_not_take_the_place_again_once_it_is_given_up(
    racing, count, processes
):
    """Each asked with a form, gives the place up, and the network repeats the first form four times."""
    with writing():
        offering, everybody = coming_sitting(count // 2), people(1, count)
    first = [ask(offering, person, once=f"form {person.id}") for person in everybody]
    assert failed(all_at_once(racing, first, processes)) == []
    assert [status for _, status in queue(offering)] == [CONFIRMED] * (count // 2) + [WAITING] * (
        count - count // 2
    )
    places = db.scalars(select(Place).where(Place.offering_id == offering.id)).all()
    leaving = [give_up(place, once=f"leave {place.id}") for place in places]
    db.remove()

    answers = all_at_once(racing, [*leaving, *first * 4], processes)

    assert failed(answers) == []
    assert queue(offering) == [(number, RELEASED) for number in range(1, count + 1)]
    assert counters(offering) == (0, 0)
    check_aftermath(offering.learning_session_id, answers)


@ten_times
def test_a_token_is_one_persons_and_one_forms(racing, run):
    """The same token in the hands of others, or in another form, stops nobody."""
    with writing():
        offering, everybody = coming_sitting(5), people(1, 10)

    same = [ask(offering, person, once="the same") for person in everybody]
    answers = all_at_once(racing, same, processes=2)

    assert failed(answers) == []
    assert [status for _, status in queue(offering)] == [CONFIRMED] * 5 + [WAITING] * 5
    check_aftermath(offering.learning_session_id, answers)


@sizes("count, processes", (12, 2), (60, 8))
def test_asking_and_giving_up_in_turns_without_tokens_ends_in_one_or_the_other(racing, count, processes):
    """Nothing says which press was the last; whatever it was, it was done whole."""
    with writing():
        offering, everybody = coming_sitting(count // 4), people(1, count)
        places = seat_all(offering, everybody)

    presses = [
        one
        for after in (0.0, 0.1)
        for place, person in zip(places, everybody, strict=True)
        for one in (give_up(place, after), ask(offering, person, after))
    ]
    answers = all_at_once(racing, presses, processes)

    assert failed(answers) == []
    check_aftermath(offering.learning_session_id, answers)

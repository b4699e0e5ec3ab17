"""Organisers give a sitting more and fewer places through its form, while people come and go."""

from datetime import UTC, datetime

from sqlalchemy import select

from app.database import db, writing
from app.domain.place_rules import Giving
from app.enrolments.decisions import Decided, PlaceDecision
from app.enrolments.models import Place
from app.learning_sessions.models import Offering
from tests.enrolments.aftermath import check_aftermath, check_first_come, in_words
from tests.enrolments.crowd import all_at_once
from tests.enrolments.organisers import Resizing
from tests.enrolments.racing import (
    RELEASED,
    ask,
    coming_sitting,
    enrol_all,
    failed,
    give_up,
    people,
    queue,
    seat_all,
    twin_of,
)
from tests.enrolments.reading import counters, rows_confirmed
from tests.enrolments.repeating import sizes
from tests.people import ada

SMALL = (4, 12, 1, 8)
LARGE = (3, 15, 1, 6, None, 12, 2, 20, 8)


def unexpected(answers, organisers):
    """Answers that are neither done nor, to an organiser, a question who may lose a place."""
    return [one for one in failed(answers) if one.user_id not in organisers or one.status not in (200, 422)]


@sizes("each, capacities, processes", (12, SMALL, 2), (100, LARGE, 8))
def test_a_capacity_that_goes_up_and_down_in_its_form_keeps_the_line(racing, each, capacities, processes):
    with writing():
        offering = coming_sitting(10)
        organiser = ada(offering.learning_session.journey).id
        places = seat_all(offering, people(1, 2 * each))
        newcomers = people(1001, each)
        enrol_all(offering, newcomers)

    answers = all_at_once(
        racing,
        [
            Resizing(organiser, offering.id, capacities),
            *(ask(offering, person, 0.02 * number) for number, person in enumerate(newcomers)),
            *(give_up(place, 0.02 * number) for number, place in enumerate(places[::2])),
        ],
        processes,
    )

    assert unexpected(answers, {organiser}) == []
    assert [one.is_done for one in answers if one.user_id == organiser].count(True) == len(capacities)
    found = queue(offering)
    assert [number for number, _ in found] == list(range(1, 3 * each + 1))
    assert [status for _, status in found].count(RELEASED) == each
    assert counters(offering) == rows_confirmed(offering) == (8, 0)
    assert db.get_one(Offering, offering.id).capacity_online == 8
    check_first_come(offering.id)
    check_aftermath(offering.learning_session_id, answers)
    print(in_words(f"{len(capacities)} capacities among {2 * each} who come and go", answers))


@sizes("each, processes", (10, 2), (50, 8))
def test_two_organisers_resize_twins_while_offers_stand_and_people_change_over(racing, each, processes):
    """One sitting gives places at once, the other offers them; each press touches both."""
    with writing():
        morning = coming_sitting(5)
        evening = twin_of(morning, 5, giving=Giving.OFFER, offer_hours=24)
        organiser = ada(morning.learning_session.journey).id
        early, late = people(1, each), people(501, each)
        seat_all(morning, early)
        seat_all(evening, late)

    answers = all_at_once(
        racing,
        [
            Resizing(organiser, morning.id, (2, 8, 4)),
            Resizing(organiser, evening.id, (9, 1, 6)),
            *(ask(evening, one, 0.03 * number) for number, one in enumerate(early)),
            *(ask(morning, one, 0.03 * number) for number, one in enumerate(late)),
        ],
        processes,
    )

    assert unexpected(answers, {organiser}) == []
    assert [one.is_done for one in answers if one.user_id == organiser].count(True) == 6
    db.remove()
    capacities = [db.get_one(Offering, one.id).capacity_online for one in (morning, evening)]
    assert capacities == [4, 6]
    check_aftermath(morning.learning_session_id, answers)


@sizes("each, processes", (12, 2), (40, 8))
def test_who_consents_to_one_persons_loss_takes_the_place_of_no_other(racing, each, processes):
    """Those who took theirs last leave by themselves meanwhile; others are named from press to press."""
    with writing():
        offering = coming_sitting(each)
        organiser = ada(offering.learning_session.journey).id
        places = seat_all(offering, people(1, each))
        before = datetime.now(UTC)

    answers = all_at_once(
        racing,
        [
            Resizing(organiser, offering.id, (each - 5, each - 8)),
            *(give_up(place, 0.05 * number) for number, place in enumerate(places[-4:])),
        ],
        processes,
    )

    assert unexpected(answers, {organiser}) == []
    unseated = db.scalars(
        select(Place.queue_number)
        .join(PlaceDecision, PlaceDecision.place_id == Place.id)
        .where(PlaceDecision.what == Decided.UNSEATED, PlaceDecision.decided_at >= before)
    ).all()
    assert 4 <= len(unseated) <= 8
    assert min(unseated) > each - 8
    check_first_come(offering.id)
    check_aftermath(offering.learning_session_id, answers)

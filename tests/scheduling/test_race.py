"""Capacity lowered and raised while people come and go: real processes, threads and transactions."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.database import db, writing
from app.domain.seats import PlaceStatus
from app.enrolments import operations as enrolments
from app.enrolments.models import Place
from app.learning_sessions.models import Offering
from app.scheduling.models import ChangeKind, OfferingChange
from tests.enrolments.conftest import racing
from tests.enrolments.racing import coming_sitting, people, seat_all
from tests.enrolments.reading import counters, rows_confirmed
from tests.factories import make_offering
from tests.scheduling.rush import Ask, CancelAndRestore, GiveUp, Resize, all_at_once

__all__ = ["racing"]

CONFIRMED, WAITING, RELEASED = PlaceStatus.CONFIRMED, PlaceStatus.WAITING, PlaceStatus.RELEASED


def line(offering_id):
    """(queue number, status) of every place, in the order of the queue."""
    rows = select(Place.queue_number, Place.status).where(Place.offering_id == offering_id)
    return [(number, status) for number, status in db.execute(rows.order_by(Place.queue_number))]


def check(offering_id, capacity):
    """No more than fit in, in the order of the queue, nobody twice, and no seat empty beside a line."""
    db.remove()
    offering = db.get_one(Offering, offering_id)
    found = line(offering_id)
    numbers = [number for number, _ in found]
    live = [status for _, status in found if status is not RELEASED]
    seated = len(live) if capacity is None else min(capacity, len(live))
    assert offering.capacity_online == capacity
    assert len(set(numbers)) == len(numbers)
    assert live == [CONFIRMED] * seated + [WAITING] * (len(live) - seated)
    assert counters(offering) == rows_confirmed(offering) == (seated, 0)
    held = select(Place.participant_id).filter_by(
        learning_session_id=offering.learning_session_id, status=CONFIRMED
    )
    holders = db.scalars(held).all()
    assert len(holders) == len(set(holders))


def test_a_capacity_that_goes_up_and_down_while_people_come_and_go_keeps_the_line(racing):
    with writing():
        offering = coming_sitting(10)
        number = offering.id
        places = seat_all(offering, people(1, 30))
        newcomers = people(501, 30)
        for person in newcomers:
            enrolments.enrol(offering.learning_session.journey, person, datetime.now(UTC))
        leaving = [place.id for place in [*places[3:13], *places[20:30]]]
        asking = [person.id for person in newcomers]
    comings = [[Ask(number, who) for who in asking[start::6]] for start in range(6)]
    goings = [[GiveUp(place) for place in leaving[start::4]] for start in range(4)]
    organiser = [Resize(number, capacity) for capacity in (3, 15, 0, 6, None, 12, 2, 20, 8)]

    assert all_at_once(racing, [organiser, *comings, *goings]) == []

    check(number, 8)
    assert [found for found, _ in line(number)] == list(range(1, 61))
    assert [status for _, status in line(number)].count(RELEASED) == 20


@pytest.mark.long
def test_two_organisers_resizing_against_each_other_leave_one_of_their_numbers(racing):
    with writing():
        offering = coming_sitting(10)
        number = offering.id
        seat_all(offering, people(1, 15))

    both = [[Resize(number, capacity) for capacity in sizes] for sizes in ((2, 20, 4, 12), (25, 1, 30, 6))]
    assert all_at_once(racing, both, processes=2) == []

    db.remove()
    capacity = db.get_one(Offering, number).capacity_online
    assert capacity in {6, 12}
    check(number, capacity)


@pytest.mark.long
def test_cancelling_and_restoring_twins_while_people_change_between_them(racing):
    """Every act touches both sittings: locks taken in another order would meet head-on."""
    with writing():
        morning = coming_sitting(4)
        wall = morning.starts_wall + timedelta(hours=6)
        evening = make_offering(
            morning.learning_session, wall=wall, timezone="UTC", capacity_online=4,
            now=datetime.now(UTC),
        )  # fmt: skip
        first, second = morning.id, evening.id
        seat_all(morning, people(1, 8))
        seat_all(evening, people(501, 8))
        early = db.scalars(select(Place.participant_id).filter_by(offering_id=first)).all()
        late = db.scalars(select(Place.participant_id).filter_by(offering_id=second)).all()
    swaps = [[Ask(second, who) for who in early[half::2]] for half in (0, 1)]
    swaps += [[Ask(first, who) for who in late[half::2]] for half in (0, 1)]
    organisers = [[CancelAndRestore(first)] * 3, [CancelAndRestore(second)] * 3]
    organisers += [[Resize(first, 1), Resize(second, 12), Resize(first, 12), Resize(second, 4)]]

    assert all_at_once(racing, [*swaps, *organisers]) == []

    for number, places in ((first, 12), (second, 4)):
        check(number, places)
        records = db.scalars(
            select(OfferingChange.kind).filter_by(offering_id=number).order_by(OfferingChange.sequence)
        ).all()
        assert records == [ChangeKind.CANCELLED, ChangeKind.RESTORED] * 3
        assert db.get_one(Offering, number).sequence == 6
    assert db.scalar(select(func.count(Place.id))) >= 16

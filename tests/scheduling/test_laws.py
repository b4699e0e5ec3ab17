"""What holds after whatever organisers and participants do to the sittings of a session, in any order."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.errors import DomainError
from app.domain.seats import PlaceStatus
from app.domain.timezones import derive
from app.enrolments import operations as enrolments
from app.enrolments.models import Place
from app.learning_sessions.storing import promise_of
from app.scheduling import operations
from app.scheduling.journey_zone import Keep
from app.scheduling.recording import stand_of
from tests.enrolments.reading import counters, rows_confirmed
from tests.factories import NOW, make_learning_session, make_offering, make_participant, make_venue
from tests.scheduling.telling import as_it_is, changes_of

PEOPLE = 8
BASE = datetime(2027, 4, 1, 0, 0)
ZONES = ("Europe/London", "Africa/Accra", "America/New_York", "Australia/Lord_Howe")

sittings = st.integers(0, 1)
capacities = st.integers(0, 4) | st.none()
revisions = st.fixed_dictionaries(
    {},
    optional={
        "capacity_online": capacities,
        "capacity_in_person": capacities,
        "attendance": st.sampled_from((Attendance.BOTH, Attendance.ONLINE)),
        "wall": st.integers(0, 24 * 300).map(lambda hours: BASE + timedelta(hours=hours)),
        "timezone": st.sampled_from(ZONES),
        "length": st.sampled_from((5, 60, 90)),
        "fold": st.integers(0, 1),
    },
)
steps = st.one_of(
    st.tuples(st.just("ask"), sittings, st.integers(0, PEOPLE - 1), st.sampled_from(list(Way))),
    st.tuples(st.just("give up"), sittings, st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("revise"), sittings, st.booleans(), revisions),
    st.tuples(
        st.just("revise"), sittings, st.booleans(), st.fixed_dictionaries({"capacity_online": capacities})
    ),
    st.tuples(st.just("cancel"), sittings),
    st.tuples(st.just("restore"), sittings),
    st.tuples(st.just("correct"), st.sampled_from(ZONES), st.sampled_from(list(Keep))),
)


UNHURRIED: Any = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@settings(max_examples=15, **UNHURRIED)
@given(st.lists(steps, max_size=12))
def test_seats_records_and_instants_agree_after_every_step(database, some):
    play(some)


@pytest.mark.long
@settings(max_examples=1500, **UNHURRIED)
@given(st.lists(steps, max_size=40))
def test_they_agree_after_very_many_steps(database, some):
    play(some)


def play(some):
    savepoint = db.begin_nested()
    learning_session = make_learning_session()
    both = [
        make_offering(
            learning_session, attendance=Attendance.BOTH, venue=make_venue(), capacity_online=3,
            capacity_in_person=2,
        ),
        make_offering(learning_session, wall=datetime(2027, 4, 29, 13), capacity_online=1),
    ]  # fmt: skip
    people = [make_participant(f"Person {number}") for number in range(PEOPLE)]
    for number, person in enumerate(people):
        enrolments.enrol(learning_session.journey, person, NOW)
        enrolments.take_place(both[0], person, (Way.ONLINE, Way.IN_PERSON)[number % 2], NOW)
    for number, step in enumerate(some):
        before = {one.id: stand_of(one) for one in both}
        sequences = dict(db.execute(select(Place.id, Place.sequence)).all())
        undo = db.begin_nested()
        try:
            do(both, people, step, NOW + timedelta(minutes=number))
            undo.commit()
        except DomainError:
            undo.rollback()
            for one in both:
                db.refresh(one)
                assert stand_of(one) == before[one.id]
        for one in both:
            check_seats(one)
            check_records(one, before[one.id])
        check_people(sequences)
    savepoint.rollback()


def do(both, people, step, now):
    kind, *rest = step
    if kind == "ask":
        enrolments.take_place(both[rest[0]], people[rest[1]], rest[2], now)
    elif kind == "give up":
        wanted = select(Place).filter_by(offering_id=both[rest[0]].id, participant_id=people[rest[1]].id)
        if place := db.scalar(wanted):
            enrolments.release_place(place, now)
    elif kind == "revise":
        new = as_it_is(both[rest[0]], **possible(rest[2]))
        operations.revise(both[rest[0]], new, now, may_unseat=rest[1])
    elif kind == "cancel":
        operations.cancel(both[rest[0]], "Ill", now)
    elif kind == "restore":
        operations.restore(both[rest[0]], now)
    else:
        operations.change_journey_zone(both[0].learning_session.journey, rest[0], rest[1], now)


def possible(changes):
    """Without places or a venue for a way of attending that there is not."""
    ways = changes["attendance"].ways if "attendance" in changes else tuple(Way)
    if Way.ONLINE not in ways:
        changes |= {"capacity_online": None}
    if Way.IN_PERSON not in ways:
        changes |= {"capacity_in_person": None, "venue": None}
    return changes


def check_seats(offering):
    """No more than fit in; first come, first served; no seat empty while somebody waits for it."""
    db.refresh(offering)
    assert counters(offering) == rows_confirmed(offering)
    for way, capacity, taken in zip(
        (Way.ONLINE, Way.IN_PERSON),
        (offering.capacity_online, offering.capacity_in_person),
        counters(offering),
        strict=True,
    ):
        lines = dict.fromkeys(PlaceStatus, ())
        rows = select(Place.status, Place.queue_number).filter_by(offering_id=offering.id, way=way)
        for status, number in db.execute(rows.order_by(Place.queue_number)):
            lines[status] += (number,)
        waiting, confirmed = lines[PlaceStatus.WAITING], lines[PlaceStatus.CONFIRMED]
        assert capacity is None or taken <= capacity
        if way not in offering.attendance.ways:
            assert (waiting, confirmed) == ((), ())
        if waiting and confirmed:
            assert confirmed[-1] < waiting[0]
        if waiting and not offering.is_cancelled:
            assert capacity is not None
            assert taken == capacity


def check_people(sequences):
    holders = db.scalars(select(Place.participant_id).filter_by(status=PlaceStatus.CONFIRMED)).all()
    assert len(holders) == len(set(holders))
    for number, sequence in db.execute(select(Place.id, Place.sequence)):
        assert sequence >= sequences.get(number, 0)


def check_records(offering, before):
    """One for every change of when and where; each begins where the one before it ended."""
    records = changes_of(offering)
    assert [one.sequence for one in records] == list(range(1, offering.sequence + 1))
    assert offering.starts_at == derive(promise_of(offering)).starts_at
    assert offering.ends_at - offering.starts_at == timedelta(minutes=offering.length_minutes)
    for earlier, later in pairwise(records):
        assert side(earlier, "after", before) == side(later, "before", before)
    if records:
        assert side(records[-1], "after", before) == stand_of(offering)
    else:
        assert before == stand_of(offering)


def side(record, which, like):
    return {name: getattr(record, f"{which}_{name}") for name in like}

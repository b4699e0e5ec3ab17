"""What time has changed comes before what is asked; and what no organiser's word goes before."""

from datetime import timedelta

import pytest

from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.errors import Refused
from app.domain.place_rules import Balance, Giving, RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments import approving, operations, queries
from app.enrolments.due import learning_sessions_due
from app.enrolments.rules import PlaceRule
from app.enrolments.seating import settle_learning_session
from app.journeys import operations as journeys
from app.learning_sessions.models import Offering
from app.scheduling import operations as scheduling
from tests.enrolments.invariants import check_session
from tests.enrolments.reading import several
from tests.factories import NOW, make_learning_session, make_offering, make_venue
from tests.people import seat
from tests.scheduling.telling import as_it_is

CONFIRMED, OFFERED, WAITING = PlaceStatus.CONFIRMED, PlaceStatus.OFFERED, PlaceStatus.WAITING
LATER = NOW + timedelta(hours=30)
ENDS = timedelta(days=3)


def state(offering: Offering, **stated: object) -> None:
    db.add(PlaceRule(offering_id=offering.id, **stated))
    db.flush()


def both_ways(**stated: object) -> Offering:
    made = make_offering(
        attendance=Attendance.BOTH, venue=make_venue(timezone="Europe/London"), capacity_online=1,
        capacity_in_person=1,
    )  # fmt: skip
    state(made, **stated)
    return made


def test_who_asks_in_another_way_is_first_given_what_time_has_brought(database):
    """Their old line moves at that very moment; they have one offer, and no seat is lost."""
    offering = both_ways(giving=Giving.OFFER, offer_hours=24)
    first, second, third, wisher = several(4)
    holder = seat(first, offering, Way.IN_PERSON)
    seat(third, offering, Way.ONLINE)
    seat(second, offering, Way.IN_PERSON)
    place = seat(wisher, offering, Way.IN_PERSON)
    operations.release_place(holder, NOW)  # offered to the second, whose time will have passed

    with pytest.raises(Refused, match="on offer to you"):
        operations.take_place(offering, wisher, Way.ONLINE, LATER)

    assert (place.status, place.way) == (OFFERED, Way.IN_PERSON)
    check_session(offering.learning_session_id, LATER)


def test_a_wait_in_another_way_is_replaced_when_the_journey_was_closed_meanwhile(database):
    offering = both_ways()
    holder, wisher, other = several(3)
    held = seat(holder, offering, Way.IN_PERSON)
    seat(other, offering, Way.ONLINE)
    place = seat(wisher, offering, Way.IN_PERSON)
    journey = offering.learning_session.journey
    journeys.close(journey, "A pause.", NOW.date(), NOW)
    operations.release_place(held, NOW)
    journeys.open_journey(journey, NOW)

    asked = operations.take_place(offering, wisher, Way.ONLINE, LATER)

    assert (asked.id, asked.status, asked.way) == (place.id, WAITING, Way.ONLINE)
    check_session(offering.learning_session_id, LATER)


def test_a_journey_opened_again_is_settled_by_the_worker(database):
    offering = make_offering(capacity_online=1)
    holder, waiter = several(2)
    held, waiting = seat(holder, offering), seat(waiter, offering)
    journey = offering.learning_session.journey
    journeys.close(journey, "A pause.", NOW.date(), NOW)
    operations.release_place(held, NOW)
    assert learning_sessions_due(LATER) == []

    journeys.open_journey(journey, LATER)

    assert learning_sessions_due(LATER) == [offering.learning_session_id]
    settle_learning_session(offering.learning_session_id, LATER)
    assert waiting.status is CONFIRMED
    assert learning_sessions_due(LATER) == []


def test_a_yes_after_the_draw_stands_where_the_draw_put_the_request(database):
    offering = make_offering(capacity_online=1)
    state(offering, kind=RuleKind.LOTTERY, draw_at=NOW + ENDS, seed="5eed", needs_approval=True)
    people = several(4)
    places = [seat(one, offering) for one in people]
    for place in places[1:]:
        approving.approve(place, None, NOW)
    settle_learning_session(offering.learning_session_id, NOW + ENDS)
    drawn = sorted(places, key=lambda one: one.queue_number)
    assert places[0].status is PlaceStatus.REQUESTED

    approving.approve(places[0], None, NOW + ENDS)

    assert places[0].queue_number == drawn[drawn.index(places[0])].queue_number > 4
    check_session(offering.learning_session_id, NOW + ENDS)


def test_who_was_declined_before_the_draw_joins_the_end_of_it(database):
    offering = make_offering(capacity_online=1)
    state(offering, kind=RuleKind.LOTTERY, draw_at=NOW + ENDS, seed="5eed", needs_approval=True)
    first, second = (seat(one, offering) for one in several(2))
    approving.decline(first, "Not for you", None, NOW)
    approving.approve(second, None, NOW)
    settle_learning_session(offering.learning_session_id, NOW + ENDS)

    approving.approve(first, None, NOW + ENDS)

    assert (first.status, second.status) == (WAITING, CONFIRMED)
    assert first.queue_number > second.queue_number


def test_an_offer_is_not_taken_by_who_has_been_in_a_twin_that_began(database):
    learning_session = make_learning_session()
    begun = make_offering(learning_session, capacity_online=1)
    later = make_offering(learning_session, wall=begun.starts_wall + timedelta(days=9), capacity_online=1)
    state(later, giving=Giving.OFFER, offer_hours=720)
    person, holder = several(2)
    had = seat(person, begun)
    held, wanted = seat(holder, later), seat(person, later)
    operations.release_place(held, begun.starts_at - timedelta(hours=1))
    assert wanted.status is OFFERED

    with pytest.raises(Refused, match="has begun"):
        operations.accept_offer(wanted, begun.starts_at + timedelta(hours=1))

    assert (had.status, wanted.status) == (CONFIRMED, OFFERED)


def test_nobody_loses_a_seat_in_a_sitting_that_has_begun(database):
    offering = make_offering(capacity_online=2)
    for one in several(2):
        seat(one, offering)

    with pytest.raises(Refused, match="has begun"):
        scheduling.revise(
            offering, as_it_is(offering, capacity_online=1), offering.starts_at + timedelta(minutes=10),
            may_unseat=True,
        )  # fmt: skip


@pytest.mark.parametrize(
    "stated",
    [
        {"kind": RuleKind.LOTTERY, "draw_at": NOW + ENDS, "seed": "5eed"},
        {"kind": RuleKind.BALANCED, "balance": Balance.COUNTRY, "share_percent": 10},
    ],
)
def test_nobody_is_moved_before_a_draw_or_beyond_a_balance(database, stated):
    learning_session = make_learning_session()
    here = make_offering(learning_session, capacity_online=5)
    there = make_offering(learning_session, wall=here.starts_wall + timedelta(days=1), capacity_online=5)
    state(there, **stated)
    first, second = several(2)
    seat(first, there)
    place = seat(second, here)

    with pytest.raises(Refused, match="its rule"):
        approving.move(place, there, None, NOW)

    assert place.status is CONFIRMED
    assert queries.place(there.id, second.id) is None

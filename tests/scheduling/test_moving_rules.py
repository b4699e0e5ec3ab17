"""Moving, cancelling, restoring and resizing a sitting that gives its places by a rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.database import db
from app.domain.attendance import Way
from app.domain.errors import Refused
from app.domain.place_rules import Balance, Giving, RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments import operations as enrolments
from app.enrolments.models import Place
from app.enrolments.reserving import Wanted, reserve
from app.enrolments.ruling import NewRule, set_rule, stored_rule
from app.enrolments.seating import settle_learning_session
from app.learning_sessions.sittings import Days
from app.learning_sessions.storing import promise_of
from app.scheduling import operations
from app.scheduling.operations import Keep
from app.scheduling.refusals import WouldUnseat
from tests.factories import NOW, make_offering, make_participant
from tests.people import seat
from tests.scheduling.test_revising import revise

pytestmark = pytest.mark.usefixtures("database")

CONFIRMED, OFFERED, RELEASED, WAITING = (
    PlaceStatus.CONFIRMED, PlaceStatus.OFFERED, PlaceStatus.RELEASED, PlaceStatus.WAITING,
)  # fmt: skip
DRAW = datetime(2027, 4, 15, 11, tzinfo=UTC)
UNTIL = datetime(2027, 4, 10, 11, tzinfo=UTC)
BY_OFFER = NewRule(giving=Giving.OFFER, offer_hours=720)


def lottery():
    offering = make_offering(capacity_online=1)  # Thursday 22 April, 13:00 in London
    set_rule(offering, NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW), NOW)
    return offering


def crowd(offering, count):
    return [seat(make_participant(f"Person {number}"), offering) for number in range(count)]


def statuses(places):
    return [db.get(Place, place.id, populate_existing=True).status for place in places]


def test_the_draw_moves_with_a_demonstration_as_registration_does():
    offering = lottery()
    seed = stored_rule(offering.id).seed
    later = replace(promise_of(offering), starts_wall=datetime(2027, 5, 20, 13))
    operations.redate(offering, later, NOW, "Moved on.")
    assert stored_rule(offering.id).draw_at == DRAW + timedelta(days=28)
    assert stored_rule(offering.id).seed == seed
    balanced = make_offering(capacity_online=8)
    set_rule(
        balanced,
        NewRule(kind=RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=25, balanced_until_at=UNTIL),
        NOW,
    )
    operations.redate(balanced, later, NOW, "Moved on.")
    assert stored_rule(balanced.id).balanced_until_at == UNTIL + timedelta(days=28)


def test_a_draw_that_was_made_stays_where_it_was():
    offering = lottery()
    crowd(offering, 2)
    settle_learning_session(offering.learning_session_id, DRAW)
    later = replace(promise_of(offering), starts_wall=datetime(2027, 5, 20, 13))
    operations.redate(offering, later, DRAW, "Moved on.")
    assert (stored_rule(offering.id).draw_at, stored_rule(offering.id).drawn_at) == (DRAW, DRAW)


def test_a_sitting_does_not_come_before_its_draw():
    offering = lottery()
    with pytest.raises(Refused, match="drawn later: Thursday 15 April 2027, 12:00 in London") as refusal:
        revise(offering, wall=datetime(2027, 4, 15, 12))
    assert refusal.value.field == "starts_wall"
    assert revise(offering, wall=datetime(2027, 4, 15, 12, 5)) is not None
    assert stored_rule(offering.id).draw_at == DRAW  # the day of the draw was promised


def test_offers_end_at_the_start_of_a_sitting_that_is_earlier_now():
    offering = make_offering(capacity_online=1)
    set_rule(offering, BY_OFFER, NOW)
    holder, first, second = crowd(offering, 3)
    enrolments.release_place(holder, NOW)
    assert statuses([first, second]) == [OFFERED, WAITING]
    revise(offering, wall=datetime(2027, 3, 4, 13))
    assert db.get(Place, first.id, populate_existing=True).offer_ends_at == offering.starts_at
    settle_learning_session(offering.learning_session_id, offering.starts_at)
    assert statuses([first, second]) == [RELEASED, WAITING]
    assert offering.held_online == 0


def test_more_places_are_offered_to_who_waits():
    offering = make_offering(capacity_online=1)
    set_rule(offering, BY_OFFER, NOW)
    places = crowd(offering, 4)
    revise(offering, capacity_online=3)
    assert statuses(places) == [CONFIRMED, OFFERED, OFFERED, WAITING]
    assert (offering.confirmed_online, offering.held_online) == (1, 2)


def test_fewer_places_take_an_offer_back_with_consent_only():
    offering = make_offering(capacity_online=2)
    set_rule(offering, BY_OFFER, NOW)
    first, second, third = crowd(offering, 3)
    enrolments.release_place(first, NOW)
    assert statuses([second, third]) == [CONFIRMED, OFFERED]
    with pytest.raises(WouldUnseat):
        revise(offering, capacity_online=1)
    revise(offering, capacity_online=1, may_unseat=True)
    assert statuses([second, third]) == [CONFIRMED, WAITING]
    assert offering.held_online == 0


def test_reserved_places_are_not_lost_to_a_smaller_number():
    offering = make_offering(capacity_online=4)
    wanted = Wanted("Ghana country group", Way.ONLINE, 3, NOW + timedelta(days=7), "Europe/London")
    reserve(offering, wanted, None, NOW)
    places = crowd(offering, 2)
    assert statuses(places) == [CONFIRMED, WAITING]
    with pytest.raises(Refused, match="reserved for groups"):
        revise(offering, capacity_online=2, may_unseat=True)
    revise(offering, capacity_online=5)
    assert statuses(places) == [CONFIRMED, CONFIRMED]


def test_an_offer_is_taken_back_by_cancelling_and_made_again_by_restoring():
    offering = make_offering(capacity_online=1)
    set_rule(offering, BY_OFFER, NOW)
    holder, first, second = crowd(offering, 3)
    enrolments.release_place(holder, NOW)
    operations.cancel(offering, "Strike", NOW)
    assert statuses([first, second]) == [WAITING, WAITING]
    assert offering.held_online == 0
    operations.restore(offering, NOW + timedelta(hours=1))
    assert statuses([first, second]) == [OFFERED, WAITING]


def test_a_lottery_that_was_due_while_it_was_cancelled_is_drawn_when_it_is_restored():
    offering = lottery()
    places = crowd(offering, 3)
    operations.cancel(offering, "Strike", NOW)
    settle_learning_session(offering.learning_session_id, DRAW + timedelta(hours=1))
    assert stored_rule(offering.id).drawn_at is None
    operations.restore(offering, DRAW + timedelta(hours=2))
    assert stored_rule(offering.id).drawn_at == DRAW + timedelta(hours=2)
    assert sorted(statuses(places)) == [CONFIRMED, WAITING, WAITING]


def test_reserved_places_wait_out_a_cancellation():
    offering = make_offering(capacity_online=2)
    wanted = Wanted("Ghana country group", Way.ONLINE, 1, NOW + timedelta(days=7), "Europe/London")
    block = reserve(offering, wanted, None, NOW)
    places = crowd(offering, 2)
    operations.cancel(offering, "Strike", NOW)
    assert (block.returned_at, offering.held_online) == (None, 1)
    operations.restore(offering, NOW + timedelta(days=8))
    assert (block.returned_at, offering.held_online) == (NOW + timedelta(days=8), 0)
    assert statuses(places) == [CONFIRMED, CONFIRMED]


def test_more_places_before_the_draw_give_nobody_a_place():
    offering = lottery()
    places = crowd(offering, 3)
    revise(offering, capacity_online=2)
    assert statuses(places) == [WAITING] * 3


def test_days_are_not_over_before_the_draw():
    offering = lottery()
    with pytest.raises(Refused, match="when these days are over: Thursday 15 April 2027"):
        revise(offering, when=Days(date(2027, 4, 13), date(2027, 4, 14), "Europe/London"))
    db.refresh(offering)
    on_its_day = Days(date(2027, 4, 15), date(2027, 4, 15), "Europe/London")
    assert revise(offering, when=on_its_day) is not None


BALANCED = NewRule(kind=RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=25, balanced_until_at=DRAW)


@pytest.mark.parametrize("rule", [NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW), BALANCED])
def test_a_journey_does_not_get_a_zone_in_which_a_stated_moment_is_over(rule):
    offering = make_offering(capacity_online=8)
    set_rule(offering, rule, NOW)
    journey, now = offering.learning_session.journey, DRAW - timedelta(hours=1)
    with pytest.raises(Refused, match=f"“{offering.learning_session.title}”: .* which is over") as refusal:
        operations.change_journey_zone(journey, "Africa/Nairobi", Keep.WALL, now)
    assert refusal.value.field == "keep"
    assert (journey.timezone, offering.timezone) == ("Europe/London", "Europe/London")
    assert operations.change_journey_zone(journey, "Africa/Nairobi", Keep.INSTANT, now) == 1
    stored = stored_rule(offering.id)
    assert (stored.draw_at or stored.balanced_until_at, stored.drawn_at) == (DRAW, None)


def test_offers_end_at_the_start_that_another_zone_of_the_journey_gives():
    offering = make_offering(capacity_online=1)
    set_rule(offering, BY_OFFER, NOW)
    holder, first = crowd(offering, 2)
    enrolments.release_place(holder, NOW)
    place = db.get_one(Place, first.id)
    place.offer_ends_at = offering.starts_at
    db.flush()
    operations.change_journey_zone(
        offering.learning_session.journey, "Africa/Nairobi", Keep.WALL, NOW + timedelta(hours=1)
    )
    assert db.get(Place, first.id, populate_existing=True).offer_ends_at == offering.starts_at

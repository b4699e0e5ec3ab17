"""Which sitting somebody gets who takes part in every session."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.all_sessions import Coming, Follower, choose
from app.domain.attendance import Way
from app.domain.place_rules import Balance, Rule, RuleKind
from app.domain.seats import Room, Seat

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def sitting(number: int, capacity: int | None, taken: int, way: Way = Way.ONLINE, day: int = 0) -> Coming:
    return Coming(Seat(number, way), NOW + timedelta(days=day), Room(capacity, taken))


SITTINGS = st.lists(
    st.builds(
        sitting,
        st.integers(1, 4),
        st.none() | st.integers(0, 3),
        st.integers(0, 3),
        st.sampled_from(Way),
        st.integers(1, 5),
    ),
    max_size=8,
    unique_by=lambda one: one.seat,
)


@given(SITTINGS, st.sampled_from(Way))
def test_somebody_gets_the_earliest_with_room_else_the_earliest(sittings, way):
    found = choose(sittings, Follower(way), NOW)

    mine = [
        one
        for one in sittings
        if one.seat.way is way or Seat(one.seat.offering_id, way) not in {other.seat for other in sittings}
    ]
    best = [one for one in mine if one.room.has_room] or mine
    if not best:
        assert found is None
    else:
        earliest = min(one.starts_at for one in best)
        assert found in {one.seat for one in best if one.starts_at == earliest}


def test_a_balance_that_is_reached_for_their_country_is_no_room():
    rule = Rule(RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=50)
    balanced = Coming(Seat(1, Way.ONLINE), NOW, Room(2, 1, rule=rule, shares={"GH": 1}))
    later = sitting(2, 5, 0, day=1)

    assert choose([balanced, later], Follower(country="GH"), NOW) == later.seat
    assert choose([balanced, later], Follower(country="BD"), NOW) == balanced.seat


def test_a_lottery_that_is_not_drawn_has_no_room_yet_but_a_line_to_join():
    rule = Rule(RuleKind.LOTTERY, draw_at=NOW + timedelta(days=1))
    lottery = Coming(Seat(1, Way.ONLINE), NOW, Room(9, 0, rule=rule))

    assert choose([lottery], Follower(), NOW) == lottery.seat
    assert choose([lottery, sitting(2, 1, 0, day=1)], Follower(), NOW) == Seat(2, Way.ONLINE)

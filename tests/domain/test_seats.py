"""The one routine that decides who is seated."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.attendance import Way
from app.domain.place_rules import Balance, Giving, Rule, RuleKind
from app.domain.seats import Held, Promotion, Room, Seat, Waiting, position
from app.domain.seats import settle as settle_lines

MORNING = Seat(1, Way.ONLINE)
EVENING = Seat(2, Way.ONLINE)
ROOM = Seat(1, Way.IN_PERSON)


NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
OFFERS = Rule(giving=Giving.OFFER)
LOTTERY = Rule(RuleKind.LOTTERY, draw_at=NOW + timedelta(days=1))


def settle(
    rooms: Mapping[Seat, Room],
    queue: Sequence[Waiting],
    held: Mapping[int, Held],
    asked_by: int | None = None,
) -> list[Promotion]:  # fmt: skip
    """The routine over one queue, each of whose people holds at most one place."""
    lines: dict[Seat, list[Waiting]] = {seat: [] for seat in rooms}
    for entry in sorted(queue, key=lambda one: (one.queue_number, one.place_id)):
        mine = held.get(entry.participant_id)
        lines[entry.seat].append(replace(entry, holds=(mine,) if mine else ()))
    return settle_lines(rooms, lines, NOW, asked_by)


def waiting(
    place_id: int, seat: Seat = MORNING, queue_number: int | None = None, who: int | None = None
) -> Waiting:
    return Waiting(place_id, who or 100 + place_id, seat, queue_number or place_id)


def test_the_first_in_line_moves_up_into_the_one_free_place() -> None:
    line = [waiting(7, queue_number=2), waiting(8, queue_number=1)]

    assert settle({MORNING: Room(10, 9)}, line, {}) == [Promotion(8)]


def test_nobody_moves_up_when_it_is_full() -> None:
    assert settle({MORNING: Room(10, 10)}, [waiting(7)], {}) == []


def test_a_lowered_capacity_below_the_taken_places_promotes_nobody() -> None:
    assert settle({MORNING: Room(5, 9)}, [waiting(7)], {}) == []


def test_without_a_limit_everybody_is_seated() -> None:
    assert settle({MORNING: Room(None, 900)}, [waiting(7), waiting(8)], {}) == [Promotion(7), Promotion(8)]


def test_nobody_is_seated_in_a_cancelled_sitting() -> None:
    assert settle({MORNING: Room(10, 0, is_held=False)}, [waiting(7)], {}) == []


def test_the_two_ways_of_attending_are_counted_apart() -> None:
    rooms = {MORNING: Room(10, 10), ROOM: Room(10, 9)}

    assert settle(rooms, [waiting(7), waiting(8, ROOM)], {}) == [Promotion(8)]


def test_a_promotion_for_a_twin_is_a_swap_that_frees_the_other_seat() -> None:
    rooms = {MORNING: Room(1, 1), EVENING: Room(1, 0)}
    line = [waiting(7, EVENING, who=1), waiting(8, MORNING, who=2)]

    moved = settle(rooms, line, {1: Held(50, MORNING)})

    assert moved == [Promotion(7, gives_up=(50,)), Promotion(8)]


def test_two_who_hold_each_others_wish_do_not_swap_without_a_free_seat() -> None:
    rooms = {MORNING: Room(1, 1), EVENING: Room(1, 1)}
    line = [waiting(7, EVENING, who=1), waiting(8, MORNING, who=2)]

    assert settle(rooms, line, {1: Held(50, MORNING), 2: Held(51, EVENING)}) == []


def test_position_counts_in_ones_own_line_only() -> None:
    line = [waiting(7), waiting(8, EVENING), waiting(9)]

    assert position(line, 9) == 2
    assert position(line, 8) == 1
    assert position(line, 99) is None


def test_where_promotion_is_by_offer_who_waits_is_offered_and_who_asks_is_seated() -> None:
    rooms = {MORNING: Room(2, 0, rule=OFFERS)}

    moved = settle(rooms, [waiting(7), waiting(8)], {}, asked_by=8)

    assert moved == [Promotion(7, as_offer=True), Promotion(8)]


def test_an_offer_of_a_twin_gives_up_nothing_yet() -> None:
    rooms = {MORNING: Room(1, 1), EVENING: Room(1, 0, rule=OFFERS)}
    line = [waiting(7, EVENING, who=1), waiting(8, MORNING, who=2)]

    assert settle(rooms, line, {1: Held(50, MORNING)}) == [Promotion(7, as_offer=True)]


def test_being_seated_gives_up_what_is_on_offer_in_a_twin() -> None:
    """Who waits for both and is offered one keeps no second seat when the other comes."""
    rooms = {MORNING: Room(1, 0, rule=OFFERS), EVENING: Room(1, 0)}
    line = [waiting(7, MORNING, who=1), waiting(8, EVENING, who=1), waiting(9, MORNING, who=2)]

    assert settle(rooms, line, {}) == [
        Promotion(7, as_offer=True),
        Promotion(8, gives_up=(7,)),
        Promotion(9, as_offer=True),
    ]


def test_nobody_is_seated_before_the_draw_of_a_lottery() -> None:
    line = [waiting(7), waiting(8)]

    assert settle({MORNING: Room(5, 0, rule=LOTTERY)}, line, {}, asked_by=8) == []
    drawn = replace(LOTTERY, is_drawn=True)
    assert settle({MORNING: Room(1, 0, rule=drawn)}, line, {}) == [Promotion(7)]


def of(country: str, entry: Waiting) -> Waiting:
    return replace(entry, country=country)


def test_a_balance_passes_over_who_has_their_share_until_its_date() -> None:
    balanced = Rule(
        RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=25, balanced_until=NOW + timedelta(days=1)
    )
    rooms = {MORNING: Room(7, 2, rule=balanced, shares={"GH": 2})}  # at most ⌈7 × 25 %⌉ = 2 each
    line = [of("GH", waiting(7)), of("BD", waiting(8)), of("", waiting(9)), of("BD", waiting(10))]

    moved = settle(rooms, line, {})

    assert moved == [Promotion(8, position=2), Promotion(9, position=2), Promotion(10, position=2)]
    later = replace(balanced, balanced_until=NOW)
    in_order = settle({MORNING: Room(7, 2, rule=later, shares={"GH": 2})}, line, {})
    assert [one.place_id for one in in_order] == [7, 8, 9, 10]


def test_a_swap_gives_the_share_of_its_country_back() -> None:
    balanced = Rule(RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=50)
    rooms = {MORNING: Room(2, 1, rule=balanced, shares={"GH": 1}), EVENING: Room(1, 0)}
    line = [of("GH", waiting(7, MORNING, who=2)), of("GH", waiting(8, EVENING, who=1))]

    assert settle(rooms, line, {1: Held(50, MORNING)}) == [
        Promotion(8, gives_up=(50,)),
        Promotion(7),
    ]


def test_a_line_is_read_no_further_than_needed() -> None:
    read: list[int] = []

    def line():
        for number in range(1, 1000):
            read.append(number)
            yield waiting(number)

    assert settle_lines({MORNING: Room(10, 8)}, {MORNING: line()}, NOW) == [Promotion(1), Promotion(2)]
    assert read == [1, 2]


seats = st.sampled_from([MORNING, EVENING, ROOM])
rooms_with_any_numbers = st.fixed_dictionaries(
    {
        seat: st.tuples(st.none() | st.integers(0, 6), st.integers(0, 8), st.booleans())
        for seat in (MORNING, EVENING, ROOM)
    }
)


@given(
    facts=rooms_with_any_numbers,
    line=st.lists(st.tuples(seats, st.integers(1, 50), st.integers(1, 8)), max_size=20),
    holders=st.dictionaries(st.integers(1, 8), seats, max_size=8),
)
def test_whatever_arrives_no_room_is_filled_above_capacity_and_nobody_is_passed_over(
    facts: dict[Seat, tuple[int | None, int, bool]],
    line: list[tuple[Seat, int, int]],
    holders: dict[int, Seat],
) -> None:
    held = {who: Held(1000 + who, seat) for who, seat in holders.items()}
    taken = Counter(held_seat.seat for held_seat in held.values())
    rooms = {
        seat: Room(capacity, taken[seat] + (n if capacity is None else min(capacity, n)), is_held)
        for seat, (capacity, n, is_held) in facts.items()
    }
    queue: list[Waiting] = []
    seen: set[tuple[Seat, int]] = set()
    for number, (seat, queue_number, who) in enumerate(line, 1):
        if (seat, who) not in seen and (who not in held or held[who].seat != seat):
            seen.add((seat, who))
            queue.append(Waiting(number, who, seat, queue_number))

    moves = settle(rooms, queue, held)

    by_id = {entry.place_id: entry for entry in queue}
    after = {seat: room.taken for seat, room in rooms.items()}
    seat_of_place = {one.place_id: one.seat for one in held.values()} | {
        one.place_id: one.seat for one in queue
    }
    for move in moves:
        after[by_id[move.place_id].seat] += 1
        for given_up in move.gives_up:
            after[seat_of_place[given_up]] -= 1
    promoted = {move.place_id for move in moves}
    for seat, room in rooms.items():
        assert room.capacity is None or after[seat] <= max(room.capacity, room.taken)
        served = [e.queue_number for e in queue if e.seat == seat and e.place_id in promoted]
        left = [e.queue_number for e in queue if e.seat == seat and e.place_id not in promoted]
        assert not served or not left or max(served) <= min(left)
        if left and room.is_held:
            assert room.capacity is not None
            assert after[seat] >= room.capacity
    assert len(promoted) == len(moves)

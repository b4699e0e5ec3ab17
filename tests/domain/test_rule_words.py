"""The rule of a sitting in words: true, whole, and with the zone of every moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.attendance import Way
from app.domain.place_rules import FIRST_COME, Balance, Giving, Rule, RuleKind
from app.domain.rule_words import Sitting, hours_in_words, people_before, rule_in_words

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
STARTS = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)
DRAW = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
HERE = Sitting({Way.ONLINE: 30}, STARTS, "Africa/Accra", NOW)
LOTTERY = Rule(RuleKind.LOTTERY, draw_at=DRAW)
BALANCED = Rule(
    RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=25,
    balanced_until=datetime(2027, 4, 1, 0, 0, tzinfo=UTC),
)  # fmt: skip


def test_first_come_first_served_is_told_with_what_becomes_of_a_freed_place():
    assert rule_in_words(FIRST_COME, HERE) == [
        "Places go first come, first served.",
        "A place that becomes free goes at once to the next in line, who is told by e-mail.",
    ]


def test_where_there_is_room_for_everybody_no_place_is_waited_for():
    unlimited = replace(HERE, capacities={Way.ONLINE: None})

    assert rule_in_words(FIRST_COME, unlimited) == ["Places go first come, first served."]


def test_a_lottery_tells_the_moment_of_the_draw_in_the_readers_zone():
    dhaka = replace(HERE, zone="Asia/Dhaka")

    assert rule_in_words(LOTTERY, dhaka)[0] == (
        "Places are drawn by lot on Thursday 1 April 2027, 15:00 in Dhaka (UTC+6). Everybody who has asked "
        "by then takes part with the same chance; asking early makes no difference. Nobody has a place "
        "before the draw."
    )


def test_a_lottery_that_is_due_and_one_that_is_drawn_say_so():
    due = rule_in_words(LOTTERY, replace(HERE, now=DRAW))[0]
    drawn = rule_in_words(replace(LOTTERY, is_drawn=True), replace(HERE, now=DRAW))[0]

    at = "Thursday 1 April 2027, 09:00 in Accra (GMT, UTC)"
    assert due == f"Places are drawn by lot. The draw of {at} is about to be made."
    assert (
        drawn
        == f"Places were drawn by lot on {at}. The line follows the draw, then the requests made after it."
    )


def test_a_balance_tells_how_many_of_each_way_one_country_can_have_and_until_when():
    both = replace(HERE, capacities={Way.ONLINE: 30, Way.IN_PERSON: 10})

    assert rule_in_words(BALANCED, both)[0] == (
        "Places are kept in balance: until Thursday 1 April 2027, 00:00 in Accra (GMT, UTC) at most 8 of the "
        "30 places online and 3 of the 10 places in person go to one country. Within that, first come, first "
        "served. Then what is left goes in the order of the line."
    )


def test_a_balance_without_a_date_and_one_that_is_over():
    always = replace(BALANCED, balanced_until=None, balance=Balance.STAKEHOLDER_GROUP)
    over = replace(HERE, now=datetime(2027, 4, 2, tzinfo=UTC))

    assert rule_in_words(always, HERE)[0] == (
        "Places are kept in balance: at most 8 of the 30 places go to one stakeholder group. Within that, "
        "first come, first served."
    )
    assert rule_in_words(BALANCED, over)[0] == (
        "Places were kept in balance until Thursday 1 April 2027, 00:00 in Accra (GMT, UTC). Now they go in "
        "the order of the line."
    )


def test_offers_approval_and_the_window_to_give_up_are_told():
    rule = Rule(giving=Giving.OFFER, offer_hours=36, needs_approval=True, cancel_hours=48)

    assert rule_in_words(rule, HERE) == [
        "Places go first come, first served.",
        "The organisers decide about each request; whom they approve keeps the place in line of the moment "
        "they asked.",
        "A place that becomes free is offered to the next in line, who has 36 hours to accept it; after that "
        "it goes to the one behind.",
        "You can give a place up freely until Tuesday 20 April 2027, 12:00 in Accra (GMT, UTC), 2 days "
        "before the start. After that you can still say that you can’t come; that is recorded as such.",
    ]
    late = rule_in_words(rule, replace(HERE, now=STARTS - timedelta(hours=1)))[-1]
    assert late.startswith("Places could be given up freely until Tuesday 20 April 2027, 12:00 in Accra")


@pytest.mark.parametrize(
    ("hours", "words"), [(1, "1 hour"), (24, "24 hours"), (36, "36 hours"), (48, "2 days"), (720, "30 days")]
)
def test_hours_are_told_as_days_from_two_on(hours, words):
    assert hours_in_words(hours) == words


@pytest.mark.parametrize(
    ("position", "words"),
    [(1, "nobody is before you"), (2, "one person is before you"), (13, "12 people are before you")],
)
def test_how_many_are_before(position, words):
    assert people_before(position) == words


RULES = st.one_of(
    st.just(FIRST_COME),
    st.builds(lambda drawn: replace(LOTTERY, is_drawn=drawn), st.booleans()),
    st.builds(
        lambda share, until, balance: Rule(
            RuleKind.BALANCED, balance=balance, share_percent=share, balanced_until=until
        ),
        st.integers(1, 100),
        st.none() | st.just(DRAW),
        st.sampled_from(Balance),
    ),
)


@given(
    RULES, st.sampled_from(Giving), st.integers(1, 720), st.booleans(), st.integers(0, 720),
    st.none() | st.integers(0, 1000), st.datetimes(datetime(2027, 1, 1), datetime(2027, 5, 1)),  # noqa: DTZ001
)  # fmt: skip
def test_whatever_the_rule_it_is_told_in_whole_sentences(
    rule, giving, hours, approval, cancel, capacity, now
):

    told = rule_in_words(
        rule, Sitting({Way.ONLINE: capacity}, STARTS, "Asia/Kathmandu", now.replace(tzinfo=UTC))
    )

    assert told
    assert all(one[0].isupper() and one.endswith(".") and "None" not in one for one in told)

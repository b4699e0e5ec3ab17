"""Why somebody waits, why a place ended, and the story of a place."""

from datetime import UTC, datetime
from itertools import product

from app.domain.decided import Decided, Ground
from app.domain.place_rules import FIRST_COME, Balance, Giving, Rule, RuleKind
from app.domain.seat_reasons import Line, Share, share_in_words, why_ended, why_waiting
from app.domain.seat_story import by_rule, standing, told
from app.domain.seats import PlaceStatus

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
UNTIL = datetime(2027, 6, 1, 0, 0, tzinfo=UTC)
JUNE = "Tuesday 1 June 2027, 00:00 in Accra (GMT, UTC)"
BALANCED = Rule(RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=25, balanced_until=UNTIL)
AT_ONCE = "A freed place is yours at once when it is your turn, and we write to you."


def why(rule: Rule, line: Line) -> list[str]:
    return why_waiting(rule, line, "Africa/Accra", NOW)


def test_first_come_first_served():
    assert why(FIRST_COME, Line(3, 7)) == [
        "You are 3rd of 7; first come, first served, and two people are before you.",
        AT_ONCE,
    ]


def test_a_lottery_yet_to_be_drawn_has_no_position():
    rule = Rule(RuleKind.LOTTERY, draw_at=UNTIL)

    assert why(rule, Line(3, 7)) == [
        f"The lottery is drawn on {JUNE}; everybody who asked by then takes part. You need do nothing more, "
        "and asking earlier would not help."
    ]


def test_a_drawn_lottery_gives_the_position_in_its_order():
    rule = Rule(RuleKind.LOTTERY, draw_at=UNTIL, is_drawn=True)

    assert why(rule, Line(1, 2))[0] == (
        f"You are 1st of 2; the lottery was drawn on {JUNE}, and nobody is before you. The line follows the "
        "draw, then the requests made after it."
    )


def test_a_country_that_has_its_share_is_named_with_the_date_until_which_it_can_be_passed_over():
    full = Line(1, 4, share=Share("Ghana", 8, 8, 30))
    free = Line(2, 4, share=Share("Ghana", 3, 8, 30))

    assert why(BALANCED, full)[0] == (
        f"You are 1st of 4. Ghana has its 8 of 30 places until {JUNE}; until then you can be passed over."
    )
    assert why(BALANCED, free)[0] == (
        f"You are 2nd of 4. Ghana has 3 of the 8 places it can have until {JUNE}. Within that, first come, "
        "first served."
    )


def test_a_group_and_one_that_nobody_knows_are_told_too():
    rule = Rule(RuleKind.BALANCED, balance=Balance.STAKEHOLDER_GROUP, share_percent=25)

    assert share_in_words(Share("Government", 2, 8, 30), rule, "Africa/Accra") == (
        "The stakeholder group “Government” has 2 of the 8 places it can have"
    )
    assert why(rule, Line(1, 1, share=Share("", 8, 8, 30)))[0] == (
        "You are 1st of 1. People of whom no stakeholder group is known have their 8 of 30 places; while "
        "that is so you can be passed over."
    )


def test_a_balance_that_is_over_is_an_ordinary_line():
    assert why(BALANCED, Line(2, 2))[0].startswith("You are 2nd of 2; first come, first served")


def test_offers_twins_and_the_end_of_giving_are_told():
    offers = Rule(giving=Giving.OFFER, offer_hours=48)

    assert why(offers, Line(1, 1, holds_twin=True))[1:] == [
        "When it is your turn we offer you a freed place and write to you; you have 2 days to accept it.",
        "Until then you keep your place in the other sitting; a place here takes its stead.",
    ]
    assert why(offers, Line(1, 1, takes_places=False)) == ["Places are not given any more; nobody moves up."]


def test_every_end_has_its_reason():
    words = {why_ended(what, ground) for what, ground in product(Decided, Ground)}

    assert (
        why_ended(Decided.RELEASED, Ground.ORGANISER) == "The organisers have taken you out of this sitting."
    )
    assert all(one.endswith(".") for one in words)


def test_every_decision_has_words_and_a_rule():
    for what, ground, before, after in product(Decided, Ground, [None, *PlaceStatus], PlaceStatus):
        assert told(what, ground, before, after).endswith(".")
    assert all(by_rule(ground) for ground in Ground)


def test_the_story_tells_one_thing_by_what_came_before_it():
    waiting, confirmed = PlaceStatus.WAITING, PlaceStatus.CONFIRMED
    first, wish = Ground.FIRST_COME, Ground.OWN_WISH

    assert (
        told(Decided.CONFIRMED, first, None, confirmed) == "You asked for a place, and it was yours at once."
    )
    assert told(Decided.CONFIRMED, first, waiting, confirmed) == "It was your turn, and a place became yours."
    assert told(Decided.RELEASED, wish, waiting, PlaceStatus.RELEASED) == "You left the line."
    assert told(Decided.RELEASED, wish, confirmed, PlaceStatus.RELEASED) == "You gave the place up."
    assert [standing(None, None), standing(waiting, 3), standing(confirmed, None)] == [
        "Nothing", "Waiting, 3rd in line", "Confirmed",
    ]  # fmt: skip

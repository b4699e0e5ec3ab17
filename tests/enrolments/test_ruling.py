"""Choosing how a sitting gives its places, and the promise it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.attendance import Attendance
from app.domain.errors import DomainError, Refused
from app.domain.lottery import commitment
from app.domain.place_rules import Balance, Giving, RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments import operations
from app.enrolments.ruling import NewRule, chosen, set_rule, stored_rule
from app.enrolments.seating import settle_learning_session
from tests.factories import NOW, make_offering, make_participant
from tests.people import pat, seat, will

DRAW = datetime(2027, 4, 15, 11, tzinfo=UTC)
LOTTERY = NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW)
BALANCED = NewRule(
    kind=RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=25,
    balanced_until_at=datetime(2027, 4, 10, 11, tzinfo=UTC),
)  # fmt: skip
OFFERS = NewRule(giving=Giving.OFFER, offer_hours=24)


@pytest.fixture
def offering(database):
    """Thursday 22 April 2027, 13:00 in London; one place online."""
    return make_offering(capacity_online=1)


def test_what_nobody_chose_is_first_come_first_served_and_no_row(offering):
    assert chosen(stored_rule(offering.id)) == NewRule()
    assert not set_rule(offering, NewRule(), NOW)
    assert stored_rule(offering.id) is None


def test_a_lottery_is_promised_by_a_seed_that_moving_the_draw_keeps(offering):
    assert set_rule(offering, LOTTERY, NOW)
    rule = stored_rule(offering.id)
    seed = rule.seed
    assert len(seed) == 64
    assert int(seed, 16)
    seat(pat(), offering)
    later = NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW + timedelta(days=2))
    assert set_rule(offering, later, NOW)
    assert (rule.draw_at, commitment(rule.seed)) == (DRAW + timedelta(days=2), commitment(seed))


def test_a_lottery_chosen_anew_has_another_seed(offering):
    set_rule(offering, LOTTERY, NOW)
    first = stored_rule(offering.id).seed
    set_rule(offering, NewRule(), NOW)
    assert (stored_rule(offering.id).seed, stored_rule(offering.id).draw_at) == ("", None)
    set_rule(offering, LOTTERY, NOW)
    assert stored_rule(offering.id).seed not in ("", first)


def test_a_drawn_lottery_is_drawn_again_only_when_nobody_counts_on_it(offering):
    set_rule(offering, LOTTERY, NOW)
    place = seat(pat(), offering)
    after = DRAW + timedelta(hours=1)
    settle_learning_session(offering.learning_session_id, after)
    again = NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW + timedelta(days=3))
    with pytest.raises(Refused, match="not drawn again"):
        set_rule(offering, again, after)
    assert stored_rule(offering.id).drawn_at == after
    assert place.status is PlaceStatus.CONFIRMED
    seed = stored_rule(offering.id).seed
    operations.release_place(place, after)
    assert set_rule(offering, again, after)
    assert stored_rule(offering.id).drawn_at is None
    assert stored_rule(offering.id).seed != seed


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        (NewRule(), LOTTERY, "kind"),
        (LOTTERY, NewRule(), "kind"),
        (NewRule(), BALANCED, "kind"),
        (BALANCED, replace(BALANCED, balance=Balance.STAKEHOLDER_GROUP), "balance"),
        (BALANCED, replace(BALANCED, share_percent=50), "share_percent"),
        (NewRule(), NewRule(needs_approval=True), "needs_approval"),
        (NewRule(needs_approval=True), NewRule(), "needs_approval"),
    ],
)  # fmt: skip
def test_what_people_count_on_stays(offering, before, after, field):
    set_rule(offering, before, NOW)
    place = seat(will(), offering)  # has the place, waits, or has asked
    with pytest.raises(Refused, match="1 person counts on a place here") as refusal:
        set_rule(offering, after, NOW)
    assert refusal.value.field == field
    assert "twin" in str(refusal.value)
    assert chosen(stored_rule(offering.id)) == before
    operations.release_place(place, NOW)
    assert set_rule(offering, after, NOW)


def test_dates_and_hours_may_change_while_people_count_on_them(offering):
    set_rule(offering, BALANCED, NOW)
    seat(pat(), offering)
    new = NewRule(
        kind=RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=25,
        balanced_until_at=datetime(2027, 4, 12, 11, tzinfo=UTC), giving=Giving.OFFER, offer_hours=12,
        cancel_hours=48,
    )  # fmt: skip
    assert set_rule(offering, new, NOW)
    assert chosen(stored_rule(offering.id)) == new


def test_an_ended_balance_does_not_begin_again(offering):
    set_rule(offering, BALANCED, NOW)
    seat(pat(), offering)
    after = BALANCED.balanced_until_at + timedelta(hours=1)
    again = NewRule(
        kind=RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=25,
        balanced_until_at=after + timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(Refused, match="does not begin again"):
        set_rule(offering, again, after)


def test_offers_that_stand_keep_their_time(offering):
    set_rule(offering, OFFERS, NOW)
    holder, waiting = seat(pat(), offering), seat(will(), offering)
    operations.release_place(holder, NOW)
    assert set_rule(offering, NewRule(giving=Giving.OFFER, offer_hours=2), NOW)
    assert waiting.offer_ends_at == NOW + timedelta(hours=24)
    assert set_rule(offering, NewRule(), NOW)
    assert (waiting.status, waiting.offer_ends_at) == (PlaceStatus.OFFERED, NOW + timedelta(hours=24))


def test_ending_the_balance_now_seats_who_waits(database):
    offering = make_offering(capacity_online=4)
    set_rule(offering, BALANCED, NOW)
    places = [seat(make_participant(f"Person {number}"), offering) for number in range(3)]
    assert [place.status for place in places].count(PlaceStatus.WAITING) == 2
    soon = NewRule(
        kind=RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=25,
        balanced_until_at=NOW + timedelta(minutes=1),
    )  # fmt: skip
    set_rule(offering, soon, NOW)
    set_rule(offering, NewRule(**vars(soon) | {"cancel_hours": 1}), NOW + timedelta(minutes=2))
    assert [place.status for place in places] == [PlaceStatus.CONFIRMED] * 3


@pytest.mark.parametrize(
    ("new", "field", "words"),
    [
        (NewRule(kind=RuleKind.LOTTERY), "draw_at", "Say when"),
        (NewRule(kind=RuleKind.LOTTERY, draw_at=NOW), "draw_at", "in the past"),
        (NewRule(kind=RuleKind.LOTTERY, draw_at=datetime(2027, 4, 22, 12, tzinfo=UTC)), "draw_at",
         "Draw before the sitting begins: Thursday 22 April 2027, 13:00 in London"),
        (NewRule(kind=RuleKind.BALANCED, share_percent=25), "balance", "what is kept"),
        (NewRule(kind=RuleKind.BALANCED, balance=Balance.COUNTRY), "share_percent", "from 1 to 100"),
        (NewRule(kind=RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=101), "share_percent", "100"),
        (NewRule(kind=RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=20, balanced_until_at=NOW),
         "balanced_until_at", "in the past"),
        (NewRule(kind=RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=20,
                 balanced_until_at=datetime(2027, 4, 22, 12, 1, tzinfo=UTC)), "balanced_until_at", "begins"),
        (NewRule(giving=Giving.OFFER, offer_hours=0), "offer_hours", "1 to 720"),
        (NewRule(giving=Giving.OFFER, offer_hours=721), "offer_hours", "1 to 720"),
        (NewRule(cancel_hours=-1), "cancel_hours", "0 to 720"),
        (NewRule(cancel_hours=10**30), "cancel_hours", "0 to 720"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(offering, new, field, words):
    with pytest.raises(DomainError, match=words) as refusal:
        set_rule(offering, new, NOW)
    assert refusal.value.field == field


def test_without_a_limit_there_is_nothing_to_draw_lots_for(database):
    unlimited = make_offering(attendance=Attendance.BOTH)
    for new in (LOTTERY, BALANCED):
        with pytest.raises(DomainError, match="no limit of places"):
            set_rule(unlimited, new, NOW)


def test_a_draw_before_anybody_can_ask_is_refused(database):
    offering = make_offering(capacity_online=1, registration_opens_at=DRAW)
    with pytest.raises(DomainError, match="Nobody could take part"):
        set_rule(offering, LOTTERY, NOW)


def test_what_has_begun_keeps_its_rule(offering):
    with pytest.raises(Refused, match="has begun"):
        set_rule(offering, OFFERS, offering.starts_at)

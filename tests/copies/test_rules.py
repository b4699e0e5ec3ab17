"""The rules of a copy: the same promises, later, with a lottery of its own."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.copies.operations import CopyPlan, copy_journey
from app.copies.rules import copy_rule
from app.domain.lottery import commitment
from app.domain.place_rules import Balance, Giving, RuleKind
from app.enrolments.models import EnrolmentPolicy, PlaceRule
from app.enrolments.passing import pass_time
from app.enrolments.rules import Admission
from app.enrolments.ruling import NewRule, set_rule
from app.enrolments.standing import stand
from app.learning_sessions.models import Offering
from app.learning_sessions.storing import promise_of
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_user
from tests.people import pat, seat

DRAW = datetime(2027, 4, 20, 11, tzinfo=UTC)  # 12:00 in London, two days before the sitting


def test_a_drawn_lottery_is_copied_as_one_to_come(database):
    one = make_offering(capacity_online=1)
    set_rule(one, NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW, giving=Giving.OFFER, cancel_hours=24), NOW)
    seat(pat(), one)
    pass_time(stand(one.learning_session_id), DRAW)
    copy = make_offering(wall=datetime(2028, 2, 3, 10))  # in winter
    copy_rule(one, copy, timedelta(days=287, hours=-3))
    rule, made = database.get(PlaceRule, one.id), database.get(PlaceRule, copy.id)
    assert rule.drawn_at == DRAW
    assert made.draw_at == datetime(2028, 2, 1, 9, tzinfo=UTC)  # 09:00 in London: three hours earlier too
    assert (made.drawn_at, made.kind, made.giving, made.cancel_hours) == (
        None, RuleKind.LOTTERY, Giving.OFFER, 24,
    )  # fmt: skip
    assert commitment(made.seed) != commitment(rule.seed)


def test_the_draw_stays_before_the_sitting_where_clocks_change_in_between(database):
    one = make_offering(wall=datetime(2027, 10, 30, 2, 30), capacity_online=1)
    draw_at = datetime(2027, 10, 30, 1, 15, tzinfo=UTC)  # 02:15 in London
    set_rule(one, NewRule(kind=RuleKind.LOTTERY, draw_at=draw_at), NOW)
    copy = make_offering(wall=datetime(2028, 3, 26, 2, 0), capacity_online=1)  # 01:45 is skipped that day
    copy_rule(one, copy, timedelta(days=148, minutes=-30))
    assert copy.starts_at == datetime(2028, 3, 26, 1, tzinfo=UTC)
    assert database.get(PlaceRule, copy.id).draw_at == copy.starts_at - timedelta(minutes=15)


def test_a_balance_and_a_policy_move_by_the_days_of_the_copy(database):
    journey = make_journey("Financing")
    one = make_offering(make_learning_session(journey), capacity_online=30)
    balanced = NewRule(
        kind=RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=25,
        balanced_until_at=datetime(2027, 4, 8, 8, tzinfo=UTC), needs_approval=True,
    )  # fmt: skip
    set_rule(one, balanced, NOW)
    database.add(
        EnrolmentPolicy(
            journey_id=journey.id, admission=Admission.APPROVAL, question="Why?", timezone="Europe/London",
            opens_at=datetime(2027, 3, 8, 9, tzinfo=UTC), closes_at=datetime(2027, 4, 8, 8, tzinfo=UTC),
        )
    )  # fmt: skip
    database.flush()
    later = {one.id: moved_by_weeks(one, 52)}
    copy = copy_journey(journey, CopyPlan("Again", "Again", None, 364, later), make_user(), NOW)
    sitting = database.scalars(
        select(Offering).where(Offering.learning_session.has(journey_id=copy.id))
    ).one()
    rule, policy = database.get(PlaceRule, sitting.id), database.get(EnrolmentPolicy, copy.id)
    assert rule.balanced_until_at == datetime(2028, 4, 6, 8, tzinfo=UTC)
    assert (rule.balance, rule.share_percent, rule.needs_approval, rule.seed) == (
        Balance.COUNTRY, 25, True, "",
    )  # fmt: skip
    assert policy.opens_at == datetime(2028, 3, 6, 9, tzinfo=UTC)
    assert policy.closes_at == datetime(2028, 4, 6, 8, tzinfo=UTC)  # 09:00 in London by then, as before
    assert (policy.admission, policy.question) == (Admission.APPROVAL, "Why?")


def moved_by_weeks(offering, weeks):
    promise = promise_of(offering)
    return replace(promise, starts_wall=promise.starts_wall + timedelta(weeks=weeks))

"""What time changes in places while nobody touches them: the worker's rounds."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.attendance import Way
from app.domain.place_rules import Balance, Giving, RuleKind
from app.domain.seats import PlaceStatus
from app.enrolments import due, operations, seating, steps
from app.enrolments.decisions import Decided, PlaceDecision
from app.enrolments.models import Place, ReservedBlock
from app.enrolments.passing import pass_time, tell_drawn
from app.enrolments.rules import PlaceRule
from app.enrolments.ruling import NewRule, set_rule
from app.enrolments.standing import stand
from app.jobs import worker
from app.jobs.models import Job
from app.journeys import operations as journeys
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering
from app.messages.models import OutboxMessage
from app.scheduling.operations import cancel, restore
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_participant
from tests.people import make_account, seat

CONFIRMED, OFFERED, RELEASED, WAITING = (
    PlaceStatus.CONFIRMED, PlaceStatus.OFFERED, PlaceStatus.RELEASED, PlaceStatus.WAITING,
)  # fmt: skip
DRAW = NOW + timedelta(days=3, seconds=20)
HOUR = timedelta(hours=1)


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    """The worker's; only the work of this slice comes up by itself."""
    ours = {kind: period for kind, period in worker.periodic.items() if kind.startswith("enrolments.")}
    monkeypatch.setattr(worker, "periodic", ours)
    handlers = {kind: handler for kind, handler in worker.handlers.items() if kind.startswith("enrolments.")}
    monkeypatch.setattr(worker, "handlers", handlers)
    return Clock()


def work(clock, now):
    clock.now = now
    db.commit()
    worker.run_until_idle(clock)
    db.expire_all()


def crowd(offering, count, **facts):
    return [seat(make_participant(f"Person {number}", **facts), offering) for number in range(count)]


def statuses(places):
    return [db.get(Place, place.id).status for place in places]


def decided(what):
    return db.scalars(select(PlaceDecision).where(PlaceDecision.what == what)).all()


def test_a_draw_happens_at_its_moment_and_once(database, clock):
    offering = make_offering(capacity_online=2)
    set_rule(offering, NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW), NOW)
    places = crowd(offering, 5)
    work(clock, DRAW - timedelta(seconds=25))
    assert statuses(places) == [WAITING] * 5
    planned = db.scalars(select(Job).where(Job.kind == due.SETTLE)).one()
    assert planned.run_at == DRAW
    work(clock, DRAW - timedelta(seconds=1))
    assert statuses(places) == [WAITING] * 5
    work(clock, DRAW)
    assert sorted(statuses(places)) == [CONFIRMED] * 2 + [WAITING] * 3
    assert database.get(PlaceRule, offering.id).drawn_at == DRAW
    work(clock, DRAW + timedelta(minutes=5))
    assert len(decided(Decided.DRAWN)) == 5
    assert database.scalars(select(Job.id).where(Job.kind == due.SETTLE)).all() == [planned.id]


def losers() -> list[int]:
    """The places whose holders were told that a draw gave them none, in the order of the telling."""
    told = db.scalars(
        select(OutboxMessage.payload).where(OutboxMessage.kind == "waiting").order_by(OutboxMessage.id)
    )
    return [one["place_id"] for one in told if one.get("drawn")]


def lottery_of(count):
    offering = make_offering(capacity_online=1)
    set_rule(offering, NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW), NOW)
    for number in range(count):
        name = f"{offering.id} {number}"
        seat(make_participant(name, user=make_account(f"P{offering.id}.{number}")), offering)
    return offering


def test_who_waits_on_after_a_draw_is_told_once(database, clock):
    offering = lottery_of(4)
    work(clock, DRAW)
    waiting = select(Place.id).where(Place.status == WAITING).order_by(Place.queue_number)
    in_line = list(db.scalars(waiting))
    assert len(in_line) == 3
    assert losers() == in_line

    work(clock, DRAW + timedelta(minutes=5))
    settle_again = DRAW + timedelta(minutes=6)
    seating.settle_learning_session(offering.learning_session_id, DRAW)
    seating.settle_learning_session(offering.learning_session_id, settle_again)

    assert losers() == in_line


def test_a_draw_that_is_done_by_whoever_comes_next_is_told_too(database):
    offering = lottery_of(3)
    first = db.scalars(select(Place).order_by(Place.id)).first()
    operations.release_place(first, DRAW)
    drawn = {one.place_id for one in decided(Decided.DRAWN)}
    assert len(drawn) == 3
    confirmed = {one.place_id for one in decided(Decided.CONFIRMED)}
    assert set(losers()) >= drawn - confirmed
    assert offering.confirmed_online == 1


def test_a_draw_in_a_closed_journey_is_told_too(database):
    offering = lottery_of(2)
    offering.learning_session.journey.status = JourneyStatus.CLOSED
    db.flush()
    seating.settle_learning_session(offering.learning_session_id, DRAW)
    assert len(losers()) == 2


def test_telling_of_a_draw_takes_as_many_statements_for_thirty_as_for_three(database, query_counter):
    counts = []
    for people in (3, 30):
        standing = stand(lottery_of(people).learning_session_id)
        pass_time(standing, DRAW)
        with query_counter() as counted:
            tell_drawn(standing, DRAW)
        counts.append(counted.count)
    assert counts == [2, 2]
    assert len(losers()) == 33


def test_what_was_due_while_no_worker_ran_is_done_by_its_first_round(database, clock):
    offering = make_offering(capacity_online=2)
    set_rule(offering, NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW), NOW)
    places = crowd(offering, 3)
    later = DRAW + timedelta(days=2)
    assert due.learning_sessions_due(later) == [offering.learning_session_id]
    work(clock, later)
    assert sorted(statuses(places)) == [CONFIRMED] * 2 + [WAITING]
    assert due.learning_sessions_due(later) == []


def test_an_offer_lapses_and_the_next_gets_one(database, clock):
    offering = make_offering(capacity_online=1)
    set_rule(offering, NewRule(giving=Giving.OFFER, offer_hours=24), NOW)
    holder, first, second = crowd(offering, 3)
    operations.release_place(holder, NOW)
    assert statuses([first, second]) == [OFFERED, WAITING]
    work(clock, NOW + 24 * HOUR - timedelta(seconds=1))
    assert statuses([first, second]) == [OFFERED, WAITING]
    work(clock, NOW + 24 * HOUR)
    assert statuses([first, second]) == [RELEASED, OFFERED]
    assert db.get(Place, second.id).offer_ends_at == NOW + 48 * HOUR
    assert len(decided(Decided.OFFER_LAPSED)) == 1


def test_a_balance_ends_and_the_list_goes_on_in_its_order(database, clock):
    offering = make_offering(capacity_online=4)
    until = NOW + timedelta(days=2)
    balanced = NewRule(
        kind=RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=25, balanced_until_at=until
    )
    set_rule(offering, balanced, NOW)
    places = crowd(offering, 3, country="GH")
    assert statuses(places) == [CONFIRMED, WAITING, WAITING]
    assert due.learning_sessions_due(until - HOUR) == []
    work(clock, until)
    assert statuses(places) == [CONFIRMED] * 3
    assert due.learning_sessions_due(until) == []


def test_reserved_places_go_back_on_their_date(database, clock):
    offering = make_offering(capacity_online=3)
    block = reserve(offering, 2, NOW + timedelta(days=1))
    places = crowd(offering, 2)
    assert statuses(places) == [CONFIRMED, WAITING]
    work(clock, NOW + timedelta(days=1))
    assert statuses(places) == [CONFIRMED, CONFIRMED]
    assert db.get(ReservedBlock, block.id).returned_at == NOW + timedelta(days=1)
    assert db.get(Offering, offering.id).held_online == 0


def test_a_sitting_that_begins_holds_nothing_any_more(database, clock):
    offering = make_offering(capacity_online=3)
    set_rule(offering, NewRule(giving=Giving.OFFER, offer_hours=720), NOW)
    reserve(offering, 1, offering.ends_at)
    first, second, third = crowd(offering, 3)
    assert statuses([third]) == [WAITING]
    operations.release_place(first, offering.starts_at - HOUR)
    assert statuses([third]) == [OFFERED]
    assert (offering.learning_session_id, offering.starts_at) in due.moments_until(
        offering.starts_at - timedelta(minutes=2), offering.starts_at
    )
    work(clock, offering.starts_at)
    assert statuses([second, third]) == [CONFIRMED, RELEASED]
    assert db.get(Offering, offering.id).held_online == 0
    assert due.learning_sessions_due(offering.starts_at) == []


def test_nothing_falls_due_for_ever(database):
    """A lottery in a sitting that is cancelled or begun: no round finds it."""
    cancelled, begun = make_offering(capacity_online=1), make_offering(capacity_online=1)
    for one in (cancelled, begun):
        set_rule(one, NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW), NOW)
        crowd(one, 2)
    cancel(cancelled, "Strike", NOW)
    assert due.learning_sessions_due(DRAW) == [begun.learning_session_id]
    assert due.learning_sessions_due(begun.starts_at) == []
    assert due.moments_until(DRAW - HOUR, DRAW) == [(begun.learning_session_id, DRAW)]
    restore(cancelled, DRAW + HOUR)
    assert len(decided(Decided.DRAWN)) == 2


def test_one_that_fails_does_not_keep_the_others_from_their_turn(database, clock, monkeypatch, caplog):
    one, other = make_offering(capacity_online=1), make_offering(capacity_online=1)
    for offering in (one, other):
        set_rule(offering, NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW), NOW)
        crowd(offering, 2)
    settled = seating.settle_learning_session

    def fails_at_first(learning_session_id, now):
        if learning_session_id == one.learning_session_id:
            raise RuntimeError("no luck")
        settled(learning_session_id, now)

    monkeypatch.setattr(seating, "settle_learning_session", fails_at_first)
    with caplog.at_level(logging.ERROR):
        work(clock, DRAW + HOUR)
    assert database.get(PlaceRule, other.id).drawn_at == DRAW + HOUR
    assert database.get(PlaceRule, one.id).drawn_at is None
    assert f"learning session {one.learning_session_id} could not" in caplog.text
    monkeypatch.setattr(seating, "settle_learning_session", settled)
    work(clock, DRAW + HOUR + timedelta(minutes=1))
    assert database.get(PlaceRule, one.id).drawn_at is not None


def test_a_deleted_session_needs_nothing(database):
    due.settle(10**6, NOW)


def test_a_round_asks_as_much_for_many_as_for_one(database, query_counter):
    journey = make_journey()

    def add(count):
        for number in range(count):
            offering = make_offering(
                make_learning_session(journey, f"Session {number}"),
                wall=datetime(2027, 4, 1, 9),
                capacity_online=1,
            )
            set_rule(offering, NewRule(kind=RuleKind.LOTTERY, draw_at=DRAW), NOW)
        db.flush()

    add(1)
    with query_counter() as for_one:
        assert len(due.learning_sessions_due(DRAW)) == 1
        assert len(due.moments_until(NOW, DRAW)) == 1
    add(29)
    with query_counter() as for_thirty:
        assert len(due.learning_sessions_due(DRAW)) == 30
        assert len(due.moments_until(NOW, DRAW)) == 30
    assert for_one.count == for_thirty.count == 2


def test_balance_in_a_closed_journey(database):
    offering = make_offering(capacity_online=4)
    until = NOW + timedelta(days=2)
    balanced = NewRule(
        kind=RuleKind.BALANCED, balance=Balance.COUNTRY, share_percent=25, balanced_until_at=until
    )
    set_rule(offering, balanced, NOW)
    crowd(offering, 3, country="GH")
    journey = offering.learning_session.journey
    journeys.close(journey, "It is over.", NOW.date(), NOW)
    assert journey.status is JourneyStatus.CLOSED
    assert due.learning_sessions_due(datetime(2027, 4, 1, tzinfo=UTC)) == []


def reserve(offering, places, release_at):
    block = ReservedBlock(
        offering_id=offering.id, learning_session_id=offering.learning_session_id, way=Way.ONLINE,
        name="Ghana country group", places=places, release_at=release_at, timezone="Africa/Accra",
        created_at=NOW,
    )  # fmt: skip
    db.add(block)
    steps.count(offering.id, Way.ONLINE, held=places)
    db.flush()
    return block

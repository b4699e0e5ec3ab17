"""A state machine over everything that can happen to the places of a session, in any order and number.

After every step the whole of `invariants` holds, on both engines.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.errors import DomainError
from app.domain.place_rules import Balance, Giving, RuleKind
from app.enrolments import all_sessions, approving, naming, operations, queries, reserving
from app.enrolments.due import learning_sessions_due
from app.enrolments.models import Place
from app.enrolments.reserved import ReservedBlock
from app.enrolments.rules import PlaceRule
from app.enrolments.seating import settle_learning_session
from app.journeys import operations as journeys
from app.scheduling import operations as scheduling
from tests.enrolments.grouping import wanted
from tests.enrolments.invariants import check_session, nobody_left_holds
from tests.enrolments.machines import run_a_little, run_very_long
from tests.factories import NOW, make_learning_session, make_offering, make_participant, make_venue
from tests.scheduling.telling import as_it_is

PEOPLE = 7
COUNTRIES = ("GH", "GH", "GH", "GH", "BD", "BD", None)
DRAW_AFTER = timedelta(days=3)

whose = st.integers(0, PEOPLE - 1)
which = st.integers(0, 1)
ways = st.sampled_from(list(Way))
capacities = st.integers(0, 4) | st.none()
any_block = st.integers(0, 3)
"""Which of the blocks there are, counted around."""
STATED: list[dict[str, Any]] = [
    {},
    {"giving": Giving.OFFER, "offer_hours": 24},
    {"needs_approval": True, "cancel_hours": 48},
    {"kind": RuleKind.LOTTERY, "draw_at": NOW + DRAW_AFTER, "seed": "5eed"},
    {"kind": RuleKind.LOTTERY, "draw_at": NOW + DRAW_AFTER, "seed": "0", "giving": Giving.OFFER},
    {
        "kind": RuleKind.BALANCED, "balance": Balance.COUNTRY, "share_percent": 40,
        "balanced_until_at": NOW + timedelta(days=20), "giving": Giving.OFFER,
    },
    {"kind": RuleKind.BALANCED, "balance": Balance.COUNTRY, "share_percent": 34, "needs_approval": True},
]  # fmt: skip
rules = st.sampled_from(STATED)


class Seats(RuleBasedStateMachine):
    """One learning session with twin sittings, seven people, and whatever they and the organisers do."""

    now: datetime

    @initialize(first=rules, second=rules)
    def open_the_session(self, first: dict[str, Any], second: dict[str, Any]) -> None:
        self.savepoint = db.begin_nested()
        self.now = NOW
        self.learning_session = make_learning_session()
        self.sittings = [
            make_offering(
                self.learning_session, attendance=Attendance.BOTH, venue=make_venue(timezone="Europe/London"),
                capacity_online=2, capacity_in_person=1,
            ),
            make_offering(self.learning_session, wall=datetime(2027, 4, 29, 13), capacity_online=2),
        ]  # fmt: skip
        for sitting, stated in zip(self.sittings, (first, second), strict=True):
            if stated:
                db.add(PlaceRule(offering_id=sitting.id, **stated))
        self.people = [
            make_participant(f"Person {number}", country=COUNTRIES[number]) for number in range(PEOPLE)
        ]
        for person in self.people:
            operations.enrol(self.journey, person, self.now)

    @property
    def journey(self):
        return self.learning_session.journey

    def attempt(self, act: Any) -> None:
        """Do it, or be refused and leave everything as it was. A minute passes."""
        self.now += timedelta(minutes=1)
        undo = db.begin_nested()
        try:
            act(now=self.now)
            undo.commit()
        except DomainError:
            undo.rollback()
            db.expire_all()

    def place(self, sitting: int, who: int) -> Place | None:
        return db.scalar(
            select(Place).filter_by(offering_id=self.sittings[sitting].id, participant_id=self.people[who].id)
        )

    def blocks(self) -> list[ReservedBlock]:
        return list(db.scalars(select(ReservedBlock).order_by(ReservedBlock.id)))

    def block(self, number: int) -> ReservedBlock | None:
        found = self.blocks()
        return found[number % len(found)] if found else None

    @rule(sitting=which, who=whose, way=ways)
    def ask(self, sitting: int, who: int, way: Way) -> None:
        self.attempt(partial(operations.take_place, self.sittings[sitting], self.people[who], way))

    @rule(sitting=which, who=whose)
    def give_up(self, sitting: int, who: int) -> None:
        if place := self.place(sitting, who):
            self.attempt(partial(operations.release_place, place))

    @rule(sitting=which, who=whose)
    def accept(self, sitting: int, who: int) -> None:
        if place := self.place(sitting, who):
            self.attempt(partial(operations.accept_offer, place))

    @rule(sitting=which, who=whose, say=st.sampled_from(("yes", "no", "not yet", "out")))
    def decide(self, sitting: int, who: int, say: str) -> None:
        if place := self.place(sitting, who):
            acts = {
                "yes": partial(approving.approve, place, None),
                "no": partial(approving.decline, place, "Full", None),
                "not yet": partial(approving.withdraw_approval, place, None),
                "out": partial(approving.take_out, place, "By mistake", None),
            }
            self.attempt(acts[say])

    @rule(sitting=which, who=whose)
    def move(self, sitting: int, who: int) -> None:
        if place := self.place(sitting, who):
            self.attempt(partial(approving.move, place, self.sittings[1 - sitting], None))

    @rule(sitting=which, capacity=capacities, may_unseat=st.booleans())
    def resize(self, sitting: int, capacity: int | None, may_unseat: bool) -> None:
        offering = self.sittings[sitting]
        new = as_it_is(offering, capacity_online=capacity)
        self.attempt(partial(scheduling.revise, offering, new, may_unseat=may_unseat))

    @rule(sitting=which)
    def cancel(self, sitting: int) -> None:
        self.attempt(partial(scheduling.cancel, self.sittings[sitting], "Ill"))

    @rule(sitting=which)
    def restore(self, sitting: int) -> None:
        self.attempt(partial(scheduling.restore, self.sittings[sitting]))

    @rule(who=whose, everything=st.booleans())
    def leave(self, who: int, everything: bool) -> None:
        if everything:
            self.attempt(partial(operations.release_everything, self.people[who]))
        else:
            self.attempt(partial(operations.leave, self.journey, self.people[who]))

    @rule(sitting=which, way=ways, places=st.integers(1, 3), days=st.integers(1, 40))
    def reserve(self, sitting: int, way: Way, places: int, days: int) -> None:
        called = f"Group {len(self.blocks())}"
        group = wanted(places, name=called, way=way, release_at=self.now + timedelta(days=days))
        self.attempt(partial(reserving.reserve, self.sittings[sitting], group, None))

    @rule(number=any_block, who=whose, by_link=st.booleans())
    def name(self, number: int, who: int, by_link: bool) -> None:
        if block := self.block(number):
            if by_link:
                self.attempt(partial(naming.join, block, block.link_version, self.people[who]))
            else:
                self.attempt(partial(naming.name, block, self.people[who]))

    @rule(sitting=which, who=whose, other=whose | st.none())
    def swap_or_unname(self, sitting: int, who: int, other: int | None) -> None:
        if place := self.place(sitting, who):
            if other is None:
                self.attempt(partial(naming.unname, place))
            else:
                self.attempt(partial(naming.swap, place, self.people[other]))

    @rule(number=any_block, places=st.integers(1, 4))
    def resize_block(self, number: int, places: int) -> None:
        if block := self.block(number):
            group = wanted(places, name=block.name, way=block.way, release_at=block.release_at)
            self.attempt(partial(reserving.revise, block, group))

    @rule(number=any_block)
    def hand_back(self, number: int) -> None:
        if block := self.block(number):
            self.attempt(partial(reserving.hand_back, block))

    @rule(who=whose, way=ways, everything=st.booleans())
    def follow(self, who: int, way: Way, everything: bool) -> None:
        found = queries.enrolment(self.journey.id, self.people[who].id)
        if found is not None:
            if everything:
                self.attempt(partial(all_sessions.follow, found, way=way))
            else:
                self.attempt(partial(all_sessions.unfollow, found))

    @rule()
    def seat_followers(self) -> None:
        """What the worker does for those who take part in every session."""
        for number in all_sessions.followers(self.learning_session.id):
            self.attempt(partial(all_sessions.seat_in, self.learning_session.id, number))

    @rule(who=whose)
    def enrol(self, who: int) -> None:
        self.attempt(partial(operations.enrol, self.journey, self.people[who]))

    @rule(hours=st.sampled_from((1, 25, 80, 24 * 20, 24 * 52)))
    def wait(self, hours: int) -> None:
        """Time passes: offers lapse, lotteries are drawn, balances end, at last a sitting begins."""
        self.now += timedelta(hours=hours)
        settle_learning_session(self.learning_session.id, self.now)

    @rule()
    def close_and_open(self) -> None:
        journeys.close(self.journey, "A pause.", self.now.date(), self.now)
        settle_learning_session(self.learning_session.id, self.now)
        check_session(self.learning_session.id, self.now)
        journeys.open_journey(self.journey, self.now)
        for number in learning_sessions_due(self.now):
            settle_learning_session(number, self.now)

    @invariant()
    def everything_holds(self) -> None:
        if hasattr(self, "learning_session"):
            check_session(self.learning_session.id, self.now)
            assert nobody_left_holds(self.journey.id, self.now)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            self.savepoint.rollback()
            db.expire_all()


def test_whatever_happens_to_the_places_everything_holds(database):
    run_a_little(Seats)


@pytest.mark.long
def test_it_holds_after_very_many_steps(database):
    run_very_long(Seats)

"""Whatever happens to reserved places, nobody is seated beyond the capacity and every counter is true."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from app.database import db
from app.domain.attendance import Way
from app.domain.errors import DomainError
from app.domain.place_rules import Giving
from app.domain.seats import PlaceStatus
from app.enrolments import approving, naming, operations, reserving
from app.enrolments.models import Place
from app.enrolments.reserved import ReservedBlock
from app.enrolments.rules import PlaceRule
from app.enrolments.seating import settle_learning_session
from app.learning_sessions.models import Offering
from app.scheduling import operations as scheduling
from tests.enrolments.grouping import wanted
from tests.enrolments.invariants import check_session, nobody_left_holds
from tests.enrolments.machines import run_a_little, run_very_long
from tests.factories import NOW, make_learning_session, make_offering, make_participant
from tests.scheduling.telling import as_it_is

PEOPLE = 7
whose, which = st.integers(0, PEOPLE - 1), st.integers(0, 1)
sizes = st.integers(1, 4)


class Groups(RuleBasedStateMachine):
    """Twin sittings of three places, seven people, and groups for which some of the places are kept."""

    now: datetime

    @initialize(offers=st.booleans(), approves=st.booleans())
    def open_the_session(self, offers: bool, approves: bool) -> None:
        self.savepoint = db.begin_nested()
        self.now = NOW
        self.learning_session = make_learning_session()
        self.sittings = [
            make_offering(self.learning_session, capacity_online=3),
            make_offering(self.learning_session, wall=datetime(2027, 4, 29, 13), capacity_online=3),
        ]
        giving = Giving.OFFER if offers else Giving.AT_ONCE
        db.add(PlaceRule(offering_id=self.sittings[0].id, giving=giving, needs_approval=approves))
        self.people = [make_participant(f"Person {number}") for number in range(PEOPLE)]
        self.made = 0
        db.flush()

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

    def block(self, sitting: int) -> ReservedBlock | None:
        """The newest of a sitting."""
        its = select(ReservedBlock).filter_by(offering_id=self.sittings[sitting].id)
        return db.scalars(its.order_by(ReservedBlock.id.desc())).first()

    def place(self, sitting: int, who: int) -> Place | None:
        found = select(Place).filter_by(
            offering_id=self.sittings[sitting].id, participant_id=self.people[who].id
        )
        return db.scalar(found)

    @rule(sitting=which, size=sizes, days=st.integers(1, 60))
    def reserve(self, sitting: int, size: int, days: int) -> None:
        self.made += 1
        asked = wanted(size, name=f"Group {self.made}", release_at=self.now + timedelta(days=days))
        self.attempt(partial(reserving.reserve, self.sittings[sitting], asked, None))

    @rule(sitting=which, size=sizes)
    def resize(self, sitting: int, size: int) -> None:
        if block := self.block(sitting):
            asked = wanted(size, name=block.name, release_at=block.release_at)
            self.attempt(partial(reserving.revise, block, asked))

    @rule(sitting=which)
    def hand_back(self, sitting: int) -> None:
        block = self.block(sitting)
        if block is None:
            return
        self.wait(1)
        before, rest = self.seated(self.sittings[sitting]), block.unnamed
        self.attempt(partial(reserving.hand_back, block))
        assert self.seated(self.sittings[sitting]) - before <= rest, "more moved up than places came back"

    def seated(self, offering: Offering) -> int:
        taken = (PlaceStatus.CONFIRMED, PlaceStatus.OFFERED)
        places = select(Place.id).where(Place.offering_id == offering.id, Place.status.in_(taken))
        return len(db.scalars(places).all())

    @rule(sitting=which, who=whose)
    def name(self, sitting: int, who: int) -> None:
        if block := self.block(sitting):
            self.attempt(partial(naming.name, block, self.people[who]))

    @rule(sitting=which, who=whose, version=st.integers(1, 2))
    def join(self, sitting: int, who: int, version: int) -> None:
        if block := self.block(sitting):
            self.attempt(partial(naming.join, block, version, self.people[who]))

    @rule(sitting=which, who=whose, other=whose)
    def swap(self, sitting: int, who: int, other: int) -> None:
        if place := self.place(sitting, who):
            self.attempt(partial(naming.swap, place, self.people[other]))

    @rule(sitting=which, who=whose)
    def take_out(self, sitting: int, who: int) -> None:
        if place := self.place(sitting, who):
            self.attempt(partial(naming.unname, place))

    @rule(sitting=which, who=whose)
    def ask(self, sitting: int, who: int) -> None:
        self.attempt(partial(operations.enrol, self.learning_session.journey, self.people[who]))
        self.attempt(partial(operations.take_place, self.sittings[sitting], self.people[who], Way.ONLINE))

    @rule(sitting=which, who=whose)
    def give_up(self, sitting: int, who: int) -> None:
        if place := self.place(sitting, who):
            self.attempt(partial(operations.release_place, place))

    @rule(sitting=which, who=whose, say=st.sampled_from(("yes", "no", "not yet", "out", "move", "accept")))
    def decide(self, sitting: int, who: int, say: str) -> None:
        if place := self.place(sitting, who):
            acts = {
                "yes": partial(approving.approve, place, None),
                "no": partial(approving.decline, place, "Full", None),
                "not yet": partial(approving.withdraw_approval, place, None),
                "out": partial(approving.take_out, place, "By mistake", None),
                "move": partial(approving.move, place, self.sittings[1 - sitting], None),
                "accept": partial(operations.accept_offer, place),
            }
            self.attempt(acts[say])

    @rule(who=whose, everything=st.booleans())
    def leave(self, who: int, everything: bool) -> None:
        if everything:
            self.attempt(partial(operations.release_everything, self.people[who]))
        else:
            self.attempt(partial(operations.leave, self.learning_session.journey, self.people[who]))

    @rule(sitting=which, capacity=st.one_of(st.none(), st.integers(1, 5)), may_unseat=st.booleans())
    def change_capacity(self, sitting: int, capacity: int | None, may_unseat: bool) -> None:
        new = as_it_is(self.sittings[sitting], capacity_online=capacity)
        self.attempt(partial(scheduling.revise, self.sittings[sitting], new, may_unseat=may_unseat))

    @rule(sitting=which, is_off=st.booleans())
    def cancel_or_restore(self, sitting: int, is_off: bool) -> None:
        act = partial(scheduling.cancel, self.sittings[sitting], "Ill") if is_off else None
        self.attempt(act or partial(scheduling.restore, self.sittings[sitting]))

    @rule(hours=st.sampled_from((1, 25, 80, 24 * 14, 24 * 52)))
    def wait(self, hours: int) -> None:
        """Time passes: offers lapse, blocks go back, at last a sitting begins."""
        self.now += timedelta(hours=hours)
        settle_learning_session(self.learning_session.id, self.now)

    @invariant()
    def everything_holds(self) -> None:
        if hasattr(self, "learning_session"):
            check_session(self.learning_session.id, self.now)
            assert nobody_left_holds(self.learning_session.journey_id, self.now)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            self.savepoint.rollback()
            db.expire_all()


def test_whatever_happens_to_reserved_places_everything_holds(database):
    run_a_little(Groups)


@pytest.mark.long
def test_it_holds_after_very_many_steps(database):
    run_very_long(Groups)

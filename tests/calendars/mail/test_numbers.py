"""Whatever happens to places and sittings: no two calendar objects say different things under one number."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.calendars.receiving import sequence_of
from app.database import db
from app.domain.attendance import Way
from app.domain.seats import PlaceStatus
from app.enrolments.models import Place
from tests.enrolments.machines import QUIET, run_very_long
from tests.enrolments.test_seat_machine import Seats, ways, which, whose


class Numbers(Seats):
    """The machine of places, with an eye on what calendars are told of each place and under which number."""

    @initialize()
    def begin_to_listen(self) -> None:
        self.told: dict[int, tuple[int, Any]] = {}
        """Place → the last number, and what was said under it."""

    @rule(sitting=which, who=whose, way=ways)
    def come_back(self, sitting: int, who: int, way: Way) -> None:
        for _ in range(2):
            self.ask(sitting, who, way)
            self.everything_holds()
            self.give_up(sitting, who)
            self.everything_holds()

    @rule(sitting=which, who=whose, way=ways)
    def be_named_again(self, sitting: int, who: int, way: Way) -> None:
        self.reserve(sitting, way, 1, 30)
        for _ in range(2):
            self.name(len(self.blocks()) - 1, who, False)
            self.everything_holds()
            self.give_up(sitting, who)
            self.everything_holds()

    @invariant()
    def everything_holds(self) -> None:
        mine = select(Place).filter_by(learning_session_id=self.learning_session.id)
        for place in db.scalars(mine.execution_options(populate_existing=True)):
            db.refresh(place.offering)
            says, number = self._says(place), sequence_of(place, place.offering)
            last, said = self.told.get(place.id, (number, None))
            assert number >= last
            if said is not None and says != said:
                assert number > last, (said, says, number)
            if says is not None:
                self.told[place.id] = (number, says)

    def _says(self, place: Place) -> Any:
        """What an object made now would say; None for somebody who was never invited."""
        offering = place.offering
        if not place.status.is_taken and place.id not in self.told:
            return None
        if offering.is_cancelled or not place.status.is_taken:
            return ("CANCEL", offering.is_cancelled)
        return ("REQUEST", place.status is PlaceStatus.CONFIRMED, place.way, offering.starts_at)


def test_no_two_objects_say_different_things_under_one_number(database):
    run_state_machine_as_test(Numbers, settings=settings(max_examples=12, stateful_step_count=20, **QUIET))


@pytest.mark.long
def test_nor_after_very_many_steps(database):
    run_very_long(Numbers)

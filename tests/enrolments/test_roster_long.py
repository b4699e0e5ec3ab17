"""A roster of 20,000 people: what its pages cost the database."""

import time

import pytest
from sqlalchemy import event

from tests.enrolments.rosters import fill
from tests.factories import NOW, make_offering
from tests.people import ada, browser_of

MOST_SECONDS = 0.2
"""Of processor time in the database for a page; SQLite works in the thread that asks."""


class Stopwatch:
    """Adds up what statements cost until their rows are ready to be read."""

    def __init__(self, engine) -> None:
        self.seconds, self.count = 0.0, 0
        event.listen(engine, "before_cursor_execute", self._begin)
        event.listen(engine, "after_cursor_execute", self._end)

    def _begin(self, *_) -> None:
        self._began = time.thread_time()

    def _end(self, *_) -> None:
        self.seconds += time.thread_time() - self._began
        self.count += 1

    def of(self, browser, path: str) -> tuple[float, int]:
        """The seconds and the statements of one visit."""
        self.seconds, self.count = 0.0, 0
        assert browser.get(path).status_code == 200
        return self.seconds, self.count


@pytest.mark.long
@pytest.mark.engine("sqlite")
def test_twenty_thousand_people_cost_as_many_queries_as_ten_and_little_time(app, database, time_machine):
    time_machine.move_to(NOW)
    offering = make_offering()
    journey = offering.learning_session.journey
    paths = [
        f"{base}{query}"
        for base in (f"/organise/offerings/{offering.id}/roster", f"/organise/journeys/{journey.slug}/roster")
        for query in (
            "",
            "?sort=name&page=300",
            "?sort=country&page=390",
            "?q=nandu&sort=-since",
            "?country=GH",
        )
    ]
    browser, watch = browser_of(app, ada(journey)), Stopwatch(app.extensions["engine"])
    fill(offering, 100)
    few = {path: watch.of(browser, path)[1] for path in paths}
    fill(offering, 19_900, first=100)

    many = {path: [watch.of(browser, path) for _ in range(3)] for path in paths}

    assert {path for path, found in many.items() if found[0][1] > few[path]} == set()
    slow = {path: min(found)[0] for path, found in many.items() if min(found)[0] > MOST_SECONDS}
    assert slow == {}

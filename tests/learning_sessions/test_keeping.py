"""What the worker keeps in order."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.database import db
from app.learning_sessions import operations
from tests.factories import NOW, make_journey, make_learning_session, make_offering


def test_a_journey_whose_noted_session_is_over_moves_on_to_its_next_one(database: Any) -> None:
    journey = make_journey()
    make_offering(make_learning_session(journey, "First"), wall=datetime(2027, 3, 10, 9, 0))  # noqa: DTZ001
    make_offering(make_learning_session(journey, "Second"), wall=datetime(2027, 5, 10, 9, 0))  # noqa: DTZ001
    other = make_journey("Another")
    make_offering(make_learning_session(other, "Later"), wall=datetime(2027, 6, 10, 9, 0))  # noqa: DTZ001
    assert journey.next_at == datetime(2027, 3, 10, 9, 0, tzinfo=UTC)

    moved = operations.refresh_passed(NOW + timedelta(days=30))

    assert moved == 1
    db.refresh(journey)
    assert journey.next_at == datetime(2027, 5, 10, 8, 0, tzinfo=UTC)


def test_a_journey_after_its_last_session_has_no_next_one(database: Any) -> None:
    journey = make_journey()
    make_offering(make_learning_session(journey), wall=datetime(2027, 3, 10, 9, 0))  # noqa: DTZ001

    operations.refresh_passed(NOW + timedelta(days=30))

    db.refresh(journey)
    assert journey.next_at is None
    assert operations.refresh_passed(NOW + timedelta(days=31)) == 0

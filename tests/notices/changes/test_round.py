"""The round that tells whatever is due."""

from datetime import date

import pytest
from sqlalchemy import update

from app.database import db
from app.learning_sessions.sittings import Days
from app.scheduling import operations
from app.scheduling.models import AnnouncementState, OfferingChange
from tests.factories import NOW, make_learning_session, make_offering
from tests.notices.changes.telling import announced, told, written
from tests.people import pat, seat
from tests.scheduling.telling import as_it_is


@pytest.fixture(autouse=True)
def _sending(app, database, time_machine):
    time_machine.move_to(NOW)
    with app.app_context():
        yield


def test_one_that_cannot_be_told_holds_up_no_other(caplog):
    """A zone that this machine does not know stands in the record of the first."""
    broken = make_offering(when=Days(date(2027, 4, 22), date(2027, 4, 23), "Europe/London"))
    sound = make_offering(make_learning_session(broken.learning_session.journey, "Costing"))
    person = pat()
    for offering in (broken, sound):
        seat(person, offering)
    operations.revise(
        broken, as_it_is(broken, when=Days(date(2027, 4, 24), date(2027, 4, 24), "Europe/London")), NOW
    )
    operations.cancel(sound, "", NOW)
    db.execute(
        update(OfferingChange)
        .where(OfferingChange.offering_id == broken.id)
        .values(before_timezone="Mars/Base", after_timezone="Mars/Base")
    )

    told()

    assert written() == [("Pat Asante", "session-cancelled")]
    assert [state for state, _ in announced()] == [AnnouncementState.WAITING, AnnouncementState.TOLD]
    assert "Announcement 1 could not be told." in caplog.text

    db.execute(update(OfferingChange).values(before_timezone="Europe/London", after_timezone="Europe/London"))
    told()
    assert written() == [("Pat Asante", "session-cancelled"), ("Pat Asante", "session-moved")]

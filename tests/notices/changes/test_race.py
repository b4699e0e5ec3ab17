"""Two workers tell the same announcement while an organiser changes the sitting again: real transactions."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.database import db, writing
from app.learning_sessions.models import Offering
from app.messages.models import OutboxMessage
from app.scheduling import hearers, operations
from app.scheduling.models import Announcement, AnnouncementState
from app.scheduling.telling import tell
from tests.enrolments.conftest import racing
from tests.factories import NOW, make_offering, make_participant
from tests.people import seat
from tests.scheduling.telling import as_it_is

__all__ = ["racing"]

LATER = NOW + timedelta(hours=1)
PEOPLE = 30


def at_once(*acts):
    """Let everybody begin together; what failed."""
    ready, failures = threading.Barrier(len(acts)), []

    def live(act):
        try:
            ready.wait(30)
            act()
        except Exception as failure:  # whatever it is, the test is told
            failures.append(repr(failure))
        finally:
            db.remove()

    threads = [threading.Thread(target=live, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failures


@pytest.mark.usefixtures("app", "racing")
def test_two_workers_and_an_organiser_at_once(monkeypatch):
    monkeypatch.setattr(hearers, "CHUNK", 4)
    with writing():
        offering = make_offering()
        number = offering.id
        for each in range(PEOPLE):
            person = make_participant(f"Person {each}")
            person.email = f"p{each}@example.org"
            seat(person, offering)
        move(number, 15)
    first = db.scalars(select(Announcement.id)).one()
    db.remove()

    def organise():
        for hour in (16, 17):
            with writing():
                move(number, hour, LATER)

    assert at_once(lambda: tell(first, LATER), lambda: tell(first, LATER), organise) == []

    for other in db.scalars(
        select(Announcement.id).where(Announcement.state == AnnouncementState.WAITING)
    ).all():
        db.rollback()
        tell(other, LATER + timedelta(hours=1))
    found = db.scalars(select(Announcement).order_by(Announcement.id)).all()
    assert [one.state for one in found] == [AnnouncementState.TOLD] * len(found)
    assert [one.people for one in found] == [PEOPLE] * len(found)
    assert db.scalar(
        select(func.count(OutboxMessage.id)).where(OutboxMessage.unique_key.like("change:%"))
    ) == (PEOPLE * len(found))
    ranges = [(one.first_change_id, one.last_change_id) for one in found]
    assert ranges[0][0] == 1
    assert ranges[-1][1] == 3
    assert [last + 1 for _, last in ranges[:-1]] == [begin for begin, _ in ranges[1:]]
    db.remove()


def move(offering_id, hour, now=NOW):
    offering = db.get_one(Offering, offering_id)
    wall = datetime(2027, 4, 22, hour, 0)
    operations.revise(offering, as_it_is(offering, wall=wall), now)

"""What calendars see when a sitting is cancelled and takes place after all."""

from datetime import datetime, timedelta

import pytest
import time_machine

from app.config import Settings
from app.database import db
from app.enrolments.operations import take_place
from app.learning_sessions.models import Offering
from app.participants.models import Participant
from app.scheduling import operations
from tests.calendars.reading import event_of, events_of
from tests.calendars.test_feed import path_of
from tests.factories import NOW, make_learning_session, make_offering
from tests.people import pat, seat, will
from tests.reader import Client
from tests.scheduling.telling import as_it_is


@pytest.fixture
def offering(client: Client) -> Offering:
    return make_offering(capacity_online=1)


def seen(client: Client, path: str, now: datetime) -> tuple[str, int, str, datetime]:
    """Status, sequence, UID and last change of the only event."""
    with time_machine.travel(now, tick=False):
        event = event_of(client.get(path).data)
    return str(event["STATUS"]), event["SEQUENCE"], str(event["UID"]), event["LAST-MODIFIED"].dt


def test_a_restored_sitting_comes_back_as_a_newer_version_of_the_same_event(
    client: Client, settings: Settings, offering: Offering
):
    person, uid = pat(), offering.uid
    seat(person, offering)
    feed, number = path_of(person, settings), offering.id
    public = f"/journeys/{offering.learning_session.journey.slug}/calendar.ics"
    hours = [NOW + timedelta(hours=hour) for hour in range(1, 4)]

    for path in (feed, public):
        assert seen(client, path, NOW) == ("CONFIRMED", 0, uid, NOW)
    operations.cancel(db.get_one(Offering, number), "Ill.", hours[0])
    for path in (feed, public):
        assert seen(client, path, hours[0]) == ("CANCELLED", 1, uid, hours[0])
    operations.restore(db.get_one(Offering, number), hours[1])
    for path in (feed, public):
        assert seen(client, path, hours[1]) == ("CONFIRMED", 2, uid, hours[1])
    one = db.get_one(Offering, number)
    moved = as_it_is(one, wall=datetime(2027, 4, 29, 13))  # noqa: DTZ001  # a wall time
    operations.revise(one, moved, hours[2])
    for path in (feed, public):
        assert seen(client, path, hours[2]) == ("CONFIRMED", 3, uid, hours[2])


def test_who_waits_sees_it_cancelled_and_tentative_again(
    client: Client, settings: Settings, offering: Offering
):
    holder, person = pat(), will()
    for one in (holder, person):
        seat(one, offering)
    path, number = path_of(person, settings), offering.id

    found = [seen(client, path, NOW)[0]]
    for step in (lambda one: operations.cancel(one, "Ill.", NOW), lambda one: operations.restore(one, NOW)):
        step(db.get_one(Offering, number))
        found.append(seen(client, path, NOW)[0])

    assert found == ["TENTATIVE", "CANCELLED", "TENTATIVE"]


def test_who_swapped_to_the_twin_keeps_only_that_one(client: Client, settings: Settings):
    learning_session = make_learning_session()
    morning = make_offering(learning_session)
    evening = make_offering(learning_session, wall=datetime(2027, 4, 22, 19, 0))  # noqa: DTZ001
    person: Participant = pat()
    seat(person, morning)
    path, uid = path_of(person, settings), evening.uid
    operations.cancel(morning, "Ill.", NOW)
    take_place(evening, person, evening.attendance.ways[0], NOW)
    number = morning.id
    with time_machine.travel(NOW, tick=False):
        while_cancelled = {str(one["STATUS"]) for one in events_of(client.get(path).data)}
    operations.restore(db.get_one(Offering, number), NOW)

    with time_machine.travel(NOW, tick=False):
        event = event_of(client.get(path).data)

    assert while_cancelled == {"CANCELLED", "CONFIRMED"}
    assert (str(event["UID"]), str(event["STATUS"])) == (uid, "CONFIRMED")

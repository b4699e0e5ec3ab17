"""What calendar programs read of a sitting that is moved, cancelled, restored, or has fewer places."""

from datetime import datetime, timedelta

import time_machine
from sqlalchemy import select

from app.database import db
from app.learning_sessions.models import Offering
from app.scheduling import operations
from tests.calendars.people import make_person
from tests.calendars.reading import event_of
from tests.calendars.test_feed import path_of
from tests.enrolments.reading import seated
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.scheduling.telling import as_it_is

FILE = "/journeys/financing-and-payment-models/calendar.ics"


def at(hours):
    return NOW + timedelta(hours=hours)


def sitting() -> Offering:
    """The one there is, read anew: every request ends with the rows given back."""
    return db.scalars(select(Offering)).one()


def revise(now, may_unseat=False, **changes):
    operations.revise(sitting(), as_it_is(sitting(), **changes), now, may_unseat=may_unseat)


def told(client, path, now):
    db.commit()
    with time_machine.travel(now, tick=False):
        event = event_of(client.get(path).data)
    stamps = {event[name].dt for name in ("DTSTAMP", "LAST-MODIFIED")}
    assert len(stamps) == 1
    return (
        str(event["UID"]),
        str(event["STATUS"]),
        int(event["SEQUENCE"]),
        event["DTSTART"].to_ical().decode(),
        stamps.pop(),
        str(event["DESCRIPTION"]).partition("\n")[0],
    )


def test_each_change_raises_the_sequence_and_keeps_the_uid(client):
    offering = make_offering(make_learning_session(make_journey()))
    uid, when = offering.uid, "When: Thursday {} April 2027, 13:00–14:30 BST (Europe/London), UTC+1"
    assert told(client, FILE, NOW) == (uid, "CONFIRMED", 0, "20270422T120000Z", NOW, when.format(22))

    revise(at(1), wall=datetime(2027, 4, 29, 13))
    assert told(client, FILE, at(1)) == (uid, "CONFIRMED", 1, "20270429T120000Z", at(1), when.format(29))

    operations.cancel(sitting(), "The speaker is ill.", at(2))
    assert told(client, FILE, at(2)) == (
        uid, "CANCELLED", 2, "20270429T120000Z", at(2), "This session is cancelled. The speaker is ill.",
    )  # fmt: skip

    operations.restore(sitting(), at(3))
    assert told(client, FILE, at(3)) == (uid, "CONFIRMED", 3, "20270429T120000Z", at(3), when.format(29))

    revise(at(4), capacity_online=5)
    assert told(client, FILE, at(4))[1:5] == ("CONFIRMED", 3, "20270429T120000Z", at(4))


def test_a_holders_feed_has_the_sitting_again_after_it_was_restored(client, settings):
    offering = make_offering(make_learning_session(make_journey()))
    person = make_person()
    seated(offering, [person])
    path = path_of(person, settings)
    operations.cancel(sitting(), "Ill", at(1))
    assert told(client, path, at(1))[1:3] == ("CANCELLED", 1)

    operations.restore(sitting(), at(2))

    assert told(client, path, at(2))[1:5] == ("CONFIRMED", 2, "20270422T120000Z", at(2))


def test_the_feed_of_one_who_loses_the_place_says_so_with_a_later_sequence(client, settings):
    offering = make_offering(make_learning_session(make_journey()))
    people = [make_person("First"), make_person("Second")]
    seated(offering, people)
    path = path_of(people[1], settings)
    assert told(client, path, NOW)[1:3] == ("CONFIRMED", 0)

    revise(at(1), capacity_online=1, may_unseat=True)
    assert told(client, path, at(1))[1:6] == (
        "TENTATIVE", 1, "20270422T120000Z", at(1),
        "You are on the waiting list; you do not hold a place yet.",
    )  # fmt: skip

    revise(at(2), capacity_online=2)
    assert told(client, path, at(2))[1:3] == ("CONFIRMED", 2)

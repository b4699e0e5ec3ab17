"""Every letter about a change, for four people, compared whole."""

from datetime import datetime, timedelta

import pytest

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.timezones import Promise
from app.enrolments.reserving import Wanted, reserve
from app.learning_sessions.sittings import Days
from app.scheduling import operations, zones
from tests.enrolments.reading import several
from tests.enrolments.ruled import BY_COUNTRY, ruled
from tests.factories import NOW, make_facilitator, make_offering, make_venue
from tests.notices.changes.telling import sent, told
from tests.notices.golden import check, four, in_dhaka, mail_to, text_in
from tests.people import ada, lead, pat, seat
from tests.scheduling.telling import as_it_is, derived_under_other_rules

pytestmark = pytest.mark.engine("sqlite")


@pytest.fixture(autouse=True)
def _sending(app, time_machine):
    time_machine.move_to(NOW)
    with app.app_context():
        yield


def revise(offering, note="", **changes):
    organiser = ada(offering.learning_session.journey)
    operations.revise(offering, as_it_is(offering, **changes), NOW, by=organiser, note=note)
    told()


@four
def test_moved_to_another_day(database, person_in):
    offering = make_offering(wall=datetime(2027, 4, 14, 13, 0))
    person = person_in()
    seat(person, offering)

    note = "14 April is New Year in Bangladesh and Nepal. Thank you to those who told us."
    revise(offering, note, wall=datetime(2027, 4, 22, 13, 0))

    check(mail_to(person, "session-moved"), "session-moved")


@four
def test_moved_into_the_night_and_longer_for_who_waits(database, person_in):
    """In Bogotá it is the day before; in Kathmandu it runs past midnight."""
    offering = make_offering(capacity_online=1)
    seat(pat(), offering)
    person = person_in()
    seat(person, offering)

    revise(offering, wall=datetime(2027, 4, 23, 18, 30), length=120)

    check(mail_to(person, "session-moved"), "session-moved-for-who-waits")


@four
def test_held_elsewhere(database, person_in):
    venue = make_venue(address="12 Ridge Road", city="Accra")
    offering = make_offering(attendance=Attendance.BOTH, venue=venue, timezone="Africa/Accra")
    person = person_in()
    seat(person, offering, Way.IN_PERSON)

    revise(offering, "The roof leaks.", venue=make_venue("Library", address="3 Book Lane", city="Accra"))

    check(mail_to(person, "session-relocated"), "session-relocated")


@four
def test_cancelled_with_other_sittings(database, person_in):
    offering = make_offering()
    make_offering(offering.learning_session, wall=datetime(2027, 4, 23, 9, 0))
    make_offering(offering.learning_session, wall=datetime(2027, 4, 29, 13, 0))
    person = person_in()
    seat(person, offering)

    organiser = ada(offering.learning_session.journey)
    operations.cancel(offering, "The speaker is ill.\nWe wish her well.", NOW, by=organiser)
    told()

    check(mail_to(person, "session-cancelled"), "session-cancelled")


def test_cancelled_with_a_sitting_where_the_reader_would_wait(database):
    """Bangladesh has the one place of four that it can have there."""
    offering = make_offering()
    twin = ruled(BY_COUNTRY, offering.learning_session, wall=datetime(2027, 4, 29, 13, 0), capacity_online=4)
    (other,), person = several(1), in_dhaka()
    other.country = "BD"
    seat(other, twin)
    seat(person, offering)
    operations.cancel(offering, "The speaker is ill.", NOW)
    told()

    said = " ".join(text_in(mail_to(person, "session-cancelled")).split())

    assert (
        "You can ask for a place in another sitting of this session: - Thursday 29 April 2027, 18:00–19:30 "
        "in Dhaka (UTC+6), your time; places are kept in balance between countries or groups, and you would "
        "wait in line" in said
    )


@four
def test_restored(database, person_in):
    offering = make_offering()
    person = person_in()
    seat(person, offering)
    operations.cancel(offering, "The speaker is ill.", NOW)
    told()
    sent(person, "session-cancelled")

    operations.restore(offering, NOW + timedelta(hours=1), note="She is well again.")
    told(NOW + timedelta(hours=1))

    check(mail_to(person, "session-restored"), "session-restored")


@four
def test_new_clock_rules(database, person_in):
    """The promise was derived when London was thought to have no summer time."""
    offering = make_offering()
    derived_under_other_rules(
        offering, starts_at=offering.starts_at + timedelta(hours=1),
        ends_at=offering.ends_at + timedelta(hours=1), zone_data_version="2026a",
    )  # fmt: skip
    person = person_in()
    seat(person, offering)

    zones.apply(NOW)
    told()

    check(mail_to(person, "zone-rules"), "zone-rules")


@four
def test_a_facilitator_is_told(database, person_in):
    offering = make_offering()
    person = person_in()
    lead(offering, make_facilitator(person.name, user=db.get(User, person.user_id)))

    revise(offering, wall=datetime(2027, 4, 22, 15, 0))

    check(mail_to(person, "session-moved"), "session-moved-for-who-leads")


@four
def test_who_names_people_for_a_group_is_told(database, person_in):
    offering = make_offering(capacity_online=20)
    person = person_in()
    release_at = NOW + timedelta(days=20)
    group = Wanted("Ghana country group", Way.ONLINE, 5, release_at, "Africa/Accra", focal=person)
    reserve(offering, group, None, NOW)

    revise(offering, wall=datetime(2027, 4, 22, 15, 0))

    check(mail_to(person, "session-moved"), "session-moved-for-a-group")


@four
def test_hours_become_known(database, person_in):
    day = datetime(2027, 4, 22).date()
    offering = make_offering(when=Days(day, day, "Europe/London"))
    person = person_in()
    seat(person, offering)

    revise(offering, when=Promise(datetime(2027, 4, 22, 13, 0), "Europe/London", 0, 90))

    check(mail_to(person, "session-moved"), "session-moved-hours-known")

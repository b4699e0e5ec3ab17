"""Making learning sessions, dating them."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.attendance import Attendance
from app.domain.errors import AlreadyTaken, DomainError
from app.domain.timezones import TimeDoesNotExist, zone_data_version
from app.journeys.composing import add_theme
from app.journeys.crediting import Named
from app.learning_sessions import operations
from app.learning_sessions.models import OfferingStatus
from app.learning_sessions.sittings import Days, Part
from app.learning_sessions.storing import promise_of
from app.scheduling.operations import cancel
from seeds.story import wall
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_venue,
)

LATER = NOW + timedelta(hours=1)


def test_sessions_stand_in_order_with_addresses_of_their_journey(database):
    journey = make_journey()
    theme = add_theme(journey, "Payment", NOW)

    first = make_learning_session(journey, "Capitation", themes=(theme,))
    second = make_learning_session(journey, "Capitation")
    elsewhere = make_learning_session(make_journey("Other"), "Capitation")

    assert [(one.position, one.slug) for one in (first, second, elsewhere)] == [
        (1, "capitation"),
        (2, "capitation-2"),
        (1, "capitation"),
    ]
    assert (first.themes, first.offerings) == ([theme], [])


def test_a_session_has_a_title_and_themes_of_its_own_journey(database):
    foreign = add_theme(make_journey("Other"), "Payment", NOW)

    for facts, field in (
        ({"title": " "}, "title"),
        ({"themes": (foreign,)}, "themes"),
        ({"slug": "A"}, "slug"),
    ):
        with pytest.raises(DomainError) as refused:
            make_learning_session(make_journey("One"), **facts)
        assert refused.value.field == field
    journey = make_journey("Two")
    make_learning_session(journey, slug="one")
    with pytest.raises(AlreadyTaken):
        make_learning_session(journey, slug="one")


def test_a_sitting_keeps_its_promise_and_derives_its_instants(database):
    offering = make_offering(wall=wall(2027, 4, 22, 13), timezone="Europe/London", length=90)

    assert (offering.starts_wall, offering.timezone, offering.fold, offering.length_minutes) == (
        wall(2027, 4, 22, 13),
        "Europe/London",
        0,
        90,
    )
    assert offering.starts_at == datetime(2027, 4, 22, 12, 0, tzinfo=UTC)
    assert offering.ends_at == datetime(2027, 4, 22, 13, 30, tzinfo=UTC)
    assert re.fullmatch(r"[0-9a-f-]{36}@meridian\.invalid", offering.uid)
    assert (offering.position, offering.sequence, offering.status) == (1, 0, OfferingStatus.SCHEDULED)


def test_twin_sittings_are_numbered_and_have_their_own_uid(database):
    learning_session = make_learning_session()
    first, second = (
        make_offering(learning_session),
        make_offering(learning_session, wall=wall(2027, 4, 23, 9)),
    )

    assert [one.position for one in learning_session.offerings] == [1, 2]
    assert first.uid != second.uid


def test_a_sitting_may_know_only_its_days(database):
    days = Days(date(2016, 12, 8), date(2016, 12, 8), "America/Los_Angeles")

    offering = make_offering(when=days, attendance=Attendance.IN_PERSON)

    assert (offering.first_on, offering.last_on, offering.timezone) == (
        date(2016, 12, 8),
        date(2016, 12, 8),
        "America/Los_Angeles",
    )
    assert (offering.starts_wall, offering.starts_at, offering.length_minutes) == (None, None, None)
    assert promise_of(offering) is None
    with pytest.raises(DomainError):
        Days(date(2016, 12, 9), date(2016, 12, 8), "UTC")


def test_a_time_that_does_not_exist_is_refused(database):
    with pytest.raises(TimeDoesNotExist):
        make_offering(wall=wall(2027, 3, 28, 1, 30), timezone="Europe/London")


def test_a_fold_is_kept_only_where_the_time_comes_twice(database):
    twice = make_offering(wall=wall(2027, 10, 31, 1, 30), timezone="Europe/London", fold=1)
    once = make_offering(wall=wall(2027, 10, 30, 1, 30), timezone="Europe/London", fold=1)

    assert (twice.fold, twice.starts_at) == (1, datetime(2027, 10, 31, 1, 30, tzinfo=UTC))
    assert once.fold == 0


def test_facilitators_and_agenda_are_kept_in_order(database):
    wanjiru, farid = make_facilitator("Wanjiru Kamau"), make_facilitator("Farid Rahman")
    agenda = (
        Part(30, "Welcome", people=(Named("Wanjiru Kamau", facilitator=wanjiru),)),
        Part(60, "In fours"),
    )

    offering = make_offering(facilitators=((wanjiru, "Lead"), (farid, "Case")), agenda=agenda)

    assert [(one.facilitator_id, one.role) for one in offering.facilitators] == [
        (wanjiru.id, "Lead"),
        (farid.id, "Case"),
    ]
    assert [(item.position, item.length_minutes, item.title) for item in offering.agenda] == [
        (1, 30, "Welcome"),
        (2, 60, "In fours"),
    ]
    assert offering.agenda[0].credits[0].facilitator_id == wanjiru.id


ONLINE, IN_PERSON = Attendance.ONLINE, Attendance.IN_PERSON


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"agenda": (Part(60, "A"), Part(31, "B"))}, "agenda"),
        ({"agenda": (Part(0, "A"),)}, "agenda"),
        ({"agenda": (Part(10, " "),)}, "agenda"),
        ({"capacity_online": -1}, "capacity_online"),
        ({"capacity_online": 10**12}, "capacity_online"),
        ({"capacity_in_person": 5}, "capacity_in_person"),
        ({"attendance": IN_PERSON, "capacity_online": 5}, "capacity_online"),
        ({"attendance": IN_PERSON, "join_url": "https://meet.example.org"}, "join_url"),
        ({"join_url": "javascript:alert(1)"}, "join_url"),
        ({"join_url": "https://"}, "join_url"),
        ({"join_from_minutes": -1}, "join_from_minutes"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"length": 4}, "length_minutes"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(database, facts, field):
    with pytest.raises(DomainError) as refused:
        make_offering(**facts)

    assert refused.value.field == field


def test_an_online_sitting_has_no_venue(database):
    with pytest.raises(DomainError) as refused:
        make_offering(venue=make_venue())
    assert refused.value.field == "venue"

    assert make_offering(venue=make_venue(), attendance=Attendance.BOTH).venue is not None


def test_the_journey_knows_when_it_meets_next(database):
    journey = make_journey()
    learning_session = make_learning_session(journey)
    version = journey.version
    make_offering(learning_session, wall=wall(2027, 2, 1, 13))
    assert journey.next_at is None

    late = make_offering(learning_session, wall=wall(2027, 4, 22, 13))
    soon = make_offering(learning_session, wall=wall(2027, 3, 2, 13))
    assert journey.next_at == datetime(2027, 3, 2, 13, tzinfo=UTC)

    cancel(soon, "Ill", LATER)
    assert journey.next_at == late.starts_at

    operations.refresh_next_at(journey, datetime(2027, 4, 22, 13, 30, tzinfo=UTC))
    assert journey.next_at is None
    assert journey.version == version  # which belongs to its editors


def test_nobody_leads_a_sitting_twice(database):
    person = make_facilitator()

    with pytest.raises(DomainError) as refused:
        make_offering(facilitators=((person, "Host"), (person, "Guest")))

    assert refused.value.field == "facilitators"


def test_a_sitting_notes_with_which_zone_data_it_was_derived_and_when_one_can_register(database):
    closes_at = datetime(2027, 4, 20, 9, 0, tzinfo=UTC)

    offering = make_offering(registration_opens_at=NOW, registration_closes_at=closes_at)

    assert offering.zone_data_version == zone_data_version()
    assert (offering.registration_opens_at, offering.registration_closes_at) == (NOW, closes_at)


def test_a_venue_has_a_name_and_a_zone(database):
    for facts, field in ((("", "UTC"), "venue"), (("Hall", "Mars/Base"), "timezone")):
        with pytest.raises(DomainError) as refused:
            make_venue(*facts)
        assert refused.value.field == field

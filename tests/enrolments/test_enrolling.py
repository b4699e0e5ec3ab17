"""Enrolling in a journey and leaving it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.database import db
from app.domain.errors import NotOpen
from app.domain.seats import PlaceStatus
from app.enrolments import operations, queries
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.journeys.models import JourneyStatus
from app.learning_sessions.sittings import Days
from app.participants import operations as participants
from tests.enrolments.reading import counters, messages, seated, several, statuses
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_participant
from tests.people import pat, seat, will

LATER = NOW + timedelta(days=1)


def test_enrolling_keeps_country_organisation_and_group_as_they_were(database):
    journey = make_journey()
    person = make_participant(
        country="GH", organisation="Ghana Health Service", stakeholder_group="government"
    )
    organisation_id = person.organisation_id

    enrolled = operations.enrol(journey, person, NOW)
    participants.update(
        person, participants.Profile(name="Efua Mensah", timezone="Europe/London", country="GB")
    )

    database.refresh(enrolled)
    assert (enrolled.status, enrolled.enrolled_at, enrolled.left_at) == (EnrolmentStatus.ACTIVE, NOW, None)
    assert (enrolled.country, enrolled.stakeholder_group) == ("GH", "government")
    assert enrolled.organisation_id == organisation_id
    assert organisation_id is not None


def test_enrolling_twice_is_enrolling_once(database):
    journey, person = make_journey(), pat()

    first = operations.enrol(journey, person, NOW)
    second = operations.enrol(journey, person, LATER)

    assert second is first
    assert first.enrolled_at == NOW
    assert database.scalar(select(func.count(Enrolment.id))) == 1
    assert messages() == [("enrolled", "Pat")]


def test_who_comes_back_is_enrolled_anew_in_the_same_row(database):
    journey, person = make_journey(), pat()
    first = operations.enrol(journey, person, NOW)
    operations.leave(journey, person, NOW)
    participants.update(
        person, participants.Profile(name="Pat Asante", timezone="Africa/Lagos", country="NG")
    )

    again = operations.enrol(journey, person, LATER)

    assert again.id == first.id
    assert (again.status, again.enrolled_at, again.left_at) == (EnrolmentStatus.ACTIVE, LATER, None)
    assert again.country == "NG"
    assert database.scalar(select(func.count(Enrolment.id))) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (JourneyStatus.DRAFT, "does not take enrolments yet"),
        (JourneyStatus.PUBLISHED, "does not take enrolments yet"),
        (JourneyStatus.CLOSED, "is closed"),
        (JourneyStatus.ARCHIVED, "is closed"),
    ],
)
def test_only_an_open_journey_takes_enrolments(database, status, words):
    journey = make_journey(status=status)

    with pytest.raises(NotOpen, match=words):
        operations.enrol(journey, pat(), NOW)

    assert database.scalar(select(func.count(Enrolment.id))) == 0
    assert messages() == []


def test_somebody_without_an_account_can_be_enrolled_and_gets_no_message(database):
    journey = make_journey()

    enrolled = operations.enrol(journey, make_participant("Named By Others"), NOW)

    assert enrolled.status is EnrolmentStatus.ACTIVE
    assert messages() == []


def test_leaving_frees_the_coming_places_for_those_who_wait(database):
    offering = make_offering(capacity_online=1)
    first, second = pat(), will()
    seated(offering, [first, second])

    operations.leave(offering.learning_session.journey, first, LATER)

    assert statuses(offering) == [PlaceStatus.RELEASED, PlaceStatus.CONFIRMED]
    assert counters(offering) == (1, 0)
    left = queries.enrolment(offering.learning_session.journey_id, first.id)
    assert left is not None
    assert (left.status, left.left_at) == (EnrolmentStatus.LEFT, LATER)


def test_leaving_keeps_the_places_in_sittings_that_are_over(database):
    journey = make_journey()
    past = make_offering(make_learning_session(journey, "Held"), wall=datetime(2027, 3, 2, 9, 0))
    by_day = make_offering(
        make_learning_session(journey, "Held one day"),
        when=Days(date(2027, 3, 3), date(2027, 3, 3), "Africa/Accra"),
    )
    coming = make_offering(make_learning_session(journey, "Coming"))
    person = pat()
    for offering in (past, by_day, coming):
        seat(person, offering)

    operations.leave(journey, person, datetime(2027, 3, 10, 12, 0, tzinfo=UTC))

    assert statuses(past) == statuses(by_day) == [PlaceStatus.CONFIRMED]
    assert statuses(coming) == [PlaceStatus.RELEASED]


def test_leaving_keeps_the_places_in_other_journeys(database):
    here, there = make_offering(), make_offering(make_learning_session(make_journey("Another")))
    person = pat()
    seat(person, here)
    seat(person, there)

    operations.leave(here.learning_session.journey, person, LATER)

    assert (statuses(here), statuses(there)) == ([PlaceStatus.RELEASED], [PlaceStatus.CONFIRMED])


def test_leaving_twice_or_without_being_enrolled_changes_nothing(database):
    journey, person = make_journey(), pat()
    operations.leave(journey, person, NOW)
    assert database.scalar(select(func.count(Enrolment.id))) == 0

    enrolled = operations.enrol(journey, person, NOW)
    operations.leave(journey, person, LATER)
    operations.leave(journey, person, LATER + timedelta(days=1))

    assert enrolled.left_at == LATER


def test_one_can_leave_a_journey_that_has_closed(database):
    journey, person = make_journey(), pat()
    enrolled = operations.enrol(journey, person, NOW)
    journey.status = JourneyStatus.CLOSED

    operations.leave(journey, person, LATER)

    assert enrolled.status is EnrolmentStatus.LEFT


def test_leaving_with_a_place_and_a_wait_for_its_twin_is_told_in_one_letter(database):
    learning_session = make_learning_session()
    morning = make_offering(learning_session, capacity_online=1)
    evening = make_offering(learning_session, capacity_online=1, wall=datetime(2027, 4, 22, 19, 0))
    first, second = several(2)
    seat(first, morning)
    seat(second, evening)
    seat(first, evening)  # waits for the twin
    seat(second, morning)  # and so does the other
    before = messages()

    operations.leave(learning_session.journey, first, LATER)

    assert [message for message in messages()[len(before) :] if message[1] == "Amina"] == [
        ("journey-left", "Amina")
    ]
    assert {place.status for place in database.scalars(select(Place).filter_by(participant_id=first.id))} == {
        PlaceStatus.RELEASED
    }
    assert counters(morning) == (1, 0)
    assert counters(evening) == (0, 0)


def test_closing_an_account_leaves_every_journey_and_frees_every_coming_place(database):
    here, there = (
        make_offering(capacity_online=1),
        make_offering(make_learning_session(make_journey("Another"))),
    )
    first, second = several(2)
    seated(here, [first, second])
    seat(first, there)

    operations.release_everything(first, LATER)

    assert statuses(here) == [PlaceStatus.RELEASED, PlaceStatus.CONFIRMED]
    assert statuses(there) == [PlaceStatus.RELEASED]
    assert counters(here) == (1, 0)
    assert counters(there) == (0, 0)
    assert [one.status for one in db.scalars(select(Enrolment).filter_by(participant_id=first.id))] == [
        EnrolmentStatus.LEFT,
        EnrolmentStatus.LEFT,
    ]

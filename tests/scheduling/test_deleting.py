"""Deleting a sitting or a learning session, which only works where nobody has counted on it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.database import db
from app.domain.errors import Refused
from app.enrolments import operations as enrolments
from app.enrolments.interested import interested
from app.enrolments.models import Interest
from app.journeys import operations as journeys
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import AgendaItem, LearningSession, Offering, OfferingFacilitator
from app.learning_sessions.sittings import Part
from app.scheduling import operations, queries
from app.scheduling.models import OfferingChange
from app.scheduling.queries import GoesWith
from tests.factories import NOW, make_facilitator, make_journey, make_learning_session, make_offering
from tests.people import pat, seat, will
from tests.scheduling.telling import as_it_is

LATER = NOW + timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("database")


def wall(*parts):
    return datetime(*parts)


def count(model):
    return db.scalar(select(func.count()).select_from(model))


def would_come(learning_session, person, **facts):
    db.add(Interest(participant_id=person.id, learning_session_id=learning_session.id, said_at=NOW, **facts))
    db.flush()


def test_a_sitting_without_places_or_history_is_deleted_with_what_it_holds():
    learning_session = make_learning_session()
    first = make_offering(
        learning_session, agenda=(Part(30, "Opening"),), facilitators=((make_facilitator(), ""),)
    )
    second = make_offering(learning_session, wall=wall(2027, 4, 29, 13))
    assert queries.what_goes_with(learning_session.id, first.id) == GoesWith(1, 1, 0, 0)

    operations.delete_sitting(first, LATER)

    assert db.scalars(select(Offering)).all() == learning_session.offerings == [second]
    assert (count(AgendaItem), count(OfferingFacilitator)) == (0, 0)
    assert learning_session.journey.next_at == second.starts_at
    assert make_offering(learning_session).position == 3


def test_a_sitting_somebody_ever_asked_for_a_place_in_is_cancelled_instead():
    offering = make_offering()
    enrolments.release_place(seat(pat(), offering), LATER)

    with pytest.raises(Refused, match=r"asked for places .* Cancel it instead"):
        operations.delete_sitting(offering, LATER)
    with pytest.raises(Refused):
        operations.delete_learning_session(offering.learning_session, LATER)

    operations.cancel(offering, "", LATER)
    with pytest.raises(Refused, match="It is cancelled and stays to be seen"):
        operations.delete_sitting(offering, LATER)
    assert count(Offering) == 1


def test_a_sitting_that_was_changed_in_public_is_cancelled_instead():
    offering = make_offering()
    operations.revise(offering, as_it_is(offering, length=60), LATER)

    with pytest.raises(Refused, match="calendars know of it"):
        operations.delete_sitting(offering, LATER)


def test_what_was_changed_in_a_draft_nobody_knows_of():
    journey = make_journey(status=JourneyStatus.DRAFT)
    offering = make_offering(make_learning_session(journey))
    operations.revise(offering, as_it_is(offering, length=60), NOW)
    journeys.publish(journey, LATER)
    assert (queries.has_history(offering), queries.public_changes(offering.learning_session_id)) == (
        False,
        [],
    )
    assert queries.what_goes_with(offering.learning_session_id) == GoesWith(1, 0, 1, 0)

    operations.delete_sitting(offering, LATER)

    assert (count(Offering), count(OfferingChange)) == (0, 0)


def test_a_learning_session_goes_with_its_sittings_and_the_interest_withdrawn_from_it():
    journey = make_journey()
    learning_session = make_learning_session(journey)
    make_offering(learning_session, agenda=(Part(30, "Opening"), Part(30, "Close")))
    make_offering(learning_session)
    other = make_learning_session(journey, "Another")
    would_come(learning_session, pat(), withdrawn_at=NOW)
    assert queries.what_goes_with(learning_session.id) == GoesWith(2, 2, 0, 0)

    operations.delete_learning_session(learning_session, LATER)

    assert db.scalars(select(LearningSession)).all() == [other]
    assert (count(Offering), count(AgendaItem), count(Interest), journey.next_at) == (0, 0, 0, None)


@pytest.mark.parametrize(
    ("sittings", "people", "sentence"),
    [
        (0, (pat,), "1 person said they would come to this session, so it is not deleted. Date it, or leave"),
        (0, (pat, will), "2 people said they would come .* Date it, or leave it undated."),
        (1, (pat, will), "2 people said they would come .* Cancel its sittings instead;"),
    ],
)
def test_a_learning_session_that_people_would_come_to_is_kept(sittings, people, sentence):
    learning_session = make_learning_session()
    for _ in range(sittings):
        make_offering(learning_session)
    for person in people:
        would_come(learning_session, person())
    assert queries.what_goes_with(learning_session.id).interested == len(people)

    with pytest.raises(Refused, match=sentence):
        operations.delete_learning_session(learning_session, LATER)

    assert (count(LearningSession), count(Offering), count(Interest)) == (1, sittings, len(people))


def test_with_its_last_sitting_a_session_is_undated_again_and_people_wait_for_a_date_again():
    learning_session = make_learning_session()
    elsewhere = make_learning_session(learning_session.journey, "Another")
    efua = pat()
    for one in (learning_session, elsewhere):
        would_come(one, efua, answered_at=NOW)
    first, last = make_offering(learning_session), make_offering(learning_session)

    operations.delete_sitting(first, LATER)
    assert interested(learning_session.id) == []

    operations.delete_sitting(last, LATER)
    assert [one.participant for one in interested(learning_session.id)] == [efua]
    assert interested(elsewhere.id) == []


def test_public_changes_come_newest_first_with_their_sittings(query_counter):
    learning_session = make_learning_session()
    one, two = make_offering(learning_session), make_offering(learning_session)
    operations.revise(one, as_it_is(one, length=60), LATER)
    operations.cancel(two, "Ill", LATER)
    operations.restore(two, LATER)
    elsewhere = make_offering(make_learning_session(learning_session.journey, "Another"))
    operations.cancel(elsewhere, "Ill", LATER)
    number = learning_session.id
    db.expire_all()

    with query_counter() as counted:
        changes = queries.public_changes(number)
        found = [(one.kind, one.offering.position) for one in changes]

    assert found == [("restored", 2), ("cancelled", 2), ("moved", 1)]
    assert counted.count == 1

"""Dating a session answers those who said they would come."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.availability import Availability
from app.domain.seats import PlaceStatus
from app.enrolments import operations, queries
from app.enrolments.interest import say_interest, withdraw_interest
from app.enrolments.models import Interest, Place
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import LearningSession
from app.messages.models import OutboxMessage
from app.scheduling import operations as planning
from app.scheduling.answering import Answer, answer_interest, usual_answer
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_participant
from tests.people import ada, browser_of, make_account, nora, pat, seat, will
from tests.scheduling.planning import NEW_SITTING, typed_in

HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=1)
ANY = Availability()

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def undated():
    return make_learning_session()


def wants(one, participant, can=ANY, *, after=0, enrolled=True):
    if enrolled:
        operations.enrol(one.journey, participant, NOW)
    say_interest(one, participant, can, "", NOW + after * HOUR)
    return participant


def told():
    """(kind, first name) of every message but those about enrolling and leaving, in order."""
    found = db.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [
        (one.kind, one.to_name.split()[0]) for one in found if one.kind not in ("enrolled", "journey-left")
    ]


def places():
    rows = db.scalars(select(Place).order_by(Place.queue_number))
    return [(one.participant.name.split()[0], one.status) for one in rows]


def answered():
    return {one.participant.name.split()[0]: one.answered_at for one in db.scalars(select(Interest))}


def test_places_go_in_the_order_in_which_people_said_so(undated):
    wants(undated, will(), after=2)
    wants(undated, pat(), after=1)
    wants(undated, nora(), after=3, enrolled=False)
    offering = make_offering(undated, capacity_online=1)
    done = answer_interest(offering, Answer.PLACES, LATER)
    assert (done.confirmed, done.waiting, done.invited, done.people) == (1, 1, 1, 3)
    assert done.in_words == (
        "Of those who said they would come, 1 person has a place, 1 person waits for one and "
        "1 person is invited."
    )
    assert places() == [("Pat", PlaceStatus.CONFIRMED), ("Will", PlaceStatus.WAITING)]
    assert told() == [("place-confirmed", "Pat"), ("waiting", "Will"), ("session-dated", "Nora")]
    assert answered() == dict.fromkeys(("Pat", "Will", "Nora"), LATER)
    db.refresh(offering)
    assert offering.confirmed_online == 1


def test_everybody_is_answered_once(undated):
    wants(undated, pat())
    offering = make_offering(undated)
    answer_interest(offering, Answer.INVITE, LATER)
    again = answer_interest(offering, Answer.PLACES, LATER + HOUR)
    assert (again.people, again.in_words) == (0, "")
    assert told() == [("session-dated", "Pat")]
    assert answered() == {"Pat": LATER}
    assert queries.interested(undated.id) == []
    assert len(queries.interested(undated.id, also_answered=True)) == 1


def test_inviting_takes_no_places(undated):
    wants(undated, pat())
    answer_interest(make_offering(undated), Answer.INVITE, LATER)
    assert places() == []


def test_nothing_leaves_them_waiting(undated):
    wants(undated, pat())
    done = answer_interest(make_offering(undated), Answer.NOTHING, LATER)
    assert (done.people, told(), answered()) == (0, [], {"Pat": None})
    assert len(queries.interested(undated.id)) == 1


@pytest.mark.parametrize("how", Answer)
def test_whoever_has_a_place_or_waits_for_one_keeps_it_when_a_twin_is_planned(undated, how):
    first = make_offering(undated, capacity_online=1)
    for person in (pat(), will()):
        db.add(Interest(participant_id=person.id, learning_session_id=undated.id, said_at=NOW))
        seat(person, first)
    before = told()

    done = answer_interest(make_offering(undated), how, LATER)

    assert (done.people, told()) == (0, before)
    assert places() == [("Pat", PlaceStatus.CONFIRMED), ("Will", PlaceStatus.WAITING)]
    assert {one.offering_id for one in db.scalars(select(Place))} == {first.id}
    assert answered() == {"Pat": LATER, "Will": LATER}


def test_whose_sitting_is_cancelled_is_invited_to_another_and_keeps_the_place_for_its_return(undated):
    first, efua = make_offering(undated), pat()
    db.add(Interest(participant_id=efua.id, learning_session_id=undated.id, said_at=NOW))
    seat(efua, first)
    planning.cancel(first, "Ill.", NOW)

    done = answer_interest(make_offering(undated), Answer.PLACES, LATER)

    assert (done.confirmed, done.invited) == (0, 1)
    assert db.scalars(select(Place)).one().offering_id == first.id
    assert places() == [("Pat", PlaceStatus.CONFIRMED)]


def test_beside_a_sitting_that_takes_place_nobody_is_answered_unasked(undated):
    assert usual_answer(undated.id) is Answer.PLACES
    offering = make_offering(undated)
    assert usual_answer(undated.id) is Answer.NOTHING
    planning.cancel(offering, "Ill.", NOW)
    assert usual_answer(undated.id) is Answer.PLACES


def test_the_form_of_a_twin_offers_to_tell_nobody(app, undated, time_machine):
    time_machine.move_to(NOW)
    say_interest(undated, pat(), ANY, "", NOW)
    browser, number = browser_of(app, ada(undated.journey)), undated.id
    assert typed_in(browser.get(NEW_SITTING))["answer_how"] == "places"

    make_offering(db.get_one(LearningSession, number))

    assert typed_in(browser.get(NEW_SITTING))["answer_how"] == "nothing"


def test_nobody_is_seated_at_an_hour_at_which_they_said_they_cannot(undated):
    wants(undated, pat(), Availability(frozenset({"fri"})), after=1)  # the sitting is on a Thursday
    wants(undated, will(), Availability(frozenset(), 540, 1020), after=2)  # and at 18:00 in Dhaka
    wants(undated, nora(), Availability(frozenset({"thu"}), 780, 900), after=3)  # and at 13:00 in Kinshasa
    done = answer_interest(make_offering(undated), Answer.PLACES, LATER)
    assert (done.confirmed, done.invited) == (1, 2)
    assert places() == [("Nora", PlaceStatus.CONFIRMED)]


def test_in_a_journey_that_is_not_open_everybody_is_invited():
    one = make_learning_session(make_journey(status=JourneyStatus.PUBLISHED))
    wants(one, pat(), enrolled=False)
    done = answer_interest(make_offering(one), Answer.PLACES, LATER)
    assert (done.confirmed, done.invited) == (0, 1)


def test_before_registration_opens_everybody_is_invited(undated):
    wants(undated, pat())
    done = answer_interest(make_offering(undated, registration_opens_at=LATER + HOUR), Answer.PLACES, LATER)
    assert (done.confirmed, done.invited) == (0, 1)


def test_who_withdrew_or_left_is_not_answered(undated):
    withdraw_interest(undated.id, wants(undated, pat()), NOW)
    operations.leave(undated.journey, wants(undated, will()), NOW)
    assert answer_interest(make_offering(undated), Answer.INVITE, LATER).people == 0
    assert told() == []


@pytest.mark.parametrize(
    ("attendance", "way"),
    [(Attendance.BOTH, Way.ONLINE), (Attendance.IN_PERSON, Way.IN_PERSON), (Attendance.ONLINE, Way.ONLINE)],
)
def test_the_way_of_attending(undated, attendance, way):
    wants(undated, pat())
    answer_interest(make_offering(undated, attendance=attendance), Answer.PLACES, LATER)
    assert db.scalars(select(Place)).one().way is way


def test_who_has_no_account_is_counted_and_told_by_whoever_named_them(undated):
    wants(undated, make_participant("Ama Boateng"))
    assert answer_interest(make_offering(undated), Answer.INVITE, LATER).invited == 1
    assert told() == []


def test_an_invitation_is_not_sent_once_the_sitting_has_begun(undated):
    wants(undated, make_participant("Ama Boateng", user=make_account("Ama Boateng")))
    offering = make_offering(undated)
    answer_interest(offering, Answer.INVITE, LATER)
    message = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == "session-dated")).one()
    assert message.expires_at == offering.starts_at

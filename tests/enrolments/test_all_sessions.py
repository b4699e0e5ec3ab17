"""Taking part in every session: a place in each that is coming, and in each that is added."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.database import db
from app.domain.admission import Admission, Policy
from app.domain.attendance import Attendance, Way
from app.domain.seats import PlaceStatus
from app.domain.timezones import Promise
from app.enrolments import admitting, all_sessions, entering, following, operations
from app.enrolments.models import Enrolment, EnrolmentStatus, Place
from app.jobs import worker
from app.jobs.models import Job, JobState
from app.jobs.operations import Claim
from app.journeys import operations as journeys
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import NewOffering
from app.participants.models import Participant
from app.scheduling.operations import add_sitting, cancel, restore
from tests.enrolments.reading import counters, seated, several, statuses
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_participant
from tests.people import pat, will

LATER = NOW + timedelta(days=1)
CONFIRMED, WAITING, RELEASED = PlaceStatus.CONFIRMED, PlaceStatus.WAITING, PlaceStatus.RELEASED
EVENING = datetime(2027, 4, 22, 19, 0)


def join(offering: Offering, person: Participant, way: Way | None = None, now: datetime = NOW) -> Enrolment:
    journey = offering.learning_session.journey
    return entering.ask_to_join(journey, person, now, wants_all=True, way=way)


def work(now: datetime = NOW) -> None:
    """Let the worker do all that is due and is its part here."""
    kinds = (all_sessions.SEAT_ONE, all_sessions.SEAT_ALL)
    due = select(Job).where(Job.kind.in_(kinds), Job.run_at <= now, Job.state == "ready").order_by(Job.id)
    for job in db.scalars(due).all():
        job.state, job.finished_at = JobState.DONE, now
        db.commit()
        worker.handlers[job.kind](Claim(job.id, job.kind, job.payload, 1), now)


@pytest.fixture(autouse=True)
def _holds_its_lease(monkeypatch):
    """The jobs are run here and not by the worker, so that nobody holds a lease to renew."""
    monkeypatch.setattr(following.jobs, "renew", lambda _claim, _now: True)


def own(person: Participant) -> dict[int, PlaceStatus]:
    rows = db.execute(select(Place.offering_id, Place.status).filter_by(participant_id=person.id))
    return dict(rows.all())


def new_sitting(**facts) -> NewOffering:
    when = Promise(facts.pop("wall", datetime(2027, 5, 6, 13, 0)), "Europe/London", 0, 90)
    return NewOffering(when=when, attendance=Attendance.ONLINE, **facts)


def test_a_place_in_each_coming_session_the_earliest_with_room_else_the_wait_in_the_earliest(database):
    journey, person, other = make_journey(), pat(), will()
    roomy = make_offering(make_learning_session(journey, "Roomy"))
    full = make_offering(make_learning_session(journey, "Full"), capacity_online=1)
    twins = make_learning_session(journey, "Twins")
    late = make_offering(twins, capacity_online=1, wall=EVENING)
    early = make_offering(twins, capacity_online=1)
    both_full = make_learning_session(journey, "Both full")
    first = make_offering(both_full, capacity_online=1)
    second = make_offering(both_full, capacity_online=1, wall=EVENING)
    over = make_offering(make_learning_session(journey, "Over"), wall=datetime(2027, 2, 1, 9, 0))
    for offering in (full, early, first):
        seated(offering, [other])
    seated(second, [make_participant("Third")])

    enrolment = join(roomy, person)
    seen = all_sessions.seat_everywhere(enrolment, NOW)

    assert own(person) == {roomy.id: CONFIRMED, full.id: WAITING, late.id: CONFIRMED, first.id: WAITING}
    assert over.id not in own(person)
    assert (seen.confirmed, seen.waiting, seen.asked) == (2, 2, 0)
    assert seen.in_words == "You have a place in 2 sessions and you wait for one in 2 sessions."


def test_the_worker_does_the_same_and_twice_is_once(database):
    offering, person = make_offering(), pat()
    join(offering, person)

    work()
    join(offering, person)
    work()

    assert statuses(offering) == [CONFIRMED]
    assert db.scalar(select(func.count(Place.id))) == 1


def test_what_somebody_has_or_gave_up_stays_as_it_is(database):
    journey, person = make_journey(), pat()
    held, given_up, other = (
        make_offering(make_learning_session(journey, title)) for title in ("Held", "Given up", "Other")
    )
    twin = make_offering(held.learning_session)
    seated(twin, [person])
    (place,) = seated(given_up, [person])
    operations.release_place(place, LATER)

    all_sessions.seat_everywhere(join(held, person, now=LATER), LATER)

    assert own(person) == {twin.id: CONFIRMED, given_up.id: RELEASED, other.id: CONFIRMED}


def test_who_left_and_comes_back_for_every_session_has_them_again(database):
    offering, person = make_offering(), pat()
    seated(offering, [person])
    operations.leave(offering.learning_session.journey, person, LATER)

    enrolment = join(offering, person, now=LATER + timedelta(hours=1))
    all_sessions.seat_everywhere(enrolment, LATER + timedelta(hours=1))

    assert statuses(offering) == [CONFIRMED]


def test_the_way_of_attending_is_theirs_where_there_is_a_choice(database):
    journey, person = make_journey(), pat()
    hybrid = make_offering(make_learning_session(journey, "Hybrid"), attendance=Attendance.BOTH)
    online = make_offering(make_learning_session(journey, "Online"))

    all_sessions.seat_everywhere(join(hybrid, person, Way.IN_PERSON), NOW)

    assert counters(hybrid) == (0, 1)
    assert counters(online) == (1, 0)


def test_a_sitting_that_is_added_seats_who_wants_every_session_first_enrolled_first(database):
    offering = make_offering()
    first, second, third = several(3)
    for number, person in enumerate((second, first, third)):
        join(offering, person, now=NOW + timedelta(hours=number))
    all_sessions.unfollow(db.scalars(select(Enrolment).filter_by(participant_id=third.id)).one(), NOW)
    learning_session = make_learning_session(offering.learning_session.journey, "Added")

    added = add_sitting(learning_session, new_sitting(capacity_online=1), LATER)
    work(LATER)

    assert statuses(added) == [CONFIRMED, WAITING]
    assert own(second)[added.id] is CONFIRMED
    assert added.id not in own(third)


def test_nothing_is_asked_of_the_worker_where_nobody_wants_every_session(database):
    add_sitting(make_learning_session(), new_sitting(), NOW)
    assert db.scalars(select(Job.kind)).all() == []


def test_when_registration_opens_later_the_places_are_taken_then(database):
    opens = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
    offering, person = make_offering(), pat()
    join(offering, person)
    learning_session = make_learning_session(offering.learning_session.journey, "Later")

    added = add_sitting(learning_session, new_sitting(registration_opens_at=opens), NOW)
    work(NOW)
    assert added.id not in own(person)
    work(opens)

    assert own(person)[added.id] is CONFIRMED


def test_a_restored_sitting_seats_them_too(database):
    offering, person = make_offering(), pat()
    cancel(offering, "The speaker is ill.", NOW)
    join(offering, person)
    work()
    assert own(person) == {}

    restore(offering, LATER)
    work(LATER)

    assert own(person) == {offering.id: CONFIRMED}


def test_the_worker_finds_those_whom_a_reopened_journey_left_out(database):
    offering, person = make_offering(), pat()
    journey = offering.learning_session.journey
    join(offering, person)
    journeys.close(journey, "", None, NOW)
    work()
    following.seat_left_out(worker.Claim(0, "", {}, 1), NOW)
    work()
    assert own(person) == {}

    journeys.open_journey(journey, LATER)
    following.seat_left_out(worker.Claim(0, "", {}, 1), LATER)
    work(LATER)

    assert own(person) == {offering.id: CONFIRMED}
    assert all_sessions.left_out(LATER) == []


def test_who_asks_to_join_gets_the_places_once_the_organisers_say_yes(database):
    offering, person = make_offering(), pat()
    admitting.change_policy(offering.learning_session.journey, Policy(admission=Admission.APPROVAL), NOW)
    asked = join(offering, person)
    work()
    assert (asked.status, own(person)) == (EnrolmentStatus.REQUESTED, {})

    entering.approve_enrolment(asked, None, LATER)
    work(LATER)

    assert own(person) == {offering.id: CONFIRMED}


def test_stopping_keeps_the_places_and_takes_no_more(database):
    offering, person = make_offering(), pat()
    enrolment = join(offering, person)
    work()

    all_sessions.unfollow(enrolment, NOW)
    added = add_sitting(
        make_learning_session(offering.learning_session.journey, "Added"), new_sitting(), LATER
    )
    work(LATER)

    assert own(person) == {offering.id: CONFIRMED}
    assert added.id not in own(person)


def test_nobody_is_seated_once_the_journey_is_closed(database):
    offering, person = make_offering(), pat()
    enrolment = join(offering, person)
    offering.learning_session.journey.status = JourneyStatus.CLOSED

    assert all_sessions.seat_everywhere(enrolment, NOW) == all_sessions.Seated()
    assert own(person) == {}


def test_batches_seat_everybody(database, monkeypatch):
    monkeypatch.setattr(following, "BATCH", 2)
    offering, people = make_offering(), several(7)
    for person in people:
        join(offering, person)
    learning_session = make_learning_session(offering.learning_session.journey, "Added")
    added = add_sitting(learning_session, new_sitting(capacity_online=5), LATER)

    work(LATER)

    assert statuses(added) == [CONFIRMED] * 5 + [WAITING] * 2
    assert counters(added) == (5, 0)

"""Organisers are told at seven what is new in all their journeys; nothing on a day without news."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.permissions import OrganiserRole
from app.domain.seats import PlaceStatus
from app.enrolments import operations as enrolments
from app.enrolments.decisions import Decided, Ground, PlaceDecision
from app.enrolments.models import Enrolment, EnrolmentStatus, PlaceRule
from app.jobs import worker
from app.journeys.models import JourneyStatus
from app.journeys.operations import archive, assign_organiser, close
from app.messages import operations as messages
from app.messages import recipients
from app.messages.composed import NoLongerNeeded
from app.messages.delivery import compose
from app.messages.kinds import Choice
from app.messages.models import MessageState, OutboxMessage
from app.notices import digest_rows
from app.notices.digests import KIND, last_morning, queue_digests
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_participant
from tests.notices.golden import check, four, page_in, text_in
from tests.people import ada, cora, make_account, nora, pat, seat, will

MORNING = datetime(2027, 3, 2, 7, 0, tzinfo=UTC)
"""The first seven o'clock after NOW of who is in London or Accra."""
QUARTER, DAY = timedelta(minutes=15), timedelta(days=1)
SENDER = "Meridian <meridian@example.org>"


def scan(now, since=None):
    db.commit()
    return queue_digests(since or now - QUARTER, now)


def queued():
    """Who got one, with its key's day, in order."""
    found = db.scalars(select(OutboxMessage).where(OutboxMessage.kind == KIND).order_by(OutboxMessage.id))
    return [(one.to_address, one.unique_key.rpartition(":")[2]) for one in found]


def latest():
    return db.scalars(select(OutboxMessage).where(OutboxMessage.kind == KIND)).all()[-1]


def asks_to_join(journey, name="Ana Ruiz", at=NOW):
    enrolment = Enrolment(
        journey=journey, participant=make_participant(name), status=EnrolmentStatus.REQUESTED, enrolled_at=at
    )
    db.add(enrolment)
    db.flush()
    return enrolment


def dead_mail(journey, at=NOW):
    messages.queue(
        "enrolled", "x@example.org", "X", {}, at, scope=f"journey:{journey.id}", unique_key=f"{at}"
    )
    message = db.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    message.state = MessageState.DEAD
    db.flush()


def offer_lapses(place, at=NOW):
    db.add(
        PlaceDecision(
            place_id=place.id, offering_id=place.offering_id, decided_at=at, what=Decided.OFFER_LAPSED,
            ground=Ground.DEADLINE, status_before=PlaceStatus.OFFERED, status_after=PlaceStatus.RELEASED,
        )
    )  # fmt: skip
    db.flush()


def news_of(journey, after=NOW - DAY, now=NOW):
    db.flush()
    return digest_rows.news([journey.id], after, now).get(journey.id)


# When, and to whom


def test_at_seven_of_their_zone_and_once(database):
    journey = make_journey()
    ada(journey)
    asks_to_join(journey)
    assert scan(MORNING - timedelta(minutes=1)) == 0
    assert scan(MORNING) == 1
    assert scan(MORNING) == 0
    assert scan(MORNING + QUARTER) == 0
    assert queued() == [("ada@example.org", "2027-03-02")]


def test_not_on_a_day_without_news(database):
    journey = make_journey()
    ada(journey)
    asks_to_join(journey)
    assert scan(MORNING) == 1
    assert scan(MORNING + DAY) == 0
    asks_to_join(journey, "Ben Okri", MORNING + QUARTER)
    assert scan(MORNING + DAY + QUARTER) == 0
    assert scan(MORNING + 2 * DAY) == 0
    assert scan(MORNING + DAY) == 1


def test_a_worker_that_was_down_leaves_nothing_out(database):
    journey = make_journey()
    ada(journey)
    asks_to_join(journey)
    late = MORNING + 2 * DAY + timedelta(hours=5)
    assert scan(late, since=MORNING - timedelta(hours=2)) == 1
    assert queued() == [("ada@example.org", "2027-03-04")]


def test_who_decides_is_told_who_only_reads_is_not(database):
    journey = make_journey()
    ada(journey)
    cora(journey)
    for role in (OrganiserRole.EDITOR, OrganiserRole.PEOPLE):
        assign_organiser(journey, make_account(f"{role.title()} Diallo"), role, NOW)
    asks_to_join(journey)
    scan(MORNING)
    assert [address for address, _ in queued()] == [
        "ada@example.org", "editor@example.org", "people@example.org",
    ]  # fmt: skip


def test_who_switched_it_off_is_not(database):
    journey = make_journey()
    ada(journey)
    asks_to_join(journey)
    recipients.switch("ada@example.org", Choice.DIGEST, False, NOW)
    assert scan(MORNING) == 0


def test_the_zone_of_the_profile_counts_before_that_of_the_first_journey(database):
    journey = make_journey(timezone="Asia/Dhaka")
    user = ada(journey)
    asks_to_join(journey)
    dhaka = datetime(2027, 3, 2, 1, 0, tzinfo=UTC)
    bogota = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
    assert scan(bogota) == 0
    make_participant(user.name, user=user, timezone="America/Bogota")
    assert scan(bogota) == 1
    assert scan(dhaka) == 0
    assert queued() == [("ada@example.org", "2027-03-01")]


def test_one_letter_for_all_journeys_and_none_for_archived_ones(database):
    first, second, third = (make_journey(f"Journey {number}") for number in range(3))
    user = ada(first)
    assign_organiser(second, user, OrganiserRole.PEOPLE, NOW)
    assign_organiser(third, user, OrganiserRole.OWNER, NOW)
    for journey in (first, second, third):
        asks_to_join(journey, f"Somebody of {journey.title}")
    close(third, "", None, NOW)
    archive(third, NOW)
    assert scan(MORNING) == 1
    assert digest_rows.organisers(0)[0].journey_ids == [first.id, second.id]


@pytest.mark.parametrize(
    ("zone", "at", "morning"),
    [
        ("Africa/Accra", "2027-03-02T07:00", "2027-03-02T07:00"),
        ("Africa/Accra", "2027-03-02T06:59", "2027-03-01T07:00"),
        ("Asia/Kathmandu", "2027-03-02T01:15", "2027-03-02T01:15"),
        ("America/Bogota", "2027-03-02T07:00", "2027-03-01T12:00"),
        ("Europe/London", "2027-03-28T06:00", "2027-03-28T06:00"),
        ("Europe/London", "2027-03-28T05:59", "2027-03-27T07:00"),
        ("Pacific/Chatham", "2027-03-01T18:00", "2027-03-01T17:15"),
        ("No/Such_Zone", "2027-03-02T08:00", "2027-03-02T07:00"),
    ],
)
def test_the_latest_seven_o_clock(zone, at, morning):
    found = last_morning(datetime.fromisoformat(f"{at}+00:00"), zone)
    assert f"{found:%Y-%m-%dT%H:%M}" == morning
    assert found.utcoffset() == timedelta(0)


def test_many_organisers_cost_no_more_queries_than_one(database, query_counter):
    journey = make_journey()
    ada(journey)
    asks_to_join(journey)
    db.commit()
    with query_counter() as one:
        queue_digests(MORNING - QUARTER, MORNING)
    for number in range(5):
        other = make_journey(f"Journey {number}")
        assign_organiser(other, make_account(f"Organiser{number} Diallo"), OrganiserRole.OWNER, NOW)
        asks_to_join(other, f"Somebody {number}")
    db.commit()
    with query_counter() as many:
        queue_digests(MORNING - QUARTER, MORNING)
    assert many.count == one.count
    assert len(queued()) == 6


def test_organisers_are_found_in_chunks(database, monkeypatch):
    monkeypatch.setattr(digest_rows, "CHUNK", 2)
    journey = make_journey()
    for number in range(5):
        assign_organiser(journey, make_account(f"Organiser{number} Diallo"), OrganiserRole.OWNER, NOW)
    asks_to_join(journey)
    assert scan(MORNING) == 5


def test_the_worker_does_it(app, database, time_machine):
    offering = make_offering(capacity_online=1)
    ada(offering.learning_session.journey)
    for person in (pat(), will()):
        seat(person, offering)
    db.commit()
    with app.app_context():
        for now in (MORNING - QUARTER, MORNING, MORNING + QUARTER):
            time_machine.move_to(now, tick=False)
            worker.run_until_idle(lambda now=now: now)
    assert queued() == [("ada@example.org", "2027-03-02")]


# What is new


def test_nothing_is_new_in_a_quiet_journey(database):
    offering = make_offering()
    seat(pat(), offering)
    assert news_of(offering.learning_session.journey) is None


def test_requests_to_join_are_counted_with_the_oldest_where_one_is_new(database):
    journey = make_journey()
    asks_to_join(journey, at=NOW - 3 * DAY)
    assert news_of(journey) is None
    asks_to_join(journey, "Ben Okri")
    assert news_of(journey).asked == (2, NOW - 3 * DAY, NOW)


def test_requests_to_join_what_has_closed_wait_for_nobody(database):
    journey = make_journey()
    asks_to_join(journey)
    journey.status = JourneyStatus.CLOSED
    assert news_of(journey) is None


def test_requests_for_places_likewise(database):
    offering = make_offering()
    db.add(PlaceRule(offering_id=offering.id, needs_approval=True))
    seat(pat(), offering)
    [one] = news_of(offering.learning_session.journey).sittings
    assert (one.asked, one.waiting, one.lapsed) == ((1, NOW, NOW), 0, 0)
    assert news_of(offering.learning_session.journey, after=NOW) is None


def test_a_line_that_grew_says_how_many_wait_and_what_is_free(database):
    offering = make_offering(capacity_online=1)
    for person in (pat(), will(), nora()):
        seat(person, offering)
    [one] = news_of(offering.learning_session.journey).sittings
    assert (one.waiting, one.free, one.asked) == (2, 0, None)


def test_a_line_that_somebody_joined_and_somebody_left_did_not_grow(database):
    offering = make_offering(capacity_online=1)
    seat(pat(), offering)
    enrolments.release_place(seat(will(), offering), NOW)
    assert news_of(offering.learning_session.journey) is None


def test_offers_that_lapsed_are_counted(database):
    offering = make_offering()
    offer_lapses(seat(pat(), offering))
    offer_lapses(seat(will(), offering), NOW - 2 * DAY)
    [one] = news_of(offering.learning_session.journey).sittings
    assert one.lapsed == 1


def test_nothing_about_a_sitting_that_is_over(database):
    offering = make_offering(capacity_online=1)
    for person in (pat(), will()):
        seat(person, offering)
    assert news_of(offering.learning_session.journey, now=offering.ends_at) is None


def test_dead_mail_is_counted_of_this_journey_alone(database):
    journey, other = make_journey(), make_journey("Another")
    dead_mail(journey)
    dead_mail(journey, NOW - 2 * DAY)
    dead_mail(other, NOW + QUARTER)
    assert news_of(journey).dead == 1


def test_addresses_that_refuse_mail_count_for_who_is_enrolled(database):
    journey = make_journey()
    enrolments.enrol(journey, pat(), NOW)
    without = make_participant("Yaw Boateng")
    without.email = without.email_folded = "yaw@example.org"
    enrolments.enrol(journey, without, NOW)
    will()
    for name in ("Pat", "yaw", "will"):
        recipients.mark_refused(f"{name}@example.org", 550, "No such user", NOW)
    assert news_of(journey).refused == 2
    assert news_of(journey, after=NOW) is None


# The letter


@pytest.fixture
def sending(app, database):
    with app.app_context():
        yield


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
@four
def test_the_letter(person_in, time_machine):
    """Two journeys with everything that can be new."""
    person, first = person_in(), make_journey()
    second = make_journey("Social Health Insurance")
    user = db.get_one(User, person.user_id)
    for journey in (first, second):
        assign_organiser(journey, user, OrganiserRole.OWNER, NOW)
    for name in ("Ana Ruiz", "Ben Okri"):
        asks_to_join(first, name)
    full = make_offering(make_learning_session(first), capacity_online=1)
    for one in (pat(), will(), nora()):
        seat(one, full)
    asked = make_offering(make_learning_session(second, "Who pays"))
    db.add(PlaceRule(offering_id=asked.id, needs_approval=True))
    place = seat(make_participant("Chi Eze"), asked)
    offer_lapses(place)
    dead_mail(second)
    recipients.mark_refused("pat@example.org", 550, "No such user", NOW)
    morning = last_morning(NOW + DAY, person.timezone)
    scan(morning)
    time_machine.move_to(morning)
    check(compose(latest(), SENDER), "organiser-digest")


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
def test_silent_where_all_is_done_or_they_decide_no_more(time_machine):
    journey = make_journey()
    user = ada(journey)
    enrolment = asks_to_join(journey)
    scan(MORNING)
    time_machine.move_to(MORNING)
    enrolment.status = EnrolmentStatus.ACTIVE
    db.flush()
    with pytest.raises(NoLongerNeeded):
        compose(latest(), SENDER)
    enrolment.status = EnrolmentStatus.REQUESTED
    db.flush()
    compose(latest(), SENDER)
    assign_organiser(journey, user, OrganiserRole.READER, NOW)
    with pytest.raises(NoLongerNeeded):
        compose(latest(), SENDER)


@pytest.mark.engine("sqlite")
@pytest.mark.usefixtures("sending")
def test_a_letter_about_many_journeys_stays_small(time_machine):
    user = None
    for number in range(14):
        journey = make_journey(f"A journey with a rather long title, number {number:02}")
        user = user or ada(journey)
        assign_organiser(journey, user, OrganiserRole.OWNER, NOW)
        for part in range(8 if number < 2 else 1):
            title = f"A learning session with a rather long title, {part}"
            offering = make_offering(make_learning_session(journey, title))
            db.add(PlaceRule(offering_id=offering.id, needs_approval=True))
            seat(make_participant(f"Somebody {number} {part}"), offering)
    scan(MORNING)
    time_machine.move_to(MORNING)
    mail = compose(latest(), SENDER)
    assert len(page_in(mail).encode()) < 30_000
    assert "2 more journeys have news." in text_in(mail)
    assert text_in(mail).count("There is more on the desk.") == 2

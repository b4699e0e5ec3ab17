"""What else happens at a time that is planned."""

from datetime import date, datetime, timedelta

import pytest

from app.accounts.models import User
from app.domain.attendance import Attendance
from app.domain.permissions import Actor, OrganiserRole
from app.domain.timezones import Promise, Span
from app.enrolments import operations as enrolments
from app.facilitators.absences import Away, add_absence
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import Days
from app.scheduling import operations
from app.scheduling.clashes import Asked, Clashes, clashes, sitting_before, span_of
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_participant,
)
from tests.people import ada, cora, fran, lead, pat, seat, will

LONDON_AT_ONE = span_of(Promise(datetime(2027, 4, 22, 13, 0), "Europe/London", 0, 90))

pytestmark = pytest.mark.usefixtures("database")


def asked(journey, span=LONDON_AT_ONE, **facts):
    return Asked(span, journey.id, **facts)


def elsewhere(title="Governance of Health Care Quality", **facts):
    """A sitting of another journey, at the time asked about unless told otherwise."""
    status = facts.pop("status", JourneyStatus.OPEN)
    return make_offering(make_learning_session(make_journey(title, status=status)), **facts)


def actor_of(user: User, **facts) -> Actor:
    return Actor(user_id=user.id, **facts)


def numbers(sittings) -> list[int]:
    return [one.offering_id for one in sittings]


def days(first, last=None, timezone="Europe/London", **facts):
    """A whole-day sitting elsewhere."""
    return elsewhere("A workshop", when=Days(first, last or first, timezone), **facts)


def test_nothing_happens_then():
    make_offering(wall=datetime(2027, 4, 22, 11, 30))
    assert clashes(asked(make_journey("Quiet"), facilitator_ids=[make_facilitator().id])) == Clashes()


def test_a_facilitator_is_booked_twice():
    journey, one, other = make_journey(), make_facilitator("Farid Rahman"), make_facilitator("Ana Diaz")
    booked = elsewhere(wall=datetime(2027, 4, 22, 13, 30))
    for person in (one, other, make_facilitator("Somebody Else")):
        lead(booked, person)

    found = clashes(asked(journey, facilitator_ids=[one.id, other.id]))

    (booking,) = found.double_bookings
    assert booking.names == ("Ana Diaz", "Farid Rahman")
    assert (booking.sitting.offering_id, booking.sitting.journey, booking.sitting.position) == (
        booked.id,
        "Governance of Health Care Quality",
        1,
    )
    assert clashes(asked(journey)) == Clashes()


@pytest.mark.parametrize(
    ("wall", "length", "does"),
    [
        (datetime(2027, 4, 22, 11, 30), 90, False),
        (datetime(2027, 4, 22, 11, 30), 91, True),
        (datetime(2027, 4, 22, 14, 30), 90, False),
        (datetime(2027, 4, 22, 14, 29), 90, True),
        (datetime(2027, 4, 21, 13, 30), 1440, True),
        (datetime(2027, 4, 21, 13, 0), 1440, False),
    ],
)
def test_what_touches_at_its_edge_does_not_clash(wall, length, does):
    facilitator, other = make_facilitator(), elsewhere(wall=wall, length=length)
    lead(other, facilitator)
    found = clashes(asked(make_journey(), facilitator_ids=[facilitator.id]))
    assert bool(found.double_bookings) is does


def test_a_cancelled_sitting_and_the_one_that_is_changed_do_not_clash():
    offering, facilitator = make_offering(), make_facilitator()
    lead(offering, facilitator)
    cancelled = elsewhere()
    lead(cancelled, facilitator)
    operations.cancel(cancelled, "Nobody came.", NOW)

    found = clashes(
        asked(
            offering.learning_session.journey,
            learning_session_id=offering.learning_session_id,
            facilitator_ids=[facilitator.id],
            except_offering_id=offering.id,
        )
    )

    assert found == Clashes()


@pytest.mark.parametrize(
    ("first", "timezone", "does"),
    [
        (date(2027, 4, 22), "Europe/London", True),
        (date(2027, 4, 23), "Europe/London", False),
        (date(2027, 4, 21), "Europe/London", False),
        (date(2027, 4, 23), "Pacific/Auckland", True),  # there it is 00:00 already
        (date(2027, 4, 22), "Pacific/Auckland", False),
        (date(2027, 4, 22), "Pacific/Pago_Pago", True),  # it is 01:00 there
        (date(2027, 4, 21), "Pacific/Pago_Pago", False),
    ],
)
def test_whole_days_take_up_their_local_days(first, timezone, does):
    facilitator, workshop = make_facilitator(), days(first, timezone=timezone)
    lead(workshop, facilitator)
    found = clashes(asked(make_journey(), facilitator_ids=[facilitator.id]))
    assert [one.sitting.offering_id for one in found.double_bookings] == ([workshop.id] if does else [])


def test_whole_days_that_are_planned_clash_with_hours():
    facilitator, other = make_facilitator(), elsewhere(wall=datetime(2027, 4, 23, 22, 0))
    lead(other, facilitator)
    planned = span_of(Days(date(2027, 4, 22), date(2027, 4, 23), "Europe/London"))
    assert planned.minutes == 2 * 1440
    found = clashes(asked(make_journey(), planned, facilitator_ids=[facilitator.id]))
    assert [one.sitting.offering_id for one in found.double_bookings] == [other.id]


def test_a_facilitator_is_away():
    one, other = make_facilitator("Farid Rahman"), make_facilitator("Ana Diaz")
    away = add_absence(one, Away(date(2027, 4, 22), date(2027, 4, 23), "Asia/Dhaka", note="A wedding"))
    add_absence(one, Away(date(2027, 4, 23), date(2027, 4, 24), "Asia/Dhaka"))
    add_absence(other, Away(date(2027, 4, 22), date(2027, 4, 23), "Asia/Dhaka"))

    found = clashes(asked(make_journey(), facilitator_ids=[one.id]))

    assert found.absences == (away,)
    assert found.absences[0].facilitator is one


def test_sittings_of_the_same_journey_overlap():
    journey = make_journey()
    planned = make_learning_session(journey, "Planned")
    twin = make_offering(planned, wall=datetime(2027, 4, 22, 14, 0))
    other = make_offering(make_learning_session(journey, "Other"), wall=datetime(2027, 4, 22, 12, 0))

    found = clashes(asked(journey, learning_session_id=planned.id))
    of_a_new_one = clashes(asked(journey))

    assert (numbers(found.twins), numbers(found.same_journey)) == ([twin.id], [other.id])
    assert (numbers(of_a_new_one.twins), numbers(of_a_new_one.same_journey)) == ([], [other.id, twin.id])


def test_the_organisers_own_sessions():
    journey, run, only_read = make_journey(), elsewhere("Run"), elsewhere("Read")
    led = elsewhere("Led")
    organiser = fran(led)
    roles = {
        journey.id: OrganiserRole.OWNER,
        run.learning_session.journey_id: OrganiserRole.PEOPLE,
        only_read.learning_session.journey_id: OrganiserRole.READER,
    }
    actor = actor_of(organiser, organises=roles)

    found = clashes(asked(journey, actor=actor))

    assert sorted(numbers(found.own)) == sorted([run.id, led.id])
    assert {one.offering_id: one.is_led_by_actor for one in found.own} == {run.id: False, led.id: True}


def test_what_is_told_as_a_double_booking_is_not_told_again():
    led = elsewhere("Led")
    organiser = fran(led)
    (row,) = led.facilitators
    found = clashes(asked(make_journey(), facilitator_ids=[row.facilitator_id], actor=actor_of(organiser)))
    assert (len(found.double_bookings), found.own) == (1, ())


def test_participants_who_hold_a_place_elsewhere_are_counted_once():
    offering = make_offering()
    learning_session = offering.learning_session
    journey = learning_session.journey
    twin = make_offering(learning_session, wall=datetime(2027, 4, 22, 13, 30))
    other, third = elsewhere(), elsewhere("A third journey")
    waited_for = elsewhere("A fourth journey", capacity_online=0)
    both, in_the_twin, waits, not_ours = pat(), will(), make_participant("Wat"), make_participant("Nora")
    for person in (both, in_the_twin, waits):
        enrolments.enrol(journey, person, NOW)
    for person, held in ((both, other), (both, third), (in_the_twin, twin), (waits, waited_for)):
        seat(person, held)
    seat(not_ours, other)

    found = clashes(asked(journey, learning_session_id=learning_session.id, except_offering_id=offering.id))

    assert found.held_elsewhere == 1


def test_those_who_left_the_journey_do_not_count():
    journey, other, person = make_journey(), elsewhere(), pat()
    enrolments.enrol(journey, person, NOW)
    seat(person, other)
    enrolments.leave(journey, person, NOW)
    assert clashes(asked(journey)).held_elsewhere == 0


def test_drafts_of_others_are_not_named():
    journey, draft = make_journey(), elsewhere("Secret", status=JourneyStatus.DRAFT)
    facilitator = make_facilitator()
    lead(draft, facilitator)
    organiser, other = ada(journey), cora(draft.learning_session.journey)
    (booking,) = clashes(asked(journey, facilitator_ids=[facilitator.id])).double_bookings
    theirs = {draft.learning_session.journey_id: OrganiserRole.READER}
    assert not booking.sitting.is_named_to(actor_of(organiser), journey.id)
    assert booking.sitting.is_named_to(actor_of(other, organises=theirs), journey.id)
    assert booking.sitting.is_named_to(Actor(is_administrator=True), journey.id)


def test_the_sitting_before():
    journey = make_journey()
    planned = make_learning_session(journey, "Planned")
    make_offering(planned, wall=datetime(2027, 4, 21, 13, 0))
    before = make_offering(make_learning_session(journey, "Before"), wall=datetime(2027, 4, 15, 13, 0))
    make_offering(make_learning_session(journey, "Long before"), wall=datetime(2027, 3, 15, 13, 0))
    make_offering(make_learning_session(journey, "After"), wall=datetime(2027, 4, 29, 13, 0))
    elsewhere(wall=datetime(2027, 4, 20, 13, 0))

    found = sitting_before(asked(journey, learning_session_id=planned.id))

    assert found is not None
    assert found.offering_id == before.id
    assert sitting_before(asked(make_journey("Empty"))) is None


def test_what_was_known_before_is_not_news():
    journey, facilitator = make_journey(), make_facilitator()
    known, new = elsewhere("Known"), elsewhere("New", wall=datetime(2027, 4, 22, 14, 20))
    for one in (known, new):
        lead(one, facilitator)
    early = Span(
        LONDON_AT_ONE.starts_at - timedelta(minutes=30), LONDON_AT_ONE.ends_at - timedelta(minutes=30)
    )
    before = clashes(asked(journey, early, facilitator_ids=[facilitator.id]))
    after = clashes(asked(journey, facilitator_ids=[facilitator.id]))
    assert [one.sitting.offering_id for one in after.beyond(before).double_bookings] == [new.id]
    assert after.beyond(after) == Clashes()


def crowd(journey, facilitators, start):
    """Sittings and holders of places, led by them, all at one time."""
    for number, facilitator in enumerate(facilitators, start):
        offering = make_offering(
            make_learning_session(make_journey(f"Journey {number}")), attendance=Attendance.ONLINE
        )
        lead(offering, facilitator)
        person = make_participant(f"Person {number}")
        enrolments.enrol(journey, person, NOW)
        seat(person, offering)
        add_absence(facilitator, Away(date(2027, 4, 22), date(2027, 4, 22), "Europe/London"))
        make_offering(make_learning_session(journey, f"Session {number}"))
        workshop = days(date(2027, 4, 22))
        lead(workshop, facilitator)


def test_thirty_cost_no_more_than_one(database, query_counter):
    journey, people = make_journey(), [make_facilitator(f"Leader {number}") for number in range(30)]
    ids = [one.id for one in people]
    journey_id = journey.id
    counts = []
    for some in (people[:1], people[1:]):
        crowd(journey, some, len(counts))
        database.commit()
        database.expire_all()
        with query_counter() as counted:
            found = clashes(Asked(LONDON_AT_ONE, journey_id, facilitator_ids=ids))
        counts.append(counted.count)
    assert len(found.double_bookings) == 60
    assert len({one.facilitator.name for one in found.absences}) == 30
    assert (found.held_elsewhere, len(found.same_journey)) == (30, 30)
    assert counts[0] == counts[1] <= 5
    assert database.get(Offering, found.same_journey[0].offering_id) is not None

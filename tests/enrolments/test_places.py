"""Asking for a place in a sitting and giving it up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.domain.attendance import Attendance, Way
from app.domain.errors import NotFound, NotOpen, Refused
from app.domain.seats import PlaceStatus
from app.enrolments import operations, queries, steps
from app.enrolments.asked import wanted
from app.enrolments.models import Place
from app.enrolments.seating import settle_learning_session
from app.journeys import operations as journeys
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import Days
from app.scheduling.operations import cancel
from tests.enrolments.reading import counters, messages, rows_confirmed, seated, several, statuses
from tests.enrolments.ruled import OFFERS, ruled
from tests.factories import NOW, make_offering
from tests.people import pat, seat, will

LATER = NOW + timedelta(hours=1)
STARTS = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=90)
CONFIRMED, WAITING, RELEASED = PlaceStatus.CONFIRMED, PlaceStatus.WAITING, PlaceStatus.RELEASED


def line(place: Place) -> tuple[int, int]:
    """(position, how many wait) as its holder is told."""
    own = queries.own_places(place.participant_id, [place.learning_session_id])[place.offering_id]
    return own.position, own.in_line


def test_a_place_is_confirmed_while_there_is_room(database):
    offering, person = make_offering(capacity_online=2), pat()

    place = seat(person, offering)

    assert (place.status, place.way, place.queue_number) == (CONFIRMED, Way.ONLINE, 1)
    assert (place.requested_at, place.confirmed_at, place.released_at) == (NOW, NOW, None)
    assert counters(offering) == (1, 0)
    assert messages() == [("enrolled", "Pat"), ("place-confirmed", "Pat")]


def test_who_comes_when_it_is_full_waits_in_the_order_of_asking(database):
    offering = make_offering(capacity_online=1)

    holder, second, third = seated(offering, several(3))

    assert [one.status for one in (holder, second, third)] == [CONFIRMED, WAITING, WAITING]
    assert [one.queue_number for one in (holder, second, third)] == [1, 2, 3]
    assert (line(second), line(third)) == ((1, 2), (2, 2))
    assert second.confirmed_at is None
    assert counters(offering) == (1, 0)
    assert messages()[-3:] == [("waiting", "Bashir"), ("enrolled", "Chipo"), ("waiting", "Chipo")]


def test_without_a_limit_nobody_waits(database):
    offering = make_offering()

    seated(offering, several(11))

    assert statuses(offering) == [CONFIRMED] * 11
    assert counters(offering) == (11, 0)


def test_where_there_are_no_places_at_all_the_first_waits(database):
    offering = make_offering(capacity_online=0)

    assert seat(pat(), offering).status is WAITING


def test_each_way_of_attending_has_its_own_places_and_its_own_line(database):
    offering = make_offering(attendance=Attendance.BOTH, capacity_online=1, capacity_in_person=2)
    people = several(6)

    online = seated(offering, people[:3], Way.ONLINE)
    in_person = seated(offering, people[3:], Way.IN_PERSON)

    assert [one.status for one in online] == [CONFIRMED, WAITING, WAITING]
    assert [one.status for one in in_person] == [CONFIRMED, CONFIRMED, WAITING]
    assert (line(online[2]), line(in_person[2])) == ((2, 2), (1, 1))
    assert counters(offering) == rows_confirmed(offering) == (1, 2)


def test_a_sitting_that_was_deleted_meanwhile_is_said_to_be_gone(database):
    offering, person = make_offering(), pat()
    operations.enrol(offering.learning_session.journey, person, NOW)
    pressed = wanted(offering.id)
    assert pressed is not None
    database.delete(offering)
    database.flush()

    with pytest.raises(NotFound, match="no longer there"):
        operations.take_place(pressed, person, Way.ONLINE, NOW)


def test_asking_again_for_what_one_holds_changes_nothing(database):
    offering, person = make_offering(capacity_online=1), pat()
    first = seat(person, offering)
    before = messages()

    again = operations.take_place(offering, person, Way.ONLINE, LATER)

    assert again is first
    assert (again.queue_number, again.requested_at) == (1, NOW)
    assert counters(offering) == (1, 0)
    assert messages() == before


def test_asking_again_while_waiting_keeps_the_place_in_line(database):
    offering = make_offering(capacity_online=1)
    _, second, third = seated(offering, several(3))

    again = operations.take_place(offering, second.participant, Way.ONLINE, LATER)

    assert again.queue_number == 2
    assert (line(second), line(third)) == ((1, 2), (2, 2))


def test_who_waits_for_one_way_may_join_the_line_of_the_other_at_its_end(database):
    offering = make_offering(attendance=Attendance.BOTH, capacity_online=1, capacity_in_person=1)
    people = several(4)
    seated(offering, people[:2], Way.ONLINE)
    seated(offering, people[2:], Way.IN_PERSON)

    moved = operations.take_place(offering, people[1], Way.IN_PERSON, LATER)

    assert (moved.status, moved.way, moved.queue_number) == (WAITING, Way.IN_PERSON, 5)
    assert line(moved) == (2, 2)
    assert database.scalar(select(func.count(Place.id)).filter_by(participant_id=people[1].id)) == 1


def test_who_holds_a_place_one_way_is_told_to_give_it_up_before_asking_for_the_other(database):
    offering, person = make_offering(attendance=Attendance.BOTH), pat()
    place = seat(person, offering, Way.ONLINE)

    with pytest.raises(Refused, match="You hold a place online. Give it up first"):
        operations.take_place(offering, person, Way.IN_PERSON, LATER)

    assert (place.status, place.way) == (CONFIRMED, Way.ONLINE)


def test_who_is_not_enrolled_takes_no_place(database):
    offering, person = make_offering(), pat()

    with pytest.raises(Refused, match="Enrol in “Financing and Payment Models” first"):
        operations.take_place(offering, person, Way.ONLINE, NOW)

    assert statuses(offering) == []


def test_who_has_left_the_journey_takes_no_place(database):
    offering, person = make_offering(), pat()
    operations.enrol(offering.learning_session.journey, person, NOW)
    operations.leave(offering.learning_session.journey, person, NOW)

    with pytest.raises(Refused, match="first; then you can take places"):
        operations.take_place(offering, person, Way.ONLINE, NOW)


def test_a_closed_journey_gives_no_place_to_those_who_are_enrolled(database):
    offering, person = make_offering(), pat()
    operations.enrol(offering.learning_session.journey, person, NOW)
    offering.learning_session.journey.status = JourneyStatus.CLOSED
    database.flush()

    with pytest.raises(NotOpen, match="is closed"):
        operations.take_place(offering, person, Way.ONLINE, NOW)


def test_a_cancelled_sitting_gives_no_place(database):
    offering, person = make_offering(), pat()
    operations.enrol(offering.learning_session.journey, person, NOW)
    cancel(offering, "The speaker is ill.", NOW)

    with pytest.raises(NotOpen, match="cancelled"):
        operations.take_place(offering, person, Way.ONLINE, NOW)


@pytest.mark.parametrize("now", [STARTS, STARTS + timedelta(minutes=1), ENDS, ENDS + timedelta(days=9)])
def test_a_sitting_that_has_begun_or_is_over_gives_no_place(database, now):
    offering, person = make_offering(), pat()
    operations.enrol(offering.learning_session.journey, person, NOW)

    with pytest.raises(NotOpen, match="has begun or is over"):
        operations.take_place(offering, person, Way.ONLINE, now)


def test_the_last_moment_before_the_start_is_early_enough(database):
    offering, person = make_offering(), pat()
    operations.enrol(offering.learning_session.journey, person, NOW)

    place = operations.take_place(offering, person, Way.ONLINE, STARTS - timedelta(microseconds=1))

    assert place.status is CONFIRMED


def test_a_sitting_known_by_its_days_gives_places_until_its_last_day_ends_where_it_is_held(database):
    offering = make_offering(when=Days(date(2027, 5, 11), date(2027, 5, 12), "America/Bogota"))
    first, second = several(2)
    for person in (first, second):
        operations.enrol(offering.learning_session.journey, person, NOW)
    midnight = datetime(2027, 5, 13, 5, 0, tzinfo=UTC)

    place = operations.take_place(offering, first, Way.ONLINE, midnight - timedelta(seconds=1))

    assert place.status is CONFIRMED
    with pytest.raises(NotOpen, match="is over"):
        operations.take_place(offering, second, Way.ONLINE, midnight)


def test_a_sitting_held_online_cannot_be_attended_in_person(database):
    offering, person = make_offering(), pat()
    operations.enrol(offering.learning_session.journey, person, NOW)

    with pytest.raises(Refused, match="This sitting cannot be attended in person"):
        operations.take_place(offering, person, Way.IN_PERSON, NOW)


def test_a_released_place_goes_to_the_first_in_line_in_the_same_step(database):
    offering = make_offering(capacity_online=1)
    holder, second, third = seated(offering, several(3))
    before = messages()

    operations.release_place(holder, LATER)

    assert statuses(offering) == [RELEASED, CONFIRMED, WAITING]
    assert (holder.released_at, second.confirmed_at) == (LATER, LATER)
    assert line(third) == (1, 1)
    assert counters(offering) == rows_confirmed(offering) == (1, 0)
    assert messages()[len(before) :] == [("place-released", "Amina"), ("promoted", "Bashir")]


def test_leaving_the_line_moves_those_behind_up_and_frees_nothing(database):
    offering = make_offering(capacity_online=1)
    _, second, third = seated(offering, several(3))
    before = messages()

    operations.release_place(second, LATER)

    assert statuses(offering) == [CONFIRMED, RELEASED, WAITING]
    assert line(third) == (1, 1)
    assert counters(offering) == (1, 0)
    assert messages()[len(before) :] == [("place-released", "Bashir")]


def test_releasing_twice_is_releasing_once(database):
    offering = make_offering(capacity_online=1)
    holder, _, third = seated(offering, several(3))

    operations.release_place(holder, LATER)
    operations.release_place(holder, LATER + timedelta(hours=1))

    assert statuses(offering) == [RELEASED, CONFIRMED, WAITING]
    assert (holder.released_at, holder.sequence, third.status) == (LATER, 1, WAITING)
    assert counters(offering) == (1, 0)


def test_coming_back_reactivates_the_row_at_the_end_of_the_line(database):
    offering = make_offering(capacity_online=1)
    holder, second, third = seated(offering, several(3))
    operations.release_place(holder, LATER)

    back = operations.take_place(offering, holder.participant, Way.ONLINE, LATER)

    assert back.id == holder.id
    assert (back.status, back.queue_number, back.requested_at) == (WAITING, 4, LATER)
    assert (back.confirmed_at, back.released_at) == (None, None)
    assert (line(third), line(back)) == ((1, 2), (2, 2))
    assert second.status is CONFIRMED


def test_giving_up_a_confirmed_place_raises_its_calendar_sequence_and_leaving_a_line_does_not(database):
    offering = make_offering(capacity_online=1)
    holder, second = seated(offering, several(2))

    operations.release_place(second, LATER)
    operations.release_place(holder, LATER)

    assert (holder.sequence, second.sequence) == (1, 0)


def test_each_return_outranks_the_cancellation_before_it(database):
    """Two calendar objects about one place never say different things under the same number."""
    offering, person = make_offering(), pat()
    place = seat(person, offering)
    told = [place.sequence]

    for _ in range(2):
        operations.release_place(place, LATER)
        told.append(place.sequence)
        operations.take_place(offering, person, Way.ONLINE, LATER)
        told.append(place.sequence)

    assert (place.status, told) == (CONFIRMED, [0, 1, 2, 3, 4])


def test_an_offer_that_is_declined_or_lapses_outranks_the_invitation_to_it(database):
    offering = ruled(OFFERS, capacity_online=1)
    holder, second, third = seated(offering, several(3))

    operations.release_place(holder, LATER)
    assert (second.status, second.sequence) == (PlaceStatus.OFFERED, 1)
    operations.release_place(second, LATER)
    assert (second.status, second.sequence) == (RELEASED, 2)
    assert (third.status, third.sequence) == (PlaceStatus.OFFERED, 1)
    settle_learning_session(offering.learning_session_id, LATER + timedelta(hours=48))

    assert (third.status, third.sequence) == (RELEASED, 2)


@pytest.mark.parametrize("status", [CONFIRMED, WAITING])
def test_what_was_stays_when_the_sitting_is_over(database, status):
    offering = make_offering(capacity_online=1)
    places = seated(offering, several(2))
    place = next(one for one in places if one.status is status)

    with pytest.raises(Refused, match="over; its places stay as they were"):
        operations.release_place(place, ENDS)

    assert statuses(offering) == [CONFIRMED, WAITING]
    assert counters(offering) == (1, 0)


def test_a_place_can_be_given_up_while_the_sitting_goes_on_and_nobody_moves_up(database):
    offering = make_offering(capacity_online=1)
    holder, second = seated(offering, several(2))

    operations.release_place(holder, ENDS - timedelta(minutes=1))

    assert (holder.status, second.status) == (RELEASED, WAITING)


def test_nobody_moves_up_once_the_journey_is_closed(database):
    offering = make_offering(capacity_online=1)
    holder, second = seated(offering, several(2))
    journeys.close(offering.learning_session.journey, "", NOW.date(), NOW)

    operations.release_place(holder, NOW)

    assert (holder.status, second.status) == (RELEASED, WAITING)


def test_who_had_a_place_in_a_sitting_that_began_keeps_it_and_gets_no_twin(database):
    morning = make_offering(capacity_online=2)
    evening = make_offering(morning.learning_session, wall=datetime(2027, 4, 23, 19, 0))
    (holder,) = seated(morning, several(1))

    with pytest.raises(Refused):
        operations.take_place(evening, holder.participant, Way.ONLINE, ENDS)

    assert holder.status is CONFIRMED
    assert counters(morning) == (1, 0)


def test_a_place_in_a_cancelled_sitting_can_be_given_up_and_nobody_moves_up(database):
    offering = make_offering(capacity_online=1)
    holder, second = seated(offering, several(2))
    cancel(offering, "", NOW)

    operations.release_place(holder, LATER)

    assert (holder.status, second.status) == (RELEASED, WAITING)
    assert counters(offering) == (0, 0)


def make_an_offer(place):
    """What was confirmed is taken back and offered."""
    operations.release_place(place, NOW)
    steps.offer(place, LATER + timedelta(days=1), NOW)


def test_a_place_on_offer_counts_as_taken(database):
    offering = make_offering(capacity_online=1)
    first, second = several(2)
    offered = seat(first, offering)
    make_an_offer(offered)

    waiting = seat(second, offering)

    assert waiting.status is WAITING
    operations.release_place(offered, LATER)
    assert (offered.status, waiting.status) == (RELEASED, CONFIRMED)


def test_asking_for_what_is_on_offer_keeps_the_offer(database):
    offering, person = make_offering(capacity_online=1), pat()
    offered = seat(person, offering)
    make_an_offer(offered)

    assert operations.take_place(offering, person, Way.ONLINE, LATER).status is PlaceStatus.OFFERED


def test_taking_and_releasing_leave_the_offerings_version_stamp_and_sequence_alone(database):
    offering = make_offering(capacity_online=1)
    facts = (offering.version, offering.sequence, offering.updated_at)

    holder, _ = seated(offering, [pat(), will()])
    operations.release_place(holder, LATER)

    database.expire_all()
    found = database.get_one(Offering, offering.id)
    assert (found.version, found.sequence, found.updated_at) == facts
    assert found.last_queue_number == 2

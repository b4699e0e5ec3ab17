"""Cancelling a sitting and letting it take place after all."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.attendance import Attendance, Way
from app.domain.errors import NotOpen, Refused
from app.domain.seats import PlaceStatus
from app.enrolments import operations as enrolments
from app.learning_sessions.models import OfferingStatus
from app.scheduling import operations
from app.scheduling.models import ChangeKind
from tests.enrolments.reading import counters, messages, rows_confirmed, seated, several, statuses
from tests.factories import NOW, make_learning_session, make_offering, make_venue
from tests.people import ada, pat, seat, will
from tests.scheduling.telling import as_it_is, changes_of

LATER = NOW + timedelta(hours=1)
STARTS = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)
CONFIRMED, WAITING, RELEASED = PlaceStatus.CONFIRMED, PlaceStatus.WAITING, PlaceStatus.RELEASED

pytestmark = pytest.mark.usefixtures("database")


def wall(*parts):
    return datetime(*parts)


def test_a_cancelled_sitting_stays_with_its_reason_and_its_places():
    offering = make_offering(capacity_online=1)
    organiser = ada(offering.learning_session.journey)
    holder, waiting = seated(offering, several(2))
    told = messages()

    change = operations.cancel(offering, " Strike ", LATER, by=organiser)

    assert (offering.status, offering.cancelled_at, offering.cancellation_note) == (
        OfferingStatus.CANCELLED,
        LATER,
        "Strike",
    )
    assert (offering.sequence, offering.updated_at) == (1, LATER)
    assert offering.learning_session.journey.next_at is None
    assert changes_of(offering) == [change]
    assert (change.kind, change.sequence, change.note, change.changed_by_id) == (
        ChangeKind.CANCELLED,
        1,
        "Strike",
        organiser.id,
    )
    assert change.before_starts_at == change.after_starts_at == STARTS
    assert (holder.status, waiting.status) == (CONFIRMED, WAITING)
    assert (counters(offering), messages()) == ((1, 0), told)


def test_cancelling_twice_is_cancelling_once():
    offering = make_offering()
    operations.cancel(offering, "Strike", LATER)

    assert operations.cancel(offering, "Again", LATER + timedelta(hours=1)) is None

    assert (offering.cancellation_note, offering.cancelled_at, offering.sequence) == ("Strike", LATER, 1)
    assert len(changes_of(offering)) == 1


def test_nobody_is_seated_in_a_cancelled_sitting_nor_moved():
    offering = make_offering(capacity_online=1)
    holder, waiting = seated(offering, several(2))
    operations.cancel(offering, "Strike", LATER)

    with pytest.raises(NotOpen):
        enrolments.take_place(offering, pat(), Way.ONLINE, LATER)
    for changes, field in (
        ({"wall": wall(2027, 4, 29, 13)}, "starts_wall"),
        ({"length": 60}, "starts_wall"),
        ({"attendance": Attendance.BOTH, "venue": make_venue()}, "attendance"),
    ):
        with pytest.raises(Refused) as refused:
            operations.revise(offering, as_it_is(offering, **changes), LATER)
        assert (refused.value.message, refused.value.field) == (
            "This sitting has been cancelled; restore it before you move it.",
            field,
        )
    operations.revise(
        offering, as_it_is(offering, capacity_online=5, join_url="https://example.org/x"), LATER
    )
    enrolments.release_place(holder, LATER)

    assert statuses(offering) == [RELEASED, WAITING]
    assert (offering.sequence, offering.join_url) == (1, "https://example.org/x")

    operations.restore(offering, LATER)
    assert waiting.status is CONFIRMED


def test_restoring_gives_back_what_was_and_seats_who_waits():
    offering = make_offering(capacity_online=1)
    organiser = ada(offering.learning_session.journey)
    holder, waiting = seated(offering, several(2))
    operations.cancel(offering, "Strike", LATER)
    again = LATER + timedelta(days=1)

    change = operations.restore(offering, again, by=organiser, note="The strike is off.")

    assert (offering.status, offering.cancelled_at, offering.cancellation_note) == (
        OfferingStatus.SCHEDULED,
        None,
        "",
    )
    assert (offering.sequence, offering.updated_at) == (2, again)
    assert offering.learning_session.journey.next_at == STARTS
    assert [one.kind for one in changes_of(offering)] == [ChangeKind.CANCELLED, ChangeKind.RESTORED]
    assert (change.sequence, change.note, change.changed_by_id) == (2, "The strike is off.", organiser.id)
    assert (holder.status, waiting.status) == (CONFIRMED, WAITING)

    enrolments.release_place(holder, again)
    assert waiting.status is CONFIRMED


def test_restoring_what_takes_place_anyway_changes_nothing():
    offering = make_offering()

    assert operations.restore(offering, LATER) is None

    assert (offering.sequence, changes_of(offering)) == (0, [])


def test_who_changed_to_the_twin_meanwhile_stays_there():
    learning_session = make_learning_session()
    morning = make_offering(learning_session, capacity_online=1)
    evening = make_offering(learning_session, wall=wall(2027, 4, 22, 19), capacity_online=1)
    first, second = pat(), will()
    held, waits = seat(first, morning), seat(second, morning)
    operations.cancel(morning, "Strike", LATER)

    moved = enrolments.take_place(evening, first, Way.ONLINE, LATER)
    assert (held.status, moved.status, waits.status) == (RELEASED, CONFIRMED, WAITING)

    operations.restore(morning, LATER)
    assert (moved.status, waits.status) == (CONFIRMED, CONFIRMED)
    assert counters(morning) == rows_confirmed(morning) == (1, 0)
    assert counters(evening) == rows_confirmed(evening) == (1, 0)


def test_a_cancelled_sitting_with_fewer_places_names_the_last_all_the_same():
    offering = make_offering()
    places = seated(offering, several(3))
    operations.cancel(offering, "", LATER)

    operations.revise(offering, as_it_is(offering, capacity_online=2), LATER, may_unseat=True)

    assert [one.status for one in places] == [CONFIRMED, CONFIRMED, WAITING]

"""Who is told of changes, of what, and how often: once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.seats import PlaceStatus
from app.enrolments.operations import release_place
from app.enrolments.reserving import Wanted, reserve
from app.jobs import operations as jobs
from app.messages.kinds import kinds
from app.messages.models import MessageState
from app.scheduling import hearers, operations
from app.scheduling.announcing import TELL
from app.scheduling.models import Announcement, AnnouncementState
from app.scheduling.telling import tell, tell_at_its_moment
from tests.factories import NOW, make_facilitator, make_offering, make_participant, make_venue
from tests.notices.changes.telling import announced, end, messages_to, send, sent, told, written
from tests.notices.golden import text_in
from tests.people import ada, lead, make_account, pat, seat, will
from tests.scheduling.telling import as_it_is

HOUR = timedelta(hours=1)
QUEUED, SENT = MessageState.QUEUED, MessageState.SENT


@pytest.fixture(autouse=True)
def _sending(app, time_machine):
    time_machine.move_to(NOW)
    with app.app_context():
        yield


def move(offering, hour, now=NOW, **facts):
    wall = offering.starts_wall.replace(hour=hour)
    return operations.revise(offering, as_it_is(offering, wall=wall), now, **facts)


def without_account(name):
    """Somebody whom organisers entered, with an address."""
    person = make_participant(name)
    person.email = f"{name.replace(' ', '.').lower()}@example.org"
    return person


def test_whoever_has_to_do_with_it_is_told(database):
    offering = make_offering(capacity_online=10)
    journey = offering.learning_session.journey
    seat(pat(), offering)
    seat(without_account("Zola Dube"), offering)
    seat(make_participant("Nobody Knows"), offering)  # has given no address
    gone = seat(without_account("Gone Away"), offering)
    release_place(gone, NOW)
    lead(offering, make_facilitator("Fran Moyo", user=make_account("Fran Moyo")))
    lead(offering, make_facilitator("Wanjiru Kamau"))  # has no account
    focal = make_participant("Femi Ade", user=make_account("Femi Ade"))
    group = Wanted("A group", Way.ONLINE, 5, NOW + timedelta(days=9), "Africa/Accra", focal=focal)
    reserve(offering, group, None, NOW)
    operations.revise(offering, as_it_is(offering, capacity_online=8), NOW)
    seat(will(), offering)  # waits
    move(offering, 15, by=ada(journey))

    told()

    names = ["Femi Ade", "Fran Moyo", "Pat Asante", "Will Rahman", "Zola Dube"]
    assert written() == [(name, "session-moved") for name in names]
    assert announced() == [(AnnouncementState.TOLD, 5)]
    one = messages_to("Pat Asante")[0]
    assert one.scope == f"journey:{journey.id}"
    assert one.expires_at == offering.ends_at


def test_who_is_two_of_these_is_told_as_the_one_with_a_place(database):
    offering = make_offering()
    fran = make_account("Fran Moyo")
    lead(offering, make_facilitator("Fran Moyo", user=fran))
    place = seat(make_participant("Fran Moyo", user=fran), offering)
    move(offering, 15)

    told()

    assert [one.payload.get("place_id") for one in messages_to("Fran Moyo")] == [place.id]


def test_a_facilitator_who_made_the_change_knows_of_it(database):
    offering = make_offering()
    fran, other = make_account("Fran Moyo"), make_account("Wanjiru Kamau")
    for user in (fran, other):
        lead(offering, make_facilitator(user.name, user=user))
    move(offering, 15, by=other)
    move(offering, 16, by=fran)

    told()

    assert written() == [("Wanjiru Kamau", "session-moved")]


def test_who_asks_after_a_change_knows_it_already(database):
    offering = make_offering()
    move(offering, 15, NOW - HOUR / 2)
    seat(pat(), offering)

    told()

    assert written() == []
    assert announced() == [(AnnouncementState.TOLD, 0)]


def test_each_is_told_from_what_they_knew(database):
    offering = make_offering()
    person, late = pat("UTC"), will("UTC")
    seat(person, offering).requested_at = NOW - HOUR
    seat(late, offering).requested_at = NOW + timedelta(minutes=3)
    move(offering, 15)
    move(offering, 17, NOW + timedelta(minutes=5))

    told()

    (first,), (second,) = messages_to(person.name), messages_to(late.name)
    assert "now 16:00 instead of 12:00, Thursday as before" in text_in(send(first, NOW))
    assert "now 16:00 instead of 14:00, Thursday as before" in text_in(send(second, NOW))


@pytest.mark.parametrize(
    ("steps", "kinds"),
    [
        (["15", "13"], []),
        (["cancel", "restore"], []),
        (["15", "cancel"], ["session-cancelled"]),
        (["cancel", "restore", "15"], ["session-moved"]),
        (["15", "16", "17"], ["session-moved"]),
    ],
)
def test_changes_made_together_are_one_message_or_none(database, steps, kinds):
    offering = make_offering()
    seat(pat(), offering)
    for minutes, step in enumerate(steps):
        change(offering, step, NOW + timedelta(minutes=minutes))

    told()

    assert [kind for _, kind in written()] == kinds
    assert announced() == [(AnnouncementState.TOLD, len(kinds))]


def change(offering, step, now):
    if step == "cancel":
        operations.cancel(offering, "The speaker is ill.", now)
    elif step == "restore":
        operations.restore(offering, now)
    else:
        move(offering, int(step), now)


def test_what_has_changed_again_before_it_left_is_told_by_the_later_message_alone(database, time_machine):
    offering = make_offering()
    person = pat("UTC")
    seat(person, offering)
    move(offering, 15)
    told()
    operations.cancel(offering, "The speaker is ill.", NOW + HOUR)
    told(NOW + HOUR)
    time_machine.move_to(NOW + 2 * HOUR)

    first, second = messages_to(person.name)

    assert send(first, NOW + 2 * HOUR) is None
    assert "It was planned for Thursday 22 April 2027, 12:00–13:30" in text_in(send(second, NOW + 2 * HOUR))


def test_what_was_told_is_what_the_next_message_begins_with(database):
    offering = make_offering()
    person = pat("UTC")
    seat(person, offering)
    move(offering, 15)
    told()
    sent(person, "session-moved", NOW + HOUR)
    move(offering, 17, NOW + 2 * HOUR)
    told(NOW + 2 * HOUR)

    (one,) = messages_to(person.name, QUEUED)

    assert "now 16:00 instead of 14:00" in text_in(send(one, NOW + 3 * HOUR))


def test_who_missed_a_message_hears_of_it_when_a_change_was_taken_back(database):
    """Moved; moved on while the message waited, which ended it; moved back to where the message had it."""
    offering = make_offering()
    person = pat("UTC")
    seat(person, offering)
    move(offering, 15)
    told()
    move(offering, 17, NOW + HOUR)
    assert send(messages_to(person.name)[0], NOW + HOUR) is None
    move(offering, 15, NOW + HOUR)
    told(NOW + HOUR)

    (one,) = messages_to(person.name, QUEUED)

    assert "now 14:00 instead of 12:00" in text_in(send(one, NOW + 2 * HOUR))


def test_a_message_under_way_while_its_change_is_taken_back_is_followed_by_another(database):
    offering = make_offering()
    person = pat("UTC")
    seat(person, offering)
    move(offering, 15)
    told()
    (first,) = messages_to(person.name)
    end(first, MessageState.SENDING)
    move(offering, 13, NOW + HOUR)
    told(NOW + HOUR)
    end(first, SENT, NOW + HOUR)

    (second,) = messages_to(person.name, QUEUED)

    assert "now 12:00 instead of 14:00" in text_in(send(second, NOW + 2 * HOUR))


def test_a_message_that_no_server_took_was_not_told(database):
    offering = make_offering()
    person = pat("UTC")
    seat(person, offering)
    move(offering, 15)
    told()
    end(messages_to(person.name)[0], MessageState.DEAD)
    move(offering, 17, NOW + 2 * HOUR)
    told(NOW + 2 * HOUR)

    (one,) = messages_to(person.name, QUEUED)

    assert "now 16:00 instead of 12:00" in text_in(send(one, NOW + 3 * HOUR))


def test_the_venue_matters_to_those_who_go_there(database):
    offering = make_offering(attendance=Attendance.BOTH, venue=make_venue())
    seat(pat(), offering)
    seat(will(), offering, Way.IN_PERSON)
    operations.revise(offering, as_it_is(offering, venue=make_venue("Library")), NOW)

    told()

    assert written() == [("Will Rahman", "session-relocated")]


@pytest.mark.parametrize(
    ("status", "kept", "noted", "button"),
    [
        (PlaceStatus.CONFIRMED, "Your place is kept.", "Your place stays noted.", "Say you can’t come"),
        (
            PlaceStatus.OFFERED,
            "stays on offer until Tuesday 2 March 2027, 09:00 in UTC.",
            "Your request stays noted.",
            "Say you can’t come",
        ),
        (PlaceStatus.WAITING, "Your place in the line is kept.", "Your request stays noted.", "Give up what"),
        (
            PlaceStatus.REQUESTED,
            "Your request stands; the organisers",
            "Your request stays noted.",
            "Give up",
        ),
    ],
)
def test_each_is_told_what_becomes_of_what_they_have(database, status, kept, noted, button):
    offering = make_offering(capacity_online=1 if status is PlaceStatus.WAITING else None)
    person = pat("UTC")
    if status is PlaceStatus.WAITING:
        seat(will(), offering)
    place = seat(person, offering)
    place.status = status
    place.offer_ends_at = NOW + timedelta(days=1) if status is PlaceStatus.OFFERED else None
    move(offering, 15)
    told()
    (moved,) = messages_to(person.name, QUEUED)
    assert kept in text_in(send(moved, NOW))
    assert button in text_in(send(moved, NOW))
    end(moved, SENT, NOW)
    operations.cancel(offering, "The speaker is ill.", NOW + HOUR)
    told(NOW + HOUR)

    (cancelled,) = messages_to(person.name, QUEUED)

    assert noted in text_in(send(cancelled, NOW))


def test_nothing_is_told_of_what_is_over_by_then(database, time_machine):
    offering = make_offering(wall=datetime(2027, 3, 1, 10, 0), length=30)
    seat(pat(), offering)
    operations.cancel(offering, "The speaker is ill.", NOW)
    told()
    time_machine.move_to(NOW + 3 * HOUR)

    assert send(messages_to("Pat Asante")[0], NOW + 3 * HOUR) is None


@pytest.mark.parametrize(("day", "is_urgent"), [(2, True), (22, False)])
def test_what_is_near_is_told_at_any_hour(database, day, is_urgent):
    offering = make_offering(wall=datetime(2027, 3, day, 8, 0))
    seat(pat(), offering)
    move(offering, 7)
    told()
    (one,) = messages_to("Pat Asante")

    assert kinds[one.kind].composer(one.payload).is_urgent is is_urgent


def test_a_job_tells_at_the_moment_and_not_before_it_was_put_off_to(database):
    offering = make_offering()
    seat(pat(), offering)
    move(offering, 15)
    move(offering, 16, NOW + timedelta(minutes=5))
    db.commit()
    told_by = []
    for minutes in (10, 15):
        now = NOW + timedelta(minutes=minutes)
        claim = jobs.claim(now, {TELL})
        db.commit()
        tell_at_its_moment(claim, now)
        jobs.complete(claim, now)
        told_by.append(len(written()))

    assert told_by == [0, 1]
    assert announced() == [(AnnouncementState.TOLD, 1)]
    assert jobs.claim(NOW + HOUR, {TELL}) is None


def test_a_worker_that_has_lost_its_lease_leaves_the_rest_to_others(database, monkeypatch):
    monkeypatch.setattr(hearers, "CHUNK", 1)
    offering = make_offering()
    many(offering, 3)
    move(offering, 15)
    db.commit()
    number, turns = db.scalars(select(Announcement.id)).one(), iter([True, True, False])

    tell(number, NOW + HOUR, lambda: next(turns))

    assert announced() == [(AnnouncementState.TELLING, 2)]


def many(offering, count):
    for number in range(count):
        seat(without_account(f"Person {number:02}"), offering)


class Killed(BaseException):
    """The worker is gone."""


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_a_worker_killed_between_chunks_is_followed_by_one_that_goes_on(database, monkeypatch, at):
    monkeypatch.setattr(hearers, "CHUNK", 2)
    offering = make_offering()
    many(offering, 5)
    move(offering, 15)
    db.commit()
    number = db.scalars(select(Announcement.id)).one()
    chunks = []

    def count():
        chunks.append(1)
        if len(chunks) == at:
            raise Killed
        return True

    with pytest.raises(Killed):
        tell(number, NOW + HOUR, count)
    assert announced() == [(AnnouncementState.TELLING, min(5, 2 * (at - 1)))]
    told(NOW + HOUR)

    assert written() == [(f"Person {each:02}", "session-moved") for each in range(5)]
    assert announced() == [(AnnouncementState.TOLD, 5)]


def test_a_change_while_others_are_being_told_is_told_apart(database, monkeypatch):
    monkeypatch.setattr(hearers, "CHUNK", 1)
    offering = make_offering()
    people = [pat("UTC"), will("UTC")]
    for person in people:
        seat(person, offering)
    move(offering, 15)
    db.commit()
    number = db.scalars(select(Announcement.id)).one()
    changed = []

    def meanwhile():
        if not changed:
            changed.append(move(offering, 17, NOW + HOUR))
        return True

    tell(number, NOW + HOUR, meanwhile)
    told(NOW + HOUR)

    assert announced() == [(AnnouncementState.TOLD, 2)] * 2
    for person in people:
        first, second = messages_to(person.name)
        assert send(first, NOW + HOUR) is None
        assert "now 16:00 instead of 12:00" in text_in(send(second, NOW + HOUR))


def test_telling_many_asks_as_often_as_telling_one(database, query_counter):
    one, other = make_offering(), make_offering()
    many(one, 1)
    many(other, 30)
    counts = []
    for offering in (one, other):
        move(offering, 15)
        db.commit()
        number = db.scalars(select(Announcement.id).where(Announcement.offering_id == offering.id)).one()
        with query_counter() as counted:
            tell(number, NOW + HOUR)
        counts.append(counted.count)

    assert counts[0] == counts[1]


def test_the_address_is_that_of_the_account_at_that_time(database):
    offering = make_offering()
    person = pat()
    seat(person, offering)
    move(offering, 15)
    db.get_one(User, person.user_id).email = "elsewhere@example.org"

    told()

    assert [one.to_address for one in messages_to(person.name)] == ["elsewhere@example.org"]

"""Changing what the form of a sitting says."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.errors import DomainError, NotFound, Refused
from app.domain.seats import PlaceStatus
from app.domain.timezones import Flag, TimeDoesNotExist, zone_data_version
from app.enrolments import operations as enrolments
from app.journeys.crediting import Named
from app.journeys.models import JourneyStatus
from app.learning_sessions.sittings import Days, Part
from app.scheduling import operations
from app.scheduling.models import ChangeKind, ChangeReason
from app.scheduling.refusals import WouldUnseat
from tests.enrolments.reading import counters, messages, rows_confirmed, seated, several, statuses
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_venue,
)
from tests.people import ada, pat, seat, will
from tests.scheduling.telling import as_it_is, changes_of, derived_under_other_rules

LATER = NOW + timedelta(hours=1)
STARTS = datetime(2027, 4, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CONFIRMED, WAITING, RELEASED = PlaceStatus.CONFIRMED, PlaceStatus.WAITING, PlaceStatus.RELEASED

pytestmark = pytest.mark.usefixtures("database")


def wall(*parts):
    return datetime(*parts)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def revise(offering, now=LATER, *, by=None, note="", may_unseat=False, **changes):
    new = as_it_is(offering, **changes)
    return operations.revise(offering, new, now, by=by, note=note, may_unseat=may_unseat)


def instants(offering):
    return offering.starts_at, offering.ends_at


# Moving


def test_moving_a_sitting_is_recorded_with_what_stood_before_and_after():
    offering = make_offering(venue=make_venue(city="Accra"), attendance=Attendance.BOTH)
    organiser = ada(offering.learning_session.journey)
    uid = offering.uid

    change = revise(
        offering, wall=wall(2027, 4, 29, 10), timezone="Africa/Nairobi", by=organiser, note=" A holiday. "
    )

    assert instants(offering) == (utc(2027, 4, 29, 7), utc(2027, 4, 29, 8, 30))
    assert (offering.uid, offering.sequence, offering.updated_at) == (uid, 1, LATER)
    assert offering.learning_session.journey.next_at == offering.starts_at
    assert changes_of(offering) == [change]
    assert (change.kind, change.reason, change.sequence) == (ChangeKind.MOVED, ChangeReason.ORGANISER, 1)
    assert (change.note, change.changed_by_id, change.changed_at) == ("A holiday.", organiser.id, LATER)
    assert (change.before_starts_wall, change.before_timezone, change.before_fold) == (
        wall(2027, 4, 22, 13),
        "Europe/London",
        0,
    )
    assert (change.before_starts_at, change.before_ends_at) == (STARTS, STARTS + timedelta(minutes=90))
    assert (change.after_starts_wall, change.after_timezone) == (wall(2027, 4, 29, 10), "Africa/Nairobi")
    assert (change.after_starts_at, change.after_ends_at) == instants(offering)
    assert change.before_place == change.after_place == "online and in person, Training centre, Accra"
    assert change.before_length_minutes == change.after_length_minutes == 90
    assert change.before_zone_data_version == change.after_zone_data_version == zone_data_version()


def test_saving_a_sitting_as_it_is_changes_nothing_at_all():
    offering = make_offering(
        capacity_online=3,
        facilitators=((make_facilitator(), "Host"),),
        agenda=(Part(30, "Opening", people=(Named("Ama"),)), Part(60, "Group work")),
    )
    version = offering.version

    assert revise(offering, note="Nothing to tell") is None

    assert (offering.sequence, offering.updated_at, offering.version) == (0, NOW, version)
    assert changes_of(offering) == []


def test_a_move_can_name_the_days_only_and_a_time_again():
    offering = make_offering()
    then = as_it_is(offering).when

    first = revise(offering, when=Days(date(2027, 5, 11), date(2027, 5, 12), "Africa/Accra"))
    assert (offering.starts_at, offering.first_on, offering.zone_data_version) == (
        None,
        date(2027, 5, 11),
        "",
    )
    assert (first.after_starts_at, first.after_first_on, first.after_last_on) == (
        None,
        date(2027, 5, 11),
        date(2027, 5, 12),
    )
    assert revise(offering) is None

    second = revise(offering, when=then)
    assert (second.before_first_on, second.after_starts_at, second.after_first_on) == (
        date(2027, 5, 11),
        STARTS,
        None,
    )
    assert (offering.sequence, offering.zone_data_version) == (2, zone_data_version())


def test_a_move_onto_a_time_that_does_not_exist_is_refused_and_leaves_everything():
    offering = make_offering()

    with pytest.raises(TimeDoesNotExist):
        revise(offering, wall=wall(2028, 3, 26, 1, 30))

    assert (instants(offering)[0], offering.sequence, changes_of(offering)) == (STARTS, 0, [])


def test_a_move_that_is_too_short_for_the_agenda_is_refused():
    offering = make_offering(agenda=(Part(90, "All of it"),))

    with pytest.raises(DomainError) as refused:
        revise(offering, length=60)

    assert refused.value.field == "agenda"
    assert offering.sequence == 0


def test_what_is_over_keeps_its_time_and_takes_other_words():
    offering = make_offering()
    after = STARTS + timedelta(days=1)

    with pytest.raises(Refused) as refused:
        revise(offering, after, wall=wall(2027, 5, 6, 13))
    assert refused.value.field == "starts_wall"
    assert revise(offering, after, join_url="https://example.org/recording") is None

    assert (offering.join_url, offering.updated_at) == ("https://example.org/recording", after)


def test_a_coming_sitting_cannot_be_moved_to_where_it_would_be_over():
    with pytest.raises(Refused) as refused:
        revise(make_offering(), wall=wall(2026, 4, 22, 13))
    assert refused.value.field == "starts_wall"


def test_in_a_draft_the_past_can_still_be_put_right():
    journey = make_journey(status=JourneyStatus.DRAFT)
    offering = make_offering(make_learning_session(journey), wall=wall(2020, 4, 29, 10, 30))

    revise(offering, wall=wall(2020, 4, 28, 10, 30))

    assert offering.starts_at == utc(2020, 4, 28, 9, 30)


def test_one_that_has_begun_can_still_go_on_for_longer():
    offering = make_offering()
    starts_at = offering.starts_at

    revise(offering, STARTS + timedelta(minutes=30), length=120)

    assert instants(offering) == (starts_at, starts_at + 2 * HOUR)


def test_a_sitting_that_somebody_deleted_meanwhile_is_not_there():
    offering = make_offering()
    new = as_it_is(offering)
    db.execute(type(offering).__table__.delete())

    with pytest.raises(NotFound):
        operations.revise(offering, new, LATER)


# When the instants are derived


def test_other_fields_leave_an_instant_that_other_rules_derived():
    offering = make_offering()
    derived_under_other_rules(
        offering, starts_at=STARTS - HOUR, ends_at=STARTS + HOUR / 2, zone_data_version="2022e"
    )
    person = make_facilitator()

    change = revise(
        offering,
        attendance=Attendance.IN_PERSON,
        venue=make_venue(),
        capacity_in_person=9,
        registration_closes_at=STARTS - 2 * HOUR,
        facilitators=((person, "Host"),),
        agenda=(Part(90, "All of it"),),
    )

    assert change.kind is ChangeKind.RELOCATED
    assert instants(offering) == (STARTS - HOUR, STARTS + HOUR / 2)
    assert offering.zone_data_version == "2022e"


def test_another_length_alone_is_added_to_the_stored_beginning():
    offering = make_offering()
    derived_under_other_rules(
        offering, starts_at=STARTS - HOUR, ends_at=STARTS + HOUR / 2, zone_data_version="2022e"
    )

    change = revise(offering, length=120)

    assert change.kind is ChangeKind.MOVED
    assert instants(offering) == (STARTS - HOUR, STARTS + HOUR)
    assert (offering.length_minutes, offering.zone_data_version) == (120, "2022e")
    assert change.before_zone_data_version == change.after_zone_data_version == "2022e"


def test_a_length_across_the_change_of_clocks_is_elapsed_time():
    offering = make_offering(wall=wall(2027, 3, 28, 0, 30), length=60)

    revise(offering, length=120)

    assert instants(offering) == (utc(2027, 3, 28, 0, 30), utc(2027, 3, 28, 2, 30))


@pytest.mark.parametrize(
    ("changes", "starts_at"),
    [
        ({"wall": wall(2027, 4, 22, 14)}, STARTS + HOUR),
        ({"timezone": "Europe/Lisbon"}, STARTS),
        ({"wall": wall(2027, 4, 22, 14), "length": 60}, STARTS + HOUR),
    ],
)
def test_another_wall_time_or_zone_is_derived_by_the_rules_of_today(changes, starts_at):
    offering = make_offering()
    derived_under_other_rules(
        offering,
        starts_at=STARTS - 3 * HOUR,
        ends_at=STARTS,
        zone_data_version="2022e",
        zone_flag=Flag.NOW_IN_GAP,
    )

    revise(offering, **changes)

    assert offering.starts_at == starts_at
    assert offering.ends_at == starts_at + timedelta(minutes=offering.length_minutes)
    assert (offering.zone_data_version, offering.zone_flag) == (zone_data_version(), None)


@pytest.mark.parametrize(
    ("timezone", "twice", "first", "apart"),
    [
        ("America/New_York", wall(2027, 11, 7, 1, 30), utc(2027, 11, 7, 5, 30), HOUR),
        ("Australia/Lord_Howe", wall(2027, 4, 4, 1, 45), utc(2027, 4, 3, 14, 45), HOUR / 2),
    ],
)
def test_the_other_of_two_equal_times_is_another_promise(timezone, twice, first, apart):
    offering = make_offering(wall=twice, timezone=timezone)
    assert offering.starts_at == first
    derived_under_other_rules(offering, zone_flag=Flag.NOW_TWICE)

    change = revise(offering, fold=1)

    assert (offering.starts_at, offering.fold, offering.zone_flag) == (first + apart, 1, None)
    assert (change.before_fold, change.after_fold) == (0, 1)


@pytest.mark.parametrize("timezone", ["Europe/London", "Australia/Lord_Howe"])
def test_where_a_time_comes_once_today_its_fold_says_nothing_and_moves_nothing(timezone):
    """It came twice when it was promised; today's form does not ask, and sends 0."""
    offering = make_offering(timezone=timezone)
    then = offering.starts_at + HOUR
    derived_under_other_rules(
        offering, starts_at=then, ends_at=then + HOUR, fold=1, zone_data_version="2022e"
    )

    assert revise(offering, fold=0, capacity_online=5) is None

    assert (offering.starts_at, offering.fold, offering.capacity_online) == (then, 1, 5)


@pytest.mark.parametrize(
    ("timezone", "gap"),
    [("Europe/London", wall(2027, 3, 28, 1, 30)), ("Australia/Lord_Howe", wall(2027, 10, 3, 2, 15))],
)
def test_a_promise_that_is_in_a_gap_by_now_can_be_saved_but_not_made(timezone, gap):
    offering = make_offering(timezone=timezone)
    derived_under_other_rules(offering, starts_wall=gap, zone_flag=Flag.NOW_IN_GAP)
    starts_at = offering.starts_at

    assert revise(offering, capacity_online=5) is None
    revise(offering, length=60)
    assert (offering.starts_at, offering.ends_at) == (starts_at, starts_at + HOUR)
    assert offering.zone_flag is Flag.NOW_IN_GAP

    other = make_offering(offering.learning_session, timezone=timezone)
    with pytest.raises(TimeDoesNotExist):
        revise(other, wall=gap)


def test_a_zone_that_is_gone_keeps_its_instant_until_another_is_chosen():
    offering = make_offering()
    derived_under_other_rules(offering, timezone="Europe/Atlantis", zone_flag=Flag.ZONE_GONE)

    assert revise(offering, capacity_online=5) is None
    assert (offering.starts_at, offering.zone_flag) == (STARTS, Flag.ZONE_GONE)

    revise(offering, timezone="Europe/Lisbon")
    assert (offering.starts_at, offering.zone_flag) == (STARTS, None)


def test_who_saves_a_time_that_has_come_to_be_double_has_said_which_it_is():
    offering = make_offering(wall=wall(2027, 11, 7, 1, 30), timezone="America/New_York")
    derived_under_other_rules(offering, zone_flag=Flag.NOW_TWICE)
    starts_at = offering.starts_at

    assert revise(offering) is None

    assert (offering.starts_at, offering.zone_flag, offering.sequence) == (starts_at, None, 0)


# Where, who, what


def test_another_place_is_a_change_of_its_own_kind():
    offering = make_offering(attendance=Attendance.IN_PERSON, venue=make_venue(city="Accra"))
    hall = make_venue("Great hall of Kumasi", city="Kumasi")

    change = revise(offering, venue=hall, note="More room")

    assert (change.kind, change.before_place, change.after_place) == (
        ChangeKind.RELOCATED,
        "in person, Training centre, Accra",
        "in person, Great hall of Kumasi",
    )
    assert (offering.sequence, offering.starts_at, change.after_starts_at) == (1, STARTS, STARTS)


def test_another_time_and_place_are_one_change():
    offering = make_offering()

    change = revise(offering, length=60, attendance=Attendance.IN_PERSON, venue=make_venue())

    assert changes_of(offering) == [change]
    assert (change.kind, change.before_place, change.after_place) == (
        ChangeKind.MOVED,
        "online",
        "in person, Training centre",
    )
    assert offering.sequence == 1


def test_a_way_of_attending_ends_only_where_nobody_counts_on_it():
    offering = make_offering(attendance=Attendance.BOTH, capacity_in_person=1)
    first, second = (seat(person, offering, Way.IN_PERSON) for person in (pat(), will()))

    with pytest.raises(Refused) as refused:
        revise(offering, attendance=Attendance.ONLINE, capacity_in_person=None)
    assert refused.value.field == "attendance"
    assert refused.value.message.startswith("2 people count on a place in person here.")

    enrolments.release_place(first, LATER)
    enrolments.release_place(second, LATER)
    revise(offering, attendance=Attendance.ONLINE, capacity_in_person=None)
    assert (offering.attendance, counters(offering)) == (Attendance.ONLINE, (0, 0))


def test_a_way_that_is_added_takes_people():
    offering = make_offering(capacity_online=1)
    seat(pat(), offering)

    revise(offering, attendance=Attendance.BOTH, venue=make_venue(), capacity_in_person=2)

    assert seat(will(), offering, Way.IN_PERSON).status is CONFIRMED


def test_link_facilitators_and_agenda_raise_no_sequence():
    ama, ben, cyn = (make_facilitator(name) for name in ("Ama Serwaa", "Ben Okri", "Cyn Mo"))
    offering = make_offering(
        facilitators=((ama, "Host"), (ben, "")),
        agenda=(Part(30, "Opening", people=(Named("Ama"),)), Part(60, "Group work")),
    )
    rows = {item.title: item.id for item in offering.agenda}

    change = revise(
        offering,
        join_url="https://meet.example.org/new",
        join_from_minutes=30,
        facilitators=((cyn, "Host"), (ama, "Guest")),
        agenda=(
            Part(20, "Group work", "In threes", (Named("Ben", facilitator=ben), Named("Cyn"))),
            Part(10, "Break"),
            Part(30, "Opening"),
        ),
    )

    db.expire_all()
    assert (change, offering.sequence, offering.updated_at) == (None, 0, LATER)
    assert (offering.join_url, offering.join_from_minutes) == ("https://meet.example.org/new", 30)
    assert [(one.facilitator_id, one.role) for one in offering.facilitators] == [
        (cyn.id, "Host"),
        (ama.id, "Guest"),
    ]
    assert [(one.position, one.length_minutes, one.title, one.summary) for one in offering.agenda] == [
        (1, 20, "Group work", "In threes"),
        (2, 10, "Break", ""),
        (3, 30, "Opening", ""),
    ]
    assert [[one.name for one in item.credits] for item in offering.agenda] == [["Ben", "Cyn"], [], []]
    assert (offering.agenda[0].id, offering.agenda[2].id) == (rows["Group work"], rows["Opening"])


def test_an_item_that_gets_another_title_is_the_one_in_its_position():
    offering = make_offering(agenda=(Part(30, "Opening"), Part(60, "Group work")))
    first, second = (item.id for item in offering.agenda)

    revise(offering, agenda=(Part(30, "Welcome"), Part(60, "Group work")))
    assert [item.id for item in offering.agenda] == [first, second]

    revise(offering, agenda=(Part(60, "Group work"),))
    assert [(item.id, item.position) for item in offering.agenda] == [(second, 1)]

    revise(offering, agenda=())
    assert offering.agenda == []


# Who fits in


def test_lowering_the_capacity_below_the_places_taken_names_who_would_lose_theirs():
    offering = make_offering(capacity_online=4)
    seated(offering, several(5))
    told = messages()

    with pytest.raises(WouldUnseat) as refused:
        revise(offering, capacity_online=2)

    assert (refused.value.field, refused.value.way, refused.value.count, refused.value.people) == (
        "capacity_online",
        Way.ONLINE,
        2,
        ("Chipo Test", "Dwayne Test"),
    )
    assert refused.value.message == (
        "More places are taken: Chipo Test and Dwayne Test (online) would lose their places and wait first "
        "in line. Confirm that, or give a larger number."
    )
    assert (offering.capacity_online, counters(offering), messages()) == (4, (4, 0), told)


def test_the_last_lead_the_line_in_their_order_when_the_organiser_says_so():
    offering = make_offering(capacity_online=4)
    places = seated(offering, several(6))
    told = len(messages())

    assert revise(offering, capacity_online=2, may_unseat=True) is None

    assert [one.status for one in places] == [CONFIRMED] * 2 + [WAITING] * 4
    assert [one.queue_number for one in places] == [1, 2, 3, 4, 5, 6]
    assert [one.sequence for one in places] == [0, 0, 1, 1, 0, 0]
    assert places[2].confirmed_at is None
    assert counters(offering) == rows_confirmed(offering) == (2, 0)
    assert messages()[told:] == [("waiting", "Chipo"), ("waiting", "Dwayne")]
    assert offering.sequence == 0

    revise(offering, capacity_online=3)
    assert [one.status for one in places] == [CONFIRMED] * 3 + [WAITING] * 3
    assert messages()[-1] == ("promoted", "Chipo")


def test_both_ways_are_named_when_both_are_too_small():
    offering = make_offering(attendance=Attendance.BOTH, venue=make_venue())
    people = several(5)
    seated(offering, people[:2], Way.ONLINE)
    seated(offering, people[2:], Way.IN_PERSON)

    with pytest.raises(WouldUnseat) as refused:
        revise(offering, capacity_online=1, capacity_in_person=1)
    assert refused.value.by_way == {
        Way.ONLINE: ("Bashir Test",),
        Way.IN_PERSON: ("Dwayne Test", "Esi Test"),
    }
    assert "Bashir Test (online) and Dwayne Test and Esi Test (in person)" in refused.value.message

    revise(offering, capacity_online=1, capacity_in_person=1, may_unseat=True)
    assert counters(offering) == rows_confirmed(offering) == (1, 1)


def test_many_are_counted_rather_than_named():
    offering = make_offering()
    seated(offering, several(8))

    with pytest.raises(WouldUnseat, match="the last 8 people"):
        revise(offering, capacity_online=0)


def test_a_raised_capacity_seats_those_who_wait():
    offering = make_offering(capacity_online=1)
    seated(offering, several(4))

    assert revise(offering, capacity_online=3) is None

    assert statuses(offering) == [CONFIRMED] * 3 + [WAITING]
    assert counters(offering) == rows_confirmed(offering) == (3, 0)

    revise(offering, capacity_online=None)
    assert statuses(offering) == [CONFIRMED] * 4


def test_who_loses_the_place_gets_the_one_that_is_free_in_the_twin_they_wait_for():
    morning = make_offering(capacity_online=2)
    evening = make_offering(morning.learning_session, wall=wall(2027, 4, 22, 19), capacity_online=1)
    first, second = pat(), will()
    seat(first, morning)
    mine = seat(second, morning)
    blocker = seated(evening, several(1))[0]
    theirs = seat(second, evening)
    assert (mine.status, theirs.status) == (CONFIRMED, WAITING)

    revise(morning, capacity_online=1, may_unseat=True)
    enrolments.release_place(blocker, LATER)

    assert (mine.status, theirs.status) == (WAITING, CONFIRMED)
    assert (counters(morning), counters(evening)) == ((1, 0), (1, 0))


def test_what_is_over_keeps_the_places_it_had():
    offering = make_offering()
    seat(pat(), offering)

    with pytest.raises(Refused) as refused:
        revise(offering, STARTS + timedelta(days=1), capacity_online=0, may_unseat=True)
    assert refused.value.field == "capacity_online"
    assert counters(offering) == (1, 0)


# When one can ask


def test_registration_closes_after_it_opens_and_not_after_the_end():
    offering = make_offering()
    end = offering.ends_at

    for opens, closes, field in (
        (end - HOUR, end - HOUR, "registration_closes_at"),
        (end - HOUR, end - 2 * HOUR, "registration_closes_at"),
        (None, end + timedelta(minutes=1), "registration_closes_at"),
        (end, None, "registration_opens_at"),
    ):
        with pytest.raises(DomainError) as refused:
            revise(offering, registration_opens_at=opens, registration_closes_at=closes)
        assert refused.value.field == field

    assert revise(offering, registration_opens_at=NOW, registration_closes_at=end) is None
    assert (offering.registration_opens_at, offering.registration_closes_at) == (NOW, end)


def test_for_days_registration_may_close_with_the_last_of_them():
    offering = make_offering(when=Days(date(2027, 5, 11), date(2027, 5, 12), "America/New_York"))
    midnight = utc(2027, 5, 13, 4)

    revise(offering, registration_closes_at=midnight)
    with pytest.raises(DomainError):
        revise(offering, registration_closes_at=midnight + timedelta(minutes=1))

"""What a change of a sitting would do to people, before it is saved."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.attendance import Attendance, Way
from app.domain.timezones import Promise, TimeDoesNotExist
from app.enrolments import operations as enrolments
from app.facilitators.absences import Away, add_absence
from app.journeys.models import JourneyStatus
from app.learning_sessions.models import Offering, Venue
from app.learning_sessions.sittings import Days
from app.scheduling.effects import Effects, effects, part_of_day
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_participant,
    make_venue,
)
from tests.people import cast, lead, seat
from tests.scheduling.telling import as_it_is, derived_under_other_rules

pytestmark = pytest.mark.usefixtures("database")

FRIDAY_EVENING = {"wall": datetime(2027, 4, 23, 18, 30)}


def foreseen(offering, **changes) -> Effects:
    return effects(offering, as_it_is(offering, **changes), NOW)


def draft() -> Offering:
    return make_offering(make_learning_session(make_journey(status=JourneyStatus.DRAFT)))


def said(found: Effects) -> dict[str, str]:
    return {thing.label: thing.text for thing in found.arising}


def test_nothing_changes():
    offering = make_offering(capacity_online=1)
    cast(offering)
    found = foreseen(offering, join_url="https://example.org/", capacity_online=5)
    assert (found.moves, found.relocates, found.losing, found.zones, found.arising) == (
        False,
        False,
        {},
        (),
        (),
    )
    assert (found.confirmed, found.waiting, found.facilitators) == (1, 1, ("Fran Moyo",))
    assert not found.needs_confirmation


def test_who_notices_a_move_and_how():
    """From Thursday 13:00 to Friday 18:30 in London; Will waits in Dhaka, Pat has a place in Accra."""
    offering = make_offering(capacity_online=1)
    cast(offering)
    offering.facilitators[0].facilitator.timezone = "Africa/Nairobi"

    found = foreseen(offering, **FRIDAY_EVENING)

    assert (found.moves, found.people, found.needs_confirmation) == (True, 2, True)
    assert [(one.place, one.people, one.before_text, one.after_text, one.notable) for one in found.zones] == [
        (
            "Accra", 1, "Thu 22 April, 12:00–13:30", "Fri 23 April, 17:30–19:00",
            "Friday instead of Thursday, evening instead of afternoon",
        ),
        (
            "Nairobi", 1, "Thu 22 April, 15:00–16:30", "Fri 23 April, 20:30–22:00",
            "Friday instead of Thursday, evening instead of afternoon",
        ),
        (
            "Dhaka", 1, "Thu 22 April, 18:00–19:30", "Fri 23 April, 23:30–01:00",
            "Friday instead of Thursday, night instead of evening",
        ),
    ]  # fmt: skip
    assert (found.other_weekday, found.other_part_of_day) == (3, 3)


def test_those_who_notice_nothing_but_the_date():
    offering = make_offering()
    seat(make_participant(), offering)
    found = foreseen(offering, wall=datetime(2027, 4, 29, 13, 0))
    assert [(one.place, one.notable) for one in found.zones] == [("Accra", "")]
    assert (found.other_weekday, found.other_part_of_day, found.needs_confirmation) == (0, 0, True)


def test_a_facilitator_with_a_place_is_one_person():
    offering = make_offering()
    people = cast(offering)
    offering.facilitators[0].facilitator.user_id = people.nora.user_id
    seat(people.nora, offering)
    found = foreseen(offering, **FRIDAY_EVENING)
    assert {one.place: one.people for one in found.zones} == {"Accra": 1, "Kinshasa": 1, "Dhaka": 1}


def test_those_who_gave_up_their_place_are_not_affected():
    offering = make_offering()
    place = seat(make_participant(), offering)
    enrolments.release_place(place, NOW)
    found = foreseen(offering, **FRIDAY_EVENING)
    assert (found.people, found.zones) == (0, ())


def test_clashes_that_arise_and_none_that_were_there():
    offering, facilitator = make_offering(), make_facilitator("Farid Rahman", timezone="Asia/Dhaka")
    lead(offering, facilitator)
    was_there = make_offering(make_learning_session(make_journey("Was there")))
    arises = make_offering(make_learning_session(make_journey("Arises")), **FRIDAY_EVENING)
    for one in (was_there, arises):
        lead(one, facilitator)
    add_absence(facilitator, Away(date(2027, 4, 22), date(2027, 4, 24), "Asia/Dhaka"))

    found = foreseen(offering, **FRIDAY_EVENING)

    assert said(found) == {
        "Day off": "Friday and Saturday in Bangladesh (1 person).",
        "Double booking": "Farid Rahman facilitates Arises, session 1 from 18:30 London, BST.",
    }


def test_a_new_facilitator_who_is_away():
    offering, facilitator = make_offering(), make_facilitator("Farid Rahman")
    add_absence(facilitator, Away(date(2027, 4, 22), date(2027, 4, 24), "Asia/Dhaka"))
    found = foreseen(offering, facilitators=((facilitator, ""),), **FRIDAY_EVENING)
    assert said(found)["Away"] == "Farid Rahman cannot lead 22–24 April 2027, Dhaka."


def test_a_time_that_is_over():
    offering = make_offering()
    found = foreseen(offering, wall=datetime(2027, 2, 24, 13, 0))
    assert said(found) == {"Past": "this time is over already."}


@pytest.mark.parametrize(
    ("changes", "moves"),
    [
        ({"wall": datetime(2027, 4, 22, 13, 5)}, True),
        ({"timezone": "Europe/Paris"}, True),
        ({"length": 95}, True),
        ({"when": Days(date(2027, 4, 22), date(2027, 4, 22), "Europe/London")}, True),
        ({}, False),
    ],
)
def test_what_counts_as_a_move(changes, moves):
    found = foreseen(make_offering(), **changes)
    assert (found.moves, found.relocates, found.needs_confirmation) == (moves, False, moves)


def test_days_have_no_hours_to_compare():
    offering = make_offering(when=Days(date(2027, 4, 22), date(2027, 4, 23), "Africa/Accra"))
    seat(make_participant(), offering)
    found = foreseen(offering, when=Days(date(2027, 5, 1), date(2027, 5, 1), "Africa/Accra"))
    assert (found.moves, found.zones) == (True, ())
    assert said(found) == {
        "Public holiday": "Labour Day in Ghana (1 person).",
        "Day off": "Saturday in Ghana (1 person).",
    }


def test_another_length_leaves_the_beginning_where_it_was_derived():
    """An older edition of the zone data derived it an hour later; only the zones check may mend that."""
    offering = make_offering()
    seat(make_participant(), offering)
    later = datetime(2027, 4, 22, 13, 0, tzinfo=UTC)
    derived_under_other_rules(offering, starts_at=later, ends_at=later + timedelta(minutes=90))
    (zone,) = foreseen(offering, length=120).zones
    assert (zone.before_clock, zone.after_clock) == ("13:00–14:30", "13:00–15:00")


def test_another_place():
    offering = make_offering(venue=make_venue(), attendance=Attendance.IN_PERSON)
    found = foreseen(offering, venue=Venue(name="Elsewhere", timezone="Africa/Accra"))
    assert (found.moves, found.relocates, found.needs_confirmation, found.zones) == (False, True, True, ())
    both = foreseen(offering, attendance=Attendance.BOTH)
    assert (both.relocates, both.needs_confirmation) == (True, True)


def test_who_would_lose_a_place(database):
    offering = make_offering(capacity_online=3)
    for name in ("Amina", "Bashir", "Chipo"):
        seat(make_participant(name), offering)
    database.refresh(offering)
    found = foreseen(offering, capacity_online=1)
    assert found.losing == {Way.ONLINE: ("Bashir", "Chipo")}
    assert (found.unseats, found.moves, found.needs_confirmation) == (2, False, True)
    assert not foreseen(offering, capacity_online=3).needs_confirmation


def test_in_a_draft_without_places_nothing_need_be_confirmed():
    offering = draft()
    found = foreseen(offering, **FRIDAY_EVENING)
    assert (found.moves, found.is_draft, found.needs_confirmation) == (True, True, False)


def test_a_time_that_does_not_exist_is_refused():
    with pytest.raises(TimeDoesNotExist):
        foreseen(make_offering(), when=Promise(datetime(2027, 3, 28, 1, 30), "Europe/London", 0, 90))


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "night"), (6, "night"), (7, "morning"), (11, "morning"), (12, "afternoon"), (16, "afternoon"),
     (17, "evening"), (21, "evening"), (22, "night"), (23, "night")],
)  # fmt: skip
def test_parts_of_the_day(hour, part):
    assert part_of_day(datetime(2027, 4, 22, hour, 59)) == part


def test_thirty_people_cost_no_more_than_one(database, query_counter):
    offering = make_offering()
    zones = ["Africa/Accra", "Asia/Dhaka", "Asia/Manila", "America/Bogota", "Europe/London"]
    costs = []
    for batch in (range(1), range(1, 30)):
        for number in batch:
            person = make_participant(f"Person {number}", timezone=zones[number % 5], works_from=number)
            seat(person, offering)
            lead(offering, make_facilitator(f"Leader {number}"))
        database.commit()
        database.expire_all()
        again = database.get_one(Offering, offering.id)
        new = as_it_is(again, **FRIDAY_EVENING)
        with query_counter() as counted:
            found = effects(again, new, NOW)
        costs.append(counted.count)
    assert (found.confirmed, len(found.facilitators), len(found.zones)) == (30, 30, 5)
    assert costs[0] == costs[1]

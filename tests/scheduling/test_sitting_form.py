"""Planning a sitting: what one types, what is asked, what is saved."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.attendance import Attendance
from app.domain.availability import Availability
from app.domain.permissions import OrganiserRole
from app.enrolments.interest import say_interest
from app.facilitators.models import Facilitator
from app.journeys.crediting import Named
from app.journeys.operations import assign_organiser
from app.learning_sessions.models import LearningSession, Offering, Venue
from app.learning_sessions.sittings import Part
from tests.factories import (
    NOW,
    make_facilitator,
    make_learning_session,
    make_offering,
    make_venue,
)
from tests.people import ada, browser_of, make_account, nora, pat, seat
from tests.scheduling.planning import (
    A_TIME,
    NEW_SITTING,
    OVERVIEW,
    edit_page,
    errors_of,
    read,
    send,
    send_again,
    typed_in,
)

MOST_QUERIES = 18


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def browser(app, database):
    return browser_of(app, ada(make_learning_session().journey))


def the_sitting() -> Offering:
    return db.scalars(select(Offering)).one()


def wall(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute)  # noqa: DTZ001  # a wall time


def test_a_sitting_is_planned_and_stands_on_the_desk(browser):
    answer = send(
        browser, NEW_SITTING, A_TIME | {"join_url": "https://meet.example.org/1", "capacity_online": "12"}
    )

    one = the_sitting()
    assert (answer.status_code, answer.location) == (303, f"{OVERVIEW}#sitting-{one.id}")
    assert (one.starts_wall, one.timezone, one.fold, one.length_minutes) == (
        wall(2027, 5, 12, 13), "Europe/London", 0, 90,
    )  # fmt: skip
    assert one.starts_at == datetime(2027, 5, 12, 12, tzinfo=UTC)
    assert (one.capacity_online, one.join_from_minutes) == (12, 15)
    assert "Wed 12 May 2027, 13:00–14:30 London, BST" in read(browser.get(OVERVIEW)).text


def test_a_second_press_plans_nothing_before_one_has_seen_the_first(browser):
    opened = browser.get(NEW_SITTING)
    typed = A_TIME | {"agenda-0-title": "Welcome", "agenda-0-minutes": "10"}
    assert send_again(browser, NEW_SITTING, opened, typed).status_code == 303
    one = the_sitting()

    again = send_again(browser, NEW_SITTING, opened, typed)

    page = read(again)
    assert again.status_code == 409
    assert "Not saved yet: something was added meanwhile" in page.text
    assert page.links["Wed 12 May 2027, 13:00 in London"] == f"{OVERVIEW}#sitting-{one.id}"
    fields = typed_in(again)
    assert {name: fields[name] for name in typed if name != "zone"} == {
        name: value for name, value in typed.items() if name != "zone"
    }
    assert db.scalars(select(Offering.id)).all() == [one.id]
    assert send_again(browser, NEW_SITTING, again).status_code == 303
    assert len(db.scalars(select(Offering.id)).all()) == 2


def test_two_organisers_who_date_a_session_at_once(app, browser):
    journey = db.scalars(select(LearningSession)).one().journey
    other = make_account("Eddy Editor")
    assign_organiser(journey, other, OrganiserRole.EDITOR, NOW)
    second = browser_of(app, other)
    opened = second.get(NEW_SITTING)
    send(browser, NEW_SITTING, A_TIME)

    late = send_again(second, NEW_SITTING, opened, A_TIME | {"dating": "days", "first_on": "2027-06-01"})

    assert (late.status_code, typed_in(late)["first_on"]) == (409, "2027-06-01")
    assert the_sitting().first_on is None


def test_the_zone_of_the_journey_is_proposed(browser):
    assert typed_in(browser.get(NEW_SITTING))["zone"] == "London, United Kingdom (Europe/London)"


ENDS = [
    ({"begins": "13:00", "ends": "14:45"}, 105),
    ({"begins": "23:30", "ends": "01:15", "ends_next_day": "y"}, 105),
    ({"begins": "13:00", "ends": "13:00", "ends_next_day": "y"}, 1440),
    ({"begins": "00:30", "ends": "03:30", "day": "2027-03-28"}, 120),
    ({"begins": "00:30", "ends": "03:30", "day": "2027-10-31"}, 240),
    ({"begins": "13:00", "ends": "14:30", "length": "90"}, 90),
]


@pytest.mark.parametrize(("typed", "minutes"), ENDS)
def test_the_end_may_be_given_instead_of_the_length(browser, typed, minutes):
    answer = send(browser, NEW_SITTING, A_TIME | {"length": ""} | typed)

    assert answer.status_code == 303, errors_of(answer)
    assert the_sitting().length_minutes == minutes


WALLS = [
    ("half an hour", "Adelaide", "2027-05-12", "13:00", datetime(2027, 5, 12, 3, 30, tzinfo=UTC)),
    ("45 minutes", "Kathmandu", "2027-05-12", "13:00", datetime(2027, 5, 12, 7, 15, tzinfo=UTC)),
    (
        "45 minutes and summer",
        "Pacific/Chatham",
        "2027-12-12",
        "13:00",
        datetime(2027, 12, 11, 23, 15, tzinfo=UTC),
    ),
    ("29 February", "Accra", "2028-02-29", "09:00", datetime(2028, 2, 29, 9, tzinfo=UTC)),
    ("after the day that was skipped", "Apia", "2011-12-31", "00:00", datetime(2011, 12, 30, 10, tzinfo=UTC)),
]


@pytest.mark.parametrize(("what", "zone", "day", "begins", "starts_at"), WALLS)
def test_wall_times_of_unusual_zones(browser, what, zone, day, begins, starts_at):
    answer = send(browser, NEW_SITTING, A_TIME | {"zone": zone, "day": day, "begins": begins})

    assert answer.status_code == 303, errors_of(answer)
    assert the_sitting().starts_at == starts_at


def test_a_sitting_across_midnight_says_when_it_ends(browser):
    send(browser, NEW_SITTING, A_TIME | {"begins": "23:15"})

    assert "23:15–00:45 London, BST, ends Thu 13 May" in read(browser.get(OVERVIEW)).text


def test_a_time_that_clocks_skip_is_refused_with_the_next_one_a_press_away(browser):
    typed = A_TIME | {"day": "2027-03-28", "begins": "01:30", "capacity_online": "7"}

    refused = send(browser, NEW_SITTING, typed)

    assert refused.status_code == 422
    assert errors_of(refused)["begins"].startswith("There is no 01:30 in London on Sunday 28 March 2027")
    assert "Use 02:00" in read(refused).buttons
    used = send_again(browser, NEW_SITTING, refused, {"use": "begins 2027-03-28T02:00"})
    assert (used.status_code, errors_of(used)) == (200, {})
    assert (typed_in(used)["begins"], typed_in(used)["capacity_online"]) == ("02:00", "7")
    assert send_again(browser, NEW_SITTING, used).status_code == 303
    assert the_sitting().starts_at == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_a_day_that_a_zone_skipped_offers_the_next(browser):
    typed = A_TIME | {"zone": "Apia", "day": "2011-12-30", "begins": "09:00"}

    refused = send(browser, NEW_SITTING, typed)

    assert list(errors_of(refused)) == ["begins"]
    assert "Use 00:00 on Sat 31 December" in read(refused).buttons
    used = send_again(browser, NEW_SITTING, refused, {"use": "begins 2011-12-31T00:00"})
    assert (typed_in(used)["day"], typed_in(used)["begins"]) == ("2011-12-31", "00:00")


@pytest.mark.parametrize(("fold", "hour"), [("0", 0), ("1", 1)])
def test_a_time_that_comes_twice_is_asked_about(browser, fold, hour):
    asked = send(
        browser, NEW_SITTING, A_TIME | {"day": "2027-10-31", "begins": "01:30", "capacity_online": "7"}
    )

    assert (asked.status_code, list(errors_of(asked))) == (422, ["fold"])
    page = read(asked)
    assert "01:30 BST, UTC+1 (the first)" in page.text
    assert "01:30 GMT, UTC (the second)" in page.text
    assert typed_in(asked)["capacity_online"] == "7"
    assert send_again(browser, NEW_SITTING, asked, {"fold": fold}).status_code == 303
    one = the_sitting()
    assert (one.fold, one.starts_at) == (int(fold), datetime(2027, 10, 31, hour, 30, tzinfo=UTC))


def test_an_answer_is_not_taken_for_another_time(browser):
    asked = send(browser, NEW_SITTING, A_TIME | {"day": "2027-10-31", "begins": "01:30"})

    again = send_again(browser, NEW_SITTING, asked, {"fold": "1", "day": "2028-10-29"})

    assert list(errors_of(again)) == ["fold"]


def test_whole_days_have_no_hours(browser):
    typed = {
        "dating": "days",
        "first_on": "2027-05-12",
        "last_on": "2027-05-14",
        "zone": "Accra",
        "day": "31 Feb",
    }

    assert send(browser, NEW_SITTING, typed).status_code == 303

    one = the_sitting()
    assert (one.first_on, one.last_on, one.starts_at) == (date(2027, 5, 12), date(2027, 5, 14), None)
    assert "12–14 May 2027 in Accra" in read(browser.get(OVERVIEW)).text


def test_check_shows_the_panel_and_saves_nothing(browser):
    answer = send(browser, NEW_SITTING, A_TIME | {"attendance": "in-person", "check": "1"})

    page = read(answer)
    assert page.status == 200
    assert "Wednesday 12 May, 13:00–14:30 London, BST" in page.sections
    assert db.scalars(select(Offering)).all() == []


def test_check_says_what_is_wrong_with_the_time_and_nothing_else(browser):
    answer = send(browser, NEW_SITTING, A_TIME | {"day": "2027-02-31", "capacity_online": "-1", "check": "1"})

    assert (answer.status_code, list(errors_of(answer))) == (422, ["day"])


def test_more_rows_come_with_a_button_and_nothing_is_lost(browser):
    before = browser.get(NEW_SITTING)

    answer = send_again(browser, NEW_SITTING, before, {"agenda-2-title": "In fours", "add": "agenda"})

    page = read(answer)
    assert page.status == 200
    assert (before.text.count(">Item "), answer.text.count(">Item ")) == (3, 4)
    assert typed_in(answer)["agenda-2-title"] == "In fours"


def test_facilitators_are_found_by_name_or_get_a_page(browser):
    known = make_facilitator("Wanjirũ Kamau")

    send(
        browser,
        NEW_SITTING,
        A_TIME
        | {
            "facilitators-0-name": " wanjiru  kamau ", "facilitators-0-role": "Lead",
            "facilitators-1-name": "Farid Rahman",
            "names_asked": "farid rahman",
        },
    )  # fmt: skip

    led = [(one.facilitator.name, one.role) for one in the_sitting().facilitators]
    assert led == [("Wanjirũ Kamau", "Lead"), ("Farid Rahman", "")]
    assert db.scalars(select(Facilitator.id).where(Facilitator.name == known.name)).all() == [known.id]
    assert browser.get("/facilitators/farid-rahman/").status_code == 200


def test_a_page_for_a_new_name_is_made_only_when_one_saves_again(browser):
    typed = A_TIME | {"facilitators-0-name": "Farid  Rahman"}

    asked = send(browser, NEW_SITTING, typed)

    assert (asked.status_code, errors_of(asked)) == (
        422,
        {
            "facilitators-0-name": "Farid Rahman has no facilitator’s page yet. Save again to make one, or "
            "choose a name from the list."
        },
    )
    assert db.scalars(select(Facilitator)).all() == []
    other = send_again(browser, NEW_SITTING, asked, {"facilitators-0-name": "Ravi Menon"})
    assert list(errors_of(other)) == ["facilitators-0-name"]
    assert send_again(browser, NEW_SITTING, other).status_code == 303
    assert db.scalars(select(Facilitator.name)).all() == ["Ravi Menon"]


def test_a_name_that_two_bear_must_be_chosen(browser):
    make_facilitator("Amina Diallo")
    second = make_facilitator("Amina Diallo")
    second_id = second.id

    refused = send(browser, NEW_SITTING, A_TIME | {"facilitators-0-name": "Amina Diallo"})

    assert "Several facilitators" in errors_of(refused)["facilitators-0-name"]
    chosen = {"facilitators-0-name": "Amina Diallo (amina-diallo-2)"}
    assert send_again(browser, NEW_SITTING, refused, chosen).status_code == 303
    assert the_sitting().facilitators[0].facilitator_id == second_id


def test_a_new_venue_takes_the_zone_of_its_country(browser):
    typed = A_TIME | {
        "attendance": "in-person", "venue": "new", "venue_name": "Training centre", "venue_city": "Accra",
        "venue_address": "Liberation Road", "venue_country": "GH", "capacity_in_person": "30", "zone": "GH",
    }  # fmt: skip

    assert send(browser, NEW_SITTING, typed).status_code == 303

    venue = the_sitting().venue
    assert venue is not None
    assert (venue.name, venue.city, venue.timezone) == ("Training centre", "Accra", "Africa/Accra")


def test_a_country_with_several_zones_is_asked_about_with_one_proposed(browser):
    typed = A_TIME | {
        "attendance": "in-person", "venue": "new", "venue_name": "Hospital", "venue_country": "BR",
        "zone": "Manaus",
    }  # fmt: skip

    asked = send(browser, NEW_SITTING, typed)

    assert list(errors_of(asked)) == ["venue_zone"]
    assert typed_in(asked)["venue_zone"] == "São Paulo, Brazil (America/Sao_Paulo)"
    assert send_again(browser, NEW_SITTING, asked, {"venue_zone": "Manaus"}).status_code == 303
    assert db.scalars(select(Venue.timezone)).all() == ["America/Manaus"]


def test_in_person_the_zone_of_the_venue_is_the_one_to_promise(browser):
    venue = make_venue("Training centre", "Africa/Nairobi", city="Nairobi")
    typed = A_TIME | {"attendance": "in-person", "venue": str(venue.id)}

    asked = send(browser, NEW_SITTING, typed)

    assert (asked.status_code, list(errors_of(asked))) == (422, ["zone"])
    assert "Use the time of Nairobi" in read(asked).buttons
    used = send_again(browser, NEW_SITTING, asked, {"use": "zone Nairobi, Kenya (Africa/Nairobi)"})
    assert (used.status_code, typed_in(used)["zone"]) == (200, "Nairobi, Kenya (Africa/Nairobi)")
    insisted = send_again(browser, NEW_SITTING, asked)
    assert (insisted.status_code, list(errors_of(insisted))) == (422, ["zone"])
    assert send_again(browser, NEW_SITTING, used).status_code == 303
    assert the_sitting().timezone == "Africa/Nairobi"


def test_registration_is_typed_in_the_sittings_own_time(browser):
    typed = A_TIME | {"zone": "Kathmandu", "opens": "2027-05-01T09:00", "closes": "2027-05-11T18:00"}

    assert send(browser, NEW_SITTING, typed).status_code == 303

    one = the_sitting()
    assert one.registration_opens_at == datetime(2027, 5, 1, 3, 15, tzinfo=UTC)
    assert one.registration_closes_at == datetime(2027, 5, 11, 12, 15, tzinfo=UTC)


def test_registration_meets_gaps_and_folds_as_the_start_does(browser):
    refused = send(
        browser,
        NEW_SITTING,
        A_TIME | {"day": "2027-11-30", "opens": "2027-03-28T01:30", "closes": "2027-10-31T01:30"},
    )

    assert set(errors_of(refused)) == {"opens", "closes_fold"}
    used = send_again(browser, NEW_SITTING, refused, {"use": "opens 2027-03-28T02:00"})
    assert typed_in(used)["opens"] == "2027-03-28T02:00"
    asked = send_again(browser, NEW_SITTING, used)
    assert list(errors_of(asked)) == ["closes_fold"]
    assert send_again(browser, NEW_SITTING, asked, {"closes_fold": "1"}).status_code == 303
    one = the_sitting()
    assert one.registration_opens_at == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert one.registration_closes_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_a_twin_begins_as_a_copy_of_the_last_sitting(app, database):
    first = make_offering(
        length=45, capacity_online=9, attendance=Attendance.ONLINE, join_url="https://meet.example.org/1"
    )
    browser = browser_of(app, ada(first.learning_session.journey))

    opened = browser.get(NEW_SITTING)

    assert read(opened).title == "Plan a twin sitting"
    typed = typed_in(opened)
    assert (typed["length"], typed["capacity_online"], typed["day"], typed["join_url"]) == ("45", "9", "", "")
    send(browser, NEW_SITTING, {"day": "2027-04-23", "begins": "09:00"})
    assert db.scalars(select(Offering.length_minutes)).all() == [45, 45]


def test_dating_a_session_answers_those_who_said_they_would_come(app, database):
    learning_session = make_learning_session()
    pats = pat()
    seat(pats, make_offering(make_learning_session(learning_session.journey, "Another")))
    for one in (pats, nora()):
        say_interest(learning_session, one, Availability(), "", NOW)
    browser = browser_of(app, ada(learning_session.journey))
    assert "2 people say that they would come" in read(browser.get(OVERVIEW)).text
    assert "2 people say that they would come" in read(browser.get(NEW_SITTING)).text

    answer = send(browser, NEW_SITTING, A_TIME | {"answer_how": "places"})

    told = read(browser.get(answer.location)).notices
    assert told == [
        "The sitting is planned. Of those who said they would come, 1 person has a place and 1 person is "
        "invited."
    ]


@pytest.mark.parametrize("number", [1, 30])
def test_the_form_costs_the_same_with_many_rows(app, database, query_counter, number):
    parts = tuple(Part(1, f"Part {part}", people=(Named("Amina Diallo"),)) for part in range(number))
    leaders = tuple((make_facilitator(f"Leader {one}"), "") for one in range(number))
    offering = make_offering(agenda=parts, facilitators=leaders)
    path, browser = edit_page(offering.id), browser_of(app, ada(offering.learning_session.journey))
    browser.get(path)

    with query_counter() as counted:
        assert browser.get(path).status_code == 200

    assert counted.count <= MOST_QUERIES

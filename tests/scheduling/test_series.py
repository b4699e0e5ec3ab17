"""Several sessions in one step: every date is seen before any is saved."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.domain.availability import Availability
from app.enrolments.interest import say_interest
from app.enrolments.operations import enrol
from app.journeys.operations import expect_zone
from app.learning_sessions.models import LearningSession, Offering
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_participant,
    make_user,
)
from tests.page import Page
from tests.people import ada, browser_of, cora, make_account

WEEKLY = {
    "pattern": "weeks", "first_on": "2027-03-04", "begins": "10:00", "length": "90", "zone": "London",
    "interval": "2", "count": "3", "title": "Session {n}", "number_from": "1", "attendance": "online",
}  # fmt: skip


@pytest.fixture
def journey(database):
    made = make_journey(timezone="Europe/London")
    for zone, people in (("America/New_York", 3), ("Africa/Accra", 6), ("Asia/Kathmandu", 2)):
        expect_zone(made, zone, NOW, people)
    return made


@pytest.fixture
def desk(app, journey, time_machine):
    time_machine.move_to(NOW)
    return browser_of(app, ada(journey))


def address(journey):
    return f"/organise/journeys/{journey.slug}/series"


def hidden(page, name):
    """The value of a hidden field."""
    return next(facts["value"] for tag, facts in page.tags if tag == "input" and facts.get("name") == name)


def rows_of(page):
    """The fields of all rows as they stand on the page."""
    found = dict[str, str]()
    for tag, facts in page.tags:
        name = facts.get("name") or ""
        if tag != "input" or not name.startswith("rows-"):
            continue
        if facts.get("type") in ("checkbox", "radio") and "checked" not in facts:
            continue
        found[name] = facts.get("value") or ""
    return found


def shown(desk, journey, **fields):
    there = hidden(Page(desk.get(address(journey))), "there")
    return Page(desk.submit(address(journey), WEEKLY | {"there": there, "show": "1"} | fields))


def saved(desk, journey, page, **fields):
    """Press the button that saves on a page that shows the dates."""
    everything = WEEKLY | rows_of(page) | {name: hidden(page, name) for name in ("shown", "there")}
    everything |= {"save": "1"} | fields
    return desk.submit(address(journey), everything)


def sittings(database, journey):
    rows = database.execute(
        select(LearningSession.title, Offering.starts_wall, Offering.starts_at)
        .join(Offering, Offering.learning_session_id == LearningSession.id)
        .where(LearningSession.journey_id == journey.id)
        .order_by(LearningSession.position)
    )
    return [tuple(row) for row in rows]


def test_the_form_opens_with_the_journeys_zone(desk, journey):
    page = Page(desk.get(address(journey)))
    assert (page.status, page.title) == (200, "A series of sessions")
    assert "London" in page.source
    assert "Show the dates" in page.buttons


def test_every_date_is_shown_with_everybodys_hour_before_anything_is_saved(desk, journey, database):
    page = shown(desk, journey)
    assert page.status == 200
    assert "Thu 4 March 2027, 10:00–11:30 GMT, UTC" in page.text
    assert "Thu 1 April 2027, 10:00–11:30 BST, UTC+1" in page.text
    assert (
        "Hour moved: New York: 05:00 → 06:00, because New York changed its clocks on 14 March, "
        "London not until 28 March." in page.text
    )
    assert (
        "Hour moved: Accra 10:00 → 09:00; Kathmandu 15:45 → 14:45, because London changed its clocks on "
        "28 March; they do not change them." in page.text
    )
    assert "Thu 06:00 moved asleep" in page.text
    assert "Save these 3 sessions" in page.buttons
    assert sittings(database, journey) == []


def test_what_was_shown_is_saved_in_one_step(desk, journey, database):
    answer = saved(desk, journey, shown(desk, journey))
    assert answer.status_code == 303
    assert answer.location.endswith(f"/organise/journeys/{journey.slug}/#sessions")
    assert sittings(database, journey) == [
        ("Session 1", datetime(2027, 3, 4, 10), datetime(2027, 3, 4, 10, tzinfo=UTC)),
        ("Session 2", datetime(2027, 3, 18, 10), datetime(2027, 3, 18, 10, tzinfo=UTC)),
        ("Session 3", datetime(2027, 4, 1, 10), datetime(2027, 4, 1, 9, tzinfo=UTC)),
    ]


def test_a_second_press_saves_nothing_before_one_has_seen_the_first(desk, journey, database):
    page = shown(desk, journey)
    assert saved(desk, journey, page).status_code == 303

    again = saved(desk, journey, page)

    told = Page(again)
    assert again.status_code == 409
    assert "Not saved yet: something was added meanwhile" in told.text
    assert told.links["Session 3"] == f"/organise/journeys/{journey.slug}/sessions/session-3/"
    assert rows_of(told) == rows_of(page)
    assert len(sittings(database, journey)) == 3
    assert saved(desk, journey, told).status_code == 303
    assert len(sittings(database, journey)) == 6


@pytest.mark.parametrize("title", ["Session\x07 {n}", "Session \u202e{n}", "Session\n{n}"])
def test_a_title_is_one_line_of_ordinary_characters(desk, journey, title):
    page = shown(desk, journey, title=title)
    assert page.status == 422
    assert "Use one line of ordinary characters." in page.text


def test_what_was_not_shown_is_not_saved(desk, journey, database):
    page = shown(desk, journey)
    answer = saved(desk, journey, page, interval="1")
    assert answer.status_code == 422
    assert "not those that the table showed" in Page(answer).text
    assert sittings(database, journey) == []
    assert saved(desk, journey, Page(answer), interval="1").status_code == 303
    assert [wall.day for _, wall, _ in sittings(database, journey)] == [4, 11, 18]


def row(page, key):
    """The number of the row of a date."""
    name = next(name for name, value in rows_of(page).items() if name.endswith("-of") and value == key)
    return name.removesuffix("-of")


def test_a_date_is_left_out_or_moved_and_the_table_is_shown_again(desk, journey, database):
    page = shown(desk, journey)
    changes = {
        f"{row(page, '2027-03-04T10:00')}-left_out": "y",
        f"{row(page, '2027-03-18T10:00')}-day": "2027-03-19",
        f"{row(page, '2027-03-18T10:00')}-begins": "09:30",
    }
    again = Page(saved(desk, journey, page, **changes))
    assert again.status == 422
    assert sittings(database, journey) == []
    assert "Thu 4 March 2027, 10:00 Left out" in again.text
    assert "Fri 19 March 2027, 09:30–11:00" in again.text
    assert "Save these 2 sessions" in again.buttons
    assert saved(desk, journey, again).status_code == 303
    assert [(title, wall) for title, wall, _ in sittings(database, journey)] == [
        ("Session 1", datetime(2027, 3, 19, 9, 30)),
        ("Session 2", datetime(2027, 4, 1, 10)),
    ]


def test_an_hour_that_is_skipped_is_answered_in_its_row(desk, journey, database):
    skipped = {"first_on": "2027-03-21", "begins": "01:30", "interval": "1"}
    page = shown(desk, journey, **skipped)
    assert page.status == 422
    assert "There is no 01:30 in London on Sunday 28 March 2027" in page.text
    assert "Sun 28 March 2027, 01:30 Needs an answer" in page.text
    assert "Use 02:00" in page.buttons
    assert not [text for text in page.buttons if text.startswith("Save")]
    name = f"{row(page, '2027-03-28T01:30')}-begins"
    mended = Page(
        desk.submit(address(journey), WEEKLY | skipped | rows_of(page) | {"use": f"{name} 2027-03-28T02:00"})
    )
    assert mended.status == 200
    assert "Sun 28 March 2027, 02:00–03:30 BST" in mended.text
    assert saved(desk, journey, mended, **skipped).status_code == 303
    assert [starts_at.hour for _, _, starts_at in sittings(database, journey)] == [1, 1, 0]


def test_an_hour_that_comes_twice_is_asked_about_in_its_row(desk, journey, database):
    twice = {"first_on": "2027-10-31", "begins": "01:30", "interval": "1", "count": "1"}
    page = shown(desk, journey, **twice)
    assert page.status == 422
    assert "01:30 BST, UTC+1 (the first)" in page.text
    answer = {f"{row(page, '2027-10-31T01:30')}-fold": "1"}
    again = shown(desk, journey, **twice, **rows_of(page), **answer)
    assert again.status == 200
    assert saved(desk, journey, again, **twice).status_code == 303
    assert sittings(database, journey)[0][2] == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_nothing_is_saved_while_a_date_waits_for_its_answer(desk, journey, database):
    twice = {"first_on": "2027-10-31", "begins": "01:30", "interval": "1"}
    page = shown(desk, journey, **twice)
    assert saved(desk, journey, page, **twice).status_code == 422
    assert sittings(database, journey) == []


def test_the_second_tuesday_of_every_month(desk, journey, database):
    monthly = {"pattern": "months", "first_on": "2027-03-09", "interval": "1"}
    assert saved(desk, journey, shown(desk, journey, **monthly), **monthly).status_code == 303
    assert [wall.date().isoformat() for _, wall, _ in sittings(database, journey)] == [
        "2027-03-09", "2027-04-13", "2027-05-11",
    ]  # fmt: skip


def test_a_pasted_list_with_hours_and_titles_of_its_own(desk, journey, database):
    pasted = {
        "pattern": "list", "first_on": "", "number_from": "7",
        "dates": "5 March 2027 14:00 – Paying hospitals\n2027-04-02",
    }  # fmt: skip
    assert saved(desk, journey, shown(desk, journey, **pasted), **pasted).status_code == 303
    assert [(title, wall) for title, wall, _ in sittings(database, journey)] == [
        ("Paying hospitals", datetime(2027, 3, 5, 14)),
        ("Session 8", datetime(2027, 4, 2, 10)),
    ]


def test_sessions_without_a_date_get_theirs_in_order(desk, journey, database):
    for title in ("How are hospitals paid?", "Who pays?"):
        make_learning_session(journey, title)
    assert "First the 2 sessions without a date" in Page(desk.get(address(journey))).text
    page = shown(desk, journey, into="undated", number_from="3")
    assert "How are hospitals paid? has no date yet" in page.text
    assert saved(desk, journey, page, into="undated", number_from="3").status_code == 303
    assert [(title, wall.day) for title, wall, _ in sittings(database, journey)] == [
        ("How are hospitals paid?", 4), ("Who pays?", 18), ("Session 3", 1),
    ]  # fmt: skip


def test_those_who_said_they_would_come_are_answered(desk, journey, database):
    waiting = make_learning_session(journey, "Who pays?")
    will = make_participant("Will Rahman", user=make_user("Will Rahman"))
    enrol(journey, will, NOW)
    say_interest(waiting, will, Availability(), "", NOW)
    page = Page(desk.get(address(journey)))
    assert "1 person waits for a date." in page.text
    fields = {"into": "undated", "answer_how": "places", "count": "2"}
    answer = saved(desk, journey, shown(desk, journey, **fields), **fields)
    assert answer.status_code == 303
    told = Page(desk.get(answer.location)).notices
    assert told[0].startswith(
        "2 sessions are planned. Of those who said they would come, 1 person has a place."
    )


@pytest.mark.parametrize("how", ["", "somehow"])
def test_an_answer_that_is_none_stands_at_its_field(desk, journey, database, how):
    say_interest(make_learning_session(journey, "Who pays?"), make_participant(), Availability(), "", NOW)
    fields = {"into": "undated", "count": "2"}

    answer = saved(desk, journey, shown(desk, journey, **fields), **fields, answer_how=how)

    assert answer.status_code == 422
    assert "Say what becomes of those who said they would come." in Page(answer).text
    assert sittings(database, journey) == []


def test_a_session_dated_meanwhile_is_not_dated_again(desk, journey, database):
    waiting = make_learning_session(journey, "Who pays?")
    page = shown(desk, journey, into="undated", count="1")
    make_offering(database.get(LearningSession, waiting.id))
    answer = saved(desk, journey, page, into="undated", count="1")
    assert answer.status_code == 422
    assert len(sittings(database, journey)) == 1


def test_what_all_have_in_common(desk, journey, database):
    make_facilitator("Wanjiru Kamau", timezone="Africa/Nairobi")
    more = {
        "facilitators-0-name": "Wanjiru Kamau", "facilitators-0-role": "Chair",
        "facilitators-1-name": "Ravi Menon",
        "capacity_online": "30", "join_url": "https://meet.example.org/x", "join_from_minutes": "20",
    }  # fmt: skip
    page = shown(desk, journey, **more)
    assert "Nairobi" in page.text
    asked = saved(desk, journey, page, **more)
    assert asked.status_code == 422
    assert "Ravi Menon has no facilitator’s page yet." in Page(asked).text
    more["names_asked"] = hidden(Page(asked), "names_asked")
    assert saved(desk, journey, Page(asked), **more).status_code == 303
    for offering in database.scalars(select(Offering)):
        assert (offering.capacity_online, offering.join_url) == (30, "https://meet.example.org/x")
        assert offering.join_from_minutes == 20
        assert [(one.facilitator.name, one.role) for one in offering.facilitators] == [
            ("Wanjiru Kamau", "Chair"), ("Ravi Menon", ""),
        ]  # fmt: skip


def test_holidays_and_clashes_stand_with_their_dates(desk, journey):
    make_offering(make_learning_session(journey), wall=datetime(2027, 3, 18, 10, 30))
    page = shown(desk, journey, first_on="2027-03-04", interval="2")
    assert "Overlap: session 1 runs from 10:30 London, GMT." in page.text
    twice = {"pattern": "list", "dates": "2027-04-01 10:00\n2027-04-01 11:00"}
    assert shown(desk, journey, **twice).text.count("another of these dates has not ended") == 1
    ghana = shown(desk, journey, first_on="2027-03-06")
    assert "Public holiday: Independence Day in Ghana (6 people)" in ghana.text


@pytest.mark.engine("postgres")  # the stricter one: what gets past the form fails there
@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"first_on": "2027-02-31"}, "first_on", "Give a day of the calendar"),
        ({"first_on": ""}, "first_on", "Give the first date."),
        ({"begins": "25:00"}, "begins", "Give a time of day between 00:00 and 23:59"),
        ({"begins": ""}, "begins", "Give the time at which every session begins"),
        ({"length": "4"}, "length", "between 5 minutes and 24 hours"),
        ({"length": "1500"}, "length", "between 5 minutes and 24 hours"),
        ({"length": "-90"}, "length", "between 5 minutes and 24 hours"),
        ({"length": "an hour"}, "length", "Give a whole number"),
        ({"zone": "Atlantis"}, "zone", "Atlantis"),
        ({"zone": ""}, "zone", "Say in whose time it is promised"),
        ({"interval": "0"}, "interval", "Repeat every 1 to 52 weeks."),
        ({"interval": "99999999999999999999"}, "interval", "Repeat every 1 to 52 weeks."),
        ({"count": "0"}, "count", "between 1 and 60 sessions"),
        ({"count": "61"}, "count", "between 1 and 60 sessions"),
        ({"count": ""}, "count", "Say how many sessions there are, or until when."),
        ({"until": "2027-05-01"}, "count", "Say how many sessions there are, or until when."),
        ({"count": "", "until": "2027-03-01"}, "until", "No date of the series lies on or before this day."),
        ({"count": "", "until": "2030-03-01", "interval": "1"}, "until", "more than 60 sessions"),
        ({"pattern": "daily"}, "pattern", "Choose one of these."),
        ({"pattern": "months", "nth": "fifth"}, "nth", "Not a valid choice"),
        ({"pattern": "list", "dates": ""}, "dates", "Paste at least one date"),
        ({"pattern": "list", "dates": "05/03/2027"}, "dates", "Line 1: This is 5 March 2027 to some"),
        ({"pattern": "list", "dates": "31 February 2027"}, "dates", "Line 1: There is no such day"),
        ({"title": "x" * 10_000}, "title", "Use at most 200 characters."),
        ({"number_from": "-1"}, "number_from", "Give a number from 0 to 10,000."),
        ({"number_from": "one"}, "number_from", "Give a whole number"),
        ({"title": ""}, "title", "Give the new sessions a title."),
        ({"attendance": "by-post"}, "attendance", "Choose how people attend."),
        ({"capacity_online": "0"}, "capacity_online", "With no place nobody could come."),
        ({"capacity_online": "-3"}, "capacity_online", "There cannot be fewer places than one."),
        ({"join_url": "javascript:alert(1)"}, "join_url", "begins with https://"),
        ({"title": "NUL \x00"}, "title", "a character that cannot be kept"),
    ],
)
def test_bad_input_is_answered_at_its_field_and_nothing_is_lost(
    desk, journey, database, fields, field, words
):
    page = shown(desk, journey, **fields)
    assert page.status == 422
    assert words in page.text
    errors = {facts.get("id") for _, facts in page.tags if "error" in (facts.get("class") or "").split()}
    assert f"{field}-error" in errors
    if "\x00" not in "".join(fields.values()):
        kept = {facts.get("name"): facts.get("value") for _, facts in page.tags if facts.get("name")}
        assert all(value == kept.get(name) for name, value in fields.items() if kept.get(name) is not None
                   and name not in ("pattern", "attendance"))  # fmt: skip
    assert sittings(database, journey) == []


def test_titles_in_other_scripts_are_kept(desk, journey, database):
    other = {"title": "الجلسة {n} 🏥"}
    assert saved(desk, journey, shown(desk, journey, **other), **other).status_code == 303
    assert [title for title, _, _ in sittings(database, journey)][0] == "الجلسة 1 🏥"


def test_a_row_that_cannot_be_read_is_told_at_its_field(desk, journey):
    page = shown(desk, journey)
    name = row(page, "2027-03-18T10:00")
    again = shown(desk, journey, **rows_of(page) | {f"{name}-day": "2027-02-31"})
    assert again.status == 422
    assert "Give a day of the calendar" in again.text
    assert 'value="2027-02-31"' in again.source


def test_a_row_for_one_more_facilitator_is_added_without_losing_anything(desk, journey):
    page = Page(desk.submit(address(journey), WEEKLY | {"add": "facilitators", "title": "Clinic {n}"}))
    assert page.status == 200
    assert "Clinic {n}" in page.source
    assert "Facilitator 1" in page.text


def test_only_who_edits_the_journey_may_plan(app, journey):
    assert browser_of(app).get(address(journey)).status_code == 303
    assert browser_of(app, cora(journey)).get(address(journey)).status_code == 403
    assert browser_of(app, make_account("Stan Elsewhere")).get(address(journey)).status_code == 403


def test_the_table_takes_as_many_queries_for_sixty_dates_as_for_one(desk, journey, query_counter):
    shown(desk, journey)
    counts = []
    for count in ("1", "60"):
        with query_counter() as counted:
            assert shown(desk, journey, count=count, interval="1").status == 200
        counts.append(counted.count)
    assert counts[0] == counts[1]

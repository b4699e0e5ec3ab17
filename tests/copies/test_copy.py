"""A journey as the copy of another: everything but people, with the dates moved."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.copies.moving import days_to_move, moved_instant
from app.domain.attendance import Attendance
from app.domain.permissions import OrganiserRole
from app.enrolments.models import Enrolment, Place
from app.journeys.models import Journey, JourneyStatus, OrganiserAssignment
from app.learning_sessions.models import LearningSession, Offering, OfferingStatus
from app.learning_sessions.operations import add_offering
from app.learning_sessions.sittings import Days, NewOffering
from app.scheduling.operations import cancel
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import ada, browser_of, cast, cora, make_account, root
from tests.scheduling.test_series import hidden, row, rows_of


@pytest.fixture
def journey(database):
    """Three sessions on Thursdays in London: 22 April, 6 May (cancelled), 13 May 2027; the last undated."""
    made = make_journey("Financing and Payment Models", starts_on=date(2027, 4, 1), ends_on=date(2027, 6, 30))
    first = make_offering(
        make_learning_session(made, "What capitation pays for"),
        capacity_online=1,
        registration_opens_at=datetime(2027, 2, 20, 9, tzinfo=UTC),
    )
    second = make_offering(make_learning_session(made, "Who pays?"), wall=datetime(2027, 5, 6, 13))
    make_offering(make_learning_session(made, "How are hospitals paid?"), wall=datetime(2027, 5, 13, 10))
    make_learning_session(made, "Looking back")
    cancel(second, "Strike", NOW)
    cast(first)
    return made


@pytest.fixture
def desk(app, journey, database, time_machine):
    time_machine.move_to(NOW)
    owner = database.scalar(
        select(OrganiserAssignment.user_id).where(OrganiserAssignment.role == OrganiserRole.OWNER)
    )
    return browser_of(app, database.get(User, owner))


FIELDS = {
    "title": "Financing, again",
    "short_title": "Again",
    "slug": "",
    "starts_on": "2028-04-18",
    "keep_weekdays": "y",
}


def address(journey):
    return f"/organise/journeys/{journey.slug}/copy"


def shown(desk, journey, **fields):
    return Page(desk.submit(address(journey), FIELDS | {"show": "1"} | fields))


def made(desk, journey, page, **fields):
    everything = FIELDS | rows_of(page) | {"shown": hidden(page, "shown"), "save": "1"} | fields
    return desk.submit(address(journey), everything)


def the_copy(database, title="Financing, again"):
    return database.scalars(select(Journey).where(Journey.title == title)).one()


def sittings(database, journey):
    return [
        (title, wall)
        for title, wall in database.execute(
            select(LearningSession.title, Offering.starts_wall)
            .outerjoin(Offering, Offering.learning_session_id == LearningSession.id)
            .where(LearningSession.journey_id == journey.id)
            .order_by(LearningSession.position)
        )
    ]


def test_the_dates_are_shown_before_the_copy_is_made(desk, journey, database):
    page = shown(desk, journey)
    assert (page.status, page.title) == (200, "Copy this journey")
    assert "2 sittings, moved by 52 weeks" in page.text
    assert "Thu 22 April 2027, 13:00 London Thu 20 April 2028, 13:00 London" in page.text
    assert "1 session without a date stays so: Looking back." in page.text
    assert "Make the copy" in page.buttons
    assert len(database.scalars(select(Journey)).all()) == 1


def test_the_copy_is_a_draft_of_its_own_with_every_hour_kept(desk, journey, database):
    answer = made(desk, journey, shown(desk, journey))
    assert answer.status_code == 303
    assert answer.location.endswith("/organise/journeys/financing-again/")
    copy = the_copy(database)
    assert (copy.status, copy.published_at, copy.name) == (JourneyStatus.DRAFT, None, "Again")
    assert (copy.starts_on, copy.ends_on) == (date(2028, 3, 30), date(2028, 6, 28))
    assert sittings(database, copy) == [
        ("What capitation pays for", datetime(2028, 4, 20, 13)),
        ("Who pays?", None),
        ("How are hospitals paid?", datetime(2028, 5, 11, 10)),
        ("Looking back", None),
    ]
    owners = database.execute(
        select(OrganiserAssignment.role).where(OrganiserAssignment.journey_id == copy.id)
    ).scalars()
    assert list(owners) == [OrganiserRole.OWNER]


def test_nobody_comes_along(desk, journey, database):
    made(desk, journey, shown(desk, journey))
    copy = the_copy(database)
    offering = database.scalars(
        select(Offering)
        .join(LearningSession)
        .where(LearningSession.journey_id == copy.id)
        .order_by(Offering.id)
    ).first()
    assert (offering.confirmed_online, offering.last_queue_number, offering.sequence) == (0, 0, 0)
    assert offering.capacity_online == 1
    assert len({one.uid for one in database.scalars(select(Offering))}) == 5
    assert database.scalars(select(Enrolment).where(Enrolment.journey_id == copy.id)).all() == []
    assert database.scalars(select(Place).where(Place.offering_id == offering.id)).all() == []


def test_registration_keeps_its_distance_on_the_clock(desk, journey, database):
    """From 20 February, 09:00 GMT, to 19 February a year later; six weeks on it is 09:00 BST."""
    made(desk, journey, shown(desk, journey))
    in_order = database.scalars(select(Offering).order_by(Offering.id))
    opens = [one.registration_opens_at for one in in_order if one.registration_opens_at]
    assert opens[1] == datetime(2028, 2, 19, 9, tzinfo=UTC)
    assert moved_instant(opens[0], timedelta(days=42), "Europe/London") == datetime(2027, 4, 3, 8, tzinfo=UTC)


def copied_window(desk, database, *, to, **facts):
    """The copy, on the day `to`, of a sitting with these facts; `row` is typed into its row."""
    typed = facts.pop("row", {})
    one = make_journey("Night shift")
    make_offering(make_learning_session(one, "Handing over"), **facts)
    browser = browser_of(desk, ada(one))
    page = shown(browser, one, starts_on=to)
    page = shown(browser, one, **rows_of(page) | {"starts_on": to} | typed)
    assert made(browser, one, page, starts_on=to).status_code == 303
    return database.scalars(
        select(Offering).join(LearningSession).where(LearningSession.journey_id == the_copy(database).id)
    ).one()


def test_registration_follows_a_sitting_to_another_hour(app, database, time_machine):
    time_machine.move_to(NOW)
    found = copied_window(
        app,
        database,
        to="2028-04-20",
        row={"rows-0-begins": "08:00"},
        registration_opens_at=datetime(2027, 4, 1, 8, tzinfo=UTC),
        registration_closes_at=datetime(2027, 4, 22, 13, 30, tzinfo=UTC),
    )
    assert found.ends_at == datetime(2028, 4, 20, 8, 30, tzinfo=UTC)
    assert found.registration_opens_at == datetime(2028, 3, 30, 3, tzinfo=UTC)
    assert found.registration_closes_at == found.ends_at


def test_registration_closes_with_a_night_in_which_clocks_go_back(app, database, time_machine):
    """It lasts from 00:30 to 02:00; in that night it is over when clocks show 01:00 again."""
    time_machine.move_to(NOW)
    found = copied_window(
        app,
        database,
        to="2027-10-31",
        wall=datetime(2027, 4, 4, 0, 30),
        registration_closes_at=datetime(2027, 4, 4, 1, tzinfo=UTC),
    )
    assert found.ends_at == datetime(2027, 10, 31, 1, tzinfo=UTC)
    assert found.registration_closes_at == found.ends_at


def test_cancelled_sittings_come_along_by_choice(desk, journey, database):
    page = shown(desk, journey, cancelled="y")
    assert "Thu 6 May 2027, 13:00 London Cancelled Thu 4 May 2028, 13:00 London" in page.text
    assert made(desk, journey, page, cancelled="y").status_code == 303
    copy = the_copy(database)
    assert ("Who pays?", datetime(2028, 5, 4, 13)) in sittings(database, copy)
    for one in database.scalars(
        select(Offering).join(LearningSession).where(LearningSession.journey_id == copy.id)
    ):
        assert (one.status, one.cancelled_at, one.cancellation_note) == (OfferingStatus.SCHEDULED, None, "")


def test_the_day_itself_when_weekdays_need_not_be_kept(desk, journey, database):
    fields = FIELDS | {"show": "1"}
    del fields["keep_weekdays"]
    page = Page(desk.submit(address(journey), fields))
    assert "Tue 18 April 2028, 13:00 London another weekday" in page.text
    everything = fields | rows_of(page) | {"shown": hidden(page, "shown"), "save": "1"}
    assert desk.submit(address(journey), everything).status_code == 303
    assert sittings(database, the_copy(database))[0][1] == datetime(2028, 4, 18, 13)


def test_a_time_that_does_not_exist_after_the_move_is_asked_about(app, database, time_machine):
    time_machine.move_to(NOW)
    night = make_journey("Night shift")
    make_offering(make_learning_session(night, "Handing over"), wall=datetime(2027, 3, 14, 1, 30))
    desk = browser_of(app, ada(night))
    page = shown(desk, night, starts_on="2027-03-28")
    assert page.status == 422
    assert "There is no 01:30 in London on Sunday 28 March 2027" in page.text
    assert "Needs an answer" in page.text
    assert "Make the copy" not in page.buttons
    name = f"{row(page, hidden(page, 'rows-0-of'))}-begins"
    fields = FIELDS | rows_of(page) | {"starts_on": "2027-03-28", "use": f"{name} 2027-03-28T02:00"}
    mended = Page(desk.submit(address(night), fields))
    assert mended.status == 200
    assert made(desk, night, mended, starts_on="2027-03-28").status_code == 303
    assert sittings(database, the_copy(database))[0][1] == datetime(2027, 3, 28, 2)


def test_a_time_that_comes_twice_after_the_move_is_asked_about(app, database, time_machine):
    time_machine.move_to(NOW)
    night = make_journey("Night shift")
    make_offering(make_learning_session(night, "Handing over"), wall=datetime(2027, 3, 14, 1, 30))
    desk = browser_of(app, ada(night))
    page = shown(desk, night, starts_on="2027-10-31")
    assert page.status == 422
    assert "01:30 GMT, UTC (the second)" in page.text
    again = shown(desk, night, starts_on="2027-10-31", **rows_of(page), **{"rows-0-fold": "1"})
    assert again.status == 200
    assert made(desk, night, again, starts_on="2027-10-31").status_code == 303
    copy = the_copy(database)
    found = database.scalars(
        select(Offering).join(LearningSession).where(LearningSession.journey_id == copy.id)
    ).one()
    assert (found.fold, found.starts_at) == (1, datetime(2027, 10, 31, 1, 30, tzinfo=UTC))


def test_a_sitting_is_left_out(desk, journey, database):
    page = shown(desk, journey)
    again = shown(desk, journey, **rows_of(page), **{"rows-1-left_out": "y"})
    assert "Left out" in again.text
    assert made(desk, journey, again).status_code == 303
    assert ("How are hospitals paid?", None) in sittings(database, the_copy(database))


def test_whole_days_move_by_the_same_number_of_days(app, database, time_machine):
    time_machine.move_to(NOW)
    workshop = make_journey("Workshop")
    add_offering(
        make_learning_session(workshop, "Two days together"),
        NewOffering(
            when=Days(date(2027, 5, 11), date(2027, 5, 12), "Africa/Accra"), attendance=Attendance.IN_PERSON
        ),
        NOW,
    )
    desk = browser_of(app, ada(workshop))
    page = shown(desk, workshop)
    assert "11–12 May 2027, Accra 18–19 April 2028, Accra" in page.text
    assert made(desk, workshop, page).status_code == 303
    found = database.scalars(select(Offering).order_by(Offering.id)).all()[1]
    assert (found.first_on, found.last_on) == (date(2028, 4, 18), date(2028, 4, 19))


def test_a_journey_without_dates_is_copied_at_once(app, database, time_machine):
    time_machine.move_to(NOW)
    bare = make_journey("A thought")
    desk = browser_of(app, ada(bare))
    page = Page(desk.get(address(bare)))
    assert "First day" not in page.text
    assert made(desk, bare, page, starts_on="").status_code == 303
    assert the_copy(database).status is JourneyStatus.DRAFT


def test_what_was_not_shown_is_not_copied(desk, journey, database):
    answer = made(desk, journey, shown(desk, journey), starts_on="2029-04-18")
    assert answer.status_code == 422
    assert "not those that the table showed" in Page(answer).text
    assert len(database.scalars(select(Journey)).all()) == 1


@pytest.mark.engine("postgres")  # the stricter one: what gets past the form fails there
@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"title": ""}, "title", "Give the copy a title."),
        ({"title": "x" * 10_000}, "title", "Use at most 200 characters."),
        ({"title": "Two\nlines"}, "title", "Use one line of ordinary characters."),
        ({"short_title": "Two\nlines"}, "short_title", "Use one line of ordinary characters."),
        ({"slug": "x" * 81}, "slug", "Use at most 80 characters."),
        ({"starts_on": "2100-12-31"}, "starts_on", "Then a day of the copy would be in 2101."),
        ({"starts_on": ""}, "starts_on", "Give the day on which the copy begins."),
        ({"starts_on": "2028-02-31"}, "starts_on", "Give a day of the calendar"),
        ({"starts_on": "9999-12-31"}, "starts_on", "Give a day in a year between"),
    ],
)
def test_bad_input_is_answered_at_its_field(desk, journey, database, fields, field, words):
    page = shown(desk, journey, **fields)
    assert page.status == 422
    assert words in page.text
    assert f'id="{field}-error"' in page.source
    assert len(database.scalars(select(Journey)).all()) == 1


def test_an_address_in_use_is_refused_at_its_field(desk, journey):
    for slug, words in (("Not An Address", "small letters"), (journey.slug, "is in use")):
        page = Page(made(desk, journey, shown(desk, journey), slug=slug))
        assert page.status == 422
        assert words in page.text
        assert 'id="slug-error"' in page.source


def test_who_may_copy(app, journey, database):
    assert browser_of(app).get(address(journey)).status_code == 303
    assert browser_of(app, make_account("Stan Elsewhere")).get(address(journey)).status_code == 403


def test_an_administrator_may(app, database):
    bare = make_journey("A thought")
    assert browser_of(app, root()).get(address(bare)).status_code == 200
    assert browser_of(app, cora(bare)).get(address(bare)).status_code == 403


@pytest.mark.parametrize(
    ("first", "to", "keep", "days"),
    [
        (date(2027, 4, 22), date(2028, 4, 18), True, 364),
        (date(2027, 4, 22), date(2028, 4, 18), False, 362),
        (date(2027, 4, 22), date(2027, 4, 22), True, 0),
        (date(2027, 4, 22), date(2027, 4, 21), True, 0),
        (date(2027, 4, 22), date(2026, 4, 20), True, -364),
        (date(2027, 4, 22), date(2026, 4, 20), False, -367),
    ],
)
def test_whole_weeks_to_the_same_weekday_on_or_after_the_day(first, to, keep, days):
    assert days_to_move(first, to, keep_weekdays=keep) == days


def test_the_page_takes_as_many_queries_for_thirty_sessions_as_for_one(app, database, query_counter):
    counts = []
    for number in (1, 30):
        big = make_journey(f"Journey {number}")
        for one in range(number):
            make_offering(make_learning_session(big, f"Session {one}"))
        desk = browser_of(app, root() if number == 1 else make_account("Other Admin", is_administrator=True))
        shown(desk, big)
        with query_counter() as counted:
            assert shown(desk, big).status == 200
        counts.append(counted.count)
    assert counts[0] == counts[1]

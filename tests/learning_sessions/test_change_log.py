"""The public list of what changed at a session, in each reader's time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.database import db
from app.domain.attendance import Attendance
from app.domain.timezones import Flag
from app.journeys.models import JourneyStatus
from app.journeys.operations import publish
from app.learning_sessions.models import Offering
from app.learning_sessions.sittings import Days
from app.scheduling import operations
from app.scheduling.models import ChangeReason, OfferingChange
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_venue
from tests.page import Page
from tests.people import browser_of, pat, seat, will
from tests.scheduling.telling import as_it_is

HERE = "/journeys/financing-and-payment-models/sessions/what-capitation-pays-for/"


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def wall(*parts: Any) -> datetime:
    return datetime(*parts)  # noqa: DTZ001  # a wall time


def change(offering: Offering, now: datetime = NOW, note: str = "", **changes) -> None:
    operations.revise(offering, as_it_is(offering, **changes), now, note=note)


def read(app, zone: str = "", who=None) -> Page:
    browser = browser_of(app, who)
    if zone:
        browser.set_cookie("zone", zone, domain="127.0.0.1")
    return Page(browser.get(HERE))


def log(page: Page) -> str:
    """The words of the list."""
    assert "Changes" in page.sections
    return page.text.split(" Changes ", 1)[1]


def test_what_never_changed_has_no_list(app, database):
    make_offering()

    assert "Changes" not in read(app).sections


def test_a_move_is_told_in_the_readers_time_with_the_organisers_note(app, database):
    change(make_offering(), wall=wall(2027, 4, 29, 20), note="The 22nd is a holiday.\nSorry <all>.")

    words = log(read(app, "Asia/Dhaka"))

    assert words.startswith(
        "1 March 2027: moved from Thu 22 April, 18:00–19:30 Dhaka, UTC+6 (13:00–14:30 London, BST) to "
        "Fri 30 April, 01:00–02:30 Dhaka, UTC+6 (Thu 20:00–21:30 London, BST). "
        "“The 22nd is a holiday. Sorry <all>.”"
    )


def test_who_has_no_zone_reads_the_sessions_own_and_the_day_in_utc(app, database):
    change(make_offering(), wall=wall(2027, 4, 29, 13))

    assert log(read(app)).startswith(
        "1 March 2027 (UTC): moved from Thu 22 April, 13:00–14:30 London, BST to Thu 29 April, 13:00–14:30 "
        "London, BST."
    )


def test_in_person_the_clock_of_the_venue_goes_first(app, database):
    venue = make_venue(city="Accra")
    change(
        make_offering(attendance=Attendance.IN_PERSON, timezone="Africa/Accra", venue=venue),
        wall=wall(2027, 4, 22, 15),
    )

    assert "to Thu 22 April, 15:00–16:30 Accra, GMT (21:00–22:30 Dhaka, UTC+6)." in log(
        read(app, "Asia/Dhaka")
    )


@pytest.mark.parametrize(("minutes", "what"), [(120, "longer"), (60, "shorter")])
def test_another_length_alone_is_told_as_that(app, database, minutes, what):
    change(make_offering(), length=minutes)

    ends = "15:00" if minutes == 120 else "14:00"
    assert (
        f"{what} from Thu 22 April, 13:00–14:30 London, BST to Thu 22 April, 13:00–{ends} London, BST."
        in log(read(app))
    )


def test_another_zone_at_the_same_moment_moves_nobody(app, database):
    change(make_offering(), wall=wall(2027, 4, 22, 12), timezone="Africa/Accra")

    words = log(read(app))

    assert (
        "promised in another zone. It is promised in the time of Accra now, no longer of London; the moment"
        in (words)
    )
    assert "from Thu" not in words


def test_another_place_is_told_as_it_was_and_is(app, database):
    change(
        make_offering(
            attendance=Attendance.IN_PERSON, timezone="Africa/Accra", venue=make_venue(city="Accra")
        ),
        venue=make_venue("Old school", "Africa/Accra", city="Tema"),
        note="The roof leaks.",
    )

    assert (
        "held elsewhere. Before: in person, Training centre, Accra. Now: in person, Old school, Tema. "
        "“The roof leaks.”"
    ) in log(read(app))


def test_days_and_hours_are_told_as_they_are_known(app, database):
    offering = make_offering(when=Days(date(2027, 4, 20), date(2027, 4, 21), "Europe/London"))
    change(offering, when=Days(date(2027, 5, 11), date(2027, 5, 12), "Europe/London"))

    assert "moved from 20–21 April 2027 in London to 11–12 May 2027 in London." in log(read(app))


def test_cancelling_and_restoring_are_told_newest_first(app, database):
    offering = make_offering()
    operations.cancel(offering, "The speaker is ill.", NOW)
    operations.restore(offering, NOW + timedelta(days=2), note="She is well again.")

    assert log(read(app, "Africa/Accra")).startswith(
        "3 March 2027: takes place after all. “She is well again.” "
        "1 March 2027: cancelled. “The speaker is ill.”"
    )


def test_older_changes_fold_away(app, database):
    offering = make_offering()
    for day in range(1, 6):
        change(offering, NOW + timedelta(hours=day), wall=wall(2027, 5, day, 13))

    page = read(app)

    folded = [facts.get("class") for tag, facts in page.tags if tag == "details"]
    assert folded == ["no-print", "push"]  # the first adds it to a calendar
    assert "2 earlier changes" in page.text
    assert (
        page.text.index("to Wed 5 May")
        < page.text.index("2 earlier changes")
        < page.text.index("to Sun 2 May")
    )


def test_each_sitting_keeps_its_own_list(app, database):
    learning_session = make_learning_session()
    make_offering(learning_session)
    evening = make_offering(learning_session, wall=wall(2027, 4, 22, 19))
    change(evening, wall=wall(2027, 4, 23, 19))

    page = read(app)

    assert page.sections.count("Changes") == 1
    assert page.text.index("Second sitting") < page.text.index("moved from Thu 22 April, 19:00–20:30")


def test_what_was_changed_in_the_draft_is_nobodys_business(app, database):
    journey = make_journey(status=JourneyStatus.DRAFT)
    change(make_offering(make_learning_session(journey)), wall=wall(2027, 4, 29, 13))
    publish(journey, NOW + timedelta(minutes=1))

    assert "Changes" not in read(app).sections


# New rules of a zone


def by_zone_rules(offering: Offering, flag: Flag | None = None) -> None:
    """As the zones check notes that Mexico City abolished summer time: 10:00 stays, an hour later in UTC."""
    change(offering, length=91)  # a record to make of it what the check would have made
    assert offering.starts_at is not None
    assert offering.ends_at is not None
    before = {
        "starts_at": offering.starts_at - timedelta(hours=1),
        "ends_at": offering.ends_at - timedelta(hours=1),
    }
    db.execute(
        update(OfferingChange).values(
            reason=ChangeReason.ZONE_RULES, flag=flag, before_length_minutes=91,
            before_starts_at=before["starts_at"], before_ends_at=before["ends_at"],
        )
    )  # fmt: skip


@pytest.fixture
def in_mexico(database):
    made = make_offering(timezone="America/Mexico_City", wall=wall(2027, 4, 22, 10))
    by_zone_rules(made)
    return made


def test_readers_elsewhere_are_told_how_their_hour_moved(app, in_mexico):
    words = log(read(app, "Europe/London"))

    assert words.startswith(
        "1 March 2027: moved by a change of clock rules from Thu 22 April, 16:00–17:31 London, BST to "
        "Thu 22 April, 17:00–18:31 London, BST. The rules for clocks in Mexico City were changed. "
        "It stays at 10:00 there, as it was promised."
    )


@pytest.mark.parametrize("zone", ["", "America/Mexico_City", "America/Monterrey"])
def test_readers_on_the_promised_clock_are_shown_no_hour_that_never_was(app, in_mexico, zone):
    page = read(app, zone)

    assert "It stays at 10:00 there, as it was promised; in other places its hour is another now." in log(
        page
    )
    assert "09:00" not in page.text
    assert "Moved." not in page.text


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        (Flag.NOW_IN_GAP, "10:00 is left out there on that day. The organisers will look at it."),
        (Flag.NOW_TWICE, "That hour comes twice there on that day now; the organisers will look at it."),
        (Flag.ZONE_GONE, "The zone data no longer know the zone of Mexico City. The moment is the same."),
    ],
)
def test_what_became_unclear_is_said(app, database, flag, words):
    by_zone_rules(make_offering(timezone="America/Mexico_City", wall=wall(2027, 4, 22, 10)), flag)

    assert words in log(read(app, "Europe/London"))


# Marked as moved


def test_a_moved_sitting_tells_its_old_time_for_two_weeks(app, database, time_machine):
    change(make_offering(), wall=wall(2027, 4, 29, 13))

    page = read(app, "Africa/Accra")
    time_machine.move_to(NOW + timedelta(days=15))
    later = read(app, "Africa/Accra")

    assert "Moved. It was Thu 22 April, 12:00–13:30 Accra, GMT (13:00–14:30 London, BST)." in page.text
    assert page.links["What changed"].startswith("#changes-")
    assert "Moved." not in later.text
    assert "Changes" in later.sections


def test_of_several_moves_the_time_that_people_remember_is_told(app, database):
    offering = make_offering(make_learning_session(make_journey(now=NOW - timedelta(days=40))))
    change(offering, NOW - timedelta(days=20), wall=wall(2027, 4, 25, 13))
    change(offering, NOW - timedelta(days=2), wall=wall(2027, 4, 27, 13))
    change(offering, NOW - timedelta(days=1), wall=wall(2027, 4, 29, 13))

    page = read(app, "Africa/Accra")

    assert "Moved. It was Sun 25 April, 12:00–13:30 Accra, GMT" in page.text


def test_who_moves_it_back_has_moved_nothing(app, database):
    offering = make_offering()
    change(offering, wall=wall(2027, 4, 29, 13))
    change(offering, NOW + timedelta(hours=1), wall=wall(2027, 4, 22, 13))

    page = read(app, "Africa/Accra")

    assert "Moved." not in page.text
    assert "Changes" in page.sections


def test_a_cancelled_sitting_is_not_marked_as_moved(app, database):
    offering = make_offering()
    change(offering, wall=wall(2027, 4, 29, 13))
    operations.cancel(offering, "Ill.", NOW)

    assert "Moved." not in read(app).text


# Where to go instead


def test_who_lost_a_place_is_led_to_the_twin_with_room(app, database):
    learning_session = make_learning_session()
    morning = make_offering(learning_session)
    evening = make_offering(learning_session, wall=wall(2027, 4, 22, 19))
    person, other = pat(), will()
    seat(person, morning)
    seat(other, evening)
    operations.cancel(morning, "Ill.", NOW)
    number = evening.id

    page = read(app, who=person)

    assert "Cancelled You held a place here. Another sitting of this session has room:" in page.text
    assert page.links["Take a place there"] == f"{HERE}#sitting-{number}"
    assert "Thu 22 April, 18:00–19:30 Accra, GMT (19:00–20:30 London, BST), online" in page.text
    assert page.buttons == ["Take a place"]
    assert "You hold a place in another sitting" not in page.text
    assert "has room:" not in read(app, who=other).text
    assert "has room:" not in read(app).text


def test_where_the_twin_is_full_the_next_session_with_room_is_offered(app, database):
    learning_session = make_learning_session()
    morning = make_offering(learning_session)
    evening = make_offering(learning_session, wall=wall(2027, 4, 22, 19), capacity_online=1)
    make_offering(make_learning_session(learning_session.journey, "Next time"), wall=wall(2027, 5, 6, 13))
    person = pat()
    seat(person, morning)
    seat(will(), evening)
    operations.cancel(morning, "Ill.", NOW)

    page = read(app, who=person)

    assert "The next session has room:" in page.text
    assert page.links["Next time"] == "/journeys/financing-and-payment-models/sessions/next-time/"


EXTRA = {
    "begun": {"wall": wall(2027, 3, 1, 8, 30)},
    "not open yet": {"registration_opens_at": datetime(2027, 3, 2, tzinfo=UTC)},
    "closed already": {"registration_closes_at": datetime(2027, 2, 28, tzinfo=UTC)},
    "no places at all": {"capacity_online": 0},
    "full in its only way": {"attendance": Attendance.ONLINE, "capacity_online": 0},
}


@pytest.mark.parametrize("facts", EXTRA.values(), ids=EXTRA.keys())
def test_what_takes_nobody_is_not_offered(app, database, facts):
    journey = make_journey()
    lost = make_offering(make_learning_session(journey))
    make_offering(make_learning_session(journey, "Unavailable"), **({"wall": wall(2027, 4, 29, 13)} | facts))
    person = pat()
    seat(person, lost)
    operations.cancel(lost, "Ill.", NOW)

    assert "has room:" not in read(app, who=person).text


def test_a_session_one_is_coming_to_anyway_is_not_offered(app, database):
    journey = make_journey()
    lost = make_offering(make_learning_session(journey))
    held = make_offering(make_learning_session(journey, "Held"), wall=wall(2027, 4, 29, 13))
    make_offering(make_learning_session(journey, "New"), wall=wall(2027, 5, 6, 13))
    person = pat()
    for one in (lost, held):
        seat(person, one)
    operations.cancel(lost, "Ill.", NOW)

    page = read(app, who=person)

    assert "New" in page.links
    assert "Held" not in page.links


# What it costs


def test_thirty_changes_cost_the_queries_of_one(app, database, query_counter):
    offering = make_offering()
    change(offering, wall=wall(2027, 4, 29, 13))

    def cost() -> int:
        browser = browser_of(app)
        browser.get(HERE)
        with query_counter() as counted:
            assert browser.get(HERE).status_code == 200
        return int(counted.count)

    few = cost()
    offering = db.get_one(Offering, offering.id)
    for day in range(1, 30):
        change(offering, NOW + timedelta(minutes=day), wall=wall(2027, 5, day, 13))

    assert cost() == few

"""What the desk says of the telling of changes, and the button that tells now."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.database import db
from app.journeys import operations as journeys
from app.learning_sessions.models import LearningSession, Offering
from app.scheduling import operations
from app.scheduling.models import Announcement
from app.scheduling.telling import tell
from tests.factories import NOW, make_learning_session, make_offering, make_participant
from tests.page import Page
from tests.people import ada, browser_of, cast, seat
from tests.scheduling.planning import send
from tests.scheduling.telling import as_it_is

OVERVIEW = "/organise/journeys/financing-and-payment-models/sessions/what-capitation-pays-for/"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def offering(database):
    return make_offering(capacity_online=1)


@pytest.fixture
def people(offering):
    return cast(offering)


def move(offering, hour=15, now=NOW, **facts):
    wall = datetime(2027, 4, 22, hour, 0)
    operations.revise(offering, as_it_is(offering, wall=wall), now, **facts)
    return db.scalars(select(Announcement).order_by(Announcement.id.desc())).first()


def csrf_of(browser):
    tags = Page(browser.get(OVERVIEW)).tags
    return next(facts["value"] for tag, facts in tags if tag == "input" and facts.get("name") == "csrf_token")


def tell_now(browser, offering):
    path = f"/organise/offerings/{offering.id}/tell-now"
    return browser.post(path, data={"csrf_token": csrf_of(browser)})


def test_the_desk_says_when_people_are_told(app, offering, people):
    move(offering, by=people.ada)

    text = Page(browser_of(app, people.ada).get(OVERVIEW)).text

    assert (
        "3 people are told of the change at 09:10 in London (GMT, UTC), in 10 minutes; until then further "
        "changes are put together into one message."
    ) in text


@pytest.mark.parametrize("steps", [("15", "13"), ("cancel", "restore"), ("restore", "cancel")])
def test_what_was_taken_back_is_told_to_nobody_and_the_desk_says_so(app, offering, people, steps):
    if steps[0] == "restore":
        operations.cancel(offering, "The speaker is ill.", NOW - 60 * MINUTE)
        db.delete(db.scalars(select(Announcement)).one())
        db.flush()
    for step in steps:
        if step == "cancel":
            operations.cancel(offering, "The speaker is ill.", NOW)
        elif step == "restore":
            operations.restore(offering, NOW)
        else:
            move(offering, int(step))

    text = Page(browser_of(app, people.ada).get(OVERVIEW)).text

    assert (
        "The sitting stands again as people know it: only who asked for a place in between is told." in text
    )
    assert "Tell now" not in text


def test_who_has_a_place_and_no_address_is_counted(app, database):
    offering = make_offering()
    seat(make_participant("Nobody Knows"), offering)
    move(offering)

    text = Page(browser_of(app, _owner(offering)).get(OVERVIEW)).text

    assert (
        "Nobody can be told of the change by mail. 1 person has a place and no address, and is not reached "
        "by mail."
    ) in text


def test_an_organiser_tells_now(app, offering, people, time_machine):
    number = move(offering, by=people.ada).id
    browser = browser_of(app, people.ada)
    time_machine.move_to(NOW + MINUTE, tick=False)

    answer = tell_now(browser, offering)

    assert answer.status_code == 303
    assert db.get_one(Announcement, number).due_at == NOW + MINUTE
    page = Page(browser.get(OVERVIEW))
    assert page.notices[0] == "People are told now."
    assert "3 people are being told of the change; the messages go out within the next minutes." in page.text
    assert "Tell now" not in page.text

    db.commit()
    tell(number, NOW + MINUTE)
    text = Page(browser.get(OVERVIEW)).text
    assert "3 people were told of the last change, Monday 1 March 2027, 09:01 in London (GMT, UTC)" in text


def test_telling_what_is_told_already_says_so(app, offering, people):
    announcement = move(offering)
    browser = browser_of(app, people.ada)
    token = csrf_of(browser)
    tell(announcement.id, NOW + 10 * MINUTE)

    answer = browser.post(f"/organise/offerings/{offering.id}/tell-now", data={"csrf_token": token})

    assert answer.status_code == 303
    assert Page(browser.get(OVERVIEW)).notices == ["Nothing waits to be told; it was told already."]


def test_who_may_not_change_it_tells_nobody(app, offering, people):
    announcement = move(offering)
    path = f"/organise/offerings/{offering.id}"
    preview = f"{path}/announcements/{announcement.id}"
    for who in (people.pat, people.fran, people.cora):
        browser = browser_of(app, who)
        assert browser.get(preview).status_code == 403
        assert browser.post(f"{path}/tell-now").status_code == 403
    browser = browser_of(app, people.ada)
    assert browser.get(f"{path}/announcements/{announcement.id + 1}").status_code == 404
    assert browser.get(f"{path}/tell-now").status_code == 405
    assert browser.post(f"{path}/tell-now").status_code == 422  # without its token


def test_the_message_is_shown_as_three_people_get_it(app, offering, people):
    announcement = move(offering, by=people.ada, note="The room was taken.")

    page = Page(
        browser_of(app, people.ada).get(f"/organise/offerings/{offering.id}/announcements/{announcement.id}")
    )

    assert page.title == "The message as three people get it"
    for name, subject in (
        ("Pat Asante", "Moved to Thu 22 April 14:00–15:30 Accra, GMT: What capitation pays for"),
        ("Will Rahman", "Moved to Thu 22 April 20:00–21:30 Dhaka, UTC+6: What capitation pays for"),
        ("Fran Moyo", "Moved to Thu 22 April 15:00–16:30 London, BST: What capitation pays for"),
    ):
        assert name in page.text
        assert subject in page.text
    assert page.text.count("The room was taken.") == 3


def test_what_was_told_and_is_so_no_more_stands_in_the_messages(app, database, offering, people):
    announcement = move(offering)
    db.commit()
    tell(announcement.id, NOW + timedelta(minutes=11))
    operations.cancel(db.get_one(Offering, offering.id), "", NOW + timedelta(hours=1))
    db.commit()
    page = Page(
        browser_of(app, people.ada).get(f"/organise/offerings/{offering.id}/announcements/{announcement.id}")
    )
    assert "There is nothing of it to tell any more" in page.text
    assert page.links["messages of the journey"] == "/organise/journeys/financing-and-payment-models/messages"


def test_where_nobody_has_to_be_told_the_desk_says_so(app, database):
    offering = make_offering()
    announcement = move(offering)
    browser = browser_of(app, _owner(offering))

    assert "Nobody is to be told of the change: nobody has a place" in Page(browser.get(OVERVIEW)).text
    page = Page(browser.get(f"/organise/offerings/{offering.id}/announcements/{announcement.id}"))
    assert "Nobody has to be told anything: to everybody the sitting stands as they know it." in page.text


def _owner(offering):
    return ada(offering.learning_session.journey)


def test_the_desk_asks_as_often_for_many_sittings_as_for_one(app, database, query_counter):
    first = sitting_moved(make_learning_session(), 1)
    browser, counts = browser_of(app, _owner(first)), []
    for more in (range(0), range(2, 9)):
        for day in more:
            sitting_moved(db.get_one(LearningSession, first.learning_session_id), day)
        db.commit()
        browser.get(OVERVIEW)
        with query_counter() as counted:
            browser.get(OVERVIEW)
        counts.append(counted.count)

    assert counts[0] == counts[1]


def sitting_moved(learning_session, day):
    """One with somebody who is to be told."""
    person = make_participant(f"Person {day}")
    person.email = f"p{day}@example.org"
    offering = make_offering(learning_session, wall=datetime(2027, 4, day, 10, 0))
    seat(person, offering)
    operations.revise(offering, as_it_is(offering, wall=datetime(2027, 4, day, 12, 0)), NOW)
    return offering


@pytest.mark.parametrize(
    ("wall", "said"),
    [
        (datetime(2027, 3, 2, 8, 0), "The sitting begins within 24 hours: a mail goes out at once"),
        (datetime(2027, 4, 22, 8, 0), "gets a mail 10 minutes after you save."),
    ],
)
def test_before_it_is_saved_a_change_says_how_people_hear_of_it(app, database, wall, said):
    offering = make_offering(wall=wall)
    browser = browser_of(app, _owner(offering))
    path = f"/organise/offerings/{offering.id}"

    assert said in Page(browser.get(f"{path}/cancel")).text
    operations.cancel(db.get_one(Offering, offering.id), "The speaker is ill.", NOW)
    db.commit()
    assert said in Page(browser.get(f"{path}/restore")).text
    assert "Another reason is told to nobody by mail" in Page(browser.get(f"{path}/cancel")).text


@pytest.mark.parametrize("page", ["cancel", "restore", "edit"])
def test_in_a_closed_journey_nobody_is_promised_mail(app, database, page):
    offering = make_offering()
    everybody = cast(offering)
    if page == "restore":
        operations.cancel(offering, "", NOW)
    journeys.close(offering.learning_session.journey, "", None, NOW)
    browser, at = browser_of(app, everybody.ada), f"/organise/offerings/{offering.id}/{page}"
    if page == "edit":
        shown = Page(send(browser, at, {"begins": "20:00"}))
        assert shown.title == "Save this change?"
    else:
        shown = Page(browser.get(at))
    assert "The journey has closed, so nobody is told by mail" in shown.text
    assert "gets a mail 10 minutes" not in shown.text

"""What a private address tells is chosen on its page; made, replaced and removed there."""

import re

import pytest
import time_machine

from app.calendars.models import Feed, FeedKind
from app.calendars.views.keeping import before
from app.database import db
from app.facilitators.queries import of_user
from app.journeys.models import JourneyStatus
from tests.factories import NOW, make_journey, make_learning_session, make_offering
from tests.page import Page
from tests.people import browser_of, cast, lead

MINE, LEADING = "/me/calendar", "/me/calendar/leading"
SECRET = re.compile(r"/calendar/([A-Za-z0-9_-]{32})\.ics")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(app, database):
    return cast(make_offering(capacity_online=1))


def desk(step=""):
    return "/organise/journeys/financing-and-payment-models/calendar" + step


def feeds():
    db.remove()
    return {
        (one.kind, one.shows_waiting, one.shows_cancelled, one.alarm_minutes) for one in db.query(Feed).all()
    }


def secrets(browser, path=MINE):
    """The tokens that stand in the fields of a page, in order."""
    return re.findall(
        r'value="http://127\.0\.0\.1:8000/calendar/([A-Za-z0-9_-]{32})\.ics"', browser.get(path).text
    )


def test_the_page_reads_as_one_would_tell_it(app, people):
    pat = browser_of(app, people.pat)
    empty = Page(pat.get(MINE))

    assert (empty.title, empty.sections) == (
        "My calendar",
        ["What I hold and wait for", "In your program", "What they hold"],
    )
    assert empty.buttons == ["Make my address"]

    pat.submit(MINE)
    page = Page(pat.get(MINE))

    assert page.buttons == ["Copy the address", "Save what it tells: What I hold and wait for"]
    assert "Places you wait for as tentative; cancelled sessions; no reminder." in page.text
    assert "It looks every 8 to 24 hours and cannot be hurried" in page.text
    assert "appears twice in most calendars" in page.text
    (token,) = secrets(pat)
    assert page.links["Subscribe : Your private address"] == f"webcal://127.0.0.1:8000/calendar/{token}.ics"
    assert page.links["An agenda to print"] == "/me/calendar/agenda"


def test_what_is_chosen_is_kept_and_told(app, people):
    pat = browser_of(app, people.pat)
    pat.submit(MINE)

    sent = pat.submit(f"{MINE}/choices", {"reminder": "30"}, page=MINE)

    assert (sent.status_code, sent.headers["Location"], sent.headers["Cache-Control"]) == (
        303,
        MINE,
        "no-store",
    )
    page = Page(pat.get(MINE))
    assert page.notices[0] == "Saved. Your calendar program shows it the next time it looks for changes."
    assert "No places you wait for; no cancelled sessions; a reminder 30 minutes before." in page.text
    assert feeds() == {(FeedKind.PERSONAL, False, False, 30)}
    checked = {facts.get("id") for tag, facts in page.tags if tag == "input" and "checked" in facts}
    assert checked == {"personal-reminder-2"}


@pytest.mark.parametrize(("typed", "kept"), [("0", 0), ("45", 45), ("10080", 10080), (" 90 ", 90)])
def test_a_number_of_ones_own(app, people, typed, kept):
    pat = browser_of(app, people.pat)
    pat.submit(MINE)

    sent = pat.submit(
        f"{MINE}/choices",
        {"shows_waiting": "y", "shows_cancelled": "y", "reminder": "other", "minutes": typed},
        page=MINE,
    )

    assert sent.status_code == 303
    assert feeds() == {(FeedKind.PERSONAL, True, True, kept)}
    assert f'name="minutes" type="text" value="{kept}"' in pat.get(MINE).text


def test_minutes_saved_before_are_of_no_account_beside_another_choice(app, people):
    pat = browser_of(app, people.pat)
    pat.submit(MINE)
    for reminder, kept in (("other", 45), ("30", 30)):
        sent = pat.submit(f"{MINE}/choices", {"reminder": reminder, "minutes": "45"}, page=MINE)
        assert sent.status_code == 303
        assert {feed[-1] for feed in feeds()} == {kept}


@pytest.mark.parametrize(
    ("reminder", "typed", "complaint"),
    [
        ("other", "", "Give a number of minutes, such as 45."),
        ("other", "10081", "Give a number from 0 to 10,080."),
        ("other", "-1", "Give a number from 0 to 10,080."),
        ("other", "9" * 400, "Give a number from 0 to 10,080."),
        ("other", "half an hour", "Give a whole number, such as 30."),
        ("other", "1.5", "Give a whole number, such as 30."),
        ("never", "45", "Choose “Another number of minutes before”, or empty this."),
        ("45", "", "Choose one of these."),
        ("", "", "Choose one of these."),
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(app, people, reminder, typed, complaint):
    pat = browser_of(app, people.pat)
    pat.submit(MINE)

    sent = pat.submit(f"{MINE}/choices", {"reminder": reminder, "minutes": typed}, page=MINE)

    page = Page(sent)
    assert (sent.status_code, sent.headers["Cache-Control"]) == (422, "no-store")
    assert page.text.count(complaint) == 2  # in the summary and at the field
    assert "<details open>" in page.source
    if typed:
        assert f'value="{typed}"' in page.source
    assert len(secrets(pat)) == 1  # the address is still there to copy
    assert feeds() == {(FeedKind.PERSONAL, True, True, None)}


def test_who_leads_has_an_address_for_that_and_others_do_not(app, people):
    fran, pat = browser_of(app, people.fran), browser_of(app, people.pat)

    page = Page(fran.get(MINE))
    assert page.sections[:2] == ["What I hold and wait for", "What I lead"]
    assert fran.submit(LEADING, page=MINE).status_code == 303
    assert feeds() == {(FeedKind.LEADING, True, True, None)}
    assert Page(pat.get(MINE)).sections[1] == "In your program"
    assert pat.get(LEADING).status_code == 404
    assert pat.submit(LEADING, page=MINE).status_code == 404
    assert len(feeds()) == 1


def test_each_address_has_choices_of_its_own(app, people):
    fran = browser_of(app, people.fran)
    fran.submit(MINE)
    fran.submit(LEADING, page=MINE)
    personal, leading = secrets(fran)

    refused = Page(fran.submit(f"{LEADING}/choices", {"reminder": "other", "minutes": "x"}, page=MINE))
    fran.submit(f"{LEADING}/choices", {"reminder": "1440"}, page=MINE)

    wrong = [facts["id"] for tag, facts in refused.tags if facts.get("aria-invalid")]
    ids = [facts["id"] for _, facts in refused.tags if "id" in facts]
    assert wrong == ["leading-minutes"]
    assert len(ids) == len(set(ids))
    assert feeds() == {(FeedKind.PERSONAL, True, True, None), (FeedKind.LEADING, True, False, 1440)}
    assert fran.submit(f"{LEADING}/reset").status_code == 303
    now_personal, now_leading = secrets(fran)
    assert (now_personal == personal, now_leading == leading) == (True, False)
    assert feeds() == {(FeedKind.PERSONAL, True, True, None), (FeedKind.LEADING, True, False, 1440)}


def test_an_address_is_removed_after_asking_once_more(app, people):
    fran = browser_of(app, people.fran)
    fran.submit(MINE)
    fran.submit(LEADING, page=MINE)
    personal, leading = secrets(fran)

    asked = Page(fran.get(f"{LEADING}/remove"))
    assert (asked.title, asked.buttons) == ("Remove this calendar address?", ["Remove this address"])
    assert secrets(fran) == [personal, leading]
    assert fran.post(f"{LEADING}/remove").status_code == 422
    sent = fran.submit(f"{LEADING}/remove")

    assert (sent.status_code, sent.headers["Location"]) == (303, MINE)
    assert secrets(fran) == [personal]
    assert fran.get(f"/calendar/{leading}.ics").status_code == 404
    assert fran.get(f"/calendar/{personal}.ics").status_code == 200
    for step in ("remove", "reset", "choices"):
        gone = fran.get(f"{LEADING}/{step}")
        assert (gone.status_code, gone.headers["Location"]) == (303, MINE)


def test_an_organiser_has_an_address_of_the_journey(app, people):
    ada, cora = browser_of(app, people.ada), browser_of(app, people.cora)
    hub = Page(ada.get("/organise/journeys/financing-and-payment-models/"))
    assert hub.links["In your calendar"] == desk()
    assert Page(ada.get(desk())).buttons == ["Make my address"]

    for one in (ada, cora):
        made = one.submit(desk())
        assert (made.status_code, made.headers["Location"]) == (303, desk())
    sent = ada.submit(desk("/choices"), {"shows_cancelled": "y", "reminder": "10"}, page=desk())
    refused = ada.submit(desk("/choices"), {"reminder": "other"}, page=desk())

    page = Page(ada.get(desk()))
    assert (sent.status_code, refused.status_code) == (303, 422)
    assert "Give a number of minutes, such as 45." in Page(refused).text
    assert "Cancelled sessions; a reminder 10 minutes before." in page.text
    assert "It shows nobody’s name." in page.text
    assert "shows_waiting" not in page.source
    assert feeds() == {(FeedKind.JOURNEY, True, True, 10), (FeedKind.JOURNEY, True, True, None)}
    tokens = {*secrets(ada, desk()), *secrets(cora, desk())}
    assert len(tokens) == 2  # each their own
    before_it = secrets(ada, desk())
    assert ada.submit(desk("/reset")).status_code == 303
    assert secrets(ada, desk()) != before_it
    assert ada.submit(desk("/remove")).headers["Location"] == desk()
    assert (secrets(ada, desk()), len(secrets(cora, desk()))) == ([], 1)


def test_the_page_leads_to_the_addresses_of_journeys(app, people):
    ada, pat = browser_of(app, people.ada), browser_of(app, people.pat)
    assert Page(ada.get(MINE)).links["The journeys on your desk"] == "/organise/"
    ada.submit(desk())

    page = Page(ada.get(MINE))

    assert "What I organise" in page.sections
    assert page.links["Your address for Financing and Payment Models"] == desk()
    assert secrets(ada) == []  # it stands on the desk
    assert "What I organise" not in Page(pat.get(MINE)).sections


def test_only_organisers_come_to_the_journeys_address(app, people):
    make_journey("Not public yet", status=JourneyStatus.DRAFT)
    for step in ("", "/choices", "/reset", "/remove"):
        for who, status in ((None, 303), (people.pat, 403), (people.fran, 403), (people.root, 200)):
            answer = browser_of(app, who).get(desk(step))
            assert answer.status_code == (303 if who is people.root and step else status), (who, step)
    hidden = "/organise/journeys/not-public-yet/calendar"
    assert browser_of(app, people.ada).get(hidden).status_code == 404


def test_nobody_touches_anothers_address(app, people):
    pat, will = browser_of(app, people.pat), browser_of(app, people.will)
    pat.submit(MINE)
    (token,) = secrets(pat)

    will.submit(MINE)
    will.submit(f"{MINE}/choices", {"reminder": "10"}, page=MINE)
    will.submit(f"{MINE}/reset")
    will.submit(f"{MINE}/remove")

    assert secrets(pat) == [token]
    assert feeds() == {(FeedKind.PERSONAL, True, True, None)}


def test_the_page_costs_the_same_however_much_one_leads(app, people, query_counter):
    fran = browser_of(app, people.fran)
    fran.submit(LEADING, page=MINE)
    found = []
    for number in range(3):
        db.commit()
        with query_counter() as counted:
            assert fran.get(MINE).status_code == 200
        found.append(counted.count)
        page = of_user(people.fran.id)
        assert page is not None
        lead(make_offering(make_learning_session(make_journey(f"Journey {number}"))), page)
    assert found == [found[0]] * 3


def test_times_before_the_start_in_words():
    found = [before(minutes) for minutes in (0, 1, 10, 60, 90, 120, 1440, 2880, 10080)]
    assert found == [
        "at the start", "a minute before", "10 minutes before", "an hour before", "90 minutes before",
        "2 hours before", "a day before", "2 days before", "7 days before",
    ]  # fmt: skip

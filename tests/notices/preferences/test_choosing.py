"""What somebody says on /me/messages, and what they are shown there."""

import pytest

from app.database import db
from app.messages import queries as messages
from app.messages import recipients
from app.messages.kinds import Choice
from tests.factories import NOW, make_journey, make_offering
from tests.page import Page
from tests.people import ada, browser_of, fran, pat, root

HERE = "/me/messages"
AT = {"quiet": "quiet", "quiet_from": "22:00", "quiet_until": "07:00"}
ALL = {"reminders": "usual", "wanted": ["hours", "dates", "organisers", "invitations", "closings"]} | AT


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


@pytest.fixture
def browser(app, database):
    return browser_of(app, pat())


def kept(address="pat@example.org"):
    db.expire_all()
    found = messages.recipient(address)
    assert found is not None
    return found


def ticked(page):
    """What is chosen on the page, by field and value."""
    chosen = [one for name, one in page.tags if name == "input" and "checked" in one]
    return [(one["name"], one["value"]) for one in chosen]


def test_who_has_chosen_nothing_gets_everything(browser):
    page = Page(browser.get(HERE))
    assert (page.status, page.title) == (200, "What you are sent")
    assert ticked(page) == [
        ("reminders", "usual"),
        *(("wanted", one) for one in ("hours", "dates", "organisers", "invitations", "closings")),
        ("quiet", "quiet"),
    ]
    assert messages.recipient("pat@example.org") is None  # a GET writes nothing


def test_a_choice_is_kept_and_shown(browser):
    answer = browser.submit(
        HERE,
        {
            "reminders": "own",
            "before": ["1-week", "1-hour"],
            "wanted": ["dates"],
            "quiet": "quiet",
            "quiet_from": "21:30",
            "quiet_until": "06:15",
        },
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    found = kept()
    assert found.muted == "hours organisers invitations closings"
    assert found.reminders == "1-week 1-hour"
    assert (found.quiet_from, found.quiet_until) == (21 * 60 + 30, 6 * 60 + 15)
    page = Page(browser.get(HERE))
    assert page.notices == ["What you are sent is saved."]
    assert ticked(page) == [
        ("reminders", "own"),
        ("before", "1-week"),
        ("before", "1-hour"),
        ("wanted", "dates"),
        ("quiet", "quiet"),
    ]


def test_no_reminders_and_no_quiet_hours(browser):
    browser.submit(HERE, ALL | {"reminders": "none", "quiet": "never"})
    found = kept()
    assert (found.muted, found.reminders) == ("reminders", None)
    assert found.quiet_from == found.quiet_until
    assert ticked(Page(browser.get(HERE)))[0] == ("reminders", "none")
    browser.submit(HERE, ALL)
    assert (kept().muted, kept().reminders, kept().quiet_from) == ("", None, 22 * 60)


def test_what_a_link_in_a_mail_switched_off_is_off_here(browser):
    recipients.switch("pat@example.org", Choice.REMINDERS, False, NOW)
    recipients.switch("pat@example.org", Choice.BRIEFINGS, False, NOW)
    db.commit()
    assert ticked(Page(browser.get(HERE)))[0] == ("reminders", "none")
    browser.submit(HERE, ALL)
    assert kept().muted == "briefings"  # it was not asked about here


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reminders": "own", "before": []}, "Tick at least one, or choose “None”."),
        ({"reminders": "own", "before": ["2-weeks"]}, "is not a valid choice"),
        ({"reminders": "never"}, "Choose one of these."),
        ({"wanted": ["everything"]}, "is not a valid choice"),
        ({"quiet_from": ""}, "Give a time, such as 22:00."),
        ({"quiet_until": "25:00"}, "Not a valid time value."),
        ({"quiet_until": "22:00"}, "They end at another time than they begin."),
        ({"quiet": "loud"}, "Choose one of these."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(browser, changes, sentence):
    answer = browser.submit(HERE, ALL | changes)
    page = Page(answer)
    assert page.status == 422
    assert sentence in page.text
    assert messages.recipient("pat@example.org") is None


def test_each_sees_what_can_concern_them(app, database):
    offering = make_offering()
    owner, leader = ada(offering.learning_session.journey), fran(offering)
    db.commit()
    for who, values in (
        (owner, ["invitations", "digest"]),
        (leader, ["invitations", "briefings"]),
        (root(), ["invitations", "digest"]),
    ):
        page = Page(browser_of(app, who).get(HERE))
        fields = [one for name, one in page.tags if name == "input" and one.get("name") == "wanted"]
        assert [one["value"] for one in fields] == values
        assert "Reminders of your sessions" not in page.text


def test_what_is_always_sent_is_said_with_the_reason(browser):
    page = Page(browser.get(HERE))
    assert "What is always sent" in page.sections
    assert "cannot be switched off, because you would miss a session" in page.text


def test_quiet_hours_are_in_the_readers_zone_by_name(app, database):
    page = Page(browser_of(app, pat("Asia/Kathmandu")).get(HERE))
    assert "In your own time: Kathmandu (UTC+5:45)." in page.text


def test_strangers_sign_in_first(client):
    answer = client.get(HERE)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/me/messages")


def test_the_profile_leads_here(browser):
    page = Page(browser.get("/me/profile"))
    assert page.links["What you are sent by mail, and when"] == HERE


# An address that refuses mail


@pytest.fixture
def refused(browser):
    recipients.mark_refused("pat@example.org", 550, "550 5.1.1 No such user", NOW)
    db.commit()
    return browser


def test_it_is_said_on_every_page_until_it_was_read(refused):
    for path in ("/me/", "/journeys/"):
        assert "Mail to pat@example.org comes back" in Page(refused.get(path)).text
    answer = refused.submit(f"{HERE}/seen", page="/me/")
    assert answer.status_code == 303
    assert "comes back" not in Page(refused.get("/me/")).text
    assert kept().refused_at == NOW  # it does still


def test_the_page_says_why_and_since_when(refused):
    said = Page(refused.get(HERE)).text
    assert "Since Monday 1 March 2027, 09:00 in Accra (GMT, UTC), pat@example.org refuses mail" in said
    assert "Its mail server said: “550 5.1.1 No such user”." in said


def test_its_owner_says_that_it_works_again(refused):
    answer = refused.submit(f"{HERE}/works", page=HERE)
    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    assert kept().refused_at is None
    page = Page(refused.get(HERE))
    assert page.notices == ["Mail is sent to pat@example.org again."]
    assert "comes back" not in page.text


def test_it_costs_no_query(app, refused, query_counter):
    """Nobody's pages have one more for it: what is asked of a reader anyway tells it."""

    def asked(browser):
        browser.get("/accessibility")
        with query_counter() as counted:
            browser.get("/accessibility")
        return counted.count

    before = asked(refused)
    refused.submit(f"{HERE}/seen", page="/me/")
    assert asked(refused) == before
    assert asked(app.test_client()) == 0


def test_others_are_told_nothing(app, refused):
    owner = ada(make_journey())
    assert "comes back" not in Page(browser_of(app, owner).get("/me/")).text
    assert "comes back" not in Page(app.test_client().get("/journeys/")).text

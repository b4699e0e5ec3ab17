"""Add-to links: what each service is told of a sitting, read back from the address."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from app.calendars.adding import Entry, links, links_of
from app.domain.attendance import Attendance
from app.learning_sessions.operations import add_offering
from app.learning_sessions.sittings import Days, NewOffering
from app.scheduling.operations import cancel
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_venue
from tests.page import Page
from tests.people import browser_of, cast

HERE = "/journeys/financing-and-payment-models/sessions/what-capitation-pays-for/"
PAGE = "https://learn.example.org/journeys/a/sessions/b/"
NAMES = ["Google Calendar", "Outlook.com", "Outlook at work or school", "Yahoo Calendar"]
ENTRY = Entry(
    "Café & 健康: a+b=c?",
    "Hall #3, Accra",
    ("Thursday 22 April 2027, 13:00–14:30 in London (BST, UTC+1)", f"Session page, with any change: {PAGE}"),
    datetime(2027, 4, 22, 12, 0, tzinfo=UTC),
    datetime(2027, 4, 22, 13, 30, tzinfo=UTC),
)
DAY = replace(ENTRY, starts_at=None, ends_at=None, first_on=date(2027, 5, 11), last_on=date(2027, 5, 11))


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def asked(entry):
    """(host and path, what is asked) by service; every name once."""
    found = {}
    for name, url in links_of(entry):
        parts = urlsplit(url)
        values = parse_qs(parts.query, strict_parsing=True)
        assert all(len(one) == 1 for one in values.values())
        assert "+" not in parts.query  # not every service reads it as a blank
        found[name] = (f"{parts.netloc}{parts.path}", {key: one[0] for key, one in values.items()})
    return found


def test_every_service_is_told_the_same():
    told = asked(ENTRY)
    text = "\n".join(ENTRY.details)
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "startdt": "2027-04-22T12:00:00Z",
        "enddt": "2027-04-22T13:30:00Z",
        "subject": ENTRY.title,
        "body": text.replace("\n", "<br>"),
        "location": ENTRY.place,
    }

    assert told == {
        "Google Calendar": (
            "calendar.google.com/calendar/render",
            {
                "action": "TEMPLATE",
                "text": ENTRY.title,
                "dates": "20270422T120000Z/20270422T133000Z",
                "details": text,
                "location": ENTRY.place,
            },
        ),
        "Outlook.com": ("outlook.live.com/calendar/0/deeplink/compose", outlook),
        "Outlook at work or school": ("outlook.office.com/calendar/0/deeplink/compose", outlook),
        "Yahoo Calendar": (
            "calendar.yahoo.com/",
            {
                "v": "60",
                "title": ENTRY.title,
                "st": "20270422T120000Z",
                "et": "20270422T133000Z",
                "desc": text,
                "in_loc": ENTRY.place,
            },
        ),
    }


def test_whole_days_end_the_day_after():
    """For Yahoo a single one has a length instead: with an end it becomes midnight to midnight."""
    two = replace(DAY, last_on=date(2027, 5, 12))
    found = []
    for entry in (DAY, two):
        told = {name: values for name, (_, values) in asked(entry).items()}
        outlook, yahoo = told["Outlook.com"], told["Yahoo Calendar"]
        found.append(
            (
                told["Google Calendar"]["dates"],
                outlook["startdt"],
                outlook["enddt"],
                outlook["allday"],
                yahoo["st"],
                yahoo.get("et"),
                yahoo.get("dur"),
            )
        )
    assert found == [
        ("20270511/20270512", "2027-05-11", "2027-05-12", "true", "20270511", None, "allday"),
        ("20270511/20270513", "2027-05-11", "2027-05-13", "true", "20270511", "20270513", None),
    ]


def test_nothing_is_asked_without_a_place():
    told = asked(replace(ENTRY, place=""))
    assert [name for name, (_, values) in told.items() if {"location", "in_loc"} & set(values)] == []


def test_what_outlook_reads_as_markup_is_escaped():
    told = asked(replace(ENTRY, details=("<b>a</b> & b",)))
    assert told["Outlook.com"][1]["body"] == "&lt;b&gt;a&lt;/b&gt; &amp; b"


def test_a_sitting_tells_public_facts_and_never_the_join_link(database):
    venue = make_venue("Training centre", address="Ring Road", city="Accra", country="GH")
    offering = make_offering(
        attendance=Attendance.BOTH, venue=venue, join_url="https://meet.example.org/s3cret"
    )

    found = links(offering, PAGE, NOW)

    assert [name for name, _ in found] == NAMES
    assert "s3cret" not in str(found)
    values = parse_qs(urlsplit(found[0][1]).query)
    assert values["text"] == ["What capitation pays for"]
    assert values["location"] == ["Training centre, Ring Road, Accra, Ghana, and online"]
    assert values["details"] == [
        f"Thursday 22 April 2027, 13:00–14:30 in London (BST, UTC+1)\nSession page, with any change: {PAGE}"
    ]


@pytest.mark.parametrize(
    ("timezone", "wall", "said", "dates"),
    [
        (
            "Asia/Kathmandu", datetime(2027, 4, 22, 13, 0),
            "in Kathmandu (UTC+5:45)", "20270422T071500Z/20270422T084500Z",
        ),
        (
            "America/St_Johns", datetime(2027, 4, 22, 23, 30),
            "in St. John’s (NDT, UTC−2:30); ends Fri 23 Apr", "20270423T020000Z/20270423T033000Z",
        ),
        ("UTC", datetime(2027, 4, 22, 13, 0), "in UTC", "20270422T130000Z/20270422T143000Z"),
    ],
)  # fmt: skip
def test_the_wall_time_has_its_zone_and_the_instants_are_utc(database, timezone, wall, said, dates):
    (_, url), *_ = links(make_offering(timezone=timezone, wall=wall), PAGE, NOW)
    values = parse_qs(urlsplit(url).query)
    assert values["details"][0].splitlines()[0].endswith(said)
    assert values["dates"] == [dates]


def test_a_sitting_of_days_says_that_its_hours_are_not_known(database):
    days = Days(date(2027, 5, 11), date(2027, 5, 12), "Africa/Accra")
    offering = add_offering(
        make_learning_session(), NewOffering(when=days, attendance=Attendance.IN_PERSON), NOW
    )
    (_, url), *_ = links(offering, PAGE, NOW)
    values = parse_qs(urlsplit(url).query)
    assert values["details"][0].splitlines()[0] == "11–12 May 2027 in Accra. The hours are not known yet."
    assert values["dates"] == ["20270511/20270513"]


def test_long_titles_leave_an_address_that_can_be_sent(database):
    offering = make_offering(make_learning_session(make_journey(), "健康 " * 100))
    assert max(len(url) for _, url in links(offering, PAGE, NOW)) < 4000


def test_what_is_over_or_cancelled_cannot_be_added(database):
    offering = make_offering()
    assert offering.ends_at is not None
    assert len(links(offering, PAGE, offering.ends_at - timedelta(seconds=1))) == 4
    assert links(offering, PAGE, offering.ends_at) == []
    days = Days(date(2027, 5, 11), date(2027, 5, 12), "Asia/Manila")
    by_days = add_offering(make_learning_session(), NewOffering(when=days, attendance=Attendance.ONLINE), NOW)
    ends = datetime(2027, 5, 12, 16, 0, tzinfo=UTC)  # midnight in Manila
    assert [len(links(by_days, PAGE, ends + timedelta(minutes=one))) for one in (-1, 0)] == [4, 0]
    cancel(offering, "Ill.", NOW)
    assert links(offering, PAGE, NOW) == []


def test_the_page_offers_them_for_each_coming_sitting(app, database):
    learning_session = make_learning_session()
    first = make_offering(learning_session)
    make_offering(learning_session, wall=datetime(2027, 4, 22, 19, 0))
    cancel(first, "Ill.", NOW)

    page = Page(browser_of(app).get(HERE))

    anchors = [
        facts for tag, facts in page.tags if tag == "a" and (facts.get("href") or "").startswith("https://")
    ]
    assert [name for name in NAMES if name in page.links] == NAMES
    assert len(anchors) == 4
    assert {facts["rel"] for facts in anchors} == {"noopener noreferrer"}
    assert {facts.get("target") for facts in anchors} == {None}
    assert page.links["a subscription"] == "/journeys/financing-and-payment-models/calendar"
    values = parse_qs(urlsplit(page.links["Google Calendar"]).query)
    assert values["dates"] == ["20270422T180000Z/20270422T193000Z"]
    assert values["details"][0].endswith(f"http://127.0.0.1:8000{HERE}")
    assert "These lead to other sites" in page.text
    assert "What you add there by hand does not follow changes; a subscription does." in page.text


def test_the_links_cost_no_query(app, database, query_counter, monkeypatch):
    cast(make_offering(capacity_online=3, join_url="https://meet.example.org/s3cret"))
    stranger = browser_of(app)
    database.commit()
    with query_counter() as counted:
        with_links = stranger.get(HERE)
    monkeypatch.setitem(app.jinja_env.globals, "add_links", lambda _: [])
    with query_counter() as without:
        stranger.get(HERE)
    assert "Google Calendar" in with_links.text
    assert counted.count == without.count

"""What stands in a calendar file, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.calendars import ical
from app.calendars.facts import PUBLIC, About, Audience, Hall, Hearer, Held, Own, Sitting
from app.calendars.ical import Site
from app.domain.attendance import Attendance, Way
from app.domain.seats import PlaceStatus
from app.domain.timezones import Promise, derive
from app.learning_sessions.models import OfferingStatus
from tests.calendars.reading import event_of, events_of, lines_of

MADE = datetime(2027, 1, 5, 8, 0, 0, 123456, tzinfo=UTC)
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
ONCE = Own(sequence=2, stamp="20270105T080000Z")
SITE = Site("https://learn.example.org", "Meridian <meridian@example.org>")
LINK = "https://meet.example.org/a?b=1,2;c"


def sitting(
    wall: str = "2027-04-22T13:00", zone: str = "Europe/London", fold: int = 0, **facts: Any
) -> Sitting:
    """A sitting of 90 minutes, not stored anywhere."""
    held: dict[str, Any] = {
        "uid": "0b9c@meridian.invalid",
        "status": OfferingStatus.SCHEDULED,
        "timezone": zone,
    }
    if "first_on" not in facts:
        promise = Promise(datetime.fromisoformat(wall), zone, fold, facts.pop("length", 90))
        span = derive(promise)
        held |= {
            "starts_wall": promise.starts_wall, "length_minutes": promise.length_minutes,
            "starts_at": span.starts_at, "ends_at": span.ends_at,
        }  # fmt: skip
    held |= {name: facts.pop(name) for name in Held.__slots__ if name in facts}
    journey_title = facts.pop("journey_title", "Financing and Payment Models")
    usual: dict[str, Any] = {
        "id": 1, "attendance": Attendance.ONLINE, "title": "What capitation pays for", "summary": "",
        "slug": "capitation", "journey_title": journey_title, "journey_name": journey_title,
        "journey_slug": "payment", "demonstration_note": "", "created_at": MADE, "join_url": LINK,
    }  # fmt: skip
    return Sitting(held=Held(**held), **(usual | facts))


def holder(
    status: PlaceStatus = PlaceStatus.CONFIRMED, timezone: str = "Africa/Accra", **facts: Any
) -> Audience:
    usual: dict[str, Any] = {"hearer": Hearer(timezone), "status": status, "way": Way.ONLINE}
    return Audience(**(usual | facts))


def written(
    one: Sitting, audience: Audience = PUBLIC, own: Own = ONCE, name: str = "Payment"
) -> bytes:  # fmt: skip
    return ical.calendar(About(name), [ical.event(ical.event_text(one, audience, SITE), own)])


def test_a_file_says_all_of_this_and_nothing_else():
    assert lines_of(written(sitting())) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Meridian//Learning journeys//EN",
        "NAME:Payment",
        "X-WR-CALNAME:Payment",
        "COLOR:darkcyan",
        "X-APPLE-CALENDAR-COLOR:#008B8B",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VEVENT",
        "UID:0b9c@meridian.invalid",
        "CREATED:20270105T080000Z",
        "DTSTART:20270422T120000Z",
        "DTEND:20270422T133000Z",
        "SUMMARY:What capitation pays for",
        "STATUS:CONFIRMED",
        "URL:https://learn.example.org/journeys/payment/sessions/capitation/",
        r"DESCRIPTION:When: Thursday 22 April 2027\, 13:00–14:30 BST (Europe/London)\, UTC+1"
        r"\nIn UTC: 12:00–13:30\nIn London the session falls in the working hours."
        r"\n\nSession page: https://learn.example.org/journeys/payment/sessions/capitation/"
        r"\n\nJourney: Financing and Payment Models",
        "LOCATION:Online",
        "CATEGORIES:Financing and Payment Models",
        'ORGANIZER;CN="Financing and Payment Models":mailto:meridian@example.org',
        "DTSTAMP:20270105T080000Z",
        "LAST-MODIFIED:20270105T080000Z",
        "SEQUENCE:2",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_the_same_facts_give_the_same_bytes():
    assert written(sitting(), holder()) == written(sitting(), holder())


@pytest.mark.parametrize(
    "title",
    [
        r"One, two; three \ four \n five",
        "Line one\nline two",
        "Qualité des soins: évaluer l’équité, déjà",
        "健康系统强化" * 20,
        "👩🏽‍⚕️🩺" * 30,
        "x" * 74 + "é" + "y" * 73 + "😀",
        'He said "no": BEGIN:VEVENT',
        "التعلّم عبر المناطق الزمنية",
    ],
)
def test_any_title_survives(title: str):
    event = event_of(written(sitting(title=title, summary=title, journey_title=title)))
    assert str(event["SUMMARY"]) == title
    assert title in str(event["DESCRIPTION"])
    assert [str(one) for one in event["CATEGORIES"].cats] == [title]


def test_escapes_are_those_of_the_rfc():
    (summary,) = (
        one for one in lines_of(written(sitting(title="a, b; c\\ d\ne"))) if one.startswith("SUMMARY")
    )
    assert summary == r"SUMMARY:a\, b\; c\\ d\ne"


def test_what_a_file_cannot_hold_is_left_out_and_strange_line_ends_become_plain():
    event = event_of(written(sitting(title="a\x07b\x85c\u2028d\r\ne\rf")))
    assert str(event["SUMMARY"]) == "ab\nc\nd\ne\nf"


def test_no_link_breaks_its_line():
    one = sitting(join_url="https://meet.example.org/a b\r\nATTENDEE:mailto:x@example.org\né 5%")
    body = written(one, holder(sees_link=True))
    assert not [one for one in lines_of(body) if one.startswith("ATTENDEE")]
    assert str(event_of(body)["CONFERENCE"]) == (
        "https://meet.example.org/a%20b%0D%0AATTENDEE:mailto:x@example.org%0A%C3%A9%205%25"
    )


@pytest.mark.parametrize(
    ("wall", "zone", "fold", "length", "starts", "said"),
    [
        ("2026-10-25T01:30", "Europe/London", 0, 60, "20261025T003000Z", "01:30–01:30 BST, then GMT"),
        ("2026-10-25T01:30", "Europe/London", 1, 60, "20261025T013000Z", "01:30–02:30 GMT"),
        ("2026-03-29T00:30", "Europe/London", 0, 60, "20260329T003000Z", "00:30–02:30 GMT, then BST"),
        ("2026-10-04T01:45", "Australia/Lord_Howe", 0, 30, "20261003T151500Z", "01:45–02:45 UTC+10:30, then"),
        ("2027-04-05T10:00", "Africa/Nairobi", 0, 60, "20270405T070000Z", "10:00–11:00 EAT"),
        ("2027-04-05T10:00", "Asia/Kathmandu", 0, 60, "20270405T041500Z", "10:00–11:00 UTC+5:45"),
        ("2027-04-05T10:00", "America/St_Johns", 0, 60, "20270405T123000Z", "10:00–11:00 NDT"),
        ("2027-04-05T23:30", "Asia/Manila", 0, 60, "20270405T153000Z", "UTC+8; ends Tue 6 Apr"),
    ],
)
def test_clock_changes_and_uncommon_offsets(
    wall: str, zone: str, fold: int, length: int, starts: str, said: str
):
    event = event_of(written(sitting(wall, zone, fold, length=length)))
    assert event["DTSTART"].to_ical().decode() == starts
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=length)
    assert f"({zone})" in event["DESCRIPTION"]
    assert said in event["DESCRIPTION"]


def test_days_without_hours_are_dates():
    one = sitting(first_on=date(2027, 5, 11), last_on=date(2027, 5, 12))
    body = written(one)
    assert "DTSTART;VALUE=DATE:20270511" in lines_of(body)
    assert "DTEND;VALUE=DATE:20270513" in lines_of(body)
    said = "When: 11–12 May 2027 (Europe/London). The hours are not known yet."
    assert str(event_of(body)["DESCRIPTION"]).startswith(said)


def test_the_wall_time_that_was_promised_is_told_whatever_the_rules_are_now():
    one = sitting("2020-04-29T10:30")
    moved = replace(one, held=replace(one.held, starts_wall=datetime(2020, 4, 29, 11, 30)))
    assert "11:30–13:00 UTC+2 (Europe/London)" in event_of(written(moved))["DESCRIPTION"]


def test_a_zone_that_is_gone_keeps_its_instant_and_its_promise():
    one = sitting()
    lost = replace(one, held=replace(one.held, timezone="Europe/Atlantis"))
    event = event_of(written(lost, holder(timezone="Asia/Erewhon")))
    assert event["DTSTART"].dt == datetime(2027, 4, 22, 12, 0, tzinfo=UTC)
    assert "When: Thursday 22 April 2027, 13:00–14:30 (Europe/Atlantis)\n" in event["DESCRIPTION"]


def test_a_persons_copy_tells_both_times_the_persons_first():
    said = str(event_of(written(sitting(), holder()))["DESCRIPTION"])
    assert said.startswith(
        "You hold a place: online.\n\n"
        "Your time: Thursday 22 April 2027, 12:00–13:30 GMT (Africa/Accra), UTC\n"
        "The session’s own time: Thursday 22 April 2027, 13:00–14:30 BST (Europe/London), UTC+1\n"
        "The session falls in your working hours.\n\n"
        "The join link is on the session page from 15 minutes before the start.\n"
    )


def test_who_goes_there_reads_the_venues_time_first():
    venue = Hall(name="Training centre", address="2 Ring Road, East", city="Accra", country="GH")
    one = sitting("2027-05-11T09:00", "Africa/Accra", attendance=Attendance.BOTH, venue=venue)
    event = event_of(written(one, holder(way=Way.IN_PERSON, timezone="Asia/Dhaka")))
    assert str(event["LOCATION"]) == "Training centre, 2 Ring Road, East, Accra, Ghana"
    said = str(event["DESCRIPTION"])
    assert said.index("At the venue: Tuesday 11 May 2027, 09:00") < said.index("Your time:")
    assert "15:00–16:30 UTC+6 (Asia/Dhaka)\n" in said
    everybody = event_of(written(one))
    assert str(everybody["LOCATION"]) == "Training centre, 2 Ring Road, East, Accra, Ghana, and online"


def test_only_a_holder_who_may_gets_the_link():
    assert LINK.encode() not in written(sitting()).replace(b"\r\n ", b"")
    assert LINK.encode() not in written(sitting(), holder()).replace(b"\r\n ", b"")
    body = written(sitting(), holder(sees_link=True))
    assert f"CONFERENCE;FEATURE=VIDEO;LABEL=Join;VALUE=URI:{LINK}" in lines_of(body)
    assert str(event_of(body)["LOCATION"]) == LINK
    assert f"Join: {LINK}" in event_of(body)["DESCRIPTION"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (PlaceStatus.CONFIRMED, "CONFIRMED"),
        (PlaceStatus.WAITING, "TENTATIVE"),
        (PlaceStatus.REQUESTED, "TENTATIVE"),
        (PlaceStatus.OFFERED, "TENTATIVE"),
    ],
)
def test_a_place_not_yet_held_is_tentative(status: PlaceStatus, said: str):
    assert str(event_of(written(sitting(), holder(status)))["STATUS"]) == said


def test_a_cancelled_sitting_says_so_and_why_and_opens_no_door():
    one = sitting(status=OfferingStatus.CANCELLED, cancellation_note="The facilitator is ill.")
    event = event_of(written(one, holder(PlaceStatus.WAITING, sees_link=True)))
    assert str(event["STATUS"]) == "CANCELLED"
    assert str(event["DESCRIPTION"]).startswith("This session is cancelled. The facilitator is ill.\n")
    assert "CONFERENCE" not in event


def test_a_persons_copy_counts_its_own_changes_and_is_stamped_with_the_latest():
    event = event_of(written(sitting(), holder(), Own(sequence=5, stamp="20270301T090000Z")))
    assert event["SEQUENCE"] == 5
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == NOW
    assert event["CREATED"].dt == MADE.replace(microsecond=0)


def test_the_organiser_is_the_sites_address_in_the_journeys_name():
    lines = lines_of(written(sitting(journey_title='The "open", one: again')))
    assert "ORGANIZER;CN=\"The 'open', one: again\":mailto:meridian@example.org" in lines


def test_a_calendar_without_events_is_valid_and_shows_nothing():
    assert events_of(ical.calendar(About("Nothing"), [])) == []

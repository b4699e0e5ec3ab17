"""What holds of every calendar, whatever its sittings say: its lines, its bytes, and what it means."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.calendars.wording import text
from app.domain.attendance import Attendance, Way
from app.domain.errors import DomainError
from app.domain.seats import PlaceStatus
from app.domain.timezones import Promise
from app.journeys.models import Journey
from app.learning_sessions.models import OfferingStatus
from app.learning_sessions.sittings import Days
from app.participants.models import Participant
from tests.calendars.people import give_place, make_person
from tests.calendars.readers import by_ical, by_icalendar, by_vobject
from tests.calendars.readers.seen import Seen
from tests.calendars.reading import lines_of
from tests.calendars.test_feed import path_of
from tests.factories import NOW, make_journey, make_learning_session, make_offering, make_venue
from tests.reader import Client

UNHURRIED: Any = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}
ZONES = (
    "Europe/London", "Africa/Nairobi", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe",
    "Pacific/Apia", "Africa/Casablanca", "Africa/Cairo", "Pacific/Kiritimati", "America/New_York",
)  # fmt: skip
TENTATIVE = (PlaceStatus.REQUESTED, PlaceStatus.WAITING, PlaceStatus.OFFERED)

Meaning = tuple[str, str, str, str, str]
"""UID, start, end, title and status."""

letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")  # no database keeps these
tricky = st.sampled_from(
    list('\\,;:"^%\n\r\t\x0b\x85\u2028nN ') + ["é", "健", "😀", "\u200d", "\ufeff", "END:"]
)
texts = st.lists(letters | tricky, max_size=90).map("".join)
promises = st.builds(
    Promise,
    st.integers(0, 30 * 365 * 24 * 12).map(lambda count: datetime(2010, 1, 1) + timedelta(minutes=5 * count)),
    st.sampled_from(ZONES),
    st.integers(0, 1),
    st.integers(5, 1440),
)
days = st.builds(
    lambda first, count, zone: Days(first, first + timedelta(days=count), zone),
    st.dates(date(2010, 1, 1), date(2040, 1, 1)), st.integers(0, 20), st.sampled_from(ZONES),
)  # fmt: skip
sittings = st.fixed_dictionaries(
    {
        "when": promises | days,
        "attendance": st.sampled_from(Attendance),
        "title": texts, "summary": texts, "venue": texts, "note": texts, "link": texts,
        "is_cancelled": st.booleans(),
        "status": st.sampled_from([*TENTATIVE, PlaceStatus.CONFIRMED]),
    }
)  # fmt: skip


@settings(max_examples=30, **UNHURRIED)
@given(st.lists(sittings, max_size=4), texts)
def test_a_calendar_is_well_formed_and_means_what_was_stored(client, app, told, name):
    check_all(client, app, told, name)


@pytest.mark.long
@settings(max_examples=800, **UNHURRIED)
@given(st.lists(sittings, max_size=6), texts)
def test_very_many_calendars_are_well_formed_and_mean_what_was_stored(client, app, told, name):
    check_all(client, app, told, name)


def check_all(client: Client, app: Flask, told: list[dict[str, Any]], name: str) -> None:
    journey, person = make_journey(f"Journey {uuid4()}"), make_person()
    journey.title = name or "Untitled"
    stored = [one for one in (store(journey, person, facts) for facts in told) if one is not None]
    public, own = f"/journeys/{journey.slug}/calendar.ics", path_of(person, app.config["SETTINGS"])
    with time_machine.travel(NOW, tick=False):
        check(client, public, [one for one, _ in stored])
        check(client, own, [one for _, one in stored])


def check(client: Client, path: str, expected: list[Meaning]) -> None:
    answer, again = client.get(path), client.get(path)
    lines_of(answer.data)
    assert (answer.data, answer.headers["ETag"]) == (again.data, again.headers["ETag"])
    for reader in (by_icalendar.READER, by_vobject.READER, by_ical.READER):
        (seen,) = reader.read([answer.data])
        assert sorted(map(meaning, seen)) == sorted(expected), reader.name


def meaning(seen: Seen) -> Meaning:
    return (seen.uid, str(seen.starts), str(seen.ends), seen.title, seen.status)


def store(journey: Journey, person: Participant, facts: dict[str, Any]) -> tuple[Meaning, Meaning] | None:
    """Keep the sitting, and the person's place; what it means to everybody and to the person.

    None for a wall time that does not exist, or exists once and was said to be the second.
    """
    one = make_learning_session(journey, "A title", summary=facts["summary"])
    one.title = facts["title"]
    attendance, when = facts["attendance"], facts["when"]
    is_there = attendance is not Attendance.ONLINE
    venue = make_venue("Hall", address=facts["venue"], city=facts["note"]) if is_there else None
    try:
        sitting = make_offering(one, when=when, attendance=attendance, venue=venue)
    except DomainError:
        return None
    sitting.join_url = facts["link"]  # what an older row, or another program, may hold
    if facts["is_cancelled"]:
        sitting.status, sitting.cancelled_at = OfferingStatus.CANCELLED, NOW
        sitting.cancellation_note = facts["note"]
    give_place(person, sitting, facts["status"], Way.IN_PERSON if is_there else Way.ONLINE)
    public = "CANCELLED" if facts["is_cancelled"] else "CONFIRMED"
    own = "TENTATIVE" if facts["status"] in TENTATIVE and not facts["is_cancelled"] else public
    starts, ends = map(str, span(when))
    title = text(facts["title"])
    return (sitting.uid, starts, ends, title, public), (sitting.uid, starts, ends, title, own)


def span(when: Promise | Days) -> tuple[date, date]:
    if isinstance(when, Days):
        return when.first_on, when.last_on + timedelta(days=1)
    starts = when.starts_wall.replace(tzinfo=ZoneInfo(when.timezone), fold=when.fold).astimezone(UTC)
    return starts, starts + timedelta(minutes=when.length_minutes)

"""What an organiser is told beside the form while a time is chosen."""

from datetime import date, datetime
from urllib.parse import urlencode

import pytest

from app.domain.permissions import STRANGER, OrganiserRole
from app.domain.timezones import Promise, TimeDoesNotExist
from app.enrolments import operations as enrolments
from app.enrolments.models import Interest
from app.facilitators.absences import Away, add_absence
from app.journeys.models import ExpectedZone, JourneyStatus
from app.journeys.operations import assign_organiser
from app.learning_sessions.sittings import Days
from app.scheduling.forms.sitting import WHEN, SittingForm
from app.scheduling.panel import panel_for
from app.web.reader import Reader
from tests.factories import (
    NOW,
    make_facilitator,
    make_journey,
    make_learning_session,
    make_offering,
    make_participant,
)
from tests.page import Page
from tests.people import ada, browser_of, cora, lead, make_account, pat, seat

IN_LONDON = {
    "dating": "time",
    "day": "2027-04-14",
    "begins": "13:00",
    "length": "90",
    "zone": "London, United Kingdom (Europe/London)",
}
AT_ONE = Promise(datetime(2027, 4, 14, 13, 0), "Europe/London", 0, 90)
FORTY = [
    ("Europe/London", "GB", 5),
    ("America/Bogota", "CO", 4),
    ("America/New_York", "US", 3),
    ("Africa/Accra", "GH", 9),
    ("Africa/Nairobi", "KE", 7),
    ("Asia/Kathmandu", "NP", 2),
    ("Asia/Dhaka", "BD", 6),
    ("Asia/Manila", "PH", 3),
    ("Pacific/Efate", "VU", 1),
]


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW)


def enrol(journey, timezone="Africa/Accra", country="GH", count=1, **facts):
    """So many people of one place, who keep usual hours unless told otherwise."""
    for _ in range(count):
        person = make_participant("Somebody", timezone=timezone, country=country, **facts)
        enrolments.enrol(journey, person, NOW)


def expect(journey, timezone, people):
    journey.expected_zones.append(ExpectedZone(timezone=timezone, people=people))


def panel(journey, when=AT_ONE, facilitators=(), learning_session=None, reader=None, **facts):
    return panel_for(
        journey,
        learning_session,
        when,
        [one.id for one in facilitators],
        actor=facts.pop("actor", STRANGER),
        reader=reader or Reader("Europe/London"),
        now=NOW,
        **facts,
    )


def said(found) -> dict[str, str]:
    return {thing.label: thing.text for thing in found.things}


def counts(found) -> tuple[int, int, int, int]:
    tally = found.tally
    return tally.at_work, tally.awake, tally.day_off, tally.asleep


def rows(found) -> dict[str, tuple[str, str, str]]:
    """Place → note, hours, state."""
    return {row.place: (row.note, row.clock, row.state) for row in found.band.days[0].rows}


def ask(app, journey, who, **fields):
    """The fragment, as the script fetches it."""
    query = urlencode({**IN_LONDON, **fields})
    return browser_of(app, who).get(f"/organise/journeys/{journey.slug}/panel?{query}")


def words(response) -> str:
    """What the fragment says; it is no whole page."""
    page = Page(response)
    page._open.append("main")
    page._words.clear()
    page.read(response.text)
    return page.text


# The tally and the band


def test_the_forty_people_of_the_design(database):
    journey = make_journey()
    for timezone, country, count in FORTY:
        enrol(journey, timezone, country, count)

    found = panel(journey)

    assert counts(found) == (21, 10, 8, 1)
    assert found.whom == "40 people enrolled"
    assert [(part.css + part.texture, part.x, part.width) for part in found.bar] == [
        ("w", "0%", "52.5%"),
        ("ahatch", "52.5%", "25%"),
        ("across", "77.5%", "20%"),
        ("n", "97.5%", "2.5%"),
    ]
    assert said(found) == {
        "Public holiday": "Bengali New Year’s Day in Bangladesh (6 people); "
        "Nepali New Year in Nepal (2 people)."
    }
    assert found.verdict == "One thing to know; it does not forbid it"
    assert rows(found) == {
        "London": ("5 people · UTC+1", "13:00–14:30", "at work"),
        "Bogotá": ("4 people · UTC−5", "07:00–08:30", "awake"),
        "New York": ("3 people · UTC−4", "08:00–09:30", "awake, then at work"),
        "Accra": ("9 people · UTC", "12:00–13:30", "at work"),
        "Nairobi": ("7 people · UTC+3", "15:00–16:30", "at work"),
        "Kathmandu": ("2 people · UTC+5:45", "17:45–19:15", "day off"),
        "Dhaka": ("6 people · UTC+6", "18:00–19:30", "day off"),
        "Manila": ("3 people · UTC+8", "20:00–21:30", "awake"),
        "Port Vila": ("1 person · UTC+11", "23:00–00:30", "asleep, ends Thu 15 Apr"),
    }


def test_expected_zones_count_where_nobody_is_enrolled(database):
    journey = make_journey()
    enrol(journey, "Africa/Accra", "GH", 2)
    for zone, people in (("Africa/Accra", 30), ("Asia/Dhaka", 12), ("Asia/Manila", None)):
        expect(journey, zone, people)

    found = panel(journey, Promise(datetime(2027, 4, 15, 13, 0), "Europe/London", 0, 90))

    assert counts(found) == (2, 12, 0, 0)
    assert found.whom == "14 people enrolled or expected"
    assert rows(found)["Manila"] == ("UTC+8", "20:00–21:30", "awake")


def test_facilitators_count_once_by_what_is_known_of_them(database):
    journey, account = make_journey(), make_account("Pat Asante")
    enrolled = make_participant("Pat Asante", user=account)
    enrolments.enrol(journey, enrolled, NOW)
    early = make_participant("Early Bird", user=make_account("Early Bird"), works_from=60, works_until=240)
    people = [
        make_facilitator("Pat Asante", user=account, timezone="Asia/Dhaka"),
        make_facilitator("Early Bird", timezone="Asia/Dhaka"),
        make_facilitator("From Nepal", country="NP"),
        make_facilitator("Nobody Knows"),
    ]
    people[1].user_id = early.user_id

    found = panel(journey, Promise(datetime(2027, 4, 15, 13, 0), "Europe/London", 0, 90), people)

    assert found.whom == "3 people enrolled or facilitating"
    assert rows(found)["Accra"][0] == "2 people · UTC"
    assert rows(found)["Kathmandu"][0] == "1 person · UTC+5:45"
    assert said(found)["Not counted"] == "where Nobody Knows will be is not known."


def test_their_own_hours_and_days_off_count(database):
    journey = make_journey()
    enrol(journey, works_from=13 * 60, works_until=20 * 60)
    enrol(journey, days_off=frozenset({"thu"}))
    found = panel(journey, Promise(datetime(2027, 4, 15, 14, 0), "Africa/Accra", 0, 60))
    assert counts(found) == (1, 0, 1, 0)
    assert said(found) == {"Day off": "Thursday in Ghana (1 person)."}


def test_nobody_yet(database):
    found = panel(make_journey())
    assert (found.tally, found.bar, found.things, list(rows(found))) == (None, (), (), ["London"])


def test_the_time_stands_in_the_organisers_zone_too(database):
    found = panel(make_journey(), reader=Reader("Asia/Dhaka"))
    assert (found.when.lead.place_and_zone, found.when.lead.clock) == ("London, BST", "13:00–14:30")
    assert (found.when.also.place_and_zone, found.when.also.clock) == ("Dhaka, UTC+6", "18:00–19:30")
    assert rows(found)["Dhaka"] == ("you · UTC+6", "18:00–19:30", "awake")
    assert panel(make_journey("Another")).when.also is None


def test_hours_that_cannot_be_are_refused(database):
    with pytest.raises(TimeDoesNotExist):
        panel(make_journey(), Promise(datetime(2027, 3, 28, 1, 30), "Europe/London", 0, 90))


# Things to know


def test_a_weekend_and_the_country_of_the_session_itself(database):
    journey = make_journey()
    enrol(journey, "Asia/Dhaka", "BD", 6, days_off=frozenset({"fri", "sat"}))
    found = panel(journey, Promise(datetime(2027, 3, 26, 16, 0), "Europe/London", 0, 180))
    assert said(found) == {
        "Public holiday": "Independence Day in Bangladesh (6 people); Good Friday in the United Kingdom "
        "(nobody yet).",
        "Day off": "Friday and Saturday in Bangladesh (6 people).",
    }


def test_people_of_one_country_are_added_up(database):
    journey = make_journey()
    for works_from in (480, 500, 520):
        enrol(journey, "Asia/Dhaka", "BD", 2, works_from=works_from)
    assert said(panel(journey)) == {"Public holiday": "Bengali New Year’s Day in Bangladesh (6 people)."}


def test_hours_move_with_the_clocks(database):
    journey = make_journey()
    before = make_offering(make_learning_session(journey, "Before"), wall=datetime(2027, 3, 10, 13, 0))
    for zone, country in (("America/New_York", "US"), ("Africa/Accra", "GH"), ("Asia/Dhaka", "BD")):
        enrol(journey, zone, country)
    at_one = Promise(datetime(2027, 3, 17, 13, 0), "Europe/London", 0, 90)
    found = panel(journey, at_one)
    assert said(found) == {
        "Hour moved": "since session 1, New York 08:00 → 09:00, because New York changed its clocks on "
        "14 March, London not until 28 March."
    }
    later = panel(journey, Promise(datetime(2027, 4, 15, 13, 0), "Europe/London", 0, 90))
    assert said(later)["Hour moved"] == (
        "since session 1, Accra 13:00 → 12:00 and Dhaka 19:00 → 18:00, because London changed its clocks on "
        "28 March."
    )
    at_two = panel(journey, Promise(datetime(2027, 4, 15, 14, 0), "Europe/London", 0, 90))
    assert "Hour moved" not in said(at_two)
    itself = panel(journey, at_one, learning_session=before.learning_session)
    assert "Hour moved" not in said(itself)


def test_those_who_said_they_would_come(database):
    learning_session = make_learning_session()
    for zone, weekdays, hours in (
        ("Europe/London", "", (None, None)),
        ("Africa/Accra", "wed thu", (12 * 60, 14 * 60)),
        ("Africa/Accra", "thu", (None, None)),
        ("Asia/Dhaka", "", (9 * 60, 17 * 60)),
    ):
        person = make_participant("Somebody", timezone=zone)
        database.add(
            Interest(
                participant=person,
                learning_session=learning_session,
                weekdays=weekdays,
                can_from=hours[0],
                can_until=hours[1],
                said_at=NOW,
            )
        )
    database.flush()
    found = panel(learning_session.journey, learning_session=learning_session)
    assert said(found) == {"Interest": "2 of the 4 people who said they would come can."}


def test_a_time_that_is_over_or_has_begun(database):
    journey = make_journey()
    over = panel(journey, Promise(datetime(2027, 2, 24, 13, 0), "Europe/London", 0, 90))
    begun = panel(journey, Promise(datetime(2027, 3, 1, 8, 30), "Europe/London", 0, 90))
    assert said(over) == {"Past": "this time is over already."}
    assert said(begun) == {"Past": "this time has begun already."}


def test_countries_of_which_no_holidays_are_known(database):
    journey = make_journey()
    enrol(journey, "Asia/Colombo", "LK")
    assert said(panel(journey)) == {
        "Public holidays": "none are known in Sri Lanka for 2027; ask somebody there."
    }


def test_whole_days_know_holidays_absences_and_clashes_only(database):
    journey, facilitator = make_journey(), make_facilitator("Farid Rahman", timezone="Asia/Dhaka")
    enrol(journey, "Asia/Dhaka", "BD", 6, days_off=frozenset({"fri", "sat"}))
    add_absence(facilitator, Away(date(2027, 4, 15), date(2027, 4, 20), "Asia/Dhaka"))
    found = panel(journey, Days(date(2027, 4, 14), date(2027, 4, 16), "Africa/Accra"), [facilitator])
    assert (found.when, found.tally, found.band) == (None, None, None)
    assert said(found) == {
        "Public holiday": "Bengali New Year’s Day, 14 April 2027, in Bangladesh (7 people).",
        "Day off": "Friday in Bangladesh (7 people).",
        "Away": "Farid Rahman cannot lead 15–20 April 2027, Dhaka.",
    }


def test_why_somebody_is_away_is_for_those_for_whom_they_lead(database):
    journey, facilitator = make_journey(), make_facilitator("Farid Rahman", timezone="Asia/Dhaka")
    add_absence(facilitator, Away(date(2027, 4, 14), date(2027, 4, 14), "Asia/Dhaka", note="A wedding"))
    elsewhere = make_offering(make_learning_session(make_journey("Governance of Health Care Quality")))
    lead(elsewhere, facilitator)
    assert said(panel(journey, facilitators=[facilitator]))["Away"] == (
        "Farid Rahman cannot lead 14 April 2027, Dhaka."
    )
    lead(make_offering(make_learning_session(journey)), facilitator)
    assert said(panel(journey, facilitators=[facilitator]))["Away"] == (
        "Farid Rahman cannot lead 14 April 2027, Dhaka (“A wedding”)."
    )


# The fragment


def test_the_fragment_says_it_all(app, database):
    journey = make_journey(short_title="Payment")
    enrol(journey, "Asia/Dhaka", "BD", 6)
    facilitator = make_facilitator("Farid Rahman", timezone="Asia/Dhaka")
    elsewhere = make_offering(
        make_learning_session(make_journey("Governance of Health Care Quality"), "Two"),
        wall=datetime(2027, 4, 14, 13, 30),
    )
    lead(elsewhere, facilitator)
    add_absence(facilitator, Away(date(2027, 4, 14), date(2027, 4, 14), "Asia/Dhaka", note="A wedding"))
    seat(pat(), elsewhere)
    enrolments.enrol(journey, make_participant("Pat"), NOW)

    answer = ask(app, journey, ada(journey), **{"facilitators-0-name": "Farid Rahman"})

    assert answer.status_code == 200
    text = words(answer)
    assert "Wednesday 14 April, 13:00–14:30 London, BST" in text
    assert "1 at work, 0 awake, 7 on a day off, 0 asleep, of 8 people enrolled or facilitating." in text
    assert "Three things to know; none of them forbids it" in text
    assert "Public holiday: Bengali New Year’s Day in Bangladesh (7 people)." in text
    assert (
        "Double booking: Farid Rahman facilitates Governance of Health Care Quality, session 1 "
        "from 13:30 London, BST." in text
    )
    assert "Away: Farid Rahman cannot lead 14 April 2027, Dhaka." in text
    assert "A wedding" not in text
    assert Page(answer).links["Governance of Health Care Quality, session 1"] == (
        "/journeys/governance-of-health-care-quality/sessions/two/"
    )


def test_nothing_to_know_is_said_calmly(app, database):
    journey = make_journey()
    enrol(journey)
    text = words(ask(app, journey, ada(journey)))
    assert "Nothing else to know: no holiday, no clash, nobody’s hour has moved." in text


def test_all_that_overlaps(app, database):
    journey = make_journey()
    planned = make_learning_session(journey, "Planned")
    kept = make_offering(planned, wall=datetime(2027, 4, 14, 13, 0))
    make_offering(planned, wall=datetime(2027, 4, 14, 14, 0))
    make_offering(make_learning_session(journey, "Other"), wall=datetime(2027, 4, 14, 12, 0))
    mine = make_offering(
        make_learning_session(make_journey("Another of mine")), wall=datetime(2027, 4, 14, 13)
    )
    organiser = ada(journey)
    assign_organiser(mine.learning_session.journey, organiser, OrganiserRole.OWNER, NOW)
    person = make_participant("Somebody")
    enrolments.enrol(journey, person, NOW)
    seat(person, mine)

    text = words(ask(app, journey, organiser, learning_session="planned", offering=str(kept.id)))

    assert "Twin sitting: another sitting of this session runs from 14:00 London, BST." in text
    assert "Overlap: session 2 runs from 12:00 London, BST." in text
    assert "Your own: you organise Another of mine, session 1 from 13:00 London, BST." in text
    assert "Clash: 1 participant holds a place elsewhere at this time." in text


def test_drafts_of_others_are_not_named(app, database):
    journey, facilitator = make_journey(), make_facilitator()
    draft = make_journey("Secret plan", status=JourneyStatus.DRAFT)
    lead(make_offering(make_learning_session(draft), wall=datetime(2027, 4, 14, 13, 0)), facilitator)
    answer = ask(app, journey, ada(journey), **{"facilitators-0-name": facilitator.name})
    assert "Secret" not in answer.text
    assert "facilitates a session of another journey from 13:00 London, BST" in words(answer)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"day": "", "begins": ""}, "Choose a day and a time to see for whom it is work, evening or night"),
        ({"begins": ""}, "Give the time at which it begins, such as 13:00."),
        ({"day": "2027-02-31"}, "Give a day of the calendar"),
        ({"begins": "25:00"}, "Give a time of day between 00:00 and 23:59"),
        ({"length": "4"}, "at least 5 minutes"),
        ({"length": "1500"}, "at most 24 hours"),
        ({"length": "many"}, "whole number"),
        ({"zone": "Atlantis"}, "No city, country or time zone is called “Atlantis”"),
        ({"day": "2027-03-28", "begins": "01:30"}, "There is no 01:30 in London on Sunday 28 March 2027"),
        ({"day": "2027-10-31", "begins": "01:30"}, "comes twice in London"),
        ({"dating": "days", "first_on": ""}, "Give the first day."),
        ({"dating": "days", "first_on": "2027-04-14", "last_on": "2027-04-13"}, "cannot be before the first"),
        ({"dating": "none"}, "Without a date people can say that they would come"),
        ({"dating": "never"}, ""),
        ({"length": "9" * 400}, ""),
        ({"learning_session": "nowhere", "offering": "abc"}, "Wednesday 14 April"),
        ({"learning_session": "planned", "offering": "9" * 30}, "Wednesday 14 April"),
    ],
)
def test_what_is_incomplete_or_cannot_be_gets_a_quiet_sentence(app, database, fields, sentence):
    journey = make_journey()
    answer = ask(app, journey, ada(journey), **fields)
    assert answer.status_code == 200
    assert sentence in words(answer)


def test_which_of_two_equal_times(app, database):
    journey = make_journey()
    twice = {"day": "2027-10-31", "begins": "01:30"}
    organiser = ada(journey)
    first, second = (
        words(ask(app, journey, organiser, **twice, fold=fold, fold_asked="2027-10-31T01:30 Europe/London"))
        for fold in ("0", "1")
    )
    assert "London, BST, then GMT" in first
    assert "01:30–03:00 London, GMT" in second


def test_it_is_for_organisers_only(app, database):
    journey = make_journey()
    assert ask(app, journey, None).status_code == 303
    assert ask(app, journey, cora(journey)).status_code == 403
    assert ask(app, journey, pat()).status_code == 403
    draft = make_journey("Draft", status=JourneyStatus.DRAFT)
    assert ask(app, draft, make_account("Some Body")).status_code == 404


def test_an_offering_of_another_journey_says_nothing(app, database):
    journey = make_journey()
    other = make_offering(make_learning_session(make_journey("Other")), wall=datetime(2027, 4, 14, 13, 0))
    make_learning_session(journey, "Planned")
    text = words(
        ask(app, journey, ada(journey), learning_session="planned", offering=str(other.id), keep="instant")
    )
    assert "Wednesday 14 April" in text


def test_the_form_and_the_script_know_the_same_fields(app, database):
    journey = make_journey()
    (facts,) = [facts for tag, facts in Page(ask(app, journey, ada(journey))).tags if "data-panel" in facts]
    fields = facts["data-fields"].split()
    with app.test_request_context():
        names = {field.name for field in SittingForm(meta={"csrf": False})}
    assert set(WHEN) <= set(fields)
    assert {one.rstrip("-") for one in fields} <= names


def test_thirty_cost_no_more_than_one(app, database, query_counter):
    journey = make_journey()
    zones = [zone for zone, _, _ in FORTY] * 4
    organiser, costs, sizes = ada(journey), [], []
    leaders = {}
    for batch in (range(1), range(1, 30)):
        journey, organiser = database.merge(journey), database.merge(organiser)
        for number in batch:
            enrol(journey, zones[number], FORTY[number % 9][1], works_from=500 + number)
            facilitator = make_facilitator(f"Leader {number}", timezone=zones[number])
            leaders[f"facilitators-{number}-name"] = facilitator.name
            other = make_offering(
                make_learning_session(make_journey(f"Journey {number}")), wall=datetime(2027, 4, 14, 13, 0)
            )
            lead(other, facilitator)
            make_offering(make_learning_session(journey, f"S {number}"), wall=datetime(2027, 4, 14, 13, 0))
            add_absence(facilitator, Away(date(2027, 4, 14), date(2027, 4, 14), "Europe/London"))
        ask(app, journey, organiser, **leaders)
        with query_counter() as counted:
            answer = ask(app, journey, organiser, **leaders)
        costs.append(counted.count)
        sizes.append(answer.text.count("Double booking"))
    assert sizes == [1, 30]
    assert costs[0] == costs[1]

"""The reference programme is there with every fact and its true dates, closed."""

from datetime import UTC, date, datetime

import pytest

from app.domain.attendance import Attendance
from app.domain.timezones import local
from app.journeys.models import JourneyKind, JourneyStatus
from tests.stories.reading import journey, partners_of, sessions_of, toolkit, topics_of, words_of

TABLE = [
    ("Political economy analysis", "2020-04-29 10:30 BST", "2020-04-29 09:30", "2020-04-29 11:30"),
    ("Improving Quality of Care", "2020-07-13 13:00 BST", "2020-07-13 12:00", "2020-07-13 14:30"),
    (
        "Strengthening accountability to improve health outcomes",
        "2020-09-10 13:00 BST",
        "2020-09-10 12:00",
        "2020-09-10 14:30",
    ),
    (
        "Health financing priorities in the time of COVID-19?",
        "2020-10-12 10:00 BST",
        "2020-10-12 09:00",
        "2020-10-12 11:30",
    ),
    (
        "Engaging private health providers in the COVID-19 era",
        "2020-12-15 10:00 GMT",
        "2020-12-15 10:00",
        "2020-12-15 12:30",
    ),
    (
        "Leaving No-One Behind in Universal Health Coverage",
        "2021-02-03 10:00 GMT",
        "2021-02-03 10:00",
        "2021-02-03 12:30",
    ),
    ("Complexity of Health Systems", "2021-03-25 10:00 GMT", "2021-03-25 10:00", "2021-03-25 12:30"),
]


@pytest.fixture
def loaded(everything):
    return journey("health-systems-strengthening")


def test_the_seven_sessions_have_their_true_instants(loaded):
    rows = []
    for learning_session in sessions_of(loaded):
        (offering,) = learning_session.offerings
        assert (offering.timezone, offering.attendance) == ("Europe/London", Attendance.ONLINE)
        in_london = f"{local(offering.starts_at, 'Europe/London'):%Y-%m-%d %H:%M %Z}"
        rows.append(
            (learning_session.title, in_london, f"{offering.starts_at:%F %R}", f"{offering.ends_at:%F %R}")
        )

    assert rows == TABLE


def test_a_reader_in_new_york_sees_the_last_one_at_six(loaded):
    (last,) = sessions_of(loaded)[-1].offerings

    assert (
        f"{local(last.starts_at, 'America/New_York'):%R}–{local(last.ends_at, 'America/New_York'):%R}"
        == "06:00–08:30"
    )
    assert last.starts_at == datetime(2021, 3, 25, 10, tzinfo=UTC)


def test_what_the_journey_is(loaded):
    assert (loaded.kind, loaded.status) == (JourneyKind.LEARNING_JOURNEY, JourneyStatus.CLOSED)
    assert (loaded.starts_on, loaded.ends_on) == (date(2020, 4, 29), date(2021, 3, 25))
    assert loaded.closing_note
    assert loaded.demonstration_note == ""
    for fact in (
        "poorest and most marginalised",
        "low- and middle-income countries",
        "FCDO health advisers",
        "staff working in the health sector",
        "national governments, global health institutions and other partners",
        "online",
    ):
        assert fact in words_of(loaded)
    assert len(loaded.outcomes) == 3


def test_topics_and_what_runs_through_all(loaded):
    assert topics_of(loaded) == [
        "Political economy analysis",
        "Strengthening accountability",
        "Health financing",
        "Universal health coverage (UHC)",
    ]
    assert topics_of(loaded, throughout=True) == ["Improving quality of care", "Leave no one behind"]


def test_who_stands_behind_it(loaded):
    assert partners_of(loaded) == [
        ("FCDO", "commissioner", "formerly DFID"),
        ("K4D", "developer", "with FCDO and expert input"),
        ("UKaid", "funder", "supported the journey"),
    ]
    assert [(one.name, one.post, one.institution, one.email) for one in loaded.contacts] == [
        ("Kerry Millington", "", "Liverpool School of Tropical Medicine", ""),
        ("Louise Oakley", "Research and Learning Programme Manager", "IDS", ""),
    ]


def test_activities_with_their_people(loaded):
    talk, interview, *reports = loaded.activities

    assert (
        talk.title == "Health systems strengthening – what is it, how should we assess it, and does it work?"
    )
    assert [(credit.name, credit.affiliation) for credit in talk.credits] == [
        ("Sophie Witter", "Queen Margaret University, Edinburgh"),
        ("Dina Balabanova", "LSHTM"),
        ("Sandra Mounier-Jack", "LSHTM"),
    ]
    assert all(word in talk.summary for word in ("FCDO", "ReBUILD", "ReSYST", "HEART Talks"))
    assert (interview.kind.value, interview.credits[0].name) == ("video", "Sophie Witter")
    assert "HEART Talks" in interview.summary
    assert [report.title for report in reports] == [
        "Helpdesk reports on supply chain management",
        "Helpdesk reports on health information systems",
        "Helpdesk reports on human resources",
    ]


def test_the_fifth_session_tells_of_its_course(loaded):
    summary = sessions_of(loaded)[4].summary

    assert "569 participants" in summary
    assert "more than 50 countries" in summary


def test_publications_with_their_days(loaded):
    assert [(one.title, one.year, one.month, one.day) for one in loaded.publications] == [
        ("Engaging private health providers in the COVID-19 era", 2020, 12, 3),
        ("Health financing priorities in the time of Covid-19?", 2020, 9, 25),
        ("Strengthening accountability to improve health outcomes", 2020, 9, 9),
        ("Political economy analysis", 2020, 7, 10),
        ("Improving Quality of Care", 2020, 7, 10),
    ]


def test_the_toolkit_has_its_authors_and_says_what_is_arranged_here(loaded):
    shelf = toolkit("what-works-for-health-systems-strengthening")

    assert shelf.title.startswith("What Works for Health Systems Strengthening: An Overview of the Evidence")
    assert [credit.name for credit in shelf.credits] == [
        "Kim Ozano",
        "Sophie Witter",
        "Jo Keatinge",
        "Beth Scott",
        "Nicola Wardrop",
    ]
    assert shelf.journeys == [loaded]
    assert "demonstration" in shelf.demonstration_note
    assert all(entry.resource.url == "" for section in shelf.sections for entry in section.entries)


def test_nothing_is_invented_about_the_sessions(loaded):
    for learning_session in sessions_of(loaded):
        (offering,) = learning_session.offerings
        assert (offering.facilitators, offering.agenda, offering.join_url) == ([], [], "")
        assert offering.capacity_online is None

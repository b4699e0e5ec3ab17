"""The workshop in Oakland: one day, one handout, many questions."""

from datetime import date

import pytest

from app.domain.attendance import Attendance
from app.journeys.models import JourneyKind, JourneyStatus
from tests.stories.reading import journey, sessions_of, toolkit, words_of


@pytest.fixture
def workshop(everything):
    return journey("communities-of-solution")


def test_one_day_in_oakland_without_hours(workshop):
    (learning_session,) = sessions_of(workshop)
    (offering,) = learning_session.offerings

    assert (workshop.kind, workshop.status, workshop.place) == (
        JourneyKind.WORKSHOP,
        JourneyStatus.CLOSED,
        "Oakland, California",
    )
    assert (offering.first_on, offering.last_on, offering.starts_at) == (
        date(2016, 12, 8),
        date(2016, 12, 8),
        None,
    )
    assert (offering.timezone, offering.attendance) == ("America/Los_Angeles", Attendance.IN_PERSON)
    assert (offering.facilitators, offering.agenda) == ([], [])


def test_the_handout_has_two_lists_in_our_own_words(workshop):
    section = toolkit("communities-of-solution").sections[0]
    handout = section.entries[0].resource

    assert (
        handout.title == "Communities of Solution: A Working Model Based on Scale and Community Bright Spots"
    )
    assert [(credit.name, credit.affiliation, credit.role) for credit in handout.credits] == [
        ("100 Million Healthier Lives", "", "developed by"),
        ("Soma Stout", "Institute for Healthcare Improvement", "provided by"),
    ]
    headings = [statement.heading for statement in handout.statements]
    assert headings == ["How people relate to each other"] * 5 + ["How the community creates abundance"] * 4
    assert "demonstration" in handout.demonstration_note


def test_questions_are_grouped_under_nested_headings(workshop):
    top = [heading for heading in workshop.question_headings if heading.parent_id is None]
    process = top[-1]

    assert [heading.title for heading in top] == [
        "How people relate",
        "Elements missing from the framework",
        "The nature of institutions",
        "The change process",
    ]
    assert [heading.title for heading in workshop.question_headings if heading.parent_id == process.id] == [
        "Resistance",
        "Ignition",
        "Leadership",
        "Evidence",
        "Succession",
        "Time horizon",
        "Spread and scale",
        "Sustaining",
        "Feedback",
        "Who engages",
        "Which metrics",
    ]
    assert "staff collected at the end of the panel" in words_of(workshop)


def test_the_proceedings_can_be_cited(workshop):
    (publication,) = workshop.publications
    entry = toolkit("communities-of-solution").sections[0].entries[1]

    assert publication.title == (
        "Exploring Equity in Multisector Community Health Partnerships: Proceedings of a Workshop"
    )
    assert (publication.doi, publication.part, publication.year, publication.month) == (
        "10.17226/24786",
        "Appendix C",
        2018,
        None,
    )
    assert publication.publisher == "The National Academies Press"
    assert publication.credits[0].name == "National Academies of Sciences, Engineering, and Medicine"
    assert "10.17226/24786" in publication.suggested_citation
    assert (entry.resource.doi, entry.resource.suggested_citation) == (
        publication.doi,
        publication.suggested_citation,
    )

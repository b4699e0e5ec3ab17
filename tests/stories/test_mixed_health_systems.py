"""The platform of seven partners in seven countries, with rounds and reflections."""

from collections import Counter

import pytest
from sqlalchemy import select

from app.database import db
from app.domain.seats import PlaceStatus
from app.enrolments.models import Enrolment, Place
from app.journeys.models import JourneyKind, JourneyStatus
from tests.factories import NOW
from tests.stories.reading import journey, sessions_of, words_of


@pytest.fixture
def platform(everything):
    return journey("mixed-health-systems")


def test_a_standing_partnership_in_seven_countries(platform):
    assert (platform.kind, platform.status, platform.ends_on, platform.period) == (
        JourneyKind.PLATFORM,
        JourneyStatus.OPEN,
        None,
        "No end date",
    )
    assert [(row.organisation.name, row.organisation.country) for row in platform.partners] == [
        ("Public Health Foundation of India", "IN"),
        ("Amref Health Africa", "KE"),
        (
            "Centre for Research on Transformations, School of Economics and Business, "
            "National University of San Martín",
            "AR",
        ),
        ("Innovision Consulting", "BD"),
        ("Centre for Sustainable Health Innovations", "SG"),
        ("Udugu Institute", "ZW"),
        ("Institute of Development Studies", "GB"),
    ]
    assert len({zone.timezone for zone in platform.expected_zones}) == 7


def test_inclusion_and_iteration(platform):
    for fact in (
        "All stakeholders take part",
        "knowledge and perspective",
        "economic interest",
        "relative power",
        "reflexive",
        "adapt and improve",
        "Over 300 senior government officials",
        "Asia, Africa and Latin America",
    ):
        assert fact in words_of(platform)
    assert "demonstration" in platform.demonstration_note


def test_report_and_opinion(platform):
    assert [
        (one.title, one.kind, (one.year, one.month, one.day), [credit.name for credit in one.credits])
        for one in platform.publications
    ] == [
        (
            "Towards Digital Transformation for Universal Health Coverage",
            "report",
            (2023, 6, 1),
            ["Gerald Bloom", "6 others"],
        ),
        (
            "Mutual learning: development fad or foundation?",
            "opinion",
            (2021, 3, 19),
            ["Alex Shankland", "3 others"],
        ),
    ]


def test_rounds_hold_consultations_and_reflections(platform):
    assert [theme.kind for theme in platform.themes] == ["round"] * 3
    sessions = sessions_of(platform)

    assert [(one.title.split()[0], one.themes[0].position) for one in sessions] == [
        ("Consultation:", 2),
        ("Reflection", 2),
        ("Consultation:", 3),
        ("Reflection", 3),
    ]
    assert [len(one.offerings) for one in sessions] == [1, 1, 1, 0]
    assert platform.next_at is not None
    assert platform.next_at > NOW


def test_who_is_in_the_room_can_be_seen(platform):
    groups = db.scalars(select(Enrolment.stakeholder_group).where(Enrolment.journey_id == platform.id)).all()

    assert set(groups) == {
        "Government",
        "Private sector",
        "Technology",
        "Research and analysis",
        "Civil society",
    }


def test_the_small_reflection_is_full_and_four_wait(platform):
    (offering,) = sessions_of(platform)[1].offerings
    statuses = db.scalars(select(Place.status).where(Place.offering_id == offering.id)).all()

    assert Counter(statuses) == {PlaceStatus.CONFIRMED: 12, PlaceStatus.WAITING: 4}

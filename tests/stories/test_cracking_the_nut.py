"""The conference with its three themes and its publication."""

from app.journeys.models import JourneyKind, JourneyStatus
from tests.stories.reading import journey, sessions_of


def test_the_conference(everything):
    event = journey("cracking-the-nut-health-2016")

    assert event.title.endswith("The Role of Communities in Building Resilient Health Systems")
    assert (event.kind, event.status, event.period) == (
        JourneyKind.LEARNING_EVENT,
        JourneyStatus.CLOSED,
        "2016, two days",
    )
    assert [theme.title for theme in event.themes] == [
        "Using Measurement and Analytics to Improve Accountability",
        "Leveraging Partnerships to Promote Resilience",
        "Scaling Technology and Innovation to Increase Impact",
    ]
    for theme, facts in zip(
        event.themes,
        (
            ("warn early", "information systems that work together", "crowd", "governance"),
            (
                "corporate",
                "informal",
                "outside health",
                "Global Financing Facility",
                "child mortality by 2030",
            ),
            ("fairly", "communities need", "lasts"),
        ),
        strict=True,
    ):
        assert all(fact in theme.summary for fact in facts), theme.title
    (publication,) = event.publications
    assert "main lessons" in publication.summary
    assert "innovative methods and technologies" in publication.summary
    assert (sessions_of(event), event.demonstration_note) == ([], "")

"""A conference with three themes, and the publication that came out of it. Its agenda is not known here."""

from datetime import datetime

from app.journeys.audiences import set_audiences
from app.journeys.composing import NewPublication, add_publication, add_theme, set_topics
from app.journeys.models import JourneyKind
from app.journeys.operations import NewJourney, close, create_journey, publish
from seeds.story import Story, paragraphs

SLUG = "cracking-the-nut-health-2016"
TITLE = "Cracking the Nut Health 2016: The Role of Communities in Building Resilient Health Systems"

THEMES = (
    (
        "Using Measurement and Analytics to Improve Accountability",
        "Systems that warn early, information systems that work together, monitoring in which the crowd "
        "takes part, and communities that have a say in governance.",
    ),
    (
        "Leveraging Partnerships to Promote Resilience",
        "Public and corporate partners, informal ones and those from outside health; and new ways to pay "
        "for it, such as the Global Financing Facility, which is to help end maternal and child "
        "mortality by 2030.",
    ),
    (
        "Scaling Technology and Innovation to Increase Impact",
        "Growing fairly, answering to what communities need, and building so that it lasts.",
    ),
)


def load(now: datetime) -> None:
    """The event with its three themes and its publication, closed."""
    journey = create_journey(_journey(), now)
    set_topics(journey, ("Resilience", "Communities", "Strengthening accountability", "Innovation"), now)
    set_audiences(journey, ("Health sector staff",))
    for title, summary in THEMES:
        add_theme(journey, title, now, summary=summary)
    add_publication(
        journey,
        NewPublication(
            title="Cracking the Nut Health 2016: conference publication",
            kind="conference publication",
            summary="Brings the main lessons of the conference together and highlights cases of "
            "innovative methods and technologies.",
        ),
        now,
    )
    publish(journey, now)
    close(
        journey,
        "The conference took place in 2016. Its themes and its publication stay here to read.",
        None,
        now,
    )


def _journey() -> NewJourney:
    return NewJourney(
        kind=JourneyKind.LEARNING_EVENT,
        slug=SLUG,
        title=TITLE,
        short_title="Cracking the Nut Health 2016",
        timezone="UTC",
        period="2016, two days",
        summary="Two days and three themes on one question: what do communities contribute to health "
        "systems that withstand a crisis?",
        purpose=paragraphs(
            "A health system is resilient when it bends under strain and still serves people. This "
            "conference looked at the part that communities have in that.",
            "Its sessions belonged to three themes. The publication that followed draws the main lessons "
            "together and shows cases of innovative methods and technologies.",
        ),
    )


STORY = Story("cracking-the-nut", TITLE, SLUG, load)

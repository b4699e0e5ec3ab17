"""The reference programme: the K4D learning journey of 2020 and 2021, with its true dates. It is closed."""

from datetime import date, datetime

from app.domain.attendance import Attendance
from app.domain.timezones import Promise
from app.journeys.audiences import set_audiences
from app.journeys.composing import (
    NewPublication,
    When,
    add_activity,
    add_contact,
    add_outcome,
    add_partner,
    add_publication,
    set_topics,
)
from app.journeys.crediting import Named
from app.journeys.matter import ActivityKind, PartnerRole
from app.journeys.models import Journey, JourneyKind
from app.journeys.operations import NewJourney, close, create_journey, publish
from app.learning_sessions.models import LearningSession
from app.learning_sessions.operations import add_offering, create_learning_session
from app.learning_sessions.sittings import NewOffering
from app.organisations.operations import find_or_create
from app.toolkits.models import Resource, ResourceKind, ToolkitSection
from app.toolkits.operations import (
    NewResource,
    add_entry,
    add_section,
    create_resource,
    create_toolkit,
    link_journey,
)
from seeds.story import Story, paragraphs, wall

SLUG = "health-systems-strengthening"
LONDON = "Europe/London"
WITTER = Named("Sophie Witter", "Queen Margaret University, Edinburgh")
POLITICAL_ECONOMY = "Political economy analysis"
QUALITY = "Improving Quality of Care"
ACCOUNTABILITY = "Strengthening accountability to improve health outcomes"
FINANCING = "Health financing priorities in the time of COVID-19?"
PRIVATE_PROVIDERS = "Engaging private health providers in the COVID-19 era"

SESSIONS = (
    (
        POLITICAL_ECONOMY,
        wall(2020, 4, 29, 10, 30),
        120,
        "Before proposing a reform: who stands to gain from it, who to lose, and who can stop it.",
    ),
    (
        QUALITY,
        wall(2020, 7, 13, 13),
        150,
        "A service that is there but not good enough helps few: what raises the quality of care.",
    ),
    (
        ACCOUNTABILITY,
        wall(2020, 9, 10, 13),
        150,
        "To whom a health system answers, by which means, and whether people are healthier for it.",
    ),
    (
        FINANCING,
        wall(2020, 10, 12, 10),
        150,
        "What to put first when a pandemic asks for more money and leaves less of it.",
    ),
    (
        PRIVATE_PROVIDERS,
        wall(2020, 12, 15, 10),
        150,
        "How governments can work with private providers. Tailored from a course that reached 569 "
        "participants in more than 50 countries in its latest run.",
    ),
    (
        "Leaving No-One Behind in Universal Health Coverage",
        wall(2021, 2, 3, 10),
        150,
        "When more people are covered, who is still missing, and how they can come first instead of last.",
    ),
    (
        "Complexity of Health Systems",
        wall(2021, 3, 25, 10),
        150,
        "Why sound plans have effects that nobody planned, and how to work with a system that adapts.",
    ),
)

PUBLICATIONS = (
    (PRIVATE_PROVIDERS, When(2020, 12, 3), PRIVATE_PROVIDERS),
    ("Health financing priorities in the time of Covid-19?", When(2020, 9, 25), FINANCING),
    (ACCOUNTABILITY, When(2020, 9, 9), ACCOUNTABILITY),
    (POLITICAL_ECONOMY, When(2020, 7, 10), POLITICAL_ECONOMY),
    (QUALITY, When(2020, 7, 10), QUALITY),
)
"""Title, date, and the learning session on the same subject; newest first."""

HELPDESK = ("supply chain management", "health information systems", "human resources")


def load(now: datetime) -> None:
    """The journey with everything that is known of it, closed."""
    journey = create_journey(_journey(), now)
    _describe(journey, now)
    _add_people(journey, now)
    _add_activities(journey, now)
    sessions = {
        title: _add_session(journey, title, start, minutes, text, now)
        for title, start, minutes, text in SESSIONS
    }
    for title, when, _ in PUBLICATIONS:
        add_publication(journey, NewPublication(title=title), now, when=when)
    _add_toolkit(journey, sessions, now)
    publish(journey, now)
    close(
        journey,
        "The seventh and last session was held on 25 March 2021. Sessions, toolkit, videos and publications "
        "stay here to read; nobody can enrol any more.",
        None,
        now,
    )


def _journey() -> NewJourney:
    return NewJourney(
        kind=JourneyKind.LEARNING_JOURNEY,
        slug=SLUG,
        title="K4D Learning Journey on Health Systems Strengthening",
        short_title="Health Systems Strengthening",
        timezone=LONDON,
        starts_on=date(2020, 4, 29),
        ends_on=date(2021, 3, 25),
        summary="What makes a health system stronger, and how an adviser can help: seven sessions, from "
        "political economy to complexity, so that the poorest and most marginalised people live "
        "healthier lives.",
        purpose=paragraphs(
            "Those who advise on health are asked what should change, what it is worth and whether it "
            "worked. This journey builds the understanding, the capacity and the influence that it takes "
            "to strengthen health systems in low- and middle-income countries.",
            "Its measure is the health and well-being of those who are poorest and most marginalised there.",
        ),
        audience="For FCDO health advisers, for advisers of other fields with an interest in health, and for "
        "staff working in the health sector.",
        outcomes_lead="You gain competencies and skills to advise and influence national governments, "
        "global health institutions and other partners on:",
        sessions_note="Every session was held online, part of it to listen and part of it to take part. "
        "The organisers kept London time.",
    )


def _describe(journey: Journey, now: datetime) -> None:
    for outcome in (
        "planning measures with a strategy, carrying them out and monitoring them, so that national "
        "policies and strategies strengthen the health system",
        "making a case, from evidence and so that it convinces, for investing in health",
        "appraising how well an intervention to strengthen a health system (HSS) performs",
    ):
        add_outcome(journey, outcome, now)
    set_topics(
        journey,
        (
            "Political economy analysis",
            "Strengthening accountability",
            "Health financing",
            "Universal health coverage (UHC)",
        ),
        now,
        throughout=("Improving quality of care", "Leave no one behind"),
    )
    set_audiences(journey, ("Health advisers", "Advisers of other fields", "Health sector staff"))


def _add_people(journey: Journey, now: datetime) -> None:
    fcdo = find_or_create("FCDO")
    add_partner(journey, fcdo, PartnerRole.COMMISSIONER, now, note="formerly DFID")
    add_partner(journey, find_or_create("K4D"), PartnerRole.DEVELOPER, now, note="with FCDO and expert input")
    add_partner(journey, find_or_create("UKaid"), PartnerRole.FUNDER, now, note="supported the journey")
    add_contact(journey, "Kerry Millington", now, institution="Liverpool School of Tropical Medicine")
    add_contact(
        journey, "Louise Oakley", now, post="Research and Learning Programme Manager", institution="IDS"
    )


def _add_activities(journey: Journey, now: datetime) -> None:
    add_activity(
        journey,
        ActivityKind.PRESENTATION,
        "Health systems strengthening – what is it, how should we assess it, and does it work?",
        now,
        summary="The first activity of the journey. It presents the evidence review “What works for "
        "health systems strengthening, where and when?”, which FCDO commissioned from ReBUILD and "
        "ReSYST. Also on the journey’s HEART Talks page.",
        credits=(WITTER, Named("Dina Balabanova", "LSHTM"), Named("Sandra Mounier-Jack", "LSHTM")),
    )
    add_activity(
        journey,
        ActivityKind.VIDEO,
        "Interview with Sophie Witter",
        now,
        summary="With the lead author of the evidence review. Also on the journey’s HEART Talks page.",
        credits=(WITTER,),
    )
    for subject in HELPDESK:
        add_activity(journey, ActivityKind.REPORT, f"Helpdesk reports on {subject}", now)


def _add_session(
    journey: Journey, title: str, start: datetime, minutes: int, summary: str, now: datetime
) -> LearningSession:
    learning_session = create_learning_session(journey, title, now, summary=summary)
    when = Promise(start, LONDON, 0, minutes)
    add_offering(learning_session, NewOffering(when=when, attendance=Attendance.ONLINE), now)
    return learning_session


def _add_toolkit(journey: Journey, sessions: dict[str, LearningSession], now: datetime) -> None:
    authors = ("Kim Ozano", "Sophie Witter", "Jo Keatinge", "Beth Scott", "Nicola Wardrop")
    toolkit = create_toolkit(
        "What Works for Health Systems Strengthening: An Overview of the Evidence – Resource Toolkit",
        now,
        slug="what-works-for-health-systems-strengthening",
        summary="The toolkit of the journey: the evidence on strengthening health systems, at hand.",
        credits=[Named(author) for author in authors],
        demonstration_note="How this page is arranged is a demonstration. It lists the works that the "
        "journey itself names; the contents of the published toolkit are not repeated here.",
    )
    link_journey(toolkit, journey, now)
    _fill_evidence(add_section(toolkit, "The evidence review", now), now)
    section = add_section(toolkit, "On the subjects of the sessions", now)
    for title, when, subject in PUBLICATIONS:
        resource = create_resource(NewResource(title=title, kind=ResourceKind.REPORT), now, when=when)
        add_entry(section, resource, now, learning_session=sessions[subject])
    section = add_section(toolkit, "Helpdesk reports", now)
    for subject in HELPDESK:
        title = f"Helpdesk reports on {subject}"
        add_entry(section, create_resource(NewResource(title=title, kind=ResourceKind.REPORT), now), now)


def _fill_evidence(section: ToolkitSection, now: datetime) -> None:
    review = NewResource(
        title="What works for health systems strengthening, where and when?",
        kind=ResourceKind.REPORT,
        summary="The evidence review that FCDO commissioned from ReBUILD and ReSYST.",
    )
    talk = NewResource(
        title="Health systems strengthening – what is it, how should we assess it, and does it work?",
        kind=ResourceKind.PRESENTATION,
    )
    interview = NewResource(title="Interview with Sophie Witter", kind=ResourceKind.VIDEO)
    lead = Named(WITTER.name, WITTER.affiliation, "lead author")
    presenters = (WITTER, Named("Dina Balabanova", "LSHTM"), Named("Sandra Mounier-Jack", "LSHTM"))
    works: tuple[tuple[Resource, str], ...] = (
        (create_resource(review, now, credits=(lead,)), "What the whole journey builds on."),
        (create_resource(talk, now, credits=presenters), "The review, presented; also on HEART Talks."),
        (create_resource(interview, now, credits=(WITTER,)), "Behind the review; also on HEART Talks."),
    )
    for resource, why in works:
        add_entry(section, resource, now, why=why)


STORY = Story("k4d", "K4D Learning Journey on Health Systems Strengthening", SLUG, load)

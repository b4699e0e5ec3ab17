"""A day around one handout: statements to discuss, questions from the tables, proceedings that print them."""

from datetime import date, datetime

from app.domain.attendance import Attendance
from app.journeys.audiences import set_audiences
from app.journeys.composing import NewPublication, When, add_publication, add_question_heading, set_topics
from app.journeys.crediting import Named
from app.journeys.models import Journey, JourneyKind
from app.journeys.operations import NewJourney, close, create_journey, publish
from app.learning_sessions.models import LearningSession
from app.learning_sessions.operations import add_offering, create_learning_session, create_venue
from app.learning_sessions.sittings import Days, NewOffering
from app.organisations.operations import find_or_create
from app.toolkits.models import Resource, ResourceKind
from app.toolkits.operations import (
    NewResource,
    add_entry,
    add_section,
    add_statement,
    create_resource,
    create_toolkit,
    link_journey,
)
from seeds.story import Story, paragraphs

SLUG = "communities-of-solution"
TITLE = "Communities of Solution workshop"
DAY = date(2016, 12, 8)
OAKLAND = "America/Los_Angeles"
HANDOUT = "Communities of Solution: A Working Model Based on Scale and Community Bright Spots"
PROCEEDINGS = "Exploring Equity in Multisector Community Health Partnerships: Proceedings of a Workshop"
ACADEMIES = "National Academies of Sciences, Engineering, and Medicine"
DOI = "10.17226/24786"
CITATION = (
    f"{ACADEMIES}. 2018. {PROCEEDINGS}. The National Academies Press. https://doi.org/{DOI}. Appendix C."
)

RELATE = "How people relate to each other"
ABUNDANCE = "How the community creates abundance"
STATEMENTS = (
    (RELATE, "People who live with a problem help to decide what is done about it."),
    (RELATE, "We talk with those who see things differently before we talk about them."),
    (RELATE, "A promise made across institutions is kept as if it were made at home."),
    (RELATE, "Newcomers are asked what they bring before they are told what to do."),
    (RELATE, "When something goes wrong, we ask what happened before we ask who did it."),
    (ABUNDANCE, "We begin with what people here can already do."),
    (ABUNDANCE, "What works in one street is shown to the next one, and paid for there."),
    (ABUNDANCE, "Money, rooms and time that lie idle are counted and put to use."),
    (ABUNDANCE, "Those who gain from a change help to pay for the one after it."),
)

HEADINGS = (
    ("How people relate", ()),
    ("Elements missing from the framework", ()),
    ("The nature of institutions", ()),
    (
        "The change process",
        (
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
        ),
    ),
)


def load(now: datetime) -> None:
    """The workshop, its handout with statements, the headings of its questions, its proceedings; closed."""
    journey = create_journey(_journey(), now)
    set_topics(journey, ("Health equity", "Communities", "Partnerships"), now)
    set_audiences(journey, ("Health sector staff",))
    _add_headings(journey, now)
    add_publication(
        journey,
        NewPublication(
            title=PROCEEDINGS,
            kind="proceedings",
            publisher="The National Academies Press",
            part="Appendix C",
            doi=DOI,
            suggested_citation=CITATION,
            summary="The questions and comments from the tables, grouped under headings, are part of it.",
        ),
        now,
        when=When(2018),
        credits=(Named(ACADEMIES),),
    )
    _add_toolkit(journey, _add_session(journey, now), now)
    publish(journey, now)
    close(
        journey,
        "The workshop took place on 8 December 2016. The handout, the headings of the questions and the "
        "proceedings stay here to read.",
        None,
        now,
    )


def _journey() -> NewJourney:
    return NewJourney(
        kind=JourneyKind.WORKSHOP,
        slug=SLUG,
        title=TITLE,
        short_title="Communities of Solution",
        timezone=OAKLAND,
        starts_on=DAY,
        ends_on=DAY,
        place="Oakland, California",
        summary="A day in Oakland around one framework. What people asked at their tables became part of the "
        "proceedings.",
        purpose=paragraphs(
            "A community of solution takes its own problems in hand. The workshop discussed a working "
            "model of how that happens, drawn from bright spots: places where it does.",
            "The model came as a handout. 100 Million Healthier Lives developed it, and Soma Stout of "
            "the Institute for Healthcare Improvement provided it.",
        ),
        approach=paragraphs(
            "The tables discussed the handout and wrote down questions and comments, which staff "
            "collected at the end of the panel.",
            "Afterwards they were grouped under headings: how people relate, what the framework lacks, "
            "the nature of institutions, and the process of change.",
        ),
    )


def _add_headings(journey: Journey, now: datetime) -> None:
    for title, parts in HEADINGS:
        heading = add_question_heading(journey, title, now)
        for part in parts:
            add_question_heading(journey, part, now, parent=heading)


def _add_session(journey: Journey, now: datetime) -> LearningSession:
    learning_session = create_learning_session(
        journey,
        "The handout, discussed at the tables",
        now,
        slug="the-handout-at-the-tables",
        summary="Participants went through the handout table by table and wrote questions and comments. "
        "Staff collected them at the end of the panel.",
    )
    venue = create_venue("Oakland, California", OAKLAND, country="US")
    when = Days(DAY, DAY, OAKLAND)
    add_offering(learning_session, NewOffering(when=when, attendance=Attendance.IN_PERSON, venue=venue), now)
    return learning_session


def _add_toolkit(journey: Journey, learning_session: LearningSession, now: datetime) -> None:
    toolkit = create_toolkit(
        "Communities of Solution: handout and proceedings",
        now,
        slug=SLUG,
        summary="What the workshop was about, and what came out of it.",
    )
    link_journey(toolkit, journey, now)
    section = add_section(toolkit, "Handout and proceedings", now)
    add_entry(
        section,
        _handout(now),
        now,
        why="The framework that the tables discussed.",
        learning_session=learning_session,
    )
    proceedings = create_resource(
        NewResource(title=PROCEEDINGS, kind=ResourceKind.BOOK, doi=DOI, suggested_citation=CITATION),
        now,
        when=When(2018),
        credits=(Named(ACADEMIES),),
        organisation=find_or_create("The National Academies Press"),
    )
    add_entry(section, proceedings, now, why="Appendix C holds what the tables asked and remarked.")


def _handout(now: datetime) -> Resource:
    handout = create_resource(
        NewResource(
            title=HANDOUT,
            kind=ResourceKind.HANDOUT,
            summary="Two lists to discuss: how people relate, and how the community creates abundance.",
            demonstration_note="The nine statements shown here are demonstration text in our own words. "
            "The handout has five and four under the same headings, worded differently.",
        ),
        now,
        credits=(
            Named("100 Million Healthier Lives", role="developed by"),
            Named("Soma Stout", "Institute for Healthcare Improvement", "provided by"),
        ),
        organisation=find_or_create("100 Million Healthier Lives"),
    )
    for heading, text in STATEMENTS:
        add_statement(handout, heading, text, now)
    return handout


STORY = Story("communities-of-solution", TITLE, SLUG, load)

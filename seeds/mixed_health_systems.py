"""A standing platform: partners in seven countries, rounds of consultation, and a reflection after each."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import select

from app.database import db
from app.domain.attendance import Attendance
from app.domain.permissions import OrganiserRole
from app.journeys.audiences import set_audiences
from app.journeys.composing import (
    NewPublication,
    When,
    add_outcome,
    add_partner,
    add_publication,
    add_theme,
    set_topics,
)
from app.journeys.crediting import Named
from app.journeys.matter import PartnerRole
from app.journeys.models import Journey, JourneyKind, Theme
from app.journeys.operations import (
    NewJourney,
    assign_organiser,
    create_journey,
    expect_zone,
    open_journey,
    publish,
)
from app.learning_sessions.models import LearningSession
from app.learning_sessions.operations import add_offering, create_learning_session, create_venue
from app.learning_sessions.sittings import NewOffering, Part
from app.organisations.operations import find_or_create
from app.toolkits.models import ResourceKind, Toolkit
from app.toolkits.operations import (
    NewResource,
    add_entry,
    add_section,
    create_resource,
    create_toolkit,
    link_journey,
)
from seeds import financing_and_payment, people, taking_part
from seeds.story import THU, TUE, WED, Planned, Story, paragraphs

SLUG = "mixed-health-systems"
TITLE = "Mutual Learning for Mixed Health Systems"
LONDON, NAIROBI = "Europe/London", "Africa/Nairobi"
JOIN = "https://meet.example.org/mixed-health-systems"
NOTE = (
    "The platform, its partners, its approach and its publications are real. The two later rounds, their "
    "sessions, dates and participants are demonstration data: the dates are counted from the day they "
    "were loaded."
)

PARTNERS = (
    ("Public Health Foundation of India", "IN", "Asia/Kolkata"),
    ("Amref Health Africa", "KE", NAIROBI),
    (
        "Centre for Research on Transformations, School of Economics and Business, "
        "National University of San Martín",
        "AR",
        "America/Argentina/Buenos_Aires",
    ),
    ("Innovision Consulting", "BD", "Asia/Dhaka"),
    ("Centre for Sustainable Health Innovations", "SG", "Asia/Singapore"),
    ("Udugu Institute", "ZW", "Africa/Harare"),
    ("Institute of Development Studies", "GB", LONDON),
)

TRUST, REFLECTION, OUTSIDE, NEXT_REFLECTION = (
    "trust-in-digital-services",
    "reflection-on-the-second-round",
    "care-outside-hospitals",
    "reflection-on-the-third-round",
)

PLANNED = (
    Planned(SLUG, TRUST, 1, -1, THU, time(12), LONDON, 90),
    Planned(SLUG, REFLECTION, 1, 2, TUE, time(9), LONDON, 90),
    Planned(SLUG, OUTSIDE, 1, 5, WED, time(14), NAIROBI, 180),
)

AGENDA = (
    Part(15, "Who is in the room, and who is not"),
    Part(45, "In mixed groups", "Each group has people from at least three sides."),
    Part(30, "What the next round starts from"),
)

REPORT = "Towards Digital Transformation for Universal Health Coverage"
OPINION = "Mutual learning: development fad or foundation?"


def load(now: datetime) -> None:
    """The platform, open, with its partners, rounds, sessions, people and publications."""
    journey = create_journey(_journey(), now)
    _describe(journey, now)
    _add_partners(journey, now)
    _add_publications(journey, now)
    sessions = _add_sessions(journey, _add_rounds(journey, now), now)
    _add_sittings(sessions, now)
    _share_shelf(journey, now)
    publish(journey, now)
    open_journey(journey, now)
    taking_part.in_mixed_health_systems(journey, sessions, now)


def _journey() -> NewJourney:
    return NewJourney(
        kind=JourneyKind.PLATFORM,
        slug=SLUG,
        title=TITLE,
        short_title="Mixed Health Systems",
        timezone=LONDON,
        period="No end date",
        summary="Seven organisations in seven countries learn from each other about health systems in "
        "which public and private care stand side by side. What one round teaches, the next one starts "
        "from.",
        purpose=paragraphs(
            "In many countries people go to public clinics, private ones, drug shops and, more and more, "
            "to a telephone. The platform is a standing partnership to learn about such mixed systems "
            "across borders.",
            "Over 300 senior government officials, leaders of private companies, technology innovators "
            "and analysts of health systems in Asia, Africa and Latin America were consulted; a report "
            "came out of it.",
        ),
        audience="For everybody with a stake in a mixed health system, whichever side they stand on.",
        approach=paragraphs(
            "**Inclusion.** All stakeholders take part. That they differ in knowledge and perspective, "
            "in economic interest and in relative power is recognised and not smoothed over.",
            "**Iteration.** Learning is reflexive and does not stop: what a round shows is used to adapt "
            "and improve the next.",
        ),
        outcomes_lead="Those who take part:",
        sessions_note="Consultations, and after every round a reflection that feeds the next. The "
        "sessions shown are invented and have demonstration dates.",
        demonstration_note=NOTE,
    )


def _describe(journey: Journey, now: datetime) -> None:
    for outcome in (
        "learn from stakeholders whom they seldom meet",
        "adapt and improve what they do, round after round",
    ):
        add_outcome(journey, outcome, now)
    set_topics(journey, ("Mixed health systems", "Digital health", "Universal health coverage (UHC)"), now)
    set_audiences(journey, ("Government", "Private sector", "Technology", "Research and analysis"))
    organiser = people.account("ada")
    if organiser is not None:
        assign_organiser(journey, organiser, OrganiserRole.OWNER, now)


def _add_partners(journey: Journey, now: datetime) -> None:
    for name, country, zone in PARTNERS:
        short = "IDS" if name == "Institute of Development Studies" else ""
        organisation = find_or_create(name, country=country, short_name=short)
        add_partner(journey, organisation, PartnerRole.MEMBER, now)
        expect_zone(journey, zone, now)


def _add_rounds(journey: Journey, now: datetime) -> list[Theme]:
    rounds = (
        (
            "Consultations on digital transformation",
            "Over 300 people in Asia, Africa and Latin America; they led to the report of 1 June 2023.",
        ),
        ("Second round: trust in digital services", "An invented round, for the demonstration."),
        ("Third round: care outside hospitals", "An invented round, for the demonstration."),
    )
    return [add_theme(journey, title, now, summary=summary, kind="round") for title, summary in rounds]


def _add_sessions(journey: Journey, rounds: list[Theme], now: datetime) -> dict[str, LearningSession]:
    _, second, third = rounds
    texts = (
        (TRUST, "Consultation: who trusts a clinic in a telephone?", second, "Officials, companies and "
         "patients’ groups on the same question, in rooms that are mixed on purpose."),
        (REFLECTION, "Reflection on the second round", second, "Whom did we hear, whom did we not, and "
         "what does the next round do about it? A small group, so that everybody speaks."),
        (OUTSIDE, "Consultation: paying for care outside hospitals", third, "Half a day in Nairobi, and "
         "online for those who are elsewhere."),
        (NEXT_REFLECTION, "Reflection on the third round", third, "Follows the consultation; no date yet."),
    )  # fmt: skip
    return {
        slug: create_learning_session(
            journey,
            title,
            now,
            slug=slug,
            summary=summary,
            content="Invented for the demonstration.",
            themes=(theme,),
        )
        for slug, title, theme, summary in texts
    }


def _add_sittings(sessions: Mapping[str, LearningSession], now: datetime) -> None:
    venue = create_venue(
        "Meeting house (demonstration venue)", NAIROBI, address="2 Example Lane", city="Nairobi", country="KE"
    )
    lead = people.facilitators().get("wanjiru-kamau")
    team = ((lead, "Lead"),) if lead is not None else ()
    small = {"capacity_online": 12}
    both = {"attendance": Attendance.BOTH, "venue": venue, "capacity_in_person": 25, "capacity_online": 80}
    more: dict[str, dict[str, Any]] = {TRUST: {}, REFLECTION: small, OUTSIDE: both}
    for planned in PLANNED:
        slug = planned.learning_session
        facts = {"attendance": Attendance.ONLINE, "join_url": JOIN, "agenda": AGENDA} | more[slug]
        new = NewOffering(when=planned.promise(now), facilitators=team, **facts)
        add_offering(sessions[slug], new, now)


def _add_publications(journey: Journey, now: datetime) -> None:
    toolkit = create_toolkit(
        "Mutual learning: report and opinion",
        now,
        slug=SLUG,
        summary="What the partnership has written about mutual learning and digital transformation.",
    )
    link_journey(toolkit, journey, now)
    section = add_section(toolkit, "From the partnership", now)
    for title, kind, resource_kind, when, people_named, why in (
        (REPORT, "report", ResourceKind.REPORT, When(2023, 6, 1), ("Gerald Bloom", "6 others"),
         "What the consultations led to."),
        (OPINION, "opinion", ResourceKind.ARTICLE, When(2021, 3, 19), ("Alex Shankland", "3 others"),
         "Why to learn from one another at all."),
    ):  # fmt: skip
        credits = [Named(name) for name in people_named]
        add_publication(journey, NewPublication(title=title, kind=kind), now, when=when, credits=credits)
        resource = create_resource(
            NewResource(title=title, kind=resource_kind), now, when=when, credits=credits
        )
        add_entry(section, resource, now, why=why)


def _share_shelf(journey: Journey, now: datetime) -> None:
    """The other open journey's demonstration toolkit serves here too, if it is there."""
    shelf = db.scalar(select(Toolkit).where(Toolkit.slug == financing_and_payment.SHELF))
    if shelf is not None:
        link_journey(shelf, journey, now)


STORY = Story("mixed-health-systems", TITLE, SLUG, load, PLANNED)

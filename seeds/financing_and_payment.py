"""The open exchange of the network: its purpose is real, its sessions are demonstration data.

The sessions show what a journey may need: one that is over, twin sittings for two halves of the world, one
that is nearly full, two at the same time in one building (one of them with a waiting list), one that can be
attended both ways.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from app.domain.attendance import Attendance
from app.domain.permissions import OrganiserRole
from app.facilitators.models import Facilitator
from app.journeys.audiences import set_audiences
from app.journeys.composing import add_outcome, add_partner, add_theme, link_theme, set_topics
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
from app.toolkits.models import ResourceKind, Visibility
from app.toolkits.operations import (
    NewResource,
    add_entry,
    add_section,
    create_resource,
    create_toolkit,
    link_journey,
)
from seeds import groups, people, taking_part
from seeds.story import THU, TUE, WED, Planned, paragraphs

SLUG = "financing-and-payment"
LONDON, ACCRA = "Europe/London", "Africa/Accra"
NOTE = (
    "The exchange, its funder and its purpose are real. The sessions, their dates, the people and the "
    "toolkit are demonstration data: the dates are counted from the day they were loaded, and nobody can "
    "be written to."
)
INVENTED = "Invented for the demonstration."
JOIN = "https://meet.example.org/financing-and-payment"

SHELF = "paying-for-primary-care"

FIRST, MONEY, CAPITATION = "who-pays-for-primary-care", "following-the-money", "capitation"
TEAMS, PACKAGE = "paying-teams", "what-belongs-in-the-package"
BLENDED, WRITING = "blended-payment", "writing-down-what-we-learned"

PLANNED = (
    Planned(SLUG, FIRST, 1, -1, WED, time(13), LONDON, 90),
    Planned(SLUG, MONEY, 1, 1, TUE, time(8), LONDON, 90),
    Planned(SLUG, MONEY, 2, 1, TUE, time(15), LONDON, 90),
    Planned(SLUG, CAPITATION, 1, 3, THU, time(13), LONDON, 90),
    Planned(SLUG, TEAMS, 1, 6, TUE, time(9, 30), ACCRA, 150),
    Planned(SLUG, PACKAGE, 1, 6, TUE, time(9, 30), ACCRA, 150),
    Planned(SLUG, BLENDED, 1, 6, TUE, time(14), ACCRA, 120),
    Planned(SLUG, WRITING, 1, 10, THU, time(13), LONDON, 90),
)


def load(network: Journey, initiatives: Sequence[Theme], now: datetime) -> None:
    """The exchange, open, with its sessions, people, places and toolkit."""
    exchange = create_journey(_exchange(network), now)
    for initiative in initiatives:
        link_theme(initiative, exchange, now)
    _describe(exchange, now)
    sessions = _add_sessions(exchange, now)
    _add_sittings(sessions, now)
    _add_toolkit(exchange, sessions, now)
    publish(exchange, now)
    open_journey(exchange, now)
    taking_part.in_financing_and_payment(exchange, sessions, now)
    groups.in_financing_and_payment(network, sessions, now)


def _exchange(network: Journey) -> NewJourney:
    return NewJourney(
        kind=JourneyKind.LEARNING_EXCHANGE,
        slug=SLUG,
        title="Financing and Payment Models for Primary Health Care",
        short_title="Financing and Payment Models",
        parent=network,
        timezone=LONDON,
        summary="How primary care gets its money, and how those who give the care are paid: members of two "
        "initiatives compare notes, online and in person, and write down what they find.",
        purpose=paragraphs(
            "Money decides what primary care can do, and the way it is paid out decides what it will do. "
            "Members of the initiatives on primary health care (PHC) and on provider payment mechanisms "
            "look at both together.",
            "GIZ funds the exchange. What is learned is brought together in one knowledge product.",
        ),
        audience="For members of the two initiatives. In this demonstration everybody may enrol.",
        approach="The members meet virtually and in person.",
        outcomes_lead="Together the participants:",
        sessions_note="The sessions are invented and have demonstration dates.",
        demonstration_note=NOTE,
    )


def _describe(exchange: Journey, now: datetime) -> None:
    for outcome in (
        "compare how primary health care is financed and how its providers are paid",
        "bring the lessons together in a knowledge product",
    ):
        add_outcome(exchange, outcome, now)
    set_topics(exchange, ("Primary health care", "Provider payment", "Health financing"), now)
    set_audiences(exchange, ("Members of Country Core Groups", "Health advisers"))
    note = "funds the exchange"
    add_partner(exchange, find_or_create("GIZ"), PartnerRole.FUNDER, now, note=note)
    for zone in (ACCRA, "Africa/Nairobi", "America/Bogota", "Asia/Dhaka", "Asia/Manila", LONDON):
        expect_zone(exchange, zone, now)
    organiser = people.account("ada")
    if organiser is not None:
        assign_organiser(exchange, organiser, OrganiserRole.OWNER, now)


def _add_sessions(exchange: Journey, now: datetime) -> dict[str, LearningSession]:
    care = add_theme(exchange, "Primary health care", now, summary="What care is bought.")
    payment = add_theme(exchange, "Provider payment", now, summary="How those who give it are paid.")
    texts = (
        (FIRST, "Who pays for primary care?", (care, payment), "Taxes, contributions and pockets: each "
         "of us draws the sources of one country’s primary care on half a page."),
        (MONEY, "Following the money to the clinic", (care,), "From the budget line to the drawer in the "
         "dispensary: where it arrives late, and where it does not arrive. Held twice; come to the "
         "sitting that suits your day."),
        (CAPITATION, "What capitation pays for, and what it leaves out", (payment,), "One sum per person "
         "and year is quickly explained. Three cases show what went into the sum, what had to come out "
         "again, and how anybody noticed."),
        (TEAMS, "Paying teams instead of visits", (payment,), "What happens in a clinic when the nurse, "
         "the midwife and the clerk share in one payment."),
        (PACKAGE, "What belongs in the package", (care,), "A table exercise: forty services, money for "
         "twenty-five. Which do you keep, and who was asked?"),
        (BLENDED, "Blended payment in practice", (care, payment), "A fixed sum, a fee and a reward for "
         "quality, mixed in one contract. In the room in Accra, or online."),
        (WRITING, "Writing down what we learned", (care, payment), "The last session puts the chapters "
         "of the knowledge product together. Bring one page from your country."),
    )  # fmt: skip
    return {
        slug: create_learning_session(
            exchange, title, now, slug=slug, summary=summary, content=INVENTED, themes=themes
        )
        for slug, title, themes, summary in texts
    }


def _add_sittings(sessions: Mapping[str, LearningSession], now: datetime) -> None:
    who = people.facilitators()
    venue = create_venue(
        "Training centre (demonstration venue)", ACCRA, address="1 Example Road", city="Accra", country="GH"
    )
    online = {"attendance": Attendance.ONLINE, "join_url": JOIN}
    in_person = {"attendance": Attendance.IN_PERSON, "venue": venue, "capacity_in_person": 12}
    both = {"attendance": Attendance.BOTH, "venue": venue, "join_url": JOIN}
    more: dict[tuple[str, int], dict[str, Any]] = {
        (FIRST, 1): online | {"capacity_online": 40, "agenda": _agenda(who, "wanjiru-kamau")},
        (MONEY, 1): online | {"capacity_online": 30, "agenda": _agenda(who, "farid-rahman")},
        (MONEY, 2): online | {"capacity_online": 30, "agenda": _agenda(who, "ana-lucia-prada")},
        (CAPITATION, 1): online | {"capacity_online": 24, "agenda": _capitation(who)},
        (TEAMS, 1): in_person | {"agenda": _workshop(who, "kofi-asante")},
        (PACKAGE, 1): in_person | {"capacity_in_person": 16, "agenda": _workshop(who, "wanjiru-kamau")},
        (BLENDED, 1): both | {"capacity_online": 60, "capacity_in_person": 20},
        (WRITING, 1): online | {"agenda": _agenda(who, "wanjiru-kamau")},
    }
    leads = {TEAMS: "kofi-asante", (MONEY, 1): "farid-rahman", (MONEY, 2): "ana-lucia-prada"}
    for planned in PLANNED:
        slug, number = planned.learning_session, planned.number
        lead = leads.get((slug, number)) or leads.get(slug) or "wanjiru-kamau"
        roles = [(lead, "Lead")]
        if slug == CAPITATION:
            roles += [(one, "Country case") for one in ("ana-lucia-prada", "farid-rahman", "kofi-asante")]
        team = tuple((who[one], role) for one, role in roles if one in who)
        new = NewOffering(when=planned.promise(now), facilitators=team, **more[slug, number])
        add_offering(sessions[slug], new, now)


def _named(who: Mapping[str, Facilitator], *slugs: str) -> tuple[Named, ...]:
    return tuple(Named(who[slug].name, facilitator=who[slug]) for slug in slugs if slug in who)


def _agenda(who: Mapping[str, Facilitator], lead: str) -> tuple[Part, ...]:
    return (
        Part(10, "Welcome, and what we bring from last time", people=_named(who, lead)),
        Part(35, "Two cases"),
        Part(30, "In fours: and at home?", "Everybody tells one case of their own."),
        Part(15, "What goes into the knowledge product", people=_named(who, lead)),
    )


def _capitation(who: Mapping[str, Facilitator]) -> tuple[Part, ...]:
    cases = _named(who, "ana-lucia-prada", "farid-rahman", "kofi-asante")
    return (
        Part(10, "Welcome, and what we heard last time", people=_named(who, "wanjiru-kamau")),
        Part(35, "Three cases: what the sum is made of", people=cases),
        Part(30, "In fours: one figure from your own system", "Bring it with you; a rough one will do."),
        Part(15, "What to write down", people=_named(who, "wanjiru-kamau")),
    )


def _workshop(who: Mapping[str, Facilitator], lead: str) -> tuple[Part, ...]:
    return (
        Part(20, "Arriving, and the question of the morning", people=_named(who, lead)),
        Part(50, "At the tables"),
        Part(20, "Tea"),
        Part(60, "The tables report; what they agree on"),
    )


def _add_toolkit(journey: Journey, sessions: Mapping[str, LearningSession], now: datetime) -> None:
    toolkit = create_toolkit(
        "Paying for primary care: a working shelf",
        now,
        slug=SHELF,
        summary="What the sessions of the exchange use, and what comes out of them.",
        demonstration_note="Everything on this shelf is invented for demonstration; its links lead nowhere.",
    )
    link_journey(toolkit, journey, now)
    section = add_section(toolkit, "To read first", now)
    for title, language, size in (
        ("Five questions about your capitation rate", "en", 180_000),
        ("Cinq questions sur votre taux de capitation", "fr", 186_000),
    ):
        briefing = NewResource(
            title=title, kind=ResourceKind.BRIEFING, url="https://library.example.org/five-questions",
            file_format="PDF", size_bytes=size, language=language, demonstration_note=INVENTED,
        )  # fmt: skip
        why = "Two pages; the third question is the one we begin with."
        add_entry(
            section, create_resource(briefing, now), now, why=why, learning_session=sessions[CAPITATION]
        )
    section = add_section(toolkit, "From the sessions", now, summary="For those who are enrolled.")
    notes = NewResource(
        title="Notes from the first session: who pays for primary care?", kind=ResourceKind.REPORT,
        url="https://library.example.org/notes-1", file_format="PDF", size_bytes=92_000,
        demonstration_note=INVENTED,
    )  # fmt: skip
    add_entry(
        section, create_resource(notes, now), now, why="Half a page for every country that was in the room.",
        visibility=Visibility.ENROLLED, learning_session=sessions[FIRST],
    )  # fmt: skip

"""A network as it stood in early 2016: member countries, initiatives, and the exchanges within it."""

from datetime import datetime

from app.journeys.audiences import set_audiences
from app.journeys.composing import (
    Member,
    NewPublication,
    When,
    add_activity,
    add_country_group,
    add_outcome,
    add_partner,
    add_publication,
    add_theme,
    link_theme,
    set_topics,
)
from app.journeys.matter import ActivityKind, PartnerRole
from app.journeys.models import Journey, JourneyKind, Theme
from app.journeys.operations import NewJourney, close, create_journey, publish
from app.organisations.operations import find_or_create
from seeds import costing_lab, financing_and_payment
from seeds.story import Story, paragraphs

SLUG = "joint-learning-network"
GOVERNANCE_SLUG = "governance-of-health-care-quality"
TITLE = "Joint Learning Network for Universal Health Coverage"
PHC = "Strengthening primary health care (PHC)"
QUALITY = "Improving quality of care"
PAYMENT = "Provider payment systems"

THEMES = (
    (PHC, "technical initiative"),
    (QUALITY, "technical initiative"),
    ("Information technology", "technical initiative"),
    (PAYMENT, "technical initiative"),
    ("Benefits design", "emerging topic"),
    ("Financial sustainability", "emerging topic"),
    ("Medical audits", "emerging topic"),
)


def load(now: datetime) -> None:
    """The network, the exchange on governance of quality, the open exchange on financing and payment, and an
    invented lab beside it.
    """
    network = _add_network(now)
    themes = {title: add_theme(network, title, now, kind=kind) for title, kind in THEMES}
    publish(network, now)
    _add_governance_exchange(network, themes[QUALITY], now)
    financing_and_payment.load(network, (themes[PHC], themes[PAYMENT]), now)
    costing_lab.load(now)
    close(
        network,
        "This page keeps the outlook of early 2016. One joins the network’s exchanges, not the network "
        "itself: see below which of them is open.",
        None,
        now,
    )


def _add_network(now: datetime) -> Journey:
    network = create_journey(_network(), now)
    set_topics(
        network,
        (
            "Universal health coverage (UHC)",
            "Primary health care",
            "Improving quality of care",
            "Provider payment",
            "Information technology",
        ),
        now,
    )
    set_audiences(network, ("Members of Country Core Groups",))
    _add_partners(network, now)
    _add_core_group(network, now)
    _add_publications(network, now)
    return network


def _add_core_group(network: Journey, now: datetime) -> None:
    add_country_group(
        network,
        "GH",
        "Country Core Group of Ghana",
        now,
        summary="Its members come from different institutions, as in every member country.",
        members=(
            Member(
                "Martha Gyansa-Lutterodt",
                post="Director of Pharmaceutical Services",
                institution="Ministry of Health",
                note="speaks of the group’s meetings",
            ),
        ),
    )


def _add_publications(network: Journey, now: datetime) -> None:
    add_publication(
        network,
        NewPublication(title="JLN@5", kind="report", summary="Celebrates the five years of the network."),
        now,
    )
    add_publication(
        network,
        NewPublication(
            title="The network at its fifth anniversary",
            kind="post",
            summary="Counts 24 member countries and looks ahead to 2016. The title is ours.",
        ),
        now,
        when=When(2016, 2, 8),
    )


def _network() -> NewJourney:
    return NewJourney(
        kind=JourneyKind.NETWORK,
        slug=SLUG,
        title=TITLE,
        short_title="Joint Learning Network",
        timezone="UTC",
        period="2016 outlook",
        summary="Twenty-four member countries, five years after the start: they say what they need to "
        "learn, and learn it from one another.",
        purpose=paragraphs(
            "The network helps its members towards target 3.8 of the Sustainable Development Goals "
            "(SDG): universal health coverage. It does so through learning exchanges, called "
            "collaboratives, which begin with what member countries ask for.",
            "On its fifth anniversary, 8 February 2016, it had **24 member countries**.",
        ),
        audience="For the member countries and their Country Core Groups.",
        approach=paragraphs(
            "Since 2013 each member country has one **Country Core Group**. Its members come from different "
            "institutions: government departments, donors, technical experts, and organisations that work on "
            "universal health coverage. Who they are differs from country to country.",
            "Three things carry the work:",
            "- governance led by the countries\n"
            "- communications and knowledge management\n"
            "- monitoring and evaluation",
        ),
    )


def _add_partners(network: Journey, now: datetime) -> None:
    notes = (
        (
            find_or_create("World Bank"),
            "partner in 2015: supports the network’s infrastructure and shaped its strategy together with it",
        ),
        (
            find_or_create("Primary Health Care Performance Initiative", short_name="PHCPI"),
            "partner in 2015: created by the Bill & Melinda Gates Foundation, the World Bank Group and "
            "WHO; with it runs the collaborative Primary Care Measurement for Improvement",
        ),
        (
            find_or_create("GIZ"),
            "partner in 2015: a learning exchange on financing and provider payment for primary health care",
        ),
    )
    roles = (PartnerRole.DEVELOPER, PartnerRole.DEVELOPER, PartnerRole.FUNDER)
    for (organisation, note), role in zip(notes, roles, strict=True):
        add_partner(network, organisation, role, now, note=note)


def _add_governance_exchange(network: Journey, quality: Theme, now: datetime) -> None:
    exchange = create_journey(_governance_exchange(network), now)
    link_theme(quality, exchange, now)
    for outcome in (
        "a framework that all of them have worked on",
        "a final product for others to use",
    ):
        add_outcome(exchange, outcome, now)
    set_topics(exchange, ("Improving quality of care", "Governance", "Universal health coverage (UHC)"), now)
    set_audiences(exchange, ("Members of Country Core Groups",))
    for name in ("HFG", "ASSIST"):
        organisation = find_or_create(f"USAID {name} project", short_name=name)
        add_partner(
            exchange, organisation, PartnerRole.HOST, now, note="facilitates together with the others"
        )
    for name, short in (
        ("World Health Organization", "WHO"),
        ("Institute for Healthcare Improvement", "IHI"),
    ):
        organisation = find_or_create(name, short_name=short)
        add_partner(
            exchange, organisation, PartnerRole.HOST, now, note="facilitates together with the others"
        )
    add_activity(
        exchange,
        ActivityKind.DISCUSSION,
        "Workshop on accreditation as an engine for improvement",
        now,
        when=When(2012, 4),
        summary="The workshop from which this exchange follows.",
    )
    publish(exchange, now)
    close(exchange, "The exchange belongs to 2016. What is known of it stays here to read.", None, now)


def _governance_exchange(network: Journey) -> NewJourney:
    return NewJourney(
        kind=JourneyKind.LEARNING_EXCHANGE,
        slug=GOVERNANCE_SLUG,
        title="Institutional Roles and Relationships in the Governance of Health Care Quality",
        short_title="Governance of Health Care Quality",
        parent=network,
        timezone="UTC",
        period="2016",
        summary="Which institution does what for the quality of care, and how they get on with each other.",
        purpose="Several institutions answer for the quality of care in every country. The exchange "
        "looks at their roles and at the relationships between them.",
        approach="A series of events, some virtual and some in person. The facilitators are USAID’s HFG "
        "and ASSIST projects together with WHO and IHI.",
        outcomes_lead="The participants develop together:",
    )


STORY = Story("jln", TITLE, SLUG, load, financing_and_payment.PLANNED + costing_lab.PLANNED)

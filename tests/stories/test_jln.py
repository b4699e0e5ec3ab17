"""The network, its exchanges, and the open one with its coming sessions."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.database import db
from app.domain.attendance import Attendance, Way
from app.domain.seats import PlaceStatus
from app.enrolments.models import Enrolment, Place
from app.enrolments.reserved import ReservedBlock
from app.journeys.models import JourneyKind, JourneyStatus, ThemeJourney
from app.toolkits.models import Visibility
from tests.factories import NOW
from tests.stories.reading import journey, partners_of, sessions_of, toolkit, words_of


@pytest.fixture
def network(everything):
    return journey("joint-learning-network")


@pytest.fixture
def exchange(network):
    return journey("financing-and-payment")


def test_the_network_of_2016(network):
    assert (network.kind, network.status, network.period) == (
        JourneyKind.NETWORK,
        JourneyStatus.CLOSED,
        "2016 outlook",
    )
    for fact in (
        "24 member countries",
        "8 February 2016",
        "target 3.8",
        "Since 2013",
        "government departments, donors, technical experts, and organisations that work on universal health",
        "differs from country to country",
        "governance led by the countries",
        "communications and knowledge management",
        "monitoring and evaluation",
    ):
        assert fact in words_of(network)
    assert sessions_of(network) == []
    assert network.demonstration_note == ""


def test_initiatives_and_emerging_topics(network):
    assert [(theme.title, theme.kind) for theme in network.themes] == [
        ("Strengthening primary health care (PHC)", "technical initiative"),
        ("Improving quality of care", "technical initiative"),
        ("Information technology", "technical initiative"),
        ("Provider payment systems", "technical initiative"),
        ("Benefits design", "emerging topic"),
        ("Financial sustainability", "emerging topic"),
        ("Medical audits", "emerging topic"),
    ]


def test_partners_of_2015(network):
    world_bank, initiative, giz = partners_of(network)

    assert world_bank[0] == "World Bank"
    assert "infrastructure" in world_bank[2]
    assert "strategy" in world_bank[2]
    assert initiative[0] == "Primary Health Care Performance Initiative"
    for creator in ("Bill & Melinda Gates Foundation", "World Bank Group", "WHO"):
        assert creator in initiative[2]
    assert "Primary Care Measurement for Improvement" in initiative[2]
    assert giz[:2] == ("GIZ", "funder")


def test_the_core_group_of_ghana(network):
    (ghana,) = network.country_groups
    (member,) = ghana.members

    assert ghana.country == "GH"
    assert (member.name, member.post, member.institution) == (
        "Martha Gyansa-Lutterodt",
        "Director of Pharmaceutical Services",
        "Ministry of Health",
    )
    assert member.note == "speaks of the group’s meetings"


def test_anniversary_and_report(network):
    assert [(one.title, one.year, one.month, one.day) for one in network.publications] == [
        ("JLN@5", None, None, None),
        ("The network at its fifth anniversary", 2016, 2, 8),
    ]


def test_the_exchange_on_governance(network):
    governance = journey("governance-of-health-care-quality")

    assert (
        governance.title == "Institutional Roles and Relationships in the Governance of Health Care Quality"
    )
    assert (governance.parent, governance.status, governance.period) == (
        network,
        JourneyStatus.CLOSED,
        "2016",
    )
    assert [name for name, role, _ in partners_of(governance) if role == "host"] == [
        "USAID HFG project",
        "USAID ASSIST project",
        "World Health Organization",
        "Institute for Healthcare Improvement",
    ]
    (workshop,) = governance.activities
    assert (workshop.title, workshop.year, workshop.month, workshop.day) == (
        "Workshop on accreditation as an engine for improvement",
        2012,
        4,
        None,
    )
    assert "some virtual and some in person" in governance.approach
    assert [outcome.text.split()[1] for outcome in governance.outcomes] == ["framework", "final"]


def test_the_exchange_on_financing_is_open_and_says_what_is_invented(network, exchange):
    assert exchange.title == "Financing and Payment Models for Primary Health Care"
    assert (exchange.parent, exchange.status) == (network, JourneyStatus.OPEN)
    assert "demonstration" in exchange.demonstration_note
    assert partners_of(exchange) == [("GIZ", "funder", "funds the exchange")]
    assert "knowledge product" in exchange.purpose
    assert "virtually and in person" in exchange.approach
    worked_on = select(ThemeJourney.theme_id).where(ThemeJourney.journey_id == exchange.id)
    assert set(db.scalars(worked_on)) == {network.themes[0].id, network.themes[3].id}


def test_its_sessions_are_near_the_day_of_loading_in_every_way_of_attending(exchange):
    sessions = sessions_of(exchange)
    offerings = [one for learning_session in sessions for one in learning_session.offerings]
    coming = [one for one in offerings if one.starts_at > NOW]

    assert len(coming) == 7
    assert max(one.starts_at for one in coming) < NOW + timedelta(weeks=12)
    assert exchange.next_at == min(one.starts_at for one in coming)
    assert {one.attendance for one in offerings} == set(Attendance)
    assert [len(learning_session.offerings) for learning_session in sessions] == [1, 2, 1, 1, 1, 1, 1]
    assert all(sum(item.length_minutes for item in one.agenda) <= one.length_minutes for one in offerings)


def test_two_themes_run_side_by_side_in_accra(exchange):
    teams, package = (
        one for one in sessions_of(exchange) if one.slug.startswith(("paying-teams", "what-belongs"))
    )

    assert teams.offerings[0].starts_at == package.offerings[0].starts_at
    assert teams.offerings[0].venue is package.offerings[0].venue
    assert ([theme.title for theme in teams.themes], [theme.title for theme in package.themes]) == (
        ["Provider payment"],
        ["Primary health care"],
    )


def test_places_show_room_a_full_room_and_a_line(exchange):
    by_slug = {one.slug: one.offerings[0] for one in sessions_of(exchange)}
    capitation, teams = by_slug["capitation"], by_slug["paying-teams"]
    db.refresh(capitation)
    db.refresh(teams)

    assert (capitation.confirmed_online, capitation.capacity_online) == (22, 24)
    assert (teams.confirmed_in_person, teams.capacity_in_person) == (12, 12)
    waiting = select(func.count()).where(Place.offering_id == teams.id, Place.status == PlaceStatus.WAITING)
    assert db.scalar(waiting) == 3
    assert {
        place.way
        for place in db.scalars(select(Place).where(Place.offering_id == by_slug["blended-payment"].id))
    } == {
        Way.ONLINE,
        Way.IN_PERSON,
    }


def test_people_of_many_countries_are_enrolled(exchange):
    countries = db.scalars(select(Enrolment.country).where(Enrolment.journey_id == exchange.id)).all()

    assert len(countries) == 35
    assert len(set(countries)) >= 14


def test_four_places_are_kept_for_a_country_group_and_two_have_a_name(exchange):
    block = db.scalars(select(ReservedBlock)).one()

    assert block.name == "Country Core Group of Ghana (demonstration)"
    assert (block.places, block.named, block.way) == (4, 2, Way.IN_PERSON)
    assert block.focal is not None
    assert block.focal.name == "Efua Mensah"
    assert block.offering.starts_at is not None
    assert block.offering.starts_at - block.release_at == timedelta(days=7)
    assert block.offering.held_in_person == 2


def test_its_toolkit_is_marked_and_keeps_notes_for_the_enrolled(exchange):
    shelf = toolkit("paying-for-primary-care")
    entries = [entry for section in shelf.sections for entry in section.entries]

    assert "invented" in shelf.demonstration_note
    assert all("Invented" in entry.resource.demonstration_note for entry in entries)
    assert [(entry.resource.language, entry.visibility) for entry in entries] == [
        ("en", Visibility.PUBLIC),
        ("fr", Visibility.PUBLIC),
        ("en", Visibility.ENROLLED),
    ]
